"""What many timelines say to each question: the answers of summary.json."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from typing import Any

from coopsim.analysis.checkpoints import YEARLY, Checkpoints, boundaries, day_of, last_day
from coopsim.analysis.estimates import QUANTILES, Interval, Mean, mean_of, share_of
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
from coopsim.scenario.spec import Scenario
from coopsim.scenario.values import DAY, YEAR
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program


@dataclass(frozen=True, slots=True)
class DateSummary:
    """Say whether and when something happens; kinds event, last and all_of.

    `probability` is of happening by the horizon, or by the question's own date; a quantile
    that is not reached by then is None.
    """

    kind: str
    title: str
    probability: float
    se: float
    interval: Interval
    quantiles: dict[str, date | None]
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
    quantiles: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class FirstSummary:
    """Say which of several comes first; `quantiles` are of the date on which any does."""

    kind: str
    title: str
    shares: dict[str, float]
    se: dict[str, float]
    intervals: dict[str, Interval]
    quantiles: dict[str, date | None]
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
        return value + 0.0
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
    return DateSummary(
        kind=one.query.kind,
        title=one.query.title,
        probability=share.share,
        se=share.se,
        interval=share.interval,
        quantiles=_quantile_dates(one),
        by={day: int(count) / one.runs for day, count in zip(days.days, happened, strict=True)},
    )


def _quantile_dates(one: DayTally) -> dict[str, date | None]:
    found = {key: one.quantile(percent) for key, percent in QUANTILES.items()}
    first = day_of(one.program.start)
    return {key: None if day is None else first + timedelta(day) for key, day in found.items()}


def _count_summary(one: CountTally) -> CountSummary:
    numbers = one.histogram
    in_all = numbers.mean(0)
    values, counts = numbers.column(0)
    return CountSummary(
        kind=one.query.kind,
        title=one.query.title,
        mean=in_all.mean,
        se=in_all.se,
        interval=in_all.interval,
        quantiles={key: int(numbers.quantile(0, percent)) for key, percent in QUANTILES.items()},
        distribution={
            int(value): int(count) / one.runs for value, count in zip(values, counts, strict=True)
        },
        per_year={year: numbers.mean(column) for column, year in enumerate(one.years, start=1)},
    )


def _gap_summary(one: GapTally) -> GapSummary:
    gaps = one.gaps()
    shares = {key: share_of(count, one.runs) for key, count in gaps.counts.items()}
    average = mean_of(gaps.days * DAY / YEAR, gaps.seen) if len(gaps.seen) else None
    return GapSummary(
        kind=one.query.kind,
        title=one.query.title,
        shares={key: share.share for key, share in shares.items()},
        se=shares["both"].se,
        intervals={key: share.interval for key, share in shares.items()},
        mean_years=average.mean if average else None,
        mean_se=average.se if average else None,
        quantiles={key: _gap_years(gaps.quantile(percent)) for key, percent in QUANTILES.items()},
    )


def _gap_years(days: int | None) -> float | None:
    return None if days is None else days * DAY / YEAR


def _first_summary(one: FirstTally, days: Checkpoints) -> FirstSummary:
    won = one.incidence(days)
    labels = one.query.labels
    counts = dict(zip(labels, won[:, -1].tolist(), strict=True))
    counts["neither"] = one.runs - sum(counts.values())
    shares = {label: share_of(count, one.runs) for label, count in counts.items()}
    by_day = zip(days.days, (won / one.runs).T.tolist(), strict=True)
    return FirstSummary(
        kind=one.query.kind,
        title=one.query.title,
        shares={label: share.share for label, share in shares.items()},
        se={label: share.se for label, share in shares.items()},
        intervals={label: share.interval for label, share in shares.items()},
        quantiles=_quantile_dates(one),
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
    average = one.histogram.mean(column)
    quantiles = {k: one.histogram.quantile(column, p) for k, p in QUANTILES.items()}
    return IndexEstimate(average.mean, average.se, average.interval, quantiles)
