"""Start: a folder to work in, and the schema for its editor."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.app import app
from coopsim.cli.printing import print_json, say


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")]) -> None:
    """Lay out the scenarios, claims and schema that come with coopsim.

    Example: `coopsim init my-futures`
    """
    from coopsim.shipped import lay_out

    for made in lay_out(folder):
        say(made)
    there = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    say(f"Next: {there}coopsim run scenarios/thaw.yaml")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors.

    Example: `coopsim schema > schema/scenario.schema.json`
    """
    from coopsim.scenario.schema import json_schema

    print_json(json_schema())
