"""Streams keep their names when something else turns certain: --set shows what was spoken of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coopsim.scenario.changes.ranges import MovableAssumption, Swing, movable_assumptions
from coopsim.scenario.changes.revising import revised
from coopsim.scenario.loading import Loaded, load
from coopsim.simulation.building import build_program
from coopsim.simulation.compiled import simulate
from coopsim.simulation.firings import COLUMNS
from coopsim.simulation.indexing import Names
from coopsim.simulation.program import Program
from small_world import small
from world import program_of

BASELINE = Path(__file__).parents[1] / "scenarios" / "baseline.yaml"

WORLD = """
references:
  slip: {lognormal: [1.5, 0.4], luck: industry, share: 0.5}
  often: {uniform: [0.5 per year, 2 per year]}
drivers:
  mood: {levels: [calm, tense], initial: {calm: 0.4, tense: 0.6}}
events:
  a: {date: {planned: 2026 to 2028, growth: {like: slip}}}
  b: {takes: {planned: 1 to 2 years, growth: 0.5 to 2}}
  c: {rate: {like: often}, repeat: true, outcomes: {x: {chance: 0.2 to 0.4}, y: {chance: rest}},
      odds: [{when: {mood: calm}, times: {x: 1 to 2}}]}
  d: {rate: {by: mood, calm: 0.5 to 1 per year, tense: 1 to 2 per year}}
  e: {takes: 1 to 2 years, pace: [{when: {mood: tense}, times: 0.5 to 1}]}
  f: {date: {first: 2026, then: 1 to 2 years}, repeat: true}
  g: {after: {a: 0.5 to 1 years}}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{lognormal: [1.5, 0.4], luck: industry, share: 0.5}", "0.8348"),
        ("{uniform: [0.5 per year, 2 per year]}", "1 per year"),
        ("growth: {like: slip}", "growth: 1.2"),
        ("growth: 0.5 to 2", "growth: 1.2"),
        ("luck: industry, share: 0.5", "luck: industry, share: 1"),
        ("{calm: 0.4, tense: 0.6}", "tense"),
        ("{calm: 0.4, tense: 0.6}", "{tense: 1}"),
        ("chance: 0.2 to 0.4", "chance: 0.3"),
        ("times: {x: 1 to 2}", "times: {x: 1.5}"),
        ("calm: 0.5 to 1 per year", "calm: 0.7 per year"),
        ("takes: 1 to 2 years", "takes: 1 year"),
        ("times: 0.5 to 1", "times: 0.7"),
        ("first: 2026", "first: 2026-03-01"),
        ("then: 1 to 2 years", "then: 1 year"),
        ("a: 0.5 to 1 years", "a: 1 year"),
    ],
)
def test_what_turns_certain_renames_no_other_draw(old: str, new: str) -> None:
    assert WORLD.count(old) == 1
    before, after = program_of(WORLD), program_of(WORLD.replace(old, new))
    assert set(after.streams) <= set(before.streams)


def test_a_growth_that_turns_certain_leaves_what_is_planned_as_it_was() -> None:
    certain = program_of(WORLD.replace("{lognormal: [1.5, 0.4], luck: industry, share: 0.5}", "2"))
    drawn = program_of(WORLD.replace("{lognormal: [1.5, 0.4], ", "{uniform: [2, 2], "))
    assert same(certain, drawn)


def same(one: Program, other: Program, runs: int = 60) -> bool:
    left, right = simulate(one, 0, runs), simulate(other, 0, runs)
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in COLUMNS)


# --- sensitivity and --set ------------------------------------------------------------------------


def listed(loaded: Loaded) -> list[MovableAssumption]:
    """List what can be moved by itself.

    Left out are chances beside which others are scaled, and plans of which both parts are drawn:
    where the planned date is exact, the growth is drawn on the clock's own stream.
    """
    found = movable_assumptions(loaded.tree, loaded.scenario.start.first, Swing())
    return [
        one
        for one in found
        if len(one.high.settings) == 1 and not (one.path[-1] == "planned" and one.uncertain)
    ]


def differing(loaded: Loaded, chosen: list[MovableAssumption]) -> list[str]:
    levels_of = Names.of(build_program(loaded.scenario)).levels.__getitem__
    return [
        f"{one.name}={end.text}"
        for one in chosen
        for end in (one.low, one.high)
        if not same(
            build_program(revised(loaded.scenario, loaded.tree, end.settings, levels_of)),
            build_program(loaded.having([f"{one.name}={end.text}"]).scenario),
        )
    ]


def test_set_shows_the_small_world_that_sensitivity_moved() -> None:
    chosen = listed(small())
    assert len(chosen) > 6
    assert differing(small(), chosen) == []


@pytest.mark.slow
def test_set_shows_the_baseline_that_sensitivity_moved() -> None:
    loaded = load(BASELINE)
    kinds: dict[tuple[object, ...], MovableAssumption] = {}
    for one in listed(loaded):
        kinds.setdefault((one.path[0], one.kind, one.uncertain), one)
    probe = next(one for one in listed(loaded) if one.name == "references.russian_probe")
    chosen = [*kinds.values(), probe]
    assert len(chosen) > 10
    assert differing(loaded, chosen) == []
