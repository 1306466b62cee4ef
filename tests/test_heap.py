"""Memory that threads have freed is given to them again, without asking the system."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

HELD = """
import resource
import numpy as np
from coopsim.simulation.workers.pools import threads

def hold(_):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        held = [np.ones(90_000) for _ in range(3)]
        del held
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

with threads(1) as pool:
    print(*pool.map(hold, range(2)))
"""
PAGES = 3 * 90_000 * 8 // 4096  # in what is held at a time; asked for anew, 20 times that


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another library frees otherwise")
def test_a_thread_gets_again_what_it_has_freed() -> None:
    found = subprocess.run(
        [sys.executable, "-c", HELD], capture_output=True, text=True, check=True
    ).stdout
    first, again = map(int, found.split())
    assert first >= PAGES
    assert again < PAGES
