"""The track record held against itself, and handed on: what moved, and a hub for others."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.completing import record_names
from coopsim.cli.forecast.commands import DEFAULT_FORECASTS, Forecasts, forecast
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    Changed,
    GroupOption,
    NoFigures,
    Results,
    RunsOption,
    ThreadsOption,
)
from coopsim.cli.printing import progress


@forecast.command("changes")
def changes_command(
    before: Annotated[
        str,
        typer.Argument(
            help="A record, by its file, or a forecaster: the newest.",
            autocompletion=record_names,
        ),
    ],
    after: Annotated[
        str | None,
        typer.Argument(
            help="The later one; without it, the first is compared with the one it supersedes.",
            autocompletion=record_names,
        ),
    ] = None,
    runs: RunsOption = None,
    group: Annotated[
        GroupOption,
        typer.Option(
            "--by", help="What changes together: each assumption alone, an event or driver, or all."
        ),
    ] = GroupOption.entry,
    changed: Changed = True,
    forecasts: Forecasts = DEFAULT_FORECASTS,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Split what moved between two recorded forecasts among the assumptions that changed.

    Example: `coopsim forecast changes baseline`
    """
    from coopsim import api

    with progress(silent=as_json) as on_progress:
        found = api.forecast_changes(
            before, after, runs=runs, group=group.value, forecasts=forecasts, workers=workers,
            on_progress=on_progress,
        )  # fmt: skip
    figures = None if no_figures or found.split is None else results
    answered(found, as_json=as_json, results=figures, everything=not changed)


@forecast.command("export")
def export_command(
    folder: Annotated[
        Path, typer.Option("--to", metavar="FOLDER", help="A new or empty folder for it.")
    ],
    forecasts: Forecasts = DEFAULT_FORECASTS,
    as_json: AsJson = False,
) -> None:
    """Write all recorded forecasts as a hub, the form in which hubverse's tools read forecasts.

    Example: `coopsim forecast export --to hub`
    """
    from coopsim import api

    answered(api.export_forecasts(folder, forecasts), as_json=as_json)
