#!/bin/sh /etc/rc.common
# Started by procd at boot; stays, and looks at the address when the kernel tells of a change or a hook comes.
# shellcheck disable=SC2034,SC2096 # rc.common reads them, and takes what is behind it
USE_PROCD=1
START=95
STOP=10

start_service() {
  procd_open_instance
  # What procd preloads where it reads the output is for musl, and would bring that into a program of GNU's library.
  procd_set_param command /usr/bin/env -u LD_PRELOAD /usr/bin/update-route53 run --log plain
  # However often it ends, as it does without a configuration, it is started again.
  procd_set_param respawn 3600 60 0
  procd_set_param stdout 1
  procd_set_param stderr 1
  procd_close_instance
}
