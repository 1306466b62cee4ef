"""What there is to draw of a result: one panel for each question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes

from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.kinds.dates import DateSummary, IncidenceCurve
from coopsim.analysis.summaries import Summary
from coopsim.presentation.figures.kinds.families import (
    DATES,
    DrawnQuestion,
    FigureFamily,
    family_of,
)
from coopsim.presentation.figures.kinds.panels import Named
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.sheets import Caption, Rectangle, Sheet
from coopsim.presentation.words.wording import SHORT_ERROR, Wording, timelines

_LEADING = 5  # questions
TOGETHER = 6  # so many curves are drawn in one panel


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
        about = f"As of {self.words.as_of}. {about}"
        return Sheet.make(self.words.heading, about, footer, body_height)

    def drawn(self, family: FigureFamily[Any, Any]) -> list[str]:
        """List the questions of one family that there is something to draw of, in their order.

        Headline questions lead; else the order is the scenario's.
        """
        return [
            name
            for name in self.words.in_order(self.curves)
            if isinstance(self.curves[name], family.curve) and family.has_values(self.curves[name])
        ]

    def all_named(self) -> list[Named]:
        """List the curves of dates with their titles, in the order of their panels."""
        return list(self.named(self.drawn(DATES)).values())

    def named(self, names: Iterable[str]) -> dict[str, Named]:
        """Add to those of some curves that are of dates their titles and last days."""
        curves = ((name, self.curves[name]) for name in names)
        return {
            name: Named(self.words.titles[name], self.words.closings[name], curve)
            for name, curve in curves
            if isinstance(curve, IncidenceCurve)
        }

    def leading(self) -> dict[str, Named]:
        """Choose the questions of dates to lead with: the headlines, where there are any.

        Else they are the first that stay open to the end.
        """
        summary = self.summary
        chosen = (
            self.words.headlines
            or [
                name
                for name, outcome in summary.outcomes.items()
                if isinstance(outcome, DateSummary)
                and self.words.closings[name] == summary.end
                and not outcome.title.startswith("...")
            ][:_LEADING]
        )
        return dict(list(self.named(chosen).items())[:TOGETHER])

    def asked(self, name: str) -> DrawnQuestion[Any, Any]:
        """Collect what a family needs of a question."""
        summary, words = self.summary.outcomes[name], self.words
        end = words.more_cooperation.get(name)
        return DrawnQuestion(summary, self.curves[name], words.closings[name], words, end)

    def panel(self, name: str) -> Panel:
        """Make the panel of a question."""
        asked, family = self.asked(name), family_of(self.curves[name])
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
