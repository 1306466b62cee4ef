"""Which files a scenario is made of: its parents, and the section files that each includes.

All of them lie in the scenario's own folder or below it, and together they are no larger than one
scenario may be.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path as FilePath

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import Invalid, Path, listing, read_group, show
from coopsim.scenario.text.tree import Map, Seq, problem_at
from coopsim.scenario.text.yaml_text import Budget, read_file

MAX_PARENTS = 10
MAX_INCLUDED = 50  # section files of one scenario file
PARTS = ("references", "drivers", "events", "plans", "outcomes")  # what a section file may hold
GROUPED = ("drivers", "events", "plans")  # sections whose entries a file's own `group` names
_SOME_KEYS = "a mapping with keys such as `start`"
SHIPPED = FilePath("scenarios")
_HEAD_BYTES = 4_000  # of a file, within which its id stands
_PLACE = "a file in the scenario's own folder or below it"
_INCLUDE_EXPECTED = "a list of section files, such as [baseline/politics.yaml]"


def scenario_file(name: str | FilePath) -> FilePath:
    """Find the file that a name means: itself, or the shipped one that has this id.

    So `thaw` is scenarios/thaw.yaml, and `thaw_2026` the file in a folder of scenarios/ that says
    `scenario: thaw_2026`.
    """
    path = FilePath(name)
    if len(path.parts) != 1 or path.suffix or _is_there(path):
        return path
    shipped = SHIPPED / f"{path}.yaml"
    if _is_file(shipped):
        return shipped
    return next((one for one in _families() if _says(one, str(path))), path)


def _families() -> Iterator[FilePath]:
    """List the files in the folders of scenarios/, of which some are whole scenarios."""
    try:
        yield from sorted(SHIPPED.glob("*/*.yaml"))
    except OSError:  # a folder that nobody may look into has nothing for us
        return


def _says(path: FilePath, identity: str) -> bool:
    """Check whether a file has an id, by its first lines alone: it may be no scenario at all."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False
    return f"\nscenario: {identity}\n".encode() in head


def read_files(path: FilePath, text: str | None = None) -> tuple[list[Map], list[Problem]]:
    """Read a file and its parents, the oldest first, each with its section files in it.

    With a `text`, that is taken for the file's content. Gives the trees with the problems found so
    far. Raises ScenarioError where a file cannot be read at all.
    """
    trees: list[Map] = []
    seen: list[FilePath] = []
    problems: list[Problem] = []
    home = _real(path.parent)
    current: FilePath | None = path
    budget = Budget()
    try:
        while current is not None:
            seen.append(_real(current))
            given = text if current is path else None
            tree, found = read_file(current, str(current), budget, given)
            _check_keys(tree, str(current))
            problems += found
            whole, found = _with_sections(current, tree, home, budget)
            trees.append(whole)
            problems += found
            current = _parent(current, tree, home, seen)
    except ScenarioError as error:
        raise ScenarioError([*problems, *error.problems]) from None
    return trees[::-1], problems


def _check_keys(tree: Map, shown: str) -> None:
    if not tree:
        raise ScenarioError([Problem("", show(tree), _SOME_KEYS, shown, 1)])


# --- section files ------------------------------------------------------------------------------


def _with_sections(
    path: FilePath, tree: Map, home: FilePath, budget: Budget
) -> tuple[Map, list[Problem]]:
    """Put the section files that a file includes before what it says itself, in their order."""
    raw = tree.get("include")
    if raw is None:
        return tree, []
    if not isinstance(raw, Seq) or not all(isinstance(one, str) for one in raw):
        raise ScenarioError([problem_at(tree, ("include",), show(raw), _INCLUDE_EXPECTED)])
    if len(raw) > MAX_INCLUDED:
        expected = f"{MAX_INCLUDED} at most"
        raise ScenarioError([problem_at(tree, ("include",), f"{len(raw):,} files", expected)])
    whole, problems = Map(), []
    for position, name in enumerate(raw):
        place: Path = ("include", position)
        section = _file_named(path, tree, place, name, home)
        part, found = read_file(section, str(section), budget)
        grouped, wrong = _grouped(part)
        problems += [*found, *_strange_keys(part), *wrong, *_joined(whole, grouped)]
    return whole, problems + _joined(whole, tree)


def _strange_keys(part: Map) -> list[Problem]:
    """Refuse in a section file what is no section."""
    keys = (*PARTS, "group")
    expected = f"in a section file only {listing(keys)}"
    return [
        problem_at(part, (key,), f"the key {show(key)}", expected, near_miss(key, keys))
        for key in part
        if key not in keys
    ]


def _grouped(part: Map) -> tuple[Map, list[Problem]]:
    """Give the group of a section file to its entries that name none, or tell that it is none."""
    if "group" not in part:
        return part, []
    group, mark = part["group"], part.marks["group"]
    grouped = part.copy()
    grouped.drop("group")
    try:
        read_group(group)
    except Invalid as error:
        return grouped, [
            problem_at(part, ("group",), fault.found, fault.expected, fault.hint)
            for fault in error.faults
        ]
    for key in GROUPED:
        if isinstance(part.get(key), Map):
            grouped[key] = part[key].copy()
            for name, entry in part[key].items():
                if isinstance(entry, Map) and "group" not in entry:
                    grouped[key][name] = entry.copy()
                    grouped[key][name].put("group", group, mark)
    return grouped, []


def _joined(whole: Map, part: Map) -> list[Problem]:
    """Put a file's sections into the whole; a name may stand in one of the files only."""
    problems: list[Problem] = []
    for key, section in part.items():
        there = whole.get(key)
        if not isinstance(section, Map) or not isinstance(there, Map):
            whole.put(key, section, part.marks[key])
            continue
        both = there.copy()
        for name, entry in section.items():
            if name in both:
                first = both.marks[name]
                found = f"'{name}', which stands in {first.file} too"
                problems.append(problem_at(part, (key, name), found, "each name in one file"))
            both.put(name, entry, section.marks[name])
        whole.put(key, both, whole.marks[key])
    return problems


# --- parents ------------------------------------------------------------------------------------


def _parent(path: FilePath, tree: Map, home: FilePath, seen: list[FilePath]) -> FilePath | None:
    raw = tree.get("extends")
    if raw is None:
        return None
    if not isinstance(raw, str) or "\0" in raw:
        expected = "the name of a file, such as baseline.yaml"
        raise ScenarioError([problem_at(tree, ("extends",), show(raw), expected)])
    if len(seen) > MAX_PARENTS:
        found = f"{len(seen)} parents, one extending the next"
        raise ScenarioError([problem_at(tree, ("extends",), found, f"{MAX_PARENTS} at most")])
    parent = _file_named(path, tree, ("extends",), raw, home)
    if _real(parent) in seen:
        chain = " -> ".join(one.name for one in [*seen, _real(parent)])
        expected = "a chain of parents without a cycle"
        raise ScenarioError([problem_at(tree, ("extends",), f"a cycle: {chain}", expected)])
    return parent


def _file_named(path: FilePath, tree: Map, place: Path, name: str, home: FilePath) -> FilePath:
    """Find a file that another names; raises ScenarioError where it is not there or elsewhere."""
    found = path.parent / name.replace("\0", "")
    if "\0" in name or not _real(found).is_relative_to(home):
        shown = f"{show(name)}, which lies elsewhere"
        raise ScenarioError([problem_at(tree, place, shown, _PLACE)])
    if not _is_file(found):
        folder = found.parent if found.parent.is_dir() else path.parent
        others = [one for one in sorted(folder.glob("*.yaml")) if one.is_file() and one != path]
        names = [one.relative_to(path.parent).as_posix() for one in others]
        expected = "the name of a scenario" if place == ("extends",) else "the name of a file"
        shown = f"{show(name)}, which is no file"
        hint = near_miss(name, names)
        raise ScenarioError([problem_at(tree, place, shown, expected, hint)])
    return found


def _is_there(path: FilePath) -> bool:
    """Check that there is such a file or folder; a name that none can have is not."""
    try:
        return path.exists()
    except OSError:
        return False


def _is_file(path: FilePath) -> bool:
    """Check that there is such a file; a name that no file can have is none."""
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
