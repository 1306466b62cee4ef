"""Ask one question, and get a sentence."""

from __future__ import annotations

from typing import Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    NoFigures,
    Results,
    RunsOption,
    ScenarioName,
    SetOptions,
    ThreadsOption,
)
from coopsim.cli.printing import progress, warn_of_sets


@app.command()
def ask(
    scenario: ScenarioName,
    statement: Annotated[
        str, typer.Argument(help="What is asked, such as `agreement_signed = venus by 2035`.")
    ],
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--if",
            metavar="STATEMENT",
            help="Only among the timelines in which this is so; may be given again.",
        ),
    ] = None,
    sets: SetOptions = None,
    runs: RunsOption = None,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Answer one question in a sentence, with simulation error and model uncertainty.

    `--if` chooses among timelines, `--set` changes them. docs/given.md says how statements are
    written.

    Example: `coopsim ask thaw "agreement_signed = venus by 2035" --if "sanctions <= eased by 2027"`
    """
    from coopsim import api

    loaded = api.assumed(scenario, results)
    if sets:
        warn_of_sets(loaded.having(sets).warnings)
    with progress(silent=as_json) as on_progress:
        found = api.ask(
            loaded, statement, given=given or (), sets=sets or (), runs=runs, workers=workers,
            on_progress=on_progress,
        )  # fmt: skip
    answered(found, as_json=as_json, results=None if no_figures else results)
