"""Which assumptions move the headline answers most: as kept analyses say, or as measured here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coopsim import api
from coopsim.errors import CoopsimError, StoppedError
from coopsim.experiments.sensitivity import MovedAssumption
from coopsim.presentation.words.wording import timelines
from coopsim.scenario.changes.ranges import Swing, movable_assumptions
from coopsim.scenario.loading import Loaded
from coopsim.scenario.plain.replanning import replanned
from coopsim.scenario.plain.tree import path_as_written
from coopsim.simulation.workers.playing import Cancelled

_RUNS = 200  # timelines of each variant: what moves an answer most shows in few
_LARGEST = 50_000_000  # bytes of a file that a sensitivity analysis may have left
_Number = Annotated[float, Field(allow_inf_nan=False)]


class Ranking:
    """How much each assumption moves the headline answers.

    A sensitivity analysis of the same assumptions that lies among the results says so; else that
    is measured, one driver, event or reference after the other.
    """

    def __init__(self, loaded: Loaded, entries: Sequence[str], results: Path) -> None:
        self._loaded, self._tree = loaded, replanned(loaded.tree)
        self._effects: dict[str, float] = {}
        kept = kept_sensitivity(loaded, results)
        self._left = [] if kept else list(entries)
        self._about = f"Measured on {timelines(_RUNS)} of each low and high."
        if kept is not None:
            self._about = f"From {kept.folder}: {timelines(kept.runs)} of each low and high."
            self._note(kept.effects)

    @property
    def known(self) -> bool:
        """Check whether it is known of all."""
        return not self._left

    @property
    def about(self) -> str:
        """Tell from what it is known; empty as long as it is not."""
        return self._about if self.known else ""

    def effect(self, path: str) -> float:
        """Get how much an assumption moves the answers, 0 as long as it is not known of all."""
        while path and self.known:
            if path in self._effects:
                return self._effects[path]
            path = path.rpartition(".")[0]
        return 0.0

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
        self._note({one.path: _size(one) for one in found})
        self._left.remove(entry)

    def _note(self, effects: Mapping[str, float]) -> None:
        for path, effect in effects.items():
            self._effects[path_as_written(self._tree, path)] = effect


def _size(moved: MovedAssumption) -> float:
    """Add up what an assumption does to the answers, as far as it is detectable."""
    spans = (effect.span for effect in moved.effects.values())
    return sum(abs(span.value) for span in spans if span.told_from_zero)


# --- what was kept ------------------------------------------------------------------------------


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class _KeptSpan(_Kept):
    value: _Number
    interval: tuple[_Number, _Number] | None
    everywhere: bool

    @property
    def told_from_zero(self) -> bool:
        known = self.interval is not None and not self.interval[0] <= 0 <= self.interval[1]
        return known or self.everywhere


class _KeptResponse(_Kept):
    span: _KeptSpan


class _KeptAssumption(_Kept):
    path: str
    effects: dict[str, _KeptResponse]


class _KeptFile(_Kept):
    hash: str
    runs: Annotated[int, Field(ge=1)]
    assumptions: list[_KeptAssumption]
    unmoved: dict[str, str]


@dataclass(frozen=True, slots=True)
class KeptSensitivity:
    """What a sensitivity analysis among the results says: the sizes of effects, by path."""

    folder: str
    runs: int
    effects: Mapping[str, float]


def kept_sensitivity(loaded: Loaded, results: Path) -> KeptSensitivity | None:
    """Find the sensitivity analysis of the most timelines that moved all assumptions of a scenario.

    It was made of the same assumptions, and asked all headline questions; None where there is none.
    """
    analyses = list(_analyses(loaded, results))
    if not analyses:
        return None
    asked = loaded.scenario.headlines or tuple(loaded.scenario.outcomes)
    start = loaded.scenario.start.first
    every = {one.name for one in movable_assumptions(loaded.tree, start, Swing())}
    found = [
        KeptSensitivity(file.parent.name, kept.runs, dict(_sizes(kept.assumptions, asked)))
        for file, kept in analyses
        if every <= {*(one.path for one in kept.assumptions), *kept.unmoved}
        and all(name in one.effects for one in kept.assumptions for name in asked)
    ]
    return max(found, key=lambda one: one.runs, default=None)


def _sizes(moved: Iterable[_KeptAssumption], asked: Sequence[str]) -> Iterator[tuple[str, float]]:
    for one in moved:
        spans = (one.effects[name].span for name in asked)
        yield one.path, sum(abs(span.value) for span in spans if span.told_from_zero)


def _analyses(loaded: Loaded, results: Path) -> Iterator[tuple[Path, _KeptFile]]:
    """Read what analyses of the same assumptions left; what cannot be read is passed over."""
    folders = f"sensitivity-{loaded.scenario.scenario}-{loaded.hash}-*/answer.json"
    for file in sorted(results.glob(folders)):
        try:
            if file.stat().st_size > _LARGEST:
                continue
            kept = _KeptFile.model_validate_json(file.read_bytes())
        except (OSError, ValidationError):  # another kind of analysis, or a file that was cut
            continue
        if kept.hash == loaded.hash:
            yield file, kept
