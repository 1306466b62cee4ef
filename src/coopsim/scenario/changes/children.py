"""The small file that says of a scenario what it changes in its parent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from coopsim.scenario.changes.merging import merge
from coopsim.scenario.text.reading import Path
from coopsim.scenario.text.tree import Map, Mark, node_at

_MARK = Mark("a child", None)
_NOTHING = object()  # in place of what only one of two trees has


def child_of(parent: Map, changed: Map) -> Map:
    """Write down what must be merged over a parent's tree to make of it the changed one.

    What is written is as small as merging allows: a list, and a value that merges as a whole, stand
    there whole. What has gone is null.
    """
    paths = list(_differing(parent, changed, ()))
    while True:
        made = Map()
        for path in paths:
            _put(made, path, node_at(changed, path))
        merged, _ = merge(parent, made)
        unlike = list(_differing(merged, changed, ()))
        if not unlike:
            return made
        # Merged otherwise than replaced: the mapping around it has to stand there as a whole.
        paths = _widened(paths, unlike)


def _widened(paths: list[Path], unlike: list[Path]) -> list[Path]:
    """Write as a whole what is nearest around each difference."""
    whole = set()
    for one in unlike:
        around = [path[:-1] for path in paths if path[1:] and one[: len(path) - 1] == path[:-1]]
        whole.add(max(around, key=len))
    wider = [path[:-1] if path[:-1] in whole else path for path in paths]
    return [one for one in dict.fromkeys(wider) if not _has_above(one, wider)]


def _differing(old: Map, new: Map, path: Path) -> Iterator[Path]:
    for key in dict.fromkeys([*old, *new]):
        before: Any = old.get(key, _NOTHING)
        after: Any = new.get(key, _NOTHING)
        if isinstance(before, Map) and isinstance(after, Map):
            yield from _differing(before, after, (*path, key))
        elif before != after:
            yield (*path, key)


def _has_above(path: Path, paths: list[Path]) -> bool:
    return any(path[: len(other)] == other for other in paths if len(other) < len(path))


def _put(tree: Map, path: Path, value: object) -> None:
    for key in map(str, path[:-1]):
        if key not in tree:
            tree.put(key, Map(), _MARK)
        tree = tree[key]
    tree.put(str(path[-1]), value, _MARK)
