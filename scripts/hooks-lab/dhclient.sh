# shellcheck shell=sh
# needs: isc-dhcp-client dnsmasq-base
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/isp.sh
. "$lab/isp.sh"
dhcp_server 1.2.3.50
install_hooks --interface wan0
# shellcheck disable=SC2016
echo 'echo "$reason $interface ${new_ip_address-}" >>/tmp/lab/events' >/etc/dhcp/dhclient-exit-hooks.d/zzz-last
bind() { dhclient -pf "/run/dhclient.$1" -lf "/tmp/lab/dhclient.$1" "$1" >>/tmp/lab/daemon 2>&1; }
bound_at_once() { bind wan0 && within 5 at_work; }

agent_works 120
it "does not hold up the daemon while the agent works" bound_at_once
it "tells the interface and the address" within 5 told wan0 1.2.3.50
it "lets later hooks run" event "BOUND wan0 1.2.3.50"
lease 1.2.3.77
it "tells of a changed address while the agent still works" within 20 told wan0 1.2.3.77
it "does not hold up the renewals meanwhile" events_more RENEW 2

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
it "starts nothing for renewals that change nothing" quiet_through RENEW 3
bind lan0
not_told_of_lan0() { event "BOUND lan0 1.2.4.60" && settled && ! told lan0 1.2.4.60; }
it "ignores an interface that is not the WAN" not_told_of_lan0

use_real_agent
lease 1.2.3.78
it "gets the changed address published by the real agent" within 30 published 1.2.3.78

it "leaves nothing behind when it is uninstalled" uninstalled
lease 1.2.3.79
it "leaves a daemon that works on without it" within 20 has_address wan0 1.2.3.79
