"""Where two timelines of one run part, and what goes otherwise from there on."""

from __future__ import annotations

import pytest

from coopsim.analysis.stories.divergence import divergence
from coopsim.analysis.stories.tracing import Pair
from coopsim.errors import UsageError
from traced import STATION, paired, traced

LATER = STATION.replace("date: 2027-01-01, sets", "date: 2028-01-01, sets")


def test_the_same_scenario_parts_nowhere() -> None:
    pair = paired(STATION, STATION)
    found = divergence(pair.left.side, pair.right.side)
    assert (found.levels, found.differences) == ((), ())
    assert found.common == len(pair.left.side.told())


def test_differences_are_in_the_order_in_which_they_begin() -> None:
    pair = paired(STATION, LATER)
    found = divergence(pair.left.side, pair.right.side)
    assert found.common == 1  # the quarrel
    assert [each.event for each in found.differences] == [
        "peace", "party", "module", "crew", "dome",
    ]  # fmt: skip
    peace = found.differences[0]
    assert peace.left is not None
    assert peace.right is not None
    assert pair.left.date(peace.left.time) == "2027-01-01"
    assert pair.right.date(peace.right.time) == "2028-01-01"


def test_what_a_difference_comes_after() -> None:
    pair = paired(STATION, LATER)
    found = {each.event: each for each in divergence(pair.left.side, pair.right.side).differences}
    assert found["peace"].after == ()
    assert found["party"].after == ("peace",)
    assert found["module"].after == ("peace",)
    assert found["crew"].after == ("module",)  # whose clock of the lag it is
    assert "lab" not in found  # a year later is in time for the same window
    assert found["dome"].after == ("peace",)


def test_an_event_that_only_one_side_knows() -> None:
    pair = paired(STATION, STATION.replace("quarrel:", "argument:"))
    found = {each.event: each for each in divergence(pair.left.side, pair.right.side).differences}
    assert found["quarrel"].right is None
    assert (found["quarrel"].left_count, found["quarrel"].right_count) == (1, 0)
    assert found["argument"].left is None


def test_levels_that_differ_at_the_start() -> None:
    pair = paired(STATION, STATION.replace("initial: cool", "initial: warm"))
    assert divergence(pair.left.side, pair.right.side).levels == (("mood", "cool", "warm"),)


def test_a_repeated_event_differs_from_its_first_other_firing_on() -> None:
    beat = "events:\n  beat: {date: {first: 2025-03-01, every: 1 year}, repeat: true, UNTIL}\n"
    pair = paired(beat.replace("UNTIL", "until: 2030-01-01"), beat.replace(", UNTIL", ""))
    (only,) = divergence(pair.left.side, pair.right.side).differences
    assert (only.number, only.left, only.left_count) == (6, None, 5)


def test_timelines_that_start_on_other_days_cannot_be_laid_side_by_side() -> None:
    left = traced(STATION, scenario="left")
    with pytest.raises(UsageError) as error:
        Pair(left, traced(STATION, scenario="right", start="2025-02-01"))
    assert str(error.value) == (
        "left starts on 2025-01-01 and right on 2025-02-01: timelines side by side must start "
        "on the same day"
    )
