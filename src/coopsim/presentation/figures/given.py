"""The figure of answers given evidence: each chance overall and given it, joined by a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter

from coopsim.analysis.evidence.conditioning import Given
from coopsim.analysis.statistics.estimates import Interval
from coopsim.presentation.figures.kit.labels import text_width
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, evenly, numbered, save_pages
from coopsim.presentation.figures.kit.style import INK, LINES, POINTS, SOFT, TITLE
from coopsim.presentation.figures.kit.whiskers import draw_whisker, frame_rows, name_rows, shade_row
from coopsim.presentation.views.given import (
    CAUSE,
    evidence_lines,
    moved,
    part_title,
    questions_of,
    told,
)
from coopsim.presentation.words.numbers import ends_text, whole_percent
from coopsim.presentation.words.wording import SHORT_ERROR, Wording, others_text
from coopsim.scenario.spec import Scenario

_NAMES = 4.3  # inches for the names of rows
_NUMBERS = 1.9  # inches for the numbers right of the axes
_ROW = 0.29
_LINES_ON_A_PAGE = 30
_FIRST, _SECOND = 0.1, 0.75  # inches right of the axes: the chance overall, and given
_APART = 0.13  # of a row, between the two


@dataclass(frozen=True, slots=True)
class _Mark:
    """How a point looks; forms and filling distinguish the two in grey, too."""

    colour: str
    form: str
    size: float
    fill: str


_OVERALL = _Mark(SOFT, "o", 5.0, "white")
_GIVEN = _Mark(LINES[0][0], "D", 4.6, LINES[0][0])


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A conditional probability beside the overall one, with their 95 % intervals."""

    label: str
    given: float
    given_interval: Interval | None
    overall: float
    overall_interval: Interval | None


def draw_given(given: Given, scenario: Scenario, folder: Path) -> list[Path]:
    """Draw chances given evidence and overall as PNG and SVG; gives the files.

    Raises CoopsimError where a file cannot be written.
    """
    words = Wording.of(scenario)
    pages = evenly(evidence_rows(given, words), _LINES_ON_A_PAGE) or [[]]
    return save_pages(
        ((stem, _sheet(given, rows, words)) for stem, rows in numbered("given", pages)), folder
    )


def evidence_rows(given: Given, words: Wording) -> list[EvidenceRow]:
    """List the chances that the evidence moves, what moves most first."""
    return sorted(_shifted(given, words), key=lambda row: -abs(row.given - row.overall))


def _shifted(given: Given, words: Wording) -> Iterator[EvidenceRow]:
    for shift in (shift for shifts in moved(given, words) for shift in shifts):
        if shift.unit == "share" and shift.part != "neither" and told(shift):
            title = words.titles[shift.outcome]
            part = "both" if shift.kind == "between" else part_title(shift, words)
            yield EvidenceRow(
                f"{title}: {part}" if part else title,
                shift.given,
                shift.given_interval,
                shift.overall,
                shift.overall_interval,
            )


def _sheet(given: Given, rows: Sequence[EvidenceRow], words: Wording) -> Sheet:
    heading, *about = evidence_lines(given)
    count = len(moved(given, words))
    others = others_text(len(questions_of(given)) - count, count)
    footer = (
        f"{others} Chance by the end, or by the question's own date; levels at the end. Bars, and "
        f"in brackets: 95 % {SHORT_ERROR}. {CAUSE}"
    ).strip()
    sheet = Sheet.make(
        heading,
        f"{words.heading}, as of {words.as_of} / {'; '.join(about)}",
        footer,
        0.9 + _ROW * len(rows),
    )
    body = sheet.body
    box = Rectangle(
        body.left + _NAMES,
        body.bottom + 0.3,
        body.width - _NAMES - _NUMBERS,
        body.height - 0.65,
    )
    draw_dumbbells(sheet.axes(box), rows)
    _draw_key(sheet, box)
    return sheet


def draw_dumbbells(ax: Axes, rows: Sequence[EvidenceRow]) -> Axes:
    """Draw for each row the two chances with their intervals, and write them at its right."""
    ax.set_xlim(-0.02, 1.02)
    frame_rows(ax, len(rows))
    for place, row in enumerate(rows):
        shade_row(ax, place)
        _draw_row(ax, place, row)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1])
    name_rows(ax, [row.label for row in rows], _NAMES * POINTS - 10, INK)
    return ax


def _draw_row(ax: Axes, place: int, row: EvidenceRow) -> None:
    above, below = place - _APART, place + _APART
    ax.plot([row.overall, row.given], [above, below], color=INK, linewidth=0.7)
    _draw_point(ax, (row.overall, above), row.overall_interval, _OVERALL)
    _draw_point(ax, (row.given, below), row.given_interval, _GIVEN)
    overall = whole_percent(row.overall, row.overall_interval)
    for inches, text in ((_FIRST, overall), (_SECOND, _ranged(row))):
        ax.annotate(
            text, (1, place), xycoords=ax.get_yaxis_transform(), xytext=(inches * POINTS, 0),
            textcoords="offset points", va="center", annotation_clip=False,
        )  # fmt: skip


def _ranged(row: EvidenceRow) -> str:
    """Write the chance given the evidence, and its interval."""
    text = whole_percent(row.given, row.given_interval)
    if row.given_interval is None or text[0] in "<>":
        return text
    low, high = row.given_interval
    return f"{text} ({ends_text(100 * row.given, (100 * low, 100 * high), 0)})"


def _draw_point(ax: Axes, at: tuple[float, float], interval: Interval | None, mark: _Mark) -> None:
    x, y = at
    draw_whisker(ax, y, interval, color=mark.colour, linewidth=1.4)
    ax.add_line(_point(x, y, mark))


def _point(x: float, y: float, mark: _Mark) -> Line2D:
    return Line2D(
        [x], [y], linestyle="none", color=mark.colour, marker=mark.form, markersize=mark.size,
        markerfacecolor=mark.fill, zorder=3,
    )  # fmt: skip


def _draw_key(sheet: Sheet, box: Rectangle) -> None:
    """Write the names of the two once, beside their marks."""
    width, height = sheet.figure.get_size_inches()
    left, level = box.left, box.bottom + box.height + 0.25
    for text, mark in (("overall", _OVERALL), ("given", _GIVEN)):
        sheet.figure.add_artist(_point((left + 0.06) / width, (level - 0.08) / height, mark))
        sheet.text(left + 0.18, level, text)
        left += 0.18 + text_width(text, TITLE, "bold") / POINTS + 0.3
    for inches, text in ((_FIRST, "overall"), (_SECOND, "given")):
        sheet.text(box.left + box.width + inches, level, text)
