"""Thirty questions of people: each has a command, is answered, and in forms the README shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from terminal import coopsim

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ASKED: list[dict[str, str]] = yaml.safe_load(
    (ROOT / "tests" / "thirty_questions.yaml").read_text(encoding="utf-8")
)
SECTION = README.partition("\n## Ask a question\n")[2].partition("\n## ")[0]
OPTIONS = ("--if", "--set", "--until")
_TIMES = ("by", "before", "after", "in", "on", "from")
_KEPT = (*_TIMES, "to", "for", "with", "without", "third")


COMMANDS = [one["command"] for one in ASKED]
IN_README = [line.strip() for line in README.splitlines() if line.startswith("    coopsim ask ")]


@pytest.mark.parametrize("command", [*COMMANDS, *IN_README])
def test_each_is_answered_in_a_sentence(command: str) -> None:
    name, *words = shlex.split(command, comments=True)
    assert name == "coopsim"
    # Rare evidence finds its 30 of a thousand timelines.
    done = coopsim(ROOT, *words, "--runs", "1000", "--results", "no-such", "--no-figures")
    assert (done.returncode, done.stderr) == (0, "")
    assert " comes true in " in " ".join(done.stdout.split())


def test_there_are_thirty_of_them_all_told_apart() -> None:
    assert len(ASKED) == 30
    assert len({one["sentence"] for one in ASKED}) == len(set(COMMANDS)) == 30
    assert all(re.fullmatch(r"What is the chance .*\?", one["sentence"]) for one in ASKED)


# --- what the README shows ------------------------------------------------------------------------


def parts_of(statement: str) -> list[str]:
    """Take a statement apart where it is joined."""
    bare = re.sub(r"'[^']*'", "x", statement)
    pieces = re.split(r"\b(?:and|or)\b", bare)
    return [re.sub(r"\bnot\b|[()]", "", piece).strip() for piece in pieces]


def form(part: str) -> tuple[str, str]:
    """Get what a statement says without names and numbers, and its time: ('x = x', 'by x')."""
    words = [
        word if word in _KEPT else "=" if word in ("=", "<=", ">=", "<", ">") else "x"
        for word in part.split()
    ]
    at = next((place for place, word in enumerate(words) if word in _TIMES), len(words))
    return " ".join(words[:at]), " ".join(words[at:])


def shown() -> tuple[set[str], set[str]]:
    """Collect the forms and the times in the README's table of statements."""
    statements = [
        text
        for row in SECTION.splitlines()
        if row.startswith("| `")
        for text in re.findall(r"`([^`]+)`", row.split(" | ")[0])
    ]
    forms = [form(part) for statement in statements for part in parts_of(statement)]
    return {head for head, _ in forms if head}, {time for _, time in forms}


def asked() -> list[tuple[str, str]]:
    return [
        form(part)
        for one in ASKED
        for statement in statements_of(shlex.split(one["command"])[3:])
        for part in parts_of(statement)
    ]


def statements_of(words: list[str]) -> list[str]:
    found = []
    rest = iter(words)
    for word in rest:
        if word in ("--set", "--until"):
            next(rest)
        elif word != "--if":
            found.append(word)
    return found


def test_the_readme_shows_every_form_that_is_asked() -> None:
    heads, times = shown()
    assert {head for head, _ in asked()} <= heads
    assert {time for _, time in asked()} <= times
    assert "joined by `and`, `or`, `not`" in SECTION


def test_the_readme_shows_every_option_that_is_asked() -> None:
    used: set[Any] = {word for one in ASKED for word in shlex.split(one["command"])}
    assert {word for word in used if word.startswith("--")} <= set(OPTIONS)
    assert all(any(option in line for line in IN_README) for option in OPTIONS)


# The forms tell statements apart: what is asked and not shown would be found.
def test_a_form_that_is_not_shown_is_found() -> None:
    assert form("third soyuz_flight with cross_flight from 2025-12") == (
        "third x with x",
        "from x",
    )
    assert form("climate >= thaw for 60 days") == ("x = x for x x", "")
    assert form("second soyuz_flight") not in {(head, "") for head in shown()[0]}
