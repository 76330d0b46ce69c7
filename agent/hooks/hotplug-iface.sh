# shellcheck shell=sh
# Sourced by hotplug-call for each event of an interface of OpenWrt; an update counts where it is about addresses.
case ${ACTION-}:${IFUPDATE_ADDRESSES-}${IFUPDATE_PREFIXES-} in
  ifup:* | ifupdate:?*)
    if [ "${INTERFACE-}" != loopback ] && [ -n "${DEVICE-}" ] && [ -x /usr/lib/update-route53/notify ]; then
      (/usr/lib/update-route53/notify "$DEVICE" "" "" "${INTERFACE-}" </dev/null >/dev/null 2>&1 &)
    fi
    ;;
esac
