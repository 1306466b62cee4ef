"""The assumptions that can be moved: which are offered first, and which a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from coopsim import api
from coopsim.errors import CoopsimError, StoppedError
from coopsim.experiments.sensitivity import MovedAssumption
from coopsim.live.stops import stops, value_path, written
from coopsim.presentation.pages.live import Control
from coopsim.presentation.words.assumptions import assumption_name
from coopsim.presentation.words.wording import plain_id
from coopsim.scenario.grammar import ASSUMING
from coopsim.scenario.influences import Influences
from coopsim.scenario.loading import Loaded
from coopsim.scenario.plain.tree import PLANS
from coopsim.scenario.sources.assumptions import Assumption
from coopsim.scenario.sources.support import Support
from coopsim.simulation.workers.playing import Cancelled

_OFFERED, _FOUND = 12, 20
_RUNS = 200  # timelines of each variant: what moves an answer most shows in few
_STEPS_AROUND = 3  # from a headline question, within which assumptions are offered at first


class ControlPanel:
    """All assumptions of a scenario as controls, those that move its headline answers most first.

    Until that has been measured, those are offered that are nearest to the headline questions.
    Levels at the start are not offered: they were observed.
    """

    def __init__(self, loaded: Loaded, support: Support, influences: Influences) -> None:
        self._loaded = loaded
        start = loaded.scenario.start.first
        self._all = tuple(_controls(support, _titles(influences), start))
        near = list(_nearest(influences, loaded.scenario.headlines or tuple(influences.outcomes)))
        self._near = {entry: place for place, entry in enumerate(near)}
        self._effects: dict[str, float] = {}
        self._left = [entry for entry in near if entry.partition(".")[0] in ASSUMING]
        rest = dict.fromkeys(_entry(control.path) for control in self._all)
        self._left += [one for one in rest if one not in near and one.partition(".")[0] in ASSUMING]

    @property
    def measured(self) -> bool:
        """Check whether it is known what moves the answers most."""
        return not self._left

    def offered(self) -> tuple[Control, ...]:
        """List the controls that are shown at once."""
        last = len(self._near)

        def place(one: Control) -> tuple[float, int]:
            effect = self._effects.get(one.path, 0.0) if self.measured else 0.0
            return -effect, self._near.get(_entry(one.path), last)

        movable = [one for one in self._all if one.stops and ".initial." not in one.path]
        return tuple(sorted(movable, key=place)[:_OFFERED])

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

    def measure(self, cancelled: Cancelled) -> None:
        """Move the assumptions of one more entry; raises StoppedError where that is cancelled."""
        entry = self._left[0]
        try:
            found = api.sensitivity(
                self._loaded, self._loaded.scenario.headlines, runs=_RUNS, only=(f"{entry}.",),
                cancelled=cancelled,
            ).assumptions  # fmt: skip
        except StoppedError:
            raise
        except CoopsimError:  # nothing of it can be moved
            found = ()
        for moved in found:
            for control in self._all:
                if control.path == moved.path or control.path.startswith(f"{moved.path}."):
                    self._effects[control.path] = _size(moved)
        self._left.remove(entry)


def _size(moved: MovedAssumption) -> float:
    """Add up what an assumption does to the answers, as far as it is detectable."""
    spans = (effect.span for effect in moved.effects.values())
    return sum(abs(span.value) for span in spans if span.told_from_zero)


def _searched(one: Control) -> str:
    return f"{one.name} {one.path}".lower()


def _controls(support: Support, titles: dict[str, str], start: int) -> Iterator[Control]:
    own = (
        one
        for one in support.supported
        if one.assumption.section in (*ASSUMING, PLANS) and one.assumption.reference is None
    )
    for path, numbers in groupby(own, key=lambda one: value_path(one.assumption.path)):
        ones = list(numbers)
        assumptions = [one.assumption for one in ones]
        yield Control(
            path=path,
            name=assumption_name(_title(assumptions[0], titles), path),
            written=written(assumptions),
            basis=", ".join(dict.fromkeys(one.basis.value for one in ones)),
            stops=() if ".open." in path else stops(assumptions, start),  # no sky is moved
        )


def _title(one: Assumption, titles: dict[str, str]) -> str:
    entry = _entry(one.path)
    return titles.get(entry) or one.title or plain_id(entry.partition(".")[2])


def _titles(influences: Influences) -> dict[str, str]:
    drivers = {f"drivers.{name}": title for name, title in influences.drivers.items()}
    return drivers | {f"events.{name}": title for name, title in influences.events.items()}


def _entry(path: str) -> str:
    return ".".join(path.split(".")[:2])


def _nearest(influences: Influences, questions: Iterable[str]) -> Iterator[str]:
    """List the drivers and events around some questions, step by step."""
    reached = list(dict.fromkeys(questions))
    for _ in range(_STEPS_AROUND):
        sources = [one.source for target in reached for one in influences.on(target)]
        reached = list(dict.fromkeys(sources))
        for name in reached:
            home = name.partition(": ")[0]
            yield f"{'drivers' if home in influences.drivers else 'events'}.{home}"
