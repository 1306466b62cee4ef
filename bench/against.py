"""Race today's kernel against an older one's, and compare every firing of both.

    python bench/against.py COMMIT

Each plays in a process of its own, by the package of its commit, the scenarios that lie here now.
They take turns, so that a busy moment of the machine hits both, and a turn's time is the
processor's. The best turn of each counts: what disturbs a turn only makes it slower.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RACED = {"bench/model72.yaml": 1_000, "scenarios/baseline.yaml": 1_000}  # timelines a turn
PART = 1_000  # timelines of a call, as in `coopsim run`


@dataclass
class Kernel:
    """The kernel of a package, which plays in a process of its own."""

    process: subprocess.Popen[str]
    seconds: list[float] = field(default_factory=list)

    def play(self, scenario: str, first_run: int, runs: int) -> str:
        """Play some timelines, and note how long that took; gives a hash of their firings."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([scenario, first_run, runs]), file=self.process.stdin, flush=True)
        seconds, firings = json.loads(self.process.stdout.readline())
        self.seconds.append(seconds)
        return str(firings)


@dataclass(frozen=True)
class Raced:
    """How fast two kernels play a scenario, timelines a second; their firings are the same."""

    scenario: str
    before: float
    now: float
    timelines: int

    @property
    def times(self) -> float:
        """Get how many times as fast today's is."""
        return self.now / self.before

    def __str__(self) -> str:
        return (
            f"{self.scenario}: {self.before:,.0f} and {self.now:,.0f} timelines a second,"
            f" {self.times:.2f} times as fast, the same firings in {self.timelines:,} timelines"
        )


def main() -> None:
    """Race both kernels, and print what came of it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("commit", help="whose kernel is raced against, or a folder that holds src/")
    asked.add_argument("--laps", type=int, default=120)
    given = asked.parse_args()
    with package_of(given.commit) as package:
        for raced in against(package, given.laps):
            print(raced, flush=True)


def against(package: Path, laps: int) -> Iterator[Raced]:
    """Race today's kernel against that of a package."""
    with kernel(package) as old, kernel(ROOT) as new:
        for scenario, runs in RACED.items():
            yield compared(scenario, old, new, runs, laps)


def compared(scenario: str, old: Kernel, new: Kernel, runs: int, laps: int) -> Raced:
    """Race two kernels over a scenario; ends the program where their firings differ."""
    for one in (old, new):
        one.play(scenario, 0, PART)  # what is made at first is no part of the race
        one.seconds.clear()
    for lap in range(laps):
        turn = [old, new] if lap % 2 else [new, old]
        if len({one.play(scenario, lap * runs, runs) for one in turn}) > 1:
            sys.exit(f"{scenario}: the firings differ in runs {lap * runs:,} and after")
    before, now = (runs / min(one.seconds) for one in (old, new))
    return Raced(scenario, before, now, laps * runs)


@contextmanager
def package_of(commit: str) -> Iterator[Path]:
    """Lay out the package of a commit in a folder, for as long as it is needed."""
    if (Path(commit) / "src").is_dir():
        yield Path(commit)
        return
    with tempfile.TemporaryDirectory() as folder:
        archive = ["git", "archive", commit, "src"]
        packed = subprocess.run(archive, cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "x"], cwd=folder, check=True, input=packed)
        yield Path(folder)


@contextmanager
def kernel(package: Path) -> Iterator[Kernel]:
    """Start a process that plays by a package."""
    with subprocess.Popen(
        [sys.executable, __file__, "--serve"],
        env=os.environ | {"PYTHONPATH": str(package / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Kernel(process)
        assert process.stdin is not None
        process.stdin.close()


def serve() -> None:
    """Play what is asked for, line by line."""
    from coopsim.scenario.loading import load  # noqa: PLC0415  # of the package that is raced
    from coopsim.simulation.building import build_program  # noqa: PLC0415
    from coopsim.simulation.compiled import simulate  # noqa: PLC0415

    programs: dict[str, Any] = {}
    for line in sys.stdin:
        scenario, first_run, runs = json.loads(line)
        if scenario not in programs:
            programs[scenario] = build_program(load(ROOT / scenario).scenario)
        seconds, firings = 0.0, sha256()
        for run in range(first_run, first_run + runs, PART):
            begun = time.process_time()
            found = simulate(programs[scenario], run, min(PART, first_run + runs - run))
            seconds += time.process_time() - begun
            for column in (found.run, found.event, found.outcome, found.time):
                firings.update(column.data)
            del found, column  # as a part is gone before the next is made
        print(json.dumps([seconds, firings.hexdigest()]), flush=True)


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        main()
