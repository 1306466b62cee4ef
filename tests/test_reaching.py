"""What can happen at all, and that it is found with little work however large a scenario is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from coopsim.errors import MOST_TOLD, ScenarioError
from coopsim.scenario.checks import chances, soundness
from coopsim.scenario.checks.reaching import can_fire
from coopsim.scenario.checks.soundness import happenings
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.logic import LevelsOf
from coopsim.scenario.spec import Scenario

HEADER = {"scenario": "s", "start": "2025-08-05", "end": "2040-12-31", "outcomes": {}}


def counted(scenario: Scenario) -> tuple[set[str], int]:
    """Find what can fire, and count how often anything asked for the levels of a name."""
    asked = 0

    def levels_of(name: str) -> Sequence[str]:
        nonlocal asked
        asked += 1
        if name in scenario.drivers:
            return scenario.drivers[name].levels
        return ("false", *(scenario.events[name].outcomes or ("true",)))

    first = {name: (str(driver.initial),) for name, driver in scenario.drivers.items()}
    return can_fire(list(happenings(scenario)), first, levels_of), asked


def of(events: dict[str, Any], drivers: dict[str, Any] | None = None) -> Scenario:
    return load_data({**HEADER, "drivers": drivers or {}, "events": events}).scenario


@pytest.mark.parametrize("key", ["upon", "after", "when"])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_chain_is_followed_once(key: str, *, backwards: bool) -> None:
    """A chain of n events asks about as many levels as it has links, not as many as pairs."""
    size = 300
    links: dict[str, Any] = {"e0": {"rate": "1 per year"}}
    for place in range(1, size):
        before = f"e{place - 1}"
        links[f"e{place}"] = {key: {before: True} if key == "when" else [before]}
    events = dict(reversed(links.items())) if backwards else links
    possible, asked = counted(of(events))
    assert len(possible) == size
    assert asked <= 3 * size


def test_shifts_climb_a_ladder_one_rung_at_a_time() -> None:
    levels = [f"l{rung}" for rung in range(100)]
    ladder = {"d": {"levels": levels, "initial": "l0"}}
    events = {f"e{n}": {"rate": "1 per year", "shifts": {"d": 1}} for n in range(200)}
    top = {"top": {"rate": "1 per year", "when": {"d": "l99"}}}
    possible, asked = counted(of({**events, **top}, ladder))
    assert "top" in possible
    assert asked <= 2_000  # 100 rungs, of which each event would ask again: 20,000


def test_what_waits_for_itself_cannot_happen() -> None:
    events = {"a": {"after": ["b"]}, "b": {"after": ["a"]}, "c": {"rate": "1 per year"}}
    assert counted(of(events))[0] == {"c"}


def cases(count: int, events: int = 1) -> dict[str, Any]:
    """Make a scenario whose chances depend on many drivers, and pass 1 at none of their levels."""
    drivers = {f"d{n}": {"levels": ["a", "b", "c"], "initial": "a"} for n in range(count)}
    listed = [{"when": {f"d{n}": "b"}, "is": 0.5 - n / 1000} for n in range(count)]
    chance = [*listed, {"is": 0.2}]
    more = [
        *({"when": one["when"], "is": 1 - float(str(one["is"]))} for one in listed),
        {"is": 0.8},
    ]
    event = {"rate": "1 per year", "outcomes": {"x": {"chance": chance}, "y": {"chance": more}}}
    return {**HEADER, "drivers": drivers, "events": {f"e{n}": event for n in range(events)}}


def test_chances_of_many_cases_are_summed_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    holds = chances.row_holds

    def counting(row: Any, at: Any) -> bool:
        nonlocal looked
        looked += 1
        return holds(row, at)

    monkeypatch.setattr(chances, "MAX_STEPS", 40_000)
    monkeypatch.setattr(chances, "row_holds", counting)
    load_data(cases(60, events=4))
    assert 1_000 < looked <= 40_000


def test_levels_that_no_case_tells_apart_are_looked_at_once() -> None:
    levels: LevelsOf = {"d": tuple("abcdefgh"), "e": ("x", "y")}.__getitem__
    rows = [{"d": frozenset("b")}, {"d": frozenset("bc"), "e": frozenset("y")}, {}]
    assert chances.told_apart(rows, levels) == {"d": ["a", "b", "c"], "e": ["x", "y"]}


def test_chances_that_cannot_pass_1_need_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chances, "row_holds", None)  # would fail if it were called
    drivers = {f"d{n}": {"levels": ["a", "b"], "initial": "a"} for n in range(60)}
    listed = [{"when": {f"d{n}": "b"}, "is": 0.1} for n in range(60)]
    outcomes = {"x": {"chance": [*listed, {"is": 0.2}]}, "y": {"chance": "rest"}}
    event = {"rate": "1 per year", "outcomes": outcomes}
    assert load_data({**HEADER, "drivers": drivers, "events": {"e": event}}).scenario.events


def test_a_condition_of_too_many_tests_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # b may happen in one way, which tests two names; c in two ways, which test four each.
    monkeypatch.setattr(soundness, "MAX_TESTS", 5)
    events = {
        "a": {"rate": "1 per year"},
        "b": {"rate": "1 per year", "unless": {"a": True}, "after": ["a"]},
        "c": {
            "rate": "1 per year",
            "unless": {"a": True, "b": True},
            "after": ["a", "b"],
        },
    }
    with pytest.raises(ScenarioError) as error:
        load_data({**HEADER, "events": events})
    assert str(error.value) == (
        "data: error: events.c.unless: found a condition of too many combinations, "
        "expected fewer or shorter alternatives"
    )


def test_of_very_many_problems_the_first_are_told() -> None:
    events = {f"e{n:03}": {"rate": "often"} for n in range(MOST_TOLD + 250)}
    with pytest.raises(ScenarioError) as error:
        load_data({**HEADER, "events": events})
    lines = str(error.value).splitlines()
    assert len(error.value.problems) == MOST_TOLD + 250
    assert len(lines) == MOST_TOLD + 1
    assert lines[0].startswith("data: error: events.e000.rate: found 'often', expected a rate")
    assert lines[-1] == "... and 250 more"


def test_what_nobody_reads_to_its_end_is_cut() -> None:
    events = {"e" * 5_000: {"rate": "1 per year", "when": {"x" * 5_000: "a"}}}
    with pytest.raises(ScenarioError) as error:
        load_data({**HEADER, "events": events})
    assert str(error.value) == (
        f"data: error: events.{'e' * 193}...: found '{'x' * 60}...', "
        f"expected the name of a driver or event: {'e' * 969}..."
    )
