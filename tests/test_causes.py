"""Causes counted over histories written by hand, and as plain data."""

from __future__ import annotations

import pytest

from coopsim.analysis.stories.causes import Reason, causes_of, chain, levels_in
from coopsim.errors import UsageError
from coopsim.simulation import program as p
from coopsim.simulation.building import build_program
from coopsim.simulation.watching import Cause, CauseKind, Step, Waiting, WatchedRun
from traced import counted_causes
from world import scenario_of

WORLD = """
drivers:
  mood: {levels: [low, middle, high], initial: low}
events:
  first: {rate: 1 per year}
  second: {rate: 1 per year}
  last: {date: 2025-06-01, after: [first, second]}
"""
SCENARIO = scenario_of(WORLD)
PROGRAM = build_program(SCENARIO)
FIRST, SECOND, LAST = range(3)
CLOCK = Cause(CauseKind.CLOCK)
DRIVERS = len(PROGRAM.drivers)


def step(event: int, time: int, cause: Cause = CLOCK) -> Step:
    return Step(event, 0, time, time, cause, (), ())


def history(*steps: Step, waiting: tuple[Waiting, ...] = ()) -> WatchedRun:
    return WatchedRun(0, (0,), steps, waiting)


def after(number: int, event: int) -> Cause:
    return Cause(CauseKind.CONDITION, DRIVERS + event, 2, number)


HISTORIES = (
    history(step(FIRST, 1), step(SECOND, 2), step(LAST, 2, after(1, SECOND))),
    history(step(FIRST, 1), step(SECOND, 3), step(LAST, 3, after(1, SECOND))),
    history(step(SECOND, 1), step(FIRST, 3), step(LAST, 3, after(1, FIRST)), step(LAST, 9)),
    history(
        step(FIRST, 1), waiting=(Waiting(LAST, CauseKind.CONDITION, (p.Test(DRIVERS + 1, 2),)),)
    ),
)


def test_shares_are_of_first_firings() -> None:
    found = causes_of(SCENARIO, PROGRAM, HISTORIES).of("last")
    assert (found.runs, found.fired) == (4, 3)
    told = [(cause.reason, round(cause.share.share, 3), cause.by) for cause in found.causes]
    assert told == [
        (Reason(CauseKind.CONDITION, "second", ("true",)), 0.667, (("second", 2),)),
        (Reason(CauseKind.CONDITION, "first", ("true",)), 0.333, (("first", 1),)),
    ]
    (waiting,) = found.waiting
    assert (waiting.reason.variable, waiting.share.share, waiting.by) == ("second", 1.0, ())
    assert [(name, round(share.share, 3)) for name, share in found.chain] == [
        ("second", 0.667),
        ("first", 0.333),
    ]


def test_a_share_has_its_wilson_interval() -> None:
    found = causes_of(SCENARIO, PROGRAM, HISTORIES).of("last")
    # Of 2 among 3: (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n) with z = 1.959964.
    assert found.causes[0].share.interval == pytest.approx((0.2077, 0.9385), abs=5e-5)


def test_a_chain_goes_back_to_a_clock_of_its_own() -> None:
    told = history(
        step(FIRST, 1),
        step(SECOND, 2, after(0, FIRST)),
        step(LAST, 3, after(1, SECOND)),
    )
    assert [one.event for one in chain(told, told.steps[2])] == [SECOND, FIRST]
    assert chain(told, told.steps[0]) == []


def test_plain_data() -> None:
    tree = causes_of(SCENARIO, PROGRAM, HISTORIES[:1]).to_json(["last"])
    interval = pytest.approx([0.2065, 1.0], abs=5e-5)
    assert tree == {
        "scenario": "test",
        "seed": 7,
        "runs": 1,
        "events": {
            "last": {
                "fired": 1,
                "causes": [
                    {
                        "kind": "condition",
                        "name": "second",
                        "levels": ["true"],
                        "share": 1.0,
                        "se": 0.0,
                        "interval": interval,
                        "by": {"second": 1},
                    }
                ],
                "waiting": [],
                "chain": [{"name": "second", "share": 1.0, "se": 0.0, "interval": interval}],
            }
        },
    }
    whole = causes_of(SCENARIO, PROGRAM, HISTORIES).to_json()
    assert list(whole["events"]) == ["first", "second", "last"]


def test_levels_of_a_mask() -> None:
    assert levels_in(PROGRAM, 0, 0b110) == ("middle", "high")
    assert levels_in(PROGRAM, DRIVERS, 0b10) == ("true",)
    assert levels_in(PROGRAM, DRIVERS, 0b1) == ("false",)


def test_shares_of_an_event_sum_to_one() -> None:
    found = counted_causes(WORLD, 50)
    for event in found.events.values():
        for shares in (event.causes, event.waiting):
            if shares:
                assert sum(cause.share.share for cause in shares) == pytest.approx(1)


def test_an_event_that_there_is_not() -> None:
    with pytest.raises(UsageError) as error:
        causes_of(SCENARIO, PROGRAM, HISTORIES).of("lats")
    assert str(error.value) == "no event 'lats'; did you mean 'last'?"
    with pytest.raises(UsageError) as error:
        causes_of(SCENARIO, PROGRAM, HISTORIES).of("qqq")
    assert str(error.value) == "no event 'qqq'; there are first, second and last"


def test_what_can_be_no_longer_counts_before_a_date_that_is_to_come() -> None:
    barred = p.Test(DRIVERS + FIRST, 1)  # asks that `first` has not happened
    late = Waiting(LAST, CauseKind.CLOCK, (p.Test(0, 4), barred), 10)
    (found,) = causes_of(SCENARIO, PROGRAM, [history(waiting=(late,))]).of("last").waiting
    assert found.reason == Reason(CauseKind.CONDITION, "first", ("false",))
    later = Waiting(LAST, CauseKind.CLOCK, (p.Test(0, 4),), 10)
    (found,) = causes_of(SCENARIO, PROGRAM, [history(waiting=(later,))]).of("last").waiting
    assert found.reason == Reason(CauseKind.CLOCK)
