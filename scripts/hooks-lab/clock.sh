# shellcheck shell=sh
# needs: user-mode-linux
# A router without a battery: the interface is up before the clock is right.
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
true_time=$(date +%s)
date -s @600 >/dev/null
# shellcheck source=scripts/hooks-lab/openwrt-root.sh
. "$lab/openwrt-root.sh"
install_hooks --root "$router" --interface wan
ip link add wan0 type veth peer name isp0

agent_ends_with 75
in_router env interface=wan0 /sbin/netifd-lease deconfig
in_router env interface=wan0 ip=1.2.3.50 mask=24 /sbin/netifd-lease bound
it "is told of the interface in 1970" within 45 grep -q "^start .* wan0=1.2.3.50/.* year 1970" "$calls"
settled
agent_ends_with 0
# The ntpd of OpenWrt is not to be had here: this is what it does when it has found the time.
date -s "@$true_time" >/dev/null
in_router env ACTION=step /sbin/hotplug-call ntp
it "tries again when ntpd has set the clock" within 45 grep -q "^start .* update .* year 20" "$calls"
