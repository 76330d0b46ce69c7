#!/bin/sh
# Tells update-route53 that an interface has changed. Every hook starts this in the background.
#   notify INTERFACE [ADDRESS [renewal [NETWORK]]]
# INTERFACE as the kernel names it, or "" for none in particular. "renewal": nothing may have changed. NETWORK: what
# the system calls the network behind it, such as OpenWrt's wan.
agent=/usr/bin/update-route53
interfaces=""
memory=/run/update-route53/hook
inet6=/proc/net/if_inet6
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

file=$memory/${interface:-any}

# What is to be remembered: the IPv4 address that the hook told, and the IPv6 addresses that the kernel has.
ipv4=$address
case $address in *:*) ipv4= ;; esac
ipv6=
if [ -n "$interface" ] && [ -r "$inet6" ]; then
  while read -r words; do
    case $words in *" $interface") ;; *) continue ;; esac
    # address, index, prefix length, scope (00: global), flags (a tentative one has others)
    # shellcheck disable=SC2086
    set -- $words
    [ "$4" != 00 ] || ipv6="$ipv6$1/$5,"
  done <"$inet6"
fi
recall() {
  known4='' known6='' is_known=
  if [ -r "$file.known" ]; then
    { read -r known4 && read -r known6 && is_known=1; } <"$file.known"
  fi
}
recall
if [ "$kind" = renewal ] && [ -n "$is_known" ] && [ -n "$ipv4$ipv6" ]; then
  [ "${ipv4:-$known4}" != "$known4" ] || [ "$ipv6" != "$known6" ] || exit 0
fi

# A session of its own, with none of the environment and the descriptors of the daemon behind the hook.
if [ -z "$is_detached" ]; then
  exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
  set -- "$0" "$interface" "$address" "$kind" "$network"
  if command -v setsid >/dev/null; then set -- setsid "$@"; fi
  exec env -i UPDATE_ROUTE53_DETACHED=1 PATH="$PATH" "$@" </dev/null >/dev/null 2>&1
fi
unset UPDATE_ROUTE53_DETACHED
cd / || exit 0

# Where the memory can be kept, of many events at once two are enough: the one that is under way, and one that
# waits, for all that come meanwhile. Each writes its event before it looks for a place, and each gives up the place
# in the queue before it reads the newest event: so there is none that nobody reads.
event=
if mkdir -p "$memory" 2>/dev/null && [ -w "$memory" ]; then
  event="$$ $address"
  echo "$event" >"$file.$$" && mv -f "$file.$$" "$file.event"
  # Where a file cannot be made, "exec" would end this shell.
  if command -v flock >/dev/null && { true >>"$file.waiting" && true >>"$file.running"; } 2>/dev/null; then
    exec 8>"$file.waiting" 9>"$file.running"
    flock -n 8 || exit 0
    flock 9
    exec 8>&-
    read -r event <"$file.event"
    address=${event#* }
    [ "$address" != "$event" ] || address=
  fi
  recall
  rm -f "$file.known"
fi

case $address in *:*) ipv4= ;; *) ipv4=${address:-$known4} ;; esac

remember() {
  if [ -n "$event" ] && read -r newest <"$file.event" && [ "$newest" = "$event" ]; then
    printf '%s\n%s\n' "$ipv4" "$ipv6" >"$file.$$" && mv -f "$file.$$" "$file.known"
  fi
}

# Without an interface, as if asked; but for as long as a hook asks.
run() {
  if [ -n "$interface" ]; then
    set -- notify "$@" "$interface" ${address:+"$address"}
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
start &

# The next one need not wait for the end: the agent itself knows what to do with another beside it.
sleep 1
exit 0
