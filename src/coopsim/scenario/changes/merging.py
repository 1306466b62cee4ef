"""Merging a scenario over its parent, and single assumptions over both.

Mappings merge key by key, tables by level too; lists and values are replaced whole. What is a
value is looked up in the grammar by where it stands, never told by the names of its keys: a level
may be called `low`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.grammar import (
    FILE_KEYS,
    ROOT,
    SUPPORT_KEYS,
    VALUE_KEYS,
    WHY,
    Form,
    Merging,
    merging_at,
    place_at,
)
from coopsim.scenario.notation.slips.keys import path_meant, setting_meant
from coopsim.scenario.notation.units import UNIT_KEYS, with_units
from coopsim.scenario.spec import Sourced
from coopsim.scenario.text.near import KnownNames, near_miss
from coopsim.scenario.text.reading import Path, dotted, listing, readable, show, text_of
from coopsim.scenario.text.signs import about_signs
from coopsim.scenario.text.tree import Map, Mark, Seq, from_data
from coopsim.scenario.text.yaml_text import read_value

NEARLY = "a new name that is nearly one of the parent's"
_MOST_LISTED = 14  # names that a message lists
_QUOTED = re.compile(r"""(?P<quote>["'])(?P<key>.*?)(?P=quote)(\.|$)""")


def merge(parent: Map, child: Map) -> tuple[Map, list[Problem]]:
    """Merge a whole scenario over its parent; null removes.

    Gives the merged tree, and a warning for every null that removes nothing and for every new entry
    whose name looks like a slip of the parent's.
    """
    merger = _Merger(parent, child)
    return merger.mapping(parent, child, ()), merger.warnings


class _Merger:
    """Merge what stands in one tree over another, knowing the levels of both."""

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
            self._warn(path, mark, NEARLY, "the parent's name, or one less like it", hint)

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
        """Tell whether new entries belong into an old table by level."""
        if "by" not in old:
            return False
        if "by" in new:
            return bool(new["by"] == old["by"])
        return set(new) <= self._levels(old["by"]) or not set(new) <= VALUE_KEYS

    def _levels(self, name: object) -> set[str]:
        """Collect the levels a driver, or the outcomes an event, has in any of the trees."""
        levels = {"true", "false"}
        for tree in self.trees:
            listed = _child(_child(_child(tree, "drivers"), str(name)), "levels")
            outcomes = _child(_child(_child(tree, "events"), str(name)), "outcomes")
            if isinstance(listed, Seq):
                levels |= {text_of(level) for level in listed if isinstance(level, str | bool)}
            if isinstance(outcomes, Map):
                levels |= set(outcomes)
        return levels

    def _warn(self, path: Path, mark: Mark, found: str, expected: str, hint: str | None) -> None:
        self.warnings.append(
            Problem(dotted(path), found, expected, mark.file, mark.line, hint, "warning")
        )


def _with_own_unit(old: Map, new: Map) -> Map:
    """Keep the unit of inherited numbers where the new ones have another."""
    key = UNIT_KEYS["rate"]
    if key in new and old.get(key) not in (None, new[key]):
        spread = readable(lambda node: with_units("rate", node), old)
        return spread if isinstance(spread, Map) else old
    return old


def _is_entry(path: Path) -> bool:
    place = place_at(path)
    return place is not None and place.is_entry


def _without_other_support(old: Map, new: Map) -> Map:
    """Let a new reason replace inherited sources and judgement, and the other way round."""
    out = [key for key in SUPPORT_KEYS if key in old] if WHY in new else []
    if set(SUPPORT_KEYS) & set(new) and WHY in old:
        out = [WHY]
    kept = old.copy()
    for key in out:
        kept.drop(key)
    return kept


def _child(node: object, key: str) -> object:
    return node.get(key) if isinstance(node, Map) else None


# --- single assumptions -----------------------------------------------------------------------


def shown_set(setting: str) -> str:
    """Name a setting where a file would be named."""
    return f"--set {setting}"


def apply_set(tree: Map, setting: object) -> Map:
    """Set one assumption, written PATH=VALUE; raises ScenarioError where the path leads nowhere."""
    if not isinstance(setting, str):
        raise ScenarioError([Problem("", show(setting), "PATH=VALUE, as a text", "--set")])
    path_text, equals, value_text = setting.partition("=")
    if not equals or not path_text.strip():
        path_text, colon, value_text = setting.partition(": ")
        hint = f"write `{path_text}={value_text.strip()}`" if colon and not equals else None
        raise ScenarioError([Problem("", f"'{setting}'", "PATH=VALUE", "--set", None, hint)])
    shown = shown_set(setting)
    if not value_text.strip():
        expected = "a value after the `=`; PATH=null removes what stands there"
        raise ScenarioError([Problem(path_text.strip(), "nothing", expected, shown)])
    value = from_data(read_value(value_text, shown), shown)
    path = _resolve(tree, path_text.strip(), shown)
    _check_entry(tree, path, value, shown)
    changed = _Setter(_Merger(tree), value, path, Mark(shown, None)).put(tree, 0)
    assert isinstance(changed, Map)
    return changed


def _check_entry(tree: Map, path: Path, value: object, shown: str) -> None:
    """Refuse a single value where a whole driver or event stands, or would begin to."""
    if not _is_sourced(path) or isinstance(value, Map) or value is None:
        return
    entries: object = tree
    for key in path[:-1]:
        entries = _child(entries, str(key))
    known = entries if isinstance(entries, Map) else Map()
    if path[-1] not in known:
        raise _no_such(
            path[:-1], str(path[-1]), _keys_of(known), near_miss(str(path[-1]), known), shown
        )
    expected = "a mapping, or a path that goes on to one of its keys"
    hint = setting_meant(path, value)
    raise ScenarioError([Problem(dotted(path), show(value), expected, shown, None, hint)])


def _is_sourced(path: Path) -> bool:
    """Tell whether a path leads to a driver, an event, a switch or an event's outcome."""
    place = place_at(path)
    if place is None or place.model is None or place.form is not Form.MAPPING:
        return False
    return issubclass(place.model, Sourced)


def _resolve(tree: Map, text: str, shown: str) -> Path:
    """Find the keys that a dotted path names; the last one may be new."""
    node: object = tree
    path: Path = ()
    while text:
        if isinstance(node, Seq):
            head, _, text = text.partition(".")
            if not (head.isascii() and head.isdigit()) or int(head) >= len(node):
                raise _no_such(path, head, f"a position from 0 to {len(node) - 1}", None, shown)
            path, node = (*path, int(head)), node[int(head)]
        elif isinstance(node, Map):
            key, text = _next_key(node, text)
            unknown = not path and key not in {*node, *ROOT.below, *FILE_KEYS}
            if unknown or (key not in node and text):
                hint = near_miss(key, node) or (None if path else path_meant(tree, key, text))
                known = node if path else ROOT.below
                raise _no_such(path, key, _keys_of(known), hint, shown)
            path, node = (*path, key), node.get(key)
        else:
            raise _no_such(path, text, f"nothing below the value {show(node)}", None, shown)
    return path


def _next_key(node: Map, text: str) -> tuple[str, str]:
    """Split off the first key: a quoted one, the longest that is there, or up to the next dot."""
    quoted = _QUOTED.match(text)
    if quoted is not None:
        return quoted["key"], text[quoted.end() :]
    known = [key for key in node if text == key or text.startswith(f"{key}.")]
    key = max(known, key=len) if known else text.partition(".")[0]
    return key, text[len(key) + 1 :]


def _keys_of(node: Collection[str]) -> str:
    return listing(node) if 0 < len(node) <= _MOST_LISTED else "a name that is there"


def _no_such(path: Path, head: str, expected: str, hint: str | None, shown: str) -> ScenarioError:
    return ScenarioError([Problem(dotted(path), f"'{head}'", expected, shown, None, hint)])


@dataclass(frozen=True, slots=True)
class _Setter:
    """Put a value at a path, copying what lies on the way."""

    merger: _Merger
    value: object
    path: Path
    mark: Mark

    def put(self, node: object, depth: int) -> object:
        """Copy a node that the first `depth` keys of the path lead to, changed below."""
        assert isinstance(node, Map | Seq)
        copied = node.copy()
        if isinstance(copied, Seq):
            self._put_item(copied, depth)
        else:
            self._put_entry(copied, depth)
        return copied

    def _put_item(self, items: Seq, depth: int) -> None:
        position = self.path[depth]
        assert isinstance(position, int)
        if depth + 1 < len(self.path):
            items[position] = self.put(items[position], depth + 1)
        else:
            items[position], items.marks[position] = self.value, self.mark

    def _put_entry(self, entries: Map, depth: int) -> None:
        key = str(self.path[depth])
        if depth + 1 < len(self.path):
            entries[key] = self.put(entries[key], depth + 1)
        elif self.value is not None:
            entries.put(key, self.merger.value(entries.get(key), self.value, self.path), self.mark)
        elif key in entries:
            entries.drop(key)
        else:
            expected, hint = "something for null to remove", near_miss(key, entries)
            raise _no_such(self.path[:depth], key, expected, hint, self.mark.file)
