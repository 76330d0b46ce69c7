# shellcheck shell=sh
# needs: udhcpc dnsmasq-base
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/isp.sh
. "$lab/isp.sh"
dhcp_server 1.2.3.50
install_hooks --interface wan0
# start INTERFACE: with the script that install names. Events are what Debian's script is called with.
# shellcheck disable=SC2016
sed -i '1a echo "$1 $interface ${ip-}" >>/tmp/lab/events' /etc/udhcpc/default.script
start() {
  busybox udhcpc -f -R -i "$1" -s /usr/lib/update-route53/udhcpc -t 5 -T 1 >>/tmp/lab/daemon 2>&1 &
  client=$!
}
# renew: it would do so after a minute.
renew() { kill -USR1 "$client"; }

agent_works 120
start wan0
it "tells the interface and the address" within 20 told wan0 1.2.3.50
renewed_meanwhile() { renew && within 10 event "renew wan0 1.2.3.50" && at_work; }
it "does not hold up the daemon while the agent works" renewed_meanwhile
lease 1.2.3.77
renew
it "tells of a changed address while the agent still works" within 20 told wan0 1.2.3.77

agent_works 0
agent_ends_with 1
forget
lease 1.2.3.51
renew
it "tells of a changed address" within 20 told wan0 1.2.3.51
it "leaves the address alone when the agent fails" has_address wan0 1.2.3.51
forget
renew
it "tries again with the next renewal what the agent could not do" within 20 told wan0 1.2.3.51

agent_ends_with 0
forget
renew
within 20 told wan0 1.2.3.51 && settled
quiet_renewals() {
  before=$(starts)
  for time in 1 2 3; do
    renew && within 10 sh -c "[ \$(grep -c 'renew wan0' $events) -gt $time ]" || return 1
  done
  settled && [ "$(starts)" = "$before" ]
}
it "starts nothing for renewals that change nothing" quiet_renewals
wan=$client
start lan0
not_told_of_lan0() { within 20 event "bound lan0 1.2.4.60" && settled && ! told lan0 1.2.4.60; }
it "ignores an interface that is not the WAN" not_told_of_lan0
client=$wan

it "leaves nothing behind when it is uninstalled" uninstalled
kill "$client"
busybox udhcpc -b -i wan0 >>/tmp/lab/daemon 2>&1
it "leaves a daemon that works on without it" within 20 has_address wan0 1.2.3.51
