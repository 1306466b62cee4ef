"""A pin, not a truth: the timelines of a scenario as they were when last looked at.

Nobody derived the digest. It says only that the timelines of an unchanged scenario have
changed: by a new order of draws, another rounding, a rule read otherwise. If that was meant, name
it under **Changed** in CHANGELOG.md and copy the new digest from the failing test; if not, it is a
bug. Theory tests say what is right.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from coopsim.scenario.loading import load
from coopsim.simulation.building import build_program
from coopsim.simulation.simpy_model import simulate

EXAMPLE = Path(__file__).resolve().parents[1] / "scenarios" / "example.yaml"


def test_the_first_timelines_of_the_languages_example_are_what_they_were() -> None:
    program = build_program(load(EXAMPLE).scenario)
    firings = simulate(program, 0, 40)
    log = hashlib.sha256()
    for run, event, outcome, time in zip(
        firings.run, firings.event, firings.outcome, firings.time, strict=True
    ):
        named = program.events[event]
        log.update(f"{run} {named.name} {named.outcomes[outcome].name} {time}\n".encode())
    assert len(firings) > 100
    assert log.hexdigest()[:16] == "6e35a849c4cd4dc5"
