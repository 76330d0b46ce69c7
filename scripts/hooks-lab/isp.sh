# shellcheck shell=sh
# Sourced after lab.sh: an access provider in a network namespace of its own, with a line to wan0 and one to lan0, and
# a DHCP server that gives 1.2.4.60 to lan0 and what it is told to wan0.
: "${lab:?only in a sandbox, after lab.sh}"
ip netns add isp
ip -n isp link set lo up
ip link add wan0 address 02:00:00:00:00:01 type veth peer name isp0 netns isp
ip link add lan0 address 02:00:00:00:00:02 type veth peer name isp1 netns isp
ip -n isp addr add 1.2.3.1/24 dev isp0
ip -n isp addr add 1.2.4.1/24 dev isp1
ip -n isp link set isp0 up
ip -n isp link set isp1 up
server=

# lease ADDRESS: what wan0 gets from now on. A renewal of another one is refused.
lease() {
  printf '02:00:00:00:00:01,%s\n02:00:00:00:00:02,1.2.4.60\n' "$1" >/tmp/lab/hosts
  [ -n "$server" ] || return 0
  reads=$(times_read)
  kill -HUP "$server"
  within 10 read_again
}
times_read() { grep -c 'read /tmp/lab/hosts' /tmp/lab/dhcp-server; }
read_again() { [ "$(times_read)" -gt "$reads" ]; }

# dhcp_server ADDRESS: starts it; clients renew every two seconds.
dhcp_server() {
  lease "$1"
  ip netns exec isp dnsmasq -k -C /dev/null --port=0 --interface=isp0 --interface=isp1 --bind-interfaces \
    --dhcp-authoritative --dhcp-range=1.2.3.0,static,120 --dhcp-range=1.2.4.0,static,120 --no-ping \
    --dhcp-hostsfile=/tmp/lab/hosts --dhcp-leasefile=/tmp/lab/leases --user=root --pid-file= \
    --dhcp-option=option:T1,2s --dhcp-option=option:T2,6s --log-dhcp --log-facility=/tmp/lab/dhcp-server &
  server=$!
  reads=0
  within 10 read_again
}
