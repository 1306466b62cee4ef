"""How much a run may do, and the errors of one that cannot go on; for both engines."""

from __future__ import annotations

from coopsim.errors import CoopsimError
from coopsim.scenario.limits import RUNS
from coopsim.scenario.notation.values import format_date
from coopsim.simulation.program import Program

MAX_FIRINGS_OF_ONE = 10_000
MAX_FIRINGS = 100_000
MOST_RUNS = RUNS.most  # timelines of one simulation
LONGEST_WORK = 2.0**53  # seconds of work that may ever be done; no horizon is that far
LARGEST_PRODUCT = 1e300  # what factors multiplied may reach: neither infinity nor what comes of it


def endless(program: Program, run: int, event: int, firings: tuple[int, int, int]) -> CoopsimError:
    """Describe a run that never comes to an end.

    `firings` tells of those of the event, those of all events, and the second of the last one.
    """
    fired, total, moment = firings
    return CoopsimError(
        f"run {run} does not end: '{program.events[event].name}' fired {fired:,} times, "
        f"all events {total:,} times, by {format_date(program.start + moment)}"
    )


def no_chance(program: Program, run: int, event: int, moment: int) -> CoopsimError:
    """Describe an event with no outcome that has a chance; moment in seconds since the start."""
    date = format_date(program.start + moment)
    name = program.events[event].name
    return CoopsimError(f"run {run}: all chances of '{name}' are zero on {date}")
