# shellcheck shell=sh
# needs: network-manager dnsmasq-base dbus-daemon
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/isp.sh
. "$lab/isp.sh"
# shellcheck source=scripts/hooks-lab/dbus.sh
. "$lab/dbus.sh"
dhcp_server 1.2.3.50
cat >/etc/NetworkManager/NetworkManager.conf <<'END'
[main]
plugins=keyfile
dhcp=internal
dns=none
no-auto-default=*
[device-lo]
match-device=interface-name:lo
managed=0
END
connections=/etc/NetworkManager/system-connections
mkdir -p "$connections"
for name in wan0 lan0; do
  printf '[connection]\nid=%s\ntype=ethernet\ninterface-name=%s\n[ipv4]\nmethod=auto\n[ipv6]\nmethod=ignore\n' \
    "$name" "$name" >"$connections/$name.nmconnection"
  chmod 600 "$connections/$name.nmconnection"
done
install_hooks --interface wan0
last=/etc/NetworkManager/dispatcher.d/zz-last
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$2 $1 ${IP4_ADDRESS_0-}" >>/tmp/lab/events\n' >"$last"
chmod 755 "$last"
again() { nmcli connection down wan0 && nmcli connection up wan0; }

# told_kernel INTERFACE ADDRESS: the first event of a connection is without its address, and its start may be the later.
told_kernel() { grep -Eq "^start .* notify .*$1( $2)? \| .*$1=$2/" "$calls"; }

agent_works 120
/usr/lib/NetworkManager/nm-dispatcher --persist >>/tmp/lab/daemon 2>&1 &
NetworkManager -n --log-level=INFO >>/tmp/lab/daemon 2>&1 &
it "tells the interface, when the kernel has the address" within 30 told_kernel wan0 1.2.3.50
later_meanwhile() { within 10 event "up wan0 1.2.3.50" && at_work; }
it "does not hold up later hooks while the agent works" later_meanwhile
agent_works 0
forget
not_told_of_lan0() { nmcli connection up lan0; within 20 event "up lan0 1.2.4.60" && settled && ! told_kernel lan0 1.2.4.60; }
it "ignores an interface that is not the WAN" not_told_of_lan0

forget
lease 1.2.3.77
within 20 has_address wan0 1.2.3.77
echo "# told of the new lease by NetworkManager itself: $(starts) times"
safety_net_is_called() {
  before=$(starts)
  safety_net && [ "$(starts)" -gt "$before" ] && tail -n 2 "$calls" | grep -q 'start .*wan0=1.2.3.77/'
}
it "has a safety net for a new lease, of which this version tells nobody" safety_net_is_called
agent_ends_with 1
lease 1.2.3.51
within 20 has_address wan0 1.2.3.51
forget
again >>/tmp/lab/daemon 2>&1
it "tells of a changed address when the connection is up again" within 20 told_kernel wan0 1.2.3.51
it "leaves the address alone when the agent fails" has_address wan0 1.2.3.51

it "leaves nothing behind when it is uninstalled" uninstalled
forget
works_on() { again && has_address wan0 1.2.3.51 && within 10 event "up wan0" && [ "$(starts)" = 0 ]; }
it "leaves a daemon that works on without it" works_on
