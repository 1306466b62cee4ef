"""Timelines of several results side by side: the same run of each, and what differs.

With one seed, results share their luck (common random numbers): the difference within a run is
due to the assumptions alone, and its spread is far below that of independent timelines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from coopsim.analysis.checkpoints import Checkpoints, calendar_years
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
from coopsim.analysis.statistics.estimates import Interval, mean_interval, share_of
from coopsim.analysis.statistics.spread import WHOLE, Spread, Sums
from coopsim.analysis.timelines import FloatArray, IntArray
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

_ONE_WAY = 6  # timelines: fewer move the same way by chance in more than 5 of 100 cases


@dataclass(frozen=True, slots=True)
class Column:
    """Say what one number of a timeline is: of which measure, on which day, of which label.

    The unit is `share` where the number is 0 or 1, else `count`, `percent` or `years`; `whole` is
    what differences cannot go beyond where the unit does not say it.
    """

    measure: str
    unit: str
    day: date | None = None
    label: str | None = None
    whole: float | None = None


@dataclass(frozen=True, slots=True)
class PairedEstimate:
    """Hold a result's number less the base's, its standard error and 95 % interval.

    An error that cannot be told from these timelines is None; a median's standard error is its
    interval's width over 3.92. `everywhere` says that all timelines move the same way.
    """

    value: float
    se: float | None
    interval: Interval | None
    everywhere: bool = False

    @property
    def told_from_zero(self) -> bool:
        """Tell whether the interval leaves out zero, or all timelines move the same way.

        A mean that all of them move alike may have a wide interval: that of what is not seen.
        """
        known = self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]
        return known or self.everywhere

    @property
    def by_chance(self) -> bool:
        """Tell whether chance alone may make it stand out, as some timelines differ."""
        return self.interval is not None and self.se != 0


def chances(differences: Iterable[PairedEstimate | None]) -> int:
    """Count the differences that chance alone may make stand out, five in a hundred of them."""
    return sum(one is not None and one.by_chance for one in differences)


@dataclass(frozen=True, slots=True)
class MovedShares:
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
        yield tuple(part.cut(first, end - first) for part in held)
        if end == runs:
            return
        first = end
        held = [
            next(reader) if part.first_run + part.runs == end else part
            for reader, part in zip(readers, held, strict=True)
        ]


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

    def __init__(self, results: int, width: int, grid: int = 1) -> None:
        """Take in numbers `grid` times as large as they count."""
        self._runs, self._grid = 0, grid
        self._sums = np.zeros((results, width))
        self._own = Sums((results, width))
        self._differences = Sums((results, width))
        self._ups = np.zeros((results, width))
        self._downs = np.zeros((results, width))

    def update(self, block: Sequence[FloatArray]) -> None:
        """Take in the numbers of one block of runs, those of the base first."""
        found = np.stack([each.T for each in block])  # results, columns, runs
        difference = found - found[0]
        self._runs += found.shape[-1]
        self._sums += found.sum(axis=-1)
        self._own.update(found)
        self._differences.update(difference)
        self._ups += (difference > 0).sum(axis=-1)
        self._downs += (difference < 0).sum(axis=-1)

    def value(self, result: int, column: int) -> float:
        """Get the mean of a number over the runs."""
        return float(self._sums[result, column]) / self._runs / self._grid

    def interval(self, result: int, place: int, column: Column) -> Interval | None:
        """Bound the mean of a number at 95 %; None where it cannot be told."""
        if column.unit == "share":
            return share_of(round(float(self._sums[result, place])), self._runs).interval
        spread = self._own.spread(result, place).divided(self._grid)
        return mean_interval(spread, column.unit, column.whole)

    def moved(self, result: int, column: int) -> MovedShares:
        """Get in which shares of the runs a result's number is above the base's, and below it."""
        up, down = self._ups[result, column], self._downs[result, column]
        return MovedShares(float(up) / self._runs, float(down) / self._runs)

    def difference(
        self, result: int, column: int, unit: str, whole: float | None = None
    ) -> PairedEstimate:
        """Estimate how a result's number differs from the base's, as `mean_difference`."""
        spread = self._differences.spread(result, column)
        ways = self._ups[result, column], self._downs[result, column]
        everywhere = bool(max(ways) == self._runs >= _ONE_WAY)
        found = mean_difference(spread.divided(self._grid), unit, whole)
        return replace(found, everywhere=everywhere)


def mean_difference(spread: Spread, unit: str, whole: float | None = None) -> PairedEstimate:
    """Estimate a difference from how it lies within the runs.

    `whole` is what it cannot go beyond, where the unit does not say it.
    """
    value, reach = spread.mean, spread.reach(unit, whole)
    if reach is None:
        return PairedEstimate(value, spread.se, None)
    most = WHOLE.get(unit, math.inf) if whole is None else whole
    return PairedEstimate(value, spread.se, (max(value - reach, -most), min(value + reach, most)))


def moments_moved(base: IntArray, other: IntArray) -> MovedShares:
    """Get in which shares of the runs a date or a gap is later or longer, never counting as latest.

    Of gaps, runs to which one of the two does not apply count as unmoved.
    """
    applicable = (base != NEITHER) & (other != NEITHER)
    up = (other > base) & applicable
    down = (other < base) & applicable
    return MovedShares(float(up.mean()), float(down.mean()))
