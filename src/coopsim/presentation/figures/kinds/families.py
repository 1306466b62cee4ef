"""What each kind of question looks like: the one place of the figures that knows their kinds.

Kinds whose answers are curves of one form are a family. Pages ask a family for its panel, the note
below a panel's title, its lines among those of other results, and the page that it stands on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from matplotlib.axes import Axes

from coopsim.analysis.comparing.alike import label_key
from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.kinds.counts import CountBars, CountSummary
from coopsim.analysis.kinds.dates import DateSummary, IncidenceCurve
from coopsim.analysis.kinds.firsts import CompetingCurves, FirstSummary
from coopsim.analysis.kinds.gaps import GapCurve, GapSummary
from coopsim.analysis.kinds.indices import IndexFan, IndexSummary
from coopsim.analysis.kinds.levels import DriverSummary, LevelShares
from coopsim.presentation.figures.kinds import notes
from coopsim.presentation.figures.kinds.overlays import COUNTS, GAPS, INDEX, SHARES, OverlaidLine
from coopsim.presentation.figures.kinds.panels import (
    bar_places,
    draw_competing,
    draw_counts,
    draw_fan,
    draw_gap,
    draw_incidence,
    draw_levels,
)
from coopsim.presentation.figures.kit.labels import Margin
from coopsim.presentation.figures.kit.time_axis import as_years, daily
from coopsim.presentation.words.wording import Wording, plain_id
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.spec import LevelsEnd

C = TypeVar("C")
S = TypeVar("S")

Lines = dict[str, OverlaidLine]  # by the name of branch or level, if the question has some

_EDGE = Margin(1.0)
_NAMES = Margin(1.8)


@dataclass(frozen=True, slots=True)
class DrawnQuestion(Generic[C, S]):
    """A question as a panel needs it: its answer, its curve and its last day, in its words.

    `more_cooperation` is an end of the levels of the driver that it is of, if it has such an end.
    """

    summary: S
    curve: C
    closing: date
    words: Wording
    more_cooperation: LevelsEnd | None = None


@dataclass(frozen=True, slots=True)
class FigureFamily(Generic[C, S]):
    """How one form of curve is drawn.

    `stem` names the file of its page and `about` says what that shows; `margin` is what its labels
    need. `lines` takes a curve and that of the first result, which names branches for all.
    """

    curve: type[C]
    stem: str
    about: str
    margin: Callable[[C], Margin]
    draw: Callable[[Axes, DrawnQuestion[C, S]], Axes]
    note: Callable[[DrawnQuestion[C, S]], str]
    lines: Callable[[C, C, Wording], Lines]
    has_values: Callable[[C], bool] = lambda _: True


# --- dates --------------------------------------------------------------------------------------


def _share_line(
    curve: IncidenceCurve | CompetingCurves | LevelShares,
    values: FloatArray,
    low: FloatArray | None = None,
    high: FloatArray | None = None,
) -> OverlaidLine:
    years, step = as_years(curve.dates), daily(curve.dates)
    return OverlaidLine(years, values, low, high, SHARES, step, curve.runs)


def _incidence_lines(curve: IncidenceCurve, _base: IncidenceCurve, _words: Wording) -> Lines:
    return {"": _share_line(curve, curve.probability, curve.low, curve.high)}


DATES: FigureFamily[IncidenceCurve, DateSummary] = FigureFamily(
    curve=IncidenceCurve,
    stem="events",
    about="Share of timelines in which it has happened by each date",
    margin=lambda _: _EDGE,
    draw=lambda ax, asked: draw_incidence(ax, asked.curve, asked.closing),
    note=lambda asked: notes.date_note(
        asked.summary, asked.closing, by_day=daily(asked.curve.dates)
    ),
    lines=_incidence_lines,
)

# --- which comes first --------------------------------------------------------------------------


def _draw_competing(ax: Axes, asked: DrawnQuestion[CompetingCurves, FirstSummary]) -> Axes:
    branches = [asked.words.branch(label) for label in asked.curve.labels]
    return draw_competing(ax, asked.curve, branches, _NAMES)


def _competing_lines(curve: CompetingCurves, base: CompetingCurves, words: Wording) -> Lines:
    """Name branches as the first result does, whatever the order of the events in them."""
    labels = {label_key(label): label for label in base.labels}
    names = [words.branch(labels[label_key(label)]) for label in curve.labels]
    bands = zip(curve.probability, curve.low, curve.high, strict=True)
    return {name: _share_line(curve, *band) for name, band in zip(names, bands, strict=True)}


ENDINGS: FigureFamily[CompetingCurves, FirstSummary] = FigureFamily(
    curve=CompetingCurves,
    stem="endings",
    about="Which came first, and by when: shares of timelines",
    margin=lambda _: _NAMES,
    draw=_draw_competing,
    note=lambda asked: notes.first_note(
        asked.summary, asked.closing, by_day=daily(asked.curve.dates)
    ),
    lines=_competing_lines,
)

# --- gaps ---------------------------------------------------------------------------------------


def _gap_lines(curve: GapCurve, _base: GapCurve, _words: Wording) -> Lines:
    gaps = OverlaidLine(
        curve.years, curve.probability, None, None, GAPS, runs=curve.runs, shorter=curve.shorter
    )
    return {"": gaps}


BETWEEN: FigureFamily[GapCurve, GapSummary] = FigureFamily(
    curve=GapCurve,
    stem="gaps",
    about=(
        "Share of timelines in which the second came at most this long after the first, of "
        "those with either; below 0 it came before"
    ),
    margin=lambda _: _EDGE,
    draw=lambda ax, asked: draw_gap(ax, asked.curve),
    note=lambda asked: notes.gap_note(asked.summary),
    lines=_gap_lines,
    has_values=lambda curve: bool(len(curve.years)),
)

# --- counts -------------------------------------------------------------------------------------


def _count_lines(curve: CountBars, _base: CountBars, _words: Wording) -> Lines:
    places, _ = bar_places(curve)
    return {"": OverlaidLine(places, curve.mean, curve.low, curve.high, COUNTS, span=curve.unit)}


NUMBERS: FigureFamily[CountBars, CountSummary] = FigureFamily(
    curve=CountBars,
    stem="counts",
    about="Mean number in each period; the first and last may be shorter",
    margin=lambda _: Margin(0.1),
    draw=lambda ax, asked: draw_counts(ax, asked.curve),
    note=lambda asked: notes.count_note(asked.summary, asked.curve.unit),
    lines=_count_lines,
)

# --- levels of drivers --------------------------------------------------------------------------


def _level_margin(curve: LevelShares) -> Margin:
    return Margin.fitting((f"{level} >99 %" for level in curve.labels), 1.8)


def _level_lines(curve: LevelShares, _base: LevelShares, _words: Wording) -> Lines:
    named = list(zip(curve.labels, curve.shares, strict=True))
    needed = named[1:] if len(named) == 2 else named  # of two levels one tells of the other
    return {plain_id(label): _share_line(curve, shares) for label, shares in needed}


DRIVERS: FigureFamily[LevelShares, DriverSummary] = FigureFamily(
    curve=LevelShares,
    stem="drivers",
    about="Share of timelines at each level",
    margin=_level_margin,
    draw=lambda ax, asked: draw_levels(
        ax, asked.curve, _level_margin(asked.curve), asked.more_cooperation
    ),
    note=lambda asked: notes.level_note(asked.more_cooperation),
    lines=_level_lines,
)

# --- indices ------------------------------------------------------------------------------------


def _index_lines(curve: IndexFan, _base: IndexFan, _words: Wording) -> Lines:
    years, step = as_years(curve.dates), daily(curve.dates)
    return {"": OverlaidLine(years, curve.mean, curve.low, curve.high, INDEX, step)}


FANS: FigureFamily[IndexFan, IndexSummary] = FigureFamily(
    curve=IndexFan,
    stem="index",
    about="How the index varies between timelines",
    margin=lambda _: _EDGE,
    draw=lambda ax, asked: draw_fan(ax, asked.curve),
    note=lambda _: "median, 25 to 75 % and 5 to 95 % of timelines; dashed: the mean",
    lines=_index_lines,
)

# --- all of them --------------------------------------------------------------------------------

FAMILIES: tuple[FigureFamily[Any, Any], ...] = (DATES, ENDINGS, BETWEEN, NUMBERS, DRIVERS, FANS)
LEADING: tuple[FigureFamily[Any, Any], ...] = (
    ENDINGS,
    FANS,
    NUMBERS,
    DRIVERS,
    BETWEEN,
)  # after dates


def family_of(curve: Curve) -> FigureFamily[Any, Any]:
    """Find the family of a curve."""
    return next(family for family in FAMILIES if isinstance(curve, family.curve))
