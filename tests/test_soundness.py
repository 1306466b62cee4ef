"""Errors and warnings about the meaning of scenarios whose every part is well formed."""

from __future__ import annotations

import time
from typing import Any

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.loading import load_data
from coopsim.scenario.text.tree import plain
from coopsim.scenario.text.yaml_text import read_text

HEADER = {"scenario": "test", "start": "2025-08-05", "end": "2040-12-31"}
DRIVERS = """
drivers:
  war: {levels: [hot, warm, cold], initial: warm, judgement: x}
  mood: {levels: [bad, good], initial: good, judgement: x}
outcomes: {war: {driver: war}, mood: {driver: mood}}
"""


def read(text: str) -> dict[str, Any]:
    return dict(plain(read_text(text, "text")[0]))


def data_of(text: str, **header: Any) -> dict[str, Any]:
    data = {**HEADER, **header, **read(DRIVERS), **read(text)}
    for event in data.get("events", {}).values():
        event["judgement"] = "x"
    return data


def errors(text: str, **header: Any) -> list[str]:
    """List `path: found` of every error."""
    try:
        load_data(data_of(text, **header))
    except ScenarioError as error:
        return [f"{problem.path}: {problem.found}" for problem in error.problems]
    return []


def warnings(text: str, **header: Any) -> list[str]:
    """List `path: found` of every warning."""
    found = load_data(data_of(text, **header)).warnings
    return [f"{warning.path}: {warning.found}" for warning in found]


# --- days -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "found"),
    [
        ("2026-01-01 to 2028-01-01", []),  # a normal distribution, which has no bounds
        ("{earliest: 2025-08-01, likely: 2027-01-01, latest: 2028-01-01}", []),  # seldom so early
        (
            "{earliest: 2020-01-01, likely: 2027-01-01, latest: 2028-01-01}",
            ["which begins before the start; dates before the start are due at once"],
        ),
        ("{planned: 2039-06-30, growth: {lognormal: [1.3, 0.3]}}", []),  # it may be in time
        (
            "{planned: 2040-09-30, growth: {triangular: [1.1, 1.2, 1.4]}}",
            ["after the end, so it never happens"],
        ),
    ],
)
def test_dates_are_warned_of_by_where_they_likely_lie(date: str, found: list[str]) -> None:
    said = warnings(f"events: {{vote: {{date: {date}}}}}")
    of_days = [one for one in said if "so it never" in one or "due at once" in one]
    assert [one.endswith(f", {text}") for one, text in zip(of_days, found, strict=True)] == [
        True for _ in found
    ]


def test_the_end_may_be_the_first_day() -> None:
    assert errors("events: {}", end="2025-08-05") == []
    assert errors("events: {}", end="2025-08") == errors("events: {}", end="2025") == []
    assert errors("events: {}", end="2025-08-04") == ["end: 2025-08-04, before the start"]


def test_the_last_day_may_be_the_first() -> None:
    def leak(until: str) -> str:
        return f"events: {{leak: {{rate: 1 per year, from: 2030-02-01, until: {until}}}}}"

    assert errors(leak("2030-02-01")) == errors(leak("2030")) == errors(leak("2030-02")) == []
    assert errors(leak("2030-01")) == ["events.leak.until: 2030-01-31, before `from`"]


# --- windows ----------------------------------------------------------------------------------


def test_windows_that_open_without_end_are_refused_wherever_they_stand() -> None:
    window = "{opens: 2025-01-01, every: 1 hour, lasts: 1 hour}"
    text = f"""
references: {{often: {window}}}
events: {{a: {{takes: 1 year, window: {window}}}, b: {{takes: 1 year, window: {{like: often}}}}}}
"""
    openings = 24 * 5844  # days from 2025-01-01 to 2041-01-01
    found = f"a window that opens {openings:,} times before the end"
    assert errors(text) == [f"events.a.window.every: {found}", f"references.often.every: {found}"]
    assert errors(text.replace("1 hour,", "2 hours,")) == []


# --- chances ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("0.4", "0.6", None),
        ("0.4", "rest", None),
        ("1", "rest", None),
        ("0.4", "0.5", "chances that sum to 0.9"),
        ("0.4", "0.7", "chances that sum to 1.1"),
        (
            "{by: war, hot: 0.1, warm: 0.2, cold: 0.3}",
            "{by: war, hot: 0.9, warm: 0.8, cold: 0.7}",
            None,
        ),
        (
            "{by: war, hot: 0.1, warm: 0.2, cold: 0.3}",
            "{by: war, hot: 0.9, warm: 0.8, cold: 0.8}",
            "chances that sum to 1.1 at war: cold",
        ),
        (
            "{by: war, hot: 0.1, warm: 0.2, cold: 0.3}",
            "{by: mood, bad: 0.9, good: 0.8}",
            "chances that sum to 1.1 at mood: bad and war: warm",
        ),
        ("{by: war, hot: 1, warm: 0.2, cold: 0}", "rest", None),
        (
            "[{when: {war: hot}, is: 0.2}, {is: 0.4}]",
            "{by: war, hot: 0.8, warm: 0.6, cold: 0.6}",
            None,
        ),
        (
            "[{when: {war: hot, mood: bad}, is: 0.2}, {when: {mood: bad}, is: 0.3}, {is: 0.4}]",
            "[{when: {mood: good}, is: 0.6}, {is: 0.7}]",
            "chances that sum to 0.9 at mood: bad and war: hot",
        ),
        ("0.2 to 0.4", "rest", None),
        ("0.2 to 0.4", "0.7", "uncertain chances"),
        ("{like: even}", "{like: even}", None),
        ("{like: even}", "0.6", "chances that sum to 1.1"),
    ],
)
def test_chances_sum_to_one_at_all_levels(first: str, second: str, expected: str | None) -> None:
    text = f"""
references: {{even: "0.5"}}
events: {{e: {{date: 2030, outcomes: {{a: {{chance: {first}}}, b: {{chance: {second}}}}}}}}}
"""
    assert errors(text) == ([] if expected is None else [f"events.e.outcomes: {expected}"])


def test_chances_by_an_event_know_its_outcomes() -> None:
    text = """
events:
  launch: {date: 2030, outcomes: {works: {chance: 0.5}, fails: {chance: rest}}}
  e:
    date: 2031
    outcomes:
      a: {chance: {by: launch, "false": 0.1, works: 0.5, fails: 0.6}}
      b: {chance: [{when: {launch: "true"}, is: 0.5}, {is: 0.9}]}
"""
    assert errors(text) == ["events.e.outcomes: chances that sum to 1.1 at launch: fails"]


# --- names where they stand --------------------------------------------------------------------


def test_true_is_a_level_of_events_only() -> None:
    assert errors("events: {a: {rate: 1 per year}, b: {rate: 1 per year, when: {a: true}}}") == []
    text = "events: {e: {rate: 1 per year, when: {war: true}, unless: {mood: [bad, false]}}}"
    assert errors(text) == ["events.e.when.war: 'true'", "events.e.unless.mood: 'false'"]


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("takes: {like: gone}", "takes.like"),
        ("takes: {planned: {like: gone}, growth: {like: gone}}", "takes.planned.like"),
        ("rate: {by: war, hot: {like: gone}}", "rate.hot.like"),
        ("date: {by: war, hot: {planned: 2030, growth: {like: gone}}}", "date.hot.growth.like"),
        ("rate: 1 per year, pace: [{like: gone}]", "pace.0.like"),
        ("rate: 1 per year, pace: [{by: war, hot: {like: gone}}]", "pace.0.hot.like"),
        ("rate: 1 per year, pace: [{when: {}, times: {like: gone}}]", "pace.0.times.like"),
        ("rate: 1 per year, window: {like: gone}", "window.like"),
        ("rate: 1 per year, after: {e: {like: gone}}", "after.e.like"),
        ("outcomes: {a: {chance: {like: gone}}, b: {chance: rest}}", "outcomes.a.chance.like"),
        ("outcomes: {a: {chance: [{is: {like: gone}}]}}", "outcomes.a.chance.0.is.like"),
        (
            "outcomes: {like: {chance: 1}}, odds: [{when: {}, times: {like: {like: gone}}}]",
            "odds.0.times.like.like",
        ),
    ],
)
def test_an_unknown_reference_is_told_wherever_it_stands(key: str, where: str) -> None:
    assert errors(f"events: {{e: {{{key}}}}}")[0] == f"events.e.{where}: 'gone'"


def test_names_may_be_words_of_the_language() -> None:
    text = """
drivers:
  like: {levels: [is, when], initial: when, judgement: x}
events:
  when: {rate: 1 per year, when: {like: when}, pace: [{when: {like: when}, times: 2}]}
  odds:
    rate: {by: like, when: 1 per year}
    outcomes: {like: {chance: 1}}
    odds: [{when: {}, times: {like: 2}}]
outcomes: {like: {driver: like}}
"""
    assert errors(text) == []


# --- loops within one second ------------------------------------------------------------------

ENDLESS = "events that set each other off without end"
STAYS = "an immediate event that repeats and leaves its own condition true"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: {repeat: true}", [f"a: {STAYS}"]),
        ("a: {repeat: true, when: {war: hot}}", [f"a: {STAYS}"]),
        ("a: {repeat: true, when: {war: hot}, sets: {mood: bad}}", [f"a: {STAYS}"]),
        ("a: {repeat: true, when: {war: hot}, sets: {war: cold}}", []),
        ("a: {repeat: true, when: {war: hot}, shifts: {war: 1}}", []),
        ("a: {repeat: true, when: {war: [hot, warm]}, shifts: {war: 1}}", [f"a: {STAYS}"]),
        ("a: {repeat: true, when: {war: cold}, shifts: {war: 1}}", [f"a: {STAYS}"]),
        ("a: {repeat: true, when: {war: hot}, sets: {war: hot}, shifts: {war: 1}}", []),
        (
            "a: {repeat: true, when: {war: hot}, sets: {war: warm}, shifts: {war: -1}}",
            [f"a: {STAYS}"],
        ),
        ("a: {repeat: true, when: {a: false}}", []),
        ("a: {repeat: true, unless: {a: true}}", []),
        (
            (
                "a: {repeat: true, when: {war: hot}, outcomes: {x: {chance: 0.5, "
                "sets: {war: cold}}, y: {chance: rest}}}"
            ),
            [f"a: {STAYS}"],
        ),
        (
            (
                "a: {repeat: true, when: {war: hot}, outcomes: {x: {chance: 0.5, "
                "sets: {war: cold}}, y: {chance: rest, sets: {war: warm}}}}"
            ),
            [],
        ),
        ("a: {repeat: true, upon: [a]}", [f"a: {ENDLESS}: a -> a"]),
        ("a: {when: {war: hot}}", []),
        ("a: {repeat: true, rate: 1 per year}", []),
        (
            "a: {repeat: true, upon: [b]}\n  b: {repeat: true, upon: [a]}",
            [f"a: {ENDLESS}: a -> b -> a"],
        ),
        (
            "a: {repeat: true, upon: [b]}\n  b: {repeat: true, upon: [a], when: {war: hot}}",
            [],
        ),
        (
            (
                "a: {repeat: true, when: {war: hot}, sets: {war: cold}}\n"
                "  b: {repeat: true, when: {war: cold}, sets: {war: hot}}"
            ),
            [f"a: {ENDLESS}: a -> b -> a"],
        ),
        (
            (
                "a: {repeat: true, when: {war: hot}, sets: {war: cold}}\n"
                "  b: {repeat: true, when: {war: cold, mood: bad}, sets: {war: hot}}"
            ),
            [],
        ),
        (
            "a: {repeat: true, upon: [b]}\n  b: {repeat: true, upon: [a], takes: 1 hour}",
            [],
        ),
    ],
)
def test_loops_within_one_second_are_refused(text: str, expected: list[str]) -> None:
    assert errors(f"events:\n  {text}") == [f"events.{one}" for one in expected]


def test_switches_without_timing_may_loop_too() -> None:
    text = """
drivers:
  war:
    levels: [hot, cold]
    initial: hot
    switches: {hot -> cold: {}, cold -> hot: {}}
    judgement: x
outcomes: {war: {driver: war}}
"""
    path, names = "drivers.war.switches.hot -> cold", ("war: hot -> cold", "war: cold -> hot")
    assert errors(text) == [f"{path}: {ENDLESS}: {names[0]} -> {names[1]} -> {names[0]}"]


def test_a_condition_that_explodes_is_refused_quickly() -> None:
    row = "{war: hot, mood: bad, e: false}"
    began = time.process_time()
    text = f"events: {{e: {{rate: 1 per year, unless: [{', '.join([row] * 30)}]}}}}"
    assert errors(text) == ["events.e.unless: a condition of too many combinations"]
    assert time.process_time() - began < 2


# --- warnings ---------------------------------------------------------------------------------

NEVER = "an event that can never fire"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: {rate: 1 per year}", []),
        ("a: {rate: 0 per year}", ["a"]),
        ("a: {rate: 1 per year, when: {war: hot}}", ["a"]),
        ("a: {rate: 1 per year, when: {war: hot}}\n  b: {rate: 1 per year, sets: {war: hot}}", []),
        ("a: {rate: 1 per year, when: {war: hot}}\n  b: {rate: 1 per year, shifts: {war: -1}}", []),
        (
            (
                "a: {rate: 1 per year, when: {war: hot}}\n"
                "  b: {rate: 1 per year, sets: {war: cold}, shifts: {war: -1}}"
            ),
            ["a"],
        ),
        (
            (
                "a: {rate: 1 per year, when: {war: hot}}\n"
                "  b: {rate: 1 per year, when: {a: true}, sets: {war: hot}}"
            ),
            ["a", "b"],
        ),
        ("a: {rate: 1 per year, when: {war: hot}, unless: {war: hot}}", ["a"]),
        ("a: {upon: {war: hot}}", ["a"]),
        ("a: {upon: [b]}\n  b: {rate: 1 per year, after: [b]}", ["a", "b"]),
        ("a: {date: 2040-12-31}", []),
        ("a: {date: 2040 to 2042}", []),
        ("a: {rate: 1 per year, until: 2025-08-05}", []),
        (
            (
                "a: {rate: 1 per year, when: {b: works}}\n"
                "  b: {date: 2030, outcomes: {works: {chance: 0}, fails: {chance: 1}}}"
            ),
            ["a"],
        ),
    ],
)
def test_events_that_can_never_fire_are_warned_of(text: str, expected: list[str]) -> None:
    assert warnings(f"events:\n  {text}") == [f"events.{name}: {NEVER}" for name in expected]


def test_switches_from_levels_never_reached_are_warned_of() -> None:
    text = """
drivers:
  war:
    levels: [hot, warm, cold]
    initial: {hot: 0, warm: 0.5, cold: 0.5}
    switches: {hot -> warm: {rate: 1 per year}, cold -> warm: {rate: 1 per year}}
    judgement: x
outcomes: {war: {driver: war}}
"""
    assert warnings(text) == [f"drivers.war.switches.hot -> warm: {NEVER}"]


@pytest.mark.parametrize(
    "reader",
    [
        "events: {e: {rate: 1 per year, when: {spare: a}}}",
        "events: {e: {rate: 1 per year, unless: {spare: b}}}",
        "events: {e: {upon: {spare: a}}}",
        "events: {e: {rate: {by: spare, a: 1 per year}}}",
        "events: {e: {date: {by: spare, a: 2030}}}",
        "events: {e: {rate: 1 per year, pace: [{by: spare, a: 2}]}}",
        "events: {e: {rate: 1 per year, pace: [{when: {spare: a}, times: 2}]}}",
        "events: {e: {rate: 1 per year, outcomes: {x: {chance: {by: spare, a: 1, b: 1}}}}}",
        "events: {e: {date: 2030, outcomes: {x: {chance: [{when: {spare: a}, is: 1}, {is: 1}]}}}}",
        "events: {e: {date: 2030,outcomes: {x: {chance: 1}},odds: [{when: {spare: a},times: {}}]}}",
        "outcomes: {q: {driver: spare}}",
        "outcomes: {q: {index: [{when: {spare: a}, weight: 1}]}}",
    ],
)
def test_a_driver_is_read_wherever_it_may_stand(reader: str) -> None:
    found = read(reader)
    spare = {"levels": ["a", "b"], "initial": "a", "judgement": "x"}
    data = {
        **HEADER,
        "drivers": {"spare": spare},
        "outcomes": {"n": {"index": [{"when": {}, "weight": 1}]}},
    }
    for event in found.get("events", {}).values():
        event["judgement"] = "x"
    assert load_data({**data, **found}).warnings == ()
    (warning,) = load_data(data).warnings
    assert (warning.path, warning.found) == ("drivers.spare", "a driver that nothing reads")


def test_support_is_sources_or_a_judgement() -> None:
    data = data_of("events: {a: {rate: 1 per year}, b: {rate: 1 per year}, c: {rate: 1 per year}}")
    data["events"]["a"] = {"rate": "1 per year", "sources": ["slips"]}
    data["events"]["c"] = {"rate": "1 per year"}
    found = load_data(data).warnings
    assert [str(warning) for warning in found] == [
        (
            "data: warning: events.a.sources: found 'slips', which cannot be checked, as there "
            "is no folder of claims, expected a folder `seeds` in the scenario's folder, or up "
            "to two above it"
        ),
        (
            "data: warning: events.c: found neither sources nor judgement, "
            "expected where it comes from: one of them, or both"
        ),
    ]
