#!/bin/sh
# Run by networkd-dispatcher when an interface becomes routable; it waits for the end of this, however long.
if [ -x /usr/lib/update-route53/notify ]; then
  /usr/lib/update-route53/notify "${IFACE-}" "${ADDR-}" </dev/null >/dev/null 2>&1 &
fi
exit 0
