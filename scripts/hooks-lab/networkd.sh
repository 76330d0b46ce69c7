# shellcheck shell=sh
# needs: systemd networkd-dispatcher dnsmasq-base dbus-daemon
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/isp.sh
. "$lab/isp.sh"
# shellcheck source=scripts/hooks-lab/dbus.sh
. "$lab/dbus.sh"
dhcp_server 1.2.3.50
mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp /run/systemd/network
chown -R systemd-network:systemd-network /run/systemd/netif
printf '[Match]\nName=wan0 lan0\n[Network]\nDHCP=ipv4\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n[DHCPv4]\nClientIdentifier=mac\n' \
  >/run/systemd/network/10-lab.network
install_hooks --interface wan0
last=/etc/networkd-dispatcher/routable.d/zz-last
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "routable $IFACE $ADDR" >>/tmp/lab/events\n' >"$last"
chmod 755 "$last"

# told_of ADDRESS: an answer that comes too late is one that networkd asks for again only after a minute.
told_of() { within 25 told wan0 "$1" || { networkctl reconfigure wan0 && within 25 told wan0 "$1"; }; }

agent_works 120
SYSTEMD_LOG_TARGET=console /lib/systemd/systemd-networkd >>/tmp/lab/daemon 2>&1 &
within 10 networkctl list wan0
networkd-dispatcher --run-startup-triggers >>/tmp/lab/daemon 2>&1 &
it "tells the interface and the address" within 30 told wan0 1.2.3.50
later_meanwhile() { within 10 event "routable wan0 1.2.3.50" && at_work; }
it "does not hold up later hooks while the agent works" later_meanwhile
lease 1.2.3.77
it "tells of a changed address while the agent still works" told_of 1.2.3.77
not_told_of_lan0() { within 20 event "routable lan0 1.2.4.60" && ! told lan0 1.2.4.60; }
it "ignores an interface that is not the WAN" not_told_of_lan0

agent_works 0
agent_ends_with 1
forget
lease 1.2.3.51
it "tells of a changed address" told_of 1.2.3.51
it "leaves the address alone when the agent fails" has_address wan0 1.2.3.51
agent_ends_with 0
safety_net_is_called() {
  ip addr add 1.2.3.60/24 dev wan0
  before=$(starts)
  safety_net && [ "$(starts)" -gt "$before" ] && tail -n 2 "$calls" | grep -q 'start .*wan0=1.2.3.60/'
}
it "has a safety net for an address that changes while the interface stays routable" safety_net_is_called
ip addr del 1.2.3.60/24 dev wan0

it "leaves nothing behind when it is uninstalled" uninstalled
forget
lease 1.2.3.79
routable() { within 25 event "routable wan0 $1" || { networkctl reconfigure wan0 && within 25 event "routable wan0 $1"; }; }
works_on() { routable 1.2.3.79 && [ "$(starts)" = 0 ]; }
it "leaves a daemon that works on without it" works_on
