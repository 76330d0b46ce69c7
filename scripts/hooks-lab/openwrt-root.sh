# shellcheck shell=sh
# Sourced after lab.sh: a root with nothing but busybox, and what stands for those parts of OpenWrt that call hooks.
# No image of OpenWrt is used: procd, netifd and their scripts are written anew here, from their documented behaviour.
: "${lab:?only in a sandbox, after lab.sh}"
router=/openwrt
mkdir -p "$router/bin" "$router/sbin" "$router/usr/bin" "$router/usr/sbin" "$router/lib/upgrade/keep.d" "$router/etc/rc.d"
mkdir -p "$router/etc/hotplug.d/iface" "$router/etc/hotplug.d/ntp" "$router/etc/init.d" "$router/proc" "$router/dev"
mkdir "$router/tmp"
ln -s tmp "$router/var"
cp /bin/busybox "$router/bin/busybox"
mount --bind /proc "$router/proc"
mount --bind /dev "$router/dev"
mount --bind /tmp "$router/tmp"
in_router() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$router" "$@"; }
# The same in the background; `$!` is the process itself.
in_background() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$router" "$@" >>/tmp/lab/daemon 2>&1 &
}
in_router /bin/busybox --install -s
# What the busybox of Debian has and that of OpenWrt has not.
for name in base64 pkill realpath run-parts stat; do rm -f "$router"/*bin/"$name" "$router"/usr/*bin/"$name"; done
# What it is the other way round with.
for file in /usr/bin/flock $(ldd /usr/bin/flock | grep -o '/[^ ]*'); do
  mkdir -p "$router$(dirname "$file")"
  cp -L "$file" "$router$file"
done
echo "DISTRIB_ID='OpenWrt'" >"$router/etc/openwrt_release"
: >"$router/lib/functions.sh"

# What procd and netifd run for an event: each file in a shell of its own, one after the other.
cat >"$router/sbin/hotplug-call" <<'END'
#!/bin/sh
export HOTPLUG_TYPE="$1"
. /lib/functions.sh
for file in /etc/hotplug.d/"$1"/*; do (. "$file"); done
END
# The part of procd in an init script: writes down what it is to run.
cat >"$router/etc/rc.common" <<'END'
#!/bin/sh
. /lib/functions.sh
procd_open_instance() { : >/tmp/lab/instance; }
procd_set_param() { echo "$*" >>/tmp/lab/instance; }
procd_close_instance() { :; }
. "$1"
case $2 in boot | start | restart) start_service ;; esac
END
# What netifd does with a lease. An unchanged one can tell of nothing, or of data such as its time.
cat >"$router/sbin/netifd-lease" <<'END'
#!/bin/sh
fire() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin INTERFACE="${interface%0}" "$@" /sbin/hotplug-call iface; }
case $1 in
  deconfig)
    ip link set "$interface" up
    ip -4 addr flush dev "$interface"
    fire ACTION=ifdown
    ;;
  bound)
    ip addr add "$ip/$mask" dev "$interface"
    fire ACTION=ifup DEVICE="$interface"
    ;;
  renew) fire ACTION=ifupdate DEVICE="$interface" IFUPDATE_DATA=1 ;;
  change)
    ip -4 addr flush dev "$interface"
    ip addr add "$ip/24" dev "$interface"
    fire ACTION=ifupdate DEVICE="$interface" IFUPDATE_ADDRESSES=1
    ;;
esac
END
chmod 755 "$router/sbin/hotplug-call" "$router/etc/rc.common" "$router/sbin/netifd-lease"
for kind in iface ntp; do
  # shellcheck disable=SC2016
  echo 'echo "$HOTPLUG_TYPE $ACTION ${INTERFACE-}" >>/tmp/lab/events' >"$router/etc/hotplug.d/$kind/99-last"
done
# shellcheck disable=SC2154 # of lab.sh
cp "$agent" "$router$agent"
