#!/bin/sh
# Run by ifup, which fails where this does: once for each family, and once with "--all".
case ${IFACE-} in
  '' | lo | --all) exit 0 ;;
esac
if [ -x /usr/lib/update-route53/notify ]; then
  /usr/lib/update-route53/notify "$IFACE" </dev/null >/dev/null 2>&1 &
fi
exit 0
