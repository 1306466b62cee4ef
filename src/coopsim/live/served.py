"""A scenario as it is served: played as it is written, and what a reader changed of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from coopsim import api
from coopsim.errors import UsageError
from coopsim.live.panel import ControlPanel
from coopsim.live.wishes import LiveWish
from coopsim.presentation.pages import live as pages
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.wording import Wording
from coopsim.scenario.files import scenario_file
from coopsim.scenario.influences import Influences
from coopsim.scenario.loading import Loaded
from coopsim.scenario.sources.claims import no_claims
from coopsim.scenario.sources.support import Support, support
from coopsim.simulation.results.shelf import find_result
from coopsim.simulation.results.store import SCENARIO

MOST_RUNS = 20_000  # timelines of an answer


@dataclass(frozen=True, slots=True)
class ServedScenario:
    """A scenario as it is written: played, with what its numbers rest on."""

    loaded: Loaded
    played: api.Played
    support: Support
    influences: Influences
    panel: ControlPanel

    @property
    def name(self) -> str:
        """Get the scenario's id and its hash."""
        return self.played.name

    @property
    def leading(self) -> tuple[str, ...]:
        """Get the headline questions, or all where none is named."""
        scenario = self.loaded.scenario
        return scenario.headlines or tuple(scenario.outcomes)

    @classmethod
    def played_from(cls, loaded: Loaded, file: Path | None, results: Path) -> ServedScenario:
        """Play what was loaded, from a file or from a result; raises as `play` does."""
        supported, acting = _support(file, loaded), api.influences(loaded)
        runs = min(loaded.scenario.runs, MOST_RUNS)
        panel = ControlPanel(loaded, supported, acting, results)
        return cls(loaded, api.play(loaded, runs=runs), supported, acting, panel)


def files_of(name: str, results: Path) -> tuple[Path | None, Path]:
    """Find the scenario file that is edited, none of a result, and the one that is run again."""
    if Path(name).suffix not in (".yaml", ".yml"):
        with suppress(UsageError):
            return None, find_result(name, results).folder / SCENARIO
    return scenario_file(name), scenario_file(name)


def _support(file: Path | None, loaded: Loaded) -> Support:
    if file is not None:
        return api.sources(file)
    return support(loaded.scenario.scenario, loaded.tree, no_claims())


def changes_of(panel: ControlPanel, wish: LiveWish) -> Iterator[pages.ReaderChange]:
    """List what a reader has changed, with what was written there."""
    known = panel.at(wish.settings)
    for path, value in wish.settings.items():
        control = known.get(path)
        name, written = (path, "") if control is None else (control.name, control.written)
        yield pages.ReaderChange(path, name, written, value)


def source_text(base: ServedScenario, own: Sequence[pages.ReaderChange]) -> str:
    """Tell from what answers come."""
    scenario = base.loaded.scenario
    changed = f" with {counted(len(own), 'change')} of yours" if own else ""
    known = Wording.of(scenario).as_of
    return f"{base.name}{changed}, as of {known}"
