"""The assumptions in which two scenarios differ, each at the place where they part.

A value is one assumption however it is written; an event, a driver or a table's entry that only
one of the two has is one difference as a whole. Titles and texts, sources and judgements, the
number of timelines and the seed assume nothing and are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coopsim.scenario.grammar import ROOT, TEXT_KEYS, GrammarRow, Merging
from coopsim.scenario.plain.replanning import replanned
from coopsim.scenario.plain.tree import PLANS
from coopsim.scenario.spec import SECTIONS
from coopsim.scenario.text.reading import Path, dotted, names_of, readable, text_of
from coopsim.scenario.text.tree import Map, node_at, put_at

_ENTRIES = {*SECTIONS, PLANS}


@dataclass(frozen=True, slots=True)
class AssumptionDifference:
    """One assumption in which a scenario, the new one, differs from another, the old one.

    The nodes are None where that scenario has none; `before` and `after` are their texts on one
    line. `title` is that of the event, driver, reference or question; `sources` and `judgement`
    are those of the new scenario's entry, or of the old one's if it has gone.
    """

    path: Path
    old: Any
    new: Any
    title: str
    sources: tuple[str, ...]
    judgement: str | None

    @property
    def name(self) -> str:
        """Write the path as --set takes it."""
        return dotted(self.path)

    @property
    def entry(self) -> str:
        """Name the event, driver, reference or question that it belongs to, or the header."""
        return dotted(self.path[:2]) if self.path[0] in _ENTRIES else str(self.path[0])

    @property
    def before(self) -> str | None:
        """Write the old value on one line."""
        return None if self.old is None else flow(self.old)

    @property
    def after(self) -> str | None:
        """Write the new value on one line."""
        return None if self.new is None else flow(self.new)


@dataclass(frozen=True, slots=True)
class Differences:
    """What a new scenario assumes that an old one does not, both by their ids.

    `old_sets` and `new_sets` are what was set in them over what their files say.
    """

    old: str
    new: str
    found: tuple[AssumptionDifference, ...]
    old_sets: tuple[str, ...] = ()
    new_sets: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: values as they are written, None where there is none."""
        return {
            "old": self.old,
            "new": self.new,
            "old_sets": list(self.old_sets),
            "new_sets": list(self.new_sets),
            "differences": [
                {
                    "path": one.name,
                    "title": one.title,
                    "old": one.before,
                    "new": one.after,
                    "sources": list(one.sources),
                    "judgement": one.judgement,
                }
                for one in self.found
            ],
        }


def differences(old: Map, new: Map) -> list[AssumptionDifference]:
    """List what a resolved tree assumes that another, the old one, does not, in file order.

    A plan is compared as one, and not by the driver and the event that are made of it.
    """
    old, new = _with_plans(old), _with_plans(new)
    return [_difference(old, new, path) for path in _paths(old, new, (), ROOT)]


def switched(tree: Map, found: list[AssumptionDifference]) -> Map:
    """Make a tree of the old scenario with some differences switched on; its plans are whole."""
    tree = _with_plans(tree)
    for one in found:
        tree = put_at(tree, one.path, one.new)
    return tree


def _with_plans(tree: Map) -> Map:
    """Put plans in the place of what is made of them, in a section that is always there."""
    tree = replanned(tree)
    return tree if PLANS in tree else put_at(tree, (PLANS,), Map())


def flow(node: object) -> str:
    """Write a tree on one line, without titles and support."""
    if isinstance(node, Mapping):
        items = (f"{key}: {flow(item)}" for key, item in node.items() if key not in TEXT_KEYS)
        return f"{{{', '.join(items)}}}"
    if isinstance(node, list | tuple):
        return f"[{', '.join(map(flow, node))}]"
    return "null" if node is None else text_of(node)


def _paths(old: Map, new: Map, path: Path, around: GrammarRow) -> Iterator[Path]:
    for key in dict.fromkeys([*old, *new]):
        here, place = (*path, key), around.at(key)
        if place is not None and not place.role.compared:
            continue
        before: Any = old.get(key)
        after: Any = new.get(key)
        if flow(before) == flow(after):
            continue
        mappings = isinstance(before, Map) and isinstance(after, Map)
        if mappings and place is not None and _has_parts(place, before, after):
            yield from _paths(before, after, here, place)
        else:
            yield here


def _has_parts(place: GrammarRow, *both: Map) -> bool:
    """Check that what stands at a place is compared part by part, and not as a whole."""
    is_table = place.form.merging is not Merging.TABLE or all("by" in node for node in both)
    return place.form.apart and is_table


def _difference(old: Map, new: Map, path: Path) -> AssumptionDifference:
    before, after = node_at(old, path), node_at(new, path)
    entry = _entry(new, path) or _entry(old, path)
    title = entry.get("title") or _entry(old, path).get("title")
    judgement = entry.get("judgement")
    return AssumptionDifference(
        path=path,
        old=before,
        new=after,
        title=text_of(title) if title is not None else str(path[min(1, len(path) - 1)]),
        sources=readable(lambda raw: names_of(raw, ""), entry.get("sources")) or (),
        judgement=None if judgement is None else text_of(judgement),
    )


def _entry(tree: Map, path: Path) -> Map:
    found = node_at(tree, path[:2]) if path[0] in _ENTRIES else None
    return found if isinstance(found, Map) else Map()
