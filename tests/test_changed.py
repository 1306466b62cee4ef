"""What differs alone: --changed of run and summary, and --changed/--all of what compares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminal import WORLD, Command, Ended, command

__all__ = ["command"]  # a fixture

SETTING = "events.pact.rate=2 per year"
PLAIN = ("--no-figures",)


def hash_of(folder: Path, *others: str) -> str:
    """Name the one result of `small` that is none of these."""
    (name,) = {path.name for path in folder.glob("results/small-*")} - set(others)
    return name


@pytest.fixture
def written(command: Command, tmp_path: Path) -> str:
    """Make the result in which nothing is set; gives its name."""
    assert command("run", "small.yaml", "-q", *PLAIN, "--runs", "400").code == 0
    return hash_of(tmp_path)


def told(written: str, changed: str) -> str:
    return (
        f"2 others do not differ from {written}; `coopsim compare {written} {changed}` says by how "
        "much these do.\n"
    )


# Of the three questions a quicker pact moves its own alone.
def test_run_shows_what_differs_from_what_is_written(
    command: Command, tmp_path: Path, written: str
) -> None:
    runs = ("--runs", "400", *PLAIN)
    ended = command("run", "small.yaml", *runs, "--set", SETTING, "--changed")
    assert ended.code == 0
    changed = hash_of(tmp_path, written)
    assert told(written, changed) in ended.out
    assert " ".join(ended.out.split("\n")[3].split()[:2]) == "Whether and"
    assert "signed" in ended.out
    assert "votes" not in ended.out
    summary = command("summary", changed, "--changed")
    assert told(written, changed) in summary.out
    assert "votes" not in summary.out
    assert "votes" in command("summary", changed).out
    found = json.loads(command("summary", changed, "--changed", "--json").out)
    assert list(found["outcomes"]) == ["signed"]
    alone = command("summary", changed, "--changed", "--outcome", "votes")
    assert alone.out.endswith(f"\nThe answer does not differ from {written}.\n")
    table = command("summary", changed, "--changed", "--csv")
    assert table.err == told(written, changed)
    assert {line.split(",")[0] for line in table.out.splitlines()[1:]} == {"signed"}


NOTHING_SET = (
    "coopsim: `--changed` compares with the result without settings, and this result has none; "
    "use `coopsim compare` for others\n"
)
NO_RESULT = (
    "coopsim: `--changed` needs a result of small without --set, and there is none in results: "
    "`coopsim run small` makes one\n"
)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ((), NOTHING_SET),
        (("--runs", "20", "--seed", "3"), NOTHING_SET),
        (("--set", "runs=20"), NOTHING_SET),
        (("--set", SETTING), NO_RESULT),
    ],
)
def test_without_anything_to_differ_from_nothing_is_simulated(
    command: Command, tmp_path: Path, more: tuple[str, ...], message: str
) -> None:
    ended = command("run", "small.yaml", *PLAIN, *more, "--changed")
    assert ended == Ended(2, "", message)
    assert not (tmp_path / "results").exists()


def test_a_summary_of_what_is_written_differs_from_nothing(command: Command, written: str) -> None:
    assert command("summary", written, "--changed") == Ended(2, "", NOTHING_SET)


@pytest.mark.parametrize(
    ("words", "folded"),
    [
        (("compare", "small", "other"), "2 others do not differ (shown by --all).\n"),
        (("given", "small", "--that", "pact"), "1 other does not differ (shown by --all).\n"),
        (("explain", "other", "small", "--runs", "400"),
            "3 others do not differ (shown by --all).\n"),
    ],
)  # fmt: skip
def test_what_compares_counts_what_does_not_differ(
    command: Command, tmp_path: Path, written: str, words: tuple[str, ...], folded: str
) -> None:
    assert written
    changed = WORLD.replace("rate: 0.2 to 0.6 per year", "rate: 2 per year")
    (tmp_path / "other.yaml").write_text(changed.replace("scenario: small", "scenario: other"))
    assert command("run", "other.yaml", "-q", *PLAIN, "--runs", "400").code == 0
    ended = command(*words, *PLAIN)
    assert folded in ended.out
    assert "votes" not in ended.out
    assert command(*words, *PLAIN, "--changed").out == ended.out
    everything = command(*words, *PLAIN, "--all").out
    assert "do not differ (shown" not in everything
    assert "votes" in everything
    named = command(*words, *PLAIN, "--outcome", "votes").out
    assert "votes" in named
    assert "signed" not in named
