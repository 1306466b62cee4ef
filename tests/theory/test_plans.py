"""Plans of record: how fast official dates slip, and that none is ever past."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from coopsim.analysis.timelines import Timelines, drawn_levels
from coopsim.scenario.notation.values import DAY
from world import Runs, assert_mean, play

# A review moves the date by 0.3 x 1 + 0.2 x 2 + 0.1 x 4 = 1.1 half-years on average.
WORLD = """
events:
  flight: {{takes: 1 day, upon: [never]}}
  never: {{rate: 0 per year}}
plans:
  plan:
    official: 2045
    event: flight
    reviews: {reviews}
    slips: {{none: 0.4, half a year: 0.3, a year: 20 %, two years: rest}}
"""
END = "2070-12-31"
TEN_YEARS = 3652  # days from 2025-01-01 to 2034-12-31, two of which are leap days


def half_years(runs: Runs, day: int) -> NDArray[np.int64]:
    """Count by how many half-years the official date has moved by the end of a day, in each run."""
    timelines = Timelines(runs.program, runs.firings, drawn_levels)
    announced = runs.program.drivers[0].levels.index("2045")
    return timelines.levels(0, [day * DAY])[:, 0] - announced


# In 3,652 days there are nine reviews, one every 365.25 days: the date moves by 9 x 1.1 half-years.
def test_the_mean_slip_of_yearly_reviews() -> None:
    runs = play(WORLD.format(reviews="every 1 year"), 4000, end=END)
    assert (runs.count("plan_reviewed", by=TEN_YEARS * DAY) == 9).all()
    assert_mean(half_years(runs, TEN_YEARS), lambda factor: factor * 9 * 1.1)


# Reviews that come at exponential intervals of two years on average are a Poisson process: after T
# years there have been T / 2 of them on average, whatever T.
def test_the_mean_slip_of_irregular_reviews() -> None:
    runs = play(WORLD.format(reviews="{exponential: 2 years}"), 8000, end=END)
    years = TEN_YEARS / 365.25
    assert_mean(half_years(runs, TEN_YEARS), lambda factor: factor * years / 2 * 1.1)


LATE = """
events:
  flight: {date: 2027-09-15}
plans:
  plan: {official: 2025-H1, event: flight, reviews: every 1000 years, slips: {none: 1}}
"""


# Nobody reviews it: the date moves by itself when its half-year has passed, until the flight.
def test_a_date_is_never_past_and_rests_when_the_event_has_come() -> None:
    runs = play(LATE, end="2029-12-31")
    assert runs.in_days() == [
        ("plan_official: 2025-H1 -> 2025", 181),
        ("plan_official: 2025 -> 2026-H1", 365),
        ("plan_official: 2026-H1 -> 2026", 546),
        ("plan_official: 2026 -> 2027-H1", 730),
        ("plan_official: 2027-H1 -> 2027", 911),
        ("flight", 987),
    ]


# The date has moved to 2027 by a review before it would have moved by itself.
def test_a_date_that_was_moved_further_stays() -> None:
    text = LATE.replace("1000 years", "100 days").replace("none: 1", "two years: 1")
    runs = play(text, end="2025-06-30")
    assert runs.in_days() == [("plan_reviewed", 100)]
