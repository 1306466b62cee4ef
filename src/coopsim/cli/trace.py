"""Ask why: tell one timeline, compare it with another scenario's, count what events waited for."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.completing import event_names, question_names, scenario_names, statement_names
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    NoFigures,
    Results,
    ScenarioName,
    SetOptions,
)
from coopsim.cli.printing import progress, status

_ALL = "all"  # what a bare --typical stands for


class _WithTypical(TyperCommand):
    """A command whose --typical may stand without an outcome, which Typer's options cannot."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the outcome `all` behind a --typical that stands alone."""
        completed = []
        for argument, following in zip(args, [*args, "--"][1:], strict=True):
            alone = argument == "--typical" and following.startswith("-")
            completed += [argument, _ALL] if alone else [argument]
        return super().parse_args(ctx, completed)


@app.command(cls=_WithTypical)
def trace(
    scenario: ScenarioName,
    other: Annotated[
        str | None,
        typer.Argument(
            help="A second scenario or result: the same run of both, side by side.",
            autocompletion=scenario_names,
        ),
    ] = None,
    run: Annotated[int | None, typer.Option(help="The number of the timeline.")] = None,
    typical: Annotated[
        str | None,
        typer.Option(
            metavar="[OUTCOME]",
            help="The timeline nearest the middle of an outcome, by id or title, or of all; "
            "the default.",
            autocompletion=question_names,
        ),
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="EVIDENCE",
            help="A timeline in which this holds, such as `iss2_agreed`.",
            autocompletion=statement_names,
        ),
    ] = None,
    rarest: Annotated[
        bool, typer.Option("--rarest", help="The timeline with the rarest combination of outcomes.")
    ] = False,
    runs: Annotated[int, typer.Option(help="Timelines to choose from.")] = 1000,
    everything: Annotated[
        bool, typer.Option("--all", help="Include routine events, and name every clock.")
    ] = False,
    sets: SetOptions = None,
    results: Results = DEFAULT_RESULTS,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Tell one timeline as a dated story: what happened, why then, and what it changed.

    `--where` alone picks the first timeline in which the statement holds; with `--typical` or
    `--rarest`, the most typical or rarest of those.

    Example: `coopsim trace scenarios/thaw.yaml scenarios/freeze.yaml --run 17`
    """
    from coopsim import api

    if run is not None and (typical is not None or rarest or where is not None):
        raise typer.BadParameter("use --run, or choose with --typical, --rarest or --where")
    if typical is not None and rarest:
        raise typer.BadParameter("use --typical or --rarest, not both")
    first = typical is None and where is not None
    how = "rarest" if rarest else "first" if first else "typical"
    named = [name for name in (scenario, other) if name is not None]
    loaded = [api.assumed(name, results, sets or ()) for name in named]
    with status("searching for a timeline", silent=as_json or run is not None):
        one = api.trace(
            loaded[0], run, how=how, outcome=None if typical == _ALL else typical, where=where,
            runs=runs,
        )  # fmt: skip
    figures = None if no_figures else results
    if other is None:
        answer = api.TraceAnswer(one, loaded[0])
        answered(answer, as_json=as_json, results=figures, everything=everything)
    else:
        pair = api.PairAnswer(api.trace_beside(one, loaded[1]), (loaded[0], loaded[1]))
        answered(pair, as_json=as_json, results=figures)


@app.command()
def causes(
    scenario: ScenarioName,
    events: Annotated[
        list[str] | None,
        typer.Argument(
            help="Events, by id or title; by default, all whose cause varies.",
            autocompletion=event_names,
        ),
    ] = None,
    runs: Annotated[int, typer.Option(help="Timelines to watch.")] = 1000,
    sets: SetOptions = None,
    results: Results = DEFAULT_RESULTS,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Count what each event waited for last: its clock, a condition, a trigger, a window, a day.

    For a named event, also show its chain of causes: what released it, what released that, and
    so on.

    Example: `coopsim causes scenarios/baseline.yaml iss_reentry`
    """
    from coopsim import api

    loaded = api.assumed(scenario, results, sets or ())
    with progress(silent=as_json) as on_progress:
        found = api.causes(loaded, runs=runs, on_progress=on_progress)
    answer = api.CausesAnswer(found, events or [], loaded)
    answered(answer, as_json=as_json, results=None if no_figures else results)
