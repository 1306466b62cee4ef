"""How far a mean may be from the one of endless timelines, also where few timelines differ.

The usual interval takes the variance for known. Where few numbers deviate from the rest it is
not, and next to nothing where none does. So what may have gone unseen is counted in: with w the
typical size of what deviates, the half-width is the root of t^2 s^2 / n + z^4 w^2 / n^2.
The first term is Student's, the second the error of the variance; where nothing deviates it is
the rule of three (Hanley and Lippman-Hand, JAMA 249, 1983), with z^2 = 3.84 in place of 3 as in
Wilson's interval, times the largest size that may have gone unseen. docs/intervals.md tells how
often such intervals hold the truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np

from coopsim.analysis.statistics import special
from coopsim.analysis.timelines import IntArray
from coopsim.scenario.notation.quantiles import FloatArray

Z95 = 1.959963984540054  # the 97.5th percentile of the standard normal distribution
_MANY = 1000  # degrees of freedom
_HAIR = 1e-9  # what floats make of numbers that are all the same
WHOLE = {"share": 1.0, "percent": 100.0}  # what numbers of a unit cannot go beyond


@lru_cache(maxsize=64)  # of a comparison thousands of intervals have the same
def t95(degrees: int) -> float:
    """Get the 97.5th percentile of Student's distribution with so many degrees of freedom.

    Source: for many, Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5; the
    next term would not show in a float, and SciPy is slow to import.
    """
    if degrees < _MANY:
        return float(special.stdtrit(degrees, 0.975))
    z, nu = Z95, float(degrees)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / nu**power for power, term in enumerate(terms, start=1))


@dataclass(frozen=True, slots=True)
class Spread:
    """The mean of some numbers, and how they lie about it.

    `squares` and `fourths` are sums of powers of the deviations, `furthest` is the largest one.
    """

    runs: int
    mean: float
    squares: float
    fourths: float
    furthest: float

    @classmethod
    def of(cls, values: FloatArray, counts: IntArray) -> Self:
        """Take in values that occur so often."""
        runs = int(counts.sum())
        mean = float(values @ counts) / runs
        deviations = values - mean
        furthest = float(np.abs(deviations[counts > 0]).max())
        if furthest < _HAIR:
            return cls(runs, mean, 0.0, 0.0, 0.0)
        squares, fourths = (float(deviations**power @ counts) for power in (2, 4))
        return cls(runs, mean, squares, fourths, furthest)

    @property
    def se(self) -> float | None:
        """Get the standard error of the mean; None of one number alone."""
        if self.runs < 2:
            return None
        return math.sqrt(self.squares / (self.runs - 1) / self.runs)

    def divided(self, by: float) -> Spread:
        """Get the spread of the same numbers in a unit so many times as large."""
        if by == 1:
            return self
        powers = (self.squares / by**2, self.fourths / by**4)
        return Spread(self.runs, self.mean / by, *powers, self.furthest / by)

    def reach(self, unit: str, whole: float | None = None) -> float | None:
        """Get how far the 95 % interval of the mean goes to either side.

        The unit is `share`, `percent`, `count` or `years`, `whole` what the numbers cannot go
        beyond where the unit does not say it. None of one number alone, and of years without
        bounds that are all the same: how far others may be cannot be told.
        """
        unseen = self._unseen(unit, WHOLE.get(unit, math.inf) if whole is None else whole)
        if self.se is None or unseen is None:
            return None
        size = (self.fourths + unseen**4) / (self.squares + unseen**2)
        student = t95(self.runs - 1) * self.se
        return math.sqrt(student**2 + Z95**4 * size / self.runs**2)

    def _unseen(self, unit: str, whole: float) -> float | None:
        """Get how far a number that has not been seen may deviate."""
        if unit == "share":
            return 1.0
        if not self.furthest:
            return 2.0 if unit == "count" else whole if math.isfinite(whole) else None
        # One over how many deviate, if by the same; rounding may have swallowed tiny squares.
        squared = self.squares**2
        few = min(self.fourths / squared, 1.0) if squared else 1.0
        more = 1.0 if unit == "count" else 2 * self.furthest
        return min((1 + few) * self.furthest + more, whole)


class Sums:
    """Gather powers of numbers, an array of columns at a time, for the spread of each column."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._runs = 0
        self._powers = np.zeros((4, *shape))
        self._lowest = np.full(shape, np.inf)
        self._highest = np.full(shape, -np.inf)

    def update(self, values: FloatArray) -> None:
        """Take in the numbers of some runs, the runs along the last axis."""
        self._runs += values.shape[-1]
        told = values.any(axis=-1)  # mostly few: of differences, most columns are 0 throughout
        some = values[told]
        power = np.ones_like(some)
        for sums in self._powers:
            power *= some
            sums[told] += power.sum(axis=-1)
        lowest, highest = np.zeros(told.shape), np.zeros(told.shape)
        lowest[told], highest[told] = some.min(axis=-1), some.max(axis=-1)
        np.minimum(self._lowest, lowest, out=self._lowest)
        np.maximum(self._highest, highest, out=self._highest)

    def update_signs(self, ups: IntArray, downs: IntArray, runs: int) -> None:
        """Take in numbers of some runs that are 1 in so many of them, -1 in so many, else 0."""
        self._runs += runs
        self._powers += [ups - downs, ups + downs] * 2
        lowest = np.where(downs > 0, -1.0, np.where(ups == runs, 1.0, 0.0))
        highest = np.where(ups > 0, 1.0, np.where(downs == runs, -1.0, 0.0))
        np.minimum(self._lowest, lowest, out=self._lowest)
        np.maximum(self._highest, highest, out=self._highest)

    def merge(self, other: Self) -> None:
        """Take in what another one has gathered of other runs."""
        self._runs += other._runs
        self._powers += other._powers
        np.minimum(self._lowest, other._lowest, out=self._lowest)
        np.maximum(self._highest, other._highest, out=self._highest)

    def spread(self, *place: int) -> Spread:
        """Get the spread of a column."""
        runs = self._runs
        first, second, third, fourth = (sums.item(place) / runs for sums in self._powers)
        low, high = self._lowest.item(place), self._highest.item(place)
        if high - low < _HAIR:
            return Spread(runs, first, 0.0, 0.0, 0.0)
        squares = second - first**2
        fourths = fourth - 4 * first * third + 6 * first**2 * second - 3 * first**4
        return Spread(
            runs=runs,
            mean=first,
            # Clamped: rounding may leave a hair below 0.
            squares=runs * max(squares, 0.0),
            fourths=runs * max(fourths, 0.0),
            furthest=max(high - first, first - low),
        )
