"""The assumptions that can be moved: which are offered first, and which a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from coopsim.live.ranking import Ranking
from coopsim.live.stops import stops, value_path, written
from coopsim.presentation.pages.controls import Control
from coopsim.presentation.pages.evidence import BASIS_WORDS
from coopsim.presentation.words.assumptions import assumption_name
from coopsim.presentation.words.wording import plain_id
from coopsim.scenario.changes.ranges import room_of
from coopsim.scenario.changes.setting import find_path
from coopsim.scenario.grammar import ASSUMING
from coopsim.scenario.influences import Influences
from coopsim.scenario.loading import Loaded
from coopsim.scenario.plain.plans import made_of
from coopsim.scenario.plain.replanning import replanned
from coopsim.scenario.plain.tree import PLANS
from coopsim.scenario.sources.assumptions import Assumption
from coopsim.scenario.sources.support import Support

_OFFERED, _FOUND = 12, 20
_STEPS_AROUND = 3  # from a headline question, within which assumptions are offered at first


class ControlPanel:
    """All assumptions of a scenario as controls, those that move its headline answers most first.

    As long as that is not known, those are offered that are nearest to the headline questions.
    Levels at the start are not offered: they were observed.
    """

    def __init__(
        self, loaded: Loaded, support: Support, influences: Influences, results: Path
    ) -> None:
        self._all = tuple(_controls(support, _titles(influences), loaded))
        near = list(_nearest(influences, loaded.scenario.headlines or tuple(influences.outcomes)))
        self._near = {entry: place for place, entry in enumerate(near)}
        every = [*near, *(part for one in self._all for part in _parts(_entry(one.path)))]
        entries = [one for one in dict.fromkeys(every) if one.partition(".")[0] in ASSUMING]
        self.ranking = Ranking(loaded, entries, results)

    def offered(self) -> tuple[Control, ...]:
        """List the controls that are shown at once."""
        last = len(self._near)

        def place(one: Control) -> tuple[float, int]:
            near = min(self._near.get(part, last) for part in _parts(_entry(one.path)))
            return -self.ranking.effect(one.path), near

        shown = [one for one in self.movable if ".initial." not in one.path]
        return tuple(sorted(shown, key=place)[:_OFFERED])

    @property
    def movable(self) -> tuple[Control, ...]:
        """List the controls that have a slider."""
        return tuple(one for one in self._all if one.stops)

    def found(self, text: str) -> tuple[Control, ...]:
        """List the first controls in whose name or path all words of a text stand."""
        words = text.lower().split()
        if not words:
            return ()
        fit = (one for one in self._all if all(word in _searched(one) for word in words))
        return tuple(one for one, _ in zip(fit, range(_FOUND), strict=False))

    def at(self, paths: Iterable[str]) -> dict[str, Control]:
        """Find the controls at some paths."""
        wanted = set(paths)
        return {one.path: one for one in self._all if one.path in wanted}


def _searched(one: Control) -> str:
    return f"{one.name} {one.path}".lower()


def _controls(support: Support, titles: dict[str, str], loaded: Loaded) -> Iterator[Control]:
    start, tree = loaded.scenario.start.first, replanned(loaded.tree)
    own = (
        one
        for one in support.supported
        if one.assumption.section in (*ASSUMING, PLANS) and one.assumption.reference is None
    )
    for path, numbers in groupby(own, key=lambda one: value_path(one.assumption.path)):
        ones = list(numbers)
        assumptions = [one.assumption for one in ones]
        chance = assumptions[0].kind == "chance"
        most = room_of(tree, find_path(tree, path, path)) if chance else 1.0
        yield Control(
            path=path,
            name=assumption_name(_title(assumptions[0], titles), path),
            kind=assumptions[0].kind,
            written=written(assumptions),
            basis=", ".join(dict.fromkeys(BASIS_WORDS[one.basis] for one in ones)),
            stops=() if ".open." in path else stops(assumptions, start, most),  # no sky is moved
        )


def _title(one: Assumption, titles: dict[str, str]) -> str:
    entry = _entry(one.path)
    return titles.get(entry) or one.title or plain_id(entry.partition(".")[2])


def _titles(influences: Influences) -> dict[str, str]:
    drivers = {f"drivers.{name}": title for name, title in influences.drivers.items()}
    return drivers | {f"events.{name}": title for name, title in influences.events.items()}


def _entry(path: str) -> str:
    return ".".join(path.split(".")[:2])


def _parts(entry: str) -> tuple[str, ...]:
    """Name the driver and the review that a plan was turned into, or any other entry itself."""
    section, _, name = entry.partition(".")
    return made_of(name) if section == PLANS else (entry,)


def _nearest(influences: Influences, questions: Iterable[str]) -> Iterator[str]:
    """List the drivers and events around some questions, step by step."""
    reached = list(dict.fromkeys(questions))
    for _ in range(_STEPS_AROUND):
        sources = [one.source for target in reached for one in influences.on(target)]
        reached = list(dict.fromkeys(sources))
        for name in reached:
            home = name.partition(": ")[0]
            yield f"{'drivers' if home in influences.drivers else 'events'}.{home}"
