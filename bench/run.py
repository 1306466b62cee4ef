"""Measure coopsim against what one would write or take instead, and write bench/results.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

import against
import commands
import contenders
import growth
import report
import two_versions
import worlds
from checking import STANDARD_ERRORS, differences, statistics
from racing import Contender, race


def checks(share: float) -> Iterator[str]:
    """Compare all who play the world of 72 events with the compiled engine, in words.

    `share` scales the numbers of timelines. Ends the program where statistics differ.
    """
    logs = contenders.samples(share)
    first = next(logs)
    expected = statistics(first)
    for log in logs:
        found = statistics(log)
        if apart := sorted(differences(expected, found)):
            sys.exit("\n  ".join([f"{first.name} and {log.name} differ:", *apart]))
        yield (
            f"{log.name}: {log.runs:,} timelines, of which all "
            f"{len(expected.keys() & found.keys())} statistics (how often each event happens and "
            f"works, whether at all, when first) lie within {STANDARD_ERRORS} standard errors of "
            f"those of {first.runs:,} timelines of {first.name}."
        )


def measure(laps: int, share: float, before: str | None) -> report.Measured:
    """Measure all there is; `share` scales the numbers of timelines, `before` is a commit."""
    print("the same world?", flush=True)
    checked = list(checks(share))
    print("races", flush=True)
    baseline, model72 = races(laps, share)
    print("growth", flush=True)
    cores = {
        name: growth.over_cores(program, laps, round(100_000 * share))
        for name, program in worlds.programs().items()
    }
    events = growth.with_events(laps, share)
    runs = growth.with_runs(laps, [round(number * share) for number in (1e3, 1e4, 1e5)])
    print("whole commands", flush=True)
    starts, whole = commands.starts(laps), commands.whole(min(laps, 3))
    timelines = round(1_000_000 * share)
    many = commands.many(timelines)
    versions = None if before is None else beside(before, laps, share)
    return report.Measured(
        checked, baseline, model72, cores, events, runs, starts, whole, many, timelines, versions
    )


def beside(before: str, laps: int, share: float) -> report.Versions:
    """Measure this version and that of a commit in turn."""
    print(f"beside {before}", flush=True)
    with against.package_of(before) as package:
        kernels = list(against.against(package, max(1, round(120 * share))))
        taken = list(two_versions.measured(package, laps, million=share >= 1))
    return report.Versions(before, kernels, taken)


def races(laps: int, share: float) -> tuple[Sequence[Contender], Sequence[Contender]]:
    """Run both races."""
    baseline, model72 = contenders.on_the_baseline(share), contenders.on_model72(share)
    race(baseline, laps)
    race(model72, laps)
    return baseline, model72


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="print short races, and nothing else")
    parser.add_argument("--laps", type=int, help="turns of each contender")
    parser.add_argument("--share", type=float, default=1.0, help="of the usual numbers, to try it")
    parser.add_argument("--before", metavar="COMMIT", help="measure its version in turn, too")
    options = parser.parse_args()
    if options.quick:
        for field in races(options.laps or 3, 0.3):
            print(report.race_table(field), end="\n\n")
    else:
        report.write(measure(options.laps or 7, options.share, options.before))
        print(f"written: {report.RESULTS}")
