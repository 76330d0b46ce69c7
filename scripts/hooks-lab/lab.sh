# shellcheck shell=sh
# What all scenarios share. A scenario tells what it sees with `it SENTENCE COMMAND`.
mountpoint -q /tmp/lab/upper || { echo "lab.sh: only in a sandbox, which pid1.sh makes" >&2 && exit 1; }
lab=$CHECKOUT/scripts/hooks-lab
node=$CHECKOUT/node_modules/.bin/node
agent=/usr/bin/update-route53
calls=/tmp/lab/calls
events=/tmp/lab/events

# it SENTENCE COMMAND...: the sentence is true where the command ends with 0.
it() {
  sentence=$1
  shift
  if "$@" >/tmp/lab/it 2>&1; then
    echo "ok - $sentence"
  else
    echo "not ok - $sentence"
    for file in it calls events daemon syslog; do
      [ ! -s "/tmp/lab/$file" ] || tail -n 12 "/tmp/lab/$file" | sed "s|^|    $file: |"
    done
    ip -4 -brief addr show | sed 's/^/    kernel: /'
  fi
}

# within SECONDS COMMAND...: waits for an event, no longer than that.
within() {
  deadline=$(($(uptime_seconds) + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$(uptime_seconds)" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}
# The clock of a scenario may be stepped.
uptime_seconds() { cut -d. -f1 /proc/uptime; }

agent_works() { echo "$1" >/tmp/lab/seconds; }
agent_ends_with() { echo "$1" >/tmp/lab/status; }
starts() { grep -c '^start' "$calls"; }
# told INTERFACE ADDRESS: the agent was, when the kernel had that address already.
told() { grep -Eq "^start .* notify .*$1 $2 \| .*$1=$2[/ ]" "$calls"; }
event() { grep -q -- "$1" "$events"; }
event_count() { grep -c -- "$1" "$events"; }
has_address() { ip -4 -brief addr show dev "$1" 2>/dev/null | grep -q " $2[/ ]"; }
agents() { sed -n 's/^start \([0-9]*\) .*/\1/p' "$calls"; }
# at_work: one was started and has not ended.
at_work() { agents | { while read -r pid; do ! [ -d "/proc/$pid" ] || exit 0; done && exit 1; }; }
# forget: ends the agents at work, and what was seen so far.
forget() {
  agents | while read -r pid; do pkill -P "$pid" sleep; done
  within 5 idle
  : >"$calls"
  : >"$events"
}
idle() { ! at_work && ! pgrep -f /usr/lib/update-route53/notify; }
# settled: the agent ended well and is remembered, so that what is unchanged is known.
settled() { within 10 idle; }

# events_more PATTERN COUNT: waits for that many more events.
events_more() {
  wanted=$(($(event_count "$1") + $2))
  within 20 sh -c "[ \$(grep -c -- '$1' $events) -ge $wanted ]"
}
# quiet_through PATTERN COUNT: that many more events, and not one start of the agent.
quiet_through() {
  before=$(starts)
  events_more "$1" "$2" && settled && [ "$(starts)" = "$before" ]
}

# install_hooks [WORD...]: as a user would, but with the agent that is told. Then a fault, where a person wants to see
# how the tests take it.
install_hooks() {
  if "$node" "$CHECKOUT/agent/main.ts" install --agent "$agent" "$@" >/tmp/lab/install 2>&1; then
    echo "# installed"
  else
    echo "# install ended with $?"
    sed 's/^/# /' /tmp/lab/install
  fi
  commit_fault
}
# shellcheck source=/dev/null
commit_fault() { [ ! -e /tmp/lab/fault ] || . /tmp/lab/fault; }
uninstall_hooks() { "$node" "$CHECKOUT/agent/main.ts" uninstall "$@"; }
# What is left of this project, but for the agent itself, its configuration and its state.
remains() {
  { find /tmp/lab/upper /run /tmp/run -name '*update-route53*' && grep -rlI update-route53 /tmp/lab/upper; } |
    grep -v -e '/bin/update-route53$' -e '/update-route53\.toml$' -e '/var/lib/update-route53'
}
# uninstalled [WORD...]
uninstalled() { uninstall_hooks "$@" && ! remains; }

use_recording_agent() {
  rm -f "$agent"
  cp "$lab/recording-agent.sh" "$agent"
  chmod 755 "$agent"
}
# start_stream: one on the loopback, which writes down what it takes, and a configuration for it. While there is a file
# /tmp/lab/published.held, it takes nothing.
start_stream() {
  "$node" "$lab/stream.ts" /tmp/lab/published >/tmp/lab/stream 2>&1 &
  within 20 test -s /tmp/lab/stream
  configure home.example.com
}
# configure NAME
configure() {
  printf 'domains = ["%s"]\nregion = "eu-west-1"\naccess_key_id = "a"\nsecret_access_key = "b"\n' "$1" \
    >/etc/update-route53.toml
  chmod 600 /etc/update-route53.toml
}
# use_real_agent: the one of this checkout, with a stream.
use_real_agent() {
  start_stream
  rm -f "$agent"
  printf '#!/bin/sh\nexport AWS_ENDPOINT_URL_KINESIS=%s\nexec %s %s/agent/main.ts "$@"\n' \
    "$(cat /tmp/lab/stream)" "$node" "$CHECKOUT" >"$agent"
  chmod 755 "$agent"
}
# use_binary: the one that was built, with a stream. It is told of that by a file, as nothing else reaches every hook.
use_binary() {
  start_stream
  rm -f "$agent"
  case $(uname -m) in aarch64) arch=arm64 ;; *) arch=x64 ;; esac
  cp "$CHECKOUT/dist/update-route53-linux-$arch" "$agent"
  mkdir -p /root/.aws
  printf '[default]\nendpoint_url = %s\n' "$(cat /tmp/lab/stream)" >/root/.aws/config
}
# published ADDRESS [NAME]
published() { grep -q "^${2-home.example.com} $1\$" /tmp/lab/published; }

: >"$calls"
: >"$events"
agent_works 0
agent_ends_with 0
use_recording_agent
mkdir -p /tmp/run
busybox syslogd -n -O /tmp/lab/syslog &
