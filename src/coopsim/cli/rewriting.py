"""Write scenario files in today's words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.cli.app import app
from coopsim.cli.completing import scenario_files
from coopsim.cli.printing import answered, note, printing, say

if TYPE_CHECKING:
    from coopsim.scenario.formatting import Change


@app.command()
def fmt(
    files: Annotated[
        list[Path], typer.Argument(help="Scenario files.", autocompletion=scenario_files)
    ],
    write: Annotated[bool, typer.Option("--write", help="Write without asking.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where a file would change.")
    ] = False,
) -> None:
    """Rewrite scenario files in the current notation, after showing what would change.

    Conditions become sentences, units are given once, sources and judgement become a `why`.
    Comments, order and meaning stay: the scenario's hash is the same. Section files are rewritten
    with the scenario that includes them.

    Example: `coopsim fmt scenarios/*.yaml`
    """
    from coopsim.scenario.formatting import changes

    found = changes(files)
    for change in found:
        _show(change.difference)
    if not found:
        note("nothing to rewrite")
    elif check:
        raise typer.Exit(1)
    elif write or answered(f"Write {len(found)} {'file' if len(found) == 1 else 'files'}?"):
        _write(found)
    else:
        note("nothing was written; --write does")


def _show(difference: str) -> None:
    """Print a difference, in colours where a terminal shows it."""
    if not sys.stdout.isatty():
        say(difference)
        return
    from rich.syntax import Syntax

    from coopsim.presentation.terminal.screen import Screen

    with printing():
        Screen().print(Syntax(difference, "diff", background_color="default", word_wrap=True))


def _write(found: list[Change]) -> None:
    from coopsim.simulation.results.atomic import write_atomically

    for change in found:
        real = change.path.resolve()  # a link stays one
        write_atomically(real, change.content, mode=real.stat().st_mode & 0o777)
        note(f"wrote {change.path}")
