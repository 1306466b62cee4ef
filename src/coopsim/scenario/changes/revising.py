"""A valid scenario with single values replaced: only the entries touched are read again.

Loading reads and checks every entry, which takes a second; an analysis that moves hundreds of
numbers cannot wait for that. What is replaced here is a number by a number where it stands, so
names, levels and conditions stay as they were checked; chances are summed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.changes.setting import find_path
from coopsim.scenario.checks.chances import check_chances
from coopsim.scenario.checks.structure import validated
from coopsim.scenario.grammar import TEXT_KEYS, place_at
from coopsim.scenario.notation.logic import LevelsOf
from coopsim.scenario.sources.assumptions import kinds_that_read, numbers_of
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import Path, dotted, show
from coopsim.scenario.text.tree import Map, from_data, node_at, put_at

Settings = Iterable[tuple[Path, object]]


def revised(scenario: Scenario, tree: Map, settings: Settings, levels_of: LevelsOf) -> Scenario:
    """Replace values of a valid scenario, whose tree is given, below its entries.

    A setting is the path of a value below `references`, `drivers` or `events`, and what shall
    stand there. Raises ScenarioError where a value cannot stand, and where an event's chances no
    longer sum to 1.
    """
    changed = tree
    touched: dict[str, set[str]] = {}
    for path, value in settings:
        changed = put_at(changed, path, value)
        touched.setdefault(str(path[0]), set()).add(str(path[1]))
    try:
        sections = {
            section: _reread(getattr(scenario, section), _model(section), changed[section], names)
            for section, names in touched.items()
        }
    except ValidationError:
        raise ScenarioError(validated(changed)[1]) from None
    made = scenario.model_copy(update=sections)
    _check_chances(made, touched.get("events", set()), levels_of)
    return made


def _model(section: str) -> type[BaseModel]:
    place = place_at((section, "*"))
    assert place is not None
    assert place.model is not None
    return place.model


def _reread(
    entries: Mapping[str, Any], model: type[BaseModel], raw: Map, names: set[str]
) -> dict[str, Any]:
    return {
        name: model.model_validate(raw[name]) if name in names else entry
        for name, entry in entries.items()
    }


def _check_chances(scenario: Scenario, names: set[str], levels_of: LevelsOf) -> None:
    branching = {n: e for n, e in scenario.events.items() if n in names and e.outcomes}
    problems: list[Problem] = []
    check_chances(
        scenario.model_copy(update={"events": branching}),
        levels_of,
        lambda path, found, expected, hint=None: problems.append(
            Problem(dotted(path), found, expected, hint=hint)
        ),
    )
    if problems:
        raise ScenarioError(problems)


# --- by their paths -------------------------------------------------------------------------------

_SHOWN = "a revised value"
_SECTIONS = ("references", "drivers", "events")
_EXPECTED = "the path of a number below references, drivers or events; `having` sets all else"


def revised_by_path(
    scenario: Scenario, tree: Map, values: Mapping[str, object]
) -> tuple[Scenario, Map]:
    """Replace numbers of a valid scenario by their paths, as --set writes these.

    Gives the scenario and its tree. Raises ScenarioError where no number stands at a path, and
    where a value cannot stand there.
    """
    settings = [_setting(tree, text, value) for text, value in values.items()]
    made = revised(scenario, tree, settings, _levels_of(scenario))
    for path, value in settings:
        before, tree = tree, put_at(tree, path, value)
        if path[0] == "references":
            _check_reference(before, tree, path)
    return made, tree


def _setting(tree: Map, text: str, raw: object) -> tuple[Path, object]:
    path = find_path(tree, text, _SHOWN)
    known = len(path) > 1 and path[0] in _SECTIONS and node_at(tree, path[:2]) is not None
    if not known or path not in numbers_of(tree, str(path[0]), str(path[1])):
        raise ScenarioError([Problem(text, show(node_at(tree, path)), _EXPECTED, _SHOWN)])
    if raw is None or isinstance(raw, Mapping | list | tuple | bool):
        expected = "a number or a text, such as `2 to 4 years`"
        raise ScenarioError([Problem(text, show(raw), expected, _SHOWN)])
    return path, from_data(raw, _SHOWN)


def _check_reference(before: Map, after: Map, path: Path) -> None:
    """Refuse a value that its users could not read; what they are is not looked up."""
    old, new = (kinds_that_read(_value_of(tree, path)) for tree in (before, after))
    if not old <= new:
        expected = f"a value like the one that stands there, {show(node_at(before, path))}"
        raise ScenarioError([Problem(dotted(path), show(node_at(after, path)), expected, _SHOWN)])


def _value_of(tree: Map, path: Path) -> object:
    """Get a reference's value without its title and what it rests on."""
    entry = node_at(tree, path[:2])
    if not isinstance(entry, Map):
        return entry
    bare = entry.copy()
    for key in TEXT_KEYS:
        bare.drop(key)
    return bare.get("value", bare)


def _levels_of(scenario: Scenario) -> LevelsOf:
    def levels(name: str) -> tuple[str, ...]:
        if name in scenario.drivers:
            return scenario.drivers[name].levels
        return ("false", *(scenario.events[name].outcomes or ("true",)))

    return levels
