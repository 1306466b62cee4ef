"""The application: its options, its help, and what it says when something is wrong."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from coopsim.errors import CoopsimError, ScenarioError, StoppedError

app = typer.Typer(
    name="coopsim",
    help="Turn sourced assumptions about cooperation in space into dated futures.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

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


_INTERRUPTED = 130  # what Typer ends with after Ctrl-C, without a word


def main() -> None:
    """Run the command line; errors go to standard error, with exit code 1 or 2."""
    try:
        app()
    except StoppedError as error:
        _stop(str(error))
    except ScenarioError as error:
        _print_problems(error)
        sys.exit(error.exit_code)
    except CoopsimError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _stop("stopped")
    except SystemExit as ending:
        if ending.code != _INTERRUPTED:
            raise
        _stop("stopped")
    except BrokenPipeError:
        # Whoever read our output has enough of it; nothing is left to be flushed to them.
        sys.stderr.close()
        sys.exit(1)


def _stop(message: str) -> None:
    """End at once: threads may be in the middle of what takes long, and Python would wait."""
    print(f"coopsim: {message}", file=sys.stderr, flush=True)  # noqa: T201  # plain text
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(1)


def _fail(message: str, code: int) -> None:
    print(f"coopsim: {message}", file=sys.stderr)  # noqa: T201  # plain text, never markup
    sys.exit(code)


def _print_problems(error: ScenarioError) -> None:
    from coopsim.presentation.problems import problems_text

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
