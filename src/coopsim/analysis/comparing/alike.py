"""What several scenarios ask alike: questions, levels and branches paired by name, in any order."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from coopsim.analysis.kinds import kind_of
from coopsim.errors import UsageError
from coopsim.scenario.notation.conditions import Condition
from coopsim.scenario.notation.logic import rows_of
from coopsim.scenario.spec import Question, Scenario
from coopsim.scenario.text.reading import listing
from coopsim.simulation.indexing import Names
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True)
class ScenarioSide:
    """One of several scenarios that are held side by side, and what it asks."""

    name: str
    scenario: Scenario
    names: Names
    whole: bool = True  # else of each event only the first firing with each outcome is known

    @classmethod
    def of(
        cls, name: str, scenario: Scenario, program: Program, *, whole: bool = True
    ) -> ScenarioSide:
        """Make a side of a scenario and its program."""
        return cls(name, scenario, Names.of(program), whole)


def label_key(label: str) -> frozenset[str]:
    """Identify what a level or branch stands for: `a or b` is `b or a`."""
    return frozenset(label.split(" or "))


def asked_alike(sides: Sequence[ScenarioSide]) -> tuple[list[str], list[str]]:
    """List the questions that all sides ask alike, and warnings about what is left out.

    A driver is asked about alike where there is a level that all sides have. Raises UsageError
    where there is no such question.
    """
    shared: list[str] = []
    warnings: list[str] = []
    for name in dict.fromkeys(name for side in sides for name in side.scenario.outcomes):
        reason = _otherwise(name, sides)
        if reason:
            warnings.append(f"`{name}` is left out: {reason}")
        else:
            shared.append(name)
            warnings += _lone_levels(name, sides)
    if not shared:
        raise UsageError(f"{', '.join(side.name for side in sides)} have no question in common")
    return shared, warnings


def _otherwise(name: str, sides: Sequence[ScenarioSide]) -> str:
    """Give the reason why a question is not asked alike; nothing where it is."""
    silent = [side.name for side in sides if name not in side.scenario.outcomes]
    if silent:
        return f"not a question of {', '.join(silent)}"
    if len({_identity(side.scenario.outcomes[name], side, sides) for side in sides}) > 1:
        return "the questions of that name differ"
    question = sides[0].scenario.outcomes[name]
    if question.driver is not None and not _common(question.driver, sides):
        return "they have no level in common"
    partial = [side.name for side in sides if not side.whole]
    if partial and not kind_of(question.kind).by_firsts:
        return f"only first firings are stored in {', '.join(partial)}"
    return ""


def _identity(question: Question, side: ScenarioSide, sides: Sequence[ScenarioSide]) -> Hashable:
    """Identify what a question asks, whatever the order of the names in it."""
    events = tuple(frozenset(place) for place in question.events)
    index = [(_meaning(item.when, side, sides), item.weight) for item in question.index]
    return (
        question.kind,
        events if kind_of(question.kind).in_order else frozenset(events),
        question.outcome,
        question.by,
        question.driver,
        frozenset((item, index.count(item)) for item in index),
    )


def _meaning(when: Condition, side: ScenarioSide, sides: Sequence[ScenarioSide]) -> Hashable:
    """Identify where a condition holds, as far as all sides know the levels."""
    rows = rows_of(when, side.names.levels.__getitem__)
    return frozenset(
        frozenset(
            (name, _levels(name, levels, side) & _common(name, sides))
            for name, levels in row.items()
        )
        for row in rows
    )


def _levels(name: str, levels: Iterable[str], side: ScenarioSide) -> frozenset[str]:
    """List some levels by name; `true` stands for every outcome of an event."""
    mask = side.names.mask(name, levels)
    return frozenset(one for bit, one in enumerate(side.names.levels[name]) if mask >> bit & 1)


def _common(name: str, sides: Sequence[ScenarioSide]) -> frozenset[str]:
    """Get the levels of a driver or event that all sides have which have it at all."""
    known = [set(side.names.levels[name]) for side in sides if name in side.names.levels]
    return frozenset(set.intersection(*known))


def _lone_levels(name: str, sides: Sequence[ScenarioSide]) -> Iterator[str]:
    """Warn of levels of a driver that is asked about which are not in all sides."""
    driver = sides[0].scenario.outcomes[name].driver
    if driver is None:
        return
    common = _common(driver, sides)
    told = listing([level for level in sides[0].names.levels[driver] if level in common], "and")
    for side in sides:
        lone = [level for level in side.names.levels[driver] if level not in common]
        if lone:
            yield (
                f"`{name}` shows the levels that all have, {told}; {side.name} has "
                f"{listing(lone, 'and')} besides"
            )
