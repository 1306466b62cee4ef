"""The tornado: which assumptions drive an outcome, the largest effects on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.experiments.base import Base
from coopsim.experiments.sensitivity import MovedAssumption, Response, Sensitivity
from coopsim.presentation.figures.kit.labels import text_width
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, save_pages
from coopsim.presentation.figures.kit.style import LINES, POINTS, SMALL, SOFT, TEXT, inches
from coopsim.presentation.figures.kit.whiskers import (
    HATCHED,
    PLAIN,
    UNSURE,
    draw_whisker,
    draw_zero,
    frame_rows,
    name_rows,
    scale_below,
)
from coopsim.presentation.words.assumptions import (
    SCALES,
    UNIT_WORDS,
    assumption_name,
    base_text,
    course_scale,
    course_words,
    outcome_name,
)
from coopsim.presentation.words.variants import variant_name
from coopsim.presentation.words.wording import NO_EFFECT, SHORT_ERROR, timelines

_SHOWN = 10
_NAMES = 3.3  # inches
_ROW = 0.52


@dataclass(frozen=True, slots=True)
class Style:
    """How the bar of one end looks, and where in its row it lies."""

    label: str
    offset: float
    colour: str
    fill: dict[str, Any]


_STYLES = (
    Style("at its low", -0.19, LINES[0][0], PLAIN),
    Style("at its high", 0.19, LINES[1][0], HATCHED),
)


EndPair: TypeAlias = tuple[PairedEstimate, PairedEstimate]
TornadoPanel: TypeAlias = tuple[str, float, list[EndPair]]  # title, scale, a pair for each bar


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """The two ends of an assumption and what each does."""

    name: str
    low: str
    high: str
    effects: EndPair


def draw_sensitivity(found: Sensitivity, folder: Path) -> list[Path]:
    """Draw a tornado for each outcome asked about, as PNG and SVG; gives the files."""
    pages = (
        (f"tornado-{number}" if len(found.outcomes) > 1 else "tornado", _sheet(found, outcome))
        for number, outcome in enumerate(found.outcomes, start=1)
    )
    return save_pages(pages, folder)


def _sheet(found: Sensitivity, outcome: str) -> Sheet:
    base = found.outcomes[outcome]
    felt = [one for one in found.largest(outcome) if one.effects[outcome].detectable]
    shown = felt[:_SHOWN]
    footer = (
        f"{found.scenario}-{found.hash}: {timelines(found.runs)} of each variant with the same "
        f"luck, seed {found.seed}. {_counted(found, len(felt), len(shown))} Whiskers: 95 % "
        f"{SHORT_ERROR}. Pale: alone, no detectable effect."
    )
    about = (
        f"{variant_name(found.scenario, found.sets)}, as of {found.as_of}: {base_text(base)} with "
        "everything as written. Bars: one assumption at its low or its high, the 5th and 95th "
        "percentile of what is uncertain"
    )
    heading = f"Which assumptions drive it: {outcome_name(base, outcome)}"
    sheet = Sheet.make(heading, about, footer, 0.8 + _ROW * len(shown))
    if shown:
        _draw(sheet, found, outcome, shown)
    else:
        sheet.say(NO_EFFECT)
    return sheet


def _counted(found: Sensitivity, felt: int, shown: int) -> str:
    """Count the assumptions that were moved, that have an effect, and that are shown."""
    moved = len(found.assumptions)
    largest = "" if shown == felt else f", the {shown} largest shown"
    return f"Detectable effects: {felt:,} of {moved:,} assumptions moved{largest}."


def _draw(sheet: Sheet, found: Sensitivity, outcome: str, shown: Sequence[MovedAssumption]) -> None:
    body, panels = sheet.body, _panels(found, outcome, shown)
    wide = (body.width - _NAMES) / len(panels)
    for number, (title, scale, pairs) in enumerate(panels):
        left = body.left + _NAMES + number * wide
        ax = sheet.axes(Rectangle(left + 0.05, body.bottom + 0.35, wide - 0.2, body.height - 0.8))
        bars = [
            TornadoBar(assumption_name(one.title, one.path), one.low, one.high, pair)
            for one, pair in zip(shown, pairs, strict=True)
        ]
        draw_tornado(ax, bars, scale, named=not number)
        sheet.text(left + 0.05, body.bottom + body.height - 0.18, title)
    _key(sheet)


def _panels(
    found: Sensitivity, outcome: str, shown: Sequence[MovedAssumption]
) -> list[TornadoPanel]:
    """List a panel for the number and one for it over time, as far as anything moves them."""
    base = found.outcomes[outcome]
    unit = base.unit
    effects = [one.effects[outcome] for one in shown]
    number: TornadoPanel = (
        f"Change in {UNIT_WORDS[unit]}",
        SCALES[unit][0],
        [(e.low, e.high) for e in effects],
    )
    panels: list[TornadoPanel] = []
    if any(one.told_from_zero for effect in effects for one in effect.numbers):
        panels.append(number)
    if any(one.told_from_zero for effect in effects for one in effect.courses):
        panels.append(_course_panel(base, effects))
    return panels


def _course_panel(base: Base, effects: Sequence[Response]) -> TornadoPanel:
    """Make the panel of an answer over time, which has a course."""
    assert base.course_unit is not None
    scale = course_scale(base.course_unit, base.years)[0]
    pairs = [effect.courses[:2] for effect in effects]
    return _course_title(base), scale, [(low, high) for low, high in pairs]


def _course_title(base: Base) -> str:
    words = course_words(base.kind, base.years)
    return (
        f"Mean up to the closing date: {words}"
        if base.course_unit == "years"
        else f"Change in {words}"
    )


def _key(sheet: Sheet) -> None:
    handles = [
        Patch(facecolor=each.colour, edgecolor="white", hatch=each.fill["hatch"], label=each.label)
        for each in _STYLES
    ]
    width, height = sheet.figure.get_size_inches()
    place = (sheet.body.left / width, (sheet.body.bottom + sheet.body.height - 0.3) / height)
    sheet.figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=place, ncols=2, frameon=False,
        fontsize=TEXT, borderaxespad=0,
    )  # fmt: skip


def draw_tornado(ax: Axes, bars: Sequence[TornadoBar], scale: float, *, named: bool) -> Axes:
    """Draw a pair of bars for each assumption, with whiskers and the values moved to.

    The bars' names are written where `named`.
    """
    for place, bar in enumerate(bars):
        for style, difference in zip(_STYLES, bar.effects, strict=True):
            _bar(ax, place, difference, scale, style)
    widest = max(text_width(text, SMALL) for bar in bars for text in (bar.low, bar.high))
    _frame(ax, len(bars), widest + 6)
    for place, bar in enumerate(bars):
        _value(ax, place - 0.19, bar.effects[0], scale, bar.low)
        _value(ax, place + 0.19, bar.effects[1], scale, bar.high)
    name_rows(ax, [bar.name for bar in bars] if named else [], _NAMES * POINTS - 12)
    ax.tick_params(axis="y", labelleft=named)
    return ax


def _bar(ax: Axes, row: int, difference: PairedEstimate, scale: float, style: Style) -> None:
    place = row + style.offset
    alpha = 1.0 if difference.told_from_zero else UNSURE
    value = scale * difference.value
    ax.barh(place, value, height=0.34, color=style.colour, alpha=alpha, **style.fill)
    draw_whisker(ax, place, difference.interval, scale, linewidth=0.8, alpha=alpha)


def _frame(ax: Axes, rows: int, widest: float) -> None:
    """Leave room on both sides for the widest of the values, in points."""
    draw_zero(ax)
    frame_rows(ax, rows)
    low, high = ax.get_xlim()
    wide = inches(ax)[0] * POINTS
    room = max(high - low, 1e-9) * widest / max(wide - 2 * widest, wide / 4)
    ax.set_xlim(low - room, high + room)
    scale_below(ax)


def _value(ax: Axes, place: float, difference: PairedEstimate, scale: float, text: str) -> None:
    """Write the value moved to beside the end of its bar or whisker."""
    ends = [0.0, difference.value, *(difference.interval or ())]
    right = difference.value > 0 or (difference.value == 0 and scale * place % 1 < 0.5)
    where = scale * (max(ends) if right else min(ends))
    ax.annotate(
        text, (where, place), xytext=(3 if right else -3, 0), textcoords="offset points",
        ha="left" if right else "right", va="center_baseline", fontsize=SMALL, color=SOFT,
    )  # fmt: skip
