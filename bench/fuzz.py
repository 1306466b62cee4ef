"""Throw mangled inputs at every way into coopsim, and list what is not a plain message.

    python bench/fuzz.py 100000                 # as many, divided among the targets
    python bench/fuzz.py 1 --target setting --first 4711      # one case again, with its traceback

Ends with exit code 1 where a case raised anything but an error that coopsim foresaw, gave an
engine two answers, or took longer than ten seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import io
import os
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import mangled

LONGEST_SECONDS = 10.0
_OFTENER = 10  # than whole commands, which take a hundred times as long as reading an input
HANGING_SECONDS = 120  # then the whole run ends and says where it stood


@dataclass(slots=True)
class Tally:
    """Count what became of the cases of one target."""

    taken: int = 0
    refused: int = 0
    slowest: tuple[float, int] = (0.0, 0)
    faults: list[int] = field(default_factory=list)
    kinds: dict[str, list[int]] = field(default_factory=dict)

    def fault(self, kind: str, case: int) -> None:
        """Count a case that ended as it should not."""
        self.faults.append(case)
        self.kinds.setdefault(kind, []).append(case)

    def row(self, target: str) -> str:
        """Write the counts as a row of a table."""
        seconds, case = self.slowest
        cases = self.taken + self.refused + len(self.faults)
        return (
            f"| {target} | {cases:,} | {self.taken:,} | {self.refused:,} | {len(self.faults):,} | "
            f"{seconds:.1f} s (case {case}) |"
        )


def throw(target: str, case: int, bench: mangled.Bench, tally: Tally, *, aloud: bool) -> None:
    """Throw one case and count what became of it."""
    begun = time.perf_counter()
    faulthandler.dump_traceback_later(HANGING_SECONDS, exit=True)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            taken = mangled.thrown(target, case, bench)
    except Exception as error:  # noqa: BLE001  # whatever is not foreseen is what we look for
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        tally.fault(f"{type(error).__name__} in {place}", case)
        if aloud:
            traceback.print_exc()
        return
    finally:
        faulthandler.cancel_dump_traceback_later()
        seconds = time.perf_counter() - begun
        tally.slowest = max(tally.slowest, (seconds, case))
        if seconds > LONGEST_SECONDS:
            tally.fault(f"longer than {LONGEST_SECONDS:.0f} s", case)
    tally.taken += taken
    tally.refused += not taken


def main() -> int:
    """Throw as many cases as are asked for; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, help="how many, divided among the targets")
    parser.add_argument("--target", choices=sorted(mangled.TARGETS), help="only this one")
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    options = parser.parse_args()
    targets = [options.target] if options.target else list(mangled.TARGETS)
    slow = ("arguments", "swept", "titled", "cited")
    parts = {target: 1 if target in slow else _OFTENER for target in targets}
    counts = {
        target: -(-options.count * part // sum(parts.values())) for target, part in parts.items()
    }
    tallies = {target: Tally() for target in targets}
    with tempfile.TemporaryDirectory() as folder:
        bench = mangled.Bench.at(Path(folder))
        os.chdir(folder)
        for target, tally in tallies.items():
            for case in range(options.first, options.first + counts[target]):
                throw(target, case, bench, tally, aloud=options.count == 1)
            print(tally.row(target), flush=True)
            for kind, cases in tally.kinds.items():
                print(f"    {len(cases)} x {kind}, first in case {cases[0]}", flush=True)
    return int(any(tally.faults for tally in tallies.values()))


if __name__ == "__main__":
    sys.exit(main())
