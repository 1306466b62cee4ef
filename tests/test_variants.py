from __future__ import annotations

import numpy as np
import pytest

from coopsim.analysis.measures import measures
from coopsim.errors import UsageError
from coopsim.experiments import variants as experiments
from coopsim.experiments.variants import Effort, each, measure
from coopsim.simulation.building import build_program
from small_world import small


def test_blocks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = small()
    made = build_program(loaded.scenario)
    asked = measures(made, loaded.scenario)
    whole = measure(made, asked, 100, first_run=5)
    monkeypatch.setattr(experiments, "_BLOCK", 30)
    cut = list(each(lambda first: measure(made, asked, 50, first), [5, 55], Effort(100, 2)))
    assert np.array_equal(whole.numbers, np.hstack([piece.numbers for piece in cut]))


def test_work_comes_back_in_order_and_tells_its_progress() -> None:
    told: list[tuple[int, int]] = []
    effort = Effort(100, 2, lambda done, total: told.append((done, total)))
    assert list(each(lambda number: number**2, list(range(40)), effort, 2)) == [
        number**2 for number in range(40)
    ]
    assert told[0] == (200, 8000)
    assert told[-1] == (8000, 8000)


def test_an_error_ends_the_work() -> None:
    def refuse(number: int) -> int:
        if number == 3:
            raise ValueError("three")
        return number

    with pytest.raises(ValueError, match="three"):
        list(each(refuse, list(range(40)), Effort(100, 2)))


def test_too_few_timelines_are_refused() -> None:
    with pytest.raises(UsageError) as error:
        Effort(99)
    assert str(error.value) == "99 timelines are too few to tell effects; at least 100"
