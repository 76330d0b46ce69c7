# shellcheck shell=sh
# pid 1 of a User-Mode-Linux kernel: loads what a scenario may need, and turns it off in the end.
[ $$ = 1 ] || { echo "uml-init.sh: only in a sandbox, as the first process of its kernel" >&2 && exit 1; }
PATH=/usr/sbin:/usr/bin:/sbin:/bin
# For pid1.sh.
LAB=uml
export PATH LAB
mount -t proc proc /proc
modules=$(echo /usr/lib/uml/modules/*/kernel)
for module in fs/overlayfs/overlay lib/crc-ccitt net/ipv6/ipv6 drivers/net/veth drivers/net/slip/slhc \
  drivers/net/ppp/ppp_generic drivers/net/ppp/ppp_async drivers/net/ppp/pppox drivers/net/ppp/pppoe; do
  busybox insmod "$modules/$module.ko"
done
hostname lab
sh "$@"
busybox poweroff -f
