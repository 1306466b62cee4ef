"""What the commands share: opening results and printing, the one way out for every text."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coopsim.errors import CoopsimError, UsageError, told
from coopsim.printable import printable, printable_json

if TYPE_CHECKING:
    from coopsim.api import Result
    from coopsim.presentation.terminal.progress import ProgressBar
    from coopsim.presentation.terminal.screen import Screen
    from coopsim.presentation.views.view import View


class OutputError(CoopsimError):
    """Report that nothing more can be printed, as on a full disk."""


def opened(name: str, results: Path) -> Result:
    """Open a result to read it, with a note where it was stopped half-way."""
    from coopsim import api

    with status(f"reading {name}", silent=False):
        result = api.open_result(name, results)
    manifest = result.store.manifest
    if not manifest.complete:
        there = f"{result.runs:,} of {manifest.runs:,} timelines"
        note(f"{result.folder} is unfinished: {there}; run it again to continue")
    return result


def only_changed(result: Result, base: Result | None) -> tuple[Result, str]:
    """Leave of the answers those that differ from a base's, if there is one; say what is left."""
    if base is None:
        return result, ""
    from coopsim.presentation.words.wording import others_text

    shown = result.changed_from(base)
    left = len(shown.scenario.outcomes)
    where = f" from {base.name}"
    if left:
        where += f"; `coopsim compare {base.name} {result.name}` says by how much these do"
    return shown, others_text(len(result.scenario.outcomes) - left, left, where)


# --- standard output --------------------------------------------------------------------------


def say(text: object) -> None:
    """Print a text and the end of its line on standard output."""
    with printing():
        print(printable(str(text)))  # noqa: T201  # this is where it is done


def show(view: View) -> None:
    """Draw a view on standard output."""
    if view.verbatim:
        from coopsim.presentation.terminal.plain import plain_text

        say(plain_text(view))
        return
    from coopsim.presentation.terminal.pen import Page
    from coopsim.presentation.terminal.screen import Screen

    with printing():
        Screen().print(Page(view), crop=False)


def print_json(tree: Any) -> None:
    """Print JSON on standard output, in the signs that its encoding has."""
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(tree, indent=2, ensure_ascii=plain, allow_nan=False)
    with printing():
        print(printable_json(text))  # noqa: T201  # this is where it is done


@contextmanager
def printing() -> Iterator[None]:
    """Bring out what the block prints; raises OutputError where that is not possible."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"standard output cannot be written: {reason}") from error


# --- standard error ---------------------------------------------------------------------------


def note(text: object) -> None:
    """Print a remark on standard error, if it can be printed; nothing depends on it."""
    with suppress(OSError):
        print(printable(str(text)), file=sys.stderr, flush=True)  # noqa: T201  # likewise


def warn(warnings: tuple[Any, ...]) -> None:
    """Print a scenario's warnings on standard error."""
    for line in told(warnings):
        note(line)


def agree_to(error: CoopsimError) -> None:
    """Ask at the terminal whether to go on all the same; raises the error where nobody can say."""
    agreed = answered(f"coopsim: {error}.\nContinue?")
    if agreed is None:
        raise error
    if not agreed:
        raise UsageError("nothing was changed")


def answered(question: str) -> bool | None:
    """Ask at the terminal for a yes or no; gives None where nobody can answer."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    note(f"{question} [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _screen() -> Screen:
    """Make the console on which progress is shown."""
    from coopsim.presentation.terminal.screen import Screen

    return Screen(stderr=True)


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
def progress(*, silent: bool) -> Iterator[ProgressBar | _Unwatched]:
    """Show timelines done, speed and time left while a terminal watches."""
    errors = _screen()
    if silent or not errors.is_terminal:
        yield _Unwatched()
        return
    from coopsim.presentation.terminal.progress import progress_bar

    with progress_bar(errors) as on_progress:
        yield on_progress


@contextmanager
def status(doing: str, *, silent: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being done while a terminal watches; gives a function that says what is now."""
    errors = _screen()
    if silent or not errors.is_terminal:
        yield lambda _doing: None
        return
    from rich.text import Text

    with errors.status(Text(f"{doing} ...")) as shown:
        yield lambda doing: shown.update(Text(f"{doing} ..."))
