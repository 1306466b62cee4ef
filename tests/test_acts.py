"""Whom a change of a level concerns, and what it asks of each clock."""

from __future__ import annotations

import numpy as np

from coopsim.simulation import program as p
from coopsim.simulation.compiled import LOGS, simulate
from coopsim.simulation.kernel.acts import (
    ARM,
    LOOK,
    PACE,
    REDATE,
    STOP,
    TRIGGER,
    WAKE,
    WHAT_BITS,
    WHAT_MASK,
    acts_at_start,
    acts_of_changes,
    acts_of_firing,
)
from coopsim.simulation.kernel.look_ups import MOST_NUMBERS, Wanted, look_ups
from world import program_of

WORDS = {
    one: word
    for word, one in {
        "arm": ARM,
        "trigger": TRIGGER,
        "redate": REDATE,
        "pace": PACE,
        "look": LOOK,
        "wake": WAKE,
        "stop": STOP,
    }.items()
}
WORLD = program_of("""
drivers:
  d: {levels: [a, b, c], initial: a}
  other: {levels: [no, yes], initial: no}
events:
  alone: {takes: 1 year, when: {d: b}}
  both: {takes: 1 year, when: {d: [b, c], other: yes}}
  either: {takes: 1 year, when: [{d: b}, {other: yes}]}
  paced: {takes: 1 year, when: {other: yes}, pace: [{by: d, a: 2, b: 2}]}
  slowed: {date: 2026-01-01, when: {other: yes}, pace: [{by: d, a: 2, b: 2}]}
  gated: {date: 2026-01-01, when: {d: a}}
  dated: {date: {by: d, a: 2026-01-01, b: 2027-01-01}}
  rises: {upon: {d: {rises_to: c}}, takes: 1 day, repeat: true}
  again: {rate: 1 per year, repeat: true, sets: {d: b}}
  follows: {upon: [again], repeat: true}
""")


def asked(program: p.Program, variable: int, before: int, after: int) -> dict[str, str]:
    levels = [len(program.levels_of(one)) for one in range(len(program.listeners))]
    changes = acts_of_changes(program, levels)
    change = changes.first[variable] + before * levels[variable] + after
    begin, end = changes.begins[change : change + 2]
    found = [(act, "") for act in changes.acts[begin : changes.paces[change]].tolist()]
    found += [(act, " if it runs") for act in changes.acts[changes.paces[change] : end].tolist()]
    return {name: word + only for act, only in found for name, word in [told(program, act)]}


def told(program: p.Program, act: int) -> tuple[str, str]:
    return program.events[act >> WHAT_BITS].name, WORDS[act & WHAT_MASK]


def test_a_change_asks_of_each_clock_what_is_known_beforehand() -> None:
    assert asked(WORLD, 0, 0, 1) == {
        "alone": "wake",
        "both": "look",
        "either": "look",
        "gated": "look",
        "dated": "redate",
        "paced": "pace if it runs",
        "slowed": "pace",
    }
    assert asked(WORLD, 0, 1, 2) == {
        "alone": "stop",
        "either": "look",
        "paced": "pace if it runs",
        "slowed": "pace",
        "dated": "redate",
        "rises": "trigger",
    }
    assert asked(WORLD, 0, 2, 0) == {
        "both": "stop",
        "paced": "pace if it runs",
        "slowed": "pace",
        "gated": "wake",
        "dated": "redate",
    }
    assert asked(WORLD, 1, 1, 0) == {
        "both": "stop",
        "either": "look",
        "paced": "stop",
        "slowed": "look",
    }
    assert asked(WORLD, 1, 1, 1) == {}


def test_a_firing_arms_what_repeats_and_triggers_what_listens() -> None:
    names = [event.name for event in WORLD.events]
    acts = acts_of_firing(WORLD, names.index("again"))
    assert [told(WORLD, act) for act in acts] == [("again", "arm"), ("follows", "trigger")]
    assert acts_of_firing(WORLD, names.index("alone")) == []
    armed = [told(WORLD, act)[0] for act in acts_at_start(WORLD)]
    assert armed == [name for name in names if name not in {"rises", "follows"}]


def test_what_hangs_on_draws_stands_first_and_what_is_too_much_nowhere() -> None:
    wanted = [
        Wanted(frozenset({0}), 1, drawn=False),
        Wanted(frozenset({0, 1}), 2, drawn=True),
        Wanted(frozenset({0, 1, 2, 3}), 1, drawn=True),
        Wanted(frozenset({2}), MOST_NUMBERS, drawn=False),
    ]
    places, forgotten, known = look_ups(wanted, [3, 2, 4, 2])
    first = MOST_NUMBERS  # as many may stand at 0 for as long as it takes
    assert places == [
        (first + 12, 0, 0, 0, 1, 0, 0),
        (first, 0, 1, 0, 2, 6, 0),
        (0, 0, 0, 0, 0, 0, 0),
        (0, 0, 0, 0, 0, 0, 0),
    ]
    assert (forgotten, known) == (first + 12, first + 15)


def test_a_log_is_lent_again_when_nobody_reads_it_and_not_before() -> None:
    def place(log: np.ndarray) -> int:
        return int(log.__array_interface__["data"][0])

    first, second = LOGS.lend(), LOGS.lend()
    places = [place(log.run) for log in (first, second)]
    assert places[0] != places[1]
    read = first.time[3:5]
    del first
    third = LOGS.lend()
    assert place(third.run) not in places
    del read
    assert place(LOGS.lend().run) == places[0]


def test_firings_stay_as_they_are_while_others_are_played() -> None:
    before = simulate(WORLD, 0, 50)
    kept = before.time.copy()
    simulate(WORLD, 50, 50)
    assert np.array_equal(before.time, kept)
