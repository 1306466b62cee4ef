"""Answers as bands over what is not known, and what each draw has to say in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.analysis.statistics.estimates import Interval
from coopsim.experiments.epistemic import ModelUncertainty, UncertainAnswer
from coopsim.experiments.global_indices import Draw, GlobalIndices
from coopsim.presentation.figures.kit.labels import wrap
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, evenly, numbered, save_pages
from coopsim.presentation.figures.kit.style import INK, LINES, POINTS, TEXT, line_style, marker
from coopsim.presentation.views.epistemic import INDICES, draw_name
from coopsim.presentation.words.assumptions import SCALES, UNIT_WORDS, outcome_name
from coopsim.presentation.words.wording import SIMULATION_ERROR, timelines

_NAMES = 3.2  # inches
_ROW = 0.34
_LINES = 22  # on a page
_SHARE = 2.2  # inches for doubt's share
_SHOWN = 12  # draws
_SCALE_TITLES = {"share": "Chance, in percent", "count": "Mean number", "percent": "Index"}


def draw_doubt(found: ModelUncertainty, folder: Path) -> list[Path]:
    """Draw answers as bands over what is not known, as PNG and SVG; gives the files."""
    units = [
        unit for unit in UNIT_WORDS if any(o.base.unit == unit for o in found.outcomes.values())
    ]
    pages = [
        (unit, rows)
        for unit in units
        for rows in evenly([o for o in found.outcomes.items() if o[1].base.unit == unit], _LINES)
    ]
    sheets = ((stem, _sheet(found, *page)) for stem, page in numbered("doubt", pages))
    return save_pages(sheets, folder)


def _sheet(
    found: ModelUncertainty, unit: str, rows: Sequence[tuple[str, UncertainAnswer]]
) -> Sheet:
    footer = (
        f"{found.scenario}-{found.hash}: {found.runs:,} draws of what we do not know, "
        f"{found.replications} timelines of each, seed {found.seed}. Whiskers: 95 % "
        f"{SIMULATION_ERROR}. ?: it cannot be told."
    )
    about = (
        "Dot: the answer. Bar: where it would lie nine times in ten, if we knew the "
        f"{len(found.uncertain)} numbers and first levels that are written as uncertain"
    )
    sheet = Sheet.make(f"Chance and doubt: {found.scenario}", about, footer, 0.9 + _ROW * len(rows))
    body = sheet.body
    wide = body.width - _NAMES - _SHARE
    height = body.height - 0.7
    ax = sheet.axes(Rectangle(body.left + _NAMES, body.bottom + 0.35, wide - 0.2, height))
    draw_bands(ax, rows, SCALES[unit][0])
    sheet.text(body.left + _NAMES, body.bottom + body.height - 0.05, _SCALE_TITLES[unit])
    left = body.left + _NAMES + wide + 0.1
    beside = sheet.axes(Rectangle(left, body.bottom + 0.35, _SHARE - 0.2, height))
    draw_shares(beside, [one for _, one in rows])
    sheet.text(left, body.bottom + body.height - 0.05, "Doubt's share of variance")
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
            _whisker(ax, place, scale * end, known and (scale * known[0], scale * known[1]))
        ax.plot(
            [scale * one.value], [place], marker="o", markersize=4.5, color=colour, clip_on=False
        )
    _frame(ax, len(rows))
    names = [outcome_name(one.base, name) for name, one in rows]
    ax.set_yticks(range(len(rows)), [wrap(name, _NAMES * POINTS - 14) for name in names])
    return ax


def draw_shares(ax: Axes, rows: Sequence[UncertainAnswer]) -> Axes:
    """Draw which part of the variance between timelines is due to doubt."""
    for place, one in enumerate(rows):
        told = one.share if one.share_interval else 0.0
        ax.barh(
            place, told, height=0.44, color=LINES[1][0], hatch="////", edgecolor="white",
            linewidth=0.4,
        )  # fmt: skip
        _whisker(ax, place, told, one.share_interval)
    _frame(ax, len(rows))
    ax.set_xlim(0, max(ax.get_xlim()[1], 0.1))
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    ax.set_yticks([])
    return ax


def _whisker(ax: Axes, place: int, value: float, known: Interval | None) -> None:
    """Draw a simulation error, or `?` where it is not known."""
    if known is None:
        ax.text(value, place, " ?", color=INK, fontsize=TEXT, va="center")
        return
    ax.plot(known, [place] * 2, color=INK, linewidth=0.9, clip_on=False)
    ax.plot(known, [place] * 2, "|", color=INK, markersize=5, clip_on=False)


def _frame(ax: Axes, rows: int) -> None:
    ax.set_ylim(rows - 0.5, -0.5)
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.tick_params(axis="y", labelcolor="black")


# --- indices ------------------------------------------------------------------------------------


def draw_indices(found: GlobalIndices, folder: Path) -> list[Path]:
    """Draw the inputs that matter most, as PNG and SVG; gives the files.

    An answer that is nearly the same in all timelines has no page.
    """
    names = [
        name
        for name, one in found.outcomes.items()
        if any(draw.known for draw in one.draws.values())
    ]
    sheets = ((stem, _indices_sheet(found, name)) for stem, name in numbered("indices", names))
    return save_pages(sheets, folder)


def _indices_sheet(found: GlobalIndices, outcome: str) -> Sheet:
    indexed = found.outcomes[outcome]
    shown = [(draw_name(found, path), draw) for path, draw in indexed.largest()[:_SHOWN]]
    footer = (
        f"{found.scenario}-{found.hash}: {timelines(found.runs)}, seed {found.seed}. Whiskers: "
        f"95 % {SIMULATION_ERROR}. Hollow: no detectable effect."
    )
    title = f"How much each input matters: {outcome_name(indexed.base, outcome)}"
    about = f"{INDICES}. Inputs are what is drawn once per timeline"
    sheet = Sheet.make(title, about, footer, 0.7 + _ROW * len(shown))
    body = sheet.body
    ax = sheet.axes(
        Rectangle(
            body.left + _NAMES, body.bottom + 0.35, body.width - _NAMES - 0.1, body.height - 0.5
        )
    )
    draw_draws(ax, shown)
    return sheet


def draw_draws(ax: Axes, rows: Sequence[tuple[str, Draw]]) -> Axes:
    """Draw both indices of each draw as marks with their intervals."""
    for number, kind in enumerate(("distribution", "first order")):
        colour = line_style(number)[0]
        known = [
            (place, draw, index)
            for place, (_, draw) in enumerate(rows)
            if (index := (draw.distribution, draw.first)[number]) is not None
        ]
        for order, (place, draw, index) in enumerate(known):
            level = place + 0.3 * (number - 0.5)
            ax.plot(index.interval, [level] * 2, color=colour, linewidth=1.1)
            ax.plot(
                [index.value], [level], marker=marker(number), markersize=4.2, color=colour,
                markerfacecolor=colour if draw.felt else "white", linestyle="none",
                label=kind if order == 0 else None, clip_on=False,
            )  # fmt: skip
    _frame(ax, len(rows))
    ax.set_xlim(left=0)
    ax.set_yticks(range(len(rows)), [wrap(name, _NAMES * POINTS - 14) for name, _ in rows])
    ax.legend(loc="lower right", frameon=False, fontsize=TEXT)
    return ax
