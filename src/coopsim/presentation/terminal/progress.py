"""The progress bar of a run: timelines done, speed, time left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.progress import Task as RichTask
from rich.text import Text


class _SpeedColumn(TextColumn):
    """Show timelines a second."""

    def __init__(self) -> None:
        super().__init__("")

    def render(self, task: RichTask) -> Text:
        speed = task.speed
        return Text("" if speed is None else f"{speed:,.0f}/s")


class ProgressBar:
    """Show timelines done, of how many, when it is called, and what they are simulated for."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("timelines", total=None)

    def __call__(self, done: int, total: int) -> None:
        """Show how many timelines are done, of how many."""
        self._progress.update(self._task, completed=done, total=total)

    def say(self, doing: str) -> None:
        """Show what the timelines are simulated for."""
        self._progress.update(self._task, description=doing)


@contextmanager
def progress_bar(console: Console) -> Iterator[ProgressBar]:
    """Show a bar until the block is left."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        _SpeedColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield ProgressBar(progress)
