"""What drives an answer: single assumptions, model uncertainty as a whole, each input's share."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.completing import assumption_paths
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    MethodOption,
    NoFigures,
    Outcomes,
    Results,
    RunsOption,
    ScenarioName,
    SetOptions,
    ThreadsOption,
)
from coopsim.cli.printing import progress, warn_of_sets
from coopsim.errors import UsageError


@app.command()
def sensitivity(
    scenario: ScenarioName,
    outcomes: Outcomes = None,
    method: Annotated[
        MethodOption,
        typer.Option(
            help="`single`: move each assumption alone; `uncertainty`: separate chance from model "
            "uncertainty; `inputs`: how much each uncertain input matters, read from a result if "
            "there is one."
        ),
    ] = MethodOption.single,
    runs: RunsOption = None,
    swing: Annotated[
        float, typer.Option(help="Factor by which certain numbers are multiplied and divided.")
    ] = 1.5,
    days: Annotated[int, typer.Option(help="Days by which certain dates move.")] = 180,
    uncertain: Annotated[
        bool, typer.Option("--uncertain", help="Move only what is written as uncertain.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="Move only assumptions whose path begins like this; may be repeated.",
            autocompletion=assumption_paths,
        ),
    ] = None,
    replications: Annotated[
        int, typer.Option(help="Timelines for each draw of the uncertain inputs.")
    ] = 100,
    everything: Annotated[
        bool, typer.Option("--all", help="Show all assumptions, not the ten largest.")
    ] = False,
    sets: SetOptions = None,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Find which assumptions drive the answers, and separate chance from model uncertainty.

    Without `--outcome`, cover all answers: what matters most to each, and which assumptions
    have no effect.

    Example: `coopsim sensitivity scenarios/baseline.yaml --outcome reentry --runs 2000`
    """
    from coopsim import api

    asked = outcomes or ()
    if method is MethodOption.inputs:
        if not outcomes:
            raise UsageError("--method inputs needs --outcome")
        source = api.asked_of(scenario, results)
        if sets:
            source = (source.loaded if isinstance(source, api.Stored) else source).having(sets)
            warn_of_sets(source.warnings)
        with progress(silent=as_json) as told:
            found: Any = api.global_indices(
                source, asked, runs=runs, workers=workers, on_progress=told
            )
    else:
        loaded = api.assumed(scenario, results, sets or ())
        warn_of_sets(loaded.warnings)
        with progress(silent=as_json) as told:
            if method is MethodOption.uncertainty:
                found = api.epistemic(
                    loaded, asked, runs=1000 if runs is None else runs, workers=workers,
                    replications=replications, on_progress=told,
                )  # fmt: skip
            else:
                found = api.sensitivity(
                    loaded, asked, runs=runs, swing=swing, days=days, certain=not uncertain,
                    only=only or (), workers=workers, on_progress=told,
                )  # fmt: skip
    single = method is MethodOption.single
    options: dict[str, Any] = {}
    if single:
        options = {"focus": bool(asked), "most": None if everything else 10}
    kept = None if no_figures else results
    drawn = bool(asked) or not single  # of all answers there would be too many
    answered(found, as_json=as_json, results=kept, figures=drawn, **options)
