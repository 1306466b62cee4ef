"""The progress bar of a run: timelines done, speed, time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[int, int], None]]:
    """Show a bar until the block is left; gives the callback (timelines done, of how many)."""
    columns = (
        TextColumn("timelines"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        _SpeedColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("timelines", total=None)

        def update(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield update
