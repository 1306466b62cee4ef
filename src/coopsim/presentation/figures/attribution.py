"""What each change accounts for: a panel for each answer that changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from matplotlib.axes import Axes

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.experiments.attribution import Attribution, Explained
from coopsim.presentation.figures.kit.labels import wrap
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, evenly, numbered, save_pages
from coopsim.presentation.figures.kit.style import INK, LINES, POINTS, SOFT, TEXT, TITLE
from coopsim.presentation.figures.kit.whiskers import (
    HATCHED,
    PLAIN,
    UNSURE,
    draw_whisker,
    draw_zero,
    frame_rows,
    scale_below,
)
from coopsim.presentation.words.assumptions import (
    SCALES,
    UNIT_WORDS,
    base_median,
    outcome_name,
    value_text,
)
from coopsim.presentation.words.wording import SIMULATION_ERROR, not_by, timelines

_NAMES = 2.2  # inches
_GUTTER = 14  # points
_ROW = 0.3
_HEAD = 0.62
_SHOWN = 8  # changes in a panel
_ON_PAGE = 8  # panels
_WHOLE, _PART = LINES[3][0], LINES[0][0]


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change and what it accounts for."""

    name: str
    difference: PairedEstimate
    whole: bool = False


def draw_attribution(found: Attribution, folder: Path) -> list[Path]:
    """Draw what each change accounts for, as PNG and SVG; gives the files."""
    panels = [(name, one) for name, one in found.outcomes.items() if one.shown]
    return save_pages(_pages(found, panels), folder)


def _pages(
    found: Attribution, panels: Sequence[tuple[str, Explained]]
) -> Iterator[tuple[str, Sheet]]:
    for stem, shown in numbered("explained", evenly(panels, _ON_PAGE)):
        yield stem, _sheet(found, shown)


def _sheet(found: Attribution, panels: Sequence[tuple[str, Explained]]) -> Sheet:
    rows = min(len(found.changes), _SHOWN) + 1
    high = _HEAD + _ROW * rows + 0.3
    footer = (
        f"{found.scenario} against {found.against}: {timelines(found.runs)} of each mixture of "
        f"changes on the same luck, seed {found.seed}. Whiskers: 95 % {SIMULATION_ERROR}. Pale: it "
        "cannot be told from zero."
    )
    about = "What each change adds, averaged over the orders in which they can be made; they sum up"
    lines = ceil(len(panels) / 2)
    heading = f"Why {found.scenario} differs from {found.against}"
    sheet = Sheet.make(heading, about, footer, max(lines, 1) * (high + 0.18))
    for (name, one), box in zip(panels, sheet.body.grid(lines, 2), strict=False):
        _panel(sheet, box, found, name, one)
    return sheet


def _panel(sheet: Sheet, box: Rectangle, found: Attribution, name: str, one: Explained) -> None:
    unit = one.before.unit
    ends = (one.before, one.after)
    texts = [value_text(each.value, each.interval, unit) for each in ends]
    if _median_rows(found, one):
        texts = [f"median {base_median(each) or not_by(each.closes)}" for each in ends]
    values = " to ".join(texts).replace(" ", "\N{NO-BREAK SPACE}")
    said = f"{outcome_name(one.before, name)}: {values}"
    title = wrap(said, box.width * POINTS - _GUTTER, TITLE, "bold")
    sheet.text(box.left, box.bottom + box.height, title)
    below = 0.2 * (title.count("\n") + 1) + 0.1
    ax = sheet.axes(
        Rectangle(box.left + _NAMES, box.bottom + 0.4, box.width - _NAMES, box.height - 0.4 - below)
    )
    medians = _median_rows(found, one)
    draw_parts(ax, medians or _rows(found, one), 1.0 if medians else SCALES[unit][0])
    words = "median: years later" if medians else f"change in {UNIT_WORDS[unit]}"
    ax.set_xlabel(words, fontsize=TEXT)


def _rows(found: Attribution, one: Explained) -> list[ChangeRow]:
    titles = {change.name: change.title for change in found.changes}
    parts = sorted(one.parts.items(), key=lambda item: -abs(item[1].share.value))
    rows = [ChangeRow(titles[name], part.share) for name, part in parts[:_SHOWN]]
    return [*rows, ChangeRow("Together", one.change, whole=True)]


def _median_rows(found: Attribution, one: Explained) -> list[ChangeRow]:
    """List what changes the median of an answer that is nearly sure before and after."""
    if not one.by_date or one.median_change is None:
        return []
    titles = {change.name: change.title for change in found.changes}
    shares = [(name, part.median_share) for name, part in one.parts.items()]
    rows = [ChangeRow(titles[name], share) for name, share in shares if share is not None]
    rows.sort(key=lambda row: -abs(row.difference.value))
    return [*rows[:_SHOWN], ChangeRow("Together", one.median_change, whole=True)]


def draw_parts(ax: Axes, rows: Sequence[ChangeRow], scale: float) -> Axes:
    """Draw a bar with its whisker for each change, and one for all together."""
    for place, row in enumerate(rows):
        difference, value = row.difference, scale * row.difference.value
        alpha = 1.0 if difference.told_from_zero else UNSURE
        colour, line, fill = (_WHOLE, SOFT, PLAIN) if row.whole else (_PART, INK, HATCHED)
        ax.barh(place, value, height=0.62, alpha=alpha, color=colour, **fill)
        draw_whisker(ax, place, difference.interval, scale, color=line, linewidth=1.0)
    draw_zero(ax)
    frame_rows(ax, len(rows))
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.margins(x=0.06)
    scale_below(ax)
    ax.set_yticks(range(len(rows)), [_short(row.name) for row in rows])
    ax.tick_params(axis="y", labelcolor="black")
    return ax


def _short(name: str) -> str:
    """Cut a name to two lines beside an axes."""
    first, *rest = wrap(name, _NAMES * POINTS - _GUTTER).split("\n")
    return "\n".join([first, *rest[:1]]) + (" ..." if len(rest) > 1 else "")
