"""Look at results: list, show, print again, compare, write as data or as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.cli.answering import answered
from coopsim.cli.app import app
from coopsim.cli.completing import paths_to_set, result_names, statement_names
from coopsim.cli.options import (
    DEFAULT_RESULTS,
    AsJson,
    Changed,
    ChangedFromWritten,
    NoFigures,
    OnlyOutcomes,
    ResultName,
    Results,
)
from coopsim.cli.printing import note, only_changed, opened, progress, say, status
from coopsim.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coopsim.api import Result
    from coopsim.experiments.attribution import Attribution

_MOST_EXPLAINED = 2_000  # timelines of each mixture of assumptions


@app.command()
def compare(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help="Results; without any, the newest of each scenario.", autocompletion=result_names
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain", help="Also show what each change of the assumptions accounts for."
        ),
    ] = False,
    outcomes: OnlyOutcomes = None,
    changed: Changed = True,
    results: Results = DEFAULT_RESULTS,
    no_figures: NoFigures = False,
    as_json: AsJson = False,
) -> None:
    """Compare results side by side, with differences from the first one, timeline by timeline.

    Headline questions come first, then the largest differences; answers that do not differ are
    counted. `--explain` simulates combinations of their assumptions, up to 2,000 timelines of
    each, and splits every difference among the changes that cause it.

    Example: `coopsim compare thaw freeze baseline`
    """
    from coopsim import api

    sides = [opened(name, results) for name in names] if names else _newest(results)
    if len(sides) < 2:
        raise UsageError(
            "a comparison needs at least two results; `coopsim ls` lists the results, `coopsim "
            "run FILE` makes one"
        )
    sides = [side.asking(outcomes or ()) for side in sides]
    comparison = api.compare(*sides)
    explained = _explained(sides, silent=as_json) if explain else None
    answer = api.ComparisonAnswer(comparison, sides, explained, tuple(outcomes or ()))
    everything = not changed or bool(outcomes)
    figures = None if no_figures else results
    answered(answer, as_json=as_json, results=figures, everything=everything)


def _explained(sides: Sequence[Result], *, silent: bool) -> list[Attribution]:
    """Explain what differs from the first result, for each of the others."""
    from coopsim import api

    base, *others = sides
    runs = min(_MOST_EXPLAINED, *(side.runs for side in sides))
    found = []
    for other in others:
        with progress(silent=silent) as on_progress:
            found.append(api.explain(base.loaded, other.loaded, runs=runs, on_progress=on_progress))
    return found


def _newest(results: Path) -> list[Result]:
    """Open the newest result of each scenario, in order of scenario.

    A backtest or another scenario that covers other years than the newest result is left out.
    """
    from coopsim.simulation.results.shelf import Shelf, pass_over

    shelf = Shelf.at(results)
    pass_over(shelf.damaged)
    found = [opened(str(store.folder), results) for store in shelf.newest()]
    covered = [one for one in found if one.years == found[-1].years]
    for one in found:
        if one.years != found[-1].years:
            note(f"{one.name} is left out: it covers {one.years}")
    return sorted(covered, key=lambda one: one.scenario.scenario)


@app.command("ls")
def list_command(results: Results = DEFAULT_RESULTS, as_json: AsJson = False) -> None:
    """List all results, the newest last.

    Example: `coopsim ls`
    """
    from coopsim import api
    from coopsim.simulation.results.shelf import Shelf

    shelf = Shelf.at(results)
    for damaged in shelf.damaged:
        note(damaged.error)
    for other in shelf.others:
        if not other.name.startswith((".", *api.FOLDERS)):
            note(f"{other} is not a result: it has no manifest.json")
    if as_json or shelf.results:
        answered(api.ListAnswer(shelf.results), as_json=as_json)
    elif not shelf.damaged:
        say(f"no results in {results}; `coopsim run scenarios/thaw.yaml` makes one")


@app.command("show")
def show_command(
    name: ResultName, results: Results = DEFAULT_RESULTS, as_json: AsJson = False
) -> None:
    """Show what was simulated, what the result's folder holds and what came out.

    Example: `coopsim show thaw`
    """
    from coopsim import api

    answered(api.ShowAnswer(opened(name, results)), as_json=as_json)


@app.command()
def summary(
    name: ResultName,
    outcomes: OnlyOutcomes = None,
    changed: ChangedFromWritten = False,
    results: Results = DEFAULT_RESULTS,
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV on standard output.")] = False,
) -> None:
    """Print the answers of a result, computed again from its firings.

    Example: `coopsim summary thaw --json`
    """
    from coopsim import api
    from coopsim.analysis.long_format import summary_csv

    if as_json and as_csv:
        raise typer.BadParameter("use --json or --csv, not both")
    result = opened(name, results)
    sets = result.store.manifest.sets
    base = api.as_written(result.loaded, sets, results) if changed else None
    shown, remark = only_changed(result.asking(outcomes or ()), base)
    if as_csv:
        say(summary_csv(shown.summary).removesuffix("\n"))
        if remark:
            note(remark)
    else:
        answered(shown, as_json=as_json, remark=remark)


@app.command()
def answers(
    name: ResultName,
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file named .parquet or .csv; else CSV is printed."),
    ] = None,
    outcomes: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome",
            metavar="OUTCOME",
            help="Write this question alone, by its id or title, or a statement as for `given "
            "--that`; may be repeated.",
            autocompletion=statement_names,
        ),
    ] = None,
    results: Results = DEFAULT_RESULTS,
) -> None:
    """Export a result as a table: a row for each timeline, a column for each question.

    docs/data.md explains the columns, and how to read them elsewhere.

    Example: `coopsim answers thaw --to thaw.parquet`
    """
    result = opened(name, results)
    table = result.answer_table(outcomes or ())
    if to is None:
        for text in table.csv(result.firings()):
            say(text.removesuffix("\n"))
        return
    with status(f"writing {to}", silent=False):
        table.write(result.firings(), to)
    say(f"{to}: {result.runs:,} timelines, {len(table.schema.names) - 1} columns of answers")


@app.command()
def report(
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="RESULT...",
            help="The result to tell of, and others to hold beside it.",
            autocompletion=result_names,
        ),
    ],
    why: Annotated[
        bool,
        typer.Option("--why", help="Also show what moves the headline answers; takes longer."),
    ] = False,
    sliders: Annotated[
        list[str] | None,
        typer.Option(
            "--slider",
            metavar="PATH",
            help="Put the answers at nine settings of this assumption into the page; up to eight "
            "times. PATH=LOW..HIGH UNIT says from where to where.",
            autocompletion=paths_to_set,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file; by default report.html in the result."),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also print it as PDF, by Chromium or Chrome.")
    ] = False,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in the browser.")] = False,
    results: Results = DEFAULT_RESULTS,
) -> None:
    """Write results as one HTML file to mail, print and read anywhere.

    It needs no network and no JavaScript, and holds no names of folders or users. The first
    result leads; differences of the others are from it, timeline by timeline.

    Example: `coopsim report thaw freeze --open`
    """
    from coopsim import api

    found = [opened(name, results) for name in names]
    with progress(silent=False) as on_progress:
        html = api.report(found, why=why, sliders=sliders or (), on_progress=on_progress)
    file = out or found[0].folder / "report.html"
    api.write_report(html, file)
    say(f"{file}: {len(html.encode()) / 1000:,.0f} KB")
    if api.lacks_claims(found[0]):
        note("the page shows no claims: no folder `seeds` lies beside the result, or here")
    if pdf:
        printed = file.with_suffix(".pdf")
        api.print_report(file, printed)
        say(printed)
    if open_it:
        typer.launch(str(file))
