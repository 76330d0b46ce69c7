#!/bin/sh
# Run by the script of udhcpc, from /etc/udhcpc/post-bound and /etc/udhcpc/post-renew.
case $0 in
  */post-renew/*) kind=renewal ;;
  *) kind= ;;
esac
if [ -x /usr/lib/update-route53/notify ]; then
  # shellcheck disable=SC2154 # udhcpc sets them
  /usr/lib/update-route53/notify "${interface-}" "${ip-}" "$kind" </dev/null >/dev/null 2>&1 &
fi
exit 0
