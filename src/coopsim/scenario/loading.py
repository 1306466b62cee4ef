"""From a YAML file to a Scenario: parents, --set, every problem at once.

`files` knows which files there are; only `yaml_text` knows YAML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.changes.balancing import balanced, offered
from coopsim.scenario.changes.merging import NEARLY, apply_set, merge, shown_set
from coopsim.scenario.checks import soundness
from coopsim.scenario.checks import warnings as doubts
from coopsim.scenario.checks.chances import check_chances
from coopsim.scenario.checks.days import warn_of_days
from coopsim.scenario.checks.names import NameCheck, check_names
from coopsim.scenario.checks.structure import structural_problems
from coopsim.scenario.files import read_files
from coopsim.scenario.grammar import FILE_KEYS
from coopsim.scenario.identity import content_hash
from coopsim.scenario.plain.tree import plain_tree
from coopsim.scenario.sources.claims import (
    Claims,
    citation_problems,
    find_seeds,
    read_claims,
    unchecked_citations,
)
from coopsim.scenario.spec import SECTIONS, Scenario
from coopsim.scenario.text.reading import Path, show
from coopsim.scenario.text.tree import (
    Map,
    Mark,
    Room,
    from_data,
    mark_at,
    problem_at,
    root_file,
)
from coopsim.scenario.text.yaml_text import MAX_DEPTH, MAX_NODES, dump

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
    return _checked(tree, problems, claims, [] if seeds else unchecked_citations(tree))


def load_data(data: object, sets: Sequence[str] = ()) -> Loaded:
    """Load a scenario written as plain Python data; raises ScenarioError like `load`."""
    if not isinstance(data, Mapping) or not data:
        expected = "the path of a scenario file, or its contents as a mapping"
        raise ScenarioError([Problem("", _kind_of(data), expected, "data")])
    tree, warnings = merge(Map(), _tree_of(data))
    changed, problems = _with(tree, sets)
    return _checked(changed, warnings + problems, None, unchecked_citations(changed))


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
    return _checked(*resolve(path), None)


def resolve(path: FilePath, sets: Sequence[str] = ()) -> tuple[Map, list[Problem]]:
    """Read a file and its parents, merge them and set single assumptions.

    Gives the tree and the problems so far; raises ScenarioError where there is no tree.
    """
    trees, problems = read_files(path)
    tree = Map()
    for child in trees:
        tree, warnings = merge(tree, child)
        _check_size(tree)
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


# --- checking ---------------------------------------------------------------------------------


def _checked(
    tree: Map,
    so_far: Sequence[Problem],
    claims: Claims | None,
    unchecked: Sequence[Problem] = (),
) -> Loaded:
    """Check a resolved tree; problems found so far count with those found now.

    What could not be checked is told as a warning where all else is well.
    """
    _check_size(tree)
    tree, short = plain_tree(tree)
    names = NameCheck(tree)
    problems = [*short, *structural_problems(tree), *check_names(names)]
    problems += [] if claims is None else citation_problems(tree, claims)
    so_far, problems = _without_consequences(so_far, problems)
    wrong = {problem.path for problem in problems} | names.wrong
    scenario = _sound_part(tree, wrong)
    if scenario is not None:
        problems += _soundness(scenario, tree, names, wrong)
    if scenario is None or problems or any(one.severity == "error" for one in so_far):
        raise ScenarioError(_in_file_order([*so_far, *problems]))
    warnings = [*so_far, *unchecked, *_warnings(scenario, tree, names)]
    return Loaded(scenario, tree, tuple(_in_file_order(warnings)))


def _without_consequences(
    so_far: Sequence[Problem], problems: list[Problem]
) -> tuple[list[Problem], list[Problem]]:
    """Let a slip of a parent's name, or an empty entry, stand for what follows from it."""
    told: list[Problem] = []
    for doubt in so_far:
        lacking = [one for one in problems if _follows_from(one, doubt)]
        problems = [one for one in problems if one not in lacking]
        told.append(replace(doubt, severity="error") if lacking else doubt)
    return told, problems


def _follows_from(problem: Problem, doubt: Problem) -> bool:
    """Tell whether a problem is there only because of what a warning is about."""
    if doubt.found == NEARLY:
        return problem.found == "nothing" and problem.path.startswith(f"{doubt.path}.")
    section, _, name = doubt.path.partition(".")
    names = problem.expected.startswith("the name of") and problem.found == f"'{name}'"
    return doubt.found == "nothing" and section in SECTIONS and names


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


def _soundness(scenario: Scenario, tree: Map, names: NameCheck, wrong: set[str]) -> list[Problem]:
    """Check how the entries without problems go together, where what they name is known."""
    report = _Reporter(tree)
    levels_of = partial(_levels, names)
    if not {"start", "end"} & wrong:
        soundness.check_days(scenario, report)
        soundness.check_windows(scenario, report)
    soundness.check_conditions(scenario, report)
    check_chances(scenario, levels_of, report)
    if not report.problems and not wrong:
        soundness.check_loops(scenario, levels_of, report)
    return report.problems


def _levels(names: NameCheck, name: str) -> tuple[str, ...]:
    return names.levels(name) or ()


class _Reporter:
    """Turn what a check reports into problems with file and line."""

    def __init__(self, tree: Map, **more: Any) -> None:
        self.tree, self.more = tree, more
        self.problems: list[Problem] = []

    def __call__(self, path: Path, found: str, expected: str, hint: str | None = None) -> None:
        if path[2:] == ("outcomes",):
            hint = offered(self.tree, path) or hint
        self.problems.append(problem_at(self.tree, path, found, expected, hint, **self.more))


def _warnings(scenario: Scenario, tree: Map, names: NameCheck) -> list[Problem]:
    report = _Reporter(tree, severity="warning")
    doubts.warn_of_support(scenario, report)
    doubts.warn_of_unread(scenario, names.read, names.used, report)
    outside = warn_of_days(scenario, tree, report)
    doubts.warn_of_never(scenario, partial(_levels, names), outside, report)
    doubts.warn_of_always(scenario, report)
    return report.problems


def _with_all_above(paths: set[str]) -> set[str]:
    """Add to paths every path that leads to one of them."""
    found: set[str] = set()
    for path in paths:
        above = path
        while above and above not in found:
            found.add(above)
            above = above.rpartition(".")[0]
    return found


def _sound_entries(section: str, entries: Map, broken: set[str]) -> Map:
    sound = entries.copy()
    for name in entries:
        if f"{section}.{name}" in broken:
            sound.drop(name)
            if section == "events" and f"events.{name}.outcomes" not in broken:
                _keep_outcomes(sound, name, entries)
    return sound


def _keep_outcomes(sound: Map, name: str, entries: Map) -> None:
    """Keep the outcomes of an event of which something else is wrong: their chances count."""
    entry = entries[name]
    if isinstance(entry, Map) and isinstance(entry.get("outcomes"), Map):
        kept = Map()
        kept.put("outcomes", entry["outcomes"], entry.marks["outcomes"])
        sound.put(name, kept, entries.marks[name])


def _sound_part(tree: Map, wrong: set[str]) -> Scenario | None:
    """Build the scenario from the entries without problems, so that these can be checked further.

    Gives None where that is not possible.
    """
    broken = _with_all_above(wrong)
    part = tree.copy()
    for section in SECTIONS:
        entries = part.get(section)
        if not isinstance(entries, Map):
            part.drop(section)
        else:
            part.put(section, _sound_entries(section, entries, broken), part.marks[section])
    nowhere = Mark(root_file(tree) or "data", None)
    for key, fallback in (("scenario", "x"), ("start", "2000-01-01"), ("end", "2999-12-31")):
        if key in broken or key not in part:
            part.put(key, fallback, mark_at(tree, (key,)) or nowhere)
    for key in [key for key in part if key in broken]:
        if key not in ("scenario", "start", "end", *SECTIONS):
            part.drop(key)
    try:
        return Scenario.model_validate(part)
    except ValidationError:
        return None


def _in_file_order(problems: Sequence[Problem]) -> list[Problem]:
    wrong = {problem.path for problem in problems if problem.severity == "error"}
    unique = dict.fromkeys(
        one for one in problems if one.severity == "error" or one.path not in wrong
    )
    return sorted(unique, key=lambda problem: (problem.file or "", problem.line or 0))
