"""Numbers of many variants, packed and mixed, and the error of what was drawn by lot."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coopsim.analysis.comparing.pairing import PairedSums
from coopsim.analysis.kinds import kind_of
from coopsim.analysis.measures import Measure, Samples
from coopsim.analysis.timelines import LONGER, IntArray
from coopsim.experiments.mixtures import Kept, estimated, kept, mixed
from coopsim.experiments.shapley import Coalition, exact
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import YEAR

RUNS = 10_001  # more than one block, and no whole number of bytes


def gauge(unit: str, kind: str = "count") -> Measure:
    return Measure("asked", kind_of(kind)("asked", "", 1, (), (), -1, ()), unit)


def variant(numbers: FloatArray, unit: str) -> Kept:
    return kept(readings(numbers.astype(np.float64), None), [gauge(unit)])


def readings(numbers: FloatArray, moments: IntArray | None) -> Samples:
    """Make readings of one gauge, whose course is not looked at."""
    return Samples(numbers[np.newaxis], np.zeros((1, len(numbers))), (moments,))


@pytest.mark.parametrize(("unit", "most"), [("share", 2), ("count", 300), ("percent", 100)])
def test_a_mixture_is_what_it_is_in_each_timeline(unit: str, most: int) -> None:
    generator = np.random.default_rng(1)
    numbers = generator.integers(0, most, (3, RUNS)) * (0.1 if unit == "percent" else 1.0)
    variants = {name: variant(row, unit) for name, row in zip("abc", numbers, strict=True)}
    steps = [(0.75, "a", "b"), (0.25, "b", "c")]
    (found,) = mixed(variants, [steps], 0, unit, RUNS)
    wanted = 0.75 * (numbers[1] - numbers[0]) + 0.25 * (numbers[2] - numbers[1])
    sums = PairedSums(2, 1)
    sums.update([np.zeros((RUNS, 1)), wanted[:, np.newaxis]])
    expected = sums.difference(1, 0, unit)
    assert found.mean == pytest.approx(expected.value)
    assert found.se == pytest.approx(expected.se)


# What two orders add, 1 and 3 in all timelines: mean 2, and by lot an error of 1.
def test_the_error_of_what_was_drawn_by_lot_is_counted_in() -> None:
    variants = {
        name: variant(np.full(500, n), "count") for name, n in (("a", 0), ("b", 1), ("c", 4))
    }
    lots = [[(1.0, "a", "b")], [(1.0, "b", "c")]]
    ((found, median),) = estimated(variants, [lots], 0, gauge("count"), 500)
    assert (found.value, median) == (2.0, None)
    assert found.se == pytest.approx(1.0)
    # Student's t of 1 degree is 12.706205; unseen may be 2 in z^2 of 500 timelines.
    reach = math.hypot(12.706205, 2 * 3.841459 / 500)
    assert found.interval == pytest.approx((2 - reach, 2 + reach), abs=1e-4)


# Three changes add 1, 2 and 3 years, and nothing more together: these are their shares.
def test_shares_of_medians_are_those_of_their_steps() -> None:
    dates = np.arange(1000) * YEAR // 1000
    variants = {
        coalition: kept(
            readings(np.ones(1000), dates + sum(one + 1 for one in coalition) * YEAR),
            [gauge("share", "event")],
        )
        for coalition in coalitions()
    }
    for one in range(3):
        ((_, median),) = estimated(variants, [[exact(one, 3)]], 0, gauge("share", "event"), 1000)
        assert median is not None
        assert median.value == pytest.approx(one + 1)
        assert median.interval == pytest.approx((one + 0.997, one + 1.003), abs=0.0021)
    never = kept(readings(np.ones(1000), np.full(1000, LONGER)), [gauge("share", "event")])
    lacking = variants | {frozenset({1, 2}): never}
    ((_, median),) = estimated(lacking, [[exact(0, 3)]], 0, gauge("share", "event"), 1000)
    assert median is None


def coalitions() -> list[Coalition]:
    return [frozenset(n for n in range(3) if bits >> n & 1) for bits in range(8)]


# An event of chance 0.2 that one change makes likelier in 3.3 of 1,000 timelines, and another not
# at all; 95 %, less 5 standard errors (false failures: 3e-7), are 89.5 %. By the spread of 20
# sections 84 % of these intervals hold the truth.
def test_shares_of_what_seldom_differs_hold_the_truth() -> None:
    generator = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        u = generator.random(1000)
        variants = {
            c: variant((u < 0.2 + 0.0033 * (0 in c)).astype(float), "share") for c in coalitions()
        }
        ((found, _),) = estimated(variants, [[exact(0, 3)]], 0, gauge("share"), 1000)
        assert found.interval is not None
        held += found.interval[0] <= 0.0033 <= found.interval[1]
    assert held / 400 >= 0.95 - 5 * math.sqrt(0.95 * 0.05 / 400)
