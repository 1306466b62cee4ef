"""Timelines read off ten hand-made runs, and levels against a plain replay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.analysis.timelines import (
    NEVER,
    BoolArray,
    Timelines,
    drawn_levels,
    per_program,
    places_shape,
)
from coopsim.simulation.draws import Draws
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.sampling import initial_levels
from hand_made import (
    COLD,
    COOL,
    TEN,
    WARM,
    Row,
    firings,
    program,
    seconds,
    start_by_run,
    start_cool,
    ten,
)
from world import program_of

PROGRAM = program()
EVENT = {event.name: number for number, event in enumerate(PROGRAM.events)}
RELATIONS = 0
FOREVER = PROGRAM.horizon
YEARS = [seconds("2026-01-01"), seconds("2027-01-01")]


def place(*names: str) -> BoolArray:
    marked = np.zeros(places_shape(PROGRAM), dtype=np.bool_)
    marked[[EVENT[name] for name in names]] = True
    return marked


def seen(*rows: Row, runs: int = 1) -> Timelines:
    return Timelines(PROGRAM, firings(rows, runs), start_cool)


def test_something_is_made_once_for_a_program_and_again_for_one_that_is_equal() -> None:
    made: list[Program] = []

    @per_program
    def number(program: Program) -> int:
        made.append(program)
        return len(made)

    others = [program() for _ in range(8)]
    assert [number(PROGRAM), number(PROGRAM)] == [1, 1]
    assert [number(one) for one in others] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert [number(others[-1]), number(PROGRAM)] == [9, 10]  # the last eight are kept


def test_rows_are_those_of_any_marked_event_before_the_close() -> None:
    timelines = Timelines(PROGRAM, ten(), start_cool)
    chosen = [number for number, row in enumerate(TEN) if row[1] in ("flight", "landing")]
    assert timelines.rows(place("flight", "landing"), FOREVER).tolist() == chosen
    before = [number for number in chosen if TEN[number][2] < "2026-01-15"]
    closes = seconds("2026-01-15")
    assert timelines.rows(place("flight", "landing"), closes).tolist() == before


def test_a_marked_outcome_leaves_out_the_event_s_others() -> None:
    timelines = Timelines(PROGRAM, ten(), start_cool)
    works = np.zeros(places_shape(PROGRAM), dtype=np.bool_)
    works[EVENT["launch"], 0] = True
    chosen = [number for number, row in enumerate(TEN) if row[1] == "launch: works"]
    assert timelines.rows(works, FOREVER).tolist() == chosen


def test_first_and_last_rows_of_each_run() -> None:
    timelines = Timelines(PROGRAM, ten(), start_cool)
    rows = timelines.rows(place("flight"), FOREVER)
    # Runs 1, 5 and 6 never fly; runs 0 and 4 fly again.
    assert timelines.first(rows).tolist() == [
        0, NEVER, 5, 6, 8, NEVER, NEVER, 13, 16, 17,
    ]  # fmt: skip
    assert timelines.last(rows).tolist() == [
        3, NEVER, 5, 6, 10, NEVER, NEVER, 13, 16, 17,
    ]  # fmt: skip


def test_times_of_rows_leave_never_as_it_is() -> None:
    timelines = Timelines(PROGRAM, ten(), start_cool)
    found = timelines.times(np.array([NEVER, 10, 8]))
    assert found.tolist() == [NEVER, seconds("2027-06-30T23:59:59"), 0]


def test_counts_by_year_part_at_midnight() -> None:
    timelines = Timelines(PROGRAM, ten(), start_cool)
    counted = timelines.counts(timelines.rows(place("flight"), FOREVER), YEARS)
    # Run 4 flies on 31 December 2025, runs 2 and 3 in the first second of 2026.
    assert counted.tolist() == [
        [1, 1, 0], [0, 0, 0], [0, 1, 0], [0, 1, 0], [2, 0, 1],
        [0, 0, 0], [0, 0, 0], [0, 1, 0], [0, 1, 0], [1, 0, 0],
    ]  # fmt: skip


def test_runs_of_a_later_part_count_from_its_first() -> None:
    part = firings([(1001, "flight", "2026-01-01"), (1002, "freeze", "2026-01-01")], 3, 1000)
    timelines = Timelines(PROGRAM, part, start_by_run)
    first = timelines.first(timelines.rows(place("flight"), FOREVER))
    assert first.tolist() == [NEVER, 0, NEVER]
    # 1000 % 3 = 1, 1001 % 3 = 2, 1002 % 3 = 0, which a freeze leaves at the lowest.
    assert timelines.levels(RELATIONS, [FOREVER]).tolist() == [[COOL], [WARM], [COLD]]


@pytest.mark.parametrize(
    ("happenings", "level"),
    [
        ([], COOL),
        (["thaw"], WARM),
        (["thaw", "thaw", "thaw"], WARM),  # stops at the upper end, and
        (["thaw", "thaw", "thaw", "freeze"], COOL),  # remembers nothing beyond it
        (["freeze", "freeze", "thaw"], COOL),
        (["relations: cool -> warm"], WARM),
        (["summit: treaty"], WARM),  # the event sets cool, then the outcome shifts
        (["freeze", "summit: talks"], COOL),
        (["thaw", "summit: walkout"], COLD),  # the outcome's set comes after the event's
        (["summit: walkout", "flight", "landing"], COLD),
    ],
)
def test_effects_are_applied_in_firing_order(happenings: list[str], level: int) -> None:
    rows = [(0, happening, f"2026-01-0{day + 1}") for day, happening in enumerate(happenings)]
    assert seen(*rows).levels(RELATIONS, [FOREVER]).tolist() == [[level]]


def test_firings_of_one_second_are_applied_in_their_order() -> None:
    rows = [(0, "thaw", "2026-01-01"), (0, "freeze", "2026-01-01"), (0, "freeze", "2026-01-01")]
    rows += [(1, "freeze", "2026-01-01"), (1, "freeze", "2026-01-01"), (1, "thaw", "2026-01-01")]
    assert seen(*rows, runs=2).levels(RELATIONS, [FOREVER]).tolist() == [[COLD], [COOL]]


def test_a_level_at_an_instant_is_that_after_all_before_it() -> None:
    timelines = seen((0, "thaw", "2025-12-31T23:59:59"), (0, "freeze", "2026-01-01"))
    instants = [0, seconds("2025-12-31"), YEARS[0], YEARS[0] + 1, FOREVER]
    assert timelines.levels(RELATIONS, instants).tolist() == [[COOL, COOL, WARM, COOL, COOL]]


def test_levels_at_midnights_are_those_of_what_came_before() -> None:
    timelines = seen((0, "thaw", "2025-12-31T23:59:59"), (0, "freeze", "2026-01-01"))
    instants = [0, seconds("2025-12-31"), YEARS[0], seconds("2026-01-02"), FOREVER]
    assert timelines.levels(RELATIONS, instants).tolist() == [[COOL, COOL, WARM, COOL, COOL]]


def test_a_firing_in_the_first_second_is_not_yet_in_the_initial_level() -> None:
    timelines = seen((0, "thaw", "2025-07-01"))
    assert timelines.levels(RELATIONS, [0, 1]).tolist() == [[COOL, WARM]]


def test_an_event_s_own_level_is_its_latest_outcome() -> None:
    timelines = seen((0, "launch: fails", "2025-08-01"), (0, "launch: works", "2026-08-01"))
    launch = len(PROGRAM.drivers) + EVENT["launch"]
    assert timelines.levels(launch, [0, *YEARS]).tolist() == [[0, 2, 1]]


def test_initial_levels_are_those_that_the_engine_draws() -> None:
    mixed: dict[str, Any] = {
        "drivers": {
            "relations": {
                "levels": ["cold", "cool", "warm"],
                "initial": {"cold": 0.25, "warm": 0.75},
                "judgement": "Made up.",
            }
        },
        "events": {"flight": {"rate": "1 per year", "judgement": "Made up."}},
    }
    drawn = drawn_levels(program(**mixed), 0, 0, 4000)
    assert drawn.shape == (4000,)
    assert COOL not in drawn
    # 5 standard errors of a share of 0.25 (false failures: 6e-7).
    assert abs(np.mean(drawn == COLD) - 0.25) < 5 * np.sqrt(0.25 * 0.75 / 4000)
    later = drawn_levels(program(**mixed), 0, 1000, 10)
    assert later.tolist() == drawn[1000:1010].tolist()


HAPPENINGS = ["thaw", "freeze", "summit: treaty", "summit: walkout", "summit: talks", "flight"]
MOMENTS = ["2025-07-01", "2025-10-05", "2026-01-01", "2026-06-30T12:00", "2027-06-30T23:59:59"]


@st.composite
def logs(draw: st.DrawFn) -> Firings:
    runs = draw(st.integers(1, 6))
    rows: list[Row] = []
    for run in range(runs):
        moments = sorted(draw(st.lists(st.sampled_from(MOMENTS), max_size=8)))
        rows += [(run, draw(st.sampled_from(HAPPENINGS)), moment) for moment in moments]
    return firings(rows, runs)


def replayed(made: Program, log: Firings, driver: int, instants: Sequence[int]) -> list[list[int]]:
    """Apply every firing one by one, as language.md says, without numpy's help."""
    top = len(made.drivers[driver].levels) - 1
    answers = []
    for run in range(log.runs):
        level, row = run % 3, []
        happened = [i for i in range(len(log.run)) if log.run[i] == run]
        for instant in instants:
            while happened and log.time[happened[0]] < instant:
                event = made.events[log.event[happened[0]]]
                outcome = event.outcomes[log.outcome[happened.pop(0)]]
                for effect in event.effects + outcome.effects:
                    if effect.driver == driver and effect.level is not None:
                        level = effect.level
                    elif effect.driver == driver:
                        level = max(0, min(top, level + effect.shift))
            row.append(level)
        answers.append(row)
    return answers


@pytest.mark.parametrize("more", [(), (1,)])
@given(log=logs())
def test_levels_agree_with_a_replay(log: Firings, more: tuple[int, ...]) -> None:
    instants = [0, *more, seconds("2025-10-05"), *YEARS, FOREVER]
    levels = Timelines(PROGRAM, log, start_by_run).levels(RELATIONS, instants)
    assert levels.tolist() == replayed(PROGRAM, log, RELATIONS, instants)


def test_first_levels_are_those_that_the_engines_draw() -> None:
    made = program_of(
        "drivers: {d: {levels: [a, b, c], initial: {a: 0.2, b: 0.5, c: 0.3}},"
        " e: {levels: [x, y], initial: y}}\nevents: {f: {rate: 1 per year}}"
    )
    draws = Draws(made.seed, made.streams, 3, 40)
    each = [initial_levels(made, draws, run)[:2] for run in range(3, 43)]
    expected = [list(levels) for levels in zip(*each, strict=True)]
    assert [drawn_levels(made, driver, 3, 40).tolist() for driver in (0, 1)] == expected
