"""The hash that stands for a scenario's assumptions and seed."""

from __future__ import annotations

import hashlib
import json

from coopsim.scenario.grammar import ROOT, GrammarRow
from coopsim.scenario.text.reading import text_of
from coopsim.scenario.text.tree import Map


def content_hash(tree: Map, seed: int) -> str:
    """Hash a resolved scenario and its seed into eight hex digits; `runs` and titles aside."""
    text = json.dumps([_assumptions(tree, ROOT), seed], separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _assumptions(node: object, place: GrammarRow | None) -> object:
    """Keep what is hashed, as texts: `2030` and "2030" are the same level."""
    if isinstance(node, dict):
        below = {key: place.at(key) if place is not None else None for key in node}
        return {
            key: _assumptions(node[key], one)
            for key, one in below.items()
            if one is None or one.role.hashed
        }
    if isinstance(node, list):
        item = place.below.get("#") if place is not None else None
        return [_assumptions(one, item) for one in node]
    return None if node is None else text_of(node)
