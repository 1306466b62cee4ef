"""What if: what differs between two scenarios, what it accounts for, and sweeps."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.app import AsJson, Results, app
from coopsim.cli.printing import print_json, progress, say, show, status, warn_of_sets
from coopsim.cli.sensitivity import NoFigures, Outcomes, RunsOption, ScenarioName, ThreadsOption


class Group(StrEnum):
    """Name what changes together."""

    each = "each"
    entry = "entry"
    section = "section"


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="A scenario file or a result, as it was.")],
    new: Annotated[str, typer.Argument(help="A scenario file or a result, as it is.")],
    paths: Annotated[
        bool, typer.Option("--paths", help="Name assumptions as --set does, not by titles.")
    ] = False,
    results: Results = Path("results"),
    as_json: AsJson = False,
) -> None:
    """List the assumptions in which two scenarios or results differ.

    Example: `coopsim diff scenarios/baseline.yaml scenarios/thaw.yaml`
    """
    from coopsim import api

    found = api.diff(api.assumed(old, results), api.assumed(new, results))
    if as_json:
        print_json(found.to_json())
        return
    from coopsim.presentation.views.whatif import differences_table

    show(differences_table(found, paths=paths))


@app.command()
def explain(
    scenario: Annotated[str, typer.Argument(help="The scenario file or result to be explained.")],
    against: Annotated[str, typer.Argument(help="The one that it is held against.")],
    outcomes: Outcomes = None,
    runs: RunsOption = None,
    group: Annotated[
        Group,
        typer.Option(
            "--by", help="What changes together: each assumption alone, an event or driver, or all."
        ),
    ] = Group.entry,
    everything: Annotated[
        bool, typer.Option("--all", help="Show the answers that do not change too.")
    ] = False,
    results: Results = Path("results"),
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Split what changes in each answer among the assumptions that changed.

    Example: `coopsim explain scenarios/freeze.yaml scenarios/baseline.yaml --runs 2000`
    """
    from coopsim import api

    new, old = api.assumed(scenario, results), api.assumed(against, results)
    with progress(silent=as_json) as on_progress:
        found = api.explain(
            new, old, outcomes or (), runs=runs, group=group.value, workers=workers,
            on_progress=on_progress,
        )  # fmt: skip
    if as_json:
        print_json(found.to_json())
        return
    from coopsim.presentation.views.listings import finished_text
    from coopsim.presentation.views.whatif import attribution_table

    show(attribution_table(found, everything=everything or bool(outcomes)))
    if not no_figures:
        folder = results / f"explain-{found.scenario}-{found.against}"
        with status("drawing figures", silent=False):
            figures = api.draw(found, folder)
        say(finished_text(folder, figures))


@app.command()
def sweep(
    scenario: ScenarioName,
    settings: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="PATH=LOW..HIGH",
            help="What to sweep, or PATH=A, B, C; once or twice. PATH=VALUE only sets one.",
        ),
    ],
    outcome: Annotated[
        str, typer.Option(help="`NAME`, `NAME = LEVEL`, and `by`, `after` or `on DATE`.")
    ],
    points: Annotated[int, typer.Option(help="Points of each range, 2 to 100.")] = 9,
    level: Annotated[
        float | None,
        typer.Option(help="The value whose threshold is sought, as a number; of a chance 0.5."),
    ] = None,
    runs: RunsOption = None,
    results: Results = Path("results"),
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Follow an answer as one or two assumptions go over a range, and find its threshold.

    Example: `coopsim sweep thaw --set "events.failure_ends_station.rate=0..0.05 per year"
    --outcome early_end --level 0.25`
    """
    from coopsim import api

    fixed, swept = api.parted(settings)
    loaded = api.assumed(scenario, results, fixed)
    warn_of_sets(loaded.warnings)
    with progress(silent=as_json) as on_progress:
        found = api.sweep(
            loaded, swept, outcome, points=points, level=level, runs=runs, workers=workers,
            on_progress=on_progress,
        )  # fmt: skip
    if as_json:
        print_json(found.to_json())
        return
    from coopsim.presentation.views.listings import finished_text
    from coopsim.presentation.views.whatif import sweep_table

    show(sweep_table(found))
    if not no_figures:
        folder = results / f"sweep-{found.scenario}-{found.hash}"
        with status("drawing figures", silent=False):
            figures = api.draw(found, folder)
        say(finished_text(folder, figures))
