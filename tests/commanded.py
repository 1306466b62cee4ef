"""The command line in this process: what it prints, where, and how it ends."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from coopsim.cli import main

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


@dataclass(frozen=True, slots=True)
class Ended:
    """Hold what a command printed, and its exit code."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Give what runs a command in a folder with a small scenario, as `main` does."""
    (tmp_path / "small.yaml").write_text(WORLD)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["coopsim", *arguments])
        capsys.readouterr()
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            with pytest.raises(SystemExit) as ended:
                main()
        code = ended.value.code
        printed = capsys.readouterr()
        return Ended(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run
