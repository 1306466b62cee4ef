"""The smallest worlds there are: nothing in a section, or one thing, in every combination.

Beside them, worlds whose numbers are as large or as small as can be written.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

Raw = dict[str, Any]

DRIVERS: tuple[Raw | None, ...] = (
    None,
    {},
    {"mood": {"levels": ["calm"], "initial": "calm"}},
    {"mood": {"levels": ["calm", "tense"], "initial": {"calm": 0.3, "tense": 0.7}}},
    {
        "mood": {
            "levels": ["calm", "tense"],
            "initial": "calm",
            "switches": {"calm -> tense": {"rate": "1 per year"}},
        }
    },
)
EVENTS: tuple[Raw | None, ...] = (
    None,
    {},
    {"e": {}},
    {"e": {"date": "2025-06-01"}},
    {"e": {"date": "2031-06-01"}},
    {"e": {"rate": "1 per year"}},
    {"e": {"rate": "0 per year"}},
    {"e": {"takes": "0 days", "outcomes": {"only": {"chance": 1}}}},
    {"e": {"date": "2025-03 to 2025-09", "outcomes": {"a": {"chance": 0}, "b": {"chance": 1}}}},
    {"e": {"date": "2025-06-01", "window": {"open": [["2024-01-01", "2024-02-01"]]}}},
    {"e": {"date": {"first": "2025-06-01", "every": "1 year"}, "repeat": True}},
    {"e": {}, "f": {"upon": ["e"]}},
    {"e": {"date": "2025-06-01"}, "f": {"after": {"e": "10 days"}}},
)
QUESTIONS: tuple[Raw | None, ...] = (None, {}, {"mood": {"driver": "mood"}}, {"e": {"event": "e"}})
REFERENCES: tuple[Raw | None, ...] = (None, {}, {"growth": {"lognormal": [2, 0.5]}})

HUGE, LONG, TINY = "1e100", "1e90", "1e-300"  # of numbers; of durations and rates, with a unit
EXTREME_EVENTS: tuple[Raw, ...] = (
    {"date": {"first": "2025-02-01", "then": f"{LONG} years"}, "repeat": True},
    {"date": {"first": "2025-02-01", "then": {"exponential": f"{LONG} years"}}, "repeat": True},
    {
        "date": {"first": {"normal": ["2025-02-01", "1e90 years"]}, "every": "1 month"},
        "repeat": True,
    },
    {
        "date": {"first": {"normal": ["2025-02-01", "1e7 years"]}, "every": "20 days"},
        "repeat": True,
    },
    {"date": {"planned": "2026-01-01", "growth": HUGE}},
    {"date": {"normal": ["2025-02-01", "1e90 years"]}, "pace": [{"when": {}, "times": TINY}]},
    {"takes": f"{LONG} years", "pace": [{"when": {}, "times": HUGE}]},
    {"takes": {"planned": f"{LONG} years", "growth": {"lognormal": [HUGE, 10]}}},
    {"takes": f"{TINY} years", "pace": [{"when": {}, "times": TINY}] * 3},
    {"takes": "1 year", "pace": [*[{"when": {}, "times": HUGE}] * 9, {"when": {}, "times": 0}]},
    {"rate": f"{LONG} per year", "pace": [{"when": {}, "times": HUGE}] * 9},
    {"rate": {"lognormal": [f"{LONG} per year", 10]}},
    {"rate": f"{TINY} per year", "pace": [{"when": {}, "times": TINY}] * 9},
)
_ODDS: tuple[Raw, ...] = (
    {"a": HUGE, "b": HUGE},
    {"a": HUGE, "b": 0},
    {"b": HUGE},
    {"a": "3e-81", "b": "3e-81"},
    {"b": {"lognormal": [HUGE, 10]}},
)


def small_worlds() -> Iterator[Raw]:
    """Make every combination whose names are all there."""
    for drivers, events, questions, references in product(DRIVERS, EVENTS, QUESTIONS, REFERENCES):
        asked = questions or {}
        if ("mood" in asked and not drivers) or ("e" in asked and not events):
            continue
        sections = {
            "drivers": drivers,
            "events": events,
            "outcomes": questions,
            "references": references,
        }
        yield _world({name: made for name, made in sections.items() if made is not None})


def extreme_worlds() -> Iterator[Raw]:
    """Make worlds at the ends of what can be written."""
    for event in EXTREME_EVENTS:
        yield _world({"events": {"e": event}})
    for odds in _ODDS:
        yield _at_odds(odds)


def hopeless_world() -> Raw:
    """Make a world in which two such factors leave no chance to anything."""
    return _at_odds({"a": TINY, "b": TINY})


def _at_odds(odds: Raw) -> Raw:
    chances = {"a": {"chance": 0.25}, "b": {"chance": "rest"}, "c": {"chance": 0}}
    event = {"date": {"first": "2025-02-01", "every": "20 days"}, "repeat": True}
    event |= {"outcomes": chances, "odds": [{"when": {}, "times": odds}] * 4}
    return _world({"events": {"e": event}})


def _world(sections: Raw) -> Raw:
    return {"scenario": "small", "start": "2025-01-01", "end": "2027-12-31", "seed": 5, **sections}
