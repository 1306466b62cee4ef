"""What each change accounts for: a panel for each answer that changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from matplotlib.axes import Axes

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.statistics.estimates import Interval
from coopsim.experiments.attribution import Attribution, Explained
from coopsim.presentation.figures.kit.labels import wrap
from coopsim.presentation.figures.kit.sheets import (
    BODY,
    Caption,
    Rectangle,
    Sheet,
    evenly,
    numbered,
    save_pages,
)
from coopsim.presentation.figures.kit.style import INK, LINES, POINTS, SOFT, TEXT
from coopsim.presentation.figures.kit.whiskers import (
    HATCHED,
    PLAIN,
    UNSURE,
    draw_whisker,
    draw_zero,
    frame_rows,
    scale_below,
)
from coopsim.presentation.views.cells import difference_cell, years_cell
from coopsim.presentation.views.whatif import attribution_title
from coopsim.presentation.words.assumptions import (
    SCALES,
    UNIT_WORDS,
    base_median,
    outcome_name,
    value_text,
)
from coopsim.presentation.words.kinds import family_of
from coopsim.presentation.words.wording import NO_EFFECT, SHORT_ERROR, not_by, timelines

_NAMES = 2.2  # inches
_NUMBERS = 1.0  # inches for the numbers right of the axes
_GUTTER = 14  # points
_ROW = 0.3
_BELOW = 0.62  # inches for the scale below a panel
_WIDTH = next(Rectangle(0, 0, BODY, 0).grid(1, 2)).width  # of a panel
_SHOWN = 8  # changes in a panel
_ON_PAGE = 8  # panels
_ROOM = 0.06  # of a scale, at both ends
_WHOLE, _PART = LINES[3][0], LINES[0][0]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change and what it accounts for, as a number and as text."""

    name: str
    difference: PairedEstimate
    text: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ExplainedPanel:
    """An answer, and what each change does to its number, or to its median in years.

    `reach` is how far the scale goes, the same in all panels of a `unit`.
    """

    name: str
    answer: Explained
    rows: tuple[ChangeRow, ...]
    unit: str
    reach: Interval = (0.0, 0.0)

    @property
    def scale(self) -> float:
        """Get by what the differences are multiplied."""
        return 1.0 if self.unit == "years" else SCALES[self.unit][0]

    @property
    def note(self) -> str:
        """Count the changes that have no row."""
        count = len(self.answer.parts) - len(self.rows) + 1
        if not count:
            return ""
        changes = "1 other change" if count == 1 else f"{count} other changes"
        effect = "no detectable effect" if len(self.rows) <= _SHOWN else "less effect, or none"
        return f"{changes}: {effect}"

    @property
    def ends(self) -> Interval:
        """Find the lowest and the highest end of the whiskers, as they are drawn."""
        differences = [row.difference for row in self.rows]
        ends = [end for one in differences for end in (one.value, *(one.interval or ()))]
        return self.scale * min(0.0, *ends), self.scale * max(0.0, *ends)


def draw_attribution(found: Attribution, folder: Path) -> list[Path]:
    """Draw what each change accounts for, as PNG and SVG; gives the files."""
    return save_pages(_pages(found, panels_of(found)), folder)


def panels_of(found: Attribution) -> list[ExplainedPanel]:
    """Make a panel of each answer in which some change has a detectable effect, on one scale."""
    made = [panel for name, one in found.outcomes.items() for panel in _panels(found, name, one)]
    reaches = {
        unit: (min(low for low, _ in ends), max(high for _, high in ends))
        for unit in dict.fromkeys(panel.unit for panel in made)
        if (ends := [panel.ends for panel in made if panel.unit == unit])
    }
    return [replace(panel, reach=reaches[panel.unit]) for panel in made]


def _panels(found: Attribution, name: str, one: Explained) -> Iterator[ExplainedPanel]:
    """Yield the panel of an answer: of its number, or of its date where that says more."""
    numbers = ExplainedPanel(name, one, tuple(_rows(found, one)), one.before.unit)
    medians = ExplainedPanel(name, one, tuple(_median_rows(found, one)), "years")
    for panel in (medians, numbers) if one.by_date else (numbers, medians):
        if any(row.difference.told_from_zero for row in panel.rows):
            yield panel
            return


def _pages(found: Attribution, panels: Sequence[ExplainedPanel]) -> Iterator[tuple[str, Sheet]]:
    for stem, shown in numbered("explained", evenly(panels, _ON_PAGE) or [[]]):
        yield stem, _sheet(found, shown, len(found.outcomes) - len(panels))


def _sheet(found: Attribution, panels: Sequence[ExplainedPanel], others: int) -> Sheet:
    lines = [panels[first : first + 2] for first in range(0, len(panels), 2)]
    heights = [max(map(_height, line)) for line in lines]
    footer = (
        f"{timelines(found.runs)} of each combination of "
        f"changes with the same luck, seed {found.seed}. Whiskers, ±: 95 % {SHORT_ERROR}. Pale, "
        f"~0: no detectable effect.{_folded(others)}"
    )
    about = (
        f"As of {found.as_of}. What each change adds, averaged over the orders in which they can "
        "be made; they sum up. All panels of one unit have one scale"
    )
    heading = attribution_title(found)
    sheet = Sheet.make(heading, about, footer, sum(heights) if panels else 0.5)
    if not panels:
        sheet.say(NO_EFFECT)
    top = sheet.body.bottom + sheet.body.height
    for line, high in zip(lines, heights, strict=True):
        top -= high
        boxes = Rectangle(sheet.body.left, top, sheet.body.width, high).grid(1, 2)
        for panel, box in zip(line, boxes, strict=False):
            _draw_panel(sheet, box, panel)
    return sheet


def _height(panel: ExplainedPanel) -> float:
    """Measure a panel in inches: its heading, its rows, and the scale below them."""
    return _heading(panel).height + _ROW * len(panel.rows) + _BELOW


def _heading(panel: ExplainedPanel) -> Caption:
    """Write what a panel is of, its values, and how many changes have no row."""
    values = _values(panel).replace(" ", "\N{NO-BREAK SPACE}")
    said = f"{outcome_name(panel.answer.before, panel.name)}: {values}"
    return Caption(said, panel.note).wrapped(_WIDTH * POINTS - _GUTTER)


def _folded(others: int) -> str:
    """Count the answers that have no panel."""
    if not others:
        return ""
    return (
        " 1 other answer does not differ."
        if others == 1
        else (f" {others} other answers do not differ.")
    )


def _values(panel: ExplainedPanel) -> str:
    """Write the answer before and after, as the panel counts it."""
    ends = (panel.answer.before, panel.answer.after)
    if panel.unit == "years":
        texts = [base_median(each) or not_by(each.closes) for each in ends]
        return f"median {' to '.join(texts)}"
    return " to ".join(value_text(each.value, each.interval, each.unit) for each in ends)


def _draw_panel(sheet: Sheet, box: Rectangle, panel: ExplainedPanel) -> None:
    heading = _heading(panel)
    sheet.write(box.left, box.bottom + box.height, heading)
    top = box.bottom + box.height - heading.height
    high = _ROW * len(panel.rows)
    wide = box.width - _NAMES - _NUMBERS
    ax = sheet.axes(Rectangle(box.left + _NAMES, top - high, wide, high))
    draw_parts(ax, panel.rows, panel.scale)
    low, high = panel.reach
    room = _ROOM * (high - low)
    ax.set_xlim(low - room, high + room)
    words = family_of(panel.answer.before.kind).median_change
    later = f"median: {words}" if panel.unit == "years" else f"change in {UNIT_WORDS[panel.unit]}"
    ax.set_xlabel(later, fontsize=TEXT)


def _rows(found: Attribution, one: Explained) -> list[ChangeRow]:
    """List what changes an answer's number, most first, and all together."""
    unit, titles = one.before.unit, {change.name: change.title for change in found.changes}
    rows = [_row(titles[name], part.share, unit) for name, part in one.parts.items()]
    return [*_largest(rows), replace(_row("Together", one.change, unit), whole=True)]


def _median_rows(found: Attribution, one: Explained) -> list[ChangeRow]:
    """List what changes the median of an answer, if there is one before and after."""
    if one.median_change is None:
        return []
    titles = {change.name: change.title for change in found.changes}
    shares = [(name, part.median_share) for name, part in one.parts.items()]
    rows = [_row(titles[name], share, "years") for name, share in shares if share is not None]
    together = replace(_row("Together", one.median_change, "years"), whole=True)
    return [*_largest(rows), together]


def _largest(rows: Sequence[ChangeRow]) -> list[ChangeRow]:
    """Choose the changes that have a detectable effect, the largest first."""
    told = [row for row in rows if row.difference.told_from_zero]
    return sorted(told, key=lambda row: -abs(row.difference.value))[:_SHOWN]


def _row(name: str, difference: PairedEstimate, unit: str) -> ChangeRow:
    cell = years_cell(difference) if unit == "years" else difference_cell(difference, unit)
    return ChangeRow(name, difference, f"{cell.text} {cell.mark}".strip())


def draw_parts(ax: Axes, rows: Sequence[ChangeRow], scale: float) -> Axes:
    """Draw a bar with its whisker for each change and write its value, one for all together."""
    for place, row in enumerate(rows):
        difference, value = row.difference, scale * row.difference.value
        alpha = 1.0 if difference.told_from_zero else UNSURE
        colour, line, fill = (_WHOLE, SOFT, PLAIN) if row.whole else (_PART, INK, HATCHED)
        ax.barh(place, value, height=0.62, alpha=alpha, color=colour, **fill)
        draw_whisker(ax, place, difference.interval, scale, color=line, linewidth=1.0)
        ax.annotate(
            row.text, (1, place), xycoords=ax.get_yaxis_transform(), xytext=(5, 0),
            textcoords="offset points", va="center", annotation_clip=False,
            weight="bold" if row.whole else "normal",
        )  # fmt: skip
    draw_zero(ax)
    frame_rows(ax, len(rows))
    ax.set_ylim(len(rows) - 0.4, -0.6)
    scale_below(ax)
    ax.set_yticks(range(len(rows)), [_short(row.name) for row in rows])
    ax.tick_params(axis="y", labelcolor="black")
    return ax


def _short(name: str) -> str:
    """Cut a name to two lines beside an axes."""
    first, *rest = wrap(name, _NAMES * POINTS - _GUTTER).split("\n")
    return "\n".join([first, *rest[:1]]) + (" ..." if len(rest) > 1 else "")
