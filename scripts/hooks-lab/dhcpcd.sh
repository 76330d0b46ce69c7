# shellcheck shell=sh
# needs: dhcpcd-base dnsmasq-base radvd
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/isp.sh
. "$lab/isp.sh"
dhcp_server 1.2.3.50
install_hooks --interface wan0
# shellcheck disable=SC2016
echo 'echo "$reason $interface ${new_ip_address-}" >>/tmp/lab/events' >/etc/dhcpcd.exit-hook
printf 'noipv4ll\nnoarp\nnodev\n' >>/etc/dhcpcd.conf

agent_works 120
bound_at_once() { dhcpcd -t 60 wan0 >>/tmp/lab/daemon 2>&1 && within 10 at_work; }
it "does not hold up the daemon while the agent works" bound_at_once
it "tells the interface and the address" within 10 told wan0 1.2.3.50
it "lets later hooks run" within 10 event "BOUND wan0 1.2.3.50"
lease 1.2.3.77
it "tells of a changed address while the agent still works" within 20 told wan0 1.2.3.77
it "does not hold up the renewals meanwhile" events_more "RENEW wan0" 2

agent_works 0
agent_ends_with 1
forget
lease 1.2.3.51
it "tells of a changed address" within 20 told wan0 1.2.3.51
it "leaves the address alone when the agent fails" has_address wan0 1.2.3.51
forget
it "tries again with the next renewal what the agent could not do" within 20 told wan0 1.2.3.51

agent_ends_with 0
forget
within 20 told wan0 1.2.3.51 && settled
it "starts nothing for renewals that change nothing" quiet_through "RENEW wan0" 3
dhcpcd -t 60 lan0 >>/tmp/lab/daemon 2>&1
not_told_of_lan0() { within 20 event "BOUND lan0 1.2.4.60" && settled && ! told lan0 1.2.4.60; }
it "ignores an interface that is not the WAN" not_told_of_lan0

# router_advertises PREFIX: from now on, every three or four seconds.
router_advertises() {
  printf 'interface isp0 { AdvSendAdvert on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4; prefix %s/64 { }; };\n' "$1" \
    >/tmp/lab/radvd.conf
  chmod 644 /tmp/lab/radvd.conf
  # The next one waits for nobody who holds its lock.
  [ -z "${router-}" ] || { kill "$router" && wait "$router"; }
  ip netns exec isp radvd -n -C /tmp/lab/radvd.conf -u root -p /tmp/lab/radvd.pid >>/tmp/lab/daemon 2>&1 &
  router=$!
}
ip netns exec isp sysctl -qw net.ipv6.conf.all.forwarding=1
router_advertises 2001:db8:1::
told_of_prefix() { grep -q "^start .* notify .*wan0.* | .*wan0=$1:" "$calls"; }
it "tells when there is an IPv6 address" within 20 told_of_prefix 2001:db8:1
# The address is tentative at first, and remembered as such.
events_more "ROUTERADVERT wan0" 1 && events_more "RENEW wan0" 1 && settled
it "starts nothing for router advertisements that change nothing" quiet_through "ROUTERADVERT wan0" 3
router_advertises 2001:db8:2::
it "tells when the IPv6 prefix changes" within 20 told_of_prefix 2001:db8:2

it "leaves nothing behind when it is uninstalled" uninstalled
lease 1.2.3.79
it "leaves a daemon that works on without it" within 20 has_address wan0 1.2.3.79
