"""All checks of a resolved tree in their order: a valid scenario, or every problem at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from pydantic import ValidationError

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.changes.balancing import offered
from coopsim.scenario.changes.merging import NEARLY, REPLACES
from coopsim.scenario.checks import soundness
from coopsim.scenario.checks.chances import check_chances
from coopsim.scenario.checks.days import warn_of_days
from coopsim.scenario.checks.names import NameCheck, check_names
from coopsim.scenario.checks.structure import validated
from coopsim.scenario.checks.warnings import (
    warn_of_always,
    warn_of_groups,
    warn_of_never,
    warn_of_support,
    warn_of_unread,
)
from coopsim.scenario.sources.claims import Claims, citation_problems
from coopsim.scenario.spec import SECTIONS, Scenario
from coopsim.scenario.text.reading import Path
from coopsim.scenario.text.tree import Map, Mark, mark_at, problem_at, root_file

MAX_ENTRIES = 1_000  # of each section, switches counted with the drivers


def checked(
    tree: Map,
    so_far: Sequence[Problem],
    claims: Claims | None,
    unchecked: Sequence[Problem] = (),
) -> tuple[Scenario, tuple[Problem, ...]]:
    """Check a resolved tree; problems found so far count with those found now.

    Gives the scenario and its warnings; raises ScenarioError with every problem there is. What
    could not be checked is told as a warning where all else is well.
    """
    check_size(tree)
    names = NameCheck(tree)
    whole, problems = validated(tree)
    problems += check_names(names)
    problems += [] if claims is None else citation_problems(tree, claims)
    so_far, problems = _without_consequences(so_far, problems)
    wrong = {problem.path for problem in problems} | names.wrong
    wrong |= {problem.path for problem in so_far if _replaces(problem)}
    scenario = whole if whole is not None and not wrong else _sound_part(tree, wrong)
    if scenario is not None:
        problems += _soundness(scenario, tree, names, wrong)
    if scenario is None or problems or any(one.severity == "error" for one in so_far):
        raise ScenarioError(_in_file_order([*so_far, *problems]))
    warnings = [*so_far, *unchecked, *_warnings(scenario, tree, names)]
    return scenario, tuple(_in_file_order(warnings))


def _without_consequences(
    so_far: Sequence[Problem], problems: list[Problem]
) -> tuple[list[Problem], list[Problem]]:
    """Let a slip of a parent's name, an empty entry or a part of a reference stand for all of it.

    A reference that replaces one of another kind is told only where something follows from it.
    """
    lacking = {
        cause: [one for one in (*so_far, *problems) if one != cause and _follows_from(one, cause)]
        for cause in so_far
    }
    follows = {one for found in lacking.values() for one in found}
    told = [
        replace(one, severity="error") if lacking[one] else one
        for one in so_far
        if one not in follows and (lacking[one] or not _replaces(one))
    ]
    return told, [one for one in problems if one not in follows]


def _follows_from(problem: Problem, warning: Problem) -> bool:
    """Check that a problem is there only because of what a warning is about."""
    if warning.found == NEARLY:
        return problem.found == "nothing" and problem.path.startswith(f"{warning.path}.")
    section, _, name = warning.path.partition(".")
    if _replaces(warning):
        used = problem.expected.startswith("a reference to") and problem.found == f"'{name}'"
        return used or problem.path in (warning.path, f"{warning.path}.window")
    names = problem.expected.startswith("the name of") and problem.found == f"'{name}'"
    return warning.found == "nothing" and section in SECTIONS and names


def _replaces(warning: Problem) -> bool:
    """Check for the warning of a reference that replaces one of another kind."""
    return warning.expected.endswith(REPLACES)


def check_size(tree: Map) -> None:
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
    """Problems, with file and line, made of what a check reports."""

    def __init__(self, tree: Map, **more: Any) -> None:
        self.tree, self.more = tree, more
        self.problems: list[Problem] = []

    def __call__(self, path: Path, found: str, expected: str, hint: str | None = None) -> None:
        if path[2:] == ("outcomes",):
            hint = offered(self.tree, path) or hint
        self.problems.append(problem_at(self.tree, path, found, expected, hint, **self.more))


def _warnings(scenario: Scenario, tree: Map, names: NameCheck) -> list[Problem]:
    report = _Reporter(tree, severity="warning")
    warn_of_support(scenario, report)
    warn_of_unread(scenario, names.read, names.used, report)
    outside = warn_of_days(scenario, tree, report)
    warn_of_never(scenario, partial(_levels, names), outside, report)
    warn_of_always(scenario, report)
    warn_of_groups(scenario, report)
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
