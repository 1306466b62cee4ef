"""How fast this version answers, and how fast an older one did, in turn on one machine.

    git worktree add ../before COMMIT
    python bench/two_versions.py ../before               # a warm process, and whole commands
    python bench/two_versions.py ../before --million     # besides, a million timelines

Seconds by the wall clock, and of all cores together: medians, as the two take turns. A warm process
has changed one number of the baseline, plays it, answers and compares with the baseline.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import commands

SCENARIO = "scenarios/baseline.yaml"
CHANGED = "drivers.climate.switches.rupture -> freeze.rate"
WARM = {
    "one number changed: 10,000 timelines, all questions, paired": (10_000, None),
    "one number changed: 1,000 timelines, three questions, paired": (1_000, 3),
}
WHOLE = {
    "`coopsim --help`": ["--help"],
    "`coopsim check scenarios/thaw.yaml`": ["check", "scenarios/thaw.yaml"],
    "`coopsim run scenarios/thaw.yaml --no-figures`": [*commands.THAW, "--no-figures"],
    "`coopsim run scenarios/thaw.yaml`": [*commands.THAW],
}
MILLION = {
    f"a million timelines of the baseline, `--keep {keep}`": [
        *("run", SCENARIO, "--runs", "1000000", "--no-figures", "--keep", keep)
    ]
    for keep in ("nothing", "firings")
}

Cost = tuple[float, float]  # seconds by the clock, and of all cores


@dataclass(frozen=True)
class Taken:
    """What the version before and this one take for something: medians."""

    what: str
    before: Cost
    now: Cost
    times: float  # as fast by the clock, turn by turn

    def __str__(self) -> str:
        costs = (*self.before, *self.now, self.times)
        return "  ".join([*(f"{one:7.3f}" for one in costs), self.what])


def answer() -> None:
    """Answer in a warm process, a line of two numbers for each line that is read."""
    from coopsim import api  # noqa: PLC0415  # of the version that is measured

    written = api.load(SCENARIO)
    base, number = api.play(written, runs=10_000), 0
    print("ready", flush=True)
    for line in sys.stdin:
        runs, few = WARM[line.strip()]
        asked = list(written.scenario.outcomes)[:few] if few else ()
        beside, number = base.asking(asked), number + 1
        begun, used = time.perf_counter(), time.process_time()
        changed = written.revised({CHANGED: f"{0.2 + number / 1000} per year"})
        api.play(changed, runs=runs, outcomes=asked).against(beside)
        print(time.perf_counter() - begun, time.process_time() - used, flush=True)


def warm(tree: Path, stack: ExitStack) -> Callable[[str], Cost]:
    """Start a process that is asked again and again."""
    process = stack.enter_context(
        subprocess.Popen(
            [sys.executable, __file__, "--answer"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=commands.ROOT,
            env=os.environ | {"PYTHONPATH": str(tree / "src")},
        )
    )
    stack.callback(process.kill)
    asked, told = process.stdin, process.stdout
    assert asked is not None
    assert told is not None
    told.readline()

    def ask(what: str) -> Cost:
        print(what, file=asked, flush=True)
        seconds, used = map(float, told.readline().split())
        return seconds, used

    return ask


def whole(tree: Path, arguments: Sequence[str]) -> Cost:
    """Run a command to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run = commands.anew if arguments[0] == "run" else _alone
    seconds = run(*arguments, PYTHONPATH=str(tree / "src")).seconds
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used


def _alone(*arguments: str, **environment: str) -> commands.Spent:
    return commands.spent(arguments, **environment)


def measured(before: Path, laps: int, *, million: bool) -> Iterator[Taken]:
    """Let both versions take turns at everything; the first lap warms up."""
    trees = (before, commands.ROOT)
    with ExitStack() as stack:
        asks = [warm(tree, stack) for tree in trees]
        for what in WARM:
            yield taken_by(what, [[ask(what) for ask in asks] for _ in range(3 * laps + 1)][1:])
    for what, arguments in WHOLE.items():
        taken = [[whole(tree, arguments) for tree in trees] for _ in range(laps + 1)]
        yield taken_by(what, taken[1:])
    for what, arguments in MILLION.items() if million else ():
        yield taken_by(what, [[whole(tree, arguments) for tree in trees]])


def taken_by(what: str, laps: Sequence[Sequence[Cost]]) -> Taken:
    """Find what both take, of what they took turn by turn."""
    before, now = (_medians([lap[side] for lap in laps]) for side in (0, 1))
    return Taken(what, before, now, median(lap[0][0] / lap[1][0] for lap in laps))


def _medians(costs: Sequence[Cost]) -> Cost:
    return median(one for one, _ in costs), median(one for _, one in costs)


def main() -> None:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path, nargs="?", help="a checkout of the older version")
    parser.add_argument("--laps", type=int, default=5, help="how often each is measured")
    parser.add_argument("--million", action="store_true", help="play a million timelines, too")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.answer:
        answer()
        return
    if asked.before is None:
        parser.error("name a checkout of the older version")
    print("before: seconds, and of all cores; now: the same; times as fast")
    for taken in measured(asked.before.resolve(), asked.laps, million=asked.million):
        print(taken, flush=True)


if __name__ == "__main__":
    main()
