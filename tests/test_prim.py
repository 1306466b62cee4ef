"""Boxes found again that were put there."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from coopsim.analysis.statistics.prim import Box, by_chance, peel, pruned
from coopsim.analysis.timelines import BoolArray
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.simulation.draws import stream_key, uniforms

RUNS = 4000


def columns(count: int) -> FloatArray:
    """Draw even numbers between 0 and 1, shape (runs, columns)."""
    keys = [stream_key(3, f"x{n}") for n in range(count)]
    return np.column_stack([uniforms(key, 0, RUNS, 0) for key in keys])


def test_a_box_holds_its_limits() -> None:
    box = Box.whole(2).within(1, 2.0, 3.0)
    assert box.limited == [1]
    assert box.holds(np.array([[9.0, 2.0], [9.0, 3.0], [9.0, 3.1]])).tolist() == [True, True, False]
    assert box.freed(1).limited == []


# It happens where 0.2 <= x0 <= 0.7 and x2 >= 0.6, a fifth of all, and nowhere else; four columns
# mean nothing. Each peel gives up 5 % of the runs left, so limits may miss by about that much.
def test_a_known_box_is_found() -> None:
    x = columns(6)
    y: BoolArray = (x[:, 0] >= 0.2) & (x[:, 0] <= 0.7) & (x[:, 2] >= 0.6)
    box = pruned(peel(x, y, 100, hits=0.9 * y.sum())[-1], x, y)
    assert box.limited == [0, 2]
    assert box.low[[0, 2]] == pytest.approx([0.2, 0.6], abs=0.05)
    assert box.high[0] == pytest.approx(0.7, abs=0.05)
    assert box.high[2] == np.inf
    inside = box.holds(x)
    assert y[inside].mean() > 0.9
    assert y[inside].sum() > 0.9 * y.sum()
    # The wrong box would not do: half of x2 gives half the density.
    assert y[Box.whole(6).within(2, 0.0, 0.6).holds(x)].mean() < 0.01


def test_the_trajectory_shrinks_and_grows_denser() -> None:
    x = columns(3)
    y: BoolArray = columns(4)[:, 3] < x[:, 1] ** 2
    boxes = peel(x, y, 200)
    held = [box.holds(x) for box in boxes]
    assert held[0].all()
    for outer, inner in pairwise(held):
        assert (outer >= inner).all()
        assert 0.94 < inner.sum() / outer.sum() < 1
        assert y[inner].mean() > y[outer].mean()
    assert len(boxes) > 30
    assert held[-1].sum() >= 200


# Of a column with two values a peel can but take one of them; that it gives up half of the runs
# at once does not keep it from being chosen where it matters most.
def test_a_column_of_two_values() -> None:
    x = columns(3)
    x[:, 1] = x[:, 1] < 0.5
    y: BoolArray = (x[:, 1] == 1) & (columns(4)[:, 3] < 0.6)
    box = pruned(peel(x, y, 100)[1], x, y)
    assert box.limited == [1]
    assert (box.low[1], box.high[1]) == (1.0, np.inf)


def test_few_values_are_peeled_one_at_a_time() -> None:
    x = np.repeat([0.0, 1.0, 2.0, 3.0], 250)[:, np.newaxis]
    y: BoolArray = (x[:, 0] == 2) | (x[:, 0] == 3)
    boxes = peel(x, y, 10)
    assert [box.low[0] for box in boxes] == [-np.inf, 1.0, 2.0]


def test_what_never_changes_is_never_peeled() -> None:
    assert len(peel(np.ones((50, 2)), np.arange(50) < 5, 5)) == 1


# Four of five in the box are hits, of ten without the limit: P(Bin(5, 0.5) >= 4) = 6 / 32.
def test_whether_a_limit_may_be_chance() -> None:
    x = np.arange(10.0)[:, np.newaxis]
    y = np.array([1, 0, 0, 0, 0, 1, 1, 1, 1, 0], dtype=np.bool_)
    box = Box.whole(1).within(0, 5.0, np.inf)
    assert by_chance(box, 0, x, y) == pytest.approx(6 / 32)
    assert pruned(box, x, y).limited == []
    assert by_chance(box, 0, x, np.zeros(10, dtype=np.bool_)) == 1
    # A hundred times as many leave no doubt.
    assert pruned(box, np.repeat(x, 100, axis=0), np.repeat(y, 100)).limited == [0]


def test_nothing_is_found_in_noise() -> None:
    x = columns(9)
    y: BoolArray = x[:, 8] < 0.3
    odd, even = np.arange(RUNS) % 2 == 1, np.arange(RUNS) % 2 == 0
    noise = x[:, :8]
    box = peel(noise[even], y[even], 100, hits=0.5 * y[even].sum())[-1]
    assert box.limited
    assert pruned(box, noise[odd], y[odd]).limited == []
