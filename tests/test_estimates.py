"""Shares, means and order statistics against published numbers and by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.analysis.statistics.estimates import (
    QUANTILES,
    Mean,
    mean_of,
    newcombe,
    rank,
    share_of,
    wilson,
    written_out,
)


@pytest.mark.parametrize(
    ("successes", "runs", "low", "high"),
    [
        # Newcombe, Stat. Med. 17 (1998) 857-872, Table I, method 3 (score).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_are_the_published_ones(
    successes: int, runs: int, low: float, high: float
) -> None:
    ends = wilson(np.array([successes]), runs)
    assert [round(float(end[0]), 4) for end in ends] == [low, high]


# Newcombe (1998), table II, rows of method 10: 56/70 against 48/80 and 10/10 against 0/20.
@pytest.mark.parametrize(
    ("one", "other", "interval"),
    [((56, 70), (48, 80), (0.0524, 0.3339)), ((10, 10), (0, 20), (0.6791, 1.0))],
)
def test_intervals_of_a_difference_are_the_published_ones(
    one: tuple[int, int], other: tuple[int, int], interval: tuple[float, float]
) -> None:
    assert newcombe(share_of(*one), share_of(*other)) == pytest.approx(interval, abs=5e-5)


def test_wilson_intervals_reach_0_and_1_exactly() -> None:
    for runs in (1, 7, 10, 14, 10_000):  # of 10 floats miss 1 from below, of 14 from above
        low, high = wilson(np.array([0, runs]), runs)
        assert low[0] == 0.0
        assert high[1] == 1.0
        assert float(high[0]) == pytest.approx(1 - float(low[1]))
        assert 0.0 < high[0] < 1.0


def test_a_share_and_its_standard_error() -> None:
    # sqrt(0.2 x 0.8 / 400) = 0.02.
    found = share_of(80, 400)
    assert found.share == 0.2
    assert found.se == pytest.approx(0.02)
    assert found.interval[0] < 0.2 < found.interval[1]


def test_a_mean_and_its_standard_error() -> None:
    # 1, 1, 1, 5: mean 2, squares about it 1 + 1 + 1 + 9 = 12, variance 12/3 = 4, se 2/sqrt 4 = 1.
    found = mean_of(np.array([1.0, 5.0]), np.array([3, 1]), "years")
    assert (found.mean, found.se) == (2.0, 1.0)
    # Student's t of 3 degrees is 3.182446, z^2 is 3.841459. Fourth powers 3 + 81 = 84, few
    # 84/144, unseen (1 + 84/144) 3 + 6 = 10.75, size (84 + 10.75^4) / (12 + 10.75^2) = 105.350.
    reach = math.sqrt(3.182446**2 + 3.841459**2 * 105.350 / 16)
    assert found.interval == pytest.approx((2 - reach, 2 + reach), abs=1e-3)


def test_means_of_counts_and_indices_stay_in_their_bounds() -> None:
    seldom = mean_of(np.array([0.0, 1.0]), np.array([9, 1]), "count").interval
    assert seldom is not None
    assert seldom[0] == 0.0
    full = mean_of(np.array([100.0]), np.array([50]), "percent").interval
    # Of 50 that do not deviate: z^2 / 50 times the whole scale.
    assert full == pytest.approx((100 * (1 - 3.841459 / 50), 100.0), abs=1e-4)


# Three of 1,000 timelines count one on average. A normal interval holds that in 78 % of 400 trials
# (where none does it is a point); 95 %, less 5 standard errors (false failures: 3e-7), are 89.5 %.
def test_means_of_what_is_seldom_seen_hold_the_truth() -> None:
    seen = np.random.default_rng(2024).binomial(1000, 0.003, 400).tolist()
    held = 0
    for one in seen:
        interval = mean_of(np.array([0.0, 1.0]), np.array([1000 - one, one]), "count").interval
        assert interval is not None
        held += interval[0] <= 0.003 <= interval[1]
    assert held / 400 >= 0.95 - 5 * math.sqrt(0.95 * 0.05 / 400)


def test_gaps_that_are_all_the_same_tell_no_error() -> None:
    assert mean_of(np.array([2.5]), np.array([50]), "years") == Mean(2.5, 0.0, None)


def test_one_timeline_tells_a_mean_but_no_error() -> None:
    assert mean_of(np.array([3.0]), np.array([1]), "count") == Mean(3.0, None, None)


@given(st.sampled_from(list(QUANTILES.values())), st.integers(1, 10**6))
def test_a_rank_is_that_of_the_inverted_empirical_distribution(percent: int, runs: int) -> None:
    # The smallest x with F(x) >= p is the ceil(p n)-th value. In floats 0.05 x 140 is above 7.
    exact = Fraction(percent, 100) * runs
    assert rank(percent, runs) + 1 == math.ceil(exact)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=40))
def test_values_that_occur_so_often_are_found_as_if_written_out(numbers: list[int]) -> None:
    values, counts = np.unique(numbers, return_counts=True)
    at = written_out(values.astype(np.float64), counts)
    assert [at(position) for position in range(len(numbers))] == sorted(numbers)
