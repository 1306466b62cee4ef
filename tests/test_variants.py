from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coopsim.errors import UsageError
from coopsim.experiments.variants import Effort, Variant, sampled
from coopsim.simulation.workers.playing import Players
from small_world import small


def test_blocks_and_threads_change_nothing() -> None:
    first, second = Variant.of(small().scenario, ()), Variant.of(small("seed=8").scenario, ())
    one, three = (
        list(sampled([first, second], 2, Effort(700, Players(workers)))) for workers in (1, 3)
    )
    assert [variant for variant, _ in three] == [first, second]
    for (_, whole), (_, cut) in zip(one, three, strict=True):
        assert whole.numbers.shape == (len(first.asked), 700)
        assert np.array_equal(whole.numbers, cut.numbers)
        assert np.array_equal(whole.courses, cut.courses)
    assert not np.array_equal(one[0][1].numbers, one[1][1].numbers)


def test_a_variant_is_made_when_its_turn_comes() -> None:
    made: list[int] = []
    written = Variant.of(small().scenario, ["end"])

    def variant(number: int) -> Variant:
        made.append(number)
        return replace(written)

    played = sampled(map(variant, range(100)), 100, Effort(100, Players(2)))
    next(played)
    assert len(made) == 8
    played.close()


def test_too_few_timelines_are_refused() -> None:
    with pytest.raises(UsageError) as error:
        Effort(99)
    assert str(error.value) == "99 timelines are too few to detect effects; at least 100 are needed"
