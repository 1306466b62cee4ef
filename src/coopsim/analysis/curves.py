"""What the figures draw: every question's answer through time, by months or days.

A value belongs to 00:00 of its date and tells of all that happened before: the first date is
the start, the last the 00:00 after the horizon. Where the simulated time is short there is one for
each day, else for each month; what has happened is told besides around every day on which it
jumps. Counts go by calendar year, where the time is short by month or day.
"""

from __future__ import annotations

from collections.abc import Iterable

from coopsim.analysis.checkpoints import steps
from coopsim.analysis.kinds.base import Curve
from coopsim.analysis.tallies import Gathered, gather
from coopsim.analysis.timelines import DrawLevels, drawn_levels
from coopsim.scenario.spec import Scenario
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program


def curves(
    scenario: Scenario,
    program: Program,
    parts: Iterable[Firings],
    draw_levels: DrawLevels = drawn_levels,
) -> dict[str, Curve]:
    """Follow the answers to a scenario's questions through time, reading one part at a time.

    Raises CoopsimError where there is no timeline.
    """
    return curves_of(gather(scenario.outcomes, program, parts, draw_levels), program)


def curves_of(gathered: Gathered, program: Program) -> dict[str, Curve]:
    """Turn what was gathered of a scenario's questions into curves."""
    ends = (0, *steps(program))
    return {one.query.name: one.curve(ends) for one in gathered.tallies}
