"""Blocks of runs side by side, paired differences and medians by sectioning."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coopsim.analysis.outcomes import LONGER, NEITHER, SHORTER
from coopsim.analysis.pairing import (
    Difference,
    Moved,
    PairedSums,
    aligned,
    median,
    median_difference,
    moments_moved,
)
from coopsim.analysis.timelines import IntArray
from hand_made import firings, split, ten

Z = 1.959964


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
    # 1, 1, 2, 4 less 0, 1, 1, 2: 1, 0, 1, 2, mean 1, variance 2/3, se sqrt(2/3 / 4).
    se = math.sqrt(2 / 3 / 4)
    found = paired([0, 1, 1, 2], [1, 1, 2, 4]).difference(1, 0, "count")
    assert found.value == 1.0
    assert found.se == pytest.approx(se)
    assert found.interval == pytest.approx((1 - Z * se, 1 + Z * se), abs=1e-6)


def test_what_all_runs_share_has_no_error() -> None:
    found = paired([0.1, 20.7, 33.3], [10.2, 30.8, 43.4]).difference(1, 0, "percent")
    assert found.value == pytest.approx(10.1)
    assert found.se == pytest.approx(0, abs=1e-7)


def test_blocks_add_up() -> None:
    sums = PairedSums(2, 1)
    sums.update([np.array([[0.0], [1.0]]), np.array([[1.0], [1.0]])])
    sums.update([np.array([[1.0], [2.0]]), np.array([[2.0], [4.0]])])
    whole = paired([0, 1, 1, 2], [1, 1, 2, 4])
    assert sums.difference(1, 0, "count") == whole.difference(1, 0, "count")
    assert (sums.value(0, 0), sums.value(1, 0)) == (1.0, 2.0)


def test_a_difference_of_shares_is_bounded_as_agresti_and_min_do() -> None:
    # Of 10, 4 only in the other, 1 only in the base. With half a timeline more in each cell:
    # (4.5 - 1.5) / 12 = 0.25 -+ z sqrt((4.5 + 1.5) / 12 - 0.25^2) / sqrt(12) = 0.25 -+ 0.374237.
    base = [1, 0, 0, 0, 0, 1, 1, 0, 0, 0]
    other = [0, 1, 1, 1, 1, 1, 1, 0, 0, 0]
    found = paired(list(map(float, base)), list(map(float, other))).difference(1, 0, "share")
    assert found.value == 0.3
    # Sum of squares 5, variance (5 - 0.9) / 9.
    assert found.se == pytest.approx(math.sqrt(4.1 / 9 / 10))
    assert found.interval == pytest.approx((0.25 - 0.374237, 0.25 + 0.374237), abs=1e-6)


def test_shares_that_never_differ_are_not_known_to_be_equal() -> None:
    # sqrt(1 / 12) / sqrt(12) = 1/12.
    found = paired([1.0] * 10, [1.0] * 10).difference(1, 0, "share")
    assert (found.value, found.se) == (0.0, 0.0)
    assert found.interval == pytest.approx((-Z / 12, Z / 12), abs=1e-6)


def test_an_interval_of_a_difference_of_shares_stays_within_1() -> None:
    found = paired([0.0, 0.0], [1.0, 1.0]).difference(1, 0, "share")
    assert found.interval is not None
    assert found.interval[1] == 1.0


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
    assert median(np.array(moments)) == expected


def sections(shifts: list[int]) -> tuple[IntArray, IntArray]:
    """Make 20 sections of 11 timelines 0 ... 10, those of the other shifted by so much."""
    base = np.tile(np.arange(11), 20)
    return base, base + np.repeat(shifts, 11)


def test_a_median_s_difference_has_the_spread_of_its_sections() -> None:
    # Half of the sections are shifted by 2, half by 4; the median of all is 8, 3 above 5.
    # Squares about 3 are 1 each, variance 20/19, se sqrt(1/19), t(19) = 2.093024.
    base, other = sections([2, 4] * 10)
    found = median_difference(base, other, 1)
    assert found is not None
    assert found.value == 3.0
    assert found.se == pytest.approx(math.sqrt(1 / 19))
    half = 2.093024 / math.sqrt(19)
    assert found.interval == pytest.approx((3 - half, 3 + half), abs=1e-6)


def test_a_median_that_a_section_does_not_reach_has_no_interval() -> None:
    base, other = sections([1] * 20)
    other[:6] = LONGER  # the other's first section reaches no median, all together do
    found = median_difference(base, other, 1)
    assert found is not None
    assert (found.se, found.interval) == (None, None)


def test_a_median_that_is_not_reached_has_no_difference() -> None:
    base, other = sections([1] * 20)
    assert median_difference(base, np.full_like(other, LONGER), 1) is None


def test_sections_too_short_for_a_median_give_no_interval() -> None:
    base = np.arange(199)
    assert median_difference(base, base + 5, 5) == Difference(1.0, None, None)
    found = median_difference(np.append(base, 199), np.append(base, 199) + 5, 5)
    assert found == Difference(1.0, 0.0, (1.0, 1.0))


def test_sectioning_covers_the_true_difference() -> None:
    # Exp(1) and twice the same number, so that both medians share their luck: ln 2 against
    # 2 ln 2. In 500 trials 95 % are covered, to 5 standard errors (false failures: 6e-7).
    generator = np.random.default_rng(2007)
    covered = 0
    for _ in range(500):
        base = (generator.exponential(size=1000) * 1e6).astype(np.int64)
        found = median_difference(base, 2 * base, 1)
        assert found is not None
        assert found.interval is not None
        covered += found.interval[0] <= math.log(2) * 1e6 <= found.interval[1]
    assert abs(covered / 500 - 0.95) < 5 * math.sqrt(0.95 * 0.05 / 500)


def test_ways_that_timelines_move() -> None:
    sums = paired([0, 0, 1, 1, 5], [1, 0, 0, 1, 7])
    assert sums.moved(1, 0) == Moved(up=0.4, down=0.2)
    assert Moved(0.4, 0.2).against == 0.2


# Longer than can be seen is longest; a run to which one of the two does not apply does not move.
def test_ways_that_moments_move() -> None:
    base = np.array([10, 20, LONGER, NEITHER, SHORTER])
    other = np.array([LONGER, 10, 30, 5, 7])
    assert moments_moved(base, other) == Moved(up=0.4, down=0.4)
