"""The files of a track record: their names, and how large they may be."""

from __future__ import annotations

from pathlib import Path

from coopsim.errors import CoopsimError, Problem, ScenarioError
from coopsim.simulation.results.atomic import is_there, read_plain

QUESTIONS, RESOLUTIONS, LEDGER = "questions.yaml", "resolutions.yaml", "ledger.jsonl"
MOST_BYTES = 5_000_000  # of one file: a hundred times a large record


def text_of_file(path: Path, what: str) -> str:
    """Read a file of a track record; raises ScenarioError where that cannot be done.

    `what` says what is expected there, such as `a file of questions`.
    """
    if not is_there(path):
        raise ScenarioError([Problem("", "no such file", what, str(path))])
    if path.is_symlink():
        raise ScenarioError([Problem("", "a link", f"{what}, in the folder itself", str(path))])
    try:
        content = read_plain(path, MOST_BYTES)
    except CoopsimError as error:
        found = str(error).removeprefix(f"{path} ")
        raise ScenarioError([Problem("", f"a file that {found}", what, str(path))]) from None
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problem = Problem("", "bytes that are not UTF-8", "text encoded in UTF-8", str(path), line)
        raise ScenarioError([problem]) from None
