"""A program of four events and an engine that computes their firings from the run's number."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from coopsim.errors import CoopsimError
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import ALWAYS, Driver, Event, Outcome, Program, Timing
from coopsim.simulation.results.manifest import ResultIdentity
from coopsim.simulation.results.parts import Block, encode
from coopsim.simulation.results.store import Store

DAY = 86_400
HORIZON = 1000 * DAY
TEXT = "scenario: thaw\ntitle: Thaw\n"


def _event(name: str, variable: int, *outcomes: str) -> Event:
    return Event(
        name=name,
        variable=variable,
        hidden=name.startswith("lag"),
        timing=Timing.IMMEDIATE,
        works=(),
        dated_by=None,
        hazard=None,
        rate=None,
        calendar=None,
        pace=(),
        condition=ALWAYS,
        opens=0,
        closes=None,
        windows=None,
        triggers=None,
        repeat=True,
        forgets=False,
        draws=None,
        outcomes=tuple(Outcome(outcome, None, (), ()) for outcome in outcomes or ("true",)),
        effects=(),
    )


PROGRAM = Program(
    scenario="thaw",
    seed=2025,
    start=0,
    horizon=HORIZON,
    drivers=(Driver("budget", ("low", "high"), None, (0.5, 1.0)),),
    events=(
        _event("lag", 1),
        _event("flight", 2),
        _event("decision", 3, "extended", "declined"),
        _event("launch", 4, "works", "fails", "declined"),
    ),
    streams=(),
    numbers=(),
    per_run=(),
    readers=(),
    listeners=(),
)


def simulate(program: Program, first_run: int, runs: int) -> Firings:
    """Fire run % 5 events in each run, the first of them at its number in seconds."""
    rows = [
        (run, event, run % len(program.events[event].outcomes), run % 1000 + k * DAY)
        for run in range(first_run, first_run + runs)
        for k in range(run % 5)
        for event in (1 + (run + k) % 3,)
    ]
    columns = tuple(zip(*rows, strict=True)) if rows else ((), (), (), ())
    run, event, outcome, moment = columns
    return Firings.from_lists(first_run, runs, (run, event, outcome, moment))


def fail_at_1500(program: Program, first_run: int, runs: int) -> Firings:
    """Refuse the chunk that run 1500 is in, as a run without end would be."""
    if first_run <= 1500 < first_run + runs:
        raise CoopsimError("run 1500 never ends: `flight` fired 10,001 times by 2030-01-01")
    return simulate(program, first_run, runs)


def die_at_1500(program: Program, first_run: int, runs: int) -> Firings:
    """Kill the worker that simulates run 1500, once block 0 has had time to be written."""
    if first_run <= 1500 < first_run + runs:
        time.sleep(1)
        os.kill(os.getpid(), signal.SIGKILL)
    return simulate(program, first_run, runs)


def linger(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate block 0 at once and the rest so slowly that only a stop ends it."""
    if first_run >= 1000:
        time.sleep(600)
    return simulate(program, first_run, runs)


def dawdle(program: Program, first_run: int, runs: int) -> Firings:
    """Take long enough for two commands to work at the same time."""
    time.sleep(0.1)
    return simulate(program, first_run, runs)


def facts(runs: int = 3000, **changes: object) -> ResultIdentity:
    """Give the facts of the fake scenario, some of them changed."""
    told = {"scenario": "thaw", "hash": "3f9a2c1b", "seed": 2025, "runs": runs, **changes}
    return ResultIdentity(**told)  # type: ignore[arg-type]


def begin(folder: Path, runs: int = 3000, text: str = TEXT) -> Store:
    """Begin the result of the fake scenario."""
    return Store.create(folder, f"{text}runs: {runs}\n", facts(runs))


def fill(store: Store, *blocks: Block, engine: Callable[..., Firings] = simulate) -> None:
    """Write the parts of some blocks."""
    for block in blocks:
        firings = engine(PROGRAM, block.first_run, block.runs)
        store.write_content(block, encode(firings, PROGRAM, store.origin))
