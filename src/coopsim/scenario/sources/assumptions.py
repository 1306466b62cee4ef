"""Every number and date of a resolved scenario as an assumption, with what it rests on.

What is a number is told by where it stands, just as the readers of `notation` and `quantities`
tell it, never by what a text looks like: a level may well be called `2030`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from coopsim.scenario.notation.quantities import NOTATIONS, NUMBER, SPREAD, ValueKind, read_value
from coopsim.scenario.notation.values import split_range
from coopsim.scenario.text.reading import Path, dotted, names_of, readable, stands_at, text_of
from coopsim.scenario.text.tree import Map, Seq

_SETTINGS = ("as_of", "start", "end")  # `runs` and `seed` say nothing of the world
_ABOUT = ("title", "description", "sources", "judgement")
_PARTS: Mapping[str, ValueKind] = {
    "growth": "factor",
    "not_before": "date",
    "first": "date",
    "every": "duration",
    "then": "duration",
}
_UNITS = {
    "date": "date",
    "factor": "times",
    "chance": "probability",
    "share": "share of luck",
    "number": "number",
    "levels": "levels",
    "weight": "weight",
}
# Where sources and judgement may stand, the innermost first.
_ENTRIES: tuple[tuple[str, ...], ...] = (
    ("drivers", "*", "switches", "*"),
    ("events", "*", "outcomes", "*"),
    ("references", "*"),
    ("drivers", "*"),
    ("events", "*"),
    ("outcomes", "*"),
)


@dataclass(frozen=True, slots=True)
class Assumption:
    """Hold one number or date as written, where it stands and what its entry rests on.

    `path` is the one that --set takes. The kind is date, duration, rate, factor, chance, share
    (of luck), number (a sigma or shape), levels (to shift by) or weight. `entry` is the path of
    the branch, switch, event, driver, reference or question that gives `sources` and `judgement`,
    empty for the scenario itself. Where the value is the name of a reference, `reference` is that
    reference's path.
    """

    path: str
    value: str
    kind: str
    entry: str
    title: str | None
    sources: tuple[str, ...]
    judgement: str | None
    reference: str | None

    @property
    def unit(self) -> str:
        """Get the unit, as written for durations and rates."""
        if self.reference is not None:
            return "reference"
        if self.kind in _UNITS:
            return _UNITS[self.kind]
        return re.sub(r"^\s*[-+.\deE]+\s*", "", self.ends[-1])

    @property
    def ends(self) -> tuple[str, ...]:
        """Get the two ends of `A to B`, or the value alone."""
        return split_range(self.value) or (self.value,)

    @property
    def section(self) -> str:
        """Get the part of the scenario: references, drivers, events, outcomes or header."""
        return self.path.partition(".")[0] if "." in self.path else "header"


class Leaf(NamedTuple):
    """Hold a number, or the name of a reference, with the path on which it stands."""

    path: Path
    raw: object
    kind: str
    named: bool = False


_Leaves = Iterator[Leaf]


def assumptions(tree: Map) -> list[Assumption]:
    """List the assumptions of a resolved tree that is valid, in the order of its sections."""
    return [_assumption(tree, leaf) for leaf in leaves(tree)]


def leaves(tree: Map) -> list[Leaf]:
    """List the numbers of a resolved tree that is valid, in the order of its sections."""
    users = [*_entries(tree, "drivers", _driver), *_entries(tree, "events", _timed)]
    kinds = _kinds_of_references([*_entries(tree, "references", _paces), *users])
    header = [Leaf((key,), tree[key], "date") for key in _SETTINGS if key in tree]
    references = _entries(tree, "references", lambda path, raw: _reference(path, raw, kinds))
    questions = _entries(tree, "outcomes", _question)
    return [*header, *references, *users, *questions]


def _assumption(tree: Map, leaf: Leaf) -> Assumption:
    path, entry = _supporting(tree, leaf.path)
    value = text_of(leaf.raw)
    title, judgement = entry.get("title"), entry.get("judgement")
    return Assumption(
        path=dotted(leaf.path),
        value=value,
        kind=leaf.kind,
        entry=dotted(path),
        title=None if title is None else text_of(title),
        sources=readable(lambda raw: names_of(raw, ""), entry.get("sources")) or (),
        judgement=None if judgement is None else text_of(judgement),
        reference=f"references.{value}" if leaf.named else None,
    )


def _supporting(tree: Map, path: Path) -> tuple[Path, Map]:
    """Find the innermost entry around a path that says what it rests on, else the outermost.

    What stands in the header belongs to the scenario itself, whose path is empty.
    """
    for place in _ENTRIES:
        around = path[: len(place)]
        entry = _at(tree, around) if stands_at(around, place) else None
        if isinstance(entry, Map) and (len(place) == 2 or {"sources", "judgement"} & set(entry)):
            return around, entry
        if len(place) == 2 and stands_at(around, place):
            return around, Map()  # a reference that is a bare value
    return (), tree


def _at(tree: Map, path: Path) -> object:
    node: Any = tree
    for key in path:
        node = node[key]
    return node


# --- references -------------------------------------------------------------------------------


def _kinds_of_references(leaves: Iterable[Leaf]) -> dict[str, str]:
    """Tell by their first use what kind of quantity references are."""
    kinds: dict[str, str] = {}
    for leaf in leaves:
        if leaf.named:
            kinds.setdefault(text_of(leaf.raw), leaf.kind)
    return kinds


def _reference(path: Path, raw: object, kinds: Mapping[str, str]) -> _Leaves:
    bare = raw
    if isinstance(raw, Map):
        if "pace" in raw:
            yield from _pace((*path, "pace"), raw["pace"])
            return
        bare = raw.copy()
        for key in _ABOUT:
            bare.drop(key)
        if {"open", "opens"} & set(bare):
            yield from _window(path, bare)
            return
    written = bare["value"] if isinstance(bare, Map) and "value" in bare else bare
    kind = kinds.get(str(path[-1])) or _kind_that_reads(written)
    if written is not bare and isinstance(bare, Map):
        yield from _value((*path, "value"), written, kind)
        bare.drop("value")
    yield from _value(path, bare, kind)


def _kind_that_reads(raw: object) -> str:
    """Guess the kind of a reference that nobody uses."""
    kinds: tuple[ValueKind, ...] = ("factor", "duration", "rate", "date")
    return next((kind for kind in kinds if _reads(kind, raw)), "number")


def _reads(kind: ValueKind, raw: object) -> bool:
    return readable(lambda item: read_value(kind, item), raw) is not None


def _paces(path: Path, raw: object) -> _Leaves:
    if isinstance(raw, Map) and "pace" in raw:
        yield from _pace((*path, "pace"), raw["pace"])


# --- entries ----------------------------------------------------------------------------------


def _entries(tree: Map, section: str, read: Callable[[Path, Any], _Leaves]) -> list[Leaf]:
    entries: Map = tree.get(section) or Map()
    return [leaf for name, raw in entries.items() for leaf in read((section, name), raw)]


def _driver(path: Path, entry: Map) -> _Leaves:
    initial = entry["initial"]
    if isinstance(initial, Map):
        for level, chance in initial.items():
            yield Leaf((*path, "initial", level), chance, "chance")
    for name, switch in entry.get("switches", Map()).items():
        yield from _timed((*path, "switches", name), switch)


def _timed(path: Path, entry: Map) -> _Leaves:
    """List the numbers of an event, a switch or an outcome's branch, as they are written."""
    for key, raw in entry.items():
        if key in _READERS:
            yield from _READERS[key]((*path, key), raw)


def _question(path: Path, entry: Map) -> _Leaves:
    if "by" in entry:
        yield Leaf((*path, "by"), entry["by"], "date")
    for position, item in enumerate(entry.get("index", ())):
        yield Leaf((*path, "index", position, "weight"), item["weight"], "weight")


# --- what stands below a key of an entry ------------------------------------------------------


def _value(path: Path, raw: object, kind: str) -> _Leaves:
    """List the numbers of a value in any notation, its shared luck and the reference it names."""
    if not isinstance(raw, Map):
        yield Leaf(path, raw, kind)
        return
    for key, item in raw.items():
        here = (*path, key)
        if key == "like":
            yield Leaf(here, item, kind, named=True)
        elif isinstance(item, Seq):
            yield from _listed(here, item, kind)
        elif key != "luck":
            yield Leaf(here, item, "share" if key == "share" else kind)


def _listed(path: Path, items: Seq, kind: str) -> _Leaves:
    (roles,) = (notation.roles for notation in NOTATIONS if notation.keys == path[-1:])
    for position, (item, role) in enumerate(zip(items, roles, strict=True)):
        own = "duration" if role == SPREAD and kind == "date" else kind
        yield Leaf((*path, position), item, "number" if role == NUMBER else own)


def _plan(path: Path, raw: object, kind: str) -> _Leaves:
    """List the numbers of a value, a plan or a calendar."""
    if not isinstance(raw, Map) or not {"planned", "first"} & set(raw):
        yield from _value(path, raw, kind)
        return
    for key, item in raw.items():
        yield from _value((*path, key), item, _PARTS.get(key, kind))


def _table(path: Path, raw: object, kind: str) -> _Leaves:
    """List the numbers of a table by level, or of what may stand in its place."""
    if not isinstance(raw, Map) or "by" not in raw:
        yield from _plan(path, raw, kind)
        return
    for level, item in raw.items():
        if level != "by":
            yield from _plan((*path, level), item, kind)


def _chance(path: Path, raw: object) -> _Leaves:
    if isinstance(raw, Seq):
        for position, case in enumerate(raw):
            yield from _value((*path, position, "is"), case["is"], "chance")
    elif raw != "rest":
        yield from _table(path, raw, "chance")


def _pace(path: Path, raw: Seq) -> _Leaves:
    for position, item in enumerate(raw):
        here = (*path, position)
        if "by" in item:
            yield from _table(here, item, "factor")
        elif "like" in item:
            yield Leaf((*here, "like"), item["like"], "factor", named=True)
        else:
            yield from _value((*here, "times"), item["times"], "factor")


def _window(path: Path, raw: Map) -> _Leaves:
    kinds = {"opens": "date", "every": "duration", "lasts": "duration", "like": "date"}
    for key, item in raw.items():
        if key == "open":
            for position, days in enumerate(item):
                for end, day in enumerate(days):
                    yield Leaf((*path, key, position, end), day, "date")
        else:
            yield Leaf((*path, key), item, kinds[key], named=key == "like")


def _lags(path: Path, raw: object) -> _Leaves:
    if isinstance(raw, Map):
        for name, lag in raw.items():
            yield from _value((*path, name), lag, "duration")


def _odds(path: Path, raw: Seq) -> _Leaves:
    for position, item in enumerate(raw):
        for name, factor in item["times"].items():
            yield from _value((*path, position, "times", name), factor, "factor")


def _shifts(path: Path, raw: Map) -> _Leaves:
    for driver, step in raw.items():
        yield Leaf((*path, driver), step, "levels")


def _branches(path: Path, raw: Map) -> _Leaves:
    for name, branch in raw.items():
        yield from _timed((*path, name), branch)


def _day(path: Path, raw: object) -> _Leaves:
    yield Leaf(path, raw, "date")


_READERS: Mapping[str, Callable[[Path, Any], _Leaves]] = {
    "date": lambda path, raw: _table(path, raw, "date"),
    "takes": lambda path, raw: _plan(path, raw, "duration"),
    "rate": lambda path, raw: _table(path, raw, "rate"),
    "after": _lags,
    "from": _day,
    "until": _day,
    "window": _window,
    "pace": _pace,
    "outcomes": _branches,
    "odds": _odds,
    "chance": _chance,
    "shifts": _shifts,
}
