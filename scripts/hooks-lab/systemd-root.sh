# shellcheck shell=sh
# Sourced after lab.sh: a systemd that is pid 1 of namespaces inside the sandbox, with the root and the network of that,
# and with the binary that was built. No service of this machine is started there, nothing but systemd's own journal.
: "${lab:?only in a sandbox, after lab.sh}"
find /etc/systemd/system /lib/systemd/system -name '*.wants' -exec rm -r {} +
rm -f /lib/systemd/system-generators/* /etc/systemd/system/default.target
mkdir /etc/systemd/system/sysinit.target.wants
for unit in systemd-journald.service systemd-journald-dev-log.socket; do
  ln -s "/lib/systemd/system/$unit" /etc/systemd/system/sysinit.target.wants
done
# The place for messages is that of the journal, not of the last thing that lab.sh has started.
kill "$!"
rm -f /dev/log
use_binary
ip link add wan0 type veth peer name isp0
ip link set wan0 up
ip link set isp0 up

mkdir /tmp/cgroup
mount -t cgroup2 cgroup2 /tmp/cgroup
# As in other containers: it is not to change the kernel or the clock of this machine.
cat >/tmp/lab/boot <<'END'
echo 0 >"$1/cgroup.procs"
exec unshare --cgroup sh -c '
  mount -t proc proc /proc
  mount --bind /proc/sys /proc/sys
  mount -o remount,bind,ro /proc/sys
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  exec env -i container=lab PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    setpriv --bounding-set=-sys_time,-sys_module,-sys_rawio,-syslog,-audit_control,-audit_read \
    /lib/systemd/systemd --system --unit=multi-user.target --log-target=console
'
END
# boot: starts it, and comes back when all is up.
boot() {
  group=$(mktemp -d "/tmp/cgroup/update-route53-lab-$LAB-XXXXXX")
  unshare --pid --mount --fork --kill-child=KILL --propagation private sh /tmp/lab/boot "$group" >>/tmp/lab/daemon 2>&1 &
  machine=$!
  within 10 test -s "/proc/$machine/task/$machine/children"
  init=$(tr -d ' ' <"/proc/$machine/task/$machine/children")
  within 30 inside systemctl is-system-running --wait
  inside journalctl --follow --lines=all --no-hostname >>/tmp/lab/syslog 2>&1 &
}
# inside COMMAND...: as root logs in and types it.
inside() {
  nsenter --target "$init" --mount --pid --cgroup --root --wd -- \
    env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
# halt: as when the power goes.
halt() {
  kill -KILL "$init"
  wait "$machine"
  find "$group" -depth -type d -exec rmdir {} +
  find /run -mindepth 1 -maxdepth 1 -exec rm -rf {} +
}
trap halt EXIT

# address ADDRESS: what wan0 has from now on.
address() {
  ip -4 addr flush dev wan0
  ip addr add "$1/24" dev wan0
  ip route add default dev wan0
}
# asked ADDRESS: the stream was, and holds back its answer or has given it.
asked() { within 20 grep -q "$1" /tmp/lab/published.asked; }
# property UNIT NAME, is UNIT NAME VALUE: what systemd says of the service or the timer.
property() { inside systemctl show --property="$2" --value "update-route53.$1"; }
is() { [ "$(property "$1" "$2")" = "$3" ]; }
# override [SETTING...]: of the service, until the next time or the next boot.
override() {
  folder=/run/systemd/system/update-route53.service.d
  rm -rf "$folder"
  [ $# = 0 ] || { mkdir -p "$folder" && printf '%s\n' '[Service]' "$@" >"$folder/lab.conf"; }
  inside systemctl daemon-reload
}
# logged PRIORITY TEXT: by the service.
logged() { inside journalctl --unit=update-route53.service --priority="$1..$1" --output=cat | grep -q "$2"; }
# install [WORD...]: prints what it says. Then a fault, where a person wants to see how the tests take it.
install() {
  # shellcheck disable=SC2154 # of lab.sh
  inside "$agent" install "$@" >/tmp/lab/install 2>&1
  status=$?
  commit_fault
  cat /tmp/lab/install
  return $status
}
waits() { inside systemctl is-enabled update-route53.timer && is timer SubState waiting; }
# runs TIMES: the service stays, and systemd has started it again so often.
runs() { is service SubState running && is service NRestarts "$1"; }
no_daemon() { ! pgrep -f "^$agent run"; }
gone() { is service LoadState not-found && is service ActiveState inactive && is timer LoadState not-found; }
uninstalls() { inside "$agent" uninstall && gone && no_daemon && ! remains; }
# The units that are installed.
verified() { inside systemd-analyze verify /etc/systemd/system/update-route53.* >/tmp/lab/verified 2>&1 && ! grep . /tmp/lab/verified; }
# Of 100, which nothing confines; from 40 on, systemd calls it "MEDIUM".
confined() { inside systemd-analyze security --offline=yes --threshold=39 --no-pager update-route53.service; }
