"""Every place of a scenario in one table: what may be written there, and what follows from that.

A place is a path in which `*` is any name and `#` any position in a list. What merging does there,
which numbers are assumptions and of which kind, what the hash of a scenario stands for, where
claims are cited and which model reads a mapping: all of it is looked up here. A new key of the
language is a row here, a field of its model, and a reader for what may be written below it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, TypeAlias

from pydantic import BaseModel

from coopsim.scenario import spec
from coopsim.scenario.notation.quantities import LUCK_KEYS, NOTATION_KEYS
from coopsim.scenario.notation.questions import QUESTION_KINDS
from coopsim.scenario.text.reading import Key, Path
from coopsim.scenario.text.tree import Map, Seq


class Merging(Enum):
    """How what a file says at a place goes over what its parent says there."""

    JOINED = "a mapping goes into the parent's, key by key"
    TABLE = "entries go into a table by the same driver; anything else replaces"
    REPLACED = "it replaces the whole, with all that is below"


class Form(Enum):
    """What may be written at a place, in words at the end.

    `merging` is how it merges; `apart` is true where two scenarios differ in single parts of it,
    and not in the whole.
    """

    MAPPING = (Merging.JOINED, True, "the keys of a model")
    ENTRIES = (Merging.JOINED, True, "anything by names")
    REFERENCE = (Merging.REPLACED, False, "a value, a pace table or a window, with its sources")
    VALUE = (Merging.REPLACED, False, "a quantity in any notation")
    PLAN = (Merging.REPLACED, False, "a value, or a planned one that grows")
    TABLE = (Merging.TABLE, True, "a value, a plan or a calendar, alone or by level")
    CHANCE = (Merging.TABLE, True, "a chance: alone, by level, in cases, or the rest")
    INITIAL = (Merging.REPLACED, False, "a level, or chances of several")
    PACE = (Merging.JOINED, False, "factors while conditions hold, by level, or of a reference")
    WINDOW = (Merging.REPLACED, False, "days on which something may happen")
    CONDITION = (Merging.JOINED, False, "levels that drivers and events have")
    TRIGGER = (Merging.JOINED, True, "levels entered")
    DAY = (Merging.JOINED, False, "a day, month or year that is certain")
    NUMBER = (Merging.JOINED, False, "one certain number")
    LIST = (Merging.JOINED, False, "a list")
    SOURCES = (Merging.JOINED, False, "ids of claims")
    WORD = (Merging.JOINED, False, "a name, a text or a choice of words")

    def __init__(self, merging: Merging, apart: bool, _: str) -> None:
        self.merging = merging
        self.apart = apart


class Hash(Enum):
    """What the two hashes of a scenario stand for."""

    FIRINGS = "all that sets firings, and the seed beside"
    QUESTIONS = "what is asked of them"


class Role(Enum):
    """What a place is for, in words at the end.

    `hashed` is the hash that stands for it, `compared` is true where scenarios differ by it.
    """

    ASSUMPTION = (Hash.FIRINGS, True, "what is assumed of the world")
    QUESTION = (Hash.QUESTIONS, True, "what is asked")
    SUPPORT = (None, False, "where an assumption comes from")
    HEADER = (None, False, "the scenario's id, and the day of what is known")
    RUN = (None, False, "how much is simulated; the seed is hashed beside the tree")
    TITLE = (None, False, "texts for readers")

    def __init__(self, hashed: Hash | None, compared: bool, _: str) -> None:
        self.hashed = hashed
        self.compared = compared


@dataclass(frozen=True, slots=True)
class GrammarRow:
    """A row of the table: what stands at one place.

    `kind` is that of the numbers there, which are assumptions: a `ValueKind`, levels or weight. It
    is None where there are none, where their users need this kind or that, and where the reader of
    a place above tells it. `model` reads the mapping that stands there. `below` has the places one
    key further.
    """

    path: tuple[str, ...]
    form: Form
    kind: str | None = None
    role: Role = Role.ASSUMPTION
    model: type[BaseModel] | None = None
    below: dict[str, GrammarRow] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        """Write the path with dots, such as `events.*.takes`."""
        return ".".join(self.path)

    @property
    def is_entry(self) -> bool:
        """Check whether an entry stands here that has a title, and may say what it rests on."""
        return "title" in self.below and bool(self.path)

    def at(self, key: Key) -> GrammarRow | None:
        """Get the place to which a key or position leads from here."""
        if isinstance(key, int):
            return self.below.get("#")
        return self.below.get(key) or self.below.get("*")


def _row(
    name: str,
    form: Form,
    kind: str | None = None,
    role: Role = Role.ASSUMPTION,
    model: type[BaseModel] | None = None,
) -> GrammarRow:
    return GrammarRow(tuple(name.split(".")) if name else (), form, kind, role, model)


def _below(names: Collection[str], *rows: GrammarRow) -> Iterator[GrammarRow]:
    """Put rows below each of some places."""
    for name in names:
        for row in rows:
            yield replace(row, path=(*name.split("."), *row.path), below={})


_TEXTS = (
    _row("title", Form.WORD, role=Role.TITLE),
    _row("description", Form.WORD, role=Role.TITLE),
)
_SUPPORT = (
    _row("sources", Form.SOURCES, role=Role.SUPPORT),
    _row("judgement", Form.WORD, role=Role.SUPPORT),
    _row("why", Form.WORD, role=Role.SUPPORT),  # short for both
)
_GROUP = _row("group", Form.WORD, role=Role.TITLE)
_PACE = (
    _row("pace", Form.PACE, "factor"),
    _row("pace.#", Form.MAPPING, model=spec.Pace),
    _row("pace.#.when", Form.CONDITION),
    _row("pace.#.times", Form.VALUE),
    _row("pace.#.by", Form.WORD),
    _row("pace.#.like", Form.WORD),
)
_TIMING = (
    _row("takes", Form.PLAN, "duration"),
    _row("rate", Form.TABLE, "rate"),
    _row("upon", Form.ENTRIES),
    _row("upon.*", Form.TRIGGER),
    _row("when", Form.CONDITION),
    _row("unless", Form.CONDITION),
    _row("after", Form.ENTRIES, "duration"),
    _row("after.*", Form.VALUE, "duration"),
    _row("from", Form.DAY, "date"),
    _row("until", Form.DAY, "date"),
    _row("window", Form.WINDOW, "date"),
    *_PACE,
    _row("memory", Form.WORD),
)
_CHANGES = (
    _row("sets", Form.ENTRIES),
    _row("sets.*", Form.WORD),
    _row("shifts", Form.ENTRIES),
    _row("shifts.*", Form.NUMBER, "levels"),
)
_TIMED = ("drivers.*.switches.*", "events.*")
_SOURCED = ("references.*", "drivers.*", "events.*.outcomes.*", *_TIMED)

PLACES: tuple[GrammarRow, ...] = (
    _row("", Form.MAPPING, model=spec.Scenario),
    _row("scenario", Form.WORD, role=Role.HEADER),
    *_TEXTS,
    _row("as_of", Form.DAY, "date", Role.HEADER),
    _row("start", Form.DAY, "date"),
    _row("end", Form.DAY, "date"),
    _row("runs", Form.NUMBER, role=Role.RUN),
    _row("seed", Form.NUMBER, role=Role.RUN),
    _row("references", Form.ENTRIES),
    _row("references.*", Form.REFERENCE, model=spec.Reference),
    _row("references.*.value", Form.VALUE),
    _row("references.*.luck", Form.WORD),
    _row("references.*.share", Form.NUMBER),
    *_below(["references.*"], *_PACE),
    _row("drivers", Form.ENTRIES),
    _row("drivers.*", Form.MAPPING, model=spec.DriverSpec),
    _row("drivers.*.plan", Form.WORD, role=Role.TITLE),
    _row("drivers.*.levels", Form.LIST),
    _row("drivers.*.more_cooperation", Form.WORD, role=Role.TITLE),
    _row("drivers.*.initial", Form.INITIAL, "chance"),
    _row("drivers.*.switches", Form.ENTRIES),
    _row("drivers.*.switches.*", Form.MAPPING, model=spec.Switch),
    _row("events", Form.ENTRIES),
    _row("events.*", Form.MAPPING, model=spec.EventSpec),
    _row("events.*.date", Form.TABLE, "date"),
    _row("events.*.repeat", Form.WORD),
    _row("events.*.outcomes", Form.ENTRIES),
    _row("events.*.outcomes.*", Form.MAPPING, model=spec.OutcomeSpec),
    _row("events.*.outcomes.*.chance", Form.CHANCE, "chance"),
    _row("events.*.odds", Form.LIST),
    _row("events.*.odds.#", Form.MAPPING, model=spec.Odds),
    _row("events.*.odds.#.when", Form.CONDITION),
    _row("events.*.odds.#.times", Form.ENTRIES),
    _row("events.*.odds.#.times.*", Form.VALUE, "factor"),
    *_below(["events.*", "events.*.outcomes.*"], *_CHANGES),
    *_below(_TIMED, *_TIMING),
    *_below(_SOURCED, *_TEXTS, *_SUPPORT),
    *_below(["drivers.*", "events.*"], _GROUP),
    _row("plans", Form.ENTRIES),  # short for a driver and an event
    _row("plans.*", Form.ENTRIES),
    *_below(["plans.*"], *_TEXTS, *_SUPPORT, _GROUP, *_PACE),
    *_below(["plans.*"], *(_row(key, Form.WORD) for key in ("official", "event", "reviews"))),
    _row("plans.*.slips", Form.ENTRIES),
    _row("plans.*.slips.*", Form.CHANCE, "chance"),
    _row("plans.*.odds", Form.LIST),
    _row("plans.*.odds.#", Form.ENTRIES),
    _row("plans.*.odds.#.when", Form.CONDITION),
    _row("plans.*.odds.#.times", Form.ENTRIES),
    _row("plans.*.odds.#.times.*", Form.VALUE, "factor"),
    _row("outcomes", Form.ENTRIES, role=Role.QUESTION),
    _row("outcomes.*", Form.MAPPING, role=Role.QUESTION, model=spec.Question),
    _row("outcomes.*.headline", Form.WORD, role=Role.TITLE),
    *_below(
        ["outcomes.*"],
        *_TEXTS,
        *(_row(kind, Form.LIST, role=Role.QUESTION) for kind in QUESTION_KINDS),
    ),
    _row("outcomes.*.index.#", Form.ENTRIES, role=Role.QUESTION),
    _row("outcomes.*.index.#.when", Form.CONDITION, role=Role.QUESTION),
    _row("outcomes.*.index.#.weight", Form.NUMBER, "weight", Role.QUESTION),
    _row("outcomes.*.outcome", Form.WORD, role=Role.QUESTION),
    _row("outcomes.*.by", Form.DAY, "date", Role.QUESTION),
)
ASSUMING = ("references", "drivers", "events")  # all else says what is asked, and of which time
TEXT_KEYS = tuple(row.path[0] for row in (*_TEXTS, *_SUPPORT))  # of an entry: they assume nothing
WHY = "why"  # short for sources and a judgement
SUPPORT_KEYS = tuple(row.path[0] for row in _SUPPORT if row.path != (WHY,))
SHORT_KEYS = {"plans": "The official dates of events, moved at reviews"}  # gone once it is plain
FILE_KEYS = {
    "extends": "The parent",
    "include": "Section files",
}  # of a file, gone before it is a scenario

# The kinds of what stands below the keys of a plan, a calendar or a window, wherever these stand:
# all other keys have the kind of their place.
PLAN_PARTS = {
    "growth": "factor",
    "not_before": "date",
    "first": "date",
    "every": "duration",
    "then": "duration",
}
WINDOW_PARTS = {"every": "duration", "lasts": "duration"}
# By these a mapping is told from entries of a table by level.
VALUE_KEYS = NOTATION_KEYS | {*LUCK_KEYS, "like", "planned", *PLAN_PARTS}


def _grown(rows: Collection[GrammarRow]) -> GrammarRow:
    """Join the rows into a tree; each has its parent among those that are shorter."""
    by_path = {row.path: row for row in rows}
    for row in rows:
        if row.path:
            by_path[row.path[:-1]].below[row.path[-1]] = row
    return by_path[()]


ROOT = _grown(PLACES)


def place_at(path: Path) -> GrammarRow | None:
    """Find the place to which a path leads; None below values, and where nothing may stand."""
    place: GrammarRow | None = ROOT
    for key in path:
        place = place.at(key) if place is not None else None
    return place


def name_of_place(path: Path) -> str:
    """Name the place to which a path leads, such as `events.*`; empty where there is none."""
    place = place_at(path)
    return "" if place is None else place.name


def merging_at(path: Path) -> Merging:
    """Find how what stands at a path is merged; in a list, or in a value, it is replaced."""
    place: GrammarRow | None = ROOT
    merging = Merging.JOINED
    for key in path:
        if merging is not Merging.JOINED or isinstance(key, int):
            return Merging.REPLACED
        place = place.at(key) if place is not None else None
        merging = place.form.merging if place is not None else Merging.JOINED
    return merging


def entries_around(path: Path) -> list[Path]:
    """List the paths of the entries in which a path lies, the innermost first."""
    place: GrammarRow | None = ROOT
    found: list[Path] = []
    for depth, key in enumerate(path, 1):
        place = place.at(key) if place is not None else None
        if place is not None and place.is_entry:
            found.insert(0, path[:depth])
    return found


Found: TypeAlias = Iterator[tuple[Path, GrammarRow, Any]]


def find(node: object, forms: Collection[Form], path: Path = ()) -> Found:
    """Go through what stands at a path, in its order, and list what is of some forms.

    Gives path, place and node of each, and nothing that lies below one of them.
    """
    place = place_at(path)
    return iter(()) if place is None else _find(node, forms, path, place)


def _find(node: object, forms: Collection[Form], path: Path, place: GrammarRow) -> Found:
    if place.form in forms:
        yield path, place, node
        return
    for key, item in _items(node):
        below = place.at(key)
        if below is not None:
            yield from _find(item, forms, (*path, key), below)


def _items(node: object) -> Iterable[tuple[Key, object]]:
    if isinstance(node, Map):
        return node.items()
    return enumerate(node) if isinstance(node, Seq) else ()
