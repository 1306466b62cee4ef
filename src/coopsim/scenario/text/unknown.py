"""Names that name nothing: each told once, with every line that has it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from coopsim.errors import Problem
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import Path, listing, show
from coopsim.scenario.text.tree import problem_at

_MAX_HINTS = 30  # near misses looked for; each is held against every name
_FEW = 8  # names, or lines, that a message lists


@dataclass(slots=True)
class _Unknown:
    """One wrong name with every place where it stands."""

    found: str
    expected: str
    known: Collection[str]
    hint: str | None
    paths: list[Path] = field(default_factory=list)


class UnknownNames:
    """The wrong names of a tree."""

    def __init__(self, tree: object) -> None:
        self.tree = tree
        self._found: dict[tuple[str, str], _Unknown] = {}

    def add(
        self,
        path: Path,
        found: str,
        expected: str,
        known: Collection[str],
        hint: str | None = None,
    ) -> None:
        """Note that a name at a path is none of those known there."""
        one = self._found.get((found, expected))
        if one is None:
            one = self._found[found, expected] = _Unknown(found, expected, known, hint)
        one.paths.append(path)

    def problems(self) -> list[Problem]:
        """List each wrong name at the first place where it stands, the first with a near miss."""
        problems = []
        for count, one in enumerate(self._found.values()):
            near = near_miss(one.found, one.known) if count < _MAX_HINTS else None
            problems.append(self._told_once(one, one.hint or near))
        return problems

    def _told_once(self, one: _Unknown, meant: str | None) -> Problem:
        places = [problem_at(self.tree, path, show(one.found), one.expected) for path in one.paths]
        places.sort(key=lambda place: (place.file or "", place.line or 0))
        also = _also(places[0], places[1:])
        hint = f"{meant} ({also})" if meant and also else meant or also
        return replace(places[0], hint=hint)


def one_of_few(what: str, names: Collection[str]) -> str:
    """Describe what was expected, with all there are of it where they are few."""
    if not names:
        return f"{what}; there is none"
    return f"{what}: {listing(names)}" if len(names) <= _FEW else what


def _also(first: Problem, others: list[Problem]) -> str | None:
    """List the lines where else the same stands, or count them where they are many."""
    lines = dict.fromkeys(
        str(one.line) if one.file == first.file else f"{one.file}:{one.line}"
        for one in others
        if one.line is not None and (one.file, one.line) != (first.file, first.line)
    )
    if not others:
        return None
    if not lines or len(lines) > _FEW:
        return f"the same in {len(others):,} more place{'' if len(others) == 1 else 's'}"
    return f"the same in line{'' if len(lines) == 1 else 's'} {listing(lines, 'and')}"
