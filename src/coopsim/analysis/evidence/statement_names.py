"""What the names and titles in a statement stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from coopsim.analysis.evidence.facts import FiringCells
from coopsim.analysis.naming import leading_title
from coopsim.analysis.timelines import NEVER
from coopsim.scenario.notation.questions import QUESTIONS
from coopsim.scenario.spec import Question, Scenario
from coopsim.scenario.text.near import near_miss
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The firings that a name stands for, and the moment from which on they do not count."""

    cells: FiringCells
    outcomes: Mapping[str, FiringCells]
    closes: int = NEVER


@dataclass(frozen=True, slots=True)
class StatementNames:
    """What the names of a scenario stand for: drivers, and places, which are events and outcomes.

    `others` are outcomes that are no evidence, by their kind. `titles` are pairs of a title and its
    name.
    """

    drivers: Mapping[str, tuple[int, tuple[str, ...]]]
    places: Mapping[str, NamedPlace]
    others: Mapping[str, str]
    titles: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, scenario: Scenario, program: Program) -> StatementNames:
        """Collect the names of a scenario; an outcome's id gives way to that of an event."""
        drivers = {d.name: (index, d.levels) for index, d in enumerate(program.drivers)}
        places = {
            event.name: _event_place(program, index)
            for index, event in enumerate(program.events)
            if not event.hidden
        }
        others: dict[str, str] = {}
        titles = [
            (one.title, n) for n, one in (*scenario.drivers.items(), *scenario.events.items())
        ]
        for name, question in scenario.outcomes.items():
            asked = _asked_place(question, places, program)
            if name in drivers:
                meant = question.driver == name
            elif name in places:
                meant = asked is not None and _same(asked, places[name])
            else:
                meant = True
                if asked is None:
                    others[name] = question.kind
                else:
                    places[name] = asked
            titles += [(question.title, name)] if meant else []
        return cls(drivers, places, others, [(title, name) for title, name in titles if title])

    @property
    def levels(self) -> dict[str, Sequence[str]]:
        """Get the levels of each driver and the outcomes of each event."""
        found: dict[str, Sequence[str]] = {n: levels for n, (_, levels) in self.drivers.items()}
        return found | {name: tuple(place.outcomes) for name, place in self.places.items()}

    @property
    def all(self) -> list[str]:
        """List the names with which a statement may begin."""
        return [*self.drivers, *self.places]

    def meant(self, text: str) -> list[str]:
        """List the names that a text means: itself, or those whose title it is.

        Of names that stand for the same firings the first is meant, and what can be evidence comes
        before what cannot.
        """
        if text in self.drivers or text in self.places:
            return [text]
        found = [name for title, name in self.titles if title.casefold() == text.casefold()]
        apart: list[str] = []
        for name in [name for name in found if name not in self.others] or found:
            if not any(self._alike(name, other) for other in apart):
                apart.append(name)
        return apart

    def _alike(self, one: str, other: str) -> bool:
        if one in self.places and other in self.places:
            return _same(self.places[one], self.places[other])
        return one == other

    def near(self, text: str, names: Collection[str]) -> str | None:
        """Suggest the one of some names, or of their titles, that a mistyped text is near to."""
        titles = [title for title, name in self.titles if name in names]
        return near_miss(text, [*names, *titles])

    def unquoted_title(self, rest: str) -> tuple[str, list[str]] | None:
        """Find the title, and its names, with which the rest of a statement begins, unquoted."""
        title = leading_title(rest, (title for title, _ in self.titles))
        return (title, self.meant(title)) if " " in title else None


def _same(one: NamedPlace, other: NamedPlace) -> bool:
    return (one.cells, one.closes) == (other.cells, other.closes)


def _event_place(program: Program, index: int) -> NamedPlace:
    names = [outcome.name for outcome in program.events[index].outcomes]
    cells = tuple((index, number) for number in range(len(names)))
    named = {} if names == ["true"] else dict(zip(names, ((cell,) for cell in cells), strict=True))
    return NamedPlace(cells, named)


def _asked_place(
    question: Question, events: Mapping[str, NamedPlace], program: Program
) -> NamedPlace | None:
    """Get the firings in which an outcome of the scenario comes true; None for what is no event."""
    if not QUESTIONS[question.kind].single:
        return None
    known = [events[event] for event in question.events[0]]
    cells = tuple(
        cell
        for place in known
        for cell in (place.outcomes[question.outcome] if question.outcome else place.cells)
    )
    by = question.by
    return NamedPlace(cells, {}, NEVER if by is None else by.end_of_day - program.start)
