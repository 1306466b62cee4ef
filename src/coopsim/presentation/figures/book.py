"""What there is to draw of a result: one panel for each question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.kinds.counts import CountBars
from coopsim.analysis.kinds.dates import DateSummary, IncidenceCurve
from coopsim.analysis.kinds.firsts import CompetingCurves
from coopsim.analysis.kinds.gaps import GapCurve
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.analysis.summaries import Summary
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.sheets import Caption, Rectangle, Sheet
from coopsim.presentation.figures.notes import note
from coopsim.presentation.figures.panels import (
    Named,
    draw_competing,
    draw_counts,
    draw_fan,
    draw_gap,
    draw_incidence,
    draw_levels,
)
from coopsim.presentation.words.wording import (
    SIMULATION_ERROR,
    Wording,
    timelines,
)

_LEADING = 5  # questions
_EDGE = Margin(1.0)
_NAMES = Margin(1.8)


@dataclass(frozen=True, slots=True)
class Panel:
    """Hold what is needed to draw one question."""

    title: str
    note: str
    margin: Margin
    draw: Callable[[Axes], object]


@dataclass(frozen=True, slots=True)
class Book:
    """Hold what all pages of a result need."""

    words: Wording
    summary: Summary
    curves: Mapping[str, Curve]

    def sheet(self, about: str, body_height: float) -> Sheet:
        """Make a page; its footer says what it is of, and what its bands mean."""
        summary = self.summary
        footer = (
            f"{summary.scenario}-{summary.hash}: {timelines(summary.runs)}, seed {summary.seed}, "
            f"{summary.start} to {summary.end}. Bands and error bars: 95 % {SIMULATION_ERROR}."
        )
        return Sheet.make(self.words.heading, about, footer, body_height)

    def panels(self, kind: type[Curve]) -> list[Panel]:
        """List the panels of one kind of question, in the scenario's order."""
        return [
            panel
            for name, curve in self.curves.items()
            if isinstance(curve, kind) and (panel := self._panel(name, curve)) is not None
        ]

    def all_named(self) -> list[Named]:
        """List the curves of dates with their titles, in the scenario's order."""
        curves = self.curves.items()
        return [self.named(name, c) for name, c in curves if isinstance(c, IncidenceCurve)]

    def named(self, name: str, curve: IncidenceCurve) -> Named:
        """Name a curve of dates."""
        return Named(self.words.titles[name], self.words.closings[name], curve)

    def leading(self) -> dict[str, Named]:
        """Choose the first questions of dates that stay open to the end, to lead with."""
        summary = self.summary
        chosen = [
            name
            for name, outcome in summary.outcomes.items()
            if isinstance(outcome, DateSummary)
            and self.words.closings[name] == summary.end
            and not outcome.title.startswith("...")
        ]
        curves = {name: self.curves[name] for name in chosen[:_LEADING]}
        return {
            name: self.named(name, curve)
            for name, curve in curves.items()
            if isinstance(curve, IncidenceCurve)
        }

    def _panel(self, name: str, curve: Curve) -> Panel | None:
        title = self.words.titles[name]
        span = curve.unit if isinstance(curve, CountBars) else "year"
        below = note(self.summary.outcomes[name], self.words.closings[name], span)
        match curve:
            case IncidenceCurve():
                named = self.named(name, curve)
                return Panel(title, below, _EDGE, lambda ax: draw_incidence(ax, named))
            case CompetingCurves():
                branches = [self.words.branch(label) for label in curve.labels]
                return Panel(
                    title, below, _NAMES, lambda ax: draw_competing(ax, curve, branches, _NAMES)
                )
            case CountBars():
                return Panel(title, below, Margin(0.1), lambda ax: draw_counts(ax, curve))
            case LevelShares():
                margin = Margin.fitting((f"{level} >99 %" for level in curve.labels), 1.8)
                return Panel(title, below, margin, lambda ax: draw_levels(ax, curve, margin))
            case IndexFan():
                return Panel(title, below, _EDGE, lambda ax: draw_fan(ax, curve))
            case GapCurve():
                gap = Panel(title, below, _EDGE, lambda ax: draw_gap(ax, curve))
                return gap if len(curve.years) else None
            case _:
                raise TypeError(type(curve).__name__)


def draw_panels(sheet: Sheet, panels: Sequence[Panel], box: Rectangle, columns: int) -> None:
    """Draw panels into a box of a page, row by row; fewer than the columns fill the width."""
    captions = [Caption(panel.title, panel.note, panel.margin.inches) for panel in panels]
    for panel, ax in zip(panels, sheet.panels(box, captions, columns), strict=True):
        panel.draw(ax)
