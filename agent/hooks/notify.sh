#!/bin/sh
# Tells update-route53 that an interface has changed. Every hook starts this in the background.
#   notify INTERFACE [ADDRESS [renewal [NETWORK]]]
# INTERFACE as the kernel names it, or "" for none in particular. "renewal": nothing may have changed. NETWORK: what
# the system calls the network behind it, such as OpenWrt's wan.
agent=/usr/bin/update-route53
interfaces=""
config=/etc/update-route53.toml
memory=/run/update-route53/hook
kernel=/proc/net
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C
umask 022

is_detached=${UPDATE_ROUTE53_DETACHED-}
[ -d /run ] || memory=/var$memory

# From here on, nothing of what a hook gave is anything but a name and an address: a DHCP server may have chosen it.
interface=${1-} address=${2-} kind=${3-} network=${4-}
interface=${interface%%:*}
case $interface in
  lo | -* | *[!A-Za-z0-9._@+-]* | ????????????????*) exit 0 ;;
esac
case $address in
  *[!0-9A-Fa-f.:]* | ??????????????????????????????????????????????*) address= ;;
esac
if [ -n "$interfaces" ] && [ -n "$interface" ]; then
  case " $interfaces " in
    *" $interface "* | *" ${network:-$interface} "*) ;;
    *) exit 0 ;;
  esac
fi
[ -x "$agent" ] || exit 0

# What is remembered of an interface: the IPv4 address that the hook told, and the IPv6 addresses that the kernel has.
file=$memory/${interface:--}
look() {
  ipv4=$address ipv6='' known4='' known6='' is_known=
  case $address in *:*) ipv4= ;; esac
  if [ -n "$interface" ] && [ -r "$kernel/if_inet6" ]; then
    # address, index, prefix length, scope (00: global), flags (a tentative one has others), interface
    while read -r digits _ _ scope flags name; do
      [ "$name $scope" != "$interface 00" ] || ipv6="$ipv6$digits/$flags,"
    done <"$kernel/if_inet6"
  fi
  if [ -r "$file.known" ]; then
    { read -r known4 && read -r known6 && is_known=1; } <"$file.known"
  fi
}

if [ -z "$is_detached" ]; then
  look
  if [ "$kind" = renewal ] && [ -n "$is_known" ] && [ -n "$ipv4$ipv6" ]; then
    [ "${ipv4:-$known4}" != "$known4" ] || [ "$ipv6" != "$known6" ] || exit 0
  fi
  # A session of its own, with none of the environment of the daemon behind the hook, nor of its descriptors up to 9.
  exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  set -- "$0" "$interface" "$address" "$kind" "$network"
  if command -v setsid >/dev/null; then set -- setsid "$@"; fi
  exec env -i UPDATE_ROUTE53_DETACHED=1 PATH="$PATH" "$@" </dev/null >/dev/null 2>&1
fi
unset UPDATE_ROUTE53_DETACHED
cd / || exit 0

# Where nobody has said which interface counts, it is the one with a default route: this is for those that have none,
# while another has one. Half of all addresses, as a VPN takes, is as good; and so is any table.
is_elsewhere() (
  [ -n "$interface" ] && [ -z "$interfaces" ] && [ -r "$config" ] || exit 1
  while read -r line || [ -n "$line" ]; do
    # The program knows better what the configuration says of interfaces.
    case $line in *interface*) exit 1 ;; esac
  done <"$config"
  others='' is_open='' before=''
  set -f
  for word in $(
    ip -4 route show table all default
    ip -6 route show table all default
    ip -4 route show table all 0.0.0.0/1
    ip -6 route show table all ::/1
  ); do
    case $before:$word in
      dev:"$interface") exit 1 ;;
      # The kernel's own, which leads nowhere.
      dev:lo) is_open= ;;
      dev:*) others=1 is_open= ;;
      # The one of busybox does not show the ways of a route that has several.
      *:default) [ -z "$is_open" ] && is_open=1 || exit 1 ;;
    esac
    before=$word
  done
  [ -n "$others" ] && [ -z "$is_open" ]
)
if is_elsewhere; then
  # A route may come after the address, which may be another by then.
  sleep 1
  ! is_elsewhere || exit 0
  address=
fi

# take: the newest event of an interface, which is its own from then on: what comes meanwhile is another.
take() {
  mv -f "$file.event" "$file.taken" 2>/dev/null && read -r event <"$file.taken" || return 1
  address=${event#* }
  [ "$address" != "$event" ] || address=
}

# What a start has told is known, unless it was a start for an older event.
remember() {
  if [ -n "$event" ] && read -r taken <"$file.taken" && [ "$taken" = "$event" ]; then
    printf '%s\n%s\n' "$ipv4" "$ipv6" >"$file.$$" && mv -f "$file.$$" "$file.known"
  fi
}

# Without an interface, as if asked; but for as long as a hook asks.
run() {
  if [ -n "$interface" ]; then
    set -- notify "$@" --confirm "$interface" ${address:+"$address"}
  else
    set -- update "$@" --deadline 600
  fi
  "$agent" "$@" && remember
}

# By exec, and not by a redirection of the whole: for that, a shell keeps the descriptor, and with it the place.
start() {
  exec 9>&-
  if ! command -v logger >/dev/null; then
    run --log plain >/dev/null 2>&1
    return
  fi
  # The one of busybox takes what it is given for one priority.
  case $(logger --help 2>&1) in
    *--prio-prefix*) run --log syslog 2>&1 | logger --prio-prefix -t update-route53 ;;
    *) run --log plain 2>&1 | logger -t update-route53 ;;
  esac
}

# One start, and no other beside it for a second, or for as long as it is at work; but no longer than three: it may
# wait for the network, and knows by itself what to do with another.
turn() {
  look
  [ -n "$address" ] || ipv4=$known4
  [ -z "$event" ] || rm -f "$file.known"
  start &
  for _ in 1 2 3; do
    sleep 1
    kill -0 $! 2>/dev/null || return
  done
}

# Of many events at once two turns are enough: the one that is under way, and one that waits, for all that come
# meanwhile, of whatever interface. Each event is written before it looks for a place, and each gives up the place in
# the queue before it takes the newest events: so there is none that nobody takes.
event=
# One that brings no address does not take away that of the one in its place.
[ -n "$address" ] || read -r _ address <"$file.event" || :
if mkdir -p "$memory" && echo "$$ $address" >"$file.$$" && mv -f "$file.$$" "$file.event"; then
  # Where a file cannot be made, "exec" would end this shell.
  if command -v flock >/dev/null && { true >>"$memory/waiting" && true >>"$memory/running"; } 2>/dev/null; then
    exec 8>"$memory/waiting" 9>"$memory/running"
    # 1: somebody else has it. Anything else: there are no locks here.
    flock -n 8 || [ $? != 1 ] || exit 0
    flock 9
    exec 8>&-
    for each in "$memory"/*.event; do
      file=${each%.event}
      interface=${file##*/}
      [ "$interface" != - ] || interface=
      ! take || turn
    done
    exit 0
  fi
  take || exit 0
else
  rm -f "$file.$$"
fi
turn
exit 0
