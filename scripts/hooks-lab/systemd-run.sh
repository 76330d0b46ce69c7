# shellcheck shell=sh
# needs: systemd
# shellcheck source=scripts/hooks-lab/lab.sh
. "$CHECKOUT/scripts/hooks-lab/lab.sh"
# shellcheck source=scripts/hooks-lab/systemd-root.sh
. "$lab/systemd-root.sh"
address 1.2.3.50
boot
install --interface wan0
within 10 waits
install --daemon
no_timer() { is timer LoadState not-found && ! test -e /etc/systemd/system/update-route53.timer; }
replaces() { within 30 runs 0 && no_timer; }
it "takes the place of the timer, and is ready" replaces
it "has a unit in which systemd finds no fault" verified
it "is confined" confined
it "publishes the address" within 30 published 1.2.3.50
installs_once() { install && ! grep -v -e '^unchanged ' -e '^program ' -e '^warning: ' -e '^as before: ' /tmp/lab/install; }
it "is installed by the second time as by the first" installs_once
within 30 runs 0
address 1.2.3.51
it "publishes what the kernel tells" within 60 published 1.2.3.51
tells_state() { property service StatusText | grep 'A 1.2.3.51 accepted by the stream'; }
it "tells its state" within 10 tells_state
it "logs what it has done as such" logged info 'home.example.com A 1.2.3.51 accepted by the stream'
is_published_twice() { [ "$(grep -c ' 1.2.3.51$' /tmp/lab/published)" = 2 ]; }
takes_hook() { inside "$agent" notify wan0 --force && within 30 is_published_twice; }
it "does what a hook wants" takes_hook
configure away.example.com
reloads() { inside systemctl reload update-route53.service && within 30 published 1.2.3.51 away.example.com && runs 0; }
it "reads its configuration again when it is reloaded" reloads
halt
boot
it "is there after a reboot" within 30 runs 0

override WatchdogSec=8 RestartSec=1
inside systemctl restart update-route53.service
watched_us() { echo $(($(property service WatchdogTimestampMonotonic) - $(property service ExecMainStartTimestampMonotonic))); }
is_watched() { [ "$(watched_us)" -ge 17000000 ]; }
outlives() { within 60 is_watched && runs 0; }
it "lives on when the time of its watchdog is over" outlives
inside systemctl kill --kill-whom=main --signal=STOP update-route53.service
it "is started again when it hangs" within 60 runs 1
inside systemctl kill --kill-whom=main --signal=KILL update-route53.service
it "is started again when it is killed" within 30 runs 2
touch /tmp/lab/published.held
address 1.2.3.52
stops() { asked 1.2.3.52 && inside timeout 10 systemctl stop update-route53.service && is service Result success; }
it "ends within seconds when it is stopped, even while it works" stops
rm /tmp/lab/published.held
override
inside systemctl start update-route53.service
it "comes back to what it was at" within 30 published 1.2.3.52 away.example.com

gives_way() { inside "$agent" uninstall && install --interface wan0 && waits && is service Type oneshot && is service ActiveState inactive && no_daemon; }
it "gives way to the timer, where it is to stay no more" gives_way
install --daemon
within 30 runs 0
it "leaves nothing behind when it is uninstalled" uninstalls
