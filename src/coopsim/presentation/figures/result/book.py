"""What there is to draw of a result: one panel for each question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.kinds.dates import DateSummary, IncidenceCurve
from coopsim.analysis.summaries import Summary
from coopsim.presentation.figures.kinds.families import DrawnQuestion, FigureFamily
from coopsim.presentation.figures.kinds.panels import Named
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.sheets import Caption, Rectangle, Sheet
from coopsim.presentation.words.wording import SHORT_ERROR, Wording, timelines

_LEADING = 5  # questions


@dataclass(frozen=True, slots=True)
class Panel:
    """One question to draw, what stands above it, and the room for its labels."""

    title: str
    note: str
    margin: Margin
    draw: Callable[[Axes], object]


@dataclass(frozen=True, slots=True)
class Book:
    """What all pages of a result need."""

    words: Wording
    summary: Summary
    curves: Mapping[str, Curve]

    def sheet(self, about: str, body_height: float) -> Sheet:
        """Make a page; its footer says what it is of, and what its bands mean."""
        summary = self.summary
        footer = (
            f"{summary.scenario}-{summary.hash}: {timelines(summary.runs)}, seed {summary.seed}, "
            f"{summary.start} to {summary.end}. Bands and error bars: 95 % {SHORT_ERROR}."
        )
        return Sheet.make(self.words.heading, about, footer, body_height)

    def panels(self, family: FigureFamily[Any, Any]) -> list[Panel]:
        """List the panels of one family of questions, in the scenario's order."""
        return [
            self._panel(name, family)
            for name, curve in self.curves.items()
            if isinstance(curve, family.curve) and family.has_values(curve)
        ]

    def all_named(self) -> list[Named]:
        """List the curves of dates with their titles, in the scenario's order."""
        curves = self.curves.items()
        return [self.named(name, c) for name, c in curves if isinstance(c, IncidenceCurve)]

    def named(self, name: str, curve: IncidenceCurve) -> Named:
        """Add to a curve of dates its title and last day."""
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

    def asked(self, name: str) -> DrawnQuestion[Any, Any]:
        """Collect what a family needs of a question."""
        summary, words = self.summary.outcomes[name], self.words
        return DrawnQuestion(summary, self.curves[name], words.closings[name], words)

    def _panel(self, name: str, family: FigureFamily[Any, Any]) -> Panel:
        asked = self.asked(name)
        return Panel(
            title=self.words.titles[name],
            note=family.note(asked),
            margin=family.margin(asked.curve),
            draw=lambda ax: family.draw(ax, asked),
        )


def draw_panels(sheet: Sheet, panels: Sequence[Panel], box: Rectangle, columns: int) -> None:
    """Draw panels into a box of a page, row by row; fewer than the columns fill the width."""
    captions = [Caption(panel.title, panel.note, panel.margin.inches) for panel in panels]
    for panel, ax in zip(panels, sheet.panels(box, captions, columns), strict=True):
        panel.draw(ax)
