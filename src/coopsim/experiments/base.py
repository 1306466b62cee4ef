"""An answer of a scenario as it is: what variants are put beside, and what is told of it.

Every experiment asks its questions as measures (analysis/measures.py) and describes each of them
by its `Base`; what the experiment adds stands beside that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import day_of
from coopsim.analysis.comparing.medians import Middle
from coopsim.analysis.kinds.base import Query
from coopsim.analysis.measures import Measure, Samples
from coopsim.analysis.statistics.estimates import Interval, mean_of, share_of
from coopsim.analysis.statistics.order_statistics import Bounds
from coopsim.analysis.timelines import IntArray
from coopsim.experiments.variants import Variant
from coopsim.scenario.notation.values import YEAR
from coopsim.scenario.spec import Scenario
from coopsim.simulation.program import Program

SURE = 0.95  # a chance beyond which the date of an answer says more


@dataclass(frozen=True, slots=True)
class Base:
    """A number as it is with every assumption as written.

    The unit is `share`, `count` or `percent` (points), and of the answer over time `course_unit`:
    `years`, `count` or `percent`, None for a statement, which has no course. `years` is the time
    from the start to the close. `median` is a date or a number of years, None where it is not
    reached or there is none. `median_interval` is 95 %; it is None where there is no median, and an
    end where it is not reached or there are too few timelines. `titles` are those of the events
    that the label names, if any.
    """

    title: str
    label: str | None
    titles: Mapping[str, str]
    kind: str
    unit: str
    course_unit: str | None
    closes: date
    years: float
    value: float
    se: float | None
    interval: Interval | None
    median: date | float | None
    median_interval: Bounds[date | float] | None


def bases_of(variant: Variant, samples: Samples) -> list[Base]:
    """Describe every number that is asked of a variant."""
    return [
        base_of(one, samples, column, variant.program, variant.scenario)
        for column, one in enumerate(variant.asked)
    ]


def base_of(
    asked: Measure, samples: Samples, column: int, program: Program, scenario: Scenario
) -> Base:
    """Describe one number of a scenario as it is."""
    numbers, moments = samples.numbers[column], samples.moments[column]
    estimate: Any
    if asked.unit == "share":
        estimate = share_of(int(numbers.sum()), len(numbers))
    else:
        estimate = mean_of(*np.unique(numbers, return_counts=True), asked.unit)
    middle, around = (None, None) if moments is None else _median(asked, moments)
    return Base(
        title=asked.query.title,
        label=asked.label,
        titles=_titles(asked, scenario),
        kind=asked.query.kind,
        unit=asked.unit,
        course_unit=asked.course_unit,
        closes=day_of(program.start + asked.query.closes - 1),
        years=asked.query.closes / YEAR,
        value=float(numbers.mean()),
        se=estimate.se,
        interval=estimate.interval,
        median=middle,
        median_interval=around,
    )


def _median(asked: Measure, moments: IntArray) -> tuple[date | float | None, Bounds[date | float]]:
    middle, query = Middle.of(moments), asked.query
    assert isinstance(query, Query)  # of a statement there are no moments
    low, high = middle.bounds
    return query.shown(middle.median), (query.shown(low), query.shown(high))


def _titles(asked: Measure, scenario: Scenario) -> Mapping[str, str]:
    """Get the titles of the events that make a branch of `first_of`."""
    if asked.label is None or asked.query.kind != "first_of" or asked.label == "neither":
        return {}
    events = {name: scenario.events[name].title for name in asked.label.split(" or ")}
    return {name: title for name, title in events.items() if title}
