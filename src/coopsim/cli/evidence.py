"""Ask what the numbers rest on, and how they fared."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.completing import result_names, scenario_files
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    NoFigures,
    ResultName,
    Results,
    SetOptions,
)


@app.command()
def sources(
    scenario: Annotated[
        Path | None,
        typer.Argument(
            help="A scenario file, such as scenarios/thaw.yaml.", autocompletion=scenario_files
        ),
    ] = None,
    sets: SetOptions = None,
    claim: Annotated[
        str | None, typer.Option(metavar="ID", help="Show what rests on this claim or source.")
    ] = None,
    unused: Annotated[
        bool, typer.Option("--unused", help="List the claims that nothing cites.")
    ] = False,
    new: Annotated[
        Path | None,
        typer.Option(
            metavar="ARTICLE",
            help="Make a claims file for an article: a text, Markdown or HTML file.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="The name of the new claims file.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Trace every number of a scenario to the claims and judgement that it rests on.

    `--new` makes a claims file in seeds/, with the article's hash, title and date where found,
    and lists the lines that hold dates or numbers. The article's text is not stored.

    Example: `coopsim sources scenarios/thaw.yaml --claim russia-today.19`
    """
    from coopsim import api

    if new is not None:
        if scenario or sets or claim or unused:
            raise typer.BadParameter("use --new alone, or with --as")
        answered(api.new_source(new, name), as_json=as_json)
        return
    if scenario is None:
        raise typer.BadParameter("name a scenario file, or an article with --new")
    if name is not None:
        raise typer.BadParameter("--as needs --new")
    if claim is not None and unused:
        raise typer.BadParameter("use --claim or --unused, not both")
    found = api.sources(scenario, sets or ())
    if claim is not None:
        answered(api.ClaimAnswer(found, claim), as_json=as_json)
    else:
        answered(api.UnusedAnswer(found) if unused else found, as_json=as_json)


@app.command()
def score(
    name: ResultName,
    against: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help="The file with what happened, such as seeds/history.yaml."
        ),
    ],
    foil: Annotated[
        str | None,
        typer.Option(
            metavar="RESULT",
            help="A result to compare the scores with.",
            autocompletion=result_names,
        ),
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
