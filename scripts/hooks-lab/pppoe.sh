# shellcheck shell=sh
# needs: ppp pppoe user-mode-linux
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
ip netns add isp
ip -n isp link set lo up
ip link add wan0 type veth peer name isp0 netns isp
ip link set wan0 up
ip -n isp link set isp0 up
install_hooks --interface pppoe-wan

# The other end has no scripts to run.
mkdir /tmp/lab/isp-ppp
: >/tmp/lab/isp-ppp/options
echo 'noauth' >/tmp/lab/isp-options
ip netns exec isp sh -c 'mount --bind /tmp/lab/isp-ppp /etc/ppp &&
  exec pppoe-server -F -I isp0 -L 1.2.3.1 -R 1.2.3.10 -N 5 -O /tmp/lab/isp-options' >>/tmp/lab/daemon 2>&1 &
server=$!
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "up $1 $4" >>/tmp/lab/events\n' >/etc/ppp/ip-up.d/zzz-last
chmod 755 /etc/ppp/ip-up.d/zzz-last
# drop: the session ends; the next one has the next address.
drop() { for pid in $(ip netns pids isp); do [ "$pid" = "$server" ] || kill "$pid"; done; }

agent_works 120
pppd plugin rp-pppoe.so wan0 noauth nodetach persist holdoff 1 maxfail 0 defaultroute ipparam wan ifname pppoe-wan \
  >>/tmp/lab/daemon 2>&1 &
it "tells the interface and the address" within 45 told pppoe-wan 1.2.3.10
it "lets later hooks run" within 45 event "up pppoe-wan 1.2.3.10"
drop
told_meanwhile() { within 45 told pppoe-wan 1.2.3.11 && ! grep -q '^end' "$calls"; }
it "tells of the address of a new session while the agent still works" told_meanwhile

agent_works 0
agent_ends_with 1
forget
drop
it "tells of the address of a new session" within 45 told pppoe-wan 1.2.3.12
it "leaves the session alone when the agent fails" has_address pppoe-wan 1.2.3.12

it "leaves nothing behind when it is uninstalled" uninstalled
drop
it "leaves a daemon that works on without it" within 45 has_address pppoe-wan 1.2.3.13
