"""Statements whose chance is known: the third firing, company, a level held, an opening day."""

from __future__ import annotations

import math

import pytest

from coopsim.analysis.evidence.facts import is_so
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.measures import measures, read
from coopsim.analysis.timelines import BoolArray, Timelines
from coopsim.experiments.sensitivity import sensitivity
from coopsim.experiments.sweeps import axis_of, sweep
from coopsim.experiments.variants import Effort
from coopsim.scenario.loading import load_data
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from coopsim.simulation.workers.playing import Players
from world import STANDARD_ERRORS, START, assert_mean, data_of, scenario_of

RUNS = 8000
END = "2034-12-31"
HEADER = {"scenario": "flights", "start": START, "end": END, "seed": 7}
DAILY = 1 / 365.25  # of a rate of 1 per year


def stated(world: str, statement: str, runs: int = RUNS) -> BoolArray:
    """Mark the timelines of a world that ends with 2034 in which a statement is so.

    Read as a measure, from the few firings that matter to it, it is so in the same ones.
    """
    scenario = scenario_of(world, end=END)
    program = build_program(scenario)
    firings = simulate(program, 0, runs)
    so = is_so(read_evidence(statement, scenario, program), Timelines(program, firings))
    (asked,) = measures(program, scenario, [statement])
    assert read([asked], program, firings).numbers[0].tolist() == so.tolist()
    return so


def erlang(number: int, mean: float) -> float:
    """Get the chance that a Poisson process of so many firings on average has so many at least."""
    fewer = sum(mean**k / math.factorial(k) for k in range(number))
    return 1 - math.exp(-mean) * fewer


FLIGHTS = """
events:
  flight: {rate: 1 per year, repeat: true}
"""


# The moment of the third firing of a Poisson process is the sum of three exponential waits, Erlang
# distributed: by the end of 2026, 730 days in, it has come unless there were 0, 1 or 2.
def test_the_third_firing_is_erlang() -> None:
    assert_mean(stated(FLIGHTS, "third flight by 2026"), lambda k: erlang(3, k * 730 * DAILY))


# Counted from an opening day on, 1 July 2026, what came before does not count: 184 days are left
# of 2026, in which the second comes if there are two; it comes in 2026 or 2027 with those of 549.
def test_firings_are_counted_from_an_opening_day() -> None:
    so = stated(FLIGHTS, "second flight from 2026-07-01 to 2026-12-31")
    assert_mean(so, lambda k: erlang(2, k * 184 * DAILY))
    so = stated(FLIGHTS, "flight >= 2 from 2026-07-01 to 2027-12-31")
    assert_mean(so, lambda k: erlang(2, k * 549 * DAILY))


# Every flight works with 0.3, whatever the others do: the third to come works with 0.3 as well, so
# that by the end of 2027, 1095 days in, it has come and worked with 0.3 of the Erlang chance.
def test_the_third_works_as_often_as_any() -> None:
    world = """
events:
  flight: {rate: 1 per year, repeat: true, outcomes: {works: {chance: 0.3}, fails: {chance: rest}}}
"""
    so = stated(world, "third flight = works by 2027")
    assert_mean(so, lambda k: k * 0.3 * erlang(3, 1095 * DAILY))


# Every flight is announced with 0.25, and a guest comes upon what is announced, at once. Firings
# with company are then those of a Poisson process thinned to a quarter, those without of one
# thinned to three quarters: in 1461 days none of the former comes with exp(-1461/365.25/4).
COMPANY = """
events:
  flight:
    rate: 1 per year
    repeat: true
    outcomes: {announced: {chance: 0.25}, silent: {chance: rest}}
  guest: {upon: [flight], when: {flight: announced}, repeat: true}
"""


@pytest.mark.parametrize(
    ("statement", "number", "thinned"),
    [
        ("flight with guest by 2028", 1, 0.25),
        ("flight with guest >= 2 by 2028", 2, 0.25),
        ("flight without guest >= 3 by 2028", 3, 0.75),
    ],
)
def test_company_thins_a_poisson_process(statement: str, number: int, thinned: float) -> None:
    so = stated(COMPANY, statement)
    assert_mean(so, lambda k: erlang(number, k * thinned * 1461 * DAILY))


# The second flight is one with company in a quarter of the timelines in which it comes.
def test_the_second_has_company_as_often_as_any() -> None:
    so = stated(COMPANY, "second flight with guest by 2028")
    assert_mean(so, lambda k: k * 0.25 * erlang(2, 1461 * DAILY))


# The light is switched on on days 50, 150, 250 and 350 and goes off by itself, 4 times a year. It
# stays on for 60 days with p = exp(-60 x 4 / 365.25); if it does not, it is off before it is
# switched on anew. In 2025 three stays have the time to reach 60 days.
LIGHT = """
drivers:
  light: {levels: [dark, lit], initial: dark, switches: {lit -> dark: {rate: 4 per year}}}
events:
  switched: {date: {first: 2025-02-20, every: 100 days}, repeat: true, sets: {light: lit}}
"""


def stays(faster: float) -> float:
    return math.exp(-faster * 4 * 60 * DAILY)


def test_a_level_is_held_in_one_of_three_stays() -> None:
    so = stated(LIGHT, "light = lit for 60 days by 2025")
    assert_mean(so, lambda k: 1 - (1 - stays(k)) ** 3)


# From day 250 on it is lit, be it anew or still, and an exponential stay has no memory: what it
# stayed before the opening day does not count, and the stay from day 350 is too short.
def test_what_is_held_before_the_opening_day_does_not_count() -> None:
    assert_mean(stated(LIGHT, "light = lit for 60 days from 2025-09-08 to 2025-12-31"), stays)


# A chain that goes up at rate a and down at rate b, from below, is up after s with
# a / (a + b) (1 - exp(-(a + b) s)), and stays so for d with exp(-b d): at the end of 2026, 730 days
# in, it has been up for 100 days on end if it was up 630 days in and stayed.
def test_a_chain_has_been_up_for_so_long() -> None:
    world = """
drivers:
  state:
    levels: [down, up]
    initial: down
    switches: {down -> up: {rate: 1 per year}, up -> down: {rate: 2 per year}}
"""

    def up(faster: float) -> float:
        a, b = faster * DAILY, faster * 2 * DAILY
        return a / (a + b) * -math.expm1(-(a + b) * 630) * math.exp(-b * 100)

    assert_mean(stated(world, "state = up for 100 days on 2026-12-31"), up)


# --- as answers of experiments ------------------------------------------------------------------

THIRD = "third flight by 2026"


# A certain rate of 1 per year is moved to 2/3 and to 1.5.
def test_moving_the_rate_moves_the_third_firing() -> None:
    loaded = load_data({**HEADER, **data_of(FLIGHTS)})
    found = sensitivity(loaded, [THIRD], Effort(4000, Players(1)))
    (moved,) = (one for one in found.assumptions if one.path == "events.flight.rate")
    span = moved.effects[THIRD].span
    se = span.se or 0.0

    def off(swing: float) -> float:
        low, high = (erlang(3, 730 * DAILY * swing**way) for way in (-1, 1))
        return abs(span.value - (high - low)) / se

    assert off(1.5) <= STANDARD_ERRORS
    assert off(3.0) > STANDARD_ERRORS, "cannot fail"


# The third comes by day 730 as likely as not where the mean number until then is the median of an
# Erlang distribution of order 3, 2.674060.
def test_a_sweep_finds_the_median_of_the_third_firing() -> None:
    loaded = load_data({**HEADER, **data_of(FLIGHTS)})
    axis = axis_of(loaded, "events.flight.rate=0.5..2.5 per year", 17)
    found = sweep(loaded, [axis], THIRD, Effort(4000, Players(1))).threshold
    assert found is not None
    assert found.interval is not None
    se = (found.interval[1] - found.interval[0]) / 2 / 2.093  # Student's t of 19 degrees, 97.5 %
    median = 2.674060 / (730 * DAILY)
    assert erlang(3, 2.674060) == pytest.approx(0.5, abs=1e-6)
    assert abs(found.at - median) <= STANDARD_ERRORS * se
    assert abs(found.at - 2 * median) > STANDARD_ERRORS * se, "cannot fail"
