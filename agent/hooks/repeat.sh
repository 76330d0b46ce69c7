#!/bin/sh
# Looks at the address every five minutes. A shell waits, because a program that stays would hold 50 MB meanwhile.
agent=/usr/bin/update-route53
# What procd preloads wherever it reads the output is for musl, and would bring that into a program of GNU's library.
unset LD_PRELOAD
child=
trap 'kill "$child" 2>/dev/null; exit 0' TERM INT
while :; do
  "$agent" update --log plain &
  child=$!
  wait "$child"
  sleep 300 &
  child=$!
  wait "$child"
done
