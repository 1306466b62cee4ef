from __future__ import annotations

import pickle

import numpy as np
import pytest

from coopsim.simulation.firings import COLUMNS, Firings, join
from fake_engine import PROGRAM, simulate


def same(left: Firings, right: Firings) -> bool:
    runs = (left.first_run, left.runs) == (right.first_run, right.runs)
    return runs and all(
        np.array_equal(getattr(left, column), getattr(right, column)) for column in COLUMNS
    )


def test_lists_become_columns_of_the_promised_types() -> None:
    firings = Firings.from_lists(5, 2, ([5, 6, 6], [0, 1, 0], [0, 1, 0], [10, 20, 2**40]))
    assert len(firings) == 3
    assert [getattr(firings, column).dtype for column in COLUMNS] == [
        np.int64,
        np.int32,
        np.int32,
        np.int64,
    ]
    assert firings.time.tolist() == [10, 20, 2**40]


def test_no_firings_at_all_are_firings_too() -> None:
    firings = Firings.from_lists(0, 10, ([], [], [], []))
    assert len(firings) == 0
    assert firings.run.dtype == np.int64


def test_pieces_in_any_order_join_to_the_whole() -> None:
    pieces = [simulate(PROGRAM, first, 250) for first in (500, 0, 750, 250)]
    assert same(join(pieces), simulate(PROGRAM, 0, 1000))


@pytest.mark.parametrize(("first", "last"), [(0, 249), (200, 449)])
def test_pieces_that_do_not_touch_are_refused(first: int, last: int) -> None:
    pieces = [simulate(PROGRAM, first, 250), simulate(PROGRAM, 300, 250)]
    with pytest.raises(ValueError, match=rf"^run 300 does not follow run {last}$"):
        join(pieces)


def test_joining_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^no firings to join$"):
        join([])


def test_firings_travel_between_processes() -> None:
    firings = simulate(PROGRAM, 0, 100)
    assert same(pickle.loads(pickle.dumps(firings)), firings)
