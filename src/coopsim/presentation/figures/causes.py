"""What events waited for last, as stacked bars; for single events their chain of causes beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter

from coopsim.analysis.stories.causes import Causes, CauseShare, EventCauses
from coopsim.presentation.figures.kit.labels import LINE, text_width, wrap
from coopsim.presentation.figures.kit.sheets import Rectangle, Sheet, evenly, numbered, save_pages
from coopsim.presentation.figures.kit.style import (
    INK,
    LINES,
    NONE,
    POINTS,
    SMALL,
    SOFT,
    TEXT,
    inches,
)
from coopsim.presentation.views.stories.causes import Reasons, varied
from coopsim.presentation.words.numbers import among, decimals, rounded_up, whole_percent
from coopsim.presentation.words.wording import SHORT_ERROR, Wording, timelines
from coopsim.simulation.watching import CauseKind

_NAMES = 3.3  # inches
_ROW = 0.42
_CHAIN_ROW = 0.28  # room for a name of two lines
_MOST = 22  # bars on a page
_CHAIN = 12  # events of a chain


@dataclass(frozen=True, slots=True)
class CauseStyle:
    """How a kind of cause looks; the hatch distinguishes it in grey."""

    label: str
    colour: str
    hatch: str = ""


_LOOKS = {
    CauseKind.CLOCK: CauseStyle("its own date or time", NONE),
    CauseKind.CONDITION: CauseStyle("a condition", "#9ecae1"),
    CauseKind.TRIGGER: CauseStyle("set off by", "#fdd0a2", "////"),
    CauseKind.WINDOW: CauseStyle("a window", "#c7e9c0", "...."),
    CauseKind.DAY: CauseStyle("its first day", "#bdbdbd", "\\\\\\\\"),
}


def draw_causes(causes: Causes, names: Sequence[str], folder: Path) -> list[Path]:
    """Draw the causes of some events, or of all that vary, as PNG and SVG; gives the files.

    Raises UsageError for a name that there is not, CoopsimError where a file cannot be written.
    """
    chosen = [causes.of(name) for name in names] or varied(causes)
    return save_pages(_pages(causes, chosen, chained=bool(names)), folder)


def _pages(
    causes: Causes, chosen: Sequence[EventCauses], *, chained: bool
) -> Iterator[tuple[str, Sheet]]:
    for stem, events in numbered("causes", evenly(chosen, _MOST)):
        yield stem, causes_sheet(causes, events)
    for stem, event in numbered("chain", [one for one in chosen if chained and one.chain]):
        yield stem, chain_sheet(causes, event)


def _footer(causes: Causes, error: str) -> str:
    program = causes.program
    return f"{program.scenario}: {timelines(causes.runs)}, seed {program.seed}. {error}."


def _widest(events: Sequence[EventCauses]) -> str:
    """Write how large the simulation error of a bar's pieces is at most."""
    shares = [cause.share for event in events for cause in event.causes]
    reach = max((max(s.share - s.interval[0], s.interval[1] - s.share) for s in shares), default=0)
    margin = rounded_up(100 * reach, decimals(0.0, (0.0, 100 * reach), 1))
    return f"The shares are known to \N{PLUS-MINUS SIGN}{margin} points or better: 95 % "


def causes_sheet(causes: Causes, events: Sequence[EventCauses]) -> Sheet:
    """Make the page of stacked bars: one for each event, one piece for each cause."""
    words = Wording.of(causes.scenario)
    about = (
        f"As of {words.as_of}. What each event waited for last; shares of the timelines in which "
        "it happens"
    )
    high = _ROW * max(len(events), 1)
    heading = f"What it waited for: {words.heading}"
    sheet = Sheet.make(
        heading, about, _footer(causes, f"{_widest(events)}{SHORT_ERROR}"), high + 0.75
    )
    body = sheet.body
    ax = sheet.axes(
        Rectangle(body.left + _NAMES, body.bottom + 0.3, body.width - _NAMES - 0.2, high)
    )
    _percent_below(ax)
    reasons = Reasons(causes.scenario, causes.program)
    ax.set_ylim(len(events) - 0.5, -0.5)
    ax.set_yticks([])
    for place, event in enumerate(events):
        _draw_name(ax, place, _title(reasons, event))
        _draw_bar(ax, place, event, reasons)
    _draw_legend(sheet, events)
    return sheet


def _title(reasons: Reasons, event: EventCauses) -> str:
    title = reasons.titles.event(reasons.index(event.event))
    share = event.fired / event.runs
    return f"{title} ({whole_percent(share, among(share, event.runs))})"


def _percent_below(ax: Axes) -> None:
    ax.set_xlim(0, 1.003)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.0f} %"))
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)


def _draw_name(ax: Axes, place: float, title: str) -> None:
    width, _ = inches(ax)
    text = wrap(title, (_NAMES - 0.1) * POINTS)
    ax.text(
        -_NAMES / width, place, text, transform=ax.get_yaxis_transform(), va="center",
        fontsize=TEXT, linespacing=0.98,
    )  # fmt: skip


def _draw_bar(ax: Axes, place: int, event: EventCauses, reasons: Reasons) -> None:
    left, index = 0.0, reasons.index(event.event)
    for cause in event.causes:
        share, look = cause.share.share, _LOOKS[cause.reason.kind]
        ax.barh(
            place, share, left=left, height=0.72, color=look.colour, hatch=look.hatch,
            edgecolor="white", linewidth=0,
        )  # fmt: skip
        ax.barh(place, share, left=left, height=0.72, fill=False, edgecolor=INK, linewidth=0.6)
        _write_inside(ax, place, left + share / 2, share, _label(cause, reasons, index))
        left += share


def _label(cause: CauseShare, reasons: Reasons, event: int) -> str:
    share = whole_percent(cause.share.share, cause.share.interval)
    if cause.reason.kind in (CauseKind.CLOCK, CauseKind.WINDOW, CauseKind.DAY):
        return share
    return f"{share} {reasons.text(event, cause.reason)}"


def _write_inside(ax: Axes, place: int, middle: float, share: float, text: str) -> None:
    """Write what a piece is where that fits in two lines, else its share, else nothing."""
    room = share * inches(ax)[0] * POINTS - 6
    for attempt in (text, text.partition(" ")[0]):
        wrapped = wrap(attempt, room, SMALL)
        lines = wrapped.split("\n")
        if len(lines) <= 2 and max(text_width(line, SMALL) for line in lines) <= room:
            ax.text(
                middle, place, wrapped, ha="center", va="center", fontsize=SMALL, color=INK,
                linespacing=LINE * 0.85,
                bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8},
            )  # fmt: skip
            return


def _draw_legend(sheet: Sheet, events: Sequence[EventCauses]) -> None:
    kinds = {cause.reason.kind for event in events for cause in event.causes}
    handles = [
        Patch(facecolor=look.colour, edgecolor=SOFT, hatch=look.hatch, label=look.label)
        for kind, look in _LOOKS.items()
        if kind in kinds
    ]
    width, height = sheet.figure.get_size_inches()
    body = sheet.body
    place = ((body.left + _NAMES) / width, (body.bottom + body.height - 0.36) / height)
    sheet.figure.legend(
        handles=handles, loc="lower left", bbox_to_anchor=place, ncols=len(handles) or 1,
        frameon=False, fontsize=TEXT, borderaxespad=0,
    )  # fmt: skip


def chain_sheet(causes: Causes, event: EventCauses) -> Sheet:
    """Make the page of one event's chain: how often others lay on it, with whiskers."""
    reasons = Reasons(causes.scenario, causes.program)
    shown = event.chain[:_CHAIN]
    words = Wording.of(causes.scenario)
    about = (
        f"{words.heading}, as of {words.as_of}. On its chain of causes: what released it, what "
        "released that, and so on; shares of the timelines in which it happens"
    )
    high = _CHAIN_ROW * len(shown)
    sheet = Sheet.make(
        _title(reasons, event),
        about,
        _footer(causes, f"Whiskers: 95 % {SHORT_ERROR}"),
        high + 0.4,
    )
    body = sheet.body
    left = body.left + _NAMES
    ax = sheet.axes(Rectangle(left, body.bottom + 0.3, body.width - _NAMES - 0.6, high))
    _percent_below(ax)
    ax.set_ylim(len(shown) - 0.5, -0.5)
    ax.set_yticks([])
    for place, (name, share) in enumerate(shown):
        _draw_name(ax, place, reasons.titles.event(reasons.index(name)))
        reach = [[share.share - share.interval[0]], [share.interval[1] - share.share]]
        ax.barh(place, share.share, height=0.6, color=_LOOKS[CauseKind.CONDITION].colour)
        ax.errorbar(share.share, place, xerr=reach, color=LINES[3][0], linewidth=1.0, capsize=2)
        ax.annotate(
            whole_percent(share.share, share.interval), (share.interval[1], place), xytext=(4, 0),
            textcoords="offset points", va="center", annotation_clip=False,
        )  # fmt: skip
    return sheet
