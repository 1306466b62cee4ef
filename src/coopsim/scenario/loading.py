"""From a YAML file to a Scenario: parents, --set, every problem at once.

Only this module knows files; only `tree` knows YAML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario import doubts, soundness
from coopsim.scenario.checks import NameCheck, check_names
from coopsim.scenario.claims import Claims, citation_problems, find_seeds, read_claims
from coopsim.scenario.identity import content_hash
from coopsim.scenario.merging import apply_set, merge, null_removals, without_nulls
from coopsim.scenario.reading import Path
from coopsim.scenario.spec import Scenario
from coopsim.scenario.structure import structural_problems
from coopsim.scenario.tree import Map, dump, from_data, mark_at, problem_at, read_file


@dataclass(frozen=True, slots=True)
class Loaded:
    """Hold a valid scenario, its resolved tree and what was doubtful about it."""

    scenario: Scenario
    tree: Map
    warnings: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """Get the resolved scenario as YAML, with every inherited value in place."""
        return dump(self.tree)

    @property
    def hash(self) -> str:
        """Get the eight hex digits that stand for the assumptions and the seed."""
        return content_hash(self.tree, self.scenario.seed)

    def having(self, sets: Sequence[str]) -> Loaded:
        """Set further assumptions, each PATH=VALUE; raises ScenarioError like `load`."""
        if not sets:
            return self
        return replace(_checked(_with(self.tree, sets), [], None), warnings=self.warnings)


def load(path: str | FilePath, sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario file, its parents merged and single assumptions set as PATH=VALUE.

    Raises ScenarioError with every problem found.
    """
    tree, warnings = resolve(FilePath(path), sets)
    seeds = find_seeds(FilePath(path).parent)
    return _checked(tree, warnings, None if seeds is None else read_claims(seeds))


def load_data(data: Mapping[str, Any], sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario written as plain Python data; raises ScenarioError like `load`."""
    return _checked(_with(without_nulls(from_data(data, "data")), sets), [], None)


def load_resolved(path: FilePath) -> Loaded:
    """Load the scenario of a result; its claims were checked when it was run."""
    return _checked(*resolve(path), None)


def resolve(path: FilePath, sets: Sequence[str] = ()) -> tuple[Map, list[Problem]]:
    """Read a file and its parents, merge them and set single assumptions.

    Gives the tree and the warnings; raises ScenarioError where that is not possible.
    """
    trees = _ancestry(path)
    warnings: list[Problem] = []
    tree = without_nulls(trees[0])
    for child in trees[1:]:
        warnings += null_removals(tree, child)
        tree = merge(tree, child)
    tree = _with(tree, sets)
    tree.drop("extends")
    return tree, warnings


def _with(tree: Map, sets: Sequence[str]) -> Map:
    problems: list[Problem] = []
    for setting in sets:
        try:
            tree = apply_set(tree, setting)
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    return tree


# --- parents ----------------------------------------------------------------------------------


def _ancestry(path: FilePath) -> list[Map]:
    """Read a file and its parents, the oldest first."""
    tree = read_file(path, str(path))
    trees, seen = [tree], [path.resolve()]
    home = path.parent.resolve()
    current = path
    while "extends" in tree and tree["extends"] is not None:
        parent = _parent(current, tree, home)
        if parent.resolve() in seen:
            chain = " -> ".join(one.name for one in [*seen, parent.resolve()])
            raise _extends_error(tree, f"a cycle: {chain}", "a chain of parents that ends")
        seen.append(parent.resolve())
        tree = read_file(parent, str(parent))
        trees.append(tree)
        current = parent
    return trees[::-1]


def _parent(path: FilePath, tree: Map, home: FilePath) -> FilePath:
    raw = tree["extends"]
    if not isinstance(raw, str) or "\0" in raw:
        raise _extends_error(tree, "something else", "the name of a file, such as baseline.yaml")
    parent = path.parent / raw
    if not parent.resolve().is_relative_to(home):
        expected = "a file in the scenario's own folder or below it"
        raise _extends_error(tree, f"'{raw}', which lies elsewhere,", expected)
    if not parent.is_file():
        raise _extends_error(tree, f"'{raw}', which is no file", "the name of a scenario file")
    return parent


def _extends_error(tree: Map, found: str, expected: str) -> ScenarioError:
    return ScenarioError([problem_at(tree, ("extends",), found, expected)])


# --- checking ---------------------------------------------------------------------------------


def _checked(tree: Map, warnings: list[Problem], claims: Claims | None) -> Loaded:
    names = NameCheck(tree)
    problems = [*structural_problems(tree), *check_names(names)]
    problems += [] if claims is None else citation_problems(tree, claims)
    scenario = _sound_part(tree, problems)
    report = _Reporter(tree)
    levels_of = partial(_levels, names)
    soundness.check_days(scenario, report)
    soundness.check_chances(scenario, levels_of, report)
    soundness.check_loops(scenario, levels_of, report)
    problems += report.problems
    if problems:
        raise ScenarioError(_in_file_order(tree, problems))
    return Loaded(scenario, tree, tuple(warnings + _warnings(scenario, tree, names)))


def _levels(names: NameCheck, name: str) -> tuple[str, ...]:
    return names.levels(name) or ()


class _Reporter:
    """Turn what a check reports into problems with file and line."""

    def __init__(self, tree: Map, **more: Any) -> None:
        self.tree, self.more = tree, more
        self.problems: list[Problem] = []

    def __call__(self, path: Path, found: str, expected: str) -> None:
        self.problems.append(problem_at(self.tree, path, found, expected, **self.more))


def _warnings(scenario: Scenario, tree: Map, names: NameCheck) -> list[Problem]:
    report = _Reporter(tree, severity="warning")
    doubts.warn_of_support(scenario, report)
    doubts.warn_of_unread(scenario, names.read, names.used, report)
    doubts.warn_of_never(scenario, partial(_levels, names), report)
    return report.problems


def _sound_part(tree: Map, problems: Sequence[Problem]) -> Scenario:
    """Build the scenario from the entries without problems, so that the others can be checked.

    An entry is dropped when it has a problem or names another that has one.
    """
    broken = {problem.path for problem in problems}
    part = tree.copy()
    for section in ("references", "drivers", "events", "outcomes"):
        entries = part.get(section)
        if not isinstance(entries, Map):
            part.drop(section)
            continue
        sound = entries.copy()
        for name in entries:
            if any((path + ".").startswith(f"{section}.{name}.") for path in broken):
                sound.drop(name)
        part.put(section, sound, part.marks[section])
    for key, fallback in (("scenario", "x"), ("start", "2000-01-01"), ("end", "2999-12-31")):
        if key in broken or key not in part:
            part.put(key, fallback, mark_at(tree, (key,)) or next(iter(tree.marks.values())))
    for key in [key for key in part if key in broken]:
        if key not in ("scenario", "start", "end"):
            part.drop(key)
    return _build(part, problems)


def _build(part: Map, problems: Sequence[Problem]) -> Scenario:
    try:
        return Scenario.model_validate(part)
    except ValidationError:
        raise ScenarioError(problems) from None


def _in_file_order(tree: Map, problems: Sequence[Problem]) -> list[Problem]:
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda problem: (problem.file or "", problem.line or 0))
