"""Simulate a scenario, or only look it over."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.cli.app import AsJson, ScenarioFile, SetOptions, app
from coopsim.cli.printing import (
    OutputError,
    agree_to,
    note,
    print_json,
    progress,
    say,
    show,
    status,
    warn,
)
from coopsim.errors import CoopsimWarning, ScenarioError, WouldLoseError

if TYPE_CHECKING:
    from coopsim.analysis.precision import Look
    from coopsim.api import Result


class KeepOption(StrEnum):
    """Name what can be stored; the names are those of `simulation.manifest.Keep`."""

    firings = "firings"
    firsts = "firsts"
    nothing = "nothing"


class Engine(StrEnum):
    """Name what can simulate; the names are those of `simulation.engines.Choice`."""

    auto = "auto"
    simpy = "simpy"


@app.command()
def run(
    scenario: ScenarioFile,
    runs: Annotated[
        int | None,
        typer.Option(help="Number of timelines; with --precision the most of them."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of all chance.")] = None,
    sets: SetOptions = None,
    out: Annotated[Path, typer.Option(help="Folder in which the result folder is made.")] = Path(
        "results"
    ),
    workers: Annotated[
        int | None, typer.Option(help="Workers; by default as many as cores.")
    ] = None,
    engine: Annotated[
        Engine, typer.Option(help="auto: compiled, and checked by the SimPy model; or that alone.")
    ] = Engine.auto,
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="WIDTH",
            help="Simulate until no 95 % interval of a probability reaches further, as 0.005.",
        ),
    ] = None,
    precise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTCOME",
            help="Hold only this outcome to --precision; may be given again.",
        ),
    ] = None,
    keep: Annotated[
        KeepOption | None,
        typer.Option(help="Store all firings, first firings and counts, or the summary alone."),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Simulate anew where --keep asks for more than is there."),
    ] = False,
    on: Annotated[
        str | None,
        typer.Option(metavar="dask://HOST:PORT", help="Simulate on a cluster (coopsim[dask])."),
    ] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario, print its answers and draw its figures.

    The result goes to results/SCENARIO-HASH; finished timelines are kept, so that the same
    command goes on where it was stopped, and more `--runs` extend it. `--precision 0.005` extends
    it until every probability is known to half a percentage point.

    Example: `coopsim run scenarios/thaw.yaml --runs 2000 --set drivers.sanctions.initial=eased`
    """
    from coopsim.presentation.figures.helpers import helpers

    silent = quiet or as_json
    if quiet:
        warnings.simplefilter("ignore", CoopsimWarning)
    with helpers(wanted=not no_figures) as helping:
        from coopsim import api

        loaded = api.load(scenario, sets or ())
        if not quiet:
            warn(loaded.warnings)
        asked = partial(
            api.run,
            loaded,
            runs=runs,
            seed=seed,
            out=out,
            workers=workers,
            engine=engine,
            keep=keep,
            on=on,
            precision=precision,
            precise=precise or (),
        )
        try:
            result = _simulated(asked, silent=silent, quiet=quiet, replace=replace)
        except WouldLoseError as error:
            agree_to(error)
            result = _simulated(asked, silent=silent, quiet=quiet, replace=True)
        with status("drawing figures", silent=silent or no_figures):
            figures = [] if no_figures else result.draw(helping)
    if result.look is None and result.runs > (runs or loaded.scenario.runs) and not quiet:
        note(f"{result.folder} held {result.runs:,} timelines already; all count")
    with _whole(result):
        if as_json:
            print_json(result.summary.to_json())
        if not quiet:
            _report(result, figures, as_json=as_json)


def _simulated(asked: Callable[..., Result], *, silent: bool, quiet: bool, replace: bool) -> Result:
    with progress(silent=silent) as on_progress:
        return asked(
            replace=replace,
            on_progress=on_progress,
            on_look=partial(_tell, on_progress.say, quiet=quiet),
        )


@contextmanager
def _whole(result: Result) -> Iterator[None]:
    """Say of what can no longer be printed that it is on disk."""
    try:
        yield
    except OutputError as error:
        raise OutputError(f"{error}; the result in {result.folder} is whole") from error


def _report(result: Result, figures: list[Path], *, as_json: bool) -> None:
    from coopsim.presentation.views.answers import summary_table
    from coopsim.presentation.views.listings import finished_text
    from coopsim.presentation.words.precision import precision_text

    if not as_json:
        show(summary_table(result.summary, result.scenario, result.cross_check))
    if result.look is not None:
        (note if as_json else say)(precision_text(result.look))
    if not as_json:
        say(finished_text(result.folder, figures))


def _tell(say: Callable[[str], None], look: Look, *, quiet: bool) -> None:
    """Say beside the progress bar what is too wide, and beforehand what will stay so."""
    from coopsim.presentation.words.precision import foretold_text, wide_text

    say(wide_text(look))
    if not quiet and not look.last and look.expected > look.goal.most:
        note(foretold_text(look))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Scenario files.")],
    sets: SetOptions = None,
    as_json: AsJson = False,
) -> None:
    """Find all problems and doubts in scenarios, without running them.

    Example: `coopsim check scenarios/*.yaml`
    """
    from dataclasses import asdict

    from coopsim.presentation.terminal.problems import check_text
    from coopsim.scenario.loading import load

    found = {}
    for file in files:
        try:
            found[str(file)] = load(file, sets or ()).warnings
        except ScenarioError as error:
            found[str(file)] = error.problems
    if as_json:
        print_json({file: [asdict(one) for one in problems] for file, problems in found.items()})
    else:
        say(check_text(found))
    if any(one.severity == "error" for problems in found.values() for one in problems):
        raise typer.Exit(2)
