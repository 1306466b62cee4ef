"""Start: a folder to work in, a first scenario, and the schema for an editor."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.app import app
from coopsim.cli.options import LikeOption
from coopsim.cli.printing import print_json, say


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="A new or empty folder.")]) -> None:
    """Copy the scenarios, claims, schema and templates that come with coopsim to a folder.

    Example: `coopsim init my-futures`
    """
    from coopsim.shipped import lay_out

    for made in lay_out(folder):
        say(made)
    there = "" if folder.resolve() == Path.cwd() else f"cd {shlex.quote(str(folder))} && "
    say(f"Next: {there}coopsim run scenarios/thaw.yaml")


@app.command()
def new(
    name: Annotated[
        str,
        typer.Argument(help="The name of your scenario: makes NAME.yaml; FOLDER/NAME works too."),
    ],
    like: Annotated[
        LikeOption, typer.Option(help="The template to copy; `blank` has neutral names.")
    ] = LikeOption.blank,
) -> None:
    """Start a scenario of your own from a template that runs, with comments.

    A template has a headline question, two drivers and three events. Change them to suit your
    own question: the numbers are placeholders.

    Example: `coopsim new venus --like space`
    """
    from coopsim.shipped import new_scenario

    made = new_scenario(name, like.value)
    run = f"coopsim run {shlex.quote(str(made.path))}"
    say(made.path)
    say(f"Next: {run}")
    say(f"Then change one number: {run} --set {shlex.quote(made.turn)}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors.

    Example: `coopsim schema > schema/scenario.schema.json`
    """
    from coopsim.scenario.schema import json_schema

    print_json(json_schema())
