"""Answers as bands over what is not known, and the share of the variance that it makes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.experiments.epistemic import ModelUncertainty, UncertainAnswer
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, evenly, numbered, save_pages
from coopsim.presentation.figures.kit.style import LINES, POINTS
from coopsim.presentation.figures.kit.whiskers import (
    HATCHED,
    draw_capped_whisker,
    frame_rows,
    name_rows,
)
from coopsim.presentation.words.assumptions import SCALES, UNIT_WORDS, outcome_name
from coopsim.presentation.words.variants import identity_text, variant_name
from coopsim.presentation.words.wording import SHORT_ERROR

_NAMES = 3.2  # inches
_ROW = 0.34
_LINES = 22  # on a page
_SHARE = 2.2  # inches for the share of variance
_SCALE_TITLES = {"share": "Chance, in percent", "count": "Mean number", "percent": "Index"}


def draw_epistemic(found: ModelUncertainty, folder: Path) -> list[Path]:
    """Draw answers as bands over what is not known, as PNG and SVG; gives the files."""
    units = [
        unit for unit in UNIT_WORDS if any(o.base.unit == unit for o in found.outcomes.values())
    ]
    pages = [
        (unit, rows)
        for unit in units
        for rows in evenly([o for o in found.outcomes.items() if o[1].base.unit == unit], _LINES)
    ]
    sheets = ((stem, _sheet(found, *page)) for stem, page in numbered("uncertainty", pages))
    return save_pages(sheets, folder)


def _sheet(
    found: ModelUncertainty, unit: str, rows: Sequence[tuple[str, UncertainAnswer]]
) -> Sheet:
    footer = (
        f"{identity_text(found)}: {found.runs:,} draws of what we do not know, "
        f"{found.replications} timelines of each, seed {found.seed}. Whiskers: 95 % "
        f"{SHORT_ERROR}. ?: not known."
    )
    about = (
        f"As of {found.as_of}. Dot: the answer. Bar: its 90 % range over model uncertainty, from "
        f"the {len(found.uncertain)} numbers and starting levels that are written as uncertain"
    )
    sheet = Sheet.make(
        f"Chance and model uncertainty: {variant_name(found.scenario, found.sets)}",
        about,
        footer,
        0.9 + _ROW * len(rows),
    )
    body = sheet.body
    wide = body.width - _NAMES - _SHARE
    height = body.height - 0.7
    ax = sheet.axes(Rectangle(body.left + _NAMES, body.bottom + 0.35, wide - 0.35, height))
    draw_bands(ax, rows, SCALES[unit][0])
    sheet.text(body.left + _NAMES, body.bottom + body.height - 0.05, _SCALE_TITLES[unit])
    left = body.left + _NAMES + wide + 0.1
    beside = sheet.axes(Rectangle(left, body.bottom + 0.35, _SHARE - 0.2, height))
    draw_shares(beside, [one for _, one in rows])
    sheet.text(left, body.bottom + body.height - 0.05, "Share due to uncertainty")
    return sheet


def draw_bands(ax: Axes, rows: Sequence[tuple[str, UncertainAnswer]], scale: float) -> Axes:
    """Draw each answer as a dot on its band, the band's ends with their simulation error."""
    colour = LINES[0][0]
    for place, (_, one) in enumerate(rows):
        low, high = one.band
        ax.barh(
            place, scale * (high - low), left=scale * low, height=0.44, color=colour, alpha=0.35
        )
        for end, known in zip(one.band, (one.low_interval, one.high_interval), strict=True):
            draw_capped_whisker(ax, place, end, known, scale)
        ax.plot(
            [scale * one.value], [place], marker="o", markersize=4.5, color=colour, clip_on=False
        )
    frame_rows(ax, len(rows))
    names = [outcome_name(one.base, name) for name, one in rows]
    name_rows(ax, names, _NAMES * POINTS - 14)
    return ax


def draw_shares(ax: Axes, rows: Sequence[UncertainAnswer]) -> Axes:
    """Draw which part of the variance between timelines is due to model uncertainty."""
    for place, one in enumerate(rows):
        share = one.share if one.share_interval else 0.0
        ax.barh(place, share, height=0.44, color=LINES[1][0], **HATCHED)
        draw_capped_whisker(ax, place, share, one.share_interval)
    frame_rows(ax, len(rows))
    ax.set_xlim(0, max(ax.get_xlim()[1], 0.1))
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    ax.set_yticks([])
    return ax
