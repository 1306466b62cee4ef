"""Ask what the numbers rest on, and how they fared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    NoFigures,
    ResultName,
    Results,
    ScenarioFile,
    SetOptions,
)


@app.command()
def sources(
    scenario: ScenarioFile,
    sets: SetOptions = None,
    claim: Annotated[
        str | None, typer.Option(metavar="ID", help="Say what rests on this claim or source.")
    ] = None,
    unused: Annotated[
        bool, typer.Option("--unused", help="List the claims on which nothing rests.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Trace every number of a scenario to the claims and judgement that it rests on.

    Example: `coopsim sources scenarios/thaw.yaml --claim russia-today.19`
    """
    from coopsim import api

    if claim is not None and unused:
        raise typer.BadParameter("give --claim or --unused, not both")
    found = api.sources(scenario, sets or ())
    if claim is not None:
        answered(api.ClaimAnswer(found, claim), as_json=as_json)
    else:
        answered(api.UnusedAnswer(found) if unused else found, as_json=as_json)


@app.command()
def score(
    name: ResultName,
    against: Annotated[
        Path, typer.Option(metavar="FILE", help="What happened, such as seeds/history.yaml.")
    ],
    foil: Annotated[
        str | None, typer.Option(metavar="RESULT", help="A result to hold the scores against.")
    ] = None,
    results: Results = DEFAULT_RESULTS,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Score the forecasts of a result against what happened.

    Example: `coopsim score backtest_2014 --against seeds/history.yaml`
    """
    from coopsim import api

    other = None if foil is None else api.open_result(foil, results)
    found = api.score(api.open_result(name, results), against, other)
    answered(found, as_json=as_json, results=None if no_figures else results)
