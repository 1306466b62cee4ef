"""Questions to timelines: given that, what marks them, and why one of them went its way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopsim.api.played import Played, players
from coopsim.api.scenarios import load
from coopsim.errors import UsageError
from coopsim.scenario import limits
from coopsim.scenario.limits import default
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.values import parse_date
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import play_blocks, simulate
from coopsim.simulation.interfaces import OnProgress
from coopsim.simulation.workers.playing import Cancelled, never, silent

# What asks further is imported by the function that needs it: `run` stays quick.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from coopsim.analysis.evidence.conditioning import Given
    from coopsim.analysis.evidence.discovery import Discovery
    from coopsim.analysis.stories.causes import Causes
    from coopsim.analysis.stories.representative import Chosen
    from coopsim.analysis.stories.tracing import Pair, Trace
    from coopsim.scenario.spec import Scenario
    from coopsim.simulation.program import Program
    from coopsim.simulation.watching import WatchedRun


def given(
    result: Played,
    that: Sequence[str],
    *,
    until: int = 0,
    most: int | None = None,
    workers: int | None = None,
    cancelled: Cancelled = never,
    on_progress: OnProgress = silent,
) -> Given:
    """Answer all questions given that all of `that` holds.

    Statements are written as for --that. With `until`, timelines are played in memory, as by
    `play`, beyond those of the result until so many match, up to `most` (1,000,000) in all. Raises
    UsageError for a statement that cannot be read, and where fewer than 30 timelines match;
    StoppedError where cancelled.
    """
    from coopsim.analysis.evidence.conditioning import Search, Simulated, condition
    from coopsim.analysis.evidence.matching import MOST
    from coopsim.analysis.evidence.settled import why_settled

    if not that:
        raise UsageError("say what is known (`that`)")
    why = why_settled(result.loaded, result.program)
    source = Simulated(result.scenario, result.program, result.firings(), result.summary, why)
    until = limits.MATCHES.check("--until", until)
    most = limits.RUNS.check("--most", default(most, MOST))
    played_by = players(workers, cancelled=cancelled)
    play = partial(play_blocks, played_by)
    search = Search(play, until, most, on_progress, played_by.each)
    return condition(source, that, search)


def discover(
    result: Played,
    outcome: str,
    *,
    by: str | None = None,
    coverage: float = 0.2,
    workers: int | None = None,
    cancelled: Cancelled = never,
) -> Discovery:
    """Find what marks the timelines of a result in which an outcome happens.

    The outcome is a statement as for --that. `by` is the last day on which early events are
    looked for, two years after the start by default; each box is the densest found that holds
    the share `coverage` of what happens, among as many further timelines, played in memory, as by
    `play`. Raises UsageError for what cannot be read, and where fewer than 30 timelines are with
    the outcome, or without it; StoppedError where cancelled.
    """
    from coopsim.analysis.evidence.conditioning import Simulated
    from coopsim.analysis.evidence.discovery import discover as find

    source = Simulated(result.scenario, result.program, result.firings(), result.summary)
    try:
        day = None if by is None else parse_date(by)
    except ValueError as error:
        raise UsageError(f"--by: found `{by}`, expected {error}") from error
    play = partial(play_blocks, players(workers, cancelled=cancelled))
    return find(source, outcome, play, day, coverage)


# --- why a timeline went that way -------------------------------------------------------------


def trace(
    scenario: Loaded | str | Path | Mapping[str, Any],
    run: int | None = None,
    *,
    how: str = "typical",
    outcome: str | None = None,
    where: str | None = None,
    runs: int = 1000,
) -> Trace:
    """Play one timeline again and watch it: what fired, what released it, what it changed.

    Without `run` one of the first `runs` timelines is chosen: the `typical`, the `rarest` or the
    `first`, nearest the middle of `outcome` or of all outcomes, of those in which `where` holds.
    Raises UsageError for an outcome or evidence that is not there.
    """
    from coopsim.analysis.stories.representative import HOW, Wish, choose

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    program = build_program(loaded.scenario)
    if run is not None:
        return _traced(loaded.scenario, program, limits.RUN.check("--run", run))
    wish = Wish(limits.one_of("how", how, HOW), outcome, where)
    runs = limits.CHOICE_RUNS.check("--runs", runs)
    chosen = choose(loaded.scenario, program, simulate(program, 0, runs), wish)
    return _traced(loaded.scenario, program, chosen.run, chosen)


def _traced(scenario: Scenario, program: Program, run: int, chosen: Chosen | None = None) -> Trace:
    from coopsim.analysis.stories.tracing import trace_of
    from coopsim.simulation.watching import watch

    (history,) = watch(program, run, 1)
    return trace_of(scenario, program, history, chosen)


def trace_beside(left: Trace, scenario: Loaded | str | Path | Mapping[str, Any]) -> Pair:
    """Lay the same run of another scenario beside a timeline, to see where the two part.

    Raises UsageError where the scenarios do not start on one day.
    """
    from coopsim.analysis.stories.tracing import Pair

    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    return Pair(left, _traced(loaded.scenario, build_program(loaded.scenario), left.run))


def causes(
    scenario: Loaded | str | Path | Mapping[str, Any],
    *,
    runs: int = 1000,
    on_progress: OnProgress = silent,
) -> Causes:
    """Count what each event waited for last in the first `runs` timelines: its binding cause."""
    from coopsim.analysis.stories.causes import causes_of
    from coopsim.simulation.watching import watch

    runs = limits.RUNS.check("--runs", runs)
    loaded = scenario if isinstance(scenario, Loaded) else load(scenario)
    program = build_program(loaded.scenario)

    def watched() -> Iterator[WatchedRun]:
        for done, history in enumerate(watch(program, 0, runs), start=1):
            on_progress(done, runs)
            yield history

    return causes_of(loaded.scenario, program, watched())
