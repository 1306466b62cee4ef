"""What the commands share: opening results and printing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from coopsim.api import Result
    from coopsim.presentation.progress import Bar


def opened(name: str, results: Path) -> Result:
    """Open a result to read it; says so where it was stopped half-way."""
    from coopsim import api

    with status(f"reading {name}", silent=False):
        result = api.open_result(name, results)
    manifest = result.store.manifest
    if not manifest.complete:
        there = f"{result.runs:,} of {manifest.runs:,} timelines"
        typer.echo(f"{result.folder} is unfinished: {there}; run it again to go on", err=True)
    return result


def console(*, stderr: bool = False) -> Console:
    """Make the console on which tables, or with `stderr` progress, are drawn."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def show(renderable: RenderableType) -> None:
    """Draw a table or panel on standard output."""
    console().print(renderable)


def print_json(tree: Any) -> None:
    """Print JSON on standard output."""
    typer.echo(json.dumps(tree, indent=2, ensure_ascii=False, allow_nan=False))


def warn(warnings: tuple[Any, ...]) -> None:
    """Print a scenario's doubts on standard error."""
    for warning in warnings:
        typer.echo(str(warning), err=True)


def warn_of_sets(warnings: tuple[Any, ...]) -> None:
    """Print on standard error what a scenario's --set brought with it."""
    warn(tuple(one for one in warnings if (one.file or "").startswith("--set")))


class _Unwatched:
    """Stand in for a progress bar that nobody would see."""

    def __call__(self, done: int, total: int) -> None:
        pass

    def say(self, doing: str) -> None:
        pass


@contextmanager
def progress(*, silent: bool) -> Iterator[Bar | _Unwatched]:
    """Show timelines done, speed and time left while a terminal watches."""
    errors = console(stderr=True)
    if silent or not errors.is_terminal:
        yield _Unwatched()
        return
    from coopsim.presentation.progress import progress_bar

    with progress_bar(errors) as on_progress:
        yield on_progress


@contextmanager
def status(doing: str, *, silent: bool) -> Iterator[None]:
    """Say what is being done while a terminal watches."""
    errors = console(stderr=True)
    if silent or not errors.is_terminal:
        yield
        return
    with errors.status(f"{doing} ..."):
        yield
