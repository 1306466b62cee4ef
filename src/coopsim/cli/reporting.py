"""Write a report: one file that can be mailed, printed and read anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.app import app
from coopsim.cli.completing import result_names
from coopsim.cli.options import DEFAULT_RESULTS, Results
from coopsim.cli.printing import opened, progress, say


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
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The file; by default report.html in the result."),
    ] = None,
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
        html = api.report(found, why=why, on_progress=on_progress)
    file = out or found[0].folder / "report.html"
    api.write_report(html, file)
    say(f"{file}: {len(html.encode()) / 1000:,.0f} KB")
    if open_it:
        typer.launch(str(file))
