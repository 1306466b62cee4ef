"""The hash that stands for a scenario's assumptions and seed."""

from __future__ import annotations

import hashlib
import json

from coopsim.scenario.text.reading import Path, stands_at, text_of
from coopsim.scenario.text.tree import Map

_TITLES = ("title", "description")
# Where titles stand; a driver or level may well be called `title`.
_TITLED: tuple[tuple[str, ...], ...] = (
    (),
    ("references", "*"),
    ("drivers", "*"),
    ("drivers", "*", "switches", "*"),
    ("events", "*"),
    ("events", "*", "outcomes", "*"),
    ("outcomes", "*"),
)


def content_hash(tree: Map, seed: int) -> str:
    """Hash a resolved scenario and its seed into eight hex digits; `runs` and titles aside."""
    bare = {key: item for key, item in tree.items() if key not in ("runs", "seed")}
    text = json.dumps([_assumptions(bare, ()), seed], separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _assumptions(node: object, path: Path) -> object:
    """Keep what matters, as texts: `2030` and "2030" are the same level."""
    if isinstance(node, dict):
        titles = _TITLES if stands_at(path, *_TITLED) else ()
        return {
            key: _assumptions(item, (*path, key)) for key, item in node.items() if key not in titles
        }
    if isinstance(node, list):
        return [_assumptions(item, (*path, "*")) for item in node]
    return None if node is None else text_of(node)
