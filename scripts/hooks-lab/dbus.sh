# shellcheck shell=sh
# Sourced after lab.sh: a system bus, for what would be started by systemd.
: "${lab:?only in a sandbox, after lab.sh}"
mkdir -p /run/dbus /run/udev
dbus-daemon --system --nofork --nopidfile >/tmp/lab/bus 2>&1 &
within 10 test -S /run/dbus/system_bus_socket
# safety_net: what the timer would start, run by hand, since there is no systemd in a sandbox.
safety_net() {
  sh -c "$(sed -n 's/^ExecStart=//p' /etc/systemd/system/update-route53.service)" >>/tmp/lab/daemon 2>&1
}
