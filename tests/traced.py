"""Small worlds told: a traced timeline from YAML text, for the tests of stories and figures."""

from __future__ import annotations

from typing import Any

from coopsim.analysis.stories.causes import Causes, causes_of
from coopsim.analysis.stories.tracing import Pair, Trace, trace_of
from coopsim.scenario.spec import Scenario
from coopsim.simulation.building import build_program
from coopsim.simulation.watching import watch
from world import scenario_of

STATION = """
title: A small station
end: 2031-12-31
drivers:
  mood:
    title: Mood between the partners
    levels: [cold, cool, warm]
    initial: cool
  money: {title: Money, levels: [none, some], initial: some}
events:
  quarrel: {title: They quarrel, date: 2026-01-01, sets: {mood: cold}}
  peace: {title: They make peace, date: 2027-01-01, sets: {mood: warm}}
  module: {title: The module is built, takes: 2 years, when: {mood: {at_least: cool}}}
  crew:
    title: A crew arrives
    after: {module: 6 months}
    outcomes: {stays: {chance: 1}, leaves: {chance: rest}}
  party: {title: There is a party, upon: [crew, peace], repeat: true}
  lab:
    title: The lab flies
    date: 2026-06-01
    when: {crew: true}
    window: {open: [[2026-01-01, 2026-12-31], [2030-01-01, 2030-01-31]]}
  dome: {title: The dome flies, takes: 9 years, pace: [{by: mood, warm: 2}]}
  mirror: {title: The mirror flies, takes: 9 years, when: {money: none}}
outcomes:
  crewed: {event: crew, title: First crew}
  mirror: {event: mirror, title: Mirror}
"""


def traced(text: str = STATION, run: int = 0, **header: Any) -> Trace:
    """Tell one run of a small world."""
    scenario = scenario_of(text, **header)
    program = build_program(scenario)
    (history,) = watch(program, run, 1)
    return trace_of(scenario, program, history)


def paired(left: str, right: str, run: int = 0) -> Pair:
    """Tell the same run of two small worlds."""
    return Pair(traced(left, run, scenario="left"), traced(right, run, scenario="right"))


def counted_causes(text: str = STATION, runs: int = 20, **header: Any) -> Causes:
    """Count the causes of a small world."""
    scenario: Scenario = scenario_of(text, **header)
    program = build_program(scenario)
    return causes_of(scenario, program, watch(program, 0, runs))
