"""The figure of one question: its chance with its error, on the band of what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.analysis.statistics.estimates import Share
from coopsim.experiments.asking import AskedChance
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, save_pages
from coopsim.presentation.figures.kit.style import LINES, POINTS
from coopsim.presentation.figures.kit.whiskers import draw_capped_whisker, frame_rows, name_rows
from coopsim.presentation.views.asking import sentence
from coopsim.presentation.words.numbers import percent

_NAMES = 2.4  # inches
_NUMBERS = 1.4  # inches right of the axes
_ROW = 0.5
_SCALES = (1, 2, 5, 10, 20, 50, 100)  # percent: an axis ends at the first that holds all


def draw_asked(found: AskedChance, folder: Path) -> list[Path]:
    """Draw the answer as PNG and SVG; gives the files."""
    return save_pages((("answer", asked_sheet(one)) for one in (found,)), folder)


def asked_sheet(found: AskedChance) -> Sheet:
    """Draw the chance as a dot with its simulation error, on the band of model uncertainty."""
    rows = list(_rows(found))
    about = "Dot: the chance; whisker: 95 % simulation error"
    if found.band is not None:
        about += ". Bar: model uncertainty, where the chance would lie nine times in ten"
    footer = f"{found.scenario}-{found.hash}: {found.runs:,} timelines, seed {found.seed}."
    heading = sentence(found).replace("`", '"')
    sheet = Sheet.make(heading, about, footer, 0.9 + _ROW * len(rows))
    body = sheet.body
    left, wide = body.left + _NAMES, body.width - _NAMES - _NUMBERS
    ax = sheet.axes(Rectangle(left, body.bottom + 0.35, wide, body.height - 0.6))
    draw_chances(ax, rows, found)
    return sheet


def _rows(found: AskedChance) -> Iterator[tuple[str, Share]]:
    alone = "Given that" if found.given else "Chance"
    yield ("With the change" if found.settings else alone), found.chance
    if found.written is not None:
        yield ("As written" if found.settings else "Of all timelines"), found.written


def draw_chances(ax: Axes, rows: list[tuple[str, Share]], found: AskedChance) -> Axes:
    """Draw each chance in percent, the first on its band."""
    colour = LINES[0][0]
    if found.band is not None:
        low, high = found.band.ends
        ax.barh(0, 100 * (high - low), left=100 * low, height=0.4, color=colour, alpha=0.35)
    for place, (_, share) in enumerate(rows):
        draw_capped_whisker(ax, place, share.share, share.interval, 100)
        ax.plot([100 * share.share], [place], marker="o", markersize=6, color=colour, clip_on=False)
        ax.annotate(
            f"{percent(share.share, share.interval)} %", (1, place),
            xycoords=ax.get_yaxis_transform(), xytext=(10, 0), textcoords="offset points",
            va="center", annotation_clip=False,
        )  # fmt: skip
    frame_rows(ax, len(rows))
    name_rows(ax, [name for name, _ in rows], _NAMES * POINTS - 14)
    ends = [share.interval[1] for _, share in rows]
    largest = 100 * max(*ends, *(found.band.ends if found.band is not None else ()), 0.0)
    ax.set_xlim(0, next(end for end in _SCALES if end >= min(largest, 100)))
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:g} %"))
    return ax
