"""Medians of dates and of gaps, and how far the difference of two may be from the true one.

Whatever the distribution, gaps between launch windows included, the number of timelines below
the true median is binomial; so two medians are told from where their timelines stand in order.
All pairs of medians are kept of which the numbers of timelines below deviate from one half no
more than chance explains, both together: an ellipse, as timelines that share their luck deviate
alike. The interval spans the differences of these pairs. Source: a profile of empirical
likelihood for quantiles (Owen, Empirical Likelihood, 2001, 3.6), with its normal approximation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.statistics.estimates import Interval, rank
from coopsim.analysis.statistics.order_statistics import Bounds, bounds
from coopsim.analysis.statistics.spread import Z95
from coopsim.analysis.timelines import LONGER, NEITHER, SHORTER, BoolArray, IntArray
from coopsim.scenario.notation.quantiles import FloatArray

LEAST = 6  # timelines; the range of fewer does not hold a median in 95 of 100 cases
_UNSEEN = 4  # timelines that may differ where none is seen to: z^2, the rule of three
_HAIR = 1e-9  # floats miss a whole number by less

Bits = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Middle:
    """The middle of some moments, one for each run, as far as an interval needs it.

    `count` are the runs to which a moment applies, `median` is None where it is not seen.
    `values` are the moments in order, from the rank `first` on. `lower` and `applies` are bits by
    run: whether it is in the lower half, and whether it counts. `digest` tells moments apart.
    """

    count: int
    median: int | None
    first: int
    values: IntArray
    lower: Bits
    applies: Bits
    digest: int

    @classmethod
    def of(cls, moments: IntArray) -> Middle:
        """Find the middle of moments, shape (runs,)."""
        applies = moments != NEITHER
        count = int(np.count_nonzero(applies))
        reach = math.ceil(Z95 * math.sqrt(count) / 2) + _UNSEEN + 1
        first, last = max(count // 2 - reach, 0), min(count // 2 + reach, count)
        values = np.sort(moments[applies])[first:last].copy()  # which takes less than to part them
        found = values[rank(50, count) - first] if count else np.int64(LONGER)
        return cls(
            count=count,
            median=_seen(found),
            first=first,
            values=values,
            lower=np.packbits(_lower(moments, int(found), applies)),
            applies=np.packbits(applies),
            digest=hash(moments.tobytes()),
        )

    @property
    def bounds(self) -> Bounds[int]:
        """Bound the median at 95 % by order statistics; None where an end cannot be seen."""
        return bounds(lambda at: _seen(self.values[at - self.first]), self.count, 0.5)

    def around(self, angles: FloatArray) -> tuple[IntArray, IntArray] | None:
        """Get the moments just below and above where a median may be, around the ellipse."""
        places = self.count * (0.5 + _deviation(self.count) * np.cos(angles))
        below = self.at(np.ceil(places - _HAIR).astype(np.int64) - 1)
        above = self.at(np.floor(places + _HAIR).astype(np.int64))
        return None if below is None or above is None else (below, above)

    def at(self, ranks: IntArray) -> IntArray | None:
        """Get the moments of some ranks; None where one of them is not seen."""
        if ranks.min() < 0 or ranks.max() >= self.count:
            return None
        found = self.values[ranks - self.first]
        # In order: what is not seen would be the least or the greatest.
        return None if found.min() == SHORTER or found.max() == LONGER else found


def _lower(moments: IntArray, middle: int, applies: BoolArray) -> BoolArray:
    """Mark the lower half; of many equal to the median, all or none: what is nearer to a half."""
    upto, below = (moments <= middle) & applies, (moments < middle) & applies
    half = np.count_nonzero(applies) / 2
    upto_off, below_off = (abs(np.count_nonzero(each) - half) for each in (upto, below))
    return upto if upto_off <= below_off else below


def _deviation(count: int) -> float:
    """Get how far a share of one half deviates in 95 of 100 cases."""
    return Z95 / (2 * math.sqrt(count))


def _seen(moment: np.int64) -> int | None:
    return None if moment in (LONGER, SHORTER) else int(moment)


def shift(base: Middle, other: Middle, unit_seconds: int) -> PairedEstimate | None:
    """Estimate how a median differs from the base's, runs paired; None if one is not reached.

    The interval is None where it would reach beyond what is seen, or fewer than six runs count.
    """
    if base.median is None or other.median is None:
        return None
    value = (other.median - base.median) / unit_seconds
    ends = _ends(base, other)
    if ends is None:
        return PairedEstimate(value, None, None)
    low, high = (end / unit_seconds for end in ends)
    # As of means, the standard error is 0 where no timeline differs.
    se = 0.0 if base.digest == other.digest else (high - low) / (2 * Z95)
    return PairedEstimate(value, se, (low, high))


def _ends(base: Middle, other: Middle) -> Interval | None:
    if min(base.count, other.count) < LEAST:
        return None
    if base.digest == other.digest:
        return _ends_of_none(base)
    # Enough angles that no rank is skipped between two of them.
    turn = np.linspace(0, 2 * math.pi, max(360, math.ceil(13 * math.sqrt(base.count))))
    before = base.around(turn)
    after = other.around(turn - math.acos(_alike(base, other)))
    if before is None or after is None:
        return None
    return float((after[0] - before[1]).min()), float((after[1] - before[0]).max())


def _ends_of_none(middle: Middle) -> Interval | None:
    """Bound what a few timelines could make of a median where none is seen to differ."""
    place = rank(50, middle.count)
    near = middle.at(np.array([place - _UNSEEN, place, place + _UNSEEN]))
    return None if near is None else (float(near[0] - near[1]), float(near[2] - near[1]))


def _alike(base: Middle, other: Middle) -> float:
    """Correlate the halves in which the runs are; one more is taken to differ than is seen."""
    both = base.applies & other.applies
    same = int(np.bitwise_count(both & ~(base.lower ^ other.lower)).sum())
    total = int(np.bitwise_count(both).sum())
    return max((2 * same - total - 2) / math.sqrt(base.count * other.count), -1.0)
