"""Timelines of several results side by side: the same run of each, and what differs.

With one seed, results share their luck (common random numbers): the difference within a run is
due to the assumptions alone, and its spread is far below that of independent timelines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from coopsim.analysis.kinds.base import Column
from coopsim.analysis.statistics.estimates import Interval, mean_interval, share_of
from coopsim.analysis.statistics.spread import WHOLE, Spread, Sums
from coopsim.analysis.timelines import NEITHER, BoolArray, IntArray
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.firings import Firings

_ONE_WAY = 6  # timelines: fewer move the same way by chance in more than 5 of 100 cases


@dataclass(frozen=True, slots=True)
class PairedEstimate:
    """A result's number less the base's, its standard error and 95 % interval.

    An error that cannot be told from these timelines is None; a median's standard error is its
    interval's width over 3.92. `everywhere` says that all timelines move the same way.
    """

    value: float
    se: float | None
    interval: Interval | None
    everywhere: bool = False

    @property
    def told_from_zero(self) -> bool:
        """Check whether the interval leaves out zero, or all timelines move the same way.

        A mean that all of them move alike may have a wide interval: that of what is not seen.
        """
        known = self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]
        return known or self.everywhere

    @property
    def by_chance(self) -> bool:
        """Check whether chance alone may make it stand out, as some timelines differ."""
        return self.interval is not None and self.se != 0


def chances(differences: Iterable[PairedEstimate | None]) -> int:
    """Count the differences that chance alone may make stand out, five in a hundred of them."""
    return sum(one is not None and one.by_chance for one in differences)


@dataclass(frozen=True, slots=True)
class MovedShares:
    """The shares of runs in which a number is above the base's, and below it.

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
        yield tuple(_cut(part, first, end - first) for part in held)
        if end == runs:
            return
        first = end
        held = [
            next(reader) if part.first_run + part.runs == end else part
            for reader, part in zip(readers, held, strict=True)
        ]


def _cut(part: Firings, first_run: int, runs: int) -> Firings:
    whole = (part.first_run, part.runs) == (first_run, runs)
    return part if whole else part.cut(first_run, runs)


class PairedSums:
    """The numbers of several results, and how each run differs from the base's.

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

    def update_truths(self, block: Sequence[BoolArray]) -> None:
        """Take in numbers that are 1 or 0, as `update` does: they are only counted."""
        runs, base = len(block[0]), block[0]
        self._runs += runs
        own = np.array([_counted(each) for each in block])
        ups = np.zeros_like(own)
        for number, each in enumerate(block[1:], start=1):
            ups[number] = _counted(each > base)
        downs = own[0] + ups - own
        self._sums += own
        self._own.update_signs(own, np.zeros_like(own), runs)
        self._differences.update_signs(ups, downs, runs)
        self._ups += ups
        self._downs += downs

    def merge(self, other: Self) -> None:
        """Take in what another one has gathered of other runs."""
        self._runs += other._runs
        self._sums += other._sums
        self._own.merge(other._own)
        self._differences.merge(other._differences)
        self._ups += other._ups
        self._downs += other._downs

    def value(self, result: int, column: int) -> float:
        """Get the mean of a number over the runs."""
        return self._sums.item(result, column) / self._runs / self._grid

    def interval(self, result: int, place: int, column: Column) -> Interval | None:
        """Bound the mean of a number at 95 %; None where it cannot be told."""
        if column.unit == "share":
            return share_of(round(self._sums.item(result, place)), self._runs).interval
        spread = self._own.spread(result, place).divided(self._grid)
        return mean_interval(spread, column.unit, column.whole)

    def moved(self, result: int, column: int) -> MovedShares:
        """Get in which shares of the runs a result's number is above the base's, and below it."""
        up, down = self._ups.item(result, column), self._downs.item(result, column)
        return MovedShares(up / self._runs, down / self._runs)

    def difference(
        self, result: int, column: int, unit: str, whole: float | None = None
    ) -> PairedEstimate:
        """Estimate how a result's number differs from the base's, as `mean_difference`."""
        spread = self._differences.spread(result, column).divided(self._grid)
        most = max(self._ups.item(result, column), self._downs.item(result, column))
        everywhere = most == self._runs >= _ONE_WAY
        return mean_difference(spread, unit, whole, everywhere=everywhere)


def _counted(truths: BoolArray) -> IntArray:
    """Count in each column how many are true."""
    # As bytes, of which 255 cannot overflow: to add them up as numbers takes eight times as long.
    rows = truths.view(np.uint8)
    counted = np.zeros(rows.shape[1], dtype=np.int64)
    for first in range(0, len(rows), 255):
        counted += rows[first : first + 255].sum(axis=0, dtype=np.uint8)
    return counted


def mean_difference(
    spread: Spread, unit: str, whole: float | None = None, *, everywhere: bool = False
) -> PairedEstimate:
    """Estimate a difference from how it lies within the runs, which may move it one way everywhere.

    `whole` is what it cannot go beyond, where the unit does not say it.
    """
    value, reach = spread.mean, spread.reach(unit, whole)
    if reach is None:
        return PairedEstimate(value, spread.se, None, everywhere)
    most = WHOLE.get(unit, math.inf) if whole is None else whole
    interval = max(value - reach, -most), min(value + reach, most)
    return PairedEstimate(value, spread.se, interval, everywhere)


def moments_moved(base: IntArray, other: IntArray) -> MovedShares:
    """Get in which shares of the runs a date or a gap is later or longer, never counting as latest.

    Of gaps, runs to which one of the two does not apply count as unmoved.
    """
    applicable = (base != NEITHER) & (other != NEITHER)
    up = (other > base) & applicable
    down = (other < base) & applicable
    return MovedShares(float(up.mean()), float(down.mean()))
