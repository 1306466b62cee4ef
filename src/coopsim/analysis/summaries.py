"""What many timelines say to each question: the answers of summary.json."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from typing import Any

from coopsim.analysis.checkpoints import YEARLY, Checkpoints, boundaries, day_of, last_day
from coopsim.analysis.statistics.estimates import Interval, Mean, mean_of, share_of
from coopsim.analysis.statistics.order_statistics import Bounds, quantiles
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
from coopsim.analysis.timelines import DrawLevels, drawn_levels
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True)
class DateSummary:
    """Say whether and when something happens; kinds event, last and all_of.

    `probability` is of happening by the horizon, or by the question's own date; a quantile
    that is not reached by then is None. Here as below, `quantile_intervals` are 95 %, and an end
    is None where it is not reached, or where there are too few timelines for one.
    """

    kind: str
    title: str
    probability: float
    se: float
    interval: Interval
    quantiles: dict[str, date | None]
    quantile_intervals: dict[str, Bounds[date]]
    by: dict[date, float]


@dataclass(frozen=True, slots=True)
class CountSummary:
    """Say how often something happens, in all and by calendar year."""

    kind: str
    title: str
    mean: float
    se: float | None
    interval: Interval | None
    quantiles: dict[str, int]
    quantile_intervals: dict[str, Bounds[int]]
    distribution: dict[int, float]
    per_year: dict[int, Mean]


@dataclass(frozen=True, slots=True)
class GapSummary:
    """Say how many years of 365.25 days pass from one event to another, to the nearest day.

    `se` is that of the share `both`. The mean is over the timelines with both. Quantiles are
    over those with either: None is longer than seen (only the first happened), shorter than
    seen (only the second), or that neither ever happened.
    """

    kind: str
    title: str
    shares: dict[str, float]
    se: float
    intervals: dict[str, Interval]
    mean_years: float | None
    mean_se: float | None
    mean_interval: Interval | None
    quantiles: dict[str, float | None]
    quantile_intervals: dict[str, Bounds[float]]


@dataclass(frozen=True, slots=True)
class FirstSummary:
    """Say which of several comes first; `quantiles` are of the date on which any does."""

    kind: str
    title: str
    shares: dict[str, float]
    se: dict[str, float]
    intervals: dict[str, Interval]
    quantiles: dict[str, date | None]
    quantile_intervals: dict[str, Bounds[date]]
    by: dict[date, dict[str, float]]


@dataclass(frozen=True, slots=True)
class DriverSummary:
    """Say how often a driver is at each of its levels at the end of a day."""

    kind: str
    title: str
    shares: dict[date, dict[str, float]]
    intervals: dict[date, dict[str, Interval]]


@dataclass(frozen=True, slots=True)
class IndexEstimate:
    """Hold an index in percent at the end of a day."""

    mean: float
    se: float | None
    interval: Interval | None
    quantiles: dict[str, float]
    quantile_intervals: dict[str, Bounds[float]]


@dataclass(frozen=True, slots=True)
class IndexSummary:
    """Say how high an index stands at the end of a day."""

    kind: str
    title: str
    by: dict[date, IndexEstimate]


OutcomeSummary = (
    DateSummary | CountSummary | GapSummary | FirstSummary | DriverSummary | IndexSummary
)


@dataclass(frozen=True, slots=True)
class Summary:
    """Hold the answers to all questions of a scenario."""

    scenario: str
    hash: str
    seed: int
    runs: int
    start: date
    end: date
    outcomes: dict[str, OutcomeSummary]

    def to_json(self) -> dict[str, Any]:
        """Make the tree of summary.json: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def plain(value: Any) -> Any:
    """Turn dataclasses, dates and tuples into what JSON knows, fields in their order.

    No number is minus zero.
    """
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return value + 0.0  # so that -0.0 is 0.0
    return value.isoformat() if isinstance(value, date) else value


def summarise(
    scenario: Scenario,
    program: Program,
    parts: Iterable[Firings],
    digest: str,
    draw_levels: DrawLevels = drawn_levels,
) -> Summary:
    """Answer a scenario's questions from the parts of its result, read one at a time.

    `digest` is the hash of the assumptions. Raises CoopsimError where there is no timeline.
    """
    return summary_of(gather(scenario.outcomes, program, parts, draw_levels), program, digest)


def summary_of(gathered: Gathered, program: Program, digest: str) -> Summary:
    """Turn what was gathered of a scenario's questions into its answers."""
    year_ends = boundaries(program, YEARLY)
    return Summary(
        scenario=program.scenario,
        hash=digest,
        seed=program.seed,
        runs=gathered.runs,
        start=day_of(program.start),
        end=last_day(program, program.horizon),
        outcomes={
            one.query.name: _summary(one, checkpoints(one.query, program, year_ends))
            for one in gathered.tallies
        },
    )


def _summary(one: Tally, days: Checkpoints) -> OutcomeSummary:
    match one:
        case CountTally():
            return _count_summary(one)
        case GapTally():
            return _gap_summary(one)
        case FirstTally():
            return _first_summary(one, days)
        case LevelTally():
            return _driver_summary(one, days)
        case IndexTally():
            return _index_summary(one, days)
        case DateTally():
            return _date_summary(one, days)
        case _:
            raise TypeError(type(one).__name__)


def _date_summary(one: DateTally, days: Checkpoints) -> DateSummary:
    (happened,) = one.reached(days)
    share = share_of(int(happened[-1]), one.runs)
    dates, intervals = quantiles(_dates(one), one.runs)
    return DateSummary(
        kind=one.query.kind,
        title=one.query.title,
        probability=share.share,
        se=share.se,
        interval=share.interval,
        quantiles=dates,
        quantile_intervals=intervals,
        by={day: int(count) / one.runs for day, count in zip(days.days, happened, strict=True)},
    )


def _dates(one: DayTally) -> Callable[[int], date | None]:
    first = day_of(one.program.start)

    def at(position: int) -> date | None:
        day = one.at(position)
        return None if day is None else first + timedelta(day)

    return at


def _count_summary(one: CountTally) -> CountSummary:
    numbers = one.histogram
    in_all, ordered = numbers.mean(0, "count"), numbers.sorted(0)
    found, intervals = quantiles(lambda position: int(ordered(position)), one.runs)
    values, counts = numbers.column(0)
    return CountSummary(
        kind=one.query.kind,
        title=one.query.title,
        mean=in_all.mean,
        se=in_all.se,
        interval=in_all.interval,
        quantiles=found,
        quantile_intervals=intervals,
        distribution={
            int(value): int(count) / one.runs for value, count in zip(values, counts, strict=True)
        },
        per_year={
            year: numbers.mean(column, "count") for column, year in enumerate(one.years, start=1)
        },
    )


def _gap_summary(one: GapTally) -> GapSummary:
    gaps = one.gaps()
    shares = {key: share_of(count, one.runs) for key, count in gaps.counts.items()}
    average = mean_of(gaps.days * DAY / YEAR, gaps.seen, "years") if len(gaps.seen) else None
    years, intervals = quantiles(lambda position: _in_years(gaps.at(position)), gaps.applicable)
    return GapSummary(
        kind=one.query.kind,
        title=one.query.title,
        shares={key: share.share for key, share in shares.items()},
        se=shares["both"].se,
        intervals={key: share.interval for key, share in shares.items()},
        mean_years=average.mean if average else None,
        mean_se=average.se if average else None,
        mean_interval=average.interval if average else None,
        quantiles=years,
        quantile_intervals=intervals,
    )


def _in_years(days: int | None) -> float | None:
    return None if days is None else days * DAY / YEAR


def _first_summary(one: FirstTally, days: Checkpoints) -> FirstSummary:
    won = one.incidence(days)
    labels = one.query.labels
    counts = dict(zip(labels, won[:, -1].tolist(), strict=True))
    counts["neither"] = one.runs - sum(counts.values())
    shares = {label: share_of(count, one.runs) for label, count in counts.items()}
    dates, intervals = quantiles(_dates(one), one.runs)
    by_day = zip(days.days, (won / one.runs).T.tolist(), strict=True)
    return FirstSummary(
        kind=one.query.kind,
        title=one.query.title,
        shares={label: share.share for label, share in shares.items()},
        se={label: share.se for label, share in shares.items()},
        intervals={label: share.interval for label, share in shares.items()},
        quantiles=dates,
        quantile_intervals=intervals,
        by={day: dict(zip(labels, row, strict=True)) for day, row in by_day},
    )


def _driver_summary(one: LevelTally, days: Checkpoints) -> DriverSummary:
    shares = {
        day: {
            label: share_of(count, one.runs) for label, count in zip(one.labels, row, strict=True)
        }
        for day, row in zip(days.days, one.counts(days).tolist(), strict=True)
    }
    return DriverSummary(
        kind=one.query.kind,
        title=one.query.title,
        shares={day: {k: e.share for k, e in row.items()} for day, row in shares.items()},
        intervals={day: {k: e.interval for k, e in row.items()} for day, row in shares.items()},
    )


def _index_summary(one: IndexTally, days: Checkpoints) -> IndexSummary:
    by = {
        day: _index_estimate(one, column)
        for column, day in zip(one.columns(days), days.days, strict=True)
    }
    return IndexSummary(one.query.kind, one.query.title, by)


def _index_estimate(one: IndexTally, column: int) -> IndexEstimate:
    average = one.histogram.mean(column, "percent")
    found = quantiles(one.histogram.sorted(column), one.runs)
    return IndexEstimate(average.mean, average.se, average.interval, *found)
