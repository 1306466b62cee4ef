"""From a YAML file, or plain data, to a scenario: parents merged, --set, every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.changes.balancing import balanced
from coopsim.scenario.changes.merging import merge
from coopsim.scenario.changes.setting import apply_set, shown_set
from coopsim.scenario.checking import check_size, checked
from coopsim.scenario.files import read_files
from coopsim.scenario.grammar import FILE_KEYS
from coopsim.scenario.identity import firing_hash, question_hash
from coopsim.scenario.plain.tree import as_written, plain_tree
from coopsim.scenario.sources.claims import Claims, find_seeds, read_claims, unchecked_citations
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import show
from coopsim.scenario.text.tree import Map, Room, from_data
from coopsim.scenario.text.yaml_text import MAX_DEPTH, MAX_NODES, dump


@dataclass(frozen=True, slots=True)
class Loaded:
    """A valid scenario, its resolved tree and the warnings about it."""

    scenario: Scenario
    tree: Map
    warnings: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """Get the resolved scenario as YAML, with every inherited value in place."""
        return dump(self.tree)

    @property
    def hash(self) -> str:
        """Get the eight hex digits that stand for what sets firings, and for the seed."""
        return firing_hash(self.tree, self.scenario.seed)

    @property
    def questions(self) -> str:
        """Get the eight hex digits that stand for what is asked."""
        return question_hash(self.tree)

    def having(self, sets: Sequence[str]) -> Loaded:
        """Set further assumptions, each PATH=VALUE; raises ScenarioError like `load`."""
        if not sets:
            return self
        tree, notes = _with(self.tree, sets)
        told = tuple(note for note in notes if note not in self.warnings)
        return replace(_loaded(tree, notes, None), warnings=(*told, *self.warnings))


def load(path: str | FilePath, sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario file, its parents merged and single assumptions set as PATH=VALUE.

    Raises ScenarioError with every problem found.
    """
    tree, problems = resolve(FilePath(path), sets)
    claims = None
    seeds = find_seeds(FilePath(path).parent)
    if seeds is not None:
        try:
            claims = read_claims(seeds)
        except ScenarioError as error:
            problems += error.problems
    return _loaded(tree, problems, claims, [] if seeds else unchecked_citations(tree))


def load_data(data: object, sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario written as plain Python data; raises ScenarioError like `load`."""
    if not isinstance(data, Mapping) or not data:
        expected = "the path of a scenario file, or its contents as a mapping"
        raise ScenarioError([Problem("", _kind_of(data), expected, "data")])
    tree, warnings = merge(Map(), _tree_of(data))
    changed, problems = _with(tree, sets)
    return _loaded(changed, warnings + problems, None, unchecked_citations(changed))


def _kind_of(data: object) -> str:
    """Name what was given in place of a scenario."""
    if data is None or data == {}:
        return show(data)
    kind = f"of the type {type(data).__name__}"
    shown = isinstance(data, bool | int | float | str | list | tuple)
    return f"{show(data)}, {kind}" if shown else f"an object {kind}"


def _tree_of(data: Mapping[str, Any]) -> Map:
    """Make a tree of Python data; refuses what is deeper or larger than a file may be."""
    tree = from_data(data, "data", Room(MAX_NODES, MAX_DEPTH))
    assert isinstance(tree, Map)
    return tree


def load_resolved(path: FilePath) -> Loaded:
    """Load the scenario of a result; its claims were checked when it was run."""
    return _loaded(*resolve(path), None)


def resolve(path: FilePath, sets: Sequence[str] = ()) -> tuple[Map, list[Problem]]:
    """Read a file and its parents, merge them and set single assumptions.

    Gives the tree and the problems so far; raises ScenarioError where there is no tree.
    """
    trees, problems = read_files(path)
    tree = Map()
    for child in trees:
        tree, warnings = merge(tree, child)
        check_size(tree)
        problems += warnings
    for key in FILE_KEYS:
        tree.drop(key)
    tree, wrong = _with(tree, sets)
    return tree, problems + wrong


def _with(tree: Map, sets: Sequence[str]) -> tuple[Map, list[Problem]]:
    problems: list[Problem] = []
    if isinstance(sets, str):
        raise ScenarioError([Problem("", show(sets), "a list of PATH=VALUE", "sets")])
    before = tree
    for setting in sets:
        try:
            tree = apply_set(tree, setting)
        except ScenarioError as error:
            problems += error.problems
    if problems or not sets:
        return tree, problems
    return balanced(before, tree, {shown_set(setting) for setting in sets})


def _loaded(
    tree: Map,
    so_far: Sequence[Problem],
    claims: Claims | None,
    unchecked: Sequence[Problem] = (),
) -> Loaded:
    plain, problems = plain_tree(tree)
    try:
        scenario, warnings = checked(plain, [*so_far, *problems], claims, unchecked)
    except ScenarioError as error:
        raise ScenarioError([as_written(tree, one) for one in error.problems]) from None
    return Loaded(scenario, plain, tuple(as_written(tree, one) for one in warnings))
