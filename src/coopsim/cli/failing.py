"""What is printed when a command fails: one line that a person can use, never a traceback."""

from __future__ import annotations

import errno
import io
import logging
import os
import shlex
import sys
import traceback
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn, TextIO

from coopsim.cli.printing import note
from coopsim.errors import CoopsimError, CoopsimWarning, ScenarioError, UsageError
from coopsim.printable import one_line

_LONG = 200  # signs of a command that are repeated
_PLAIN = (
    (RecursionError, "the input is nested too deeply"),
    (UnicodeError, "a text is not in the expected encoding"),
    (OverflowError, "a number is too large"),
)
_NO_MEMORY = ("failed to map segment", "Cannot allocate memory")  # as the system's loader says it
_MOVED = {  # options that another command has
    ("given", "--ask"): "`coopsim ask RESULT STATEMENT --if STATEMENT` says how likely it is",
}
_NO_THREAD = "can't start new thread"  # Python's own words, its only sign of this


_warned: set[str] = set()  # several processes and pages may say the same


def debugging() -> bool:
    """Check whether full error reports were asked for."""
    return bool(os.environ.get("COOPSIM_DEBUG"))


# --- beforehand -------------------------------------------------------------------------------


def prepare() -> None:
    """Silence what others would print, and make output take every sign."""
    sys.stdout, sys.stderr = _stream(sys.stdout), _stream(sys.stderr)
    if not debugging():
        warnings.showwarning = _show_warning
        logging.getLogger().addHandler(logging.NullHandler())


def _stream(stream: TextIO | None) -> Any:
    """Make a stream take every sign; one that was closed beforehand takes them to nowhere."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  # until the end
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Print what coopsim warns of; what libraries warn of is no message to a user."""
    text = f"coopsim: {one_line(str(message))}"
    if isinstance(message, CoopsimWarning) and text not in _warned:
        _warned.add(text)
        note(text)


def refuse_what_is_no_text(arguments: Sequence[str]) -> None:
    """Raise UsageError for an argument that is not text, which nothing could print or write."""
    for argument in arguments:
        shown = os.fsencode(argument).decode(errors="replace")
        if shown != argument:
            raise UsageError(f"the argument `{shown}` is not text in UTF-8")


# --- afterwards -------------------------------------------------------------------------------


def tell(error: Exception, arguments: Sequence[str]) -> int:
    """Print on standard error what went wrong; gives the exit code."""
    if debugging():
        traceback.print_exception(error)
    _let_go(sys.stdout)
    if isinstance(error, BrokenPipeError):  # whoever read our output has enough of it
        return 1
    if isinstance(error, ScenarioError):
        from coopsim.presentation.terminal.plain import plain_text
        from coopsim.presentation.views.problems import problems_view

        note(plain_text(problems_view(error.problems)))
        return error.exit_code
    text, code = _said(error, arguments)
    if text:
        note(f"coopsim: {one_line(text)}")
    return code


def stop(message: str) -> NoReturn:
    """End at once: threads may be in the middle of what takes long, and Python would wait."""
    note(f"coopsim: {message}")
    _let_go(sys.stdout)
    os._exit(1)


def _let_go(stream: TextIO) -> None:
    """Bring out what a stream holds, or else send it nowhere, before Python tries at its end."""
    try:
        stream.flush()
    except OSError:
        _redirect(stream)


def _redirect(stream: TextIO) -> None:
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _said(error: Exception, arguments: Sequence[str]) -> tuple[str, int]:
    if isinstance(error, CoopsimError):
        return str(error), error.exit_code
    refusal = getattr(error, "format_message", None)  # Typer's own, of what was typed
    if refusal is not None:
        return _usage(error, refusal()), 2
    command = one_line(shlex.join(["coopsim", *arguments]))
    shown = command if len(command) <= _LONG else f"{command[:_LONG]}..."
    return f"`{shown}` has to stop: {_reason(error)}", 1


def _usage(error: Any, message: str) -> str:
    if not message:  # of `coopsim` alone, which shows its help
        return ""
    message = message.replace(": Value error, ", ": ", 1)  # a word of Python's, not of a user's
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "coopsim")
    option = str(getattr(error, "option_name", ""))
    moved = _MOVED.get((str(getattr(context, "info_name", "")), option))
    if moved is not None:
        return f"`{path}` has no option {option}: {moved}"
    return f"{message.rstrip('.')} (`{path} --help` shows how)"


def _lacks_memory(error: BaseException | None) -> bool:
    """Check whether an error, or one behind it, comes of too little memory, as for a library."""
    if error is None:
        return False
    known = isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM
    told = known or any(words in str(error) for words in _NO_MEMORY)
    return told or _lacks_memory(error.__cause__ or error.__context__)


def _reason(error: Exception) -> str:
    if _lacks_memory(error):
        return "there is not enough memory"
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        return f"{name}{error.strerror or error}"
    if isinstance(error, RuntimeError) and _NO_THREAD in str(error):
        return "the system allows no more threads; `--workers 1` needs fewer"
    named = f"{type(error).__name__}: {error}"
    plain = next((text for kind, text in _PLAIN if isinstance(error, kind)), "")
    said = f"{plain} ({named})" if plain else named
    return (
        f"{said}. This is an error in coopsim: please report this line and the output of the "
        "same command after `COOPSIM_DEBUG=1`"
    )
