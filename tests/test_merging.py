"""Merging by position, never by the names of keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from coopsim.scenario.changes.merging import merge
from coopsim.scenario.loading import load
from coopsim.scenario.text.tree import Map, plain
from coopsim.scenario.text.yaml_text import read_text


def tree(text: str) -> Map:
    return read_text(text, "file.yaml")[0]


def merged(parent: str, child: str) -> Any:
    found, warnings = merge(tree(parent), tree(child))
    assert warnings == []
    return plain(found)


def event(date: str, key: str = "date") -> str:
    return f"events: {{x: {{{key}: {date}}}}}"


def value_of(parent: str, child: str, key: str = "date", above: str = "") -> Any:
    """Merge two ways of writing the same key of an event."""
    found = merged(f"{event(parent, key)}\n{above}", event(child, key))
    return found["events"]["x"][key]


WAR = "drivers: {war: {levels: [low, high, likely, planned]}}"

# --- mappings, lists and values ---------------------------------------------------------------


def test_mappings_merge_key_by_key_and_new_keys_come_last() -> None:
    found = merged(
        "a: 1\nevents: {x: {rate: 1, title: X}, y: {rate: 2}}\nb: 1",
        "c: 3\nevents: {z: {rate: 3}, x: {title: XX, until: 2030}}\na: 2",
    )
    assert found == {
        "a": "2",
        "events": {
            "x": {"rate": "1", "title": "XX", "until": "2030"},
            "y": {"rate": "2"},
            "z": {"rate": "3"},
        },
        "b": "1",
        "c": "3",
    }
    assert list(found) == ["a", "events", "b", "c"]
    assert list(found["events"]) == ["x", "y", "z"]
    assert list(found["events"]["x"]) == ["rate", "title", "until"]


def test_lists_are_replaced_whole() -> None:
    assert value_of("[{like: a}, {like: b}]", "[{like: c}]", "pace") == [{"like": "c"}]
    assert value_of("[a, b]", "{c: 1 year}", "after") == {"c": "1 year"}
    assert value_of("{a: 1 year}", "{c: 1 year}", "after") == {"a": "1 year", "c": "1 year"}


@pytest.mark.parametrize("key", ["date", "takes", "rate", "window"])
def test_a_value_is_replaced_whole(key: str) -> None:
    values = [
        "{p5: 1, p95: 2}",
        "{p5: 1, p50: 1.5, p95: 2}",
        "{low: 1, likely: 2, high: 3}",
        "{lognormal: [1, 2]}",
        "{planned: 2028, growth: {uniform: [1, 2]}}",
        "{planned: 2029, growth: 2}",
        "{first: 2028, every: 1 year}",
        "{first: 2028, then: 1 year}",
        "{like: slow}",
        "{like: slow, luck: a, share: 0.5}",
        "{open: [[1, 2]]}",
        "{opens: 1, every: 2, lasts: 3}",
    ]
    for parent in values:
        for child in values:
            assert value_of(parent, child, key) == yaml.load(child, yaml.BaseLoader)


def test_mixtures_references_and_lags_are_replaced_whole() -> None:
    found = merged(
        "drivers: {war: {initial: {hot: 1, cold: 2}}}\n"
        "references: {slow: {lognormal: [1, 2], title: Slow, luck: a}}\n"
        "events: {x: {after: {a: {low: 1, high: 2}}}}",
        "drivers: {war: {initial: {cold: 1}}}\n"
        "references: {slow: {uniform: [1, 2]}}\n"
        "events: {x: {after: {a: {p5: 1, p95: 2}}}}",
    )
    assert found["drivers"]["war"]["initial"] == {"cold": "1"}
    assert found["references"]["slow"] == {"uniform": ["1", "2"]}
    assert found["events"]["x"]["after"] == {"a": {"p5": "1", "p95": "2"}}


def test_switches_hold_values_as_events_do() -> None:
    def switch(rate: str) -> str:
        return f"drivers: {{war: {{switches: {{hot -> cold: {{rate: {rate}, title: T}}}}}}}}"

    found = merged(switch("{p5: 1, p95: 2}"), switch("{low: 1, likely: 2, high: 3}"))
    held = found["drivers"]["war"]["switches"]["hot -> cold"]
    assert held == {"rate": {"low": "1", "likely": "2", "high": "3"}, "title": "T"}


# --- tables by level --------------------------------------------------------------------------


def test_tables_merge_level_by_level() -> None:
    table = "{by: war, hot: 1, cold: 2}"
    assert value_of(table, "{hot: 3}", "rate") == {"by": "war", "hot": "3", "cold": "2"}
    assert value_of(table, "{by: war, mild: 3}") == {
        "by": "war",
        "hot": "1",
        "cold": "2",
        "mild": "3",
    }
    assert value_of(table, "{cold: null}", "rate") == {"by": "war", "hot": "1"}
    assert value_of(table, "{by: climate, hot: 3}", "rate") == {"by": "climate", "hot": "3"}
    assert value_of("2028", table) == {"by": "war", "hot": "1", "cold": "2"}
    assert value_of(table, "2028") == "2028"


def test_a_chance_by_level_merges_too() -> None:
    def chance(text: str) -> str:
        return f"events: {{x: {{outcomes: {{lognormal: {{chance: {text}}}}}}}}}"

    found = merged(chance("{by: war, hot: 0.1, cold: 0.2}"), chance("{cold: 0.3}"))
    held = found["events"]["x"]["outcomes"]["lognormal"]
    assert held == {"chance": {"by": "war", "hot": "0.1", "cold": "0.3"}}


def test_a_chance_that_is_no_table_is_replaced_whole() -> None:
    def chance(text: str) -> str:
        return f"events: {{x: {{outcomes: {{a: {{chance: {text}}}}}}}}}"

    found = merged(chance("{low: 0.1, likely: 0.2, high: 0.3}"), chance("{p5: 0.1, p95: 0.2}"))
    assert found["events"]["x"]["outcomes"]["a"]["chance"] == {"p5": "0.1", "p95": "0.2"}


def test_what_a_table_holds_is_a_value() -> None:
    table = "{by: war, hot: {planned: 2028, growth: 2}}"
    child = "{hot: {earliest: 2028, likely: 2029, latest: 2030}}"
    assert value_of(table, child)["hot"] == {
        "earliest": "2028",
        "likely": "2029",
        "latest": "2030",
    }


def test_levels_with_names_of_notations_stay_levels() -> None:
    table = "{by: war, low: 1, high: 2, planned: 3}"
    assert value_of(table, "{low: 5}", "rate", WAR) == {
        "by": "war",
        "low": "5",
        "high": "2",
        "planned": "3",
    }
    assert value_of(table, "{low: 5, likely: 6, high: 7}", "rate", WAR)["by"] == "war"
    assert value_of(table, "{planned: null}", "rate", WAR) == {"by": "war", "low": "1", "high": "2"}


def test_a_value_over_a_table_without_such_levels_replaces_it() -> None:
    table = "{by: war, hot: 1, cold: 2}"
    for value in ("{low: 1, likely: 2, high: 3}", "{p5: 1, p95: 2}", "{like: slow}"):
        assert value_of(table, value, "rate") == yaml.load(value, yaml.BaseLoader)


def test_a_mistyped_level_stays_in_the_table_to_be_told() -> None:
    table = "{by: war, hot: 1, cold: 2}"
    assert value_of(table, "{hott: 3}", "rate") == {
        "by": "war",
        "hot": "1",
        "cold": "2",
        "hott": "3",
    }


def test_the_outcomes_of_an_event_are_levels_too() -> None:
    above = "drivers: {}"
    parent = "events: {low: {outcomes: {p5: {}, p95: {}}}, x: {rate: {by: low, p5: 1, false: 2}}}"
    found = merged(f"{parent}\n{above}", "events: {x: {rate: {p5: 3, p95: 4}}}")
    assert found["events"]["x"]["rate"] == {"by": "low", "p5": "3", "false": "2", "p95": "4"}


# --- names that look like something else ------------------------------------------------------


def test_names_of_entries_mean_nothing() -> None:
    found = merged(
        "drivers: {title: {levels: [a, b], initial: a}, initial: {levels: [a, b], initial: a}}\n"
        "events:\n"
        "  date: {rate: 1, sets: {takes: a, window: b}}\n"
        "  takes: {outcomes: {lognormal: {chance: 0.5, title: L}, date: {chance: rest}}}\n"
        "references: {events: {p5: 1, p95: 2}}",
        "drivers: {title: {initial: b}, initial: {title: I}}\n"
        "events:\n"
        "  date: {sets: {window: c}}\n"
        "  takes: {outcomes: {lognormal: {chance: 0.6}, date: {title: D}}}\n"
        "references: {events: {p50: 3}}",
    )
    assert found == {
        "drivers": {
            "title": {"levels": ["a", "b"], "initial": "b"},
            "initial": {"levels": ["a", "b"], "initial": "a", "title": "I"},
        },
        "events": {
            "date": {"rate": "1", "sets": {"takes": "a", "window": "c"}},
            "takes": {
                "outcomes": {
                    "lognormal": {"chance": "0.6", "title": "L"},
                    "date": {"chance": "rest", "title": "D"},
                }
            },
        },
        "references": {"events": {"p50": "3"}},
    }


# --- null -------------------------------------------------------------------------------------


def test_null_removes() -> None:
    parent = "events: {x: {rate: 1, when: {a: b, c: d}}, y: {rate: 2}}"
    found = merged(parent, "events: {x: {rate: null, when: {a: null}}, y: null}")
    assert found == {"events": {"x": {"when": {"c": "d"}}}}


def test_null_that_removes_nothing_is_told_with_the_nearest_name() -> None:
    parent = "events: {launch: {rate: {by: war, hot: 1}}}"
    child = (
        "events:\n  lunch: null\n  launch:\n    rate: {hott: null}\n    takes:\n  new: {rate: null}"
    )
    found, warnings = merge(tree(parent), tree(child))
    assert plain(found)["events"] == {"launch": {"rate": {"by": "war", "hot": "1"}}, "new": {}}
    assert [(one.path, one.line, one.hint) for one in warnings] == [
        ("events.lunch", 2, "did you mean 'launch'?"),
        ("events.launch.rate.hott", 4, "did you mean 'hot'?"),
        ("events.launch.takes", 5, None),
        ("events.new.rate", 6, None),
    ]
    assert {one.severity for one in warnings} == {"warning"}


def test_a_reference_of_another_kind_is_no_fault_where_its_users_go_along(tmp_path: Path) -> None:
    parent = """\
scenario: x
start: 2026-01-01
end: 2030-01-01
references: {much: {pace: [{when: {}, times: 2}], why: Ours.}}
events: {x: {rate: 1 per year, pace: [{like: much}], why: Ours.}}
outcomes: {x: {event: x}}
"""
    child = """\
scenario: y
extends: parent.yaml
references: {much: {p5: 1, p95: 2, why: Ours.}}
events: {x: {pace: [{when: {}, times: {like: much}}]}}
"""
    (tmp_path / "parent.yaml").write_text(parent)
    (tmp_path / "child.yaml").write_text(child)
    assert load(tmp_path / "child.yaml").warnings == ()
