"""The options that commands share, each written once.

The names of an enumeration are those of what the command calls; they stand here again because
loading that would make `coopsim --help` slow, and a test holds them to be the same.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from coopsim.cli.completing import (
    paths_to_set,
    question_names,
    result_names,
    scenario_files,
    scenario_names,
)


class KeepOption(StrEnum):
    """What can be stored; the names are those of `simulation.results.manifest.Keep`."""

    firings = "firings"
    firsts = "firsts"
    nothing = "nothing"


class EngineOption(StrEnum):
    """What can simulate; the names are those of `simulation.engines.Choice`."""

    auto = "auto"
    simpy = "simpy"


class FiguresOption(StrEnum):
    """Which figures of a result are drawn."""

    all = "all"
    overview = "overview"
    none = "none"


class GroupOption(StrEnum):
    """What changes together; the names are those of `experiments.attribution.GROUPINGS`."""

    each = "each"
    entry = "entry"
    section = "section"


class LikeOption(StrEnum):
    """The templates of a first scenario; the names are those of the files in templates/."""

    space = "space"
    treaty = "treaty"
    programme = "programme"
    blank = "blank"


class MethodOption(StrEnum):
    """The ways to ask which assumptions drive an answer."""

    single = "single"
    uncertainty = "uncertainty"
    inputs = "inputs"


# --- what is asked about --------------------------------------------------------------------------

ScenarioFile = Annotated[
    Path,
    typer.Argument(
        help="A scenario file, or the id of one in scenarios/, such as thaw.",
        autocompletion=scenario_files,
    ),
]
ScenarioName = Annotated[
    str,
    typer.Argument(
        help="A scenario file, or a result, whose assumptions are used.",
        autocompletion=scenario_names,
    ),
]
ResultName = Annotated[
    str,
    typer.Argument(
        help="A result: its folder, a scenario's id (the newest), or thaw-3f9a.",
        autocompletion=result_names,
    ),
]
SetOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Set one assumption; may be repeated.",
        autocompletion=paths_to_set,
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="An id or title, `ID = LEVEL`, and `by`, `after` or `on DATE`, or a statement as "
        "for `given --that`; may be repeated.",
        autocompletion=question_names,
    ),
]
OnlyOutcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="OUTCOME",
        help="Answer only this question, by its id or title; may be repeated.",
        autocompletion=question_names,
    ),
]

Changed = Annotated[
    bool, typer.Option("--changed/--all", help="Show the answers that differ, or all of them.")
]
ChangedFromWritten = Annotated[
    bool,
    typer.Option(
        "--changed/--all",
        help="Show only what differs from the newest result without --set.",
    ),
]

# --- how much is simulated ------------------------------------------------------------------------

RunsOption = Annotated[
    int | None,
    typer.Option(help="Timelines of each variant; by default as many as the scenario sets."),
]
ThreadsOption = Annotated[int | None, typer.Option(help="Threads; by default one for each core.")]

Until = Annotated[
    int,
    typer.Option(metavar="MATCHES", help="Simulate more timelines until this many match."),
]
Most = Annotated[
    int | None, typer.Option(help="At most this many timelines in total; 1,000,000 by default.")
]

# --- where results lie, and what is shown of them -------------------------------------------------

DEFAULT_RESULTS = Path("results")
Results = Annotated[Path, typer.Option("--results", help="The folder that holds the results.")]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Draw no figures.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]
