"""What a firing does and in which order, ties in one second, runs that never end (rules 6 to 8)."""

from __future__ import annotations

import pytest

from coopsim.errors import CoopsimError
from coopsim.scenario.notation.values import DAY
from world import play

# Whatever level the driver has after `acts`, the event of that name tells.
TELL = """
drivers:
  d: {levels: [l0, l1, l2, l3], initial: INITIAL}
events:
  acts: {date: 2025-01-06, ACTS}
  t0: {upon: [acts], when: {d: l0}}
  t1: {upon: [acts], when: {d: l1}}
  t2: {upon: [acts], when: {d: l2}}
  t3: {upon: [acts], when: {d: l3}}
"""


@pytest.mark.parametrize(
    ("initial", "acts", "level"),
    [
        ("l1", "sets: {d: l3}", 3),
        ("l1", "shifts: {d: +1}", 2),
        ("l1", "shifts: {d: -1}", 0),
        ("l1", "shifts: {d: -2}", 0),  # stops at the lowest
        ("l2", "shifts: {d: +9}", 3),  # stops at the highest
        ("l1", "sets: {d: l3}, shifts: {d: -1}", 2),  # sets before shifts
        ("l1", "sets: {d: l3}, outcomes: {x: {chance: 1, sets: {d: l0}}}", 0),  # later ones win
        ("l0", "shifts: {d: +1}, outcomes: {x: {chance: 1, shifts: {d: +1}}}", 2),
        ("l3", "sets: {d: l0}, outcomes: {x: {chance: 1, shifts: {d: +1}}}", 1),
        ("l3", "shifts: {d: -2}, outcomes: {x: {chance: 1, sets: {d: l0}, shifts: {d: 1}}}", 1),
        ("l3", "shifts: {d: +1}, outcomes: {x: {chance: 1, shifts: {d: -1}}}", 2),
    ],
)
def test_sets_and_shifts(initial: str, acts: str, level: int) -> None:
    runs = play(TELL.replace("INITIAL", initial).replace("ACTS", acts))
    assert runs.in_days() == [("acts", 5), (f"t{level}", 5)]


# The outcome depends on the mood before the firing, and on its own last outcome before.
def test_odds_and_chances_read_the_levels_before() -> None:
    runs = play(
        """
        drivers:
          mood: {levels: [bad, good], initial: good}
        events:
          vote:
            date: {first: 2025-01-02, every: 1 day}
            repeat: true
            sets: {mood: bad}
            outcomes: {won: {chance: 0.5}, lost: {chance: rest}}
            odds: [{when: {mood: good}, times: {lost: 0}}, {when: {mood: bad}, times: {won: 0}}]
          flip:
            date: {first: 2025-01-02, every: 1 day}
            repeat: true
            outcomes:
              heads: {chance: {by: flip, "false": 1, heads: 0, tails: 1}}
              tails: {chance: rest}
        """,
        end="2025-01-04",
    )
    assert [(name, outcome) for name, outcome, _ in runs.story()] == [
        ("vote", "won"),
        ("flip", "heads"),
        ("vote", "lost"),
        ("flip", "tails"),
        ("vote", "lost"),
        ("flip", "heads"),
    ]


def test_an_event_shows_its_latest_outcome() -> None:
    runs = play(
        """
        events:
          flip:
            date: {first: 2025-01-02, every: 1 day}
            repeat: true
            outcomes:
              heads: {chance: {by: flip, "false": 1, heads: 0, tails: 1}}
              tails: {chance: rest}
          heads_up: {when: {flip: heads}}
          tails_up: {when: {flip: tails}}
          never: {when: {flip: false}, after: [flip]}
          flipped: {when: {flip: true}}
        """,
        end="2025-01-03",
    )
    assert [name for name, _ in runs.log()] == ["flip", "heads_up", "flipped", "flip", "tails_up"]


# An event's own sets can end its own condition before it is armed again.
def test_a_clock_armed_again_reads_the_levels_after() -> None:
    runs = play(
        """
        drivers:
          d: {levels: [l0, l1, l2], initial: l0}
        events:
          e: {takes: 1 day, when: {d: [l0, l1]}, repeat: true, shifts: {d: +1}}
          f: {takes: 4 days, repeat: true, pace: [{when: {f: true}, times: 2}]}
        """,
        end="2025-01-10",
    )
    assert runs.in_days() == [("e", 1), ("e", 2), ("f", 4), ("f", 6), ("f", 8)]


def test_without_repeat_events_fire_once() -> None:
    runs = play(
        """
        drivers:
          d: {levels: [l0, l1], initial: l0}
        events:
          up: {takes: 1 day, repeat: true, when: {d: l0}, sets: {d: l1}}
          down: {takes: 1 day, repeat: true, when: {d: l1}, sets: {d: l0}}
          once: {when: {d: l1}}
          dated: {date: {by: d, l0: 2025-01-01, l1: 2025-01-02}}
          timed: {takes: 1 day, when: {d: l1}}
          hazard: {rate: 9 per hour, when: {d: l1}}
          forgetful: {takes: 6 hours, when: {d: l1}, memory: enabling}
        """,
        end="2025-01-20",
    )
    for event in ("once", "dated", "timed", "hazard", "forgetful"):
        assert len(runs.times(event)) == 1


# --- rule 7: ties ---------------------------------------------------------------------------------


def test_ties_go_by_declaration_order_switches_first_in_driver_order() -> None:
    runs = play(
        """
        events:
          c: {takes: 5 days}
          a: {date: 2025-01-06}
          b: {takes: 5 days}
        drivers:
          y: {levels: [low, high], initial: low, switches: {low -> high: {takes: 5 days}}}
          x: {levels: [low, high], initial: low, switches: {low -> high: {takes: 5 days}}}
        """
    )
    assert [name for name, _ in runs.log()] == ["y: low -> high", "x: low -> high", "c", "a", "b"]


# More events than the compiled engine looks at in one step.
def test_ties_of_many_events_go_by_declaration_order() -> None:
    names = [f"e{i}" for i in range(130)]
    runs = play("events:\n" + "".join(f"  {name}: {{takes: 5 days}}\n" for name in names))
    assert runs.in_days() == [(name, 5) for name in names]


def test_switches_are_repeatable_and_need_their_level() -> None:
    runs = play(
        """
        drivers:
          x:
            levels: [low, high]
            initial: low
            switches: {low -> high: {takes: 5 days}, high -> low: {takes: 2 days}}
        """,
        end="2025-01-20",
    )
    up, down = "x: low -> high", "x: high -> low"
    assert runs.in_days() == [(up, 5), (down, 7), (up, 12), (down, 14), (up, 19)]


# `first` and `second` both become possible with `go`; the first to fire takes it away again.
def test_one_firing_is_finished_before_the_next_is_chosen() -> None:
    runs = play(
        """
        drivers:
          prize: {levels: [taken, free], initial: taken}
        events:
          zeroth: {when: {second: true}}
          go: {date: 2025-01-06, sets: {prize: free}}
          first: {when: {prize: free}, sets: {prize: taken}}
          second: {when: {prize: free}}
          third: {when: {first: true}}
        """
    )
    assert [name for name, _ in runs.log()] == ["go", "first", "third"]


# What a firing sets off goes by declaration order too, before what was due already.
def test_what_a_firing_sets_off_goes_by_declaration_order() -> None:
    runs = play(
        """
        events:
          early: {after: [go]}
          go: {date: 2025-01-06}
          late: {after: [go]}
          last: {date: 2025-01-06}
          later: {upon: [early]}
        """
    )
    assert [name for name, _ in runs.log()] == ["go", "early", "late", "last", "later"]


def test_triggers_are_served_in_declaration_order_after_the_refresh() -> None:
    runs = play(
        """
        events:
          go: {date: 2025-01-06}
          b: {upon: [go]}
          a: {upon: [go]}
          c: {after: [go]}
        """
    )
    assert [name for name, _ in runs.log()] == ["go", "b", "a", "c"]


# --- rule 8: limits -------------------------------------------------------------------------------


def test_one_event_may_fire_ten_thousand_times() -> None:
    calendar = "events: {e: {date: {first: 2025-01-01, every: 1 hour}, repeat: true}}"
    # 10 000 hours are 416 days and 16 hours, and hour 0 counts: day 416 has firings 9985 to 10008.
    assert len(play(calendar, end="2026-02-20").log()) == 9984
    with pytest.raises(CoopsimError) as error:
        play(calendar, end="2026-02-21")
    assert str(error.value) == (
        "run 0 does not end: 'e' fired 10,001 times, all events 10,001 times, by 2026-02-21"
    )


def test_exactly_ten_thousand_are_allowed() -> None:
    calendar = "events: {e: {date: {first: 2025-01-01, every: 1 day}, repeat: true}}"
    assert len(play(calendar, end="2052-05-18").log()) == 10_000
    with pytest.raises(CoopsimError, match="10,001 times"):
        play(calendar, end="2052-05-19")


# 25 events once a day make 100 000 firings on day 3999 (the first was day 0): 2035-12-14.
def test_a_run_may_not_make_a_hundred_thousand_firings() -> None:
    calendar = "{date: {first: 2025-01-01, every: 1 day}, repeat: true}"
    text = "events:\n" + "".join(f"  e{i}: {calendar}\n" for i in range(25))
    assert len(play(text, end="2035-12-13").log()) == 99_975
    with pytest.raises(CoopsimError) as error:
        play(text, end="2035-12-14")
    assert str(error.value) == (
        "run 0 does not end: 'e24' fired 4,000 times, all events 100,000 times, by 2035-12-14"
    )


def test_an_endless_second_is_found() -> None:
    at_once = "{first: 2025-01-06, then: {uniform: [0 days, 0 days]}}"
    with pytest.raises(CoopsimError) as error:
        play(f"events: {{e: {{date: {at_once}, repeat: true}}}}")
    assert str(error.value) == (
        "run 0 does not end: 'e' fired 10,001 times, all events 10,001 times, by 2025-01-06"
    )


# --- chances that are all zero --------------------------------------------------------------------


@pytest.mark.parametrize("outcomes", ["{x: {chance: 0.5}, y: {chance: rest}}", "{x: {chance: 1}}"])
def test_chances_that_are_all_zero(outcomes: str) -> None:
    times = "{x: 0, y: 0}" if "y" in outcomes else "{x: 0}"
    event = f"{{date: 2025-01-06, outcomes: {outcomes}, odds: [{{when: {{}}, times: {times}}}]}}"
    with pytest.raises(CoopsimError) as error:
        play(f"events: {{vote: {event}}}", 3)
    assert str(error.value) == "run 0: all chances of 'vote' are zero on 2025-01-06"


def test_an_outcome_without_chance_is_never_drawn() -> None:
    outcomes = "{none: {chance: 0}, all: {chance: 1}, rest: {chance: rest}}"
    runs = play(f"events: {{vote: {{date: 2025-01-06, outcomes: {outcomes}}}}}", 200)
    assert runs.count("vote", "all").sum() == 200
    assert (runs.first("vote") == 5 * DAY).all()
