"""What the figures draw: every question's answer through time, by months or days.

A value belongs to 00:00 of its date and tells of all that happened before: the first date is
the start, the last the 00:00 after the horizon. Where the simulated time is short there is one for
each day, else for each month; what has happened is told besides around every day on which it
jumps. Counts go by calendar year, where the time is short by month or day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.checkpoints import Checkpoints, at_ends, is_short, steps
from coopsim.analysis.statistics.estimates import QUANTILES, Mean, rank, wilson
from coopsim.analysis.tallies import (
    CountTally,
    DateTally,
    DayTally,
    FirstTally,
    GapTally,
    Gathered,
    IndexTally,
    LevelTally,
    Tally,
    checkpoints,
    gather,
)
from coopsim.analysis.timelines import DrawLevels, FloatArray, drawn_levels
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

DateArray = NDArray[np.datetime64]

_GAP_STEP = 0.25  # years
_HAIR = 1e-9  # by which rounding may miss a step
_JUMP = 0.005  # of the timelines on one day


@dataclass(frozen=True, slots=True, eq=False)
class IncidenceCurve:
    """Hold the probability of having happened, with its 95 % Wilson band, shape (dates,).

    Kinds event, last and all_of.
    """

    kind: str
    title: str
    runs: int
    dates: DateArray
    probability: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class CompetingCurves:
    """Hold the cumulative incidence of each branch of `first_of`, shape (branches, dates).

    What they leave of 1 is the share in which none has come yet.
    """

    kind: str
    title: str
    runs: int
    labels: tuple[str, ...]
    dates: DateArray
    probability: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class CountBars:
    """The mean count of each year, month or day (`unit`) and its 95 % interval, shape (spans,).

    `dates` are those on which the spans begin, years on their 1 January, and the end of the last.
    Of one timeline alone the interval is not known: low and high are then None.
    """

    kind: str
    title: str
    unit: str
    dates: DateArray
    mean: FloatArray
    low: FloatArray | None
    high: FloatArray | None


@dataclass(frozen=True, slots=True, eq=False)
class GapCurve:
    """Hold the share with a gap of at most so many years, among those in which either happened.

    The curve starts at the share of those with only the second, `shorter` than any seen, and ends
    below 1 by those with only the first; without any gap seen it is empty. `shares` is as in the
    summary.
    """

    kind: str
    title: str
    runs: int
    years: FloatArray
    probability: FloatArray
    shorter: float
    shares: dict[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class LevelShares:
    """Hold the share of timelines at each level of a driver, shape (levels, dates)."""

    kind: str
    title: str
    runs: int
    labels: tuple[str, ...]
    dates: DateArray
    shares: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class IndexFan:
    """Hold the mean of an index in percent, shape (dates,), with its 95 % interval.

    `quantiles` has the shape (5, dates): 5, 25, 50, 75 and 95 %. Of one timeline alone the
    interval is not known: low and high are then None.
    """

    kind: str
    title: str
    dates: DateArray
    mean: FloatArray
    low: FloatArray | None
    high: FloatArray | None
    quantiles: FloatArray


Curve = IncidenceCurve | CompetingCurves | CountBars | GapCurve | LevelShares | IndexFan


def curves(
    scenario: Scenario,
    program: Program,
    parts: Iterable[Firings],
    draw_levels: DrawLevels = drawn_levels,
) -> dict[str, Curve]:
    """Follow the answers to a scenario's questions through time, reading one part at a time.

    Raises CoopsimError where there is no timeline.
    """
    return curves_of(gather(scenario.outcomes, program, parts, draw_levels), program)


def curves_of(gathered: Gathered, program: Program) -> dict[str, Curve]:
    """Turn what was gathered of a scenario's questions into curves."""
    ends = (0, *steps(program))
    return {one.query.name: _curve(one, ends) for one in gathered.tallies}


def _curve(one: Tally, ends: Sequence[int]) -> Curve:
    if isinstance(one, DayTally):
        ends = (*ends, *_jumps(one))
    days = checkpoints(one.query, one.program, ends)
    match one:
        case CountTally():
            return _count_bars(one)
        case GapTally():
            return _gap_curve(one)
        case FirstTally():
            return _competing_curves(one, days)
        case LevelTally():
            return _level_shares(one, days)
        case IndexTally():
            return _index_fan(one, days)
        case DateTally():
            return _incidence_curve(one, days)
        case _:
            raise TypeError(type(one).__name__)


def _jumps(one: DayTally) -> list[int]:
    """Find the beginnings and ends of the days on which some share jumps, in seconds."""
    every = tuple(range(0, one.program.horizon + 1, DAY))
    reached = one.reached(at_ends(one.program, every))
    jumped = np.flatnonzero((np.diff(reached, axis=1) > _JUMP * one.runs).any(axis=0))
    return [every[day + side] for day in jumped.tolist() for side in (0, 1)]


def _dates(one: Tally, days: Checkpoints) -> DateArray:
    return _midnights(one, days.instants)


def _midnights(one: Tally, instants: Sequence[int]) -> DateArray:
    midnights = (np.array(instants) + one.program.start) // DAY
    return midnights.astype("datetime64[D]")


def _incidence_curve(one: DateTally, days: Checkpoints) -> IncidenceCurve:
    (happened,) = one.reached(days)
    low, high = wilson(happened, one.runs)
    return IncidenceCurve(
        one.query.kind, one.query.title, one.runs, _dates(one, days), happened / one.runs, low, high
    )


def _competing_curves(one: FirstTally, days: Checkpoints) -> CompetingCurves:
    won = one.incidence(days)
    low, high = wilson(won, one.runs)
    labels = one.query.labels
    return CompetingCurves(
        one.query.kind,
        one.query.title,
        one.runs,
        labels,
        _dates(one, days),
        won / one.runs,
        low,
        high,
    )


def _count_bars(one: CountTally) -> CountBars:
    means = [one.histogram.mean(column, "count") for column in one.bars]
    dates = _midnights(one, (0, *one.edges, one.program.horizon))
    if one.unit == "year":
        dates = np.arange(one.years[0], one.years[-1] + 2).astype(str).astype("datetime64[D]")
    return CountBars(one.query.kind, one.query.title, one.unit, dates, *_mean_and_band(means))


def _mean_and_band(
    means: list[Mean],
) -> tuple[FloatArray, FloatArray | None, FloatArray | None]:
    centre = np.array([mean.mean for mean in means])
    bands = [mean.interval for mean in means if mean.interval is not None]
    if not bands:
        return centre, None, None
    low, high = np.array(bands).T
    return centre, low, high


def _gap_curve(one: GapTally) -> GapCurve:
    gaps = one.gaps()
    seen = gaps.days * DAY / YEAR
    step = DAY / YEAR if is_short(one.program) else _GAP_STEP
    years = np.zeros(0)
    if len(seen):
        first, last = np.floor(seen[0] / step + _HAIR), np.ceil(seen[-1] / step - _HAIR)
        alone = first == last  # one gap in all timelines is seen by what lies beside it
        years = step * np.arange(first - alone, last + alone + 1)
    so_far = np.cumsum([0, *gaps.seen])
    reached = (
        gaps.counts["only_second"] + so_far[np.searchsorted(seen, years + _HAIR, side="right")]
    )
    return GapCurve(
        one.query.kind,
        one.query.title,
        gaps.applicable,
        years,
        reached / max(gaps.applicable, 1),
        gaps.counts["only_second"] / max(gaps.applicable, 1),
        {key: count / one.runs for key, count in gaps.counts.items()},
    )


def _level_shares(one: LevelTally, days: Checkpoints) -> LevelShares:
    shares = one.counts(days).T / one.runs
    return LevelShares(
        one.query.kind, one.query.title, one.runs, one.labels, _dates(one, days), shares
    )


def _index_fan(one: IndexTally, days: Checkpoints) -> IndexFan:
    columns = one.columns(days)
    means = [one.histogram.mean(column, "percent") for column in columns]
    ordered = [one.histogram.sorted(column) for column in columns]
    ranks = [rank(percent, one.runs) for percent in QUANTILES.values()]
    quantiles = [[at(position) for at in ordered] for position in ranks]
    return IndexFan(
        one.query.kind,
        one.query.title,
        _dates(one, days),
        *_mean_and_band(means),
        np.array(quantiles),
    )
