"""Renew the outputs that docs/tutorial.md, or another page, shows, by running its commands.

    python docs/make_tutorial.py [docs/trace.md ...]

A block of type `console` holds one command after `$ ` and what it prints. A comment before it,
`<!-- shows: PATTERN; PATTERN -->`, asks for the lines in which one of the patterns is found, each
with the deeper indented lines below it; `...` stands for what is left out. A comment
`<!-- file: PATH -->` before a block of type `yaml` or `text` says where the reader saves it,
`<!-- copied: FOLDER -->` that he has a copy of a folder of the project, `<!-- clock: MOMENT -->`
which day it is from there on. A test plays the page in an empty folder and fails when anything
comes out differently.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "tutorial.md"
NOW = "2026-11-27T12:00:00+00:00"  # so that what is due on a page stays due
_STEP = re.compile(
    r"<!-- copied: (?P<copied>\S+) -->|<!-- clock: (?P<clock>\S+) -->"
    r"|<!-- file: (?P<file>\S+) -->\n```(?:yaml|text)\n(?P<text>.*?)```"
    r"|(?:<!-- shows: (?P<shows>.*?) -->\n)?```console\n\$ (?P<command>[^\n]*)\n(?P<output>.*?)```",
    re.DOTALL,
)


Call = Callable[..., subprocess.CompletedProcess[str]]  # of a folder and the words of a command


def installed(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Start the command that is installed beside this Python, as wide as a page."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "coopsim"), *words],
        cwd=folder,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


class Reader:
    """Do what the page says, in a folder that is a reader's own."""

    def __init__(self, folder: Path, coopsim: Call = installed) -> None:
        self.folder = folder
        self._coopsim = coopsim
        self._now = NOW

    def play(self, page: str) -> str:
        """Follow the page from top to bottom; gives it with what the commands print now."""
        return _STEP.sub(self._step, page)

    def _step(self, step: re.Match[str]) -> str:
        if step["clock"]:
            self._now = step["clock"]
            return step[0]
        if step["copied"]:
            shutil.copytree(ROOT / step["copied"], self.folder / step["copied"])
            return step[0]
        if step["file"]:
            saved = self.folder / step["file"]
            saved.parent.mkdir(parents=True, exist_ok=True)
            saved.write_text(step["text"], encoding="utf-8")
            return step[0]
        output = self._run(shlex.split(step["command"]))
        if step["shows"]:
            output = excerpt(output, step["shows"].split("; "))
        return step[0].removesuffix(f"{step['output']}```") + f"{output}```"

    def _run(self, command: Sequence[str]) -> str:
        program, *words = command
        if program == "cd":
            self.folder /= words[0]
            return ""
        if program != "coopsim":
            raise ValueError(f"a page calls `{program}`, which is not coopsim")
        done = self._coopsim(self.folder, *words, COOPSIM_NOW=self._now)
        return done.stdout if done.returncode == 0 else done.stderr


def excerpt(output: str, patterns: Sequence[str]) -> str:
    """Keep the lines in which a pattern is found, with what is indented below them.

    Raises ValueError for a pattern that is found nowhere.
    """
    for pattern in patterns:
        if not re.search(pattern, output, re.MULTILINE):
            raise ValueError(f"no line with {pattern} in:\n{output}")
    kept: list[str] = []
    for line, wanted in _wanted(output.splitlines(), [re.compile(one) for one in patterns]):
        if wanted:
            kept.append(line.rstrip())
        elif kept[-1:] != ["..."]:
            kept.append("...")
    return "\n".join(kept) + "\n"


def _wanted(
    lines: Sequence[str], patterns: Sequence[re.Pattern[str]]
) -> Iterator[tuple[str, bool]]:
    above: int | None = None  # the indent of the last line asked for, while we are below it
    for line in lines:
        indent = len(line) - len(line.lstrip())
        below = above is not None and bool(line.strip()) and indent > above
        if any(pattern.search(line) for pattern in patterns):
            above = indent if above is None or not below else above
            yield line, True
        else:
            above = above if below else None
            yield line, below


if __name__ == "__main__":
    for page in [Path(argument) for argument in sys.argv[1:]] or [PAGE]:
        with tempfile.TemporaryDirectory() as place:
            renewed = Reader(Path(place)).play(page.read_text(encoding="utf-8"))
        page.write_text(renewed, encoding="utf-8")
