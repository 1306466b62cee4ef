"""What acts on what in a scenario, as data: what reads, triggers, sets and weighs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from coopsim.scenario.checks.soundness import Happening, happenings
from coopsim.scenario.notation.conditions import Condition
from coopsim.scenario.notation.timing import ByLevel, Cases
from coopsim.scenario.spec import EventSpec, Pace, Reference, Scenario

How = Literal["reads", "triggers", "sets", "weighs"]


@dataclass(frozen=True, slots=True)
class Influence:
    """One way in which a driver or event acts on an event, a driver or a question.

    A `target` reads the level of its `source`, is triggered or set by it, or weighs it in an index.
    `through` is the key of the scenario that says so, such as `when`, `pace` or `upon`. A switch is
    named as `climate: drift -> thaw`.
    """

    source: str
    target: str
    how: How
    through: str


@dataclass(frozen=True, slots=True, repr=False)
class Influences:
    """What acts on what in a scenario: the titles of all there is, and every influence once."""

    scenario: str
    drivers: Mapping[str, str]
    events: Mapping[str, str]
    outcomes: Mapping[str, str]
    found: tuple[Influence, ...]

    def __repr__(self) -> str:
        return f"<Influences {self.scenario}: {len(self.found)} of them>"

    def of(self, source: str) -> tuple[Influence, ...]:
        """List what a driver or an event acts on."""
        return tuple(one for one in self.found if one.source == source)

    def on(self, target: str) -> tuple[Influence, ...]:
        """List what acts on a driver, an event or a question."""
        return tuple(one for one in self.found if one.target == target)

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: titles by id, and the influences."""
        return {
            "scenario": self.scenario,
            "drivers": dict(self.drivers),
            "events": dict(self.events),
            "outcomes": dict(self.outcomes),
            "influences": [asdict(one) for one in self.found],
        }


def influences(scenario: Scenario) -> Influences:
    """List what acts on what in a scenario, switches and events first, in its own order."""
    listed = list(happenings(scenario))
    found = [
        *(one for each in listed for one in _on_happening(each, scenario.references)),
        *_on_questions(scenario),
    ]
    return Influences(
        scenario.scenario,
        {name: driver.title or name for name, driver in scenario.drivers.items()},
        {one.name: one.spec.title or one.name for one in listed},
        {name: question.title or name for name, question in scenario.outcomes.items()},
        tuple(dict.fromkeys(found)),
    )


def _on_happening(one: Happening, references: Mapping[str, Reference]) -> Iterator[Influence]:
    for source, through in _read(one, references):
        yield Influence(source, one.name, "reads", through)
    for trigger in one.spec.upon or ():
        yield Influence(trigger.name, one.name, "triggers", "upon")
    changing = [(one.sets, one.shifts), *((b.sets, b.shifts) for b in one.outcomes.values())]
    for sets, shifts in changing:
        for driver in sets:
            through = "switches" if one.driver_levels else "sets"
            yield Influence(one.name, driver, "sets", through)
        for driver in shifts:
            yield Influence(one.name, driver, "sets", "shifts")


def _read(one: Happening, references: Mapping[str, Reference]) -> Iterator[tuple[str, str]]:
    """List what a switch or event reads, and through which key."""
    spec = one.spec
    yield from ((name, "switches") for name in one.driver_levels)
    yield from ((name, "when") for name in _tested(spec.when))
    yield from ((name, "unless") for name in _tested(spec.unless))
    yield from ((name, "after") for name in spec.after)
    tables = {"takes": spec.takes, "rate": spec.rate, "date": getattr(spec, "date", None)}
    yield from ((t.by, key) for key, t in tables.items() if isinstance(t, ByLevel))
    yield from ((name, "pace") for name in _paced(spec.pace, references))
    if isinstance(spec, EventSpec):
        yield from ((name, "odds") for odds in spec.odds for name in _tested(odds.when))
    for branch in one.outcomes.values():
        yield from ((name, "chance") for name in _chanced(branch.chance))


def _tested(condition: Condition | None) -> Iterator[str]:
    if condition is not None:
        yield from (test.name for _, test in condition.tests())


def _paced(pace: Iterable[Pace], references: Mapping[str, Reference]) -> Iterator[str]:
    for item in pace:
        if item.like is not None:
            yield from _paced(references[item.like].pace or (), references)
        elif item.by is not None:
            yield item.by
        else:
            yield from _tested(item.when)


def _chanced(chance: object) -> Iterator[str]:
    if isinstance(chance, ByLevel):
        yield chance.by
    elif isinstance(chance, Cases):
        yield from (name for case in chance.cases for name in _tested(case.when))


def _on_questions(scenario: Scenario) -> Iterator[Influence]:
    for name, question in scenario.outcomes.items():
        through = question.kind
        for events in question.events:
            yield from (Influence(event, name, "reads", through) for event in events)
        if question.driver is not None:
            yield Influence(question.driver, name, "reads", through)
        for item in question.index:
            yield from (Influence(one, name, "weighs", through) for one in _tested(item.when))
