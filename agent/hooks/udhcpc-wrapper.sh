#!/bin/sh
# For udhcpc -s: does what the usual script does, then tells of the address.
status=0
/etc/udhcpc/default.script "$@" || status=$?
case ${1-} in
  bound) kind= ;;
  renew) kind=renewal ;;
  *) exit "$status" ;;
esac
if [ -x /usr/lib/update-route53/notify ]; then
  # shellcheck disable=SC2154 # udhcpc sets them
  /usr/lib/update-route53/notify "${interface-}" "${ip-}" "$kind" </dev/null >/dev/null 2>&1 &
fi
exit "$status"
