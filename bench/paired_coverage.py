"""How often intervals of 95 % hold the truth, above all where hardly any timeline differs.

Every cell plays one small world over and over, each time with other luck, and counts the
intervals that hold the known answer. Means are of counts and shares seldom seen; medians are of
dates in launch windows, between which nothing can happen; shares are those that `explain` gives
to three changes. Run it as `python bench/paired_coverage.py [--help]`; docs/intervals.md shows
what came of it.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.comparing.medians import Middle, shift
from coopsim.analysis.comparing.pairing import PairedSums
from coopsim.analysis.kinds.counts import CountQuery
from coopsim.analysis.kinds.dates import EventQuery
from coopsim.analysis.measures import Measure, Samples
from coopsim.analysis.statistics.estimates import Interval, mean_of
from coopsim.analysis.timelines import LONGER, NEITHER, SHORTER
from coopsim.experiments.mixtures import estimated, kept
from coopsim.experiments.shapley import Coalition, exact
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.simulation.draws import stream_key, uniforms

Array = NDArray[np.float64]
Luck = Callable[[int], Array]  # the k-th number of every timeline
Trial = Callable[[Luck], Interval | None]

SIZES = (300, 2_000, 10_000)
MONTH = 30 * DAY


@dataclass(frozen=True)
class Cell:
    """A world: what is asked of it, its answer, and how an interval comes of some luck."""

    section: str
    title: str
    truth: float
    trial: Trial


@dataclass(frozen=True)
class Tally:
    """How many intervals there were and held the truth, and their mean half-width."""

    held: int
    known: int
    half: float


def luck(repetition: int, runs: int) -> Luck:
    """Make the luck of one repetition."""
    key = stream_key(repetition, "bench.paired_coverage")
    return cache(lambda k: uniforms(key, 0, runs, k))


def tally(cell: Cell, runs: int, repetitions: int) -> Tally:
    """Repeat a trial, each time with other luck."""
    found = [cell.trial(luck(repetition, runs)) for repetition in range(repetitions)]
    known = [one for one in found if one is not None]
    held = sum(low <= cell.truth <= high for low, high in known)
    halves = [(high - low) / 2 for low, high in known]
    return Tally(held, len(known), sum(halves) / max(len(halves), 1))


# --- means ----------------------------------------------------------------------------------------


def seldom(expected: float, size: float, down: float) -> Callable[[Luck], Array]:
    """Differ in so many timelines on average, by 1, 2, ... of this mean, so many of them down."""

    def differences(made: Luck) -> Array:
        differs = made(0) < expected / len(made(0))
        grown = _sizes(made(1), size) if size > 1 else np.ones(len(differs))
        return np.where(differs, np.where(made(2) < down, -grown, grown) if down else grown, 0.0)

    return differences


def steps(expected: float) -> Callable[[Luck], Array]:
    """Differ in so many timelines on average, by a step or, in one of ten, by a far larger one."""

    def differences(made: Luck) -> Array:
        differs = made(0) < expected / len(made(0))
        return np.where(differs, np.where(made(1) < 0.1, 50.0, 10.0), 0.0)

    return differences


def _sizes(u: Array, mean: float) -> Array:
    return 1 + np.floor(np.log(u) / math.log(1 - 1 / mean))


def paired(differences: Callable[[Luck], Array], unit: str) -> Trial:
    """Compare numbers with a base that stays at 3 (a share: at what leaves room)."""

    def trial(made: Luck) -> Interval | None:
        change = differences(made)
        base = np.where(change < 0, 1.0, 0.0) if unit == "share" else np.full(len(change), 3.0)
        sums = PairedSums(2, 1)
        sums.update([base[:, np.newaxis], (base + change)[:, np.newaxis]])
        return sums.difference(1, 0, unit).interval

    return trial


def alone(numbers: Callable[[Luck], Array], unit: str) -> Trial:
    """Take the mean of one result by itself."""
    return lambda made: mean_of(*np.unique(numbers(made), return_counts=True), unit).interval


def poisson(mean: float) -> Callable[[Luck], Array]:
    """Count what comes at a constant rate."""
    chances = [math.exp(-mean) * mean**k / math.factorial(k) for k in range(12)]
    return lambda made: np.searchsorted(np.cumsum(chances), made(0)).astype(np.float64)


def means(runs: int) -> Iterator[Cell]:
    """Yield the worlds of means; all numbers are a timeline's."""
    section = "paired differences of means"
    for expected in (1, 3, 4, 6, 10, 30):
        for size, down in ((1, 0.0), (1, 0.5), (2, 0.0), (10 / 3, 0.0)):
            what = "-1 or 1" if down else "1" if size == 1 else f"1, 2, 3, ... (mean {size:.1f})"
            truth = expected / runs * size * (1 - 2 * down)
            made = seldom(expected, size, down)
            text = f"by {what}, in {expected} on average"
            yield Cell(section, f"count, {text}", truth, paired(made, "count"))
            if size == 1:
                yield Cell(section, f"share, {text}", truth, paired(made, "share"))
    for expected in (1, 3, 4, 6, 10, 15, 20, 30):
        text = f"index, by 10, one in ten by 50, in {expected} on average"
        yield Cell(section, text, 14 * expected / runs, paired(steps(expected), "percent"))
    yield Cell(section, "count, in all, Poisson 1", 1.0, paired(poisson(1), "count"))
    section = "means of one result"
    for expected in (1, 3, 4, 6, 10, 30):
        text = f"count, seen in {expected} on average"
        yield Cell(section, text, expected / runs, alone(seldom(expected, 1, 0.0), "count"))
    yield Cell(section, "count, Poisson 1", 1.0, alone(poisson(1), "count"))
    years = lambda made: -np.log(made(0))  # noqa: E731  # a law, named
    yield Cell(section, "gap in years, exponential", 1.0, alone(years, "years"))


# --- medians --------------------------------------------------------------------------------------


def date_in_window(u: Array, mean_years: float) -> NDArray[np.int64]:
    """Wait for an exponential time, and then for the window that opens for a month every 26."""
    months = -np.log1p(-u) * mean_years * YEAR / MONTH
    cycle = np.floor(months / 26)
    return ((cycle * 26 + (months / 26 - cycle)) * MONTH).astype(np.int64)


def median_in_window(mean_years: float) -> int:
    """Find the median, as the date goes up with the number that it is drawn by."""
    return int(date_in_window(np.array([0.5]), mean_years)[0])


def two_medians(before: float, after: float, alike: float) -> Trial:
    """Compare two results that share the luck of so many timelines."""

    def trial(made: Luck) -> Interval | None:
        u = made(0)
        v = np.where(made(1) < alike, u, made(2))
        dates = date_in_window(u, before), date_in_window(v, after)
        found = shift(*map(Middle.of, dates), YEAR)
        return None if found is None else found.interval

    return trial


def plain_medians(made: Luck) -> Interval | None:
    """Compare an exponential date with twice the same."""
    dates = (-np.log(made(0)) * YEAR).astype(np.int64)
    found = shift(Middle.of(dates), Middle.of(2 * dates), YEAR)
    return None if found is None else found.interval


def gaps(made: Luck) -> Interval | None:
    """Compare gaps of which some are not seen with gaps twice as long."""
    years = (-np.log(made(0)) * YEAR).astype(np.int64)
    unseen = np.select([made(1) < 0.1, made(1) < 0.2, made(1) < 0.4], [LONGER, SHORTER, NEITHER], 0)
    seen = unseen == 0
    pair = (np.where(seen, years, unseen), np.where(seen, 2 * years, unseen))
    found = shift(*map(Middle.of, pair), YEAR)
    return None if found is None else found.interval


# Half of the dates lie before the gap where the mean is this, so that chance decides the side.
EDGE = 26 * MONTH / YEAR / math.log(2)


def medians() -> Iterator[Cell]:
    """Yield the worlds of medians."""
    section = "paired differences of medians"
    yield Cell(section, "no windows, twice as late", math.log(2), plain_medians)
    yield Cell(section, "gaps, twice as long, 4 of 10 not seen", math.log(2), gaps)
    for before, after in ((1.0, 1.05), (0.98, 1.02), (1.002, 0.998), (1.0, 1.5), (0.6, 0.63)):
        for alike in (1.0, 0.5, 0.0):
            truth = (median_in_window(after * EDGE) - median_in_window(before * EDGE)) / YEAR
            text = f"windows, {before} and {after} of the edge, {alike:.0%} of luck shared"
            yield Cell(section, text, truth, two_medians(before * EDGE, after * EDGE, alike))


# --- shares of changes ----------------------------------------------------------------------------

CHANGES = 3
ALL = frozenset(range(CHANGES))
PROBABILITY = Measure("asked", EventQuery("asked", "", 1, (), (), -1, ()), "share")
COUNT = Measure("asked", CountQuery("asked", "", 1, (), (), -1, ()), "count")


def every_coalition() -> list[Coalition]:
    """List all sets of changes."""
    return [frozenset(c) for size in range(CHANGES + 1) for c in combinations(ALL, size)]


def share_of_first(
    numbers: Callable[[Coalition, Luck], Array],
    dates: Callable[[Coalition, Luck], NDArray[np.int64]],
    measure: Measure,
    *,
    by_date: bool,
) -> Trial:
    """Explain by three changes, and take the share of the first."""

    def trial(made: Luck) -> Interval | None:
        variants = {}
        for coalition in every_coalition():
            moments = (dates(coalition, made),) if measure.dated else (None,)
            variants[coalition] = kept(
                Samples(numbers(coalition, made)[np.newaxis], moments), [measure]
            )
        runs = len(made(0))
        ((mean, median),) = estimated(variants, [[exact(0, CHANGES)]], 0, measure, runs)
        found = median if by_date else mean
        return None if found is None else found.interval

    return trial


def chance_of(expected: float, runs: int) -> Callable[[Coalition, Luck], Array]:
    """Fire an event that the first change makes likelier, more so beside the second."""
    return lambda coalition, made: (made(0) < _chance(coalition, expected, runs)).astype(np.float64)


def _chance(coalition: Coalition, expected: float, runs: int) -> float:
    return 0.2 + (expected / runs) * ((0 in coalition) + 0.5 * ({0, 1} <= coalition))


def window_of(coalition: Coalition, made: Luck) -> NDArray[np.int64]:
    """Put a date off by some per cent for every change."""
    return date_in_window(made(0), _mean_years(coalition))


def _mean_years(coalition: Coalition) -> float:
    return EDGE * (
        0.98 + 0.03 * (0 in coalition) + 0.005 * (1 in coalition) - 0.004 * (2 in coalition)
    )


def explained(runs: int) -> Iterator[Cell]:
    """Yield the worlds of which changes are explained."""
    section = "shares that `explain` gives"
    for expected in (1, 3, 4, 6, 10, 30):
        # The first adds 1, and 1.5 beside the second, which it is in half of the orders: 1.25.
        numbers = chance_of(expected, runs)
        for measure in (PROBABILITY, COUNT):
            text = f"{measure.unit}, in {expected} on average, half as many more beside another"
            trial = share_of_first(numbers, window_of, measure, by_date=False)
            yield Cell(section, text, 1.25 * expected / runs, trial)
    truth = sum(
        weight * (median_in_window(_mean_years(having)) - median_in_window(_mean_years(without)))
        for weight, without, having in exact(0, CHANGES)
    )
    certain = lambda _coalition, made: np.ones(len(made(0)))  # noqa: E731  # a law, named
    yield Cell(
        section,
        "median, windows, three changes near the edge",
        truth / YEAR,
        share_of_first(certain, window_of, PROBABILITY, by_date=True),
    )


# --- the table ------------------------------------------------------------------------------------


def report(sizes: Sequence[int], repetitions: int, only: str) -> Iterator[str]:
    """Write a table in Markdown, a line for each cell and a column for each number of timelines."""
    cells = [[*means(runs), *medians(), *explained(runs)] for runs in sizes]
    heading = ""
    for row in zip(*cells, strict=True):
        one = row[0]
        if only not in f"{one.section}: {one.title}":
            continue
        if one.section != heading:
            heading = one.section
            yield f"\n{heading}, {repetitions:,} repetitions\n"
            yield f"| world | {' | '.join(f'{runs:,}' for runs in sizes)} |"
            yield f"| --- |{' ---: |' * len(sizes)}"
        found = [tally(cell, runs, repetitions) for cell, runs in zip(row, sizes, strict=True)]
        yield f"| {one.title} | {' | '.join(_shown(each, repetitions) for each in found)} |"


def _shown(found: Tally, repetitions: int) -> str:
    unknown = repetitions - found.known
    share = f"{100 * found.held / found.known:.1f}" if found.known else "-"
    return f"{share} ({unknown} `?`)" if unknown else share


def main() -> None:
    """Print the coverage of all intervals, in percent."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--repetitions", type=int, default=1_000)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--only", default="", help="a part of a section's or a world's name")
    given = parser.parse_args()
    for line in report(given.sizes, given.repetitions, given.only):
        print(line, flush=True)


if __name__ == "__main__":
    main()
