# shellcheck shell=sh
# needs: ifupdown isc-dhcp-client dnsmasq-base
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/isp.sh
. "$lab/isp.sh"
dhcp_server 1.2.3.50
# A static address, so that the hook of the DHCP client has no part in it; the other interface by DHCP.
printf 'iface wan0 inet static\n address 1.2.3.40/24\niface wan0 inet6 static\n address 2001:db8::40/64\n' \
  >/etc/network/interfaces
printf 'iface lan0 inet static\n address 1.2.4.40/24\n' >>/etc/network/interfaces
mkdir -p /run/network
install_hooks --interface wan0
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "up $IFACE $ADDRFAM" >>/tmp/lab/events\n' >/etc/network/if-up.d/zzz-last
chmod 755 /etc/network/if-up.d/zzz-last
up() { ifup "$1" >>/tmp/lab/daemon 2>&1; }

agent_works 120
agent_ends_with 1
up_at_once() { up wan0 && within 5 at_work; }
it "does not hold up ifup while the agent works" up_at_once
it "tells the interface" within 5 grep -q "^start .* notify .*wan0 | .*wan0=1.2.3.40/" "$calls"
it "lets later hooks run" event "up wan0 inet6"

agent_works 0
forget
ifdown wan0 >>/tmp/lab/daemon 2>&1
it "lets ifup succeed where the agent fails" up wan0
it "leaves the address alone where the agent fails" has_address wan0 1.2.3.40
one_or_two() { within 10 grep -q ^start "$calls" && settled && [ "$(starts)" -le 2 ]; }
it "starts the agent at most twice for the two families of an interface" one_or_two
forget
up lan0
not_told_of_lan0() { event "up lan0 inet" && settled && [ "$(starts)" = 0 ]; }
it "ignores an interface that is not the WAN" not_told_of_lan0

agent_ends_with 0
ifdown wan0 >>/tmp/lab/daemon 2>&1
printf 'iface wan0 inet dhcp\n' >/etc/network/interfaces
forget
up wan0
within 20 told wan0 1.2.3.50
lease 1.2.3.77
it "is told of a new lease by the hook of the DHCP client" within 20 told wan0 1.2.3.77

it "leaves nothing behind when it is uninstalled" uninstalled
works_on() { ifdown wan0 >>/tmp/lab/daemon 2>&1 && up wan0 && has_address wan0 1.2.3.77; }
it "leaves an ifup that works on without it" works_on
