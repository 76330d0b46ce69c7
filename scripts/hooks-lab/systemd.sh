# shellcheck shell=sh
# needs: systemd
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/systemd-root.sh
. "$lab/systemd-root.sh"
start_service() { inside systemctl start update-route53.service && is service Result success; }

address 1.2.3.50
boot
install --interface wan0
it "has a timer that waits" waits
it "has units in which systemd finds no fault" verified
it "has a service that is confined" confined
it "is started by the timer, and publishes the address" within 90 published 1.2.3.50
within 20 is service ActiveState inactive
next_s() { inside systemctl list-timers --output=json update-route53.timer | sed -n 's/.*"next":\([0-9]*\)[0-9]\{6\}[,}].*/\1/p'; }
comes_again() {
  seconds=$(($(next_s) - $(date +%s)))
  [ "$seconds" -gt 240 ] && [ "$seconds" -le 340 ]
}
it "is started again in five minutes" comes_again
it "logs what it has done as such" logged info 'home.example.com A 1.2.3.50 accepted by the stream'
remembers() { test -s /var/lib/update-route53/state.json && start_service && [ "$(grep -c . /tmp/lab/published)" = 1 ]; }
it "remembers what it has published" remembers

chown nobody /etc/update-route53.toml
address 1.2.3.51
reads_all() { start_service && published 1.2.3.51; }
it "reads a configuration that only another user may read" reads_all
# As in Debian 10, whose systemd is from before these came.
override SystemCallFilter='~io_uring_setup io_uring_enter io_uring_register'
address 1.2.3.52
works_anyway() { start_service && published 1.2.3.52; }
it "works where systemd does not know all of its system calls" works_anyway
override
echo 'domains = 1' >/etc/update-route53.toml
fails() { ! start_service && is service ExecMainStatus 78 && logged err 'domains: expected'; }
it "fails where the configuration is wrong, and logs that as an error" fails
configure home.example.com

touch /tmp/lab/published.held
address 1.2.3.53
inside systemctl start --no-block update-route53.service
takes_over() { asked 1.2.3.53 && inside "$agent" notify wan0 && is service ActiveState activating; }
it "takes over what a hook wants while it works" takes_over
rm /tmp/lab/published.held
ends_well() { within 60 is service ActiveState inactive && is service Result success && published 1.2.3.53; }
it "ends well then" ends_well
address 1.2.3.54
inside /usr/lib/update-route53/notify wan0 1.2.3.54
it "lets a hook do its own work else" within 30 published 1.2.3.54
settled
hook_log() { inside journalctl --identifier=update-route53 --priority=info..info --output=cat; }
in_journal() { hook_log | grep -q '1.2.3.54 accepted'; }
it "has a journal that the hooks write to" in_journal

halt
boot
it "is there after a reboot" waits
echo 'domains = 1' >/etc/update-route53.toml
start_service
it "leaves nothing behind when it is uninstalled, even where it has failed" uninstalls
