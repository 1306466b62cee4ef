"""From a YAML file to a Scenario: parents, --set, every problem at once.

Only this module knows files; only `yaml_text` knows YAML.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario import doubts, soundness
from coopsim.scenario.balancing import balanced, offered
from coopsim.scenario.checks import NameCheck, check_names
from coopsim.scenario.claims import Claims, citation_problems, find_seeds, read_claims
from coopsim.scenario.identity import content_hash
from coopsim.scenario.merging import apply_set, merge, shown_set
from coopsim.scenario.reading import Path, near_miss, show
from coopsim.scenario.spec import SECTIONS, Scenario
from coopsim.scenario.structure import structural_problems
from coopsim.scenario.tree import Map, from_data, mark_at, problem_at
from coopsim.scenario.yaml_text import dump, read_file

MAX_ENTRIES = 1_000  # of each section, switches counted with the drivers


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
        tree, notes = _with(self.tree, sets)
        told = tuple(note for note in notes if note not in self.warnings)
        return replace(_checked(tree, notes, None), warnings=(*told, *self.warnings))


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
    return _checked(tree, problems, claims)


def load_data(data: Mapping[str, Any], sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario written as plain Python data; raises ScenarioError like `load`."""
    tree, warnings = merge(Map(), from_data(data, "data"))
    changed, problems = _with(tree, sets)
    return _checked(changed, warnings + problems, None)


def load_resolved(path: FilePath) -> Loaded:
    """Load the scenario of a result; its claims were checked when it was run."""
    return _checked(*resolve(path), None)


def resolve(path: FilePath, sets: Sequence[str] = ()) -> tuple[Map, list[Problem]]:
    """Read a file and its parents, merge them and set single assumptions.

    Gives the tree and the problems so far; raises ScenarioError where there is no tree.
    """
    trees, problems = _ancestry(path)
    tree = Map()
    for child in trees:
        tree, warnings = merge(tree, child)
        problems += warnings
    tree.drop("extends")
    tree, wrong = _with(tree, sets)
    return tree, problems + wrong


def _with(tree: Map, sets: Sequence[str]) -> tuple[Map, list[Problem]]:
    problems: list[Problem] = []
    before = tree
    for setting in sets:
        try:
            tree = apply_set(tree, setting)
        except ScenarioError as error:
            problems += error.problems
    if problems or not sets:
        return tree, problems
    return balanced(before, tree, {shown_set(setting) for setting in sets})


# --- parents ----------------------------------------------------------------------------------


def _ancestry(path: FilePath) -> tuple[list[Map], list[Problem]]:
    """Read a file and its parents, the oldest first, with the problems of each."""
    trees: list[Map] = []
    seen: list[FilePath] = []
    problems: list[Problem] = []
    home = _real(path.parent)
    current: FilePath | None = path
    try:
        while current is not None:
            seen.append(_real(current))
            tree, found = read_file(current, str(current))
            trees.append(tree)
            problems += found
            current = _parent(current, tree, home, seen)
    except ScenarioError as error:
        raise ScenarioError([*problems, *error.problems]) from None
    return trees[::-1], problems


def _parent(path: FilePath, tree: Map, home: FilePath, seen: list[FilePath]) -> FilePath | None:
    raw = tree.get("extends")
    if raw is None:
        return None
    if not isinstance(raw, str) or "\0" in raw:
        raise _extends_error(tree, show(raw), "the name of a file, such as baseline.yaml")
    parent = path.parent / raw
    if not _real(parent).is_relative_to(home):
        expected = "a file in the scenario's own folder or below it"
        raise _extends_error(tree, f"'{raw}', which lies elsewhere", expected)
    if not parent.is_file():
        others = [one for one in sorted(path.parent.glob("*.yaml")) if one.is_file()]
        hint = near_miss(raw, (one.name for one in others if one != path))
        raise _extends_error(tree, f"'{raw}', which is no file", "the name of a scenario", hint)
    if _real(parent) in seen:
        chain = " -> ".join(one.name for one in [*seen, _real(parent)])
        raise _extends_error(tree, f"a cycle: {chain}", "a chain of parents that ends")
    return parent


def _real(path: FilePath) -> FilePath:
    """Follow symlinks; unlike Path.resolve, a ring of them is no exception."""
    return FilePath(os.path.realpath(path))


def _extends_error(tree: Map, found: str, expected: str, hint: str | None = None) -> ScenarioError:
    return ScenarioError([problem_at(tree, ("extends",), found, expected, hint)])


# --- checking ---------------------------------------------------------------------------------


def _checked(tree: Map, so_far: Sequence[Problem], claims: Claims | None) -> Loaded:
    """Check a resolved tree; problems found so far count with those found now."""
    _check_size(tree)
    names = NameCheck(tree)
    problems = [*structural_problems(tree), *check_names(names)]
    problems += [] if claims is None else citation_problems(tree, claims)
    scenario = _sound_part(tree, problems)
    if scenario is not None:
        problems += _soundness(scenario, tree, names)
    if scenario is None or problems or any(one.severity == "error" for one in so_far):
        raise ScenarioError(_in_file_order([*so_far, *problems]))
    warnings = [*so_far, *_warnings(scenario, tree, names)]
    return Loaded(scenario, tree, tuple(_in_file_order(warnings)))


def _check_size(tree: Map) -> None:
    """Refuse a scenario of so many entries that holding them against each other takes minutes."""
    for section in SECTIONS:
        entries = tree.get(section)
        inner = [] if section != "drivers" or not isinstance(entries, Map) else entries.values()
        switches = [item.get("switches") for item in inner if isinstance(item, Map)]
        count = sum(len(one) for one in [entries, *switches] if isinstance(one, Map))
        if count > MAX_ENTRIES:
            expected = f"{MAX_ENTRIES:,} entries at most"
            raise ScenarioError([problem_at(tree, (section,), f"{count:,} entries", expected)])


def _soundness(scenario: Scenario, tree: Map, names: NameCheck) -> list[Problem]:
    report = _Reporter(tree)
    levels_of = partial(_levels, names)
    soundness.check_days(scenario, report)
    soundness.check_conditions(scenario, report)
    soundness.check_windows(scenario, report)
    soundness.check_chances(scenario, levels_of, report)
    if not report.problems:
        soundness.check_loops(scenario, levels_of, report)
    return report.problems


def _levels(names: NameCheck, name: str) -> tuple[str, ...]:
    return names.levels(name) or ()


class _Reporter:
    """Turn what a check reports into problems with file and line."""

    def __init__(self, tree: Map, **more: Any) -> None:
        self.tree, self.more = tree, more
        self.problems: list[Problem] = []

    def __call__(self, path: Path, found: str, expected: str) -> None:
        hint = offered(self.tree, path) if path[2:] == ("outcomes",) else None
        self.problems.append(problem_at(self.tree, path, found, expected, hint, **self.more))


def _warnings(scenario: Scenario, tree: Map, names: NameCheck) -> list[Problem]:
    report = _Reporter(tree, severity="warning")
    doubts.warn_of_support(scenario, report)
    doubts.warn_of_unread(scenario, names.read, names.used, report)
    doubts.warn_of_never(scenario, partial(_levels, names), report)
    doubts.warn_of_always(scenario, report)
    doubts.warn_of_late(scenario, report)
    return report.problems


def _below(paths: set[str], path: str) -> bool:
    return any((one + ".").startswith(f"{path}.") for one in paths)


def _sound_entries(section: str, entries: Map, broken: set[str]) -> Map:
    sound = entries.copy()
    for name in entries:
        if _below(broken, f"{section}.{name}"):
            sound.drop(name)
            if section == "events" and not _below(broken, f"events.{name}.outcomes"):
                _keep_outcomes(sound, name, entries)
    return sound


def _keep_outcomes(sound: Map, name: str, entries: Map) -> None:
    """Keep the outcomes of an event of which something else is wrong: their chances count."""
    entry = entries[name]
    if isinstance(entry, Map) and isinstance(entry.get("outcomes"), Map):
        kept = Map()
        kept.put("outcomes", entry["outcomes"], entry.marks["outcomes"])
        sound.put(name, kept, entries.marks[name])


def _sound_part(tree: Map, problems: Sequence[Problem]) -> Scenario | None:
    """Build the scenario from the entries without problems, so that these can be checked further.

    Gives None where that is not possible.
    """
    broken = {problem.path for problem in problems}
    part = tree.copy()
    for section in SECTIONS:
        entries = part.get(section)
        if not isinstance(entries, Map):
            part.drop(section)
        else:
            part.put(section, _sound_entries(section, entries, broken), part.marks[section])
    for key, fallback in (("scenario", "x"), ("start", "2000-01-01"), ("end", "2999-12-31")):
        if key in broken or key not in part:
            part.put(key, fallback, mark_at(tree, (key,)) or next(iter(tree.marks.values())))
    for key in [key for key in part if key in broken]:
        if key not in ("scenario", "start", "end"):
            part.drop(key)
    try:
        return Scenario.model_validate(part)
    except ValidationError:
        return None


def _in_file_order(problems: Sequence[Problem]) -> list[Problem]:
    unique = list(dict.fromkeys(problems))
    return sorted(unique, key=lambda problem: (problem.file or "", problem.line or 0))
