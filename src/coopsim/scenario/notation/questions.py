"""What a question of a scenario is about: each kind of question, and how it is written.

`QUESTIONS` is where a kind is told to whoever reads, checks, describes or resolves questions. What
a kind means for timelines is told in `coopsim.analysis.kinds`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from coopsim.scenario.notation.conditions import Condition, read_condition
from coopsim.scenario.notation.quantities import read_number
from coopsim.scenario.text.reading import (
    Faults,
    Path,
    invalid,
    keys_within,
    mapping_of,
    name_of,
    names_of,
    readable,
    show,
)

Place = tuple[str, ...]  # any of these events
_EVENT = "an event, or a list of events"


@dataclass(frozen=True, slots=True)
class IndexItem:
    """A weight that counts towards an index while a condition holds."""

    when: Condition
    weight: float


@dataclass(frozen=True, slots=True)
class Mention:
    """What a question names, raw, and where it stands below the question's key."""

    path: Path
    what: Literal["event", "variable", "condition"]
    raw: Any


class QuestionForm(ABC):
    """A form in which questions are written."""

    @abstractmethod
    def read(self, raw: object) -> dict[str, object]:
        """Read what stands under a question's key as fields of `spec.Question`."""

    @abstractmethod
    def mentions(self, raw: object) -> Iterator[Mention]:
        """Find what is named there, as far as it can be read."""


@dataclass(frozen=True, slots=True)
class OnePlace(QuestionForm):
    """An event, or a list of events of which any counts: `event: launch`."""

    def read(self, raw: object) -> dict[str, object]:
        """Read the place."""
        return {"events": (names_of(raw, _EVENT),)}

    def mentions(self, raw: object) -> Iterator[Mention]:
        """Find the events."""
        return _events(readable(lambda item: names_of(item, _EVENT), raw) or (), raw)


@dataclass(frozen=True, slots=True)
class Places(QuestionForm):
    """A list of places, two of them for a `pair`; `apart` if no event may stand in two of them."""

    pair: bool = False
    apart: bool = False

    def read(self, raw: object) -> dict[str, object]:
        """Read the places."""
        return {"events": self._places(raw)}

    def mentions(self, raw: object) -> Iterator[Mention]:
        """Find the events."""
        places = readable(self._places, raw) or ()
        for position, (place, item) in enumerate(zip(places, _items(raw), strict=False)):
            yield from _events(place, item, position)

    def _places(self, raw: object) -> tuple[Place, ...]:
        items = _items(raw)
        if not items or (self.pair and len(items) != 2):
            raise invalid(show(raw), "two events [A, B]" if self.pair else "a list of events")
        faults = Faults()
        places: list[Place] = []
        for position, item in enumerate(items):
            with faults.at(position):
                places.append(names_of(item, _EVENT))
        if self.apart:
            _check_apart(places, faults)
        faults.check()
        return tuple(places)


@dataclass(frozen=True, slots=True)
class DriverName(QuestionForm):
    """The name of a driver: `driver: relations`."""

    def read(self, raw: object) -> dict[str, object]:
        """Take the name, which the model checks."""
        return {"driver": raw}

    def mentions(self, raw: object) -> Iterator[Mention]:
        """Find the driver."""
        name = readable(lambda item: name_of(item, ""), raw)
        if name is not None:
            yield Mention((), "variable", name)


@dataclass(frozen=True, slots=True)
class WeightedConditions(QuestionForm):
    """A list of conditions with weights: `index: [{when: CONDITION, weight: NUMBER}]`."""

    def read(self, raw: object) -> dict[str, object]:
        """Read the weighted conditions; weights are above 0."""
        expected = "a list of {when: CONDITION, weight: NUMBER}"
        if not _items(raw):
            raise invalid(show(raw), expected)
        faults = Faults()
        items: list[IndexItem] = []
        for position, item in enumerate(_items(raw)):
            with faults.at(position):
                items.append(_index_item(mapping_of(item, "{when: CONDITION, weight: NUMBER}")))
        faults.check()
        return {"index": tuple(items)}

    def mentions(self, raw: object) -> Iterator[Mention]:
        """Find the conditions."""
        for position, item in enumerate(_items(raw)):
            if isinstance(item, Mapping):
                yield Mention((position, "when"), "condition", item.get("when"))


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """How a kind of question is written, and what `about` says of it in an editor.

    A question that was `resolved` is answered by a date (or that it did not happen) or by a level,
    or not at all. It may be asked `alone`, else only by the name of a scenario's outcome.
    """

    name: str
    form: QuestionForm
    about: str
    resolved: Literal["date", "level"] | None = None
    alone: bool = False

    @property
    def single(self) -> bool:
        """Check whether it is about one place, beside which `outcome` may stand."""
        return isinstance(self.form, OnePlace)


QUESTIONS: Mapping[str, QuestionKind] = {
    kind.name: kind
    for kind in (
        QuestionKind("event", OnePlace(), "When it first happens", "date", alone=True),
        QuestionKind("last", OnePlace(), "When it last happens", "date"),
        QuestionKind("count", OnePlace(), "How often it happens"),
        QuestionKind("between", Places(pair=True), "From A to B"),
        QuestionKind("first_of", Places(apart=True), "Which comes first"),
        QuestionKind("all_of", Places(), "When the last of them first happens", "date", alone=True),
        QuestionKind("driver", DriverName(), "At which level a driver stands", "level", alone=True),
        QuestionKind(
            "index",
            WeightedConditions(),
            "Weighted conditions, in percent of the whole weight",
        ),
    )
}
QUESTION_KINDS = tuple(QUESTIONS)
SINGLE = tuple(kind.name for kind in QUESTIONS.values() if kind.single)


def _items(raw: object) -> list[Any] | tuple[Any, ...]:
    """Get the items of a list; none where there is no list."""
    return raw if isinstance(raw, list | tuple) else ()


def _events(place: Place, raw: object, *path: int) -> Iterator[Mention]:
    """List the events of a place, each where it stands."""
    for position, name in enumerate(place):
        yield Mention((*path, position) if isinstance(raw, list) else path, "event", name)


def _check_apart(places: list[Place], faults: Faults) -> None:
    """Record every event that stands in more than one place: it could not come before itself."""
    seen: set[str] = set()
    for position, place in enumerate(places):
        for name in sorted(seen & set(place)):
            faults.add(f"'{name}' again", "each event once", position)
        seen |= set(place)


def _index_item(data: dict[str, object]) -> IndexItem:
    faults = Faults()
    keys_within(data, ("when", "weight"), faults)
    for key in ("when", "weight"):
        if key not in data:
            faults.add("nothing", f"`{key}`", key)
    faults.check()
    with faults.at("when"):
        when = read_condition(data["when"])
    with faults.at("weight"):
        weight = read_number(data["weight"], "a number above 0")
        if weight <= 0:
            raise invalid(show(data["weight"]), "a number above 0")
    faults.check()
    return IndexItem(when, weight)
