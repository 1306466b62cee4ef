"""What a whole command takes: seconds by the wall clock, peak memory, bytes on disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
COOPSIM = Path(sys.executable).with_name("coopsim")
THAW = ("run", "scenarios/thaw.yaml", "--runs", "10000")


@dataclass(frozen=True)
class Spent:
    """What one command used: seconds, bytes of memory at its peak, bytes of firings kept."""

    seconds: float
    memory: int
    disk: int = 0


def spent(arguments: Sequence[str], **environment: str) -> Spent:
    """Run coopsim to its end; where it fails, end with what it said."""
    child = subprocess.run(
        [sys.executable, str(ROOT / "bench/watched.py"), str(COOPSIM), *arguments],
        cwd=ROOT,
        # A shell that keeps no bytecode would have each command compile all that it loads.
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode:
        sys.exit(child.stderr)
    return Spent(**json.loads(child.stdout))


def starts(laps: int) -> dict[str, float]:
    """Measure the commands that simulate nothing, in seconds."""
    commands = {
        "`coopsim --help`": ["--help"],
        "`coopsim check scenarios/thaw.yaml`": ["check", "scenarios/thaw.yaml"],
    }
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(laps + 1):
        for name, arguments in commands.items():
            seconds[name].append(spent(arguments).seconds)
    return {name: median(taken[1:]) for name, taken in seconds.items()}  # the first one warms up


def whole(laps: int) -> dict[str, float]:
    """Measure a whole run of 10,000 timelines, in seconds: at first, then on a warm cache."""
    first: list[float] = []
    figures: list[float] = []
    no_figures: list[float] = []
    for _ in range(laps):
        with tempfile.TemporaryDirectory() as cache:
            # As on a new machine: no machine code of ours, no list of fonts of Matplotlib's.
            caches = {"COOPSIM_CACHE": f"{cache}/coopsim", "MPLCONFIGDIR": f"{cache}/matplotlib"}
            first.append(anew(*THAW, **caches).seconds)
            figures.append(anew(*THAW, **caches).seconds)
            no_figures.append(anew(*THAW, "--no-figures", **caches).seconds)
    return {
        "with figures, the very first time": median(first),
        "with figures": median(figures),
        "`--no-figures`": median(no_figures),
    }


def anew(*arguments: str, **environment: str) -> Spent:
    """Run coopsim into a folder that is empty before and gone after."""
    with tempfile.TemporaryDirectory() as out:
        one = spent([*arguments, "--out", out], **environment)
        kept = sum(part.stat().st_size for part in Path(out).rglob("*.parquet"))
    return Spent(one.seconds, one.memory, kept)


def many(timelines: int) -> dict[str, Spent]:
    """Measure many timelines of the baseline, summarised, by what is kept of their firings."""
    command = ["run", "scenarios/baseline.yaml", "--runs", str(timelines), "--no-figures"]
    anew(*command[:3], "100", "--no-figures")  # the machine code is there from here on
    return {
        f"`--keep {kept}`": anew(*command, "--keep", kept)
        for kept in ("firings", "firsts", "nothing")
    }
