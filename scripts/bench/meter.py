"""Runs a command and prints what it has cost, for any program alike: CPU in ms, peak resident KiB, exit code."""

import os
import sys

child = os.posix_spawn(
    sys.argv[1],
    sys.argv[1:],
    os.environ,
    file_actions=[(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_RDWR, 0) for fd in (0, 1, 2)],
)
_, status, usage = os.wait4(child, 0)
cpu_ms = (usage.ru_utime + usage.ru_stime) * 1000
print(cpu_ms, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
