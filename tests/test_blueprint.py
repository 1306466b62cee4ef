"""Programs of other values, built again only where something differs: as if built anew."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.changes.ranges import Swing, movable_assumptions
from coopsim.scenario.changes.revising import revised
from coopsim.scenario.loading import Loaded, load_data
from coopsim.scenario.spec import Scenario
from coopsim.simulation.building import Blueprint, build_program
from coopsim.simulation.engines import simulate
from coopsim.simulation.firings import COLUMNS
from coopsim.simulation.indexing import Names
from coopsim.simulation.program import Program
from small_world import small
from world import data_of

# One of every kind of place in which a number can stand, some of them told of by references.
WORLD = data_of(
    """
    scenario: world
    start: 2025-01-01
    end: 2034-12-31
    references:
      slow: {pace: [{by: mood, bad: 0.5}, {when: {}, times: {uniform: [1, 2]}}]}
      growth: {lognormal: [2, 0.5], luck: industry, share: 0.6}
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
      flies:
        date: {planned: 2028, growth: {like: growth}, not_before: 2027-01-01}
        after: {vote: 1 month to 1 year}
        pace: [{like: slow}, {when: {vote: won}, times: 2}]
      lands: {upon: [flies], takes: {planned: 1 year, growth: 2}, repeat: true}
      strikes: {rate: 0.5 per year, from: 2026-01-01, until: 2027-12-31, memory: enabling}
      meets: {date: {first: 2026-01-01, then: 1 to 3 years}, repeat: true}
      table: {date: {by: money, little: 2026, much: 2027-01-01}, unless: {vote: [won, tied]}}
    """
)


def variants(loaded: Loaded, program: Program) -> Iterator[tuple[str, Scenario]]:
    levels = Names.of(program).levels.__getitem__
    for one in movable_assumptions(loaded.tree, loaded.scenario.start.first, Swing()):
        for end in (one.low, one.high):
            try:
                yield one.name, revised(loaded.scenario, loaded.tree, end.settings, levels)
            except ScenarioError:
                continue  # an end at which it cannot stand


@pytest.mark.parametrize("loaded", [load_data(WORLD), small()], ids=["world", "small"])
def test_the_timelines_are_those_of_a_program_built_anew(loaded: Loaded) -> None:
    blueprint = Blueprint(loaded.scenario)
    assert blueprint.program == build_program(loaded.scenario)
    moved, events, sections = 0, 0, set()
    for name, scenario in variants(loaded, blueprint.program):
        quick, anew = blueprint.revised(scenario), build_program(scenario)
        one, other = (simulate(program, 0, 60) for program in (quick, anew))
        for column in COLUMNS:
            assert np.array_equal(getattr(one, column), getattr(other, column)), name
        moved += 1
        sections.add(name.split(".")[0])
        if not name.startswith("references"):
            pairs = zip(quick.events, blueprint.program.events, strict=True)
            events += sum(new is not old for new, old in pairs)
    assert sections >= {"drivers", "events"}
    assert moved > 20
    assert events <= 2 * moved  # each with its lags or its driver's switches, and no other


def test_the_first_program_stays_as_it_was() -> None:
    loaded = load_data(WORLD)
    blueprint = Blueprint(loaded.scenario)
    for _, scenario in variants(loaded, blueprint.program):
        blueprint.revised(scenario)
    assert blueprint.program == build_program(loaded.scenario)
    assert blueprint.revised(loaded.scenario) == blueprint.program
