"""How means over replications scatter about the values behind them.

Means are counted in cells. What a mixture needs to know is the chance of each cell for a value: of
shares it is binomial, of other numbers normal, with a variance that goes with the value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from coopsim.analysis.statistics import special
from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.timelines import IntArray
from coopsim.scenario.notation.quantiles import FloatArray

_CELL = 1.25  # its width, in standard deviations of the noise
_FEW = 30  # draws with spread among their replications that it takes to tell their noise
_SMOOTHED = 0.1  # of the draws go into the variance at a value
_LEAST = 0.1  # of the noise overall is the least noise at any value
# On a longer scale, cells and nodes stand further apart: the noise is then little beside what it
# hides, and a cell is a fiftieth of the range of the means at most.
_LONG = 50.0


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """How often a mean fell into each cell, and how likely it does so, given a value.

    `place` takes values to a scale on which the noise has a standard deviation of one, `value`
    back. The means lie between the places `span`, no value beyond `limits`. `chances` gives the
    chances of the cells, shape (cells, values).
    """

    counts: FloatArray
    span: Interval
    limits: Interval
    place: Callable[[FloatArray], FloatArray]
    value: Callable[[FloatArray], FloatArray]
    chances: Callable[[FloatArray], FloatArray]

    def nodes(self, step: float, margin: float, count: int = 0) -> FloatArray:
        """Spread values evenly on the scale, going so far beyond the means that were seen."""
        ends = self.place(np.array(self.limits))
        low = max(self.span[0] - margin, float(ends[0]))
        high = min(self.span[1] + margin, float(ends[1]))
        return self.value(np.linspace(low, high, count or 1 + _pieces(high - low, step)))


def of_shares(means: FloatArray, replications: int) -> Noise:
    """Get the noise of shares, which is binomial."""
    size, scale = replications, 2 * math.sqrt(replications)
    seen = np.bincount(np.rint(means * size).astype(np.int64), minlength=size + 1)
    number = np.arange(size + 1)[:, None]
    ways = (
        special.gammaln(size + 1) - special.gammaln(number + 1) - special.gammaln(size - number + 1)
    )
    low, high = (scale * math.asin(math.sqrt(end)) for end in (means.min(), means.max()))
    begins = _begins(size, low / scale, high / scale, _pieces(high - low, _CELL))

    def chances(values: FloatArray) -> FloatArray:
        each = np.exp(
            ways + special.xlogy(number, values) + special.xlogy(size - number, 1 - values)
        )
        found: FloatArray = np.add.reduceat(each, begins, axis=0)
        return found

    return Noise(
        np.add.reduceat(seen.astype(float), begins),
        (low, high),
        (0.0, 1.0),
        lambda values: scale * np.arcsin(np.sqrt(values)),
        lambda places: np.sin(places / scale) ** 2,
        chances,
    )


def _pieces(length: float, size: float) -> int:
    """Find in how many pieces of at least some size a stretch of the scale is cut."""
    return max(math.ceil(min(length, _LONG) / size), 1)


def _begins(size: int, low: float, high: float, cells: int) -> IntArray:
    """Find where cells of binomial numbers begin: at single ones near 0 and near all."""
    even = np.ceil(size * np.sin(np.linspace(low, high, cells + 1)) ** 2)
    edge = np.arange(min(4, size + 1))
    begins = np.unique(np.concatenate([even, edge, size - edge])).astype(np.int64)
    return begins[begins <= size]


def of_numbers(
    means: FloatArray, within: FloatArray, replications: int, limits: Interval
) -> Noise | None:
    """Get the noise of means of other numbers, by the variance within draws of like means.

    None where hardly any draw has spread among its replications.
    """
    if np.count_nonzero(within) < _FEW:
        return None
    order = np.argsort(means)
    spread = np.sqrt(_smooth(within[order]) / replications)
    spread = np.maximum(spread, _LEAST * math.sqrt(float(within.mean()) / replications))
    at = means[order]
    reach = 8 * spread.max()
    fine = np.linspace(at[0] - reach, at[-1] + reach, 4001)

    def sd(values: FloatArray) -> FloatArray:
        return np.interp(values, at, spread)

    steps = np.diff(fine) / sd((fine[1:] + fine[:-1]) / 2)
    places = np.concatenate([[0.0], np.cumsum(steps)])
    low, high = np.interp([at[0], at[-1]], fine, places)
    many = 1 + _pieces(high - low, _CELL)
    ends = np.interp(np.linspace(low, high, many + 1)[1:-1], places, fine)

    def chances(values: FloatArray) -> FloatArray:
        below = special.ndtr((ends[:, None] - values) / sd(values))
        found: FloatArray = np.diff(below, axis=0, prepend=0.0, append=1.0)
        return np.maximum(found, 1e-300)

    return Noise(
        np.bincount(np.searchsorted(ends, means), minlength=many).astype(float),
        (float(low), float(high)),
        limits,
        lambda values: np.interp(values, fine, places),
        lambda spots: np.interp(spots, places, fine),
        chances,
    )


def _smooth(ordered: FloatArray) -> FloatArray:
    """Average over neighbours, fewer at the ends."""
    half = max(round(_SMOOTHED * len(ordered) / 2), 5)
    summed = np.concatenate([[0.0], np.cumsum(ordered)])
    number = np.arange(len(ordered))
    low, high = np.maximum(number - half, 0), np.minimum(number + half + 1, len(ordered))
    mean: FloatArray = (summed[high] - summed[low]) / (high - low)
    return mean
