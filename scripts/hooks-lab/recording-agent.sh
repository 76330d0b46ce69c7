#!/bin/sh
# In the place of the binary: writes down how it was called and what the kernel knew then, works for as long as it is
# told, and ends as it is told.
addresses=$(ip -o addr show scope global | awk '{ print $2 "=" $4 }' | tr '\n' ' ')
echo "start $$ $* | $addresses| year $(date +%Y)${LD_PRELOAD+ preloaded}" >>/tmp/lab/calls
echo "said to the log"
sleep "$(cat /tmp/lab/seconds)"
echo "end $$" >>/tmp/lab/calls
exit "$(cat /tmp/lab/status)"
