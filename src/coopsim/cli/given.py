"""Answer given evidence, and find what an outcome goes with."""

from __future__ import annotations

from typing import Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.completing import statement_names
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    Changed,
    Most,
    NoFigures,
    OnlyOutcomes,
    ResultName,
    Results,
    ThreadsOption,
    Until,
)
from coopsim.cli.printing import opened, progress, status

That = Annotated[
    list[str],
    typer.Option(
        "--that",
        metavar="STATEMENT",
        help="What is known; may be repeated.",
        autocompletion=statement_names,
    ),
]


@app.command()
def given(
    name: ResultName,
    that: That,
    until: Until = 0,
    most: Most = None,
    outcomes: OnlyOutcomes = None,
    changed: Changed = True,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Show all answers given some evidence, beside the overall ones.

    The largest differences come first; answers that do not differ are counted. For a single
    question, use `coopsim ask`.

    A statement is about an event (`orel by 2029`), an outcome (`luna_26 = works`), a driver's
    level (`sanctions = eased on 2027-12-31`) or a count (`cross_flight >= 3 by 2030`). Join
    statements with `and`, `or`, `not` and parentheses. A title in quotes works like an id (`'ISS
    re-enters' by 2031`). docs/given.md has the details.

    Example: `coopsim given thaw --that "sanctions <= eased by 2027" --that "not orel by 2029"`
    """
    from coopsim import api

    result = opened(name, results)
    shown = result.asking(outcomes or ())
    with progress(silent=as_json or not until) as on_progress:
        found = api.given(
            result, that, until=until, most=most, workers=workers, on_progress=on_progress
        )
    found = found.of(shown.scenario.outcomes)
    answer = api.GivenAnswer(found, shown, tuple(outcomes or ()))
    everything = not changed or bool(outcomes)
    figures = None if no_figures else results
    answered(answer, as_json=as_json, results=figures, everything=everything)


@app.command()
def discover(
    name: ResultName,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome",
            metavar="STATEMENT",
            help="The outcome to explain.",
            autocompletion=statement_names,
        ),
    ],
    by: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Count events up to this day as early; two years by default."
        ),
    ] = None,
    coverage: Annotated[
        float, typer.Option(help="Share of the cases that the conditions must cover.")
    ] = 0.2,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Find the assumptions and early events that mark the timelines in which something happens.

    Lists conditions under which it is frequent, and signposts: early events to watch for.

    Example: `coopsim discover baseline --outcome joint_mission_flies --by 2027-12-31`
    """
    from coopsim import api

    result = opened(name, results)
    with status("searching for what marks them", silent=as_json):
        found = api.discover(result, outcome, by=by, coverage=coverage, workers=workers)
    answer = api.DiscoveryAnswer(found, result, coverage)
    answered(answer, as_json=as_json, results=None if no_figures else results)
