#!/bin/sh /etc/rc.common
# Started by procd at boot; looks at the address from time to time, since every hook can be missed.
# shellcheck disable=SC2034,SC2096 # rc.common reads them, and takes what is behind it
USE_PROCD=1
START=95
STOP=10

start_service() {
  procd_open_instance
  procd_set_param command /usr/lib/update-route53/repeat
  # However often it ends, it is started again.
  procd_set_param respawn 3600 5 0
  procd_set_param stdout 1
  procd_set_param stderr 1
  procd_close_instance
}
