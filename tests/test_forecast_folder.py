"""A folder of forecasts: every edit, loss and addition is named, and a crash is made good."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopsim import api
from coopsim.errors import Problem, ScenarioError
from coopsim.forecasts.ledger import LedgerLine
from coopsim.forecasts.records import digest, read_record, record_hash, written
from coopsim.forecasts.verifying import TrackRecord, read_folder
from forecast_world import LATER, asked_in, played, whole_in

TODAY = LATER.date()
FIRST, SECOND, OTHER = (
    "2026-01-01-small.json", "2026-01-01-small-2.json", "2026-01-01-other.json",
)  # fmt: skip
FSYNC = os.fsync


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_in(tmp_path_factory.mktemp("whole") / "forecasts")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "f")
    return tmp_path / "f"


def told(folder: Path, today: date = TODAY) -> list[str]:
    """Verify a folder; gives what is told of it, without the folder's own name."""
    with pytest.raises(ScenarioError) as error:
        read_folder(folder, today)
    return str(error.value).replace(f"{folder}/", "").splitlines()


def hashes(folder: Path) -> dict[str, str]:
    return {one.file: one.sha256 for one in read_folder(folder, TODAY).records}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- what is whole --------------------------------------------------------------------------------


def test_a_folder_is_read_in_the_order_of_its_acts(whole: Path) -> None:
    track = read_folder(whole, TODAY)
    assert [one.file for one in track.records] == [FIRST, OTHER, SECOND]
    assert [line.act for line in track.ledger.lines] == [
        "record", "record", "record", "resolve", "resolve", "dispute",
    ]  # fmt: skip
    first, _, second = track.records
    assert second.record.supersedes == first.sha256
    assert second.record.why == "Fewer timelines."
    assert track.newest("small") == second
    assert {name: (one.status, one.answer) for name, one in track.standing.items()} == {
        "decree": ("resolved", "yes"), "mood": ("disputed", None),
    }  # fmt: skip
    resolved = track.resolutions.entries[1]
    assert track.ledger.lines[-1].supersedes == resolved.sha256


def test_questions_alone_are_a_whole_folder(tmp_path: Path) -> None:
    track = read_folder(asked_in(tmp_path), TODAY)
    assert (track.records, track.resolutions.entries, track.ledger.lines) == ((), (), ())


def test_what_else_lies_there_is_no_matter(folder: Path) -> None:
    (folder / "README.md").write_text("What this is.")
    (folder / "hindcast").mkdir()
    (folder / ".notes.json").write_text("{")
    assert len(read_folder(folder, TODAY).records) == 3


def test_comments_in_the_resolutions_stay(folder: Path) -> None:
    path = folder / "resolutions.yaml"
    edit(path, "resolutions:\n", "resolutions:  # of all kinds\n")
    api.resolve_question(
        "moon", None, status="annulled", source="x", seen="y", forecasts=folder, now=LATER
    )
    assert "resolutions:  # of all kinds\n" in path.read_text()
    assert len(read_folder(folder, TODAY).resolutions.entries) == 4


# --- single bytes ---------------------------------------------------------------------------------

FILES = (FIRST, SECOND, OTHER, "ledger.jsonl", "questions.yaml", "resolutions.yaml")


def content(track: TrackRecord) -> object:
    """Get all that a folder says, but how its questions are put and what is in no record."""
    worlds = [one.world for one in track.book.questions.values()]
    return worlds, track.records, track.resolutions.entries, track.ledger


@pytest.fixture(scope="module")
def said(whole: Path) -> object:
    return content(read_folder(whole, TODAY))


_BYTE = st.binary(min_size=1, max_size=1)


@pytest.mark.slow
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    file=st.sampled_from(FILES),
    place=st.floats(0, 1, exclude_max=True),
    byte=st.binary(min_size=1, max_size=1),
)
def test_a_changed_byte_is_named_by_its_file_or_says_the_same(
    said: object, whole: Path, file: str, place: float, byte: bytes
) -> None:
    path, before = whole / file, (whole / file).read_bytes()
    at = int(place * len(before))
    after = before[:at] + byte + before[at + 1 :]
    path.write_bytes(after)
    problems: Sequence[Problem] = ()
    try:
        found = content(read_folder(whole, TODAY))
    except ScenarioError as error:
        problems = error.problems
    finally:
        path.write_bytes(before)
    if problems:
        assert str(path) in {one.file for one in problems}
    else:
        # Only in YAML a byte may say nothing: in a comment, a quote or in how a question is put.
        assert after == before or file.endswith(".yaml")
        assert found == said


# --- records --------------------------------------------------------------------------------------


def test_an_edited_record_is_named(folder: Path) -> None:
    sha = hashes(folder)[FIRST]
    tree = json.loads((folder / FIRST).read_text())
    edit(folder / FIRST, "It is published.", "It is read out.")
    del tree["sha256"]
    tree["questions"][0]["world"]["criterion"] = "It is read out."
    assert told(folder) == [
        (
            f"{FIRST}: error: sha256: found '{sha[:60]}...', expected {digest(tree)}: the record "
            "was edited"
        )
    ]


def test_a_record_that_was_edited_with_its_hash_is_named_by_the_chain(folder: Path) -> None:
    record, sha = read_record((folder / OTHER).read_text(), "x")
    edited = replace(record, made="2026-07-01T12:00:01+00:00")
    (folder / OTHER).write_bytes(written(edited))
    assert told(folder) == [
        (
            f"{OTHER}: error: found a record with the hash {record_hash(edited)}, expected {sha}, "
            "as line 2 of ledger.jsonl has it: the record was replaced"
        )
    ]


def test_a_record_written_otherwise_is_named(folder: Path) -> None:
    path = folder / FIRST
    path.write_text(json.dumps(json.loads(path.read_text())), encoding="utf-8")
    assert told(folder) == [
        (
            f"{FIRST}: error: found the same content, written otherwise, expected the file as it "
            "was recorded"
        )
    ]


def test_a_missing_record_is_named(folder: Path) -> None:
    (folder / FIRST).unlink()
    assert told(folder) == [
        f"{FIRST}: error: found no such record, expected the one that line 1 of ledger.jsonl names"
    ]


def test_a_record_that_nobody_wrote_down_is_named(folder: Path) -> None:
    shutil.copy(folder / OTHER, folder / "2026-01-01-third.json")
    assert told(folder) == [
        (
            "2026-01-01-third.json: error: found a record that is not in ledger.jsonl, expected "
            "one for each line: if recording was cut short, record the same result again; else "
            "remove the file"
        )
    ]


def test_other_files_called_json_are_named(folder: Path) -> None:
    (folder / "notes.json").write_text("{}")
    assert told(folder) == [
        (
            "notes.json: error: found a name that no record has, expected a name such as "
            "2026-11-27-baseline.json: only records are called .json here"
        )
    ]


def test_a_newer_record_is_left_to_a_newer_version(folder: Path) -> None:
    edit(folder / FIRST, '"format": 1', '"format": 2')
    assert told(folder) == [
        f"{FIRST}: error: format: found format '2', expected format 1; a newer coopsim reads it"
    ]


def test_a_link_in_place_of_a_record_is_not_followed(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / FIRST, tmp_path / "elsewhere.json")
    (folder / FIRST).symlink_to(tmp_path / "elsewhere.json")
    assert told(folder) == [
        f"{FIRST}: error: found a link, expected a recorded forecast, in the folder itself"
    ]


def test_a_record_that_is_too_large_is_not_read(folder: Path) -> None:
    with (folder / FIRST).open("ab") as file:
        file.truncate(5_000_001)
    assert told(folder) == [
        (
            f"{FIRST}: error: found a file that is damaged: it holds more than 5,000,000 bytes, "
            "expected a recorded forecast"
        )
    ]


def test_a_record_that_is_no_text_is_named(folder: Path) -> None:
    (folder / FIRST).write_bytes(b'{\n"a": "\xff"}')
    assert told(folder) == [
        f"{FIRST}:2: error: found bytes that are not UTF-8, expected text encoded in UTF-8"
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", ("1: error: found text that is not JSON (Expecting property name enclosed in double "
         "quotes), expected a recorded forecast")),
        ("[]", "1: error: found an empty list, expected a recorded forecast"),
        ('{"a": 1, "a": 1}', (" error: found text that is not JSON (a key twice), expected a "
         "recorded forecast")),
        ('{"a": NaN}', (" error: found text that is not JSON (the number NaN), expected a recorded "
         "forecast")),
        ("[" * 100_000, (" error: found text that is not JSON (nested too deeply), expected a "
         "recorded forecast")),
    ],
)  # fmt: skip
def test_what_is_no_json_is_named(folder: Path, text: str, said: str) -> None:
    (folder / FIRST).write_text(text)
    assert told(folder) == [f"{FIRST}:{said}"]


Spoil = Callable[[dict[str, Any]], object]


def spoilt(folder: Path, spoil: Spoil) -> list[str]:
    """Change the tree of a record and put the hash right; gives what is told of the file."""
    tree = json.loads((folder / OTHER).read_text())
    del tree["sha256"]
    spoil(tree)
    tree["sha256"] = digest(tree)
    text = json.dumps(tree, indent=1, sort_keys=True, ensure_ascii=False)
    (folder / OTHER).write_text(f"{text}\n", encoding="utf-8")
    return [line.removeprefix(f"{OTHER}: error: ") for line in told(folder)]


SPOILT: dict[str, tuple[Spoil, str]] = {
    "too likely": (
        lambda tree: tree["questions"][0]["chances"]["yes"].update(probability=1.5),
        "questions.0.chances.yes.probability: found '1.5', expected 1 or less",
    ),
    "less than nothing": (
        lambda tree: tree["questions"][0]["chances"]["yes"].update(se=-1e-9),
        "questions.0.chances.yes.se: found '-1e-09', expected 0 or more",
    ),
    "too much": (
        lambda tree: tree["questions"][1]["chances"]["none"].update(probability=1),
        ("questions.1.chances: found chances that sum to {}, expected chances that sum to 1, as of "
        "flights"),
    ),
    "an answer left out": (
        lambda tree: tree["questions"][1]["chances"].pop("one"),
        ("questions.1.chances: found chances of none and two or more, expected of none, one and "
        "two or more, as of flights"),
    ),
    "a fall": (
        lambda tree: tree["questions"][0]["cdf"][3].__setitem__(1, 0.0),
        "questions.0.cdf: found a chance that falls, expected chances that only grow, as of decree",
    ),
    "days that go back": (
        lambda tree: tree["questions"][0]["cdf"][1].__setitem__(0, "2026-07-31"),
        "questions.0.cdf: found days that go back, expected days in order, as of decree",
    ),
    "another end": (
        lambda tree: tree["questions"][0]["cdf"][-1].__setitem__(1, 1.0),
        ("questions.0.cdf: found 1 by 2027-03-15, expected the chance of yes, by the closing day, "
        "as of decree"),
    ),
    "a date without days": (
        lambda tree: tree["questions"][2].update(cdf=[]),
        ("questions.2.cdf: found none, expected the chance by each month, as it asks for a date, "
        "as of treaty"),
    ),
    "a band upside down": (
        lambda tree: tree["questions"][2]["chances"]["yes"].update(low=0.9, high=0.1),
        ("questions.2.chances.yes: found a band from '0.9' to '0.1', expected low before high, as "
        "of treaty"),
    ),
    "silence that speaks": (
        lambda tree: tree["questions"][4].update(statements={"yes": "decree"}),
        ("questions.4.chances: found chances of a question on which the model is silent, expected "
        "none, as of moon"),
    ),
    "a question twice": (
        lambda tree: tree["questions"].append(tree["questions"][4]),
        "questions.5.world.id: found 'moon' again, expected each question once",
    ),
    "no key": (
        lambda tree: tree.pop("made"),
        "made: found nothing, expected what every record has there",
    ),
    "another key": (
        lambda tree: tree["assumed"].update(author="me"),
        "assumed.author: found the key 'author', expected only those of a record",
    ),
    "no moment": (
        lambda tree: tree.update(made="2026-07-01"),
        "made: found '2026-07-01', expected a text of the form that is recorded there",
    ),
    "a path for a name": (
        lambda tree: tree.update(forecaster="../me"),
        "forecaster: found '../me', expected a text of the form that is recorded there",
    ),
    "no reason": (
        lambda tree: tree.update(supersedes="0" * 64),
        "why: found nothing, expected why it supersedes another record",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_what_no_forecast_can_say_is_named(folder: Path, name: str) -> None:
    spoil, said = SPOILT[name]
    one, two = (
        json.loads((folder / OTHER).read_text())["questions"][1]["chances"][key]["probability"]
        for key in ("one", "two or more")
    )
    assert spoilt(folder, spoil) == [said.format(f"{1 + one + two:.6g}")]


# --- what is superseded ---------------------------------------------------------------------------


def rewritten(folder: Path, changed: dict[str, object]) -> None:
    """Write the last record anew with other values, and the chain to go with it."""
    track = read_folder(folder, TODAY)
    *_, last = track.records
    record = replace(last.record, **changed)  # type: ignore[arg-type]  # as the test says
    (folder / last.file).write_bytes(written(record))
    chain = replace(track.ledger, lines=())
    for line in track.ledger.lines:
        if line.of == last.file:
            line = LedgerLine(  # noqa: PLW2901  # the same act, of the other record
                "record", record.made, last.file, record_hash(record), record.supersedes
            )
        chain = chain.having(line)
    (folder / "ledger.jsonl").write_bytes(chain.written())


def test_a_record_supersedes_the_newest_of_its_forecaster(folder: Path) -> None:
    first, other = hashes(folder)[FIRST], hashes(folder)[OTHER]
    rewritten(folder, {"supersedes": other})
    assert told(folder) == [
        (
            f"{SECOND}: error: found supersedes {other}, expected {first}, that of {FIRST}: "
            "the newest record of small before it"
        )
    ]


def test_a_further_record_cannot_stand_beside_the_first(folder: Path) -> None:
    first = hashes(folder)[FIRST]
    rewritten(folder, {"supersedes": None})
    assert told(folder) == [
        (
            f"{SECOND}: error: found supersedes nothing, expected {first}, that of {FIRST}: the "
            "newest record of small before it"
        )
    ]


def test_no_two_records_supersede_the_same(folder: Path) -> None:
    first = hashes(folder)[FIRST]
    api.record_forecasts([played(500)], folder, why="Fewer still.", now=LATER, workers=1)
    rewritten(folder, {"supersedes": first})
    assert told(folder) == [
        (
            f"2026-01-01-small-3.json: error: found supersedes {first}, expected one that {SECOND} "
            "does not supersede already"
        )
    ]
