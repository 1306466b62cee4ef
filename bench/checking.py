"""Whether two programs play the world of 72 events alike: their statistics, compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import model72
import numpy as np

from coopsim.scenario.notation.values import YEAR
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program

STANDARD_ERRORS = 5  # some 290 comparisons of each pair: a false alarm in 1,500 checks
FEWEST = 30  # timelines in which an event must have happened for its mean date to be compared


@dataclass(frozen=True)
class Log:
    """Who logged what: firings as columns, the events and outcomes by name."""

    name: str
    runs: int
    run: np.ndarray
    event: np.ndarray  # of names
    outcome: np.ndarray  # of names
    years: np.ndarray


@dataclass(frozen=True)
class Mean:
    """A mean over timelines, and the standard deviation."""

    value: float
    deviation: float
    timelines: int


Statistics = dict[str, Mean]  # by what is measured


def log_of_firings(name: str, firings: Firings, program: Program) -> Log:
    """Name what an engine logs by number."""
    names = np.array([event.name for event in program.events])
    most = max(len(event.outcomes) for event in program.events)
    outcomes = np.array(
        [
            [outcome.name for outcome in event.outcomes] + [""] * (most - len(event.outcomes))
            for event in program.events
        ]
    )
    run, event = firings.run - firings.first_run, firings.event
    outcome = outcomes[event, firings.outcome]
    return Log(name, firings.runs, run, names[event], outcome, firings.time / YEAR)


def log_of_rows(name: str, rows: Sequence[tuple[int, str, str, float]], runs: int) -> Log:
    """Make columns of what the plain programs log."""
    return Log(name, runs, *(np.array(column) for column in zip(*rows, strict=True)))


def log_of_columns(
    name: str, columns: Sequence[np.ndarray], runs: int, outcomes: np.ndarray
) -> Log:
    """Name what NumPy logs by number."""
    run, event, outcome, years = columns
    return Log(name, runs, run, np.array(model72.NAMES)[event], outcomes[outcome], years)


def statistics(log: Log) -> Statistics:
    """Measure for each event how often, whether, how often it works, and when first."""
    found: Statistics = {}
    for name in model72.NAMES:
        here = log.event == name
        works = here & (log.outcome == "works")
        first = np.full(log.runs, np.inf)
        np.minimum.at(first, log.run[here], log.years[here])
        happened = np.isfinite(first)
        found[f"firings of {name}"] = _mean(np.bincount(log.run[here], minlength=log.runs))
        found[f"chance of {name}"] = _mean(happened)
        found[f"successes of {name}"] = _mean(np.bincount(log.run[works], minlength=log.runs))
        if happened.sum() >= FEWEST:
            found[f"first date of {name}"] = _mean(first[happened])
    return found


def _mean(values: np.ndarray) -> Mean:
    return Mean(float(values.mean()), float(values.std(ddof=1)), len(values))


def differences(one: Statistics, other: Statistics) -> Iterator[str]:
    """Find the statistics that are further apart than chance explains."""
    for what in one.keys() & other.keys():
        apart, error = one[what].value - other[what].value, _error(one[what], other[what])
        if abs(apart) > STANDARD_ERRORS * error:
            yield (
                f"{what}: {one[what].value:.4g} and {other[what].value:.4g}, "
                f"with a standard error of {error:.2g}"
            )


def _error(one: Mean, other: Mean) -> float:
    # The larger deviation of the two: a few timelines in which all is alike would show none.
    deviation = max(one.deviation, other.deviation)
    return float(deviation * np.sqrt(1 / one.timelines + 1 / other.timelines))
