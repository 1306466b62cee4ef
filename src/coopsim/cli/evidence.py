"""Ask what the numbers rest on, and how they fared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.app import AsJson, ResultName, Results, ScenarioFile, SetOptions, app
from coopsim.cli.printing import print_json, show


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
    from coopsim.presentation.views.sources import claim_page, sources_table, unused_page

    if claim is not None and unused:
        raise typer.BadParameter("give --claim or --unused, not both")
    found = api.sources(scenario, sets or ())
    if claim is not None:
        print_json(found.claim_to_json(claim)) if as_json else show(claim_page(found, claim))
    elif unused:
        listed = [one.to_json() for one in found.unused()]
        print_json(listed) if as_json else show(unused_page(found))
    else:
        print_json(found.to_json()) if as_json else show(sources_table(found))


@app.command()
def score(
    name: ResultName,
    against: Annotated[
        Path, typer.Option(metavar="FILE", help="What happened, such as seeds/history.yaml.")
    ],
    foil: Annotated[
        str | None, typer.Option(metavar="RESULT", help="A result to hold the scores against.")
    ] = None,
    results: Results = Path("results"),
    as_json: AsJson = False,
) -> None:
    """Score the forecasts of a result against what happened.

    Example: `coopsim score backtest_2014 --against seeds/history.yaml`
    """
    from coopsim import api
    from coopsim.presentation.views.scorecard import score_table

    other = None if foil is None else api.open_result(foil, results)
    card = api.score(api.open_result(name, results), against, other)
    print_json(card.to_json()) if as_json else show(score_table(card))
