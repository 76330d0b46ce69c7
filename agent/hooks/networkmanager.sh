#!/bin/sh
# Run by NetworkManager's dispatcher: $1 interface, $2 what happened. The address is as the kernel had it when the
# event was queued.
case ${2-} in
  up | reapply) set -- "${1-}" "${IP4_ADDRESS_0-}" ;;
  # The first of a connection comes before the kernel has the address.
  dhcp4-change | dhcp6-change) set -- "${1-}" "${IP4_ADDRESS_0:-${DHCP4_IP_ADDRESS-}}" renewal ;;
  connectivity-change)
    [ "${CONNECTIVITY_STATE-}" = FULL ] || exit 0
    set -- "" ""
    ;;
  *) exit 0 ;;
esac
if [ -x /usr/lib/update-route53/notify ]; then
  /usr/lib/update-route53/notify "$1" "${2%%/*}" ${3:+"$3"} </dev/null >/dev/null 2>&1 &
fi
exit 0
