"""Merging a scenario over its parent, and single assumptions over both.

Mappings merge key by key, tables by level too; lists and values are replaced whole. What is a
value is told by where it stands, never by the names of its keys: a level may be called `low`.
"""

from __future__ import annotations

from collections.abc import Mapping

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.quantities import LUCK_KEYS, NOTATION_KEYS
from coopsim.scenario.reading import Path, dotted, near_miss, show, text_of
from coopsim.scenario.tree import Map, Mark, Seq, read_value

_TIMED = (("events", "*"), ("drivers", "*", "switches", "*"))
_VALUES: frozenset[tuple[str, ...]] = frozenset(
    {("references", "*"), ("drivers", "*", "initial")}
    | {(*timed, key) for timed in _TIMED for key in ("takes", "window")}
    | {(*timed, "after", "*") for timed in _TIMED}
)
_TABLES: frozenset[tuple[str, ...]] = frozenset(
    {(*timed, key) for timed in _TIMED for key in ("date", "rate")}
    | {("events", "*", "outcomes", "*", "chance")}
)
_VALUE_WORDS = NOTATION_KEYS | set(LUCK_KEYS) | {"like", "planned", "growth", "not_before"}
_VALUE_WORDS |= {"first", "every", "then"}


def _stands_at(path: Path, places: frozenset[tuple[str, ...]]) -> bool:
    return any(
        len(place) == len(path)
        and all(part in ("*", key) for part, key in zip(place, path, strict=True))
        for place in places
    )


def merge(parent: Map, child: Map) -> Map:
    """Merge a whole scenario over its parent; null removes."""
    return _merge(parent, child, (), _Levels(parent, child))


def without_nulls(tree: Map) -> Map:
    """Drop what null removes where there is nothing to remove it from."""
    return merge(Map(), tree)


class _Levels:
    """Know the levels that drivers and events have in either of two trees."""

    def __init__(self, *trees: Map) -> None:
        self.trees = trees

    def of(self, name: object) -> set[str]:
        """Collect the levels a driver, or the outcomes an event, has in any of the trees."""
        levels = {"true", "false"}
        for tree in self.trees:
            driver = _child(_child(tree, "drivers"), str(name))
            event = _child(_child(tree, "events"), str(name))
            listed = _child(driver, "levels")
            levels |= {text_of(level) for level in listed} if isinstance(listed, Seq) else set()
            outcomes = _child(event, "outcomes")
            levels |= set(outcomes) if isinstance(outcomes, Map) else set()
        return levels


def _child(node: object, key: str) -> object:
    return node.get(key) if isinstance(node, Map) else None


def _merge(parent: Map, child: Map, path: Path, levels: _Levels) -> Map:
    merged = parent.copy()
    for key, item in child.items():
        here = (*path, key)
        if item is None:
            merged.drop(key)
        else:
            merged.put(key, _merged(merged.get(key), item, here, levels), child.marks[key])
    return merged


def _merged(old: object, new: object, path: Path, levels: _Levels) -> object:
    if not isinstance(new, Map) or _stands_at(path, _VALUES):
        return new
    if _stands_at(path, _TABLES):
        if isinstance(old, Map) and _same_table(old, new, levels):
            return _merge_table(old, new)
        return new
    return _merge(old if isinstance(old, Map) else Map(), new, path, levels)


def _same_table(old: Map, new: Map, levels: _Levels) -> bool:
    """Tell whether new entries belong into an old table by level."""
    if "by" not in old:
        return False
    if "by" in new:
        return bool(new["by"] == old["by"])
    return bool(set(new) <= levels.of(old["by"]) or not set(new) <= _VALUE_WORDS)


def _merge_table(old: Map, new: Map) -> Map:
    merged = old.copy()
    for level, item in new.items():
        if item is None:
            merged.drop(level)
        else:
            merged.put(level, item, new.marks[level])
    return merged


def apply_set(tree: Map, setting: str) -> Map:
    """Set one assumption, written PATH=VALUE; raises ScenarioError where the path leads nowhere."""
    path_text, equals, value_text = setting.partition("=")
    shown = f"--set {setting}"
    if not equals or not path_text.strip():
        raise ScenarioError([Problem("", f"'{setting}'", "PATH=VALUE", "--set")])
    value = read_value(value_text, shown)
    path = _resolve(tree, path_text.strip(), shown)
    changed = _put(tree, path, value, (), Mark(shown, None), _Levels(tree))
    assert isinstance(changed, Map)
    return changed


def _resolve(tree: Map, text: str, shown: str) -> Path:
    """Find the keys that a dotted path names; the last one may be new."""
    node: object = tree
    path: Path = ()
    while text:
        if isinstance(node, Seq):
            head, _, text = text.partition(".")
            if not head.isdigit() or int(head) >= len(node):
                raise _no_such(path, head, f"a position from 0 to {len(node) - 1}", None, shown)
            path, node = (*path, int(head)), node[int(head)]
            continue
        if not isinstance(node, Map):
            raise _no_such(path, text, f"nothing below the value {show(node)}", None, shown)
        known = [key for key in node if text == key or text.startswith(f"{key}.")]
        if known:
            key = max(known, key=len)
            path, node, text = (*path, key), node[key], text[len(key) + 1 :]
        elif "." in text:
            head = text.partition(".")[0]
            raise _no_such(path, head, "a key that is there", near_miss(head, node), shown)
        else:
            return (*path, text)
    return path


def _no_such(path: Path, head: str, expected: str, hint: str | None, shown: str) -> ScenarioError:
    where = ".".join(str(key) for key in path)
    return ScenarioError([Problem(where, f"'{head}'", expected, shown, None, hint)])


def _put(
    node: object, rest: Path, value: object, path: Path, mark: Mark, levels: _Levels
) -> object:
    """Copy the way down to the place that is set, and put the value there."""
    key, below = rest[0], rest[1:]
    here = (*path, key)
    assert isinstance(node, Map | Seq)
    copied = node.copy()
    if isinstance(copied, Seq):
        assert isinstance(key, int)
        copied[key] = value if not below else _put(copied[key], below, value, here, mark, levels)
        copied.marks[key] = mark
    elif below:
        inside = _put(copied[str(key)], below, value, here, mark, levels)
        copied.put(str(key), inside, copied.marks[str(key)])
    elif value is None:
        copied.drop(str(key))
    else:
        copied.put(str(key), _merged(copied.get(str(key)), value, here, levels), mark)
    return copied


def null_removals(parent: Mapping[str, object], child: Map, path: Path = ()) -> list[Problem]:
    """Warn of every null in a child that removes nothing."""
    warnings: list[Problem] = []
    for key, item in child.items():
        here = (*path, key)
        if item is None and key not in parent:
            expected = "something in the parent that null removes"
            hint = near_miss(key, parent)
            mark = child.marks[key]
            warnings.append(
                Problem(dotted(here), "nothing", expected, mark.file, mark.line, hint, "warning")
            )
        below = parent.get(key)
        if isinstance(item, Map) and not _stands_at(here, _VALUES | _TABLES):
            warnings += null_removals(below if isinstance(below, Map) else {}, item, here)
    return warnings
