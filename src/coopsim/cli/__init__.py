"""The front door: parse, call, print; one module for each family of commands.

A module is imported when a command of it is asked for, and all are for `--help`. Whatever simulates
or draws is imported by the command that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from coopsim.cli.app import app, arrange, run

if TYPE_CHECKING:
    import typer

PANELS: Mapping[str, Mapping[str, str]] = {
    "Every day": {
        "init": "setup",
        "new": "setup",
        "check": "running",
        "run": "running",
        "ask": "asking",
        "compare": "results",
        "given": "given",
        "live": "asking",
        "trace": "trace",
        "sources": "evidence",
        "report": "results",
        "ls": "results",
    },
    "What drives an answer": {
        "sensitivity": "sensitivity",
        "diff": "whatif",
        "explain": "whatif",
        "sweep": "whatif",
        "discover": "given",
        "causes": "trace",
    },
    "More about a result": {
        "show": "results",
        "summary": "results",
        "answers": "results",
        "score": "evidence",
    },
    "Files": {"fmt": "rewriting", "schema": "setup"},
    "Track record": {"forecast": "forecast"},
}


def main() -> None:
    """Run the command line; errors go to standard error, with exit code 1 or 2."""
    run(offering)


def offering(arguments: Sequence[str] = ()) -> typer.Typer:
    """Get the application, with all commands unless the arguments begin with the name of one."""
    modules = {name: module for panel in PANELS.values() for name, module in panel.items()}
    asked = modules.get(arguments[0]) if arguments else None
    for module in {*modules.values()} if asked is None else {asked}:
        import_module(f"{__name__}.{module}")
    arrange(PANELS)
    return app
