"""A tree of mappings, lists and texts that know their file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.text.reading import Key, Path, dotted, show, text_of


@dataclass(frozen=True, slots=True)
class Mark:
    """A line of a file; a line of None stands for the command line."""

    file: str
    line: int | None


class Map(dict[str, Any]):
    """A mapping with the mark of each of its keys."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: dict[str, Mark] = {}

    def put(self, key: str, value: object, mark: Mark) -> None:
        """Set a key together with its mark."""
        self[key] = value
        self.marks[key] = mark

    def drop(self, key: str) -> None:
        """Remove a key and its mark, if it is there."""
        self.pop(key, None)
        self.marks.pop(key, None)

    def copy(self) -> Map:
        """Copy this level of the mapping."""
        other = Map()
        other.update(self)
        other.marks.update(self.marks)
        return other


class Seq(list[Any]):
    """A list with the mark of each of its items."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []

    def copy(self) -> Seq:
        """Copy this level of the list."""
        other = Seq()
        other.extend(self)
        other.marks.extend(self.marks)
        return other


Node = TypeVar("Node", Map, Seq)
_CHANGED = Mark("a changed assumption", None)


def mark_at(tree: object, path: Path) -> Mark | None:
    """Find the mark of the deepest node that exists along a path."""
    mark = None
    node = tree
    for key in path:
        if isinstance(node, Map) and key in node:
            mark, node = node.marks[str(key)], node[str(key)]
        elif isinstance(node, Seq) and isinstance(key, int) and key < len(node):
            mark, node = node.marks[key], node[key]
        else:
            break
    return mark


def node_at(tree: object, path: Path) -> Any:
    """Get what stands at a path, or None where nothing does."""
    node: Any = tree
    for key in path:
        if isinstance(node, Map):
            node = node.get(str(key))
        elif isinstance(node, Seq) and isinstance(key, int) and key < len(node):
            node = node[key]
        else:
            return None
    return node


def put_at(tree: Node, path: Path, value: object, mark: Mark | None = None) -> Node:
    """Copy a tree with another value at a path; None removes a key.

    A key that is there keeps its mark where none is given. Raises KeyError or IndexError where the
    path leads nowhere before its last key.
    """
    copied, (key, *rest) = tree.copy(), path
    if isinstance(copied, Seq):
        position = int(key)
        copied[position] = put_at(copied[position], tuple(rest), value, mark) if rest else value
        if mark is not None and not rest:
            copied.marks[position] = mark
        return copied
    name = str(key)
    if rest:
        copied[name] = put_at(copied[name], tuple(rest), value, mark)
    elif value is None:
        copied.drop(name)
    else:
        copied.put(name, value, mark or copied.marks.get(name, _CHANGED))
    return copied


def problem_at(
    tree: object,
    path: Path,
    found: str,
    expected: str,
    hint: str | None = None,
    **more: Any,
) -> Problem:
    """Make a problem that points at the place in the file where the path's value stands."""
    mark = mark_at(tree, path)
    file, line = (mark.file, mark.line) if mark else (root_file(tree), None)
    return Problem(dotted(path), found, expected, file, line, hint, **more)


def root_file(tree: object) -> str | None:
    """Name the file that a tree was first read from, for problems without a place."""
    return (
        next((mark.file for mark in tree.marks.values()), None) if isinstance(tree, Map) else None
    )


def plain(node: object) -> Any:
    """Strip the marks off a tree."""
    if isinstance(node, str):  # as nearly always
        return node
    if isinstance(node, Mapping):
        return {str(key): plain(item) for key, item in node.items()}
    if isinstance(node, list | tuple):
        return [plain(item) for item in node]
    return node


def walk(node: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """List every node of a tree with its path, parents first."""
    yield path, node
    items: list[tuple[Key, object]] = []
    if isinstance(node, Mapping):
        items = list(node.items())
    elif isinstance(node, list | tuple):
        items = list(enumerate(node))
    for key, item in items:
        yield from walk(item, (*path, key))


@dataclass(slots=True)
class Room:
    """How many values, and how deep a nesting, may still be read."""

    nodes: int
    depth: int

    def take(self, depth: int, shown: str) -> None:
        """Take room for one value; raises ScenarioError where there is none."""
        self.nodes -= 1
        if self.nodes < 0:
            found, expected = (
                "more values than a scenario may have",
                "a scenario of reasonable size",
            )
            raise ScenarioError([Problem("", found, expected, shown)])
        if depth > self.depth:
            found = f"more than {self.depth} levels of nesting"
            raise ScenarioError([Problem("", found, "fewer", shown)])


def from_data(data: object, shown: str, room: Room | None = None, depth: int = 0) -> Any:
    """Make a tree of plain Python data, so that it can be loaded like a file.

    Raises ScenarioError where room is limited and there is none left, and for a text that no file
    can hold.
    """
    mark = Mark(shown, None)
    if room is not None:
        room.take(depth, shown)
    if isinstance(data, Mapping):
        tree = Map()
        for key, item in data.items():
            tree.put(_key_text(key, shown), from_data(item, shown, room, depth + 1), mark)
        return tree
    if isinstance(data, list | tuple):
        items = Seq()
        for item in data:
            items.append(from_data(item, shown, room, depth + 1))
            items.marks.append(mark)
        return items
    if data is None or isinstance(data, bool):
        return data
    return real_text(text_of(data) if isinstance(data, int) else str(data), shown)


def _key_text(key: object, shown: str) -> str:
    return str(key).lower() if isinstance(key, bool) else real_text(str(key), shown)


def real_text(text: str, shown: str) -> str:
    """Give a text; raises ScenarioError where it holds what is no character, as half of one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        problem = Problem("", show(text), "text that can be written in UTF-8", shown)
        raise ScenarioError([problem]) from None
    return text
