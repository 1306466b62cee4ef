"""Write scenario files in today's words."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from coopsim.cli.app import app
from coopsim.cli.printing import note, say, show

if TYPE_CHECKING:
    from coopsim.scenario.formatting import Change


@app.command()
def fmt(
    files: Annotated[list[Path], typer.Argument(help="Scenario files.")],
    write: Annotated[bool, typer.Option("--write", help="Write without asking.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 where a file would change.")
    ] = False,
) -> None:
    """Write scenario files in today's words, once you have seen what would change.

    Conditions become sentences, units are said once, sources and judgement become a `why`. Comments
    and order stay, and so does what the scenario says: its hash is the same. Section files are
    rewritten with the scenario that includes them.

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
    elif write or _agreed(len(found)):
        _write(found)
    else:
        note("nothing was written; --write does")


def _show(difference: str) -> None:
    """Print a difference, in colours where a terminal shows it."""
    if not sys.stdout.isatty():
        say(difference)
        return
    from rich.syntax import Syntax

    show(Syntax(difference, "diff", background_color="default", word_wrap=True))


def _agreed(count: int) -> bool:
    """Ask at the terminal; where nobody can answer, nobody has agreed."""
    if sys.stdin is None or not sys.stdin.isatty() or not sys.stderr.isatty():
        return False
    note(f"Write {count} {'file' if count == 1 else 'files'}? [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _write(found: list[Change]) -> None:
    from coopsim.simulation.results.atomic import write_atomically

    for change in found:
        write_atomically(change.path.resolve(), change.content)
        note(f"wrote {change.path}")
