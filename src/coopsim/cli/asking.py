"""Ask what the chances are: in sentences, or on a page that answers what one moves."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.completing import statement_names
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    Most,
    NoFigures,
    Results,
    RunsOption,
    ScenarioName,
    SetOptions,
    ThreadsOption,
    Until,
)
from coopsim.cli.printing import progress, say, status, warn_of_sets


@app.command()
def ask(
    scenario: ScenarioName,
    statements: Annotated[
        list[str],
        typer.Argument(
            metavar="STATEMENT...",
            help="The question, such as `agreement_signed = venus by 2035`; may be repeated.",
            autocompletion=statement_names,
        ),
    ],
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--if",
            metavar="STATEMENT",
            help="Only timelines in which this holds; may be repeated.",
            autocompletion=statement_names,
        ),
    ] = None,
    sets: SetOptions = None,
    runs: RunsOption = None,
    until: Until = 0,
    most: Most = None,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Answer a question in a sentence, with simulation error and model uncertainty.

    `--if` selects timelines, `--set` changes them. A result's own timelines are used; without a
    result, timelines are simulated in memory. docs/given.md explains how to write statements.

    Example: `coopsim ask thaw "agreement_signed = venus by 2035" --if "sanctions <= eased by 2027"`
    """
    from coopsim import api

    source = api.asked_of(scenario, results)
    if sets:
        loaded = source.loaded if isinstance(source, api.Stored) else source
        warn_of_sets(loaded.having(sets).warnings)
    with progress(silent=as_json) as on_progress:
        found = api.ask(
            source, *statements, given=given or (), sets=sets or (), runs=runs, until=until,
            most=most, workers=workers, on_progress=on_progress,
        )  # fmt: skip
    answered(found, as_json=as_json, results=None if no_figures else results)


@app.command()
def live(
    scenario: ScenarioName,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port on 127.0.0.1; any free one by default.")
    ] = 0,
    no_open: Annotated[bool, typer.Option("--no-open", help="Open no browser.")] = False,
    results: Results = DEFAULT_RESULTS,
) -> None:
    """Serve a page, to this machine alone, that answers while you move assumptions.

    Saving the scenario file updates the page. Nothing is written. Ctrl-C ends it.

    Example: `coopsim live scenarios/baseline.yaml`
    """
    import webbrowser

    from coopsim.live.desk import Desk
    from coopsim.live.serving import LiveServer

    with status(f"simulating {scenario}", silent=False):
        server = LiveServer(Desk(scenario, results), port)
        link = server.listen()
    say(f"{link}\nThis link is for this machine. Ctrl-C ends the page.")
    if not no_open:
        webbrowser.open(link)
    with suppress(KeyboardInterrupt):  # the way to end it
        server.serve()
