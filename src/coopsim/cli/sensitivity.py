"""What an answer hangs on: single assumptions, draws, and doubt as a whole."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.cli.app import AsJson, Results, SetOptions, app
from coopsim.cli.printing import opened, print_json, progress, say, show, status, warn_of_sets
from coopsim.errors import UsageError

if TYPE_CHECKING:
    from rich.console import RenderableType


class Method(StrEnum):
    """Name the ways to ask what an answer hangs on."""

    single = "single"
    doubt = "doubt"
    draws = "draws"


Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="`NAME`, `NAME = LEVEL`, and `by`, `after` or `on DATE`; may be given again.",
    ),
]
ScenarioName = Annotated[
    str, typer.Argument(help="A scenario file, or a result: its assumptions are taken.")
]
RunsOption = Annotated[
    int | None, typer.Option(help="Timelines of each variant; the scenario's by default.")
]
ThreadsOption = Annotated[int | None, typer.Option(help="Threads; by default as many as cores.")]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]


@app.command()
def sensitivity(
    scenario: ScenarioName,
    outcomes: Outcomes = None,
    method: Annotated[
        Method,
        typer.Option(
            help="`single`: each assumption moved alone; `doubt`: chance against doubt, answers as "
            "bands; `draws`: indices of each draw, from a result's own timelines."
        ),
    ] = Method.single,
    runs: RunsOption = None,
    swing: Annotated[
        float, typer.Option(help="By what certain numbers are multiplied and divided.")
    ] = 1.5,
    days: Annotated[int, typer.Option(help="By how many days certain dates move.")] = 180,
    uncertain: Annotated[
        bool, typer.Option("--uncertain", help="Move only what is written as uncertain.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="PATH", help="Move only what begins so; may be given again."),
    ] = None,
    replications: Annotated[int, typer.Option(help="Timelines of each draw of doubt.")] = 100,
    everything: Annotated[
        bool, typer.Option("--all", help="Show all assumptions, not the ten largest.")
    ] = False,
    sets: SetOptions = None,
    results: Results = Path("results"),
    workers: ThreadsOption = None,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Say what answers hang on: which assumptions move them, and how much is doubt, not chance.

    Without `--outcome` all answers are looked at: what matters most to each, and which
    assumptions nothing feels.

    Example: `coopsim sensitivity scenarios/baseline.yaml --outcome reentry --runs 2000`
    """
    from coopsim import api

    asked = outcomes or ()
    if method is Method.draws:
        if sets or not outcomes:
            raise UsageError("--method draws needs a result and --outcome, and takes no --set")
        found: Any = api.global_indices(opened(scenario, results), asked)
    else:
        loaded = api.assumed(scenario, results, sets or ())
        warn_of_sets(loaded.warnings)
        with progress(silent=as_json) as told:
            if method is Method.doubt:
                found = api.epistemic(
                    loaded, asked, runs=1000 if runs is None else runs, workers=workers,
                    replications=replications, on_progress=told,
                )  # fmt: skip
            else:
                found = api.sensitivity(
                    loaded, asked, runs=runs, swing=swing, days=days, certain=not uncertain,
                    only=only or (), workers=workers, on_progress=told,
                )  # fmt: skip
    if as_json:
        print_json(found.to_json())
        return
    show(_table(found, method, bool(asked), None if everything else 10))
    if not no_figures and (asked or method is not Method.single):
        from coopsim.presentation.views.listings import finished_text

        folder = results / f"sensitivity-{found.scenario}-{found.hash}"
        with status("drawing figures", silent=False):
            figures = api.draw(found, folder)
        say(finished_text(folder, figures))


def _table(found: Any, method: Method, focus: bool, most: int | None) -> RenderableType:
    if method is Method.single:
        from coopsim.presentation.views.sensitivity import sensitivity_table

        return sensitivity_table(found, focus, most)
    from coopsim.presentation.views.epistemic import doubt_table, indices_table

    return doubt_table(found) if method is Method.doubt else indices_table(found)
