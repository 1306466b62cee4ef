"""YAML text read as a tree, and trees written as YAML text.

The file is untrusted and read by the YAML 1.2 core rules, cut down: only `true`, `false` and
null are special, everything else stays the text that was written until a field says what it is.
Tags, anchors that expand without bound, deep nesting, double keys, further documents and files
that are too large or not UTF-8 are problems, not crashes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, ClassVar

import yaml

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import dotted, show
from coopsim.scenario.text.signs import deceptive_sign
from coopsim.scenario.text.tree import Map, Mark, Seq, real_text

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 40_000  # some ten times the shipped baseline

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Budget:
    """Count what is read of files that belong together, each of which has a limit of its own."""

    bytes: int = MAX_BYTES
    nodes: int = MAX_NODES
    beside: str = "those that extend it"
    bytes_read: int = 0
    nodes_read: int = 0

    @property
    def bytes_left(self) -> int:
        """Count the bytes that the next file may have."""
        return min(MAX_BYTES, self.bytes - self.bytes_read)

    @property
    def nodes_left(self) -> int:
        """Count the values that the next file may have."""
        return min(MAX_NODES, self.nodes - self.nodes_read)

    def too_many_bytes(self) -> str:
        """Name the limit of bytes that the next file passes: its own, or that of all together."""
        return self._excess(self.bytes_left == MAX_BYTES, MAX_BYTES, self.bytes, "bytes")

    def too_many_nodes(self) -> str:
        """Name the limit of values that the next file passes: its own, or that of all together."""
        return self._excess(self.nodes_left == MAX_NODES, MAX_NODES, self.nodes, "values")

    def _excess(self, alone: bool, own: int, whole: int, what: str) -> str:  # private
        return (
            f"more than {own:,} {what}"
            if alone
            else (f"more than {whole:,} {what}, together with {self.beside}")
        )


def read_file(
    path: FilePath, shown: str, budget: Budget | None = None, given: str | None = None
) -> tuple[Map, list[Problem]]:
    """Read a YAML file whose top is a mapping; gives the tree and the problems found in it.

    A text that is `given` stands in for the file's. What is read comes off the budget, if there is
    one. Raises ScenarioError where the problems leave no tree to go on with.
    """
    budget = budget or Budget()
    text = _text(path, shown, budget) if given is None else _given(given, shown, budget)
    return read_text(text, shown, budget)


def _meant(path: FilePath) -> str | None:
    """Suggest the scenario file that a wrong path may mean."""
    by_name = [path.with_suffix(".yaml"), FilePath("scenarios") / f"{path.stem}.yaml"]
    for guess in by_name:
        if guess != path and guess.is_file():
            return f"did you mean '{guess}'?"
    if not path.parent.is_dir():
        return None
    return near_miss(path.name, (one.name for one in path.parent.glob("*.yaml")))


def _given(text: str, shown: str, budget: Budget) -> str:
    """Count a text as if it were read from a file."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > budget.bytes_left:
        found, expected = budget.too_many_bytes(), "a scenario of reasonable size"
        raise ScenarioError([Problem("", found, expected, shown)])
    budget.bytes_read += size
    return text


def _text(path: FilePath, shown: str, budget: Budget) -> str:
    def refuse(found: str, expected: str, hint: str | None = None) -> ScenarioError:
        return ScenarioError([Problem("", found, expected, shown, None, hint)])

    try:
        if not path.exists():
            raise refuse("no such file", "a scenario file", _meant(path))
        if path.is_dir():
            raise refuse("a folder", f"a scenario file, such as {path / '*.yaml'}")
        if not path.is_file():
            raise refuse("something that is not a file", "a scenario file")
        with path.open("rb") as stream:
            content = stream.read(budget.bytes_left + 1)
    except OSError as error:
        raise refuse(f"a file that cannot be read ({error.strerror})", "a readable file") from None
    if len(content) > budget.bytes_left:
        raise refuse(budget.too_many_bytes(), "a scenario of reasonable size")
    budget.bytes_read += len(content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("", "bytes that are not UTF-8", "text encoded in UTF-8", shown, line)
        raise ScenarioError([problem]) from None


def read_text(text: str, shown: str, budget: Budget | None = None) -> tuple[Map, list[Problem]]:
    """Read YAML text whose top is a mapping; gives the tree and the problems found in it.

    Raises ScenarioError where the problems leave no tree to go on with.
    """
    composer = _Composer(shown, budget or Budget())
    try:
        composer.compose(real_text(text, shown))
    except yaml.YAMLError as error:
        composer.problems.append(_syntax_problem(error, text, shown))
        raise ScenarioError(composer.problems) from None
    top = composer.top
    if not composer.stopped and not isinstance(top, Map):
        found = "an empty file" if top is None else show(top)
        composer.problems.append(
            Problem("", found, "a mapping with keys such as `start`", shown, 1)
        )
    if composer.stopped or not isinstance(top, Map):
        raise ScenarioError(composer.problems)
    return top, composer.problems


def scalar(text: str, *, plain: bool) -> str | bool | None:
    """Get what a scalar stands for; `plain` is one that is neither quoted nor a block text."""
    if not plain:
        return text
    return None if text in NULLS else TRUTHS.get(text, text)


def read_setting(text: str, shown: str) -> object:
    """Read a single YAML value, such as the right-hand side of --set."""
    try:
        tree, problems = read_text(f"value: {text}", shown)
    except ScenarioError as error:
        problems = list(error.problems)
    if problems or list(tree) != ["value"]:
        expected = "a value in YAML, quoted if it has special characters"
        raise ScenarioError([Problem("", f"'{text}'", expected, shown)])
    return tree["value"]


_PLAIN = "plain characters: spaces, hyphens and quotes from the keyboard"


def _syntax_problem(error: yaml.YAMLError, text: str, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    line = mark.line + 1 if mark is not None else None
    advice = next((advice for words, advice in _ADVICE if words in reason), None)
    place = _sign_to_blame(text.split("\n"), line)
    if place is not None:
        line = place[0]
        sign = f"column {place[1]} has {place[2]}"
        advice = f"{advice}; {sign}" if advice else sign
    return Problem("", f"text that is not YAML ({reason})", "YAML", shown, line, advice)


def _sign_to_blame(lines: list[str], number: int | None) -> tuple[int, int, str] | None:
    """Find (line, column, name) of a sign that is not what it looks like.

    It stands in the line of the error, or is one in an earlier line that nobody sees.
    """
    inside = number is not None and number <= len(lines)
    own = deceptive_sign(lines[number - 1]) if number is not None and inside else None
    if number is not None and own is not None:
        return number, *own
    for earlier, line in enumerate(lines[:number], 1):
        sign = None if line.isprintable() else deceptive_sign(line)
        if sign is not None:
            return earlier, *sign
    return None


# What to do about the commonest complaints of the YAML reader, whose own words help few.
_ADVICE = (
    ("mapping values are not allowed", "a text with `: ` in it needs quotes"),
    ("expected ',' or", "is a bracket or brace not closed, or a comma missing?"),
    (
        "cannot start any token",
        "keys are indented with spaces, not tabs; characters like @ need quotes",
    ),
    ("could not find expected ':'", "a key needs `: ` after it"),
    ("expected key", "are the keys of one mapping indented alike?"),
    ("unexpected end of stream", "is a quote not closed?"),
    ("control characters", "a text has no control characters"),
    ("special characters", "a text has no control characters"),
)


_ENDS_IN_DIGIT = re.compile(r"[0-9]$")


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    node: Map | Seq
    anchor: str | None
    nodes_before: int
    height: int = 1
    key: str | None = None
    key_mark: Mark | None = None
    key_at: int = 0  # where the key begins in the text
    text: tuple[str, int] | None = None  # the key of a text that has just ended, and where


@dataclass(frozen=True, slots=True)
class _Anchored:
    """A value that aliases may repeat, how many nodes it has and how high they pile."""

    value: object
    size: int = 1
    height: int = 0


class _Composer:
    """Turn YAML events into a tree without recursion, counting every node."""

    def __init__(self, shown: str, budget: Budget) -> None:
        self.shown, self.budget = shown, budget
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.mark = Mark(shown, None)  # of the last node
        self.anchors: dict[str, _Anchored] = {}
        self.documents = 0
        self.nodes = 0
        self.height = 0  # of the highest pile of collections so far, those of aliases included
        self.top: object = None
        self.stopped = False

    def compose(self, text: str) -> None:
        """Read all events of the text; stops at the first problem that makes going on useless."""
        most_nodes = self.budget.nodes_left
        for event in yaml.parse(text, Loader=LOADER):
            read = self._READS.get(type(event))
            if read is not None:
                read(self, event)
            if self.documents > 1 or self.nodes > most_nodes or self.height > MAX_DEPTH:
                self._stop(event, *self._excess())
            if self.stopped:
                break
        self.budget.nodes_read += self.nodes

    def _excess(self) -> tuple[str, str]:
        if self.documents > 1:
            return "a second document", "one document in a file"
        if self.nodes > self.budget.nodes_left:
            return self.budget.too_many_nodes(), "a scenario of reasonable size"
        return f"more than {MAX_DEPTH} levels of nesting", "fewer"

    def _refuse(self, event: Any, found: str, expected: str, hint: str | None = None) -> None:
        keys = [opened.key for opened in self.stack if opened.key is not None]
        line = event.start_mark.line + 1
        self.problems.append(Problem(dotted(tuple(keys)), found, expected, self.shown, line, hint))

    def _stop(self, event: Any, found: str, expected: str) -> None:
        self._refuse(event, found, expected)
        self.stopped = True

    def _document(self, _event: Any) -> None:
        self.documents += 1

    def _node(self, event: Any) -> Mark:
        """Count a node, and find out where it stands."""
        self.nodes += 1
        line = event.start_mark.line + 1
        if line != self.mark.line:  # most lines have several
            self.mark = Mark(self.shown, line)
        if getattr(event, "tag", None) is not None:  # an alias cannot have one
            self._refuse(event, f"the tag {event.tag}", "no tags")
        return self.mark

    def _collection(self, event: Any) -> None:
        mark = self._node(event)
        node = Map() if isinstance(event, yaml.MappingStartEvent) else Seq()
        self._place(node, mark, event)
        self.stack.append(_Open(node, event.anchor, self.nodes))
        self._rises(len(self.stack))

    def _scalar(self, event: Any) -> None:
        mark = self._node(event)
        opened = self.stack[-1] if self.stack else None
        if opened is not None and opened.key is None and isinstance(opened.node, Map):
            self._key(opened, event, mark)
            return
        plain = event.implicit[0]  # neither quoted nor a block text
        value = scalar(event.value, plain=plain)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(value)
        self._place(value, mark, event)

    def _alias(self, event: Any) -> None:
        mark = self._node(event)
        if event.anchor not in self.anchors:
            self._stop(event, f"the alias *{event.anchor}", "an anchor that stands before it")
            return
        anchored = self.anchors[event.anchor]
        self.nodes += anchored.size
        if self.stack and anchored.height:
            self._rises(len(self.stack) + anchored.height)
            self.stack[-1].height = max(self.stack[-1].height, 1 + anchored.height)
        self._place(anchored.value, mark, event)

    def _rises(self, height: int) -> None:
        self.height = max(self.height, height)

    def _key(self, opened: _Open, event: Any, mark: Mark) -> None:
        assert isinstance(opened.node, Map)
        sign = deceptive_sign(event.value)
        if sign is not None and not event.value.isprintable():
            place, name = sign
            column = event.start_mark.column + place + bool(event.style)
            self._stop(event, f"{name} in a key, at column {column}", _PLAIN)
        if event.value in opened.node:
            first = opened.node.marks[event.value].line
            self._refuse(event, f"the key '{event.value}' again", f"it once (line {first} has it)")
        opened.key, opened.key_mark, opened.key_at = event.value, mark, event.start_mark.index

    def _place(self, value: object, mark: Mark, event: Any) -> None:
        if not self.stack:
            self.top = value
            return
        opened = self.stack[-1]
        if isinstance(opened.node, Seq):
            opened.node.append(value)
            opened.node.marks.append(mark)
        elif opened.key is None:
            self._stop(event, "a key that is no text", "a text as key")
        elif value is None and self._decimal_comma(opened, event):
            opened.key = opened.text = None
        else:
            assert opened.key_mark is not None
            opened.node.put(opened.key, value, opened.key_mark)
            if isinstance(event, yaml.CollectionStartEvent):
                opened.text = None
            else:
                opened.text = (opened.key, event.end_mark.index)
                opened.key = None

    def _decimal_comma(self, opened: _Open, event: Any) -> bool:
        """Report `{chance: 0,6}`, which YAML takes for a chance of 0 beside a key `6`.

        What was meant stands in the tree then, so that nothing else is told of it.
        """
        assert isinstance(opened.node, Map)
        after = opened.key or ""
        if opened.text is None or event.value or not after[:1].isdigit():
            return False
        key, end = opened.text
        whole = opened.node[key]
        if opened.key_at != end + 1 or not (
            isinstance(whole, str) and _ENDS_IN_DIGIT.search(whole)
        ):
            return False
        opened.key, opened.node[key] = key, f"{whole}.{after}"
        expected = "a point in a number: a comma begins the next entry"
        self._refuse(event, f"'{whole},{after}'", expected, f"write `{whole}.{after}`")
        return True

    def _close(self, _event: Any) -> None:
        closed = self.stack.pop()
        if closed.anchor is not None:
            size = self.nodes - closed.nodes_before + 1
            self.anchors[closed.anchor] = _Anchored(closed.node, size, closed.height)
        if self.stack:
            self.stack[-1].key = None
            self.stack[-1].height = max(self.stack[-1].height, 1 + closed.height)

    _READS: ClassVar[Mapping[type, Callable[[_Composer, Any], None]]] = {
        yaml.DocumentStartEvent: _document,
        yaml.AliasEvent: _alias,
        yaml.ScalarEvent: _scalar,
        yaml.MappingStartEvent: _collection,
        yaml.SequenceStartEvent: _collection,
        yaml.MappingEndEvent: _close,
        yaml.SequenceEndEvent: _close,
    }
