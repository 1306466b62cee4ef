"""Intervals of quantiles by order statistics: published ranks, and coverage by exact sums."""

from __future__ import annotations

import math
from fractions import Fraction
from math import comb

import pytest
from scipy.special import bdtr

from coopsim.analysis.statistics.estimates import QUANTILES, rank
from coopsim.analysis.statistics.order_statistics import quantile_interval


@pytest.mark.parametrize(
    ("n", "low", "high"),
    [
        # Ranks from 1 of 95 % intervals of a median: Conover, Practical Nonparametric Statistics
        # (3rd ed., 1999), by table A3 of the binomial distribution.
        (6, 1, 6),
        (10, 2, 9),
        (16, 4, 13),
        (20, 6, 15),
    ],
)
def test_the_ranks_of_a_median_are_the_published_ones(n: int, low: int, high: int) -> None:
    assert quantile_interval(n, 0.5) == (low - 1, high - 1)


def at_most(k: int, n: int, q: Fraction) -> Fraction:
    """Sum the binomial distribution in whole numbers."""
    p, of, total = q.numerator, q.denominator, 0
    for i in range(k + 1):
        total += comb(n, i) * p**i * (of - p) ** (n - i)
    return Fraction(total, of**n)


@pytest.mark.parametrize("percent", QUANTILES.values())
@pytest.mark.parametrize("n", [1, 2, 5, 30, 71, 72, 200])
def test_each_end_misses_in_at_most_a_fortieth_and_the_next_rank_would_miss_more(
    n: int, percent: int
) -> None:
    # Of n values, the one at position k (from 0) lies above the quantile where at most k lie
    # below it, with B(k), the binomial distribution's sum up to k, and below it with 1 - B(k).
    q, tail = Fraction(percent, 100), Fraction(1, 40)
    low, high = quantile_interval(n, percent / 100)
    assert low is None or at_most(low, n, q) <= tail
    assert at_most(0 if low is None else low + 1, n, q) > tail
    assert high is None or 1 - at_most(high, n, q) <= tail
    assert 1 - at_most(n - 1 if high is None else high - 1, n, q) > tail


@pytest.mark.parametrize("percent", QUANTILES.values())
@pytest.mark.parametrize("n", [100, 9_999, 10**9])
def test_the_interval_holds_the_quantile_s_own_rank(n: int, percent: int) -> None:
    low, high = quantile_interval(n, percent / 100)
    assert low is not None
    assert high is not None
    assert low <= rank(percent, n) <= high
    # Far out the binomial distribution is normal: 1.96 standard deviations on either side.
    spread = 1.96 * (n * percent * (100 - percent) / 10_000) ** 0.5
    assert high - low == pytest.approx(2 * spread, abs=2, rel=1e-3)


def test_of_no_value_nothing_is_known() -> None:
    assert quantile_interval(0, 0.5) == (None, None)


@pytest.mark.parametrize("q", [0.013, 0.05, 0.25, 0.5, 0.95, 0.999])
def test_positions_are_those_of_the_binomial_of_scipy(q: float) -> None:
    for n in (1, 2, 3, 7, 40, 59, 500, 9_999, 10_000, 123_457, 10**6, 10**9):
        low, high = quantile_interval(n, q)
        if low is not None:  # it, and no later one, has at most 2.5 % beneath
            assert bdtr(low, n, q) < 0.025 <= bdtr(low + 1, n, q)
        else:
            assert bdtr(0, n, q) >= 0.025
        assert (n if high is None else high) == min(
            k for k in _about(n, q) if bdtr(k, n, q) >= 0.975
        )


def _about(n: int, q: float) -> range:
    """List the positions among which the upper end must be: two standard deviations up, or so."""
    middle, sd = n * q, math.sqrt(n * q * (1 - q))
    return range(max(int(middle + 1.8 * sd) - 3, 0), min(int(middle + 2.2 * sd) + 9, n) + 1)
