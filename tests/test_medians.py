"""Medians of moments that may not be seen, and intervals of their differences."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coopsim.analysis.comparing.medians import Middle, shift
from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.statistics.order_statistics import quantile_interval
from coopsim.analysis.timelines import LONGER, NEITHER, SHORTER, IntArray


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        ([3, 1, 2], 2),
        ([4, 1, 2, 3], 2),  # the lower of two: ceil(n / 2)
        ([1, 2, LONGER], 2),
        ([1, LONGER, LONGER], None),
        ([SHORTER, SHORTER, 1], None),
        ([NEITHER, NEITHER, NEITHER, 1, LONGER], 1),
        ([NEITHER], None),
    ],
)
def test_a_median_is_over_the_timelines_it_applies_to(
    moments: list[int], expected: int | None
) -> None:
    assert Middle.of(np.array(moments)).median == expected


def median_difference(base: IntArray, other: IntArray, unit_seconds: int) -> PairedEstimate | None:
    return shift(Middle.of(base), Middle.of(other), unit_seconds)


def ends(base: IntArray, other: IntArray) -> tuple[float, float]:
    found = median_difference(base, other, 1)
    assert found is not None
    assert found.interval is not None
    return found.interval


@pytest.mark.parametrize("count", [1, 5, 6, 7, 40, 999, 1000, 10_007])
def test_the_bounds_of_a_median_are_among_the_moments_that_are_held(count: int) -> None:
    moments = np.arange(count) * 3
    expected = [None if place is None else 3 * place for place in quantile_interval(count, 0.5)]
    found = Middle.of(np.concatenate((moments[::-1], [NEITHER])))
    assert list(found.bounds) == expected


def test_a_bound_that_is_not_seen_is_not_known() -> None:
    early = np.where(np.arange(100) < 55, np.arange(100), LONGER)
    assert Middle.of(early).bounds == (39, None)
    late = np.where(np.arange(100) > 45, np.arange(100), SHORTER)
    assert Middle.of(late).bounds == (None, 60)


# Of 100, the number below the median is 50 -+ 1.96 x 5 = 40.2 to 59.8: the base is at its 41st to
# 60th. All are put off alike, so that both are at one rank, or at the next of it.
def test_a_shift_of_all_is_known_to_a_rank_or_two() -> None:
    base = np.arange(100) * 10
    low, high = ends(base, base + 500)
    assert 470 <= low < 500 < high <= 530


# Against a certain date only the base's own order counts: its 41st to 60th of 1 to 100.
def test_a_median_against_a_certain_one_is_within_its_ranks() -> None:
    assert ends(np.arange(1, 101), np.full(100, 1000)) == (940.0, 959.0)


# Upside down, the base is late where the other is early: 41 less 60 to 60 less 41.
def test_medians_that_go_against_each_other_are_widest() -> None:
    base = np.arange(1, 101)
    low, high = ends(base, base[::-1])
    assert (low, high) == (-19.0, 19.0)


def test_the_standard_error_is_a_quarter_of_the_interval() -> None:
    found = median_difference(np.arange(1, 101), np.full(100, 1000), 1)
    assert found is not None
    assert found.se == pytest.approx(19 / 3.919928)


# Four timelines more or less: the rule of three.
def test_where_no_timeline_differs_a_few_may_have_gone_unseen() -> None:
    base = np.arange(100) * 10
    assert median_difference(base, base.copy(), 10) == PairedEstimate(0.0, 0.0, (-4.0, 4.0))


def test_a_median_that_is_not_reached_has_no_difference() -> None:
    base = np.arange(100)
    assert median_difference(base, np.full_like(base, LONGER), 1) is None
    assert median_difference(np.full_like(base, NEITHER), base, 1) is None


# 55 of 100 are seen, so that the median is; its interval reaches to the 60th, which is not.
def test_an_interval_that_reaches_beyond_what_is_seen_is_not_known() -> None:
    base = np.arange(100)
    seen = np.where(base < 55, base, LONGER)
    assert median_difference(base, seen, 1) == PairedEstimate(0.0, None, None)


def test_too_few_timelines_tell_no_error() -> None:
    base = np.array([1, 2, 3, 4, 5, NEITHER])
    later = np.array([6, 7, 8, 9, 10, NEITHER])
    assert median_difference(base, later, 5) == PairedEstimate(1.0, None, None)


def in_windows(u: np.ndarray, mean_months: float) -> IntArray:
    """Wait for an exponential time, then for the first days of the window that opens next."""
    windows = -np.log1p(-u) * mean_months / 26
    dates: IntArray = ((np.floor(windows) + (windows % 1) / 26) * 1e6).astype(np.int64)
    return dates


# Half of the dates lie before the gap where the mean is 26 / ln 2 months, so that chance decides
# the side; the truth is at u = 1/2. By the spread of 20 sections 9 and 22 % of such intervals hold
# the truth. In 300 trials 95 %, less 5 standard errors (false failures: 3e-7), are 88.7 %.
@pytest.mark.parametrize("alike", [1.0, 0.5])
def test_intervals_of_dates_in_windows_hold_the_truth(alike: float) -> None:
    generator = np.random.default_rng(2026)
    means = 0.99 * 26 / math.log(2), 1.01 * 26 / math.log(2)
    before, after = (int(in_windows(np.array([0.5]), mean)[0]) for mean in means)
    held = 0
    for _ in range(300):
        u = generator.random(300)
        v = np.where(generator.random(300) < alike, u, generator.random(300))
        low, high = ends(in_windows(u, means[0]), in_windows(v, means[1]))
        held += low <= after - before <= high
    assert held / 300 >= 0.95 - 5 * math.sqrt(0.95 * 0.05 / 300)


# Exp(1) and twice the same number: ln 2 against 2 ln 2; of gaps, some are not seen. In 300 trials
# 95 % are covered, to 5 standard errors (false failures: 6e-7).
@pytest.mark.parametrize("gaps", [False, True])
def test_intervals_of_smooth_dates_hold_the_truth(gaps: bool) -> None:
    generator = np.random.default_rng(2007)
    held = 0
    for _ in range(300):
        base = (generator.exponential(size=1000) * 1e6).astype(np.int64)
        other = 2 * base
        if gaps:
            unseen = generator.choice([0, LONGER, SHORTER, NEITHER], 1000, p=[0.6, 0.1, 0.1, 0.2])
            base, other = (np.where(unseen == 0, each, unseen) for each in (base, other))
        low, high = ends(base, other)
        held += low <= math.log(2) * 1e6 <= high
    assert abs(held / 300 - 0.95) < 5 * math.sqrt(0.95 * 0.05 / 300)
