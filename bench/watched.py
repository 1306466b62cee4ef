"""Run a command and print the seconds it took and the bytes of memory it held at its peak.

A program of its own, and a small one: the system counts what a process held before it became the
command, so that a command started from a large program would look large.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import time
from contextlib import suppress

_SUBREAPER = 36  # of prctl: what a child of ours leaves behind becomes a child of ours

if sys.platform == "linux":
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
begun = time.perf_counter()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - begun
with suppress(ChildProcessError):  # only what we wait for counts as used by us
    while True:
        os.wait()
child.returncode = os.waitstatus_to_exitcode(status)
if child.returncode:
    sys.exit(f"{' '.join(sys.argv[1:])} ended with {child.returncode}")
kilobyte = 1 if sys.platform == "darwin" else 1024  # macOS counts in bytes
print(json.dumps({"seconds": seconds, "memory": usage.ru_maxrss * kilobyte}))
