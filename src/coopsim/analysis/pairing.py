"""Timelines of several results side by side: the same run of each, and what differs.

With one seed, results share their luck (common random numbers): the difference within a run is
due to the assumptions alone, and its spread is far below that of independent timelines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import stdtrit

from coopsim.analysis.checkpoints import Checkpoints, calendar_years
from coopsim.analysis.estimates import Z95, Interval, rank, share_of
from coopsim.analysis.order_statistics import Bounds, bounds
from coopsim.analysis.outcomes import (
    LONGER,
    NEITHER,
    SHORTER,
    Answers,
    Counts,
    Dates,
    Firsts,
    Gaps,
    Indices,
    Levels,
    Query,
)
from coopsim.analysis.timelines import FloatArray, IntArray
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

SECTIONS = 20
SECTION_RUNS = 10  # a section's median needs some timelines to be one


@dataclass(frozen=True, slots=True)
class Column:
    """Say what one number of a timeline is: of which measure, on which day, of which label.

    The unit is `share` where the number is 0 or 1, else `count` or `percent`.
    """

    measure: str
    unit: str
    day: date | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold a result's number less the base's, its standard error and 95 % interval.

    An error that cannot be told from these timelines is None.
    """

    value: float
    se: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Hold the shares of runs in which a number is above the base's, and below it.

    Where both are above 0, a change of assumptions does not move the answer one way only.
    """

    up: float
    down: float

    @property
    def against(self) -> float:
        """Get the share of runs that move against the more frequent way."""
        return min(self.up, self.down)


def aligned(results: Sequence[Iterable[Firings]], runs: int) -> Iterator[tuple[Firings, ...]]:
    """Cut the parts of several results, each from run 0 on, into the same blocks of runs."""
    readers = [iter(parts) for parts in results]
    held = [next(reader) for reader in readers]
    first = 0
    while True:
        end = min(runs, *(part.first_run + part.runs for part in held))
        yield tuple(_cut(part, first, end) for part in held)
        if end == runs:
            return
        first = end
        held = [
            next(reader) if part.first_run + part.runs == end else part
            for reader, part in zip(readers, held, strict=True)
        ]


def _cut(part: Firings, first: int, end: int) -> Firings:
    low, high = np.searchsorted(part.run, [first, end])
    rows = slice(low, high)
    return Firings(
        first, end - first, part.run[rows], part.event[rows], part.outcome[rows], part.time[rows]
    )


def columns(query: Query, program: Program, days: Checkpoints, first_year: int) -> list[Column]:
    """List what `numbers` tells of each timeline, the headline first."""
    closing, labels = days.days[-1], query.labels
    match query.kind:
        case "count":
            years = (year for year in calendar_years(program) if year >= first_year)
            by_year = (Column("per_year", "count", None, str(year)) for year in years)
            return [Column("mean", "count"), *by_year]
        case "between":
            keys = ("both", "only_first", "only_second", "neither")
            return [Column("share", "share", None, key) for key in keys]
        case "first_of":
            shares = [Column("share", "share", None, label) for label in (*labels, "neither")]
            return shares + [Column("by", "share", day, k) for day in days.days for k in labels]
        case "driver":
            levels = program.levels_of(query.variable)
            return [Column("share", "share", day, k) for day in days.days for k in levels]
        case "index":
            return [Column("mean", "percent", day) for day in days.days]
        case _:
            by = [Column("by", "share", day) for day in days.days]
            return [Column("probability", "share", closing), *by]


def numbers(
    answers: Answers, query: Query, program: Program, looks: IntArray, first_year: int
) -> FloatArray:
    """Tell every timeline's numbers, shape (runs, columns), at some seconds since start."""
    match answers:
        case Dates():
            happened = answers.times[:, np.newaxis] < looks
            found = np.hstack((happened[:, -1:], happened))
        case Counts():
            years = answers.by_year[:, first_year - calendar_years(program)[0] :]
            found = np.hstack((answers.by_year.sum(axis=1, keepdims=True), years))
        case Gaps():
            found = _gap_shares(answers)
        case Firsts():
            found = _first_shares(answers, len(query.labels), looks)
        case Levels():
            levels = np.arange(len(program.levels_of(query.variable)))
            found = answers.levels[:, :, np.newaxis] == levels
        case Indices():
            return answers.percent
    return found.reshape(len(found), -1).astype(np.float64)


def _gap_shares(answers: Gaps) -> np.ndarray:
    unseen = [answers.seconds == value for value in (LONGER, SHORTER, NEITHER)]
    return np.column_stack((~np.any(unseen, axis=0), *unseen))


def _first_shares(answers: Firsts, branches: int, looks: IntArray) -> np.ndarray:
    won = answers.branch[:, np.newaxis] == np.arange(branches + 1)
    before = answers.times[:, np.newaxis, np.newaxis] < looks[:, np.newaxis]
    by_day = before & won[:, np.newaxis, :branches]
    return np.hstack((won, by_day.reshape(len(won), -1)))


class PairedSums:
    """Gather the numbers of several results, and how each run differs from the base's.

    Differences are within runs, so whatever two results share cancels; where they share
    nothing, the same formulas give the error of independent samples.
    """

    def __init__(self, results: int, width: int) -> None:
        self._runs = 0
        self._sums = np.zeros((results, width))
        self._own_squares = np.zeros((results, width))
        self._differences = np.zeros((results, width))
        self._squares = np.zeros((results, width))
        self._ups = np.zeros((results, width))
        self._downs = np.zeros((results, width))

    def update(self, block: Sequence[FloatArray]) -> None:
        """Take in the numbers of one block of runs, those of the base first."""
        self._runs += len(block[0])
        for result, found in enumerate(block):
            difference = found - block[0]
            self._sums[result] += found.sum(axis=0)
            self._own_squares[result] += (found**2).sum(axis=0)
            self._differences[result] += difference.sum(axis=0)
            self._squares[result] += (difference**2).sum(axis=0)
            self._ups[result] += (difference > 0).sum(axis=0)
            self._downs[result] += (difference < 0).sum(axis=0)

    def value(self, result: int, column: int) -> float:
        """Get the mean of a number over the runs."""
        return float(self._sums[result, column]) / self._runs

    def interval(self, result: int, column: int, unit: str) -> Interval:
        """Bound the mean of a number at 95 %: by Wilson's interval of a share, else the normal."""
        total = float(self._sums[result, column])
        if unit == "share":
            return share_of(round(total), self._runs).interval
        value, squares = total / self._runs, float(self._own_squares[result, column])
        reach = Z95 * _mean_se(total, squares, self._runs)
        return value - reach, value + reach

    def moved(self, result: int, column: int) -> Moved:
        """Get in which shares of the runs a result's number is above the base's, and below it."""
        up, down = self._ups[result, column], self._downs[result, column]
        return Moved(float(up) / self._runs, float(down) / self._runs)

    def difference(self, result: int, column: int, unit: str) -> Difference:
        """Estimate how a result's number differs from the base's."""
        total = float(self._differences[result, column])
        squares = float(self._squares[result, column])
        se = _mean_se(total, squares, self._runs)
        value = total / self._runs
        if unit == "share":
            return Difference(value, se, _share_interval(total, squares, self._runs))
        return Difference(value, se, (value - Z95 * se, value + Z95 * se))


def _mean_se(total: float, squares: float, runs: int) -> float:
    # Clamped: where all differences are equal, rounding may leave a hair below 0.
    return math.sqrt(max(squares - total**2 / runs, 0.0) / (runs - 1) / runs)


def _share_interval(total: float, squares: float, runs: int) -> Interval:
    """Bound a difference of paired shares as Agresti and Min do (Stat. Med. 24, 2005).

    Half a timeline more in each of the four cells keeps the interval honest where few
    timelines differ, or none.
    """
    centre = total / (runs + 2)
    half = Z95 * math.sqrt(((squares + 1) / (runs + 2) - centre**2) / (runs + 2))
    return max(centre - half, -1.0), min(centre + half, 1.0)


def median(moments: IntArray) -> int | None:
    """Get the median of the timelines to which it applies; None where it cannot be seen."""
    applicable = moments[moments != NEITHER]
    if not len(applicable):
        return None
    position = rank(50, len(applicable))
    return _seen(np.partition(applicable, position)[position])


def _seen(moment: np.int64) -> int | None:
    return None if moment in (LONGER, SHORTER) else int(moment)


def median_bounds(moments: IntArray) -> Bounds[int]:
    """Bound the median at 95 % by order statistics; None where an end cannot be seen."""
    applicable = np.sort(moments[moments != NEITHER])
    return bounds(lambda position: _seen(applicable[position]), len(applicable), 0.5)


def median_difference(base: IntArray, other: IntArray, unit_seconds: int) -> Difference | None:
    """Estimate how a median differs from the base's, runs paired; None if one is not reached.

    The interval is by sectioning (Asmussen and Glynn, Stochastic Simulation, 2007, III.5): the
    spread of the difference over 20 sections of runs, with Student's t. It is None where a
    median is not reached in every section, or the sections are too short.
    """
    value = _shift(base, other, unit_seconds)
    if value is None:
        return None
    parts = zip(np.array_split(base, SECTIONS), np.array_split(other, SECTIONS), strict=True)
    shifts = [_shift(*pair, unit_seconds) for pair in parts]
    seen = [shift for shift in shifts if shift is not None]
    if len(seen) < SECTIONS or len(base) < SECTIONS * SECTION_RUNS:
        return Difference(value, None, None)
    variance = sum((shift - value) ** 2 for shift in seen) / (SECTIONS - 1)
    se = math.sqrt(variance / SECTIONS)
    half = float(stdtrit(SECTIONS - 1, 0.975)) * se
    return Difference(value, se, (value - half, value + half))


def moments_moved(base: IntArray, other: IntArray) -> Moved:
    """Get in which shares of the runs a date or a gap is later or longer, never counting as latest.

    Of gaps, runs to which one of the two does not apply count as unmoved.
    """
    applicable = (base != NEITHER) & (other != NEITHER)
    up = (other > base) & applicable
    down = (other < base) & applicable
    return Moved(float(up.mean()), float(down.mean()))


def _shift(base: IntArray, other: IntArray, unit_seconds: int) -> float | None:
    before, after = median(base), median(other)
    return None if before is None or after is None else (after - before) / unit_seconds
