"""What if: what differs between two scenarios, what it accounts for, and sweeps."""

from __future__ import annotations

from typing import Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.completing import paths_to_set, question_names, scenario_names
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    Changed,
    GroupOption,
    NoFigures,
    Outcomes,
    Results,
    RunsOption,
    ScenarioName,
    ThreadsOption,
)
from coopsim.cli.printing import progress, warn_of_sets

BaseName = Annotated[
    str,
    typer.Argument(help="The base: a scenario file, or a result.", autocompletion=scenario_names),
]
OtherName = Annotated[
    str,
    typer.Argument(
        help="The scenario file or result that differs from it.", autocompletion=scenario_names
    ),
]


@app.command()
def diff(
    base: BaseName,
    other: OtherName,
    paths: Annotated[
        bool,
        typer.Option(
            "--paths", help="Name assumptions by their paths, as in --set, not by titles."
        ),
    ] = False,
    results: Results = DEFAULT_RESULTS,
    as_json: AsJson = False,
) -> None:
    """List the assumptions in which two scenarios or results differ.

    Example: `coopsim diff scenarios/baseline.yaml scenarios/thaw.yaml`
    """
    from coopsim import api

    found = api.diff(api.assumed(base, results), api.assumed(other, results))
    answered(found, as_json=as_json, paths=paths)


@app.command()
def explain(
    base: BaseName,
    other: OtherName,
    outcomes: Outcomes = None,
    runs: RunsOption = None,
    group: Annotated[
        GroupOption,
        typer.Option(
            "--by",
            help="What changes together: each assumption alone, an event or driver, or a section.",
        ),
    ] = GroupOption.entry,
    changed: Changed = True,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Split the change in each answer among the assumptions that changed.

    Example: `coopsim explain scenarios/baseline.yaml scenarios/freeze.yaml --runs 2000`
    """
    from coopsim import api

    before, after = api.assumed(base, results), api.assumed(other, results)
    with progress(silent=as_json) as on_progress:
        found = api.explain(
            before, after, outcomes or (), runs=runs, group=group.value, workers=workers,
            on_progress=on_progress,
        )  # fmt: skip
    everything = not changed or bool(outcomes)
    figures = None if no_figures else results
    answered(found, as_json=as_json, results=figures, everything=everything)


@app.command()
def sweep(
    scenario: ScenarioName,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="PATH=LOW..HIGH",
            help="What to sweep, or PATH=A, B, C; one or two. PATH=VALUE sets a single value.",
            autocompletion=paths_to_set,
        ),
    ],
    outcome: Annotated[
        str,
        typer.Option(
            help="An id or title, `ID = LEVEL`, and `by`, `after` or `on DATE`, or a statement as "
            "for `given --that`.",
            autocompletion=question_names,
        ),
    ],
    points: Annotated[int, typer.Option(help="Points of each range, 2 to 100.")] = 9,
    level: Annotated[
        float | None,
        typer.Option(help="The value to cross, as a number; for a chance 0.5 by default."),
    ] = None,
    runs: RunsOption = None,
    results: Results = DEFAULT_RESULTS,
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Vary one or two assumptions over a range, and find where an answer crosses a threshold.

    Example: `coopsim sweep thaw --set "events.failure_ends_station.rate=0..0.05 per year"
    --outcome early_end --level 0.25`
    """
    from coopsim import api

    fixed, swept = api.split_settings(settings)
    loaded = api.assumed(scenario, results, fixed)
    warn_of_sets(loaded.warnings)
    with progress(silent=as_json) as on_progress:
        found = api.sweep(
            loaded, swept, outcome, points=points, level=level, runs=runs, workers=workers,
            on_progress=on_progress,
        )  # fmt: skip
    answered(found, as_json=as_json, results=None if no_figures else results)
