#!/bin/sh
# Run by cron from time to time, since every hook can be missed.
if [ -x /usr/lib/update-route53/notify ]; then
  /usr/lib/update-route53/notify "" </dev/null >/dev/null 2>&1 &
fi
exit 0
