"""The front door: parse, call, print."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from coopsim.errors import CoopsimError, ScenarioError, UsageError

# Whatever simulates or draws is imported by the command that needs it: `--help` stays quick.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from coopsim.api import Result

app = typer.Typer(
    name="coopsim",
    help="Turn sourced assumptions about cooperation in space into dated futures.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Engine(StrEnum):
    """Name the engines that can simulate."""

    simpy = "simpy"


ScenarioFile = Annotated[Path, typer.Argument(help="A scenario file, such as scenarios/thaw.yaml.")]
ResultName = Annotated[
    str,
    typer.Argument(help="A result: its folder, a scenario's id (the newest), or thaw-3f9a."),
]
Results = Annotated[Path, typer.Option("--results", help="The folder that holds the results.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Set one assumption; may be given again."),
]


def main() -> None:
    """Run the command line; errors go to standard error, with exit code 1 or 2."""
    try:
        app()
    except ScenarioError as error:
        _print_problems(error)
        sys.exit(error.exit_code)
    except CoopsimError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail("stopped", 1)
    except BrokenPipeError:
        # Whoever read our output has enough of it; nothing is left to be flushed to them.
        sys.stderr.close()
        sys.exit(1)


def _fail(message: str, code: int) -> None:
    print(f"coopsim: {message}", file=sys.stderr)  # noqa: T201  # plain text, never markup
    sys.exit(code)


def _print_problems(error: ScenarioError) -> None:
    from coopsim.presentation.listings import problems_text

    print(problems_text(error.problems), file=sys.stderr)  # noqa: T201  # plain text


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"coopsim {version('coopsim')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    pass


@app.command()
def run(
    scenario: ScenarioFile,
    runs: Annotated[int | None, typer.Option(min=1, help="Number of timelines.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of all chance.")] = None,
    sets: Sets = None,
    out: Annotated[Path, typer.Option(help="Folder in which the result folder is made.")] = Path(
        "results"
    ),
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; by default as many as cores.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="What simulates.")] = Engine.simpy,  # noqa: ARG001  # one engine so far
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario, print its answers and draw its figures.

    The result goes to results/SCENARIO-HASH; finished timelines are kept, so that the same
    command goes on where it was stopped, and more `--runs` extend it.

    Example: `coopsim run scenarios/thaw.yaml --runs 2000 --set drivers.sanctions.initial=eased`
    """
    from coopsim import api

    loaded = api.load(scenario, sets or ())
    if not quiet:
        _warn(loaded.warnings)
    silent = quiet or as_json
    with _progress(silent=silent) as on_progress:
        result = api.run(
            loaded, runs=runs, seed=seed, out=out, workers=workers, on_progress=on_progress
        )
    with _status("drawing figures", silent=silent or no_figures):
        figures = [] if no_figures else result.draw()
    if result.runs > (runs or loaded.scenario.runs) and not quiet:
        typer.echo(f"{result.folder} held {result.runs:,} timelines already; all count", err=True)
    if as_json:
        _print_json(result.summary.to_json())
    elif not quiet:
        from coopsim.presentation.listings import finished_text
        from coopsim.presentation.tables import summary_table

        _show(summary_table(result.summary, result.scenario))
        typer.echo(finished_text(result.folder, figures))


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Scenario files.")],
    sets: Sets = None,
    as_json: AsJson = False,
) -> None:
    """Find all problems and doubts in scenarios, without running them.

    Example: `coopsim check scenarios/*.yaml`
    """
    from dataclasses import asdict

    from coopsim import api
    from coopsim.presentation.listings import check_text

    found = {}
    for file in files:
        try:
            found[str(file)] = api.load(file, sets or ()).warnings
        except ScenarioError as error:
            found[str(file)] = error.problems
    if as_json:
        _print_json({file: [asdict(one) for one in problems] for file, problems in found.items()})
    else:
        typer.echo(check_text(found))
    if any(one.severity == "error" for problems in found.values() for one in problems):
        raise typer.Exit(2)


@app.command()
def compare(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Results; without any, the newest of each scenario."),
    ] = None,
    results: Results = Path("results"),
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hold results side by side, with differences from the first one, run by run.

    Example: `coopsim compare thaw freeze baseline`
    """
    from coopsim import api

    opened = [_opened(name, results) for name in names] if names else _newest(results)
    if len(opened) < 2:
        raise UsageError(
            "a comparison needs at least two results; `coopsim ls` lists what there is, "
            "`coopsim run FILE` makes one"
        )
    comparison = api.compare(*opened)
    if as_json:
        _print_json(comparison.to_json())
        return
    from coopsim.presentation.comparison_table import comparison_table
    from coopsim.presentation.listings import finished_text

    _show(comparison_table(comparison, opened[0].scenario))
    if not no_figures:
        folder = results / ("compare-" + "-".join(one.name for one in opened))
        with _status("drawing figures", silent=False):
            figures = api.draw_comparison(comparison, opened, folder)
        typer.echo(finished_text(folder, figures))


def _opened(name: str, results: Path) -> Result:
    """Open a result to read it; says so where it was stopped half-way."""
    from coopsim import api

    with _status(f"reading {name}", silent=False):
        result = api.open_result(name, results)
    manifest = result.store.manifest
    if not manifest.complete:
        there = f"{result.runs:,} of {manifest.runs:,} timelines"
        typer.echo(f"{result.folder} is unfinished: {there}; run it again to go on", err=True)
    return result


def _newest(results: Path) -> list[Result]:
    """Open the newest result of each scenario, in order of scenario.

    A backtest or another scenario that covers other years than the newest result is left out.
    """
    from coopsim.simulation.store import list_results

    newest: dict[str, Path] = {}
    for store in list_results(results):
        newest.pop(store.manifest.scenario, None)  # so that the newest of all stands last
        newest[store.manifest.scenario] = store.folder
    opened = [_opened(str(folder), results) for folder in newest.values()]
    covered = [one for one in opened if one.years == opened[-1].years]
    for one in opened:
        if one.years != opened[-1].years:
            typer.echo(f"{one.name} is left out: it covers {one.years}", err=True)
    return sorted(covered, key=lambda one: one.scenario.scenario)


@app.command("ls")
def list_command(results: Results = Path("results"), as_json: AsJson = False) -> None:
    """List the results there are, the newest last.

    Example: `coopsim ls`
    """
    from dataclasses import asdict

    from coopsim.presentation.listings import results_table
    from coopsim.simulation.store import list_results

    found = list_results(results)
    for foreign in _foreign(results):
        typer.echo(f"{foreign} is no result: it has no manifest.json", err=True)
    if as_json:
        _print_json([{"folder": str(one.folder), **asdict(one.manifest)} for one in found])
    elif found:
        _show(results_table(found))
    else:
        typer.echo(f"no results in {results}; `coopsim run scenarios/thaw.yaml` makes one")


def _foreign(results: Path) -> list[Path]:
    """Find the folders among the results that hold none, figures of comparisons aside."""
    folders = [path for path in results.glob("*/") if not path.name.startswith((".", "compare-"))]
    return sorted(path for path in folders if not (path / "manifest.json").exists())


@app.command()
def show(name: ResultName, results: Results = Path("results"), as_json: AsJson = False) -> None:
    """Say what a result is of, what its folder holds and what came out.

    Example: `coopsim show thaw`
    """
    from dataclasses import asdict

    from coopsim.presentation.listings import result_panel
    from coopsim.presentation.tables import summary_table

    result = _opened(name, results)
    if as_json:
        manifest = asdict(result.store.manifest)
        _print_json({"folder": str(result.folder), "manifest": manifest})
        return
    _show(result_panel(result.store, result.scenario))
    _show(summary_table(result.summary, result.scenario))


@app.command()
def summary(
    name: ResultName,
    results: Results = Path("results"),
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV on standard output.")] = False,
) -> None:
    """Print the answers of a result, computed anew from its firings.

    Example: `coopsim summary thaw --json`
    """
    from coopsim.analysis.long_format import summary_csv
    from coopsim.presentation.tables import summary_table

    if as_json and as_csv:
        raise typer.BadParameter("give --json or --csv, not both")
    result = _opened(name, results)
    if as_json:
        _print_json(result.summary.to_json())
    elif as_csv:
        typer.echo(summary_csv(result.summary), nl=False)
    else:
        _show(summary_table(result.summary, result.scenario))


@app.command()
def sources(
    scenario: ScenarioFile,
    sets: Sets = None,
    claim: Annotated[
        str | None, typer.Option(metavar="ID", help="Say what rests on this claim or source.")
    ] = None,
    unused: Annotated[
        bool, typer.Option("--unused", help="List the claims on which nothing rests.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Trace every number of a scenario to the claims and judgement that it rests on.

    Example: `coopsim sources scenarios/thaw.yaml --claim russia-today.19`
    """
    from coopsim import api
    from coopsim.presentation.sources_table import claim_page, sources_table, unused_page

    if claim is not None and unused:
        raise typer.BadParameter("give --claim or --unused, not both")
    found = api.sources(scenario, sets or ())
    if claim is not None:
        _print_json(found.claim_to_json(claim)) if as_json else _show(claim_page(found, claim))
    elif unused:
        listed = [one.to_json() for one in found.unused()]
        _print_json(listed) if as_json else _show(unused_page(found))
    else:
        _print_json(found.to_json()) if as_json else _show(sources_table(found))


@app.command()
def score(
    name: ResultName,
    against: Annotated[
        Path, typer.Option(metavar="FILE", help="What happened, such as seeds/history.yaml.")
    ],
    foil: Annotated[
        str | None, typer.Option(metavar="RESULT", help="A result to hold the scores against.")
    ] = None,
    results: Results = Path("results"),
    as_json: AsJson = False,
) -> None:
    """Score the forecasts of a result against what happened.

    Example: `coopsim score backtest_2014 --against seeds/history.yaml`
    """
    from coopsim import api
    from coopsim.presentation.score_table import score_table

    other = None if foil is None else api.open_result(foil, results)
    card = api.score(api.open_result(name, results), against, other)
    _print_json(card.to_json()) if as_json else _show(score_table(card))


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")]) -> None:
    """Lay out the scenarios, claims and schema that come with coopsim.

    Example: `coopsim init my-futures`
    """
    from coopsim.shipped import lay_out

    for made in lay_out(folder):
        typer.echo(made)
    there = "" if folder.resolve() == Path.cwd() else f"cd {folder} && "
    typer.echo(f"Next: {there}coopsim run scenarios/thaw.yaml")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors.

    Example: `coopsim schema > schema/scenario.schema.json`
    """
    from coopsim.scenario.schema import json_schema

    _print_json(json_schema())


# --- printing ---------------------------------------------------------------------------------


def _console(*, stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def _show(renderable: RenderableType) -> None:
    _console().print(renderable)


def _print_json(tree: Any) -> None:
    typer.echo(json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False))


def _warn(warnings: tuple[Any, ...]) -> None:
    for warning in warnings:
        typer.echo(str(warning), err=True)


@contextmanager
def _progress(*, silent: bool) -> Iterator[Callable[[int, int], None]]:
    """Show timelines done, speed and time left while a terminal watches."""
    console = _console(stderr=True)
    if silent or not console.is_terminal:
        yield lambda _done, _total: None
        return
    from coopsim.presentation.progress import progress_bar

    with progress_bar(console) as on_progress:
        yield on_progress


@contextmanager
def _status(doing: str, *, silent: bool) -> Iterator[None]:
    """Say what is being done while a terminal watches."""
    console = _console(stderr=True)
    if silent or not console.is_terminal:
        yield
        return
    with console.status(f"{doing} ..."):
        yield
