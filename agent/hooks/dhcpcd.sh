# shellcheck shell=sh
# Sourced by dhcpcd-run-hooks, after each event. A router advertisement counts as a renewal: there are many.
if [ "${if_up-}" = true ] && [ -x /usr/lib/update-route53/notify ]; then
  case ${reason-} in
    BOUND* | REBOOT* | STATIC | DELEGATED6 | RENEW* | REBIND* | ROUTERADVERT)
      (
        case $reason in RENEW* | REBIND* | ROUTERADVERT) kind=renewal ;; *) kind= ;; esac
        /usr/lib/update-route53/notify "${interface-}" "${new_ip_address-}" "$kind" </dev/null >/dev/null 2>&1 &
      )
      ;;
  esac
fi
