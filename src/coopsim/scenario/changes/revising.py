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
from coopsim.scenario.checks.chances import check_chances
from coopsim.scenario.checks.structure import structural_problems
from coopsim.scenario.grammar import place_at
from coopsim.scenario.notation.logic import LevelsOf
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import Path, dotted
from coopsim.scenario.text.tree import Map, put_at

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
        raise ScenarioError(structural_problems(changed)) from None
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
