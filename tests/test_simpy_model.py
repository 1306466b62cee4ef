"""The reference engine, to the second: clocks, speeds, firings, ties (section 4, in its order)."""

from __future__ import annotations

import math

import pytest

from coopsim.scenario.notation.values import DAY, HOUR, YEAR
from coopsim.simulation.draws import stream_key, uniform
from world import play

# A door that is open on days 0 to 9, 20 to 29, 40 to 49, ... of the year.
DOOR = """
drivers:
  door: {levels: [shut, open], initial: open}
events:
  shuts: {date: {first: 2025-01-11, every: 20 days}, repeat: true, sets: {door: shut}}
  opens: {date: {first: 2025-01-21, every: 20 days}, repeat: true, sets: {door: open}}
"""


def drawn(stream: str, k: int, run: int = 0) -> float:
    """Get the uniform number that the engine must have used; tests run with seed 7."""
    return uniform(stream_key(7, stream), run, k)


# --- rule 1: time and days ------------------------------------------------------------------------


def test_moments_are_rounded_up() -> None:
    runs = play(
        """
        events:
          a: {takes: 1 hour, pace: [{when: {}, times: 7}]}
          b: {takes: 2.5001 hours}
          c: {takes: 3 hours}
        """
    )
    assert runs.log() == [("a", 515), ("b", 9001), ("c", 3 * HOUR)]  # 514.28..., 9000.36


# 744 hours are 31 days, so the last second of January is in the 744th hour.
def test_the_last_day_is_included() -> None:
    text = """
    events:
      in_time: {date: 2025-01-31}
      hardly: {takes: 743.999 hours}
      late: {takes: 744 hours}
    """
    expected = [("in_time", 30 * DAY), ("hardly", math.ceil(743.999 * HOUR))]
    assert play(text, end="2025-01-31").log() == expected
    assert play(text, end="2025-02-01").log() == [*expected, ("late", 31 * DAY)]


def test_until_includes_its_day() -> None:
    runs = play(
        """
        events:
          in_time: {date: 2025-01-31, until: 2025-01-31}
          hardly: {takes: 743.999 hours, until: 2025-01-31}
          late: {takes: 744 hours, until: 2025-01-31}
          month: {takes: 743.999 hours, until: 2025-01}
          missed: {date: 2025-01-20, when: {late: true}, until: 2025-01-31}
        """
    )
    assert [name for name, _ in runs.log()] == ["in_time", "hardly", "month"]


def test_from_is_part_of_the_condition() -> None:
    runs = play(
        """
        events:
          works: {takes: 5 days, from: 2025-01-11}
          gated: {date: 2025-01-06, from: 2025-01-11}
          at_once: {from: 2025-01-11}
          hazard: {rate: 1 per year, from: 2025-01-11}
          before: {takes: 5 days, from: 2020-01-01}
        """
    )
    hazard = 10 * DAY + math.ceil(-math.log1p(-drawn("events.hazard.rate", 0)) * YEAR)
    assert dict(runs.log()) == {
        "before": 5 * DAY,
        "gated": 10 * DAY,
        "at_once": 10 * DAY,
        "works": 15 * DAY,
        "hazard": hazard,
    }


def test_what_comes_to_hold_outside_of_the_days_waits_for_them() -> None:
    runs = play(
        """
        drivers: {door: {levels: [shut, open], initial: shut}}
        events:
          opens: {date: 2025-01-11, sets: {door: open}}
          early: {takes: 5 days, when: {door: open}, from: 2025-01-21}
          late: {takes: 5 days, when: {door: open}, until: 2025-01-09}
        """
    )
    assert runs.in_days() == [("opens", 10), ("early", 25)]


# `gated` may fire from day 10 on; the day turns before `spoils`, declared later, fires.
def test_days_turn_before_any_firing_of_their_second() -> None:
    runs = play(
        """
        events:
          gated: {date: 2025-01-06, from: 2025-01-11, when: {spoils: false}}
          spoils: {date: 2025-01-11}
        """
    )
    assert runs.in_days() == [("gated", 10), ("spoils", 10)]


# --- rule 3: clocks -------------------------------------------------------------------------------


def test_takes_keeps_what_it_has_done() -> None:
    runs = play(DOOR + "  works: {takes: 25 days, when: {door: open}}", end="2025-03-01")
    assert runs.times("works") == [45 * DAY]  # 10 days, 10 days and 5


def test_takes_draws_anew_at_each_arming() -> None:
    runs = play("events: {e: {takes: {uniform: [1 day, 9 days]}, repeat: true}}", end="2025-03-01")
    moment = 0
    for k, time in enumerate(runs.times("e")):
        moment += math.ceil((1 + 8 * drawn("events.e.takes", k)) * DAY)
        assert time == moment
    assert k > 4


# What is lost at each shutting is drawn anew at the next opening, until 10 days are enough.
@pytest.mark.parametrize("timing", ["takes: {uniform: [8 days, 30 days]}", "rate: 0.07 per day"])
def test_memory_enabling(timing: str) -> None:
    text = DOOR + f"  works: {{{timing}, when: {{door: open}}, memory: enabling}}"
    runs = play(text, 20, end="2026-12-31")
    for run in range(20):
        k, work = 0, math.inf
        while work > 10:
            if "takes" in timing:
                work = 8 + 22 * drawn("events.works.takes", k, run)
            else:
                work = -math.log1p(-drawn("events.works.rate", k, run)) / 0.07
            k += 1
        assert runs.times("works", run) == [math.ceil((20 * (k - 1) + work) * DAY)]


def test_memory_enabling_forgets_completed_work_too() -> None:
    runs = play(
        DOOR
        + """
  waits:
    takes: 5 days
    when: {door: open}
    memory: enabling
    window: {open: [[2025-01-16, 2025-01-23], [2025-01-24, 2025-02-28]]}
    """,
        end="2025-02-28",
    )
    assert runs.times("waits") == [25 * DAY]  # done on day 5, lost on day 10, begun on day 20


def test_memory_enabling_under_from_and_until() -> None:
    event = "{takes: 5 days, from: 2025-01-11, until: 2025-01-24, memory: enabling, repeat: true}"
    runs = play(f"events: {{e: {event}}}")
    assert runs.in_days() == [("e", 15), ("e", 20)]


# Its own firing shuts the door, so nothing is armed until the door opens: the second draw is used
# then, not the third.
def test_memory_enabling_is_armed_by_the_levels_after_the_firing() -> None:
    works = "{takes: {uniform: [1 day, 9 days]}, when: {door: open}, memory: enabling"
    runs = play(DOOR + f"  works: {works}, repeat: true, sets: {{door: shut}}}}", end="2025-02-28")
    days = [20 * k + 1 + 8 * drawn("events.works.takes", k) for k in range(3)]
    assert runs.times("works") == [math.ceil(day * DAY) for day in days]


def test_memory_enabling_with_a_trigger_waits_for_the_next_one() -> None:
    runs = play(
        DOOR
        + """
  calls: {date: {first: 2025-01-06, every: 20 days}, repeat: true}
  comes: {upon: [calls], takes: 6 days, when: {door: open}, memory: enabling, repeat: true}
  calls_shut: {date: 2025-01-15}
  misses: {upon: [calls_shut], takes: 1 day, when: {door: open}, memory: enabling}
  keeps: {upon: [calls], takes: 6 days, when: {door: open}}
    """,
        end="2025-03-31",
    )
    assert runs.times("comes") == []
    assert runs.times("misses") == []  # the trigger found the door shut and armed nothing
    assert runs.times("keeps") == [21 * DAY]  # with memory, 5 days and the sixth on day 20


def test_a_hazard_pauses_and_keeps_its_work() -> None:
    runs = play(DOOR + "  hazard: {rate: 0.05 per day, when: {door: open}}", 10)
    for run in range(10):
        work = -math.log1p(-drawn("events.hazard.rate", 0, run)) / 0.05
        pauses = math.floor(work / 10)
        assert abs(runs.times("hazard", run)[0] - (work + 10 * pauses) * DAY) <= pauses + 1


# A date's clock runs whatever the condition, which only gates the firing.
def test_a_date_waits_behind_its_condition() -> None:
    runs = play(DOOR + "  late: {date: 2025-01-15, when: {door: open}}\n  due: {date: 2025-01-05}")
    assert runs.times("late") == [20 * DAY]
    assert runs.times("due") == [4 * DAY]


# Its turn comes first and finds the condition shut; once that is open it is due in the same second.
def test_a_date_is_complete_in_its_very_second() -> None:
    runs = play("events: {e: {date: 2025-01-11, when: {opens: true}}, opens: {date: 2025-01-11}}")
    assert runs.in_days() == [("opens", 10), ("e", 10)]


def test_a_date_in_the_past_is_due_at_once() -> None:
    runs = play(
        """
        events:
          past: {date: 2020-01-01}
          slow: {date: 2020-01-01, pace: [{when: {}, times: 0.001}]}
          grown: {date: {planned: 2020-01-01, growth: 3}}
        """
    )
    assert runs.log() == [("past", 0), ("slow", 0), ("grown", 0)]


def test_a_plan_grows_from_the_start() -> None:
    runs = play(
        """
        events:
          date: {date: {planned: 2025-01-11, growth: 2.5}}
          held: {date: {planned: 2025-01-11, growth: 2.5, not_before: 2025-02-10}}
          free: {date: {planned: 2025-01-11, growth: 2.5, not_before: 2025-01-02}}
          takes: {takes: {planned: 10 days, growth: 2.5}}
        """
    )
    assert runs.in_days() == [("date", 25), ("free", 25), ("takes", 25), ("held", 40)]


# The work, 15 days with `not_before`, is done after 5; until day 15 the gate is shut.
def test_not_before_gates_whatever_the_pace() -> None:
    runs = play(
        """
        events:
          fast: {date: PLAN, pace: [{when: {}, times: 3}]}
          slow: {date: PLAN, pace: [{when: {}, times: 0.5}]}
        """.replace("PLAN", "{planned: 2025-01-11, growth: 1, not_before: 2025-01-16}")
    )
    assert runs.in_days() == [("fast", 15), ("slow", 30)]


def test_both_parts_of_a_plan_have_streams_of_their_own() -> None:
    runs = play(
        """
        events:
          e: {takes: {planned: {uniform: [1 day, 9 days]}, growth: {uniform: [1, 3]}}}
          d: {date: {planned: {uniform: [2025-01-11, 2025-01-31]}, growth: {uniform: [1, 3]}}}
          one: {takes: {planned: 4 days, growth: {uniform: [1, 3]}}}
        """
    )
    e = (1 + 8 * drawn("events.e.takes.planned", 0)) * (1 + 2 * drawn("events.e.takes.growth", 0))
    d = (10 + 20 * drawn("events.d.date.planned", 0)) * (1 + 2 * drawn("events.d.date.growth", 0))
    one = 4 * (1 + 2 * drawn("events.one.takes", 0))
    expected = {"e": math.ceil(e * DAY), "d": math.ceil(d * DAY), "one": math.ceil(one * DAY)}
    assert dict(runs.log()) == expected


def test_immediate_events_fire_once_their_condition_holds() -> None:
    runs = play(
        DOOR.replace("initial: open", "initial: shut")
        + "  at_once: {}\n  opened: {when: {door: open}}\n  chained: {after: [opened]}",
        end="2025-03-01",
    )
    assert [(name, day) for name, day in runs.in_days() if name not in ("shuts", "opens")] == [
        ("at_once", 0),
        ("opened", 20),
        ("chained", 20),
    ]


def test_an_immediate_event_repeats_each_time_its_condition_comes_back() -> None:
    runs = play(
        DOOR + "  closes_it: {when: {door: open}, repeat: true, sets: {door: shut}}",
        end="2025-03-01",
    )
    assert runs.times("closes_it") == [0, 20 * DAY, 40 * DAY]


# --- rule 3: dates by level -----------------------------------------------------------------------

TABLE = """
drivers:
  plan: {levels: [none, early, late, later], initial: PLAN}
events:
  changes: {date: 2025-01-06, sets: {plan: NEXT}}
"""


def planned(plan: str, becomes: str) -> str:
    return TABLE.replace("PLAN", plan).replace("NEXT", becomes)


@pytest.mark.parametrize(
    ("plan", "becomes", "day"),
    [
        ("early", "late", 20),
        ("late", "early", 10),
        ("none", "late", 20),
        ("late", "none", None),
        ("early", "early", 10),
        ("none", "none", None),
    ],
)
def test_the_date_of_the_current_level_counts(plan: str, becomes: str, day: int | None) -> None:
    table = "{by: plan, early: 2025-01-11, late: 2025-01-21}"
    runs = play(planned(plan, becomes) + f"  e: {{date: {table}}}")
    assert runs.times("e") == ([] if day is None else [day * DAY])


def test_a_date_that_has_gone_by_is_due_at_once() -> None:
    runs = play(planned("late", "early") + "  e: {date: {by: plan, early: 2025-01-03, late: 2026}}")
    assert runs.times("e") == [5 * DAY]


# At half speed 2.5 of the 10 days are done on day 5. A new date, even the same, counts afresh from
# there: 5 days at half speed, so day 15, where the old clock would have gone on to day 20.
def test_a_change_to_an_equal_date_forgets_earlier_slowing() -> None:
    date = "{by: plan, early: 2025-01-11, late: 2025-01-11}"
    slowed = f"  e: {{date: {date}, pace: [{{when: {{}}, times: 0.5}}]}}"
    assert play(planned("early", "late") + slowed).times("e") == [15 * DAY]
    assert play(planned("early", "early") + slowed).times("e") == [20 * DAY]


def test_all_levels_share_one_number() -> None:
    early, late = "{uniform: [2025-01-11, 2025-01-31]}", "{uniform: [2025-03-02, 2025-04-11]}"
    event = f"  e: {{date: {{by: plan, early: {early}, late: {late}}}}}"
    runs = play(planned("early", "late") + event, 5)
    for run in range(5):
        days = 60 + 40 * drawn("events.e.date", 0, run)
        assert runs.times("e", run) == [math.ceil(days * DAY)]


def test_not_before_of_the_current_level_gates() -> None:
    table = """
    by: plan
    early: {planned: 2025-01-11, growth: 1, not_before: 2025-01-21}
    late: {planned: 2025-01-11, growth: 1, not_before: 2025-01-31}
    later: 2025-01-11
    """.replace("\n    ", ", ").strip(" ,")
    fast = "pace: [{when: {}, times: 100}]"
    event = f"  e: {{date: {{{table}}}, {fast}}}"
    assert play(planned("early", "late") + event).times("e") == [30 * DAY]
    assert play(planned("late", "early") + event).times("e") == [20 * DAY]
    assert play(planned("none", "later") + event).times("e") == [math.ceil(5.05 * DAY)]


def test_a_date_by_an_event() -> None:
    runs = play(
        """
        events:
          vote: {date: 2025-01-06, outcomes: {won: {chance: 1}}}
          e: {date: {by: vote, "false": 2025-01-31, won: 2025-01-16}}
          f: {date: {by: vote, "false": 2025-01-04, won: 2025-01-16}}
        """
    )
    assert runs.in_days() == [("f", 3), ("vote", 5), ("e", 15)]
