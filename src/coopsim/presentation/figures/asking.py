"""The figure of what is asked: each chance with its error, on the band of what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.analysis.statistics.estimates import Share
from coopsim.experiments.asking import AskedChance, AskedChances, Band
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, save_pages
from coopsim.presentation.figures.kit.style import LINES, POINTS
from coopsim.presentation.figures.kit.whiskers import draw_capped_whisker, frame_rows, name_rows
from coopsim.presentation.views.asking import chosen, sentences
from coopsim.presentation.words.numbers import percent
from coopsim.presentation.words.variants import identity_text

_NAMES = 2.4  # inches
_NUMBERS = 1.4  # inches right of the axes
_ROW = 0.5
_SCALES = (1, 2, 5, 10, 20, 50, 100)  # percent: an axis ends at the first that holds all


@dataclass(frozen=True, slots=True)
class ChanceRow:
    """A chance with its simulation error, and the band of model uncertainty, if it has one.

    One that is `beside` another is what that is held against.
    """

    label: str
    share: Share
    band: Band | None = None
    beside: bool = False


def draw_asked(found: AskedChances, folder: Path) -> list[Path]:
    """Draw the answers as PNG and SVG; gives the files."""
    return save_pages((("answer", asked_sheet(one)) for one in (found,)), folder)


def asked_sheet(found: AskedChances) -> Sheet:
    """Draw each chance as a dot with its simulation error, on the band of model uncertainty."""
    rows = [row for one in found.answers for row in _rows(one, found)]
    beside = next((f" (hollow: {row.label.lower()})" for row in rows if row.beside), "")
    about = f"Dot: the chance{beside}; whisker: 95 % simulation error"
    if any(row.band is not None for row in rows):
        about += ". Bar: model uncertainty, its 90 % range"
    footer = f"{identity_text(found)}: {found.runs:,} timelines, seed {found.seed}."
    sheet = Sheet.make(_heading(found).replace("`", '"'), about, footer, 0.9 + _ROW * len(rows))
    body = sheet.body
    left, wide = body.left + _NAMES, body.width - _NAMES - _NUMBERS
    ax = sheet.axes(Rectangle(left, body.bottom + 0.35, wide, body.height - 0.6))
    draw_chances(ax, rows)
    return sheet


def _heading(found: AskedChances) -> str:
    """Write the answer; of several, what they have in common."""
    if len(found.answers) == 1:
        return sentences(found)[0]
    return chosen(found).removesuffix(": ") or f"The chances of {len(found.answers)} statements"


def _rows(one: AskedChance, found: AskedChances) -> Iterator[ChanceRow]:
    name = "Given that" if found.given else "Chance"
    if found.settings:
        name = "With the change"
    if len(found.answers) > 1:
        name = one.statement
    yield ChanceRow(name, one.chance, one.band)
    if one.written is not None:
        name = "As written" if found.settings else "Of all timelines"
        yield ChanceRow(name, one.written, beside=True)


def draw_chances(ax: Axes, rows: Sequence[ChanceRow]) -> Axes:
    """Draw each chance in percent, on its band."""
    colour = LINES[0][0]
    for place, row in enumerate(rows):
        if row.band is not None:
            low, high = (100 * end for end in row.band.ends)
            ax.barh(place, high - low, left=low, height=0.4, color=colour, alpha=0.35)
        share = row.share
        draw_capped_whisker(ax, place, share.share, share.interval, 100)
        ax.plot(
            [100 * share.share], [place], marker="o", markersize=6, color=colour,
            markerfacecolor="white" if row.beside else colour, clip_on=False,
        )  # fmt: skip
        ax.annotate(
            f"{percent(share.share, share.interval)} %", (1, place),
            xycoords=ax.get_yaxis_transform(), xytext=(10, 0), textcoords="offset points",
            va="center", annotation_clip=False,
        )  # fmt: skip
    frame_rows(ax, len(rows))
    name_rows(ax, [row.label for row in rows], _NAMES * POINTS - 14)
    ends = [row.share.interval[1] for row in rows]
    ends += [row.band.ends[1] for row in rows if row.band is not None]
    largest = 100 * max(ends)
    ax.set_xlim(0, next(end for end in _SCALES if end >= min(largest, 100)))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:g} %"))
    return ax
