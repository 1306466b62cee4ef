"""Every number and date of a resolved scenario as an assumption, with what it rests on.

What is a number is looked up in the grammar by where it stands, never told by what a text looks
like: a level may well be called `2030`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from coopsim.scenario.grammar import (
    PLAN_PARTS,
    TEXT_KEYS,
    WINDOW_PARTS,
    Form,
    GrammarRow,
    entries_around,
    find,
)
from coopsim.scenario.notation.quantities import NOTATIONS, NUMBER, SPREAD, ValueKind, read_value
from coopsim.scenario.notation.values import split_range
from coopsim.scenario.plain.replanning import replanned
from coopsim.scenario.plain.tree import PLANS
from coopsim.scenario.sources.reasons import CitedPage, page_of
from coopsim.scenario.text.reading import Path, dotted, names_of, readable, text_of
from coopsim.scenario.text.tree import Map, Seq, node_at

_HEADER = ("as_of", "start", "end")  # in this order, before the sections
_FIRST = (("initial",), ("by",))  # a driver's levels before its switches, a last day before weights
_GROUPED = ("drivers", "events", PLANS)
_SUPPORT = {"sources", "judgement"}
_UNITS = {
    "date": "date",
    "factor": "times",
    "chance": "probability",
    "share": "share of luck",
    "number": "number",
    "levels": "levels",
    "weight": "weight",
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number or date as written, where it stands and what its entry rests on.

    `path` is the one that --set takes. The kind is date, duration, rate, factor, chance, share
    (of luck), number (a sigma or shape), levels (to shift by) or weight. `entry` is the path of
    the branch, switch, event, driver, plan, reference or question that gives `sources` and
    `judgement`, empty for the scenario itself; `group` is the one that its driver, event or plan
    is listed with. Where the value is the name of a reference, `reference` is that reference's
    path.
    """

    path: str
    value: str
    kind: str
    entry: str
    title: str | None
    sources: tuple[str, ...]
    judgement: str | None
    reference: str | None
    group: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: its fields, its unit and the ends of its range."""
        return {**asdict(self), "unit": self.unit, "ends": list(self.ends)}

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
    def pages(self) -> tuple[CitedPage, ...]:
        """Get the pages that its entry cites in place, with their addresses."""
        found = (page_of(cited) for cited in self.sources)
        return tuple(page for page in found if page is not None)

    @property
    def section(self) -> str:
        """Get the part of the scenario: references, drivers, events, plans, outcomes or header."""
        return self.path.partition(".")[0] if "." in self.path else "header"


_VALUE_KINDS: tuple[ValueKind, ...] = ("factor", "duration", "rate", "date")


class Leaf(NamedTuple):
    """A number, or the name of a reference, with the path on which it stands."""

    path: Path
    raw: object
    kind: str
    named: bool = False


_Leaves = Iterator[Leaf]


def assumptions(tree: Map) -> list[Assumption]:
    """List the assumptions of a resolved tree that is valid, in the order of its sections.

    Those of a plan are the plan's own, and not of the driver and the event that are made of it.
    """
    tree = replanned(tree)
    return [_assumption(tree, leaf) for leaf in leaves(tree)]


def leaves(tree: Map) -> list[Leaf]:
    """List the numbers of a resolved tree that is valid, in the order of its sections."""
    header = [leaf for key in _HEADER if key in tree for leaf in _read_at((key,), tree[key])]
    drivers, events, questions = (_section(tree, key) for key in ("drivers", "events", "outcomes"))
    paces = _read(find(_entries(tree, "references"), {Form.PACE}, ("references",)))
    plans = [leaf for name, raw in _entries(tree, PLANS).items() for leaf in _announced(name, raw)]
    kinds = _kinds_of_references([*paces, *drivers, *events, *plans])
    references = _entries(tree, "references").items()
    values = [one for name, raw in references for one in _reference(name, raw, kinds)]
    return [*header, *values, *drivers, *events, *plans, *questions]


def numbers_of(tree: Map, section: str, name: str) -> set[Path]:
    """List the paths of the numbers of one reference, driver or event; no names of references."""
    entry = tree[section][name]
    found = (
        _reference(name, entry, {}) if section == "references" else _read_at((section, name), entry)
    )
    return {leaf.path for leaf in found if not leaf.named}


def kinds_that_read(raw: object) -> set[str]:
    """List the kinds of quantity as which a value can be read."""
    return {kind for kind in _VALUE_KINDS if _reads(kind, raw)}


def _entries(tree: Map, section: str) -> Map:
    return tree.get(section) or Map()


def _section(tree: Map, section: str) -> list[Leaf]:
    entries = _entries(tree, section).items()
    return [leaf for name, raw in entries for leaf in _read_at((section, name), _assumed(raw))]


def _assumed(entry: object) -> object:
    """Leave out of an official date how it moves by itself: that is the calendar's."""
    if not isinstance(entry, Map) or "plan" not in entry:
        return entry
    without = entry.copy()
    without.drop("switches")
    return without


def _announced(name: str, plan: Map) -> _Leaves:
    """List the numbers of a plan: its official date, its reviews, its slips and what moves them."""
    path = (PLANS, name)
    yield Leaf((*path, "official"), plan["official"], "date")
    yield from _plan((*path, "reviews"), plan["reviews"], "duration")
    yield from _read_at(path, plan)


def _read_at(path: Path, node: object) -> _Leaves:
    """List the numbers at a path, or below it, that the grammar says are assumptions."""
    return _read(sorted(find(node, _READERS, path), key=lambda one: one[0][2:3] not in _FIRST))


def _read(found: Iterable[tuple[Path, GrammarRow, Any]]) -> _Leaves:
    for path, place, node in found:
        assert place.kind is not None
        yield from _READERS[place.form](path, node, place.kind)


def _assumption(tree: Map, leaf: Leaf) -> Assumption:
    path, entry = _supporting(tree, leaf.path)
    value = text_of(leaf.raw)
    title, judgement, group = entry.get("title"), entry.get("judgement"), _group(tree, leaf.path)
    return Assumption(
        path=dotted(leaf.path),
        value=value,
        kind=leaf.kind,
        entry=dotted(path),
        title=None if title is None else text_of(title),
        sources=readable(lambda raw: names_of(raw, ""), entry.get("sources")) or (),
        judgement=None if judgement is None else text_of(judgement),
        reference=f"references.{value}" if leaf.named else None,
        group=group,
    )


def _group(tree: Map, path: Path) -> str | None:
    """Get the group of the driver, event or plan around a path, if it names one."""
    entry = node_at(tree, path[:2]) if path[0] in _GROUPED else None
    group = entry.get("group") if isinstance(entry, Map) else None
    return None if group is None else text_of(group)


def _supporting(tree: Map, path: Path) -> tuple[Path, Map]:
    """Find the innermost entry around a path that says what it rests on, else the outermost.

    What stands in the header belongs to the scenario itself, whose path is empty.
    """
    found: tuple[Path, Map] = ((), tree)
    for around in entries_around(path):
        entry = node_at(tree, around)
        found = (around, entry if isinstance(entry, Map) else Map())  # a reference may be bare
        if _SUPPORT & set(found[1]):
            break
    return found


# --- references -------------------------------------------------------------------------------


def _kinds_of_references(leaves: Iterable[Leaf]) -> dict[str, str]:
    """Find by their first use what kind of quantity references are."""
    kinds: dict[str, str] = {}
    for leaf in leaves:
        if leaf.named:
            kinds.setdefault(text_of(leaf.raw), leaf.kind)
    return kinds


def _reference(name: str, raw: Any, kinds: Mapping[str, str]) -> _Leaves:
    path: Path = ("references", name)
    if not isinstance(raw, Map):
        yield from _value(path, raw, kinds.get(name) or _kind_that_reads(raw))
    elif "pace" in raw:
        yield from _read(find(raw, {Form.PACE}, path))
    elif {"open", "opens"} & set(raw):
        yield from _window(path, _without_texts(raw), "date")
    else:
        bare = _without_texts(raw)
        kind = kinds.get(name) or _kind_that_reads(bare.get("value", bare))
        if "value" in bare:
            yield from _value((*path, "value"), bare["value"], kind)
            bare.drop("value")
        yield from _value(path, bare, kind)


def _without_texts(entry: Map) -> Map:
    """Leave out the title of an entry and what it rests on."""
    bare = entry.copy()
    for key in TEXT_KEYS:
        bare.drop(key)
    return bare


def _kind_that_reads(raw: object) -> str:
    """Guess the kind of a reference that nobody uses."""
    return next((kind for kind in _VALUE_KINDS if _reads(kind, raw)), "number")


def _reads(kind: ValueKind, raw: object) -> bool:
    return readable(lambda item: read_value(kind, item), raw) is not None


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
        yield from _value((*path, key), item, PLAN_PARTS.get(key, kind))


def _table(path: Path, raw: object, kind: str) -> _Leaves:
    """List the numbers of a table by level, or of what may stand in its place."""
    if not isinstance(raw, Map) or "by" not in raw:
        yield from _plan(path, raw, kind)
        return
    for level, item in raw.items():
        if level != "by":
            yield from _plan((*path, level), item, kind)


def _chance(path: Path, raw: object, kind: str) -> _Leaves:
    if isinstance(raw, Seq):
        for position, case in enumerate(raw):
            yield from _value((*path, position, "is"), case["is"], kind)
    elif raw != "rest":
        yield from _table(path, raw, kind)


def _initial(path: Path, raw: object, kind: str) -> _Leaves:
    if isinstance(raw, Map):
        for level, chance in raw.items():
            yield Leaf((*path, level), chance, kind)


def _pace(path: Path, raw: Seq, kind: str) -> _Leaves:
    for position, item in enumerate(raw):
        here = (*path, position)
        if "by" in item:
            yield from _table(here, item, kind)
        elif "like" in item:
            yield Leaf((*here, "like"), item["like"], kind, named=True)
        else:
            yield from _value((*here, "times"), item["times"], kind)


def _window(path: Path, raw: Map, kind: str) -> _Leaves:
    for key, item in raw.items():
        if key == "open":
            for position, days in enumerate(item):
                for end, day in enumerate(days):
                    yield Leaf((*path, key, position, end), day, kind)
        else:
            yield Leaf((*path, key), item, WINDOW_PARTS.get(key, kind), named=key == "like")


def _alone(path: Path, raw: object, kind: str) -> _Leaves:
    yield Leaf(path, raw, kind)


_READERS: Mapping[Form, Callable[[Path, Any, str], _Leaves]] = {
    Form.VALUE: _value,
    Form.PLAN: _plan,
    Form.TABLE: _table,
    Form.CHANCE: _chance,
    Form.INITIAL: _initial,
    Form.PACE: _pace,
    Form.WINDOW: _window,
    Form.DAY: _alone,
    Form.NUMBER: _alone,
}
