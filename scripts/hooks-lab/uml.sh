# shellcheck shell=sh
# Runs a scenario in a User-Mode-Linux kernel, which has PPP where that of the machine may not, and a clock of its own.
# Its root is that of this machine, read-only.
#   uml.sh PID1 CHECKOUT SCENARIO FILE-OF-A-FAULT|none
: "${LAB:?only in a sandbox, which lab.ts makes}"
mount -t tmpfs -o mode=755 uml /mnt
mkdir /mnt/memory /mnt/run
TMPDIR=/mnt/memory linux.uml mem=512M root=/dev/root rootfstype=hostfs rootflags=/ ro init=/bin/sh quiet loglevel=1 \
  con=null con0=null,fd:1 con1=null ssl=null umid=lab uml_dir=/mnt/run/ -- "$(dirname "$1")/uml-init.sh" "$@" </dev/null
