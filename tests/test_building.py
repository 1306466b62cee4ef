"""Building: names become indices, units seconds, sugar plain rules."""

from __future__ import annotations

import pytest

from coopsim.scenario.notation.conditions import read_condition
from coopsim.scenario.notation.distributions import Constant
from coopsim.scenario.notation.values import DAY, YEAR
from coopsim.simulation.indexing import Names
from coopsim.simulation.program import ALWAYS, Event, IndexedTrigger, LevelEffect, Program, Timing
from coopsim.simulation.program import Test as At  # pytest takes a class Test for tests
from world import program_of

PROGRAM = program_of(
    """
    references:
      slow: {pace: [{by: mood, bad: 0.5}, {when: {}, times: {uniform: [1, 2]}}]}
      growth: {lognormal: [2, 0.5], luck: industry, share: 0.6}
      venus: {open: [[2026-01-01, 2026-01-31]]}
    drivers:
      mood:
        levels: [bad, fair, good]
        initial: {bad: 0.25, good: 0.75}
        switches:
          bad -> good: {rate: {by: money, little: 0.1 per year, much: 0.1 to 0.3 per year}}
      money: {levels: [little, some, much], initial: some}
    events:
      vote:
        date: 2026-01-01
        outcomes:
          won: {chance: {by: mood, bad: 0, fair: 0.4, good: 0.2 to 0.6}, sets: {money: much}}
          tied: {chance: [{when: {money: some}, is: 0.1}, {is: 0.2}]}
          lost: {chance: rest, shifts: {money: -1}}
        odds: [{when: {mood: good}, times: {won: 1 to 2}}]
        sets: {mood: fair}
      flies:
        date: {planned: 2028, growth: {like: growth}, not_before: 2027-01-01}
        after: {vote: 1 month}
        pace: [{like: slow}, {when: {vote: won}, times: 2}]
        window: {like: venus}
      lands: {upon: [flies], takes: {planned: 1 year, growth: 2}, repeat: true}
      tells: {upon: {mood: {falls_to: [bad, fair]}, money: much}}
      strikes: {rate: 0.5 per year, from: 2026-01-01, until: 2027-12-31, memory: enabling}
      meets: {date: {first: 2026-01-01, every: 2 years}, repeat: true}
      table: {date: {by: money, little: 2026, much: 2027-01-01}, unless: {vote: [won, tied]}}
    """
)
VARIABLES = {name: i for i, name in enumerate(Names.of(PROGRAM).variables)}
MOOD, MONEY, VOTE = VARIABLES["mood"], VARIABLES["money"], VARIABLES["vote"]


def event(name: str, program: Program = PROGRAM) -> Event:
    return next(one for one in program.events if one.name == name)


def test_declaration_order() -> None:
    assert [one.name for one in PROGRAM.events] == [
        "mood: bad -> good",
        "vote",
        "events.flies.after.vote",
        "flies",
        "lands",
        "tells",
        "strikes",
        "meets",
        "table",
    ]
    assert [one.variable for one in PROGRAM.events] == list(range(2, 11))
    assert [one.name for one in PROGRAM.events if one.hidden] == ["events.flies.after.vote"]


def test_streams_are_named_by_their_paths() -> None:
    assert set(PROGRAM.streams) == {
        "drivers.mood.initial",
        "events.mood: bad -> good.rate",
        "events.mood: bad -> good.rate.value.much",
        "events.vote.outcomes",
        "events.vote.outcomes.won.chance.good",
        "events.vote.odds.0.times.won",
        "events.flies.date.planned",
        "events.flies.date.growth",
        "luck.industry",
        "references.slow.pace.1.times",
        "events.strikes.rate",
        "events.table.date",
    }


def test_a_growth_alone_draws_on_the_clocks_stream_and_what_is_planned_on_its_own() -> None:
    program = program_of(
        """
        events:
          a: {date: {planned: 2028-01-01, growth: 1 to 3}}
          b: {takes: {planned: 1 to 2 years, growth: 2}}
          c: {date: {first: 2026, then: 1 to 2 years}, repeat: true}
          d: {takes: 1 year, after: {a: 1 to 2 years}}
          e: {rate: 0.1 to 0.2 per year, pace: [{when: {}, times: 1 to 2}]}
          f:
            date: 2026-01-01
            outcomes:
              x: {chance: [{when: {a: true}, is: 0.1 to 0.2}, {is: 0}]}
              y: {chance: rest}
        """
    )
    assert program.streams == (
        "events.a.date",
        "events.b.takes.planned",
        "events.c.date.first",
        "events.c.date.then",
        "events.d.after.a",
        "events.e.rate",
        "events.e.rate.value",
        "events.e.pace.0.times",
        "events.f.outcomes",
        "events.f.outcomes.x.chance.0.is",
    )


def test_times_count_from_the_start() -> None:
    work = event("flies").works[0]
    assert work is not None
    assert (PROGRAM.start, work.base.origin, work.floor) == (
        1_735_689_600,
        1_735_689_600,
        730 * DAY,
    )
    strikes = event("strikes")
    assert (strikes.opens, strikes.closes) == (365 * DAY, 1095 * DAY)
    assert event("flies").windows == ((365 * DAY, 396 * DAY - 1),)


def test_timings() -> None:
    timings = {one.name: one.timing for one in PROGRAM.events if not one.hidden}
    assert timings == {
        "mood: bad -> good": Timing.RATE,
        "vote": Timing.DATE,
        "flies": Timing.DATE,
        "lands": Timing.TAKES,
        "tells": Timing.IMMEDIATE,
        "strikes": Timing.RATE,
        "meets": Timing.CALENDAR,
        "table": Timing.DATE,
    }


def test_a_planned_duration_is_the_product() -> None:
    work = event("lands").works[0]
    assert work is not None
    assert work.growth is not None
    assert (work.base.distribution, work.growth.distribution) == (Constant(YEAR), Constant(2.0))


def test_conditions_become_masks() -> None:
    names = Names.of(PROGRAM)
    assert names.condition(read_condition({})) == ALWAYS
    assert names.condition(read_condition({"mood": {"at_least": "fair"}})) == ((At(MOOD, 0b110),),)
    assert names.condition(read_condition({"mood": {"at_most": "fair"}})) == ((At(MOOD, 0b011),),)
    assert names.condition(read_condition({"vote": "true"})) == ((At(VOTE, 0b1110),),)
    assert names.condition(read_condition({"vote": "false"})) == ((At(VOTE, 0b0001),),)
    either = read_condition([{"mood": "bad", "vote": ["won", "lost"]}, {"money": ["some", "much"]}])
    assert names.condition(either) == (
        (At(MOOD, 0b001), At(VOTE, 0b1010)),
        (At(MONEY, 0b110),),
    )


def test_all_sugar_joins_the_condition() -> None:
    lag = VARIABLES["events.flies.after.vote"]
    assert event("flies").condition == ((At(VOTE, 0b1110), At(lag, 0b10)),)
    assert event("events.flies.after.vote").condition == ((At(VOTE, 0b1110),),)
    assert event("table").condition == ((At(VOTE, 0b1001),),)
    assert event("mood: bad -> good").condition == ((At(MOOD, 0b001),),)


def test_effects() -> None:
    vote = event("vote")
    assert vote.effects == (LevelEffect(MOOD, 1),)
    assert [outcome.effects for outcome in vote.outcomes] == [
        (LevelEffect(MONEY, 2),),
        (),
        (LevelEffect(MONEY, None, -1),),
    ]
    assert event("mood: bad -> good").effects == (LevelEffect(MOOD, 2),)
    assert event("mood: bad -> good").repeat


def test_triggers() -> None:
    assert event("lands").triggers == (IndexedTrigger(VARIABLES["flies"]),)
    assert event("tells").triggers == (
        IndexedTrigger(MOOD, 0b011, -1),
        IndexedTrigger(MONEY, 0b100, 0),
    )
    assert event("vote").triggers is None


def test_levels_left_out_of_a_table() -> None:
    rate, pace = event("mood: bad -> good").rate, event("flies").pace[0]
    assert rate is not None
    assert [PROGRAM.numbers[i] * YEAR for i in rate.numbers] == pytest.approx([0.1, 0, 0])
    assert [PROGRAM.numbers[i] for i in pace.numbers] == [0.5, 1, 1]
    works = event("table").works
    assert [work is None for work in works] == [False, True, False]


def test_readers_are_the_clocks_that_a_level_concerns() -> None:
    read_by = {
        name: [PROGRAM.events[i].name for i in PROGRAM.readers[index]]
        for name, index in VARIABLES.items()
        if PROGRAM.readers[index]
    }
    assert read_by == {
        "mood": ["mood: bad -> good", "flies"],
        "money": ["mood: bad -> good", "table"],
        "vote": ["events.flies.after.vote", "flies", "table"],
        "events.flies.after.vote": ["flies"],
    }


def test_listeners_are_the_events_that_a_level_triggers() -> None:
    listening = {
        name: [PROGRAM.events[i].name for i, _ in PROGRAM.listeners[index]]
        for name, index in VARIABLES.items()
        if PROGRAM.listeners[index]
    }
    assert listening == {"mood": ["tells"], "money": ["tells"], "flies": ["lands"]}


def test_first_levels() -> None:
    mood, money = PROGRAM.drivers
    assert (mood.cumulative, money.cumulative) == ((0.25, 0.25, 1.0), (0.0, 1.0, 1.0))
    assert (mood.stream is None, money.stream is None) == (False, True)


def test_shares_of_luck() -> None:
    work = event("flies").works[0]
    assert work is not None
    assert work.growth is not None
    assert work.growth.luck is not None
    assert PROGRAM.streams[work.growth.luck] == "luck.industry"
    assert work.growth.share == 0.6
    assert (work.base.luck, work.base.share) == (None, 0.0)


def test_an_added_event_leaves_all_streams_their_names() -> None:
    before = program_of("events: {a: {rate: 1 per year}, b: {takes: 1 to 2 years}}")
    after = program_of(
        "events: {a: {rate: 1 per year}, new: {date: 2026 to 2028}, b: {takes: 1 to 2 years}}"
    )
    assert set(before.streams) < set(after.streams)
