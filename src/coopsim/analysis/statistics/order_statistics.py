"""Quantiles and what bounds them: 95 % intervals that ask nothing of the distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import numpy as np

from coopsim.analysis.statistics.estimates import QUANTILES, rank
from coopsim.scenario.notation.quantiles import FloatArray

_TAIL = 0.025  # of 95 %, on either side
_FAR = 12  # standard deviations, beyond which nothing shows in a float

T = TypeVar("T")
Bounds = tuple[T | None, T | None]  # None where an end is not known or cannot be seen


def quantiles(at: Callable[[int], T], n: int) -> tuple[dict[str, T], dict[str, Bounds[T]]]:
    """Get the quantiles of `n` values and their 95 % intervals, by the keys of QUANTILES.

    `at` gives the value at a position, from 0, among the sorted ones.
    """
    return (
        {key: at(rank(percent, n)) for key, percent in QUANTILES.items()},
        {key: bounds(at, n, percent / 100) for key, percent in QUANTILES.items()},
    )


def bounds(at: Callable[[int], T], n: int, q: float) -> Bounds[T]:
    """Bound a quantile of `n` values at 95 %; an end that they are too few to give is None."""
    low, high = quantile_interval(n, q)
    return None if low is None else at(low), None if high is None else at(high)


@lru_cache(maxsize=4096)
def quantile_interval(n: int, q: float) -> tuple[int | None, int | None]:
    """Find the positions, from 0, of the sorted values that bound a quantile at 95 %.

    `n` is the number of independent values, `q` the part below the quantile. How many values lie
    below it is binomial, so that each end misses in at most 2.5 % of samples, whatever the
    distribution, ties among them. An end is None where `n` values are too few to give one. Source:
    David and Nagaraja, Order Statistics (3rd ed., 2003), section 7.1.
    """
    # The value at position k is above the quantile if at most k values are not, and below it if
    # more than k values are.
    first, reached = _binomial(n, q)
    low, high = (first + int(np.searchsorted(reached, level)) for level in (_TAIL, 1 - _TAIL))
    return (low - 1 if low else None, high if high < n else None)


def _binomial(n: int, q: float) -> tuple[int, FloatArray]:
    """Get the chances that at most so many of n values are below, and from how many on.

    Fewer are next to impossible. Each chance is a multiple of its neighbour's, so that they are
    built from the likeliest on: SciPy has the function, but takes a quarter of a second to import.
    """
    middle = int(n * q)
    reach = int(_FAR * math.sqrt(n * q * (1 - q))) + 1
    up = np.arange(middle, min(middle + reach, n))
    down = np.arange(middle, max(middle - reach, 0), -1)
    above = np.cumprod((n - up) / (up + 1) * (q / (1 - q)))
    below = np.cumprod(down / (n - down + 1) * ((1 - q) / q))
    reached = np.cumsum(np.concatenate((below[::-1], [1.0], above)))
    return middle - len(down), reached / reached[-1]
