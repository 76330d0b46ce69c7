# shellcheck shell=sh
# Sourced by dhclient-script, after each event of a lease. "exit" here would make dhclient decline the address.
case ${reason-} in
  BOUND | REBOOT | BOUND6 | RENEW | REBIND | RENEW6 | REBIND6)
    if [ -x /usr/lib/update-route53/notify ]; then
      (
        case $reason in RENEW* | REBIND*) kind=renewal ;; *) kind= ;; esac
        /usr/lib/update-route53/notify "${interface-}" "${new_ip_address:-${new_ip6_address-}}" "$kind" \
          </dev/null >/dev/null 2>&1 &
      )
    fi
    ;;
esac
