"""Titles and days as a person reads them."""

from __future__ import annotations

from datetime import date

import pytest

from coopsim.presentation.words.headlines import short_names
from coopsim.presentation.words.wording import (
    Wording,
    by_chance_text,
    day_or_year,
    not_by,
    timelines,
)
from hand_made import scenario
from ten import asked, compared


def test_the_end_of_a_year_is_named_by_the_year() -> None:
    assert day_or_year(date(2040, 12, 31)) == "2040"
    assert not_by(date(2040, 12, 30)) == "not by 2040-12-30"


def test_one_timeline_is_singular() -> None:
    assert (timelines(1), timelines(10_000)) == ("1 timeline", "10,000 timelines")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (19, ""),
        (20, "Of 20 differences, about 1 would stand out by chance alone."),
        (50, "Of 50 differences, about 3 would stand out by chance alone."),
        (1234, "Of 1,234 differences, about 62 would stand out by chance alone."),
    ],
)
def test_how_many_would_stand_out_by_chance(count: int, text: str) -> None:
    assert by_chance_text(count) == text


def test_titles_that_go_on_are_completed() -> None:
    words = Wording.of(asked())
    assert words.titles["early"] == "Launch in 2025"
    assert words.titles["flights"] == "flights"


def test_a_question_closes_at_its_own_date_or_at_the_end() -> None:
    made = scenario(
        {
            "own": {"event": "flight", "by": "2026-03"},
            "late": {"event": "flight", "by": "2099"},
            "open": {"event": "flight"},
        }
    )
    assert Wording.of(made).closings == {
        "own": date(2026, 3, 31),
        "late": date(2027, 6, 30),
        "open": date(2027, 6, 30),
    }


def test_branches_go_by_the_titles_of_their_events() -> None:
    words = Wording("", {}, {}, {"a": "One", "b_c": "Two"}, date(2025, 1, 1), date(2025, 1, 1))
    assert words.branch("a or b_c or d_e") == "One or Two or d e"
    assert words.branch("neither") == "none of these"


def test_results_of_one_scenario_go_by_their_folders() -> None:
    names = ["hand-made-3f9a2c1b", "hand-made-00000000"]
    assert short_names(compared()[0]) == {name: name for name in names}
