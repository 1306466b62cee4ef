"""What marks an outcome, found again in a world where it is known."""

from __future__ import annotations

import json
import math
from datetime import date
from functools import partial

import pytest

from coopsim.analysis.evidence.conditioning import Simulated
from coopsim.analysis.evidence.discovery import Discovery, Signpost, discover
from coopsim.analysis.statistics.estimates import share_of
from coopsim.analysis.summaries import summarise
from coopsim.errors import UsageError
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.values import Period, parse_date
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import play_blocks, simulate
from coopsim.simulation.workers.playing import Players
from world import STANDARD_ERRORS

# Only with a go, and then at an uncertain rate, comes the boom; its echo follows at once. The
# quiet event has nothing to do with it.
WORLD = {
    "scenario": "booms",
    "start": "2025-01-01",
    "end": "2028-12-31",
    "seed": 3,
    "events": {
        "signal": {
            "date": "2025-06-01",
            "outcomes": {"go": {"chance": 0.3}, "stop": {"chance": "rest"}},
        },
        "boom": {
            "rate": {"uniform": ["0 per year", "2 per year"]},
            "from": "2025-07-01",
            "when": {"signal": "go"},
        },
        "echo": {"when": {"boom": True}},
        "quiet": {"rate": "0.5 per year"},
        "doubt": {"rate": "0.2 to 0.8 per year"},
    },
}
RUNS = 4000


def found(
    outcome: str = "boom", runs: int = RUNS, by: Period | None = None, coverage: float = 0.5
) -> Discovery:
    scenario = load_data(WORLD).scenario
    program = build_program(scenario)
    parts = [simulate(program, 0, runs // 2), simulate(program, runs // 2, runs // 2)]
    source = Simulated(scenario, program, parts, summarise(scenario, program, parts, "3f9a2c1b"))
    return discover(source, outcome, partial(play_blocks, Players(1)), by, coverage)


@pytest.fixture(scope="module")
def booms() -> Discovery:
    return found()


# Over T years from July 2025 on, at a rate even on 0 to 2, P(boom | go) is the mean of
# 1 - exp(-r T), which is 1 - (1 - exp(-2 T)) / 2 T.
YEARS = (365 * 3 + 1 + 184) / 365.25
GIVEN_GO = 1 - -math.expm1(-2 * YEARS) / (2 * YEARS)


def test_the_chance_is_the_known_one(booms: Discovery) -> None:
    answer = 0.3 * GIVEN_GO
    error = math.sqrt(answer * (1 - answer) / RUNS)
    assert abs(booms.probability.share - answer) <= STANDARD_ERRORS * error
    assert abs(booms.probability.share - 2 * answer) > STANDARD_ERRORS * error


def test_the_box_is_the_signal_and_a_high_rate(booms: Discovery) -> None:
    box, second = booms.boxes
    rate, signal = box.limits
    assert (rate.name, rate.kind, rate.high, rate.so) == (
        "events.boom.rate.value", "rate", None, None,
    )  # fmt: skip
    assert isinstance(rate.low, float)
    assert (signal.name, signal.kind, signal.so) == ("signal = go by 2026-12-31", None, True)
    assert signal.share == pytest.approx(0.3, abs=5 * math.sqrt(0.21 / RUNS))
    # With a limit at r0 on the rate, what is in the box and in it a boom is known as well.
    low = rate.low * 31_557_600
    inside = 0.3 * (1 - low / 2)
    hits = 0.3 * ((2 - low) - (math.exp(-low * YEARS) - math.exp(-2 * YEARS)) / YEARS) / 2
    half = RUNS / 2
    assert box.mass == pytest.approx(inside, abs=5 * math.sqrt(inside / half))
    assert box.density.share == pytest.approx(
        hits / inside, abs=5 * math.sqrt(0.25 / (inside * half))
    )
    assert box.density.share > GIVEN_GO
    assert box.coverage.share == pytest.approx(hits / (0.3 * GIVEN_GO), abs=0.12)
    # What is left is the same with lower rates.
    assert [limit.name for limit in second.limits] == [limit.name for limit in box.limits]
    assert isinstance(second.limits[0].low, float)
    assert second.limits[0].low < rate.low
    assert second.density.share < box.density.share
    assert box.coverage.share + second.coverage.share <= 1


def test_the_trade_off_goes_to_everything(booms: Discovery) -> None:
    # Boxes cover what is asked, up to what differs between the two halves of the timelines.
    assert all(point.coverage.share > point.asked - 0.08 for point in booms.tradeoff)
    assert all(point.density.share > booms.probability.share for point in booms.tradeoff)
    assert booms.tradeoff[-1].coverage.share == 1
    assert booms.tradeoff[-1].density.share < booms.tradeoff[0].density.share


def test_signposts_are_what_is_known(booms: Discovery) -> None:
    assert booms.by == date(2026, 12, 31)
    go, stop, *others = booms.signposts
    assert {go.statement, stop.statement} == {
        "signal = go by 2026-12-31",
        "signal = stop by 2026-12-31",
    }
    assert {one.statement for one in others} == {"quiet by 2026-12-31", "doubt by 2026-12-31"}
    error = math.sqrt(0.25 / (0.3 * RUNS))
    for one in (go, stop):
        assert abs(one.difference) == pytest.approx(GIVEN_GO, abs=STANDARD_ERRORS * error)
        assert one.sure > 0.5
    assert all(one.sure == 0 for one in others)


def test_what_follows_the_outcome_is_no_signpost(booms: Discovery) -> None:
    assert not any("echo" in one.statement for one in booms.signposts)
    # Of the quiet event the echo is a sight like any other.
    assert any("echo" in one.statement for one in found("quiet by 2028").signposts)


def test_the_day_up_to_which_something_is_seen_can_be_chosen() -> None:
    early = found(by=parse_date("2025-Q1"))
    assert early.by == date(2025, 3, 31)
    assert all(one.statement.endswith("by 2025-03-31") for one in early.signposts)
    assert all(limit.kind == "rate" for box in early.boxes for limit in box.limits)
    with pytest.raises(UsageError) as error:
        found(by=parse_date("2031"))
    assert str(error.value) == "--by must be a day from 2025-01-01 to 2028-12-31"


def test_of_chance_alone_nothing_is_found() -> None:
    by_chance = found("quiet after 2027")
    assert by_chance.boxes == ()
    assert all(one.sure < 0.03 for one in by_chance.signposts)


def test_what_always_or_never_happens_marks_nothing() -> None:
    for outcome, of_all in (("boom = 0 or boom", "all"), ("echo before boom", "none")):
        with pytest.raises(UsageError) as error:
            found(outcome, runs=100)
        assert str(error.value) == (
            f"`{outcome}` comes true in {of_all} of 100 timelines: at least 30 with it and 30 "
            "without it are needed to find what marks them; simulate more, or ask about "
            "something less certain"
        )


def test_too_few_timelines_are_refused() -> None:
    with pytest.raises(UsageError) as error:
        found(runs=40)
    assert str(error.value) == (
        "`boom` comes true in 10 of 40 timelines: at least 30 with it and 30 without it are "
        "needed to find what marks them; run more"
    )


def test_it_can_be_printed_as_json(booms: Discovery) -> None:
    tree = json.loads(json.dumps(booms.to_json(), allow_nan=False))
    assert tree["by"] == "2026-12-31"
    assert tree["boxes"][0]["limits"][0]["name"] == "events.boom.rate.value"


def test_what_a_signpost_moves_at_least() -> None:
    half = share_of(5, 10)
    assert Signpost("a", half, half, half, 0.3, (0.1, 0.5)).sure == 0.1
    assert Signpost("a", half, half, half, -0.3, (-0.5, -0.1)).sure == 0.1
    assert Signpost("a", half, half, half, 0.1, (-0.1, 0.3)).sure == 0
