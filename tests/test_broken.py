"""Broken scenarios and the whole text a user gets for each: tests/broken/NAME.yaml and NAME.txt."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.loading import load

FOLDER = Path(__file__).parent / "broken"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def complaints(name: str, monkeypatch: pytest.MonkeyPatch, *sets: str) -> str:
    """Load a scenario as from its own folder; get every problem, or else every warning."""
    monkeypatch.chdir(FOLDER)
    try:
        return "\n".join(str(warning) for warning in load(f"{name}.yaml", sets).warnings)
    except ScenarioError as error:
        return str(error)


@pytest.mark.parametrize("name", NAMES)
def test_every_problem_is_told_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert complaints(name, monkeypatch) == (FOLDER / f"{name}.txt").read_text().rstrip("\n")


def test_each_text_has_its_scenario() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == NAMES
    assert len(NAMES) > 12


def test_what_was_set_is_named_where_it_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = [
        "events.orel.date=2028-13",
        "events.luna.takes={low: 1 year, likely: 3 years}",
        "events.luna.pace.0.when.budgets=null",
        "events.luna.pace.1.times=2",
        "drivers.budgte.initial=thin",
        "drivers.budget.initial",
        "events.orel.after.0=lunar",
        "title=Thaw: all is well",
    ]
    expected = """\
--set: error: found 'drivers.budget.initial', expected PATH=VALUE
--set drivers.budgte.initial=thin: error: drivers: found 'budgte', expected budget; \
did you mean 'budget'?
--set events.luna.pace.1.times=2: error: events.luna.pace: found '1', \
expected a position from 0 to 0
--set events.luna.takes={low: 1 year, likely: 3 years}: error: events.luna.takes: \
found {low: 1 year, likely: 3 years}, expected {low:, likely:, high:}
--set events.orel.after.0=lunar: error: events.orel.after.0: found 'lunar', \
expected the name of an event: orel or luna; did you mean 'luna'?
--set events.orel.date=2028-13: error: events.orel.date: found '2028-13', \
expected a month from 01 to 12
--set title=Thaw: all is well: error: found 'Thaw: all is well', \
expected a value in YAML, quoted if it has special characters
parents/inherited_parent.yaml:5: error: drivers.budget.initial: found 'thick', \
expected a level of budget: thin or rich"""
    assert complaints("inherited", monkeypatch, *sets) == expected
