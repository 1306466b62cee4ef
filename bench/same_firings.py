"""Show that scenarios in other words play out as before: every firing of two folders, run by run.

    git archive COMMIT scenarios seeds | tar x -C BEFORE
    python bench/same_firings.py BEFORE/scenarios scenarios --runs 2000 --renamed bluff=passes

A scenario is the same where each run has the same firings: event, outcome and second. Those of
events that only one version has are counted apart, as are runs in which two firings of one second
change places.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from coopsim.scenario.loading import load_resolved
from coopsim.simulation import compiled
from coopsim.simulation.building import build_program

Rows = list[list[tuple[str, str, int]]]  # of each run: event, outcome, second


def main() -> None:
    """Compare all scenarios of two folders."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("before", type=Path)
    asked.add_argument("after", type=Path)
    asked.add_argument("--runs", type=int, default=2000)
    asked.add_argument("--renamed", action="append", default=[], metavar="OLD=NEW")
    given = asked.parse_args()
    renamed = dict(one.split("=") for one in given.renamed)
    for path in sorted(given.before.glob("*.yaml")):
        before = played(path, given.runs, renamed)
        after = played(given.after / path.name, given.runs, {})
        print(f"{path.stem:20} {told(before, after)}")


def played(path: Path, runs: int, renamed: Mapping[str, str]) -> Rows:
    """Play a scenario; gives the firings of each run, in their order."""
    program = build_program(load_resolved(path).scenario)
    names = [event.name for event in program.events]
    outcomes = [[str(one.name) for one in event.outcomes] for event in program.events]
    found = compiled.simulate(program, 0, runs)
    rows: Rows = [[] for _ in range(runs)]
    columns = (found.run, found.event, found.outcome, found.time)
    for run, event, outcome, time in zip(*(one.tolist() for one in columns), strict=True):
        name = outcomes[event][outcome]
        rows[run].append((names[event], renamed.get(name, name), time))
    return rows


def told(before: Rows, after: Rows) -> str:
    """Say how many firings there are, and how many runs differ."""
    shared = _names(before) & _names(after)
    ours, theirs = (
        [[one for one in run if one[0] in shared] for run in rows] for rows in (before, after)
    )
    pairs = list(zip(ours, theirs, strict=True))
    different = sum(Counter(one) != Counter(other) for one, other in pairs)
    reordered = sum(one != other for one, other in pairs) - different
    only = sum(map(len, before)) - sum(map(len, ours)), sum(map(len, after)) - sum(map(len, theirs))
    return (
        f"{sum(map(len, ours)):,} firings, {different:,} of {len(before):,} runs differ, "
        f"{reordered:,} in the order within a second; {only[0]:,} and {only[1]:,} of other events"
    )


def _names(rows: Rows) -> set[str]:
    return {event for run in rows for event, _, _ in run}


if __name__ == "__main__":
    main()
