"""The figures of what marks an outcome: coverage against density of boxes, and signposts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.analysis.evidence.discovery import Discovery, Signpost
from coopsim.analysis.statistics.estimates import Share
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, save_pages
from coopsim.presentation.figures.kit.style import INK, LINES, POINTS, SOFT
from coopsim.presentation.figures.kit.whiskers import (
    draw_whisker,
    draw_zero,
    frame_rows,
    name_rows,
    scale_below,
    shade_row,
)
from coopsim.presentation.views.discovery import (
    NOTHING,
    SHOWN,
    Words,
    headline,
    how_found,
    sentence,
    signpost_title,
)
from coopsim.presentation.words.numbers import percent
from coopsim.presentation.words.wording import SHORT_ERROR, Wording, among_many
from coopsim.scenario.spec import Scenario

_NAMES = 4.3  # inches for the names of signposts
_NUMBERS = 2.1  # inches for the numbers right of the bars
_ROW = 0.32
_COLUMNS: tuple[tuple[str, Callable[[Signpost], Share]], ...] = (
    ("if seen", lambda one: one.given_seen),
    ("if not", lambda one: one.given_not),
    ("seen in", lambda one: one.seen),
)
_PLACES = (0.1, 0.8, 1.4)  # inches right of the bars
_BLUE, _RED = LINES[0][0], LINES[1][0]


def draw_discovery(found: Discovery, scenario: Scenario, folder: Path) -> list[Path]:
    """Draw boxes and signposts as PNG and SVG; gives the files.

    Raises CoopsimError where a file cannot be written.
    """
    return save_pages(_sheets(found, Words(scenario)), folder)


def _sheets(found: Discovery, words: Words) -> Iterator[tuple[str, Sheet]]:
    shown = [one for one in found.signposts if one.sure > 0][:SHOWN]
    if found.boxes or not shown:
        yield "boxes", _boxes_sheet(found, words)
    if shown:
        yield "signposts", _signposts_sheet(found, shown, words)


def _scenario(words: Words) -> str:
    named = Wording.of(words.scenario)
    return f"{named.heading}, as of {named.as_of}."


# --- boxes ------------------------------------------------------------------------------------


def _boxes_sheet(found: Discovery, words: Words) -> Sheet:
    about = "  ".join(
        f"{number}. {sentence(box, found, words, number > 1)}"
        for number, box in enumerate(found.boxes, start=1)
    )
    footer = f"{how_found(found)} Bars: 95 % {SHORT_ERROR}."
    about = f"{_scenario(words)} {about}"
    sheet = Sheet.make(headline(found, words), about, footer, 4.6 if found.boxes else 0.6)
    body = sheet.body
    if not found.boxes:
        sheet.say(NOTHING)
        return sheet
    box = Rectangle(body.left + 0.75, body.bottom + 0.6, body.width - 1.9, body.height - 0.8)
    draw_tradeoff(sheet.axes(box), found)
    return sheet


def draw_tradeoff(ax: Axes, found: Discovery) -> Axes:
    """Draw for boxes of growing coverage how often the outcome happens in them."""
    points = sorted(found.tradeoff, key=lambda point: point.coverage.share)
    ax.set_xlim(-0.02, 1.02)
    densities = [point.density for point in points] + [box.density for box in found.boxes]
    ax.set_ylim(0, min(1.25 * max(density.interval[1] for density in densities), 1.02))
    ax.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.3g} %"))
    ax.axhline(found.probability.share, color=SOFT, linewidth=0.9, linestyle=(0, (4, 2)))
    _write_beside(ax, found.probability.share, "all timelines", SOFT)
    ax.plot(
        [point.coverage.share for point in points],
        [point.density.share for point in points],
        color=_BLUE, linewidth=0.9, marker="o", markersize=4, markerfacecolor="white",
    )  # fmt: skip
    for point in points:
        _draw_cross(ax, point.coverage, point.density, _BLUE)
    for number, box in enumerate(found.boxes, start=1):
        _draw_cross(ax, box.coverage, box.density, _RED)
        at = (box.coverage.share, box.density.share)
        ax.plot(*at, marker="D", markersize=7, color=_RED, zorder=4)
        ax.annotate(
            f"condition {number}", at, xytext=(8, 8), textcoords="offset points", weight="bold"
        )  # fmt: skip
    ax.set_xlabel("share of the cases that the conditions cover")
    ax.set_ylabel("chance that it happens under the conditions")
    ax.grid(visible=True, axis="both")
    return ax


def _draw_cross(ax: Axes, x: Share, y: Share, colour: str) -> None:
    ax.plot(x.interval, [y.share, y.share], color=colour, linewidth=0.8)
    ax.plot([x.share, x.share], y.interval, color=colour, linewidth=0.8)


def _write_beside(ax: Axes, height: float, text: str, colour: str) -> None:
    ax.annotate(
        text, (1, height), xycoords=ax.get_yaxis_transform(), xytext=(5, 0),
        textcoords="offset points", va="center", color=colour, annotation_clip=False,
    )  # fmt: skip


# --- signposts --------------------------------------------------------------------------------


def _signposts_sheet(found: Discovery, shown: Sequence[Signpost], words: Words) -> Sheet:
    about = (
        f"{_scenario(words)} What to watch for up to {found.by}. Full bars: once it is seen, the "
        "outcome is more likely; hollow bars: less likely"
    )
    footer = (
        f"Lines: 95 % {SHORT_ERROR}. The largest effects come first, allowing for their error. "
        f"A signpost need not be a cause.{among_many(len(found.signposts))}"
    )
    sheet = Sheet.make(headline(found, words), about, footer, 0.85 + _ROW * len(shown))
    body = sheet.body
    box = Rectangle(
        body.left + _NAMES, body.bottom + 0.5, body.width - _NAMES - _NUMBERS, body.height - 0.75
    )
    names = [signpost_title(one, words, found) for one in shown]
    draw_signposts(sheet.axes(box), shown, names)
    for (title, _), right in zip(_COLUMNS, _PLACES, strict=True):
        sheet.text(box.left + box.width + right, box.bottom + box.height + 0.2, title)
    return sheet


def draw_signposts(ax: Axes, shown: Sequence[Signpost], names: Sequence[str]) -> Axes:
    """Draw each signpost's difference as a bar with its interval, and its chances beside it."""
    for place, one in enumerate(shown):
        shade_row(ax, place)
        up = one.difference > 0
        ax.barh(
            place, 100 * one.difference, height=0.5, color=_BLUE if up else "white",
            edgecolor=_BLUE if up else _RED, linewidth=1.0,
        )  # fmt: skip
        draw_whisker(ax, place, one.interval, 100, linewidth=1.1)
        for (_, share_of), right in zip(_COLUMNS, _PLACES, strict=True):
            share = share_of(one)
            ax.annotate(
                f"{percent(share.share, share.interval)} %", (1, place),
                xycoords=ax.get_yaxis_transform(), xytext=(right * POINTS, 0),
                textcoords="offset points", va="center", annotation_clip=False,
            )  # fmt: skip
    draw_zero(ax)
    frame_rows(ax, len(shown))
    scale_below(ax, 6)
    ax.set_xlabel("change in the chance that it happens, percentage points")
    name_rows(ax, names, _NAMES * POINTS - 10, INK)
    return ax
