"""The command line as a person meets it: in this process, which is quick, or as it is installed."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import pytest

from coopsim.cli import main

COMMAND = Path(sys.executable).parent / "coopsim"
NOW = "2026-11-27T12:00:00+00:00"  # the clock of the track record
_PLAIN = {
    "COLUMNS": "80", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"],
    "COOPSIM_NOW": NOW,
}  # fmt: skip

Done = subprocess.CompletedProcess[str]

WORLD = """\
scenario: small
title: A small world
start: 2025-01-01
end: 2030-12-31
runs: 60
seed: 7
drivers:
  mood:
    levels: [bad, good]
    initial: bad
    switches: {bad -> good: {rate: 0.3 per year}}
    judgement: For a test.
events:
  vote: {title: A vote, date: 2026-01-01 to 2028-01-01, judgement: For a test.}
  pact:
    title: A pact
    rate: 0.2 to 0.6 per year
    when: {mood: good}
    outcomes: {holds: {chance: 0.7}, breaks: {chance: 0.3}}
    judgement: For a test.
outcomes:
  votes: {event: vote}
  signed: {event: pact}
  mood: {driver: mood}
"""


class Out(io.TextIOWrapper):
    """What stands for standard output; tests may change what it does."""


class Err(io.TextIOWrapper):
    """What stands for standard error."""


def coopsim(folder: Path, *arguments: str, **environment: str) -> Done:
    """Call the command line in a folder, 80 columns wide and without colours."""
    out, err = (one(io.BytesIO(), encoding="utf-8", write_through=True) for one in (Out, Err))
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, {**_PLAIN, **environment}),
        mock.patch.object(sys, "argv", [str(COMMAND), *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = _code()
    return subprocess.CompletedProcess(arguments, code, _text(out), _text(err))


def installed(folder: Path, *arguments: str, **environment: str) -> Done:
    """Start the installed command in a folder, in a process of its own."""
    return subprocess.run(
        [str(COMMAND), *arguments],
        cwd=folder,
        env={**_PLAIN, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(tmp_path: Path) -> Command:
    """Give what runs a command in a folder with a small scenario; warnings are printed."""
    (tmp_path / "small.yaml").write_text(WORLD, encoding="utf-8")

    def run(*arguments: str) -> Ended:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            done = coopsim(tmp_path, *arguments)
        return Ended(done.returncode, done.stdout, done.stderr)

    return run


def _code() -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _text(stream: io.TextIOWrapper) -> str:
    content = stream.buffer
    assert isinstance(content, io.BytesIO)
    return content.getvalue().decode()
