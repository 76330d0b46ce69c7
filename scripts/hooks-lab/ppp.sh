# shellcheck shell=sh
# Sourced after lab.sh, in a kernel with PPP: an access provider at the other end of a pty.
: "${lab:?only in a sandbox, after lab.sh}"
ip netns add isp
ip -n isp link set lo up
# The other end has no scripts to run.
mkdir /tmp/lab/isp-ppp
cat >/tmp/lab/answer <<'END'
#!/bin/sh
exec ip netns exec isp sh -c 'mount --bind /tmp/lab/isp-ppp /etc/ppp &&
  exec pppd "1.2.3.1:$(cat /tmp/lab/peer)" noauth local nodetach notty lcp-echo-interval 0 +ipv6'
END
chmod 755 /tmp/lab/answer
: >/tmp/lab/isp-ppp/options

# dial ADDRESS: a link that comes back whenever it drops.
dial() {
  echo "$1" >/tmp/lab/peer
  pppd pty /tmp/lab/answer noauth nodetach local persist holdoff 1 maxfail 0 defaultroute ipparam wan +ipv6 \
    lcp-echo-interval 0 >>/tmp/lab/daemon 2>&1 &
}
# redial ADDRESS: the line drops, and the next link has that address.
redial() {
  echo "$1" >/tmp/lab/peer
  for pid in $(ip netns pids isp); do kill "$pid"; done
}
