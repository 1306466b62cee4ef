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

_NAMES = 2.4  # inches
_ROW = 0.5


def draw_asked(found: AskedChance, folder: Path) -> list[Path]:
    """Draw the answer as PNG and SVG; gives the files."""
    return save_pages([("answer", asked_sheet(found))], folder)


def asked_sheet(found: AskedChance) -> Sheet:
    """Draw the chance as a dot with its simulation error, on the band of model uncertainty."""
    rows = list(_rows(found))
    about = "Dot: the chance; whisker: 95 % simulation error"
    if found.band is not None:
        about += ". Bar: model uncertainty, where the chance would lie nine times in ten"
    footer = f"{found.scenario}-{found.hash}: {found.runs:,} timelines, seed {found.seed}."
    sheet = Sheet.make(sentence(found), about, footer, 0.9 + _ROW * len(rows))
    body = sheet.body
    left, wide = body.left + _NAMES, body.width - _NAMES - 0.3
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
    frame_rows(ax, len(rows))
    name_rows(ax, [name for name, _ in rows], _NAMES * POINTS - 14)
    ax.set_xlim(0, 100)
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0f} %"))
    return ax
