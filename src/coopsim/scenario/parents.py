"""A scenario file and its parents, each of which says in `extends` over which it is merged."""

from __future__ import annotations

import os
from pathlib import Path as FilePath

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import show
from coopsim.scenario.text.tree import Map, problem_at
from coopsim.scenario.text.yaml_text import Budget, read_file

MAX_PARENTS = 10
_SOME_KEYS = "a mapping with keys such as `start`"


def ancestry(path: FilePath) -> tuple[list[Map], list[Problem]]:
    """Read a file and its parents, the oldest first, with the problems of each."""
    trees: list[Map] = []
    seen: list[FilePath] = []
    problems: list[Problem] = []
    home = _real(path.parent)
    current: FilePath | None = path
    budget = Budget()
    try:
        while current is not None:
            seen.append(_real(current))
            tree, found = read_file(current, str(current), budget)
            _check_keys(tree, str(current))
            trees.append(tree)
            problems += found
            current = _parent(current, tree, home, seen)
    except ScenarioError as error:
        raise ScenarioError([*problems, *error.problems]) from None
    return trees[::-1], problems


def _check_keys(tree: Map, shown: str) -> None:
    if not tree:
        raise ScenarioError([Problem("", show(tree), _SOME_KEYS, shown, 1)])


def _parent(path: FilePath, tree: Map, home: FilePath, seen: list[FilePath]) -> FilePath | None:
    raw = tree.get("extends")
    if raw is None:
        return None
    if not isinstance(raw, str) or "\0" in raw:
        raise _extends_error(tree, show(raw), "the name of a file, such as baseline.yaml")
    if len(seen) > MAX_PARENTS:
        found = f"{len(seen)} parents, one extending the next"
        raise _extends_error(tree, found, f"{MAX_PARENTS} at most")
    parent = path.parent / raw
    if not _real(parent).is_relative_to(home):
        expected = "a file in the scenario's own folder or below it"
        raise _extends_error(tree, f"{show(raw)}, which lies elsewhere", expected)
    if not _is_file(parent):
        others = [one for one in sorted(path.parent.glob("*.yaml")) if one.is_file()]
        hint = near_miss(raw, (one.name for one in others if one != path))
        raise _extends_error(tree, f"{show(raw)}, which is no file", "the name of a scenario", hint)
    if _real(parent) in seen:
        chain = " -> ".join(one.name for one in [*seen, _real(parent)])
        raise _extends_error(tree, f"a cycle: {chain}", "a chain of parents that ends")
    return parent


def _is_file(path: FilePath) -> bool:
    """Check whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _real(path: FilePath) -> FilePath:
    """Follow symlinks; unlike Path.resolve, a ring of them, or a null, is no exception."""
    try:
        return FilePath(os.path.realpath(path))
    except ValueError:  # a name that no file can have
        return path


def _extends_error(tree: Map, found: str, expected: str, hint: str | None = None) -> ScenarioError:
    return ScenarioError([problem_at(tree, ("extends",), found, expected, hint)])
