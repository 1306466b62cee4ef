"""A scenario merged over its parent.

Mappings merge key by key, tables by level too; lists and values are replaced whole. What is a
value is looked up in the grammar by where it stands, never told by the names of its keys: a level
may be called `low`.
"""

from __future__ import annotations

from coopsim.errors import Problem
from coopsim.scenario.grammar import (
    SUPPORT_KEYS,
    TEXT_KEYS,
    VALUE_KEYS,
    WHY,
    Form,
    Merging,
    merging_at,
    place_at,
)
from coopsim.scenario.notation.quantities import NOTATION_KEYS
from coopsim.scenario.notation.units import UNIT_KEYS, with_units
from coopsim.scenario.text.near import KnownNames, near_miss
from coopsim.scenario.text.reading import Path, dotted, listing, readable, show, text_of
from coopsim.scenario.text.signs import about_signs
from coopsim.scenario.text.tree import Map, Mark, Seq, node_at

NEARLY = "a new name very like one of the parent's"
REPLACES = ", as a reference replaces the one above it as a whole"


def merge(parent: Map, child: Map) -> tuple[Map, list[Problem]]:
    """Merge a whole scenario over its parent; null removes.

    Gives the merged tree, and a warning for every null that removes nothing, for every new entry
    whose name looks like a slip of the parent's, and for every reference that replaces one of
    another kind: that one counts only where something is wrong because of it.
    """
    merger = Merger(parent, child)
    return merger.mapping(parent, child, ()), merger.warnings


class Merger:
    """The merging of trees whose levels are known, with the warnings it gives."""

    def __init__(self, *trees: Map) -> None:
        self.trees = trees
        self.warnings: list[Problem] = []
        self.known: dict[Path, KnownNames] = {}  # of each section of the parent

    def mapping(self, parent: Map, child: Map, path: Path) -> Map:
        """Merge key by key; new keys come after the parent's."""
        merged = _without_other_support(parent, child) if _is_entry(path) else parent.copy()
        for key, item in child.items():
            here = (*path, key)
            if item is not None:
                self._warn_of_slip(here, child.marks[key], parent)
                self._warn_of_replaced(here, child.marks[key], merged.get(key), item)
                merged.put(key, self.value(merged.get(key), item, here), child.marks[key])
            elif key in parent:
                merged.drop(key)
            else:
                expected = "a value, or something in the parent for it to remove"
                hint = near_miss(key, parent) or about_signs(key)
                self._warn(here, child.marks[key], "nothing", expected, hint)
        return merged

    def _warn_of_slip(self, path: Path, mark: Mark, parent: Map) -> None:
        """Warn of a new entry that may be meant to change one of the parent's."""
        name, section = str(path[-1]), path[:-1]
        if name in parent or len(path) != 2 or place_at(path) is None:
            return
        if section not in self.known:
            self.known[section] = KnownNames(parent)
        slip_of = self.known[section].slip_of(name)
        if slip_of is not None:
            hint = f"did you mean '{slip_of}'?"
            self._warn(path, mark, NEARLY, "the parent's name, or a more distinct one", hint)

    def _warn_of_replaced(self, path: Path, mark: Mark, old: object, new: object) -> None:
        """Warn of a reference that is no longer what the parent's is, as only a part is written."""
        place = place_at(path)
        wanted = _kind_of_reference(old)
        if place is None or place.form is not Form.REFERENCE or wanted is None:
            return
        if wanted != _kind_of_reference(new):
            self._warn(path, mark, show(new), wanted + REPLACES, _whole_reference(wanted, old, new))

    def value(self, old: object, new: object, path: Path) -> object:
        """Merge what stands at a path: whole values replace, mappings and tables merge."""
        merging = merging_at(path)
        if not isinstance(new, Map) or merging is Merging.REPLACED:
            return new
        inherited = old if isinstance(old, Map) else Map()
        if merging is Merging.TABLE:
            if not self._same_table(inherited, new):
                inherited = Map()
            if "by" not in new and not inherited:
                return new
            inherited = _with_own_unit(inherited, new)
        return self.mapping(inherited, new, path)

    def _same_table(self, old: Map, new: Map) -> bool:
        """Check that new entries belong into an old table by level."""
        if "by" not in old:
            return False
        if "by" in new:
            return bool(new["by"] == old["by"])
        return set(new) <= self._levels(old["by"]) or not set(new) <= VALUE_KEYS

    def _levels(self, name: object) -> set[str]:
        """Collect the levels a driver, or the outcomes an event, has in any of the trees."""
        levels = {"true", "false"}
        for tree in self.trees:
            listed = node_at(tree, ("drivers", str(name), "levels"))
            outcomes = node_at(tree, ("events", str(name), "outcomes"))
            if isinstance(listed, Seq):
                levels |= {text_of(level) for level in listed if isinstance(level, str | bool)}
            if isinstance(outcomes, Map):
                levels |= set(outcomes)
        return levels

    def _warn(self, path: Path, mark: Mark, found: str, expected: str, hint: str | None) -> None:
        self.warnings.append(
            Problem(dotted(path), found, expected, mark.file, mark.line, hint, "warning")
        )


def _kind_of_reference(raw: object) -> str | None:
    """Tell what a reference is by its keys; None where they do not say."""
    if not isinstance(raw, Map):
        return "a value" if isinstance(raw, str) else None
    if "pace" in raw:
        return "a pace table"
    if {"open", "opens"} & set(raw):
        return "a window"
    return "a value" if (NOTATION_KEYS | {"value"}) & set(raw) else None


def _whole_reference(wanted: str, old: object, new: object) -> str:
    """Suggest how to write the whole of a reference of which a part is written."""
    if wanted == "a pace table":
        if isinstance(new, Map) and {"by", "when"} & set(new):
            item = show({key: one for key, one in new.items() if key not in TEXT_KEYS})
            return f"write `pace: [{item}]`"
        factor = (new.get("times") or new.get("value")) if isinstance(new, Map) else new
        pace = f"pace: [{{when: {{}}, times: {factor if isinstance(factor, str) else 'FACTOR'}}}]"
        return f"write `{pace}`" if isinstance(new, Map) else f"write `{{{pace}}}`"
    keys = [key for key in old if key not in TEXT_KEYS] if isinstance(old, Map) else ["value"]
    return f"write {listing((f'`{key}`' for key in keys), 'and')} here too"


def _is_entry(path: Path) -> bool:
    place = place_at(path)
    return place is not None and place.is_entry


def _with_own_unit(old: Map, new: Map) -> Map:
    """Keep the unit of inherited numbers where the new ones have another."""
    key = UNIT_KEYS["rate"]
    if key in new and old.get(key) not in (None, new[key]):
        spread = readable(lambda node: with_units("rate", node), old)
        return spread if isinstance(spread, Map) else old
    return old


def _without_other_support(old: Map, new: Map) -> Map:
    """Let a new reason stand in place of inherited sources and judgement, and the other way."""
    out = [key for key in SUPPORT_KEYS if key in old] if WHY in new else []
    if set(SUPPORT_KEYS) & set(new) and WHY in old:
        out = [WHY]
    coming = [key for key in (*SUPPORT_KEYS, WHY) if new.get(key) is not None]
    kept = Map()
    for name, item in old.items():
        for key in coming if out[:1] == [name] else []:
            kept.put(key, new[key], new.marks[key])
        if name not in out:
            kept.put(name, item, old.marks[name])
    return kept
