"""What marks an outcome, in sentences and lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coopsim.analysis.evidence.discovery import BoxPoint, Discovery, FoundBox, Limit, Signpost
from coopsim.analysis.statistics.estimates import share_of
from coopsim.presentation.views.discovery import Words, discovery_view
from coopsim.scenario.loading import load_data
from shown import printed
from small_world import small

SCENARIO = load_data(
    {
        "scenario": "world",
        "title": "A world",
        "start": "2025-01-01",
        "end": "2030-12-31",
        "references": {
            "growth": {"title": "How plans grow", "lognormal": [2, 0.3]},
            "mild": {"title": "Mildness", "pace": [{"when": {}, "times": "0.5 to 2"}]},
        },
        "drivers": {
            "mood": {
                "title": "The mood",
                "levels": ["low_ebb", "even", "high"],
                "initial": {"low_ebb": 0.5, "even": 0.3, "high": 0.2},
                "switches": {"even -> high": {"rate": "0.1 to 0.3 per year"}},
            }
        },
        "events": {
            "launch": {
                "title": "The launch",
                "rate": "1 to 2 per year",
                "outcomes": {"works_well": {"chance": "0.2 to 0.4"}, "fails": {"chance": "rest"}},
                "pace": [{"like": "mild"}],
            },
            "flight": {"rate": {"by": "mood", "high": "1 to 2 per year"}},
        },
    }
).scenario
WORDS = Words(SCENARIO)
PER_YEAR = 1 / 31_557_600


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (
            Limit("events.launch.rate.value", "rate", 1.2345 * PER_YEAR, None, None, 0.5),
            '"The launch": rate is above 1.234 per year',
        ),
        (
            Limit("events.flight.rate.value.high", "rate", None, PER_YEAR, None, 0.5),
            '"flight": rate high is below 1 per year',
        ),
        (
            Limit("events.mood: even -> high.rate.value", "rate", PER_YEAR, 2 * PER_YEAR, None, 0),
            '"The mood, even to high": rate is between 1 per year and 2 per year',
        ),
        (
            Limit("events.launch.outcomes.works_well.chance", "chance", 0.304, None, None, 0.5),
            '"The launch": chance of works well is above 30.4 %',
        ),
        (
            Limit("references.mild.pace.0.times", "factor", None, 1.239, None, 0.5),
            '"Mildness": pace no. 1 is below 1.24',
        ),
        (
            Limit("luck.industry_at_home", "luck", 0.25, None, None, 0.75),
            "luck of industry at home (0 to 1) is above 0.25",
        ),
        (
            Limit("drivers.mood.initial", "level", "even", None, None, 0.5),
            '"The mood" begins at even or high',
        ),
        (
            Limit("drivers.mood.initial", "level", None, "low_ebb", None, 0.5),
            '"The mood" begins at low ebb',
        ),
        (
            Limit("launch = works_well by 2026-12-31", None, None, None, True, 0.1),
            '"The launch" has come out as works well by 2026-12-31',
        ),
        (
            Limit("flight by 2026-12-31", None, None, None, False, 0.1),
            '"flight" has not happened by 2026-12-31',
        ),
        (
            Limit("mood <= even on 2026-12-31", None, None, None, True, 0.1),
            '"The mood" is even or below on 2026-12-31',
        ),
        (
            Limit("mood >= high on 2026-12-31", None, None, None, False, 0.1),
            '"The mood" is not high or above on 2026-12-31',
        ),
        (
            Limit("flight by 2026-12-31", None, None, None, True, 0.1),
            '"flight" has happened by 2026-12-31',
        ),
    ],
)
def test_a_limit_in_words(limit: Limit, words: str) -> None:
    assert WORDS.limit(limit).replace("\xa0", " ") == words


BOXES = (
    FoundBox(
        (
            Limit("events.launch.rate.value", "rate", PER_YEAR, None, None, 0.5),
            Limit("mood >= even on 2026-12-31", None, None, None, True, 0.4),
        ),
        share_of(30, 50),
        share_of(30, 100),
        0.1,
    ),
    FoundBox(
        (Limit("flight by 2026-12-31", None, None, None, False, 0.4),),
        share_of(20, 80),
        share_of(20, 100),
        0.16,
    ),
)


def signpost(statement: str, change: float, interval: tuple[float, float]) -> Signpost:
    return Signpost(
        statement, share_of(100, 1000), share_of(50, 100), share_of(450, 900), change, interval
    )


FOUND = Discovery(
    "world",
    "3f9a2c1b",
    "launch by 2029",
    date(2026, 12, 31),
    1000,
    900,
    share_of(200, 1000),
    BOXES,
    (BoxPoint(0.5, share_of(30, 50), share_of(30, 100)),),
    (
        signpost("mood = high on 2026-12-31", 0.3, (0.2, 0.4)),
        signpost("flight by 2026-12-31", -0.2, (-0.3, -0.1)),
        signpost("launch = fails by 2026-12-31", 0.05, (-0.1, 0.2)),
    ),
)


def page(found: Discovery) -> str:
    return printed(discovery_view(found, SCENARIO), 100)


SENTENCES = """\
A world
What marks the 20 % ±3 of 1,000 timelines with: launch by 2029
1. If "The launch": rate is above 1 per year and "The mood" is even or above on 2026-12-31, it
happens in 60 % ±14. That holds in 10 % of all timelines, and in 30 % ±10 of those in which it
happens.
2. Otherwise, if "flight" has not happened by 2026-12-31, it happens in 25 % ±10. That holds in 16 %
of all timelines, and in 20 % ±9 of those in which it happens.

Signposts up to 2026-12-31  seen %  if seen %  if not %    difference
The mood: high                  10         50        50       +30 ±10
flight                          10         50        50       -20 ±10

Conditions are searched for in 900 further timelines of the same scenario; their chances, like those
of signposts, are counted in the result itself. Of the conditions that cover enough of the cases
(--coverage), those are shown under which it happens most often. Conditions that chance alone could
have picked are left out.

Signposts: what to watch for up to 2026-12-31. seen: in how many timelines it is seen by then. if
seen, if not: the chance of the outcome in these and in the others. The largest effects come first,
allowing for their error. With --json each is a statement that `coopsim given` takes. A signpost
need not be a cause.

"""


def test_an_outcome_is_named_by_its_title() -> None:
    named = Words(small().scenario)
    assert named.asked("end") == ' "Operations end"'
    assert named.asked("end and climate = cold") == ": end and climate = cold"


def test_boxes_are_sentences_and_signposts_lines() -> None:
    assert page(FOUND).startswith(SENTENCES)


def test_a_box_in_which_it_always_happens_says_in_how_many_timelines() -> None:
    certain = replace(BOXES[0], density=share_of(50, 50))
    told = page(replace(FOUND, boxes=(certain,))).replace("\n", " ")
    assert (
        '1. If "The launch": rate is above 1 per year and "The mood" is even or above on '
        "2026-12-31, it happens in all 100 timelines. That holds in 10 % of all timelines, and "
        "in 30 % ±10 of those in which it happens. "
    ) in told


def test_of_many_signposts_it_is_said_how_many_chance_makes() -> None:
    many = replace(FOUND, signposts=FOUND.signposts * 8)
    said = " ".join(page(many).split())
    assert (
        "need not be a cause. Of 24 differences, about 1 would stand out by chance alone. ±:"
        in said
    )


def test_small_differences_have_no_minus_zero() -> None:
    small = replace(FOUND, signposts=(signpost("flight by 2026-12-31", -0.0004, (-0.02, -0.0001)),))
    assert " +0.0 ±2.0\n" in page(small)


def test_where_nothing_is_found_it_is_said() -> None:
    nothing = page(replace(FOUND, boxes=(), signposts=()))
    assert "No condition that covers enough of the cases makes it clearly more likely.\n" in nothing
    assert ("\nNo early event has a detectable effect on the chance.\n") in nothing
