"""Quantiles and what bounds them: 95 % intervals that ask nothing of the distribution."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from coopsim.analysis.statistics import special
from coopsim.analysis.statistics.estimates import QUANTILES, rank

_TAIL = 0.025  # of 95 %, on either side

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
    low, high = _first(n, q, _TAIL) - 1, _first(n, q, 1 - _TAIL)
    return (low if low >= 0 else None, high if high < n else None)


def _first(n: int, q: float, level: float) -> int:
    """Find the least k for which at most k of n values are below with at least some chance."""
    under, at = -1, n
    while at - under > 1:
        middle = (under + at) // 2
        if special.bdtr(middle, n, q) >= level:
            at = middle
        else:
            under = middle
    return at
