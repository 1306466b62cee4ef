"""The two hashes of a scenario: of what sets its firings, and of what is asked of them."""

from __future__ import annotations

import hashlib
import json

from coopsim.scenario.grammar import ROOT, GrammarRow, Hash
from coopsim.scenario.text.reading import text_of
from coopsim.scenario.text.tree import Map


def firing_hash(tree: Map, seed: int) -> str:
    """Hash all that sets the firings of a resolved scenario, and its seed, into eight hex digits.

    Names, titles and reasons, the questions and the number of timelines are left out.
    """
    return _digest([_kept(tree, ROOT, Hash.FIRINGS), seed])


def question_hash(tree: Map) -> str:
    """Hash the questions of a resolved scenario into eight hex digits; titles are left out."""
    return _digest(_kept(tree, ROOT, Hash.QUESTIONS))


def _digest(kept: object) -> str:
    text = json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _kept(node: object, place: GrammarRow | None, hashed: Hash) -> object:
    """Keep what a hash stands for, as texts: `2030` and "2030" are the same level."""
    if isinstance(node, dict):
        below = {key: place.at(key) if place is not None else None for key in node}
        return {
            key: _kept(node[key], one, hashed)
            for key, one in below.items()
            if one is None or one.role.hashed is hashed
        }
    if isinstance(node, list):
        item = place.below.get("#") if place is not None else None
        return [_kept(one, item, hashed) for one in node]
    return None if node is None else text_of(node)
