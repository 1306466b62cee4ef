"""Blocks of runs side by side, and differences within runs."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coopsim.analysis.comparing.pairing import (
    MovedShares,
    PairedEstimate,
    PairedSums,
    aligned,
    moments_moved,
)
from coopsim.analysis.kinds.base import Column
from coopsim.analysis.timelines import LONGER, NEITHER, SHORTER, BoolArray
from hand_made import firings, split, ten

Z = 1.959964
T3 = 3.182446  # the 97.5th percentile of Student's t of 3 degrees


def paired(base: list[float], other: list[float]) -> PairedSums:
    sums = PairedSums(2, 1)
    sums.update([np.array([[number] for number in each]) for each in (base, other)])
    return sums


def test_parts_are_cut_at_every_edge_of_either() -> None:
    blocks = list(aligned([split(ten(), 3, 6), split(ten(), 4, 6)], 9))
    assert [(left.first_run, left.runs) for left, _ in blocks] == [(0, 3), (3, 1), (4, 2), (6, 3)]
    for left, right in blocks:
        assert (left.first_run, left.runs) == (right.first_run, right.runs)
        assert left.run.tolist() == right.run.tolist()
        assert left.time.tolist() == right.time.tolist()
    whole = [run for left, _ in blocks for run in left.run.tolist()]
    assert whole == [run for run in ten().run.tolist() if run < 9]


def test_parts_past_the_common_runs_are_not_read() -> None:
    def parts() -> object:
        yield firings([], 5)
        raise AssertionError("read too far")

    blocks = list(aligned([parts(), [firings([], 5)]], 5))  # type: ignore[list-item]
    assert len(blocks) == 1


def test_a_difference_of_means_is_that_within_runs() -> None:
    # 1, 1, 2, 4 less 0, 1, 1, 2: 1, 0, 1, 2, mean 1, variance 2/3, se sqrt(2/3 / 4). The furthest
    # is 1 from the mean, few is 2/4, what may be unseen (1 + 1/2) 1 + 1 = 2.5.
    se = math.sqrt(2 / 3 / 4)
    size = (2 + 2.5**4) / (2 + 2.5**2)
    found = paired([0, 1, 1, 2], [1, 1, 2, 4]).difference(1, 0, "count")
    assert found.value == 1.0
    assert found.se == pytest.approx(se)
    reach = math.sqrt((T3 * se) ** 2 + Z**4 * size / 16)
    assert found.interval == pytest.approx((1 - reach, 1 + reach), abs=1e-5)


# What may have gone unseen: a change of the whole index in z^2 of 50 timelines.
def test_what_all_runs_share_is_not_known_to_be_so_always() -> None:
    base = np.linspace(0.1, 33.3, 50).tolist()
    found = paired(base, [one + 10.1 for one in base]).difference(1, 0, "percent")
    assert found.value == pytest.approx(10.1)
    assert found.se == 0.0
    reach = 100 * Z**2 / 50
    assert found.interval == pytest.approx((10.1 - reach, 10.1 + reach), abs=1e-4)


def test_blocks_add_up() -> None:
    sums = PairedSums(2, 1)
    sums.update([np.array([[0.0], [1.0]]), np.array([[1.0], [1.0]])])
    sums.update([np.array([[1.0], [2.0]]), np.array([[2.0], [4.0]])])
    whole = paired([0, 1, 1, 2], [1, 1, 2, 4])
    assert sums.difference(1, 0, "count") == whole.difference(1, 0, "count")
    assert (sums.value(0, 0), sums.value(1, 0)) == (1.0, 2.0)


# In all, some or one of 700 runs (more than a byte counts), of either result or both.
TRUTHS = [np.arange(700)[:, np.newaxis] % of < 1 for of in (1, 3, 701)]


@pytest.mark.parametrize("base", [*TRUTHS, ~TRUTHS[0]])
@pytest.mark.parametrize("other", [*TRUTHS, ~TRUTHS[0], ~TRUTHS[1]])
def test_truths_count_as_the_numbers_0_and_1(base: BoolArray, other: BoolArray) -> None:
    counted, whole = PairedSums(2, 1), PairedSums(2, 1)
    for runs in (slice(0, 15), slice(15, 700)):
        block = PairedSums(2, 1)
        block.update_truths([base[runs], other[runs]])
        counted.merge(block)
        whole.update([each[runs].astype(np.float64) for each in (base, other)])
    column = Column("share", "share")
    for result in (0, 1):
        assert counted.value(result, 0) == whole.value(result, 0)
        assert counted.moved(result, 0) == whole.moved(result, 0)
        assert counted.interval(result, 0, column) == whole.interval(result, 0, column)
        for unit in ("share", "count"):
            assert counted.difference(result, 0, unit) == whole.difference(result, 0, unit)


def test_a_difference_of_shares_counts_in_what_is_unseen() -> None:
    # Of 10, 4 only in the other, 1 only in the base: mean 0.3, sum of squares 5 - 0.9 = 4.1.
    # About 0.3: 4 of 0.7, 1 of -1.3 and 5 of -0.3, fourth powers 3.857; size 4.857 / 5.1.
    base = [1, 0, 0, 0, 0, 1, 1, 0, 0, 0]
    other = [0, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    found = paired(list(map(float, base)), list(map(float, other))).difference(1, 0, "share")
    assert found.value == 0.3
    assert found.se == pytest.approx(math.sqrt(4.1 / 9 / 10))
    reach = math.sqrt(2.262157**2 * 4.1 / 9 / 10 + Z**4 * 4.857 / 5.1 / 100)
    assert found.interval == pytest.approx((0.3 - reach, 0.3 + reach), abs=1e-5)


def test_deviations_that_rounding_swallows_do_no_harm() -> None:
    other = [50.0] * 999 + [50.0 + 1e-8]
    found = paired([0.0] * 1000, other).difference(1, 0, "percent")
    assert found.value == pytest.approx(50)
    assert found.told_from_zero


@pytest.mark.parametrize(("unit", "unseen"), [("share", 1), ("count", 2), ("percent", 100)])
def test_numbers_that_never_differ_are_not_known_to_be_equal(unit: str, unseen: float) -> None:
    found = paired([1.0] * 1000, [1.0] * 1000).difference(1, 0, unit)
    assert (found.value, found.se) == (0.0, 0.0)
    reach = unseen * Z**2 / 1000
    assert found.interval == pytest.approx((-reach, reach), abs=1e-6)
    assert not found.told_from_zero
    assert not found.by_chance


def test_one_run_tells_no_error() -> None:
    assert paired([1.0], [2.0]).difference(1, 0, "count") == PairedEstimate(1.0, None, None)


@pytest.mark.parametrize(
    ("interval", "told"),
    [((0.1, 0.2), True), ((-0.2, -0.1), True), ((0.0, 0.2), False), ((-1, 1), False)],
)
def test_what_is_told_from_zero(interval: tuple[float, float], told: bool) -> None:
    assert PairedEstimate(0.1, 0.1, interval).told_from_zero == told
    assert not PairedEstimate(0.1, None, None).told_from_zero


# A few of 1,000 timelines differ, by 1 or by 2 on average. A normal interval holds the truth in
# 79 and 87 % of 400 trials; 95 %, less 5 standard errors (false failures: 3e-7), are 89.5 %.
@pytest.mark.parametrize(("expected", "size"), [(3, 1.0), (6, 2.0)])
def test_intervals_of_what_seldom_differs_hold_the_truth(expected: int, size: float) -> None:
    generator = np.random.default_rng(2024)
    held = 0
    for _ in range(400):
        seldom = generator.random(1000) < expected / 1000
        sums = PairedSums(2, 1)
        other = (seldom * generator.geometric(1 / size, 1000)).astype(float)
        sums.update([np.zeros((1000, 1)), other[:, np.newaxis]])
        interval = sums.difference(1, 0, "count").interval
        assert interval is not None
        held += interval[0] <= expected / 1000 * size <= interval[1]
    assert held / 400 >= 0.95 - 5 * math.sqrt(0.95 * 0.05 / 400)


def test_an_interval_of_a_difference_of_shares_stays_within_1() -> None:
    found = paired([0.0] * 3, [1.0] * 3).difference(1, 0, "share")
    assert found.interval is not None
    assert found.interval[1] == 1.0


def test_ways_that_timelines_move() -> None:
    sums = paired([0, 0, 1, 1, 5], [1, 0, 0, 1, 7])
    assert sums.moved(1, 0) == MovedShares(up=0.4, down=0.2)
    assert MovedShares(0.4, 0.2).against == 0.2


# Longer than can be seen is longest; a run to which one of the two does not apply does not move.
def test_ways_that_moments_move() -> None:
    base = np.array([10, 20, LONGER, NEITHER, SHORTER])
    other = np.array([LONGER, 10, 30, 5, 7])
    assert moments_moved(base, other) == MovedShares(up=0.4, down=0.4)
