"""YAML text as a tree of mappings, lists and texts that know their file and line.

The file is untrusted and read by the YAML 1.2 core rules, cut down: only `true`, `false` and
null are special, everything else stays the text that was written until a field says what it is.
Tags, anchors that expand without bound, deep nesting, double keys, further documents and files
that are too large or not UTF-8 are problems, not crashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.reading import Key, Path, dotted

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Dumper: Any = yaml.SafeDumper


@dataclass(frozen=True, slots=True)
class Mark:
    """Point at a line of a file; a line of None stands for the command line."""

    file: str
    line: int | None


class Map(dict[str, Any]):
    """Hold a mapping with the mark of each of its keys."""

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
    """Hold a list with the mark of each of its items."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Mark] = []

    def copy(self) -> Seq:
        """Copy this level of the list."""
        other = Seq()
        other.extend(self)
        other.marks.extend(self.marks)
        return other


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


def read_file(path: FilePath, shown: str) -> Map:
    """Read a YAML file whose top is a mapping; raises ScenarioError with all problems."""
    return read_text(_text(path, shown), shown)


def _text(path: FilePath, shown: str) -> str:
    def refuse(found: str, expected: str) -> ScenarioError:
        return ScenarioError([Problem("", found, expected, shown)])

    if not path.exists():
        raise refuse("no such file", "a scenario file")
    if not path.is_file():
        raise refuse("something that is not a file", "a scenario file")
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise refuse(f"a file that cannot be read ({error.strerror})", "a readable file") from None
    if len(content) > MAX_BYTES:
        raise refuse(f"more than {MAX_BYTES:,} bytes", "a scenario of a sensible size")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("", "bytes that are not UTF-8", "text encoded in UTF-8", shown, line)
        raise ScenarioError([problem]) from None


def read_text(text: str, shown: str) -> Map:
    """Read YAML text whose top is a mapping; raises ScenarioError with all problems."""
    composer = _Composer(shown)
    try:
        top = composer.compose(text)
    except yaml.YAMLError as error:
        composer.problems.append(_syntax_problem(error, shown))
        raise ScenarioError(composer.problems) from None
    if not composer.problems and not isinstance(top, Map):
        composer.problems.append(Problem("", "no mapping", "a mapping of keys", shown, 1))
    if composer.problems:
        raise ScenarioError(composer.problems)
    assert isinstance(top, Map)
    return top


def read_value(text: str, shown: str) -> object:
    """Read a single YAML value, such as the right-hand side of --set."""
    return read_text(f"value: {text}", shown)["value"]


def _syntax_problem(error: yaml.YAMLError, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    line = mark.line + 1 if mark is not None else None
    return Problem("", f"text that is not YAML ({reason})", "YAML", shown, line)


@dataclass(slots=True)
class _Open:
    """Hold a collection whose end has not been read yet."""

    node: Map | Seq
    anchor: str | None
    nodes_before: int
    key: str | None = None
    key_mark: Mark | None = None


class _Composer:
    """Turn YAML events into a tree without recursion, counting every node."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[object, int]] = {}
        self.nodes = 0
        self.top: Any = None

    def compose(self, text: str) -> Any:
        """Read all events of the text; stops at the first problem that makes going on useless."""
        documents = 0
        for event in yaml.parse(text, Loader=_Loader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                self._refuse(event, "a second document", "one document")
                break
            if isinstance(event, yaml.NodeEvent):
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
            if self.nodes > MAX_NODES:
                self._refuse(event, f"more than {MAX_NODES:,} values", "a scenario, not a bomb")
                break
            if len(self.stack) > MAX_DEPTH:
                self._refuse(event, f"more than {MAX_DEPTH} levels of nesting", "fewer")
                break
        return self.top

    def _refuse(self, event: Any, found: str, expected: str) -> None:
        self.problems.append(self._problem(event, found, expected))

    def _problem(self, event: Any, found: str, expected: str) -> Problem:
        keys = [opened.key for opened in self.stack if opened.key is not None]
        return Problem(dotted(tuple(keys)), found, expected, self.shown, event.start_mark.line + 1)

    def _node(self, event: Any) -> None:
        self.nodes += 1
        mark = Mark(self.shown, event.start_mark.line + 1)
        if isinstance(event, yaml.AliasEvent):
            self._alias(event, mark)
            return
        if event.tag is not None:
            self._refuse(event, f"the tag {event.tag}", "no tags")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, mark)
            return
        node = Map() if isinstance(event, yaml.MappingStartEvent) else Seq()
        self._place(node, mark, event)
        self.stack.append(_Open(node, event.anchor, self.nodes))

    def _scalar(self, event: Any, mark: Mark) -> None:
        plain = event.implicit[0]  # neither quoted nor a block text
        if self._expects_key():
            self._key(event, mark)
            return
        value: object = event.value
        if plain and event.value in _NULLS:
            value = None
        elif plain:
            value = _TRUTHS.get(event.value, event.value)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self._place(value, mark, event)

    def _alias(self, event: Any, mark: Mark) -> None:
        if event.anchor not in self.anchors:
            self._refuse(event, f"the alias *{event.anchor}", "an anchor that stands before it")
            return
        value, size = self.anchors[event.anchor]
        self.nodes += size
        self._place(value, mark, event)

    def _expects_key(self) -> bool:
        return (
            bool(self.stack) and isinstance(self.stack[-1].node, Map) and self.stack[-1].key is None
        )

    def _key(self, event: Any, mark: Mark) -> None:
        opened = self.stack[-1]
        assert isinstance(opened.node, Map)
        if event.value in opened.node:
            first = opened.node.marks[event.value].line
            self._refuse(event, f"the key '{event.value}' again", f"it once (line {first} has it)")
        opened.key, opened.key_mark = event.value, mark

    def _place(self, value: object, mark: Mark, event: Any) -> None:
        if not self.stack:
            self.top = value
            return
        opened = self.stack[-1]
        if isinstance(opened.node, Seq):
            opened.node.append(value)
            opened.node.marks.append(mark)
        elif opened.key is None:
            self._refuse(event, "a key that is not a text", "a text as key")
            opened.key, opened.key_mark = "?", mark
        else:
            assert opened.key_mark is not None
            opened.node.put(opened.key, value, opened.key_mark)
            if not isinstance(event, yaml.CollectionStartEvent):
                opened.key = None

    def _close(self) -> None:
        closed = self.stack.pop()
        if closed.anchor is not None:
            self.anchors[closed.anchor] = (closed.node, self.nodes - closed.nodes_before + 1)
        if self.stack:
            self.stack[-1].key = None


class _PlainDumper(_Dumper):  # type: ignore[misc]  # PyYAML's classes are chosen at import
    """Write every text plainly that would be read back as that text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML reads it off the class


for _words, _tag in ((_NULLS, "null"), (frozenset(_TRUTHS), "bool")):
    for _word in _words:
        _PlainDumper.yaml_implicit_resolvers.setdefault(_word[:1], []).append(
            (f"tag:yaml.org,2002:{_tag}", re.compile(f"^{re.escape(_word)}$"))
        )


def dump(tree: object) -> str:
    """Write a tree as YAML that `read_text` reads back as the same tree."""
    text: str = yaml.dump(
        plain(tree),
        Dumper=_PlainDumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None,
        width=100,
    )
    return text


def plain(node: object) -> Any:
    """Strip the marks off a tree."""
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


def from_data(data: object, shown: str) -> Any:
    """Make a tree of plain Python data, so that it can be loaded like a file."""
    mark = Mark(shown, None)
    if isinstance(data, Mapping):
        tree = Map()
        for key, item in data.items():
            tree.put(str(key), from_data(item, shown), mark)
        return tree
    if isinstance(data, list | tuple):
        items = Seq()
        for item in data:
            items.append(from_data(item, shown))
            items.marks.append(mark)
        return items
    return data
