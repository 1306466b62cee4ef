"""What an answer hangs on, where it is known: hazards, chances and events that nothing feels.

Tolerances are five standard errors, which a right answer misses once in two million times. Each
is less than the answer itself, so that a number that stayed as it was would be found out.
"""

from __future__ import annotations

import math

import pytest

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.errors import UsageError
from coopsim.experiments.sensitivity import MovedAssumption, Sensitivity, sensitivity
from coopsim.experiments.variants import Effort
from coopsim.scenario.loading import load_data
from coopsim.simulation.workers.playing import Players
from small_world import small

YEARS = 3652 / 365.25  # 2025-01-01 to the end of 2034-12-31
RUNS = 4000


@pytest.fixture(scope="module")
def found() -> Sensitivity:
    return sensitivity(small(), ["end", "yes", "launch"], Effort(RUNS, Players(1)))


def by_path(found: Sensitivity) -> dict[str, MovedAssumption]:
    return {one.path: one for one in found.assumptions}


def assert_moved(found: PairedEstimate, exact: float) -> None:
    """Hold a difference against the answer, and show that none at all would be found out."""
    assert found.se is not None
    assert found.value == pytest.approx(exact, abs=5 * found.se)
    assert abs(exact) > 10 * found.se, "cannot fail"


# A hazard of rate L has happened within h with probability 1 - exp(-L h). Over a rate that is
# uniform on [a, b] that is 1 - (exp(-a h) - exp(-b h)) / ((b - a) h). Fixed at its 5th and 95th
# percentile it is a + 0.05 (b - a) = 0.07 and 0.43.
def test_the_chance_of_a_hazard_at_both_ends(found: Sensitivity) -> None:
    a, b, h = 0.05, 0.45, YEARS
    mean = 1 - (math.exp(-a * h) - math.exp(-b * h)) / ((b - a) * h)
    low, high = (1 - math.exp(-rate * h) for rate in (0.07, 0.43))
    effect = by_path(found)["events.end.rate"].effects["end"]
    assert_moved(effect.low, low - mean)
    assert_moved(effect.high, high - mean)
    assert_moved(effect.span, high - low)
    base = found.outcomes["end"]
    assert base.value == pytest.approx(mean, abs=5 * math.sqrt(mean * (1 - mean) / RUNS))


# Paired on common random numbers, the span between two rates has the variance of an indicator:
# the timelines whose unit exponential lies between 0.07 h and 0.43 h change, no others.
def test_only_the_timelines_between_the_ends_change(found: Sensitivity) -> None:
    effect = by_path(found)["events.end.rate"].effects["end"]
    p = effect.span.value
    assert effect.span.se == pytest.approx(math.sqrt(p * (1 - p) / (RUNS - 1)), rel=1e-6)
    # The date moves wherever it comes at all at the higher rate: 1 - exp(-0.43 h).
    felt = 1 - math.exp(-0.43 * YEARS)
    assert effect.felt == pytest.approx(felt, abs=5 * math.sqrt(felt * (1 - felt) / RUNS))


# A hazard of rate L lasts (1 - exp(-L h)) / L on average within h, what has not come by then
# counting as h: 7.20 years at 0.07 and 2.29 at 0.43.
def test_a_hazard_comes_sooner_on_average(found: Sensitivity) -> None:
    effect = by_path(found)["events.end.rate"].effects["end"]
    slow, fast = ((1 - math.exp(-rate * YEARS)) / rate for rate in (0.07, 0.43))
    assert found.outcomes["end"].years == pytest.approx(YEARS)
    assert effect.over_time_span is not None
    assert_moved(effect.over_time_span, fast - slow)


# Where all of few timelines come half a year later, of a horizon of 175 years, the mean may still
# be far off, as what one timeline in a hundred does may go unseen; yet all of them come later.
def test_what_moves_every_timeline_the_same_way_has_an_effect() -> None:
    opening = {"date": "2027-01-01", "judgement": "Made up."}
    world = {
        "scenario": "long", "start": "2025-01-01", "end": "2199-12-31",
        "events": {"opening": opening}, "outcomes": {"opening": {"event": "opening"}},
    }  # fmt: skip
    found = sensitivity(load_data(world), ["opening"], Effort(150, Players(1)))
    later = by_path(found)["events.opening.date"].effects["opening"].over_time_high
    assert found.no_detectable_effect == ()
    assert later is not None
    assert later.value == pytest.approx(180 / 365.25)
    assert later.everywhere
    assert later.interval is not None
    assert later.interval[0] < 0


# A ballot on a known day is carried with 0.3, whatever the day: the chance by the end does not
# move, its date does by 180 days where it is carried at all. The median is never reached.
def test_an_assumption_that_moves_only_dates_has_an_effect() -> None:
    ballot = {
        "date": "2026-06-30",
        "outcomes": {"carried": {"chance": 0.3}, "lost": {"chance": "rest"}},
        "judgement": "Made up.",
    }
    outcome = {"carried": {"event": "ballot", "outcome": "carried"}}
    world = {
        "scenario": "vote", "start": "2025-01-01", "end": "2029-12-31",
        "events": {"ballot": ballot}, "outcomes": outcome,
    }  # fmt: skip
    found = sensitivity(load_data(world), ["carried"], Effort(400, Players(1)))
    effect = by_path(found)["events.ballot.date"].effects["carried"]
    assert (found.dead, found.no_detectable_effect) == ((), ())
    assert effect.felt == found.outcomes["carried"].value
    assert effect.felt == pytest.approx(0.3, abs=5 * math.sqrt(0.3 * 0.7 / 400))
    assert effect.high.value == 0
    sooner, later, _ = effect.courses
    assert later.value == pytest.approx(180 / 365.25 * effect.felt)
    assert sooner.value == pytest.approx(-180 / 365.25 * effect.felt)
    assert [one.path for one in found.largest("carried")] == [
        "events.ballot.outcomes.carried.chance",
        "events.ballot.date",
    ]


# Odds of 0.6 are 1.5: divided and multiplied by 1.5 they give 1/2 and 2.25 / 3.25.
def test_a_chance_at_both_ends(found: Sensitivity) -> None:
    effect = by_path(found)["events.decision.outcomes.yes.chance"].effects["yes"]
    assert_moved(effect.low, -0.1)
    assert_moved(effect.high, 2.25 / 3.25 - 0.6)


# Another outcome's chance takes from this one's in proportion: at odds of 3/7 x 1.5 `no` has
# 0.3913, and `yes` 0.6 x (1 - 0.3913) / 0.7.
def test_a_rival_chance_takes_its_share(found: Sensitivity) -> None:
    effect = by_path(found)["events.decision.outcomes.no.chance"].effects["yes"]
    assert_moved(effect.high, 0.6 * (1 - 0.3913) / 0.7 - 0.6)


def test_what_nothing_feels_is_dead(found: Sensitivity) -> None:
    assert found.dead == ("events.idle.rate",)
    assert by_path(found)["events.idle.rate"].felt == 0
    assert by_path(found)["events.launch.date.planned"].effects["end"].felt == 0
    assert by_path(found)["events.launch.date.planned"].effects["launch"].felt > 0.7


def test_the_largest_comes_first(found: Sensitivity) -> None:
    assert found.largest("end")[0].path == "events.end.rate"
    assert [one.path for one in found.largest("launch")[:2]] == [
        "events.launch.date.growth",
        "drivers.climate.initial",
    ]


def test_only_what_is_asked_for_is_moved() -> None:
    found = sensitivity(
        small(), ["end"], Effort(100, Players(1)), only=["events.end", "events.idle"]
    )
    assert [one.path for one in found.assumptions] == ["events.end.rate", "events.idle.rate"]
    with pytest.raises(UsageError) as error:
        sensitivity(small(), ["end"], Effort(100, Players(1)), only=["events.enemy"])
    assert str(error.value) == "no movable assumption begins with 'events.enemy'"


def test_json_holds_everything(found: Sensitivity) -> None:
    tree = found.to_json()
    assert tree["outcomes"]["end"]["closes"] == "2034-12-31"
    assert tree["assumptions"][2]["path"] == "events.end.rate"
    assert set(tree["assumptions"][2]["effects"]["end"]) == {
        "low", "high", "span", "over_time_low", "over_time_high",
        "over_time_span", "felt",
    }  # fmt: skip
    assert tree["dead"] == ["events.idle.rate"]
