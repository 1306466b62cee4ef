"""The models' complaints as problems with file, line, what was found and what was expected."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from coopsim.errors import MOST_TOLD, Problem
from coopsim.scenario.grammar import FILE_KEYS, SUPPORT_KEYS, WHY, place_at
from coopsim.scenario.notation.slips.conditions import pace_of
from coopsim.scenario.notation.slips.keys import (
    entry_meant,
    event_key_meant,
    key_meant,
    list_meant,
    path_meant,
    section_of,
)
from coopsim.scenario.shapes import HOVER
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import Invalid, Path, listing, show
from coopsim.scenario.text.tree import Map, Seq, node_at, problem_at

_UNKNOWN, _MISSING = "extra_forbidden", "missing"  # as Pydantic calls them


def validated(tree: Map) -> tuple[Scenario | None, list[Problem]]:
    """Make a scenario of a tree, or list everything in it that the models refuse."""
    try:
        return Scenario.model_validate(tree), []
    except ValidationError as error:
        lines = error.errors()
        unknown = [line["loc"] for line in lines if line["type"] == _UNKNOWN]
        meant = {_meant(loc) for loc in unknown[:MOST_TOLD]}
        told = (line for line in lines if not (line["type"] == _MISSING and line["loc"] in meant))
        hinted = set(unknown[:MOST_TOLD])  # looking for what more were meant to be would take long
        return None, [problem for line in told for problem in _problems(tree, line, hinted)]


def _meant(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Find where the key belongs that an unknown one was meant to be: it is not missing then."""
    return (*loc[:-1], key_meant(str(loc[-1]), _keys_at(loc[:-1])) or "")


def _problems(tree: Map, error: Any, hinted: set[tuple[str | int, ...]]) -> list[Problem]:
    path = _path_in(tree, error["loc"])
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, Invalid):
        return [
            problem_at(tree, path + fault.path, fault.found, fault.expected, fault.hint)
            for fault in cause.faults
        ]
    if error["type"] == _UNKNOWN:
        return [_unknown_key(tree, path, look=error["loc"] in hinted)]
    if error["type"] == _MISSING:
        return [problem_at(tree, path, "nothing", f"`{path[-1]}`: {_meaning(path)}")]
    found, hint = show(error["input"]), _entry_hint(path, error["input"])
    return [problem_at(tree, path, found, _expected(path, error), hint)]


def _entry_hint(path: Path, found: object) -> str | None:
    """Suggest how to write what stands there: an entry by its key, or a list of a single item."""
    hint = entry_meant(path, found)
    if hint is None and isinstance(found, Map) and path and path[-1] in ("pace", "odds"):
        is_item = path[-1] == "odds" or {"when", "times", "by", "like"} & set(found)
        return "put it in a list: `[{...}]`" if is_item else None
    if hint is None and path and path[-1] == "pace" and isinstance(found, str):
        return f"write `[{pace_of(found)}]`"
    if hint is None and isinstance(found, Seq):
        return list_meant(path, found)
    return hint


def _expected(path: Path, error: Any) -> str:
    if error["type"] == "literal_error":
        return str(error["ctx"]["expected"])
    shape = {"dict_type": "a mapping", "model_type": "a mapping", "tuple_type": "a list"}
    meaning = _meaning(path)
    expected = shape.get(error["type"], "something else")
    return f"{expected}: {meaning}" if meaning else expected


def _path_in(tree: Map, loc: tuple[str | int, ...]) -> Path:
    """Keep of a location what exists in the tree, and a last key that may be missing."""
    node: Any = tree
    path: Path = ()
    for position, key in enumerate(loc):
        if isinstance(node, Map) and key in node:
            node = node[str(key)]
        elif isinstance(node, Seq) and isinstance(key, int) and key < len(node):
            node = node[key]
        elif position < len(loc) - 1:
            continue
        if key != "[key]":
            path = (*path, key)
    return path


def _keys_at(path: Path) -> dict[str, str]:
    """Get the keys that may stand in the mapping at a path, with their descriptions."""
    place = place_at(path)
    if place is None or place.model is None:
        return {}
    keys = {
        field.alias or name: field.description or ""
        for name, field in place.model.model_fields.items()
        if not field.exclude
    }
    return keys | {WHY: HOVER[WHY]} if WHY in place.below else keys


def _listed(keys: Iterable[str]) -> str:
    """List keys; `why` alone stands for all by which an entry says where it comes from."""
    names = list(keys)
    if WHY in names:
        names.remove(WHY)
        names[names.index(SUPPORT_KEYS[0])] = WHY
    return listing(name for name in names if WHY not in names or name not in SUPPORT_KEYS)


def _unknown_key(tree: Map, path: Path, *, look: bool) -> Problem:
    if len(path) == 1 and path[0] in FILE_KEYS:
        return problem_at(tree, path, "a parent", f"`{path[0]}` only in a file")
    keys = _keys_at(path[:-1])
    if not path[:-1]:
        keys |= FILE_KEYS
    key = str(path[-1])
    meant = key_meant(key, keys) if look else None
    hint = f"did you mean '{meant}'?" if meant is not None else None
    hint = hint or event_key_meant(path, node_at(tree, path))
    if hint is None and look and not path[:-1]:
        section = section_of(tree[key])
        hint = path_meant(tree, key, "") if section is None else _below(section)
    expected = "a key that is allowed there" if hint else _listed(keys)
    return problem_at(tree, path, f"the unknown key {show(key)}", expected, hint)


def _below(section: str) -> str:
    return f"it belongs below `{section}`: indent it by two more spaces"


def _meaning(path: Path) -> str:
    """Get the description of the key that a path ends with, to go on in a sentence."""
    description = _keys_at(path[:-1]).get(str(path[-1]), "") if path else ""
    return description[:1].lower() + description[1:]
