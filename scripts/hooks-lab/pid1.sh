# shellcheck shell=sh
# pid 1 of a sandbox, in namespaces or in a kernel of its own: makes a root in which the packages of this machine
# are there and nothing that is written outlives it, and runs a scenario in it.
#   pid1.sh CHECKOUT SCENARIO FILE-OF-A-FAULT|none
# LAB is what this sandbox is called: another than any that runs.
: "${LAB:?only in a sandbox, which lab.ts makes}"
set -eu
checkout=$1 scenario=$2 fault=$3
root=/mnt/root

mount -t tmpfs -o mode=755 lab /mnt
mkdir /mnt/upper /mnt/work "$root"
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work lab "$root"
mount -t proc proc "$root/proc"
# Read-only: NetworkManager takes that for a machine without udev, and does not wait for it.
mount -t sysfs -o ro sys "$root/sys"
mount -t tmpfs -o mode=755 dev "$root/dev"
mkdir -p "$root/dev/pts" "$root/dev/net" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666,mode=620 devpts "$root/dev/pts"
for device in null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0 ppp:108:0 net/tun:10:200; do
  numbers=${device#*:}
  mknod -m 666 "$root/dev/${device%%:*}" c "${numbers%:*}" "${numbers#*:}"
done
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount -t tmpfs -o mode=755 run "$root/run"
mount -t tmpfs -o mode=1777 tmp "$root/tmp"
mkdir -p "$root/run/lock" "$root/tmp/lab/upper" "$root$checkout"
[ "$fault" = none ] || cp "$fault" "$root/tmp/lab/fault"
mount --bind /mnt/upper "$root/tmp/lab/upper"
mount --bind "$checkout" "$root$checkout"
mount -o remount,bind,ro "$root$checkout"
ip link set lo up

cd "$root"
status=0
env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C CHECKOUT="$checkout" LAB="$LAB" \
  chroot "$root" /bin/sh "$checkout/scripts/hooks-lab/$scenario.sh" </dev/null 2>&1 || status=$?
echo "# the scenario ended with $status"
