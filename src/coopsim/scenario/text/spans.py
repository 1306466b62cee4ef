"""Which part of a YAML text is which, so that some of it can be rewritten and the rest be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from coopsim.scenario.text.yaml_text import LOADER, scalar

_COMMENT = re.compile(r"(^|\s)#", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Span:
    """A node of a YAML text: where it stands, what it holds, and how it is written."""

    start: int
    end: int
    data: Any  # as the tree has it
    column: int = 0
    block: bool = False  # without brackets: on lines of its own, or a text below `>-`
    entries: tuple[tuple[Span, Span], ...] = ()  # of a mapping: keys and values
    items: tuple[Span, ...] = ()  # of a list


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A part of a text and what is to stand in its place."""

    start: int
    end: int
    text: str


def read_spans(text: str) -> Span:
    """Read where everything stands in a text that `read_text` has read without a problem."""
    return _span(yaml.compose(text, Loader=LOADER), text)


def has_anchors(text: str) -> bool:
    """Check whether a part of a text stands for others too, so that it is no place of its own."""
    return any(getattr(event, "anchor", None) for event in yaml.parse(text, Loader=LOADER))


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Make the edits, of which none may overlap another."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def has_comment(text: str) -> bool:
    """Check whether there may be a comment in a part of a text."""
    return _COMMENT.search(text) is not None


def _span(node: Any, text: str) -> Span:
    start, end = node.start_mark.index, node.end_mark.index
    column = node.start_mark.column
    if isinstance(node, yaml.ScalarNode):
        block = node.style in ("|", ">")
        end = _end_of_block(text, start, node.end_mark.index) if block else end
        return Span(start, end, scalar(node.value, plain=not node.style), column, block)
    block = not node.flow_style
    if isinstance(node, yaml.SequenceNode):
        items = tuple(_span(item, text) for item in node.value)
        end = items[-1].end if block and items else end
        return Span(start, end, [item.data for item in items], column, block, items=items)
    pairs = tuple((_key(key), _span(item, text)) for key, item in node.value)
    end = max(pairs[-1][0].end, pairs[-1][1].end) if block and pairs else end
    data = {key.data: item.data for key, item in pairs}
    return Span(start, end, data, column, block, pairs)


def _key(node: Any) -> Span:
    return Span(node.start_mark.index, node.end_mark.index, node.value, node.start_mark.column)


def _end_of_block(text: str, start: int, end: int) -> int:
    """Find the last sign of a text below `>-`: YAML counts blank lines and comments after it."""
    lines = text[start:end].splitlines(keepends=True)
    inner = next((_indent(line) for line in lines[1:] if line.strip()), 0)
    while len(lines) > 1 and (not lines[-1].strip() or _indent(lines[-1]) < inner):
        lines.pop()
    return start + len("".join(lines).rstrip("\n"))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
