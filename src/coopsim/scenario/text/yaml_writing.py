"""Trees written as YAML that is read back as the same tree."""

from __future__ import annotations

import re
from typing import Any

import yaml

from coopsim.scenario.text.tree import plain
from coopsim.scenario.text.yaml_text import NULLS, TRUTHS


class _PlainDumper(yaml.SafeDumper):
    """Write every text plainly that would be read back as that text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  # PyYAML reads it off the class


def _text_node(dumper: Any, text: str) -> Any:
    """Quote what PyYAML would take for a line's end when it reads it back."""
    style = None if text.replace("\n", "").isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_PlainDumper.add_representer(str, _text_node)
for _words, _tag in ((NULLS, "null"), (frozenset(TRUTHS), "bool")):
    for _word in _words:
        _PlainDumper.yaml_implicit_resolvers.setdefault(_word[:1], []).append(
            (f"tag:yaml.org,2002:{_tag}", re.compile(f"^{re.escape(_word)}$"))
        )


_Quick: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _QuickDumper(_Quick):  # type: ignore[misc]  # PyYAML's classes are chosen at import
    """Write in a third of the time by libyaml, where that is there."""

    yaml_implicit_resolvers = _PlainDumper.yaml_implicit_resolvers


_QuickDumper.add_representer(str, _text_node)
_LONG_KEY = 40  # signs, from which on libyaml may write keys otherwise


def _is_usual(node: object) -> bool:
    """Check whether both write a tree alike: texts of one line, no rare signs, ordinary keys."""
    if isinstance(node, str):
        return node.isprintable() and (node.isascii() or max(node) <= "\uffff")
    if isinstance(node, dict):
        keys = all(isinstance(key, str) and 0 < len(key) < _LONG_KEY for key in node)
        return keys and all(map(_is_usual, node)) and all(map(_is_usual, node.values()))
    if isinstance(node, list):
        return all(map(_is_usual, node))
    return node is None or isinstance(node, bool)


def dump(tree: object, *, short: bool = True) -> str:
    """Write a tree as YAML that `read_text` reads back as the same tree: `short` ends on a line."""
    content = plain(tree)
    text: str = yaml.dump(
        content,
        Dumper=_QuickDumper if _is_usual(content) else _PlainDumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=None if short else False,
        width=100,
    )
    return text
