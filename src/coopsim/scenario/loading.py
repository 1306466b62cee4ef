"""From a YAML file, or plain data, to a scenario: parents merged, --set, every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.changes.merging import merge
from coopsim.scenario.checking import check_size, checked
from coopsim.scenario.files import read_files, scenario_file
from coopsim.scenario.grammar import FILE_KEYS
from coopsim.scenario.identity import firing_hash, question_hash
from coopsim.scenario.plain.tree import as_written, plain_tree
from coopsim.scenario.sources.claims import Claims, find_seeds, read_claims, unchecked_citations
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import show
from coopsim.scenario.text.tree import Map, Mark, Room, from_data, problem_at, put_at
from coopsim.scenario.text.yaml_text import MAX_DEPTH, MAX_NODES, read_text
from coopsim.scenario.text.yaml_writing import dump

# What changes a scenario is imported where something is changed: most commands only read one.
# ruff: noqa: PLC0415

_COUNTED = ("drivers", "events", "outcomes")
TEXT = "text"  # what stands for the file's name of a scenario that is given as text


@dataclass(frozen=True, slots=True, repr=False)
class Loaded:
    """A valid scenario, its resolved tree and the warnings about it."""

    scenario: Scenario
    tree: Map
    warnings: tuple[Problem, ...]

    def __repr__(self) -> str:
        sizes = (f"{len(getattr(self.scenario, part))} {part}" for part in _COUNTED)
        return f"<Loaded {self.scenario.scenario}-{self.hash}: {', '.join(sizes)}>"

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

    @property
    def sets(self) -> tuple[str, ...]:
        """Get the assumptions PATH=VALUE that were set over what its file says."""
        return self.scenario.sets

    def having_set(self, sets: Sequence[str]) -> Loaded:
        """Note which assumptions were set over what its file says."""
        return replace(self, scenario=self.scenario.having_set(sets)) if sets else self

    def having(self, sets: Sequence[str]) -> Loaded:
        """Set further assumptions, each PATH=VALUE; raises ScenarioError like `load`."""
        if not sets:
            return self
        from coopsim.scenario.plain.replanning import replanned

        tree, notes = _with(replanned(self.tree), sets)
        told = tuple(note for note in notes if note not in self.warnings)
        changed = replace(_loaded(tree, notes, None), warnings=(*told, *self.warnings))
        return changed.having_set((*self.sets, *sets))

    def rerun(self, runs: int | None = None, seed: int | None = None) -> Loaded:
        """Ask for other runs or another seed: at once, as nothing is checked against these."""
        asked = {"runs": runs, "seed": seed}
        changed = {key: number for key, number in asked.items() if number is not None}
        tree, sets = self.tree, [f"{key}={number}" for key, number in changed.items()]
        for (key, number), setting in zip(changed.items(), sets, strict=True):
            tree = put_at(tree, (key,), str(number), Mark(f"--set {setting}", None))
        scenario = self.scenario.model_copy(update=changed).having_set((*self.sets, *sets))
        return replace(self, scenario=scenario, tree=tree)

    def revised(self, values: Mapping[str, object]) -> Loaded:
        """Replace numbers by their paths: quickly, as only the entries touched are read again.

        A path is that of --set, and a number must stand there, not a name or a mapping. Chances
        beside one that is replaced are not scaled, and the warnings stay those of before: `having`
        does all that. Raises ScenarioError where a value cannot stand.
        """
        from coopsim.scenario.changes.revising import revised_by_path

        scenario, tree = revised_by_path(self.scenario, self.tree, values)
        sets = (*self.sets, *(f"{path}={value}" for path, value in values.items()))
        return replace(self, scenario=scenario.having_set(sets), tree=tree)


def load(path: str | FilePath, sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario file, its parents merged and single assumptions set as PATH=VALUE.

    A bare name such as `thaw` means scenarios/thaw.yaml, where there is no such file.

    Raises ScenarioError with every problem found.
    """
    file = scenario_file(path)
    return _in_folder(*resolve(file, sets), file.parent).having_set(sets)


def load_text(text: str, sets: Sequence[str] = (), folder: str | FilePath | None = None) -> Loaded:
    """Load the text of a scenario file; raises ScenarioError like `load`.

    It may name other files, by `extends` and `include`, and claims where a `folder` is given in
    which it is taken to stand.
    """
    if folder is not None:
        found = _in_folder(*resolve(FilePath(folder) / TEXT, sets, text), FilePath(folder))
        return found.having_set(sets)
    read, _ = read_text(text, TEXT)
    for key in FILE_KEYS:
        if key in read:
            expected = "no other file: give the `folder` in which the text is taken to stand"
            raise ScenarioError([problem_at(read, (key,), show(read[key]), expected)])
    tree, problems = resolve(FilePath(TEXT), sets, text)
    return _loaded(tree, problems, None, unchecked=True).having_set(sets)


def child_text(parent: FilePath, sets: Sequence[str], identity: str | None = None) -> str:
    """Write the file that extends a parent and sets assumptions in it; raises like `load`."""
    from coopsim.scenario.changes.children import child_of

    load(parent, sets)
    before, _ = resolve(parent)
    after, _ = resolve(parent, sets)
    head = {} if identity is None else {"scenario": identity}
    return dump({**head, "extends": parent.name, **child_of(before, after)}, short=False)


def _in_folder(tree: Map, problems: list[Problem], folder: FilePath) -> Loaded:
    """Check a resolved tree against the claims that belong to its folder."""
    claims = None
    seeds = find_seeds(folder)
    if seeds is not None:
        try:
            claims = read_claims(seeds)
        except ScenarioError as error:
            problems += error.problems
    return _loaded(tree, problems, claims, unchecked=seeds is None)


def load_data(data: object, sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario written as plain Python data; raises ScenarioError like `load`."""
    if not isinstance(data, Mapping) or not data:
        expected = "the path of a scenario file, or its contents as a mapping"
        raise ScenarioError([Problem("", _kind_of(data), expected, "data")])
    tree, warnings = merge(Map(), _tree_of(data))
    changed, problems = _with(tree, sets)
    return _loaded(changed, warnings + problems, None, unchecked=True).having_set(sets)


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


def resolve(
    path: FilePath, sets: Sequence[str] = (), text: str | None = None
) -> tuple[Map, list[Problem]]:
    """Read a file and its parents, merge them and set single assumptions.

    With a `text`, that is taken for the file's content. Gives the tree and the problems so far;
    raises ScenarioError where there is no tree.
    """
    trees, problems = read_files(path, text)
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
    if not sets:
        return tree, problems
    from coopsim.scenario.changes.balancing import balanced
    from coopsim.scenario.changes.setting import apply_set, shown_set

    before = tree
    for setting in sets:
        try:
            tree = apply_set(tree, setting)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        return tree, problems
    return balanced(before, tree, {shown_set(setting) for setting in sets})


def _loaded(
    tree: Map,
    so_far: Sequence[Problem],
    claims: Claims | None,
    *,
    unchecked: bool = False,
) -> Loaded:
    plain, problems = plain_tree(tree)
    untold = unchecked_citations(plain) if unchecked else ()
    try:
        scenario, warnings = checked(plain, [*so_far, *problems], claims, untold)
    except ScenarioError as error:
        raise ScenarioError(_written(tree, error.problems)) from None
    return Loaded(scenario, plain, _written(tree, warnings))


def _written(tree: Map, problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Name places as the file has them; what a plan hands on to two entries is told once."""
    return tuple(dict.fromkeys(as_written(tree, one) for one in problems))
