"""Simulate a scenario, or only look it over."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.completing import question_names, scenario_files
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    ChangedFromWritten,
    EngineOption,
    FiguresOption,
    KeepOption,
    OnlyOutcomes,
    ScenarioFile,
    SetOptions,
)
from coopsim.cli.printing import (
    OutputError,
    agree_to,
    note,
    only_changed,
    progress,
    say,
    status,
    warn,
)
from coopsim.errors import CoopsimWarning, UsageError, WouldLoseError

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from coopsim.analysis.precision import Look
    from coopsim.api import Result


@app.command()
def run(
    scenario: ScenarioFile,
    runs: Annotated[
        int | None,
        typer.Option(help="Number of timelines; with --precision, the maximum."),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random numbers.")] = None,
    sets: SetOptions = None,
    out: Annotated[
        Path, typer.Option(help="Folder in which the result folder is made.")
    ] = DEFAULT_RESULTS,
    workers: Annotated[
        int | None, typer.Option(help="Workers; by default one for each core.")
    ] = None,
    engine: Annotated[
        EngineOption,
        FiguresOption,
        typer.Option(
            help="auto: compiled, and checked against the SimPy model; simpy: that model alone."
        ),
    ] = EngineOption.auto,
    precision: Annotated[
        float | None,
        typer.Option(
            metavar="WIDTH",
            help="Simulate until every probability is known to this margin, such as 0.005.",
        ),
    ] = None,
    precise: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTCOME",
            help="Apply --precision only to this outcome; may be repeated.",
            autocompletion=question_names,
        ),
    ] = None,
    keep: Annotated[
        KeepOption | None,
        typer.Option(help="Store all firings, first firings and counts, or the summary alone."),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Simulate again if --keep asks for more than is stored."),
    ] = False,
    on: Annotated[
        str | None,
        typer.Option(metavar="dask://HOST:PORT", help="Simulate on a cluster (coopsim[dask])."),
    ] = None,
    outcomes: OnlyOutcomes = None,
    changed: ChangedFromWritten = False,
    figures: Annotated[
        FiguresOption | None,
        typer.Option(help="Draw all pages (the default), only the overview, or none."),
    ] = None,
    no_figures: Annotated[
        bool, typer.Option("--no-figures", help="Draw no figures: `--figures none`.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario, print its answers and draw its figures.

    The result goes to results/SCENARIO-HASH. Finished timelines are kept: the same command
    continues where it stopped, and a larger `--runs` adds to it. `--precision 0.005` simulates
    until every probability is known to half a percentage point.

    Example: `coopsim run scenarios/thaw.yaml --runs 2000 --set drivers.sanctions.initial=eased`
    """
    from coopsim.presentation.figures.helpers import helpers

    silent = quiet or as_json
    wanted = _wanted(figures, no_figures=no_figures)
    if quiet:
        warnings.simplefilter("ignore", CoopsimWarning)
    with helpers(wanted=wanted is not FiguresOption.none) as helping:
        from coopsim import api
        from coopsim.analysis.naming import question_named

        loaded = api.load(scenario, sets or ())
        if not quiet:
            warn(loaded.warnings)
        for name in outcomes or ():
            question_named(name, loaded.scenario.outcomes)
        base = api.as_written(loaded, loaded.sets, out) if changed else None
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
        if not quiet:
            _note_what_was_there(result, runs or loaded.scenario.runs)
        with _whole(result), _drawn_beside(result, wanted, helping, silent=silent) as drawn:
            if as_json or not quiet:
                shown, others = only_changed(result.asking(outcomes or ()), base)
                remark = "\n".join(filter(None, (others, _precision(result, quiet=quiet))))
                answered(shown, as_json=as_json, remark=remark)
            files = drawn()
            if not silent:
                _say_where(result, files, out)


def _note_what_was_there(result: Result, asked: int) -> None:
    if result.look is None and result.runs > asked:
        note(f"{result.folder} held {result.runs:,} timelines already; all are used")
    if result.answered_anew:
        note(f"answered from the {result.runs:,} timelines already stored: none was simulated")


def _wanted(figures: FiguresOption | None, *, no_figures: bool) -> FiguresOption:
    """Decide what is drawn; raises UsageError for options that contradict each other."""
    if not no_figures:
        return figures or FiguresOption.all
    if figures not in (None, FiguresOption.none):
        raise UsageError(f"`--no-figures` draws none, and `--figures {figures}` some: use one")
    return FiguresOption.none


@contextmanager
def _drawn_beside(
    result: Result, wanted: FiguresOption, helping: Sequence[Executor], *, silent: bool
) -> Iterator[Callable[[], list[Path]]]:
    """Draw figures while the block prints answers; gives a function that waits for the files.

    Where the block fails, they are drawn all the same, but for Ctrl-C.
    """
    from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

    if wanted is FiguresOption.none:
        yield list
        return
    first: Future[list[Path]] = Future()
    pool = ThreadPoolExecutor(1)
    most = 1 if wanted is FiguresOption.overview else None
    drawing = pool.submit(result.draw, helping, most=most, on_first=first.set_result)

    def drawn() -> list[Path]:
        with status("drawing figures", silent=silent) as saying:
            wait((first, drawing), return_when=FIRST_COMPLETED)
            if first.done():
                saying(f"drawing figures, {first.result()[0]} is there")
            return drawing.result()

    try:
        yield drawn
    except BaseException as error:
        pool.shutdown(wait=not isinstance(error, KeyboardInterrupt))
        raise
    pool.shutdown()


def _say_where(result: Result, files: Sequence[Path], out: Path) -> None:
    """Say where a result and its figures lie, and how to get a page of it."""
    from coopsim.presentation.views.listings import finished_text

    say(finished_text(result.folder, files))
    where = "" if out == DEFAULT_RESULTS else f" --results {out}"
    say(f"To mail or print it: coopsim report {result.name}{where}")


def _simulated(asked: Callable[..., Result], *, silent: bool, quiet: bool, replace: bool) -> Result:
    with progress(silent=silent) as on_progress:
        return asked(
            replace=replace,
            on_progress=on_progress,
            on_look=partial(_tell, on_progress.say, quiet=quiet),
        )


@contextmanager
def _whole(result: Result) -> Iterator[None]:
    """Add to a failure to print that the result is on disk."""
    try:
        yield
    except OutputError as error:
        raise OutputError(f"{error}; the result in {result.folder} is complete") from error


def _precision(result: Result, *, quiet: bool) -> str:
    if result.look is None or quiet:
        return ""
    from coopsim.presentation.words.precision import precision_text

    return precision_text(result.look)


def _tell(say: Callable[[str], None], look: Look, *, quiet: bool) -> None:
    """Show beside the progress bar what is too wide, and note beforehand what will stay so."""
    from coopsim.presentation.words.precision import foretold_text, wide_text

    say(wide_text(look))
    if not quiet and not look.last and look.expected > look.goal.most:
        note(foretold_text(look))


@app.command()
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Scenario files.", autocompletion=scenario_files)
    ],
    sets: SetOptions = None,
    as_json: AsJson = False,
) -> None:
    """Report all problems and warnings in scenarios, without running them.

    Example: `coopsim check scenarios/*.yaml`
    """
    from coopsim import api

    found = api.check(files, sets or ())
    answered(found, as_json=as_json)
    if found.has_errors:
        raise typer.Exit(2)
