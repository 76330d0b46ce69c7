# shellcheck shell=sh
# needs: ppp user-mode-linux
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/ppp.sh
. "$lab/ppp.sh"
install_hooks --interface ppp0
for directory in ip-up.d ipv6-up.d; do
  # shellcheck disable=SC2016
  printf '#!/bin/sh\necho "%s $1 $4" >>/tmp/lab/events\n' "$directory" >"/etc/ppp/$directory/zzz-last"
  chmod 755 "/etc/ppp/$directory/zzz-last"
done

agent_works 120
dial 1.2.3.7
it "tells the interface and the address" within 45 told ppp0 1.2.3.7
it "lets later hooks run" within 45 event "ip-up.d ppp0 1.2.3.7"
redial 1.2.3.99
told_meanwhile() { within 45 told ppp0 1.2.3.99 && [ "$(grep -c '^end' "$calls")" = 0 ]; }
it "tells of the address of a redial while the agent still works" told_meanwhile

agent_works 0
agent_ends_with 1
forget
redial 1.2.3.8
it "tells of the address of a redial" within 45 told ppp0 1.2.3.8
it "leaves the link alone when the agent fails" has_address ppp0 1.2.3.8
no_link_local() { within 45 event "ipv6-up.d ppp0 fe80:" && settled && ! grep -qi 'notify.*fe80.*|' "$calls"; }
it "passes no link-local address" no_link_local

agent_ends_with 0
use_real_agent
redial 1.2.3.78
it "gets the address of a redial published by the real agent" within 120 published 1.2.3.78

it "leaves nothing behind when it is uninstalled" uninstalled
redial 1.2.3.79
it "leaves a daemon that works on without it" within 45 has_address ppp0 1.2.3.79
