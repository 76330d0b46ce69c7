# shellcheck shell=sh
# needs: dnsmasq-base
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/isp.sh
. "$lab/isp.sh"
# shellcheck source=scripts/hooks-lab/openwrt-root.sh
. "$lab/openwrt-root.sh"
dhcp_server 1.2.3.50
find "$router" -xdev | sort >/tmp/lab/before
install_hooks --root "$router" --interface wan
find "$router" -xdev -type f -o -xdev -type l | sort | comm -13 /tmp/lab/before - >/tmp/lab/installed
start() {
  in_background udhcpc -f -i "$1" -s /sbin/netifd-lease -t 5 -T 1
  client=$!
}
told_device() { grep -Eq "^start .* notify .*$1 \| .*$1=$2/" "$calls"; }

agent_works 120
start wan0
it "tells the device, by its network's name" within 20 told_device wan0 1.2.3.50
renewed_meanwhile() { kill -USR1 "$client" && within 10 event "iface ifupdate wan" && at_work; }
it "does not hold up the events that follow while the agent works" renewed_meanwhile
lease 1.2.3.77
kill -USR1 "$client"
it "tells of a changed address while the agent still works" within 20 told_device wan0 1.2.3.77

agent_works 0
agent_ends_with 1
forget
lease 1.2.3.51
kill -USR1 "$client"
it "tells of a changed address" within 20 told_device wan0 1.2.3.51
it "lets later hooks run when the agent fails" within 5 event "iface ifup wan"
agent_ends_with 0
forget
kill -USR1 "$client"
not_for_data() { within 10 event "iface ifupdate wan" && settled && [ "$(starts)" = 0 ]; }
it "starts nothing for an update that is not about addresses" not_for_data
in_router env interface=wan0 ip=1.2.3.52 /sbin/netifd-lease change
it "tells of an update that is about addresses" within 10 told_device wan0 1.2.3.52
in_router env interface=wan0 ip=1.2.3.51 /sbin/netifd-lease change
settled
wan=$client
start lan0
not_told_of_lan0() { within 10 event "iface ifup lan" && settled && ! told_device lan0 1.2.4.60; }
it "ignores a network that is not the WAN" not_told_of_lan0
it "says to the system log what the agent says" within 10 grep -q 'update-route53: said to the log' /tmp/lab/syslog

ntp() {
  forget
  in_router env ACTION="$1" stratum=3 /sbin/hotplug-call ntp
  within 5 event "ntp $1" && settled
}
clock_is_right() { ntp stratum && grep -q '^start .* update ' "$calls" && ntp step && grep -q '^start .* update ' "$calls"; }
it "updates when the clock has become right" clock_is_right
not_periodic() { ntp periodic && [ "$(starts)" = 0 ]; }
it "starts nothing for what ntpd tells from time to time" not_periodic

in_router /etc/rc.d/S95update-route53 boot
it "has a service at boot that procd starts again however often it ends" grep -qx 'respawn 3600 5 0' /tmp/lab/instance
forget
# What procd sets where it reads the output (instance.c). Here there is no such file, which dynamic programs say only.
procd_starts() {
  # shellcheck disable=SC2046
  in_background env LD_PRELOAD=/lib/libsetlbf.so $(sed -n 's/^command //p' /tmp/lab/instance)
  service=$!
}
clean_start() { within 10 grep -q "^start .* $1 " "$calls" && ! grep -q preloaded "$calls"; }
procd_starts
it "has a service that looks at the address, without what procd preloads" clean_start update
ends() { kill "$service" && within 5 gone; }
gone() { ! kill -0 "$service" && ! pgrep -f '^sleep 300'; }
within 10 pgrep -f '^sleep 300'
it "has a service that ends when it is told to" ends

kept() {
  cat /tmp/lab/installed
  [ -s /tmp/lab/installed ] || return 1
  while read -r file; do
    cat "$router"/lib/upgrade/keep.d/* | while read -r path; do
      case ${file#"$router"}/ in "${path%/}"/*) echo yes ;; esac
    done | grep -q yes || { echo "not kept: $file" && return 1; }
  done </tmp/lab/installed
}
it "survives an upgrade of the system with every file" kept

forget
install_hooks --root "$router" --interface wan --daemon
in_router /etc/rc.d/S95update-route53 boot
procd_starts
it "has another service where the program is to stay" clean_start run
kill "$service"

client=$wan
it "leaves nothing behind when it is uninstalled" uninstalled --root "$router"
forget
kill -USR1 "$client"
it "leaves a daemon that works on without it" within 10 event "iface ifupdate wan"
