#!/bin/sh
# Run by pppd when a link has an address. While this ran, pppd would tell nobody of the next one.
# $1 interface, $4 the local address: in ipv6-up a link-local one, which nobody needs.
case ${4-} in
  *:*) set -- "${1-}" ;;
  *) set -- "${1-}" "${4-}" ;;
esac
if [ -x /usr/lib/update-route53/notify ]; then
  /usr/lib/update-route53/notify "$@" </dev/null >/dev/null 2>&1 &
fi
exit 0
