"""The chain of acts, resolutions and questions: what was edited is named, a crash is made good."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from coopsim import api
from coopsim.errors import CoopsimError, ScenarioError, UsageError
from coopsim.forecasts.ledger import read_ledger
from coopsim.forecasts.records import canonical, digest
from coopsim.forecasts.verifying import read_folder
from forecast_world import LATER, MADE, asked_in, played, whole_in

TODAY = LATER.date()
FSYNC = os.fsync


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return whole_in(tmp_path_factory.mktemp("whole") / "forecasts")


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "f")
    return tmp_path / "f"


def told(folder: Path) -> str:
    """Verify a folder; gives what is told of it, without the folder's own name."""
    with pytest.raises(ScenarioError) as error:
        read_folder(folder, TODAY)
    return str(error.value).replace(f"{folder}/", "")


def lines(folder: Path) -> list[str]:
    return (folder / "ledger.jsonl").read_text().splitlines()


def chained(folder: Path, *changed: str) -> None:
    (folder / "ledger.jsonl").write_text("".join(f"{line}\n" for line in changed))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --- the chain ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(1, 7))
def test_an_edited_line_is_named(folder: Path, number: int) -> None:
    edited = lines(folder)
    line = json.loads(edited[number - 1])
    line["at"] = "2027-01-10T09:30:59+00:00"
    edited[number - 1] = canonical(line).decode()
    chained(folder, *edited)
    assert told(folder) == (
        f"ledger.jsonl:{number}: error: found a line that was edited, expected the line whose hash "
        f"is {line['hash']}"
    )


def test_a_line_that_was_edited_with_its_hash_breaks_the_chain(folder: Path) -> None:
    edited = lines(folder)
    line = json.loads(edited[1])
    del line["hash"]
    line["at"] = "2027-01-10T09:30:59+00:00"
    edited[1] = canonical(line | {"hash": digest(line)}).decode()
    chained(folder, *edited)
    assert told(folder) == (
        "ledger.jsonl:3: error: found a line that follows one that is not there, expected one that "
        "follows line 2: lines are missing or in another order"
    )


def test_a_missing_line_is_named(folder: Path) -> None:
    first, _, *rest = lines(folder)
    chained(folder, first, *rest)
    assert told(folder).splitlines()[0] == (
        "ledger.jsonl:2: error: found a line that follows one that is not there, expected one that "
        "follows line 1: lines are missing or in another order"
    )
    chained(folder, *rest)
    assert told(folder).splitlines()[0] == (
        "ledger.jsonl:1: error: found a line that follows one that is not there, expected the "
        "first line: lines are missing or in another order"
    )


def test_lines_in_another_order_are_named(folder: Path) -> None:
    one, two, three, *rest = lines(folder)
    chained(folder, one, three, two, *rest)
    assert told(folder).splitlines() == [
        f"ledger.jsonl:{number}: error: found a line that follows {found}, expected one that "
        f"follows line {number - 1}: lines are missing or in another order"
        for number, found in ((2, "line 3"), (3, "line 1"), (4, "line 2"))
    ]


def test_a_chain_that_begins_again_is_named(folder: Path) -> None:
    chained(folder, *lines(folder), lines(folder)[0])
    assert told(folder).splitlines()[0] == (
        "ledger.jsonl:7: error: found a line that follows nothing, expected one that follows line "
        "6: lines are missing or in another order"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "text that is not JSON (Expecting value), expected an act: one line of JSON"),
        ("[1]", "[1], expected an act: one line of JSON"),
        ('{"act":"record"}', "nothing, expected what every line has there"),
    ],
)
def test_what_is_no_act_is_named(folder: Path, text: str, said: str) -> None:
    chained(folder, text, *lines(folder)[1:])
    first = told(folder).splitlines()[0]
    assert first.startswith("ledger.jsonl:1: error: ")
    assert first.endswith(f"found {said}")


def test_a_line_cut_short_is_named(folder: Path) -> None:
    path = folder / "ledger.jsonl"
    path.write_text(path.read_text()[:-1])
    first, *_ = told(folder).splitlines()
    assert first == (
        "ledger.jsonl:6: error: found a last line without its end, expected the file as it was "
        "written"
    )


def test_a_file_outside_the_folder_is_no_record(folder: Path) -> None:
    line = json.loads(lines(folder)[0])
    del line["hash"]
    line["of"] = "../../secret.json"
    chained(folder, canonical(line | {"hash": digest(line)}).decode(), *lines(folder)[1:])
    assert told(folder).splitlines()[0] == (
        "ledger.jsonl:1: error: of: found '../../secret.json', expected a text of the form that is "
        "recorded there"
    )


def test_another_file_in_place_of_a_record_is_none(folder: Path) -> None:
    (folder / "README").write_text("What this is.")
    chain = read_ledger((folder / "ledger.jsonl").read_text(), "x")
    line = replace(chain.lines[0], of="README")
    (folder / "ledger.jsonl").write_bytes(chain.having(line).written())
    assert told(folder) == (
        "README: error: found no such record, expected the one that line 7 of ledger.jsonl names"
    )


def test_a_missing_chain_is_named(folder: Path) -> None:
    (folder / "ledger.jsonl").unlink()
    assert told(folder) == (
        "ledger.jsonl: error: found no such file, expected the chain of all acts"
    )


def test_the_hash_of_the_last_line_stands_for_all(folder: Path) -> None:
    tree = api.verify_forecasts(folder, now=LATER).to_json()
    assert tree["last"] == json.loads(lines(folder)[-1])["hash"]
    assert (tree["acts"], tree["questions"], tree["resolved"]) == (6, 5, 2)


# --- resolutions ----------------------------------------------------------------------------------


def test_an_edited_resolution_is_named(folder: Path) -> None:
    edit(folder / "resolutions.yaml", "It was: so.", "It was not so.")
    assert told(folder) == (
        "resolutions.yaml:5: error: resolutions.0: found an entry of decree that is not as it was "
        "written, expected the entry of decree that line 4 of ledger.jsonl names: none is edited, "
        "removed or moved"
    )


def test_a_removed_resolution_is_named(folder: Path) -> None:
    path = folder / "resolutions.yaml"
    text = path.read_text()
    path.write_text(text[: text.rindex("  - id:")])
    assert told(folder) == (
        "resolutions.yaml: error: found no entry of mood, expected the entry of mood that line 6 "
        "of ledger.jsonl names: none is removed"
    )
    path.unlink()
    assert told(folder).splitlines()[0] == (
        "resolutions.yaml: error: found no entry of decree, expected the entry of decree that line "
        "4 of ledger.jsonl names: none is removed"
    )


def test_a_resolution_written_by_hand_is_named(folder: Path) -> None:
    path = folder / "resolutions.yaml"
    entry = (
        "  - {id: moon, status: annulled, on: 2026-12-01, resolved_on: 2026-12-01, source: x, "
        "seen: y}\n"
    )
    path.write_text(path.read_text() + entry)
    assert told(folder) == (
        "resolutions.yaml:25: error: resolutions.3: found an entry of moon without a line, "
        "expected one line for each in ledger.jsonl: if resolving was cut short, resolve it so "
        "again; else remove the entry, and use `coopsim forecast resolve`"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("id: decree", "id: decre", ("resolutions.0.id: found 'decre', expected the id of a "
         "question of this folder; did you mean 'decree'?")),
        ("answer: yes", "answer: yees", ("resolutions.0.answer: found 'yees', expected an answer "
         "of decree: `yes` or `no`; did you mean 'yes'?")),
        ("answer: yes", "answer: no", ("resolutions.0.on: found '2026-12-01' for the answer 'no', "
         "expected 2027-03-15, when decree closes, or in `early` why it is certain before")),
        ("on: 2026-12-01", "on: 2026-06-30", ("resolutions.0.on: found '2026-06-30', expected a "
         "day from 2026-07-01 on, when decree opened")),
        ("on: 2026-12-01", "on: 2027-01-11", ("resolutions.0.on: found '2027-01-11', expected a "
         "day up to 2027-01-10, when it was resolved")),
        ("resolved_on: 2027-01-10", "resolved_on: 2027-01-11", ("resolutions.0.resolved_on: found "
         "'2027-01-11', expected a day up to 2027-01-10, which is today")),
        ("status: resolved", "status: annulled", ("resolutions.0.answer: found the answer 'yes', "
         "expected none of a question that is annulled")),
        ("status: resolved", "status: solved", ("resolutions.0.status: found 'solved', expected "
         "what became of it: `resolved`, `annulled` or `disputed`; did you mean 'resolved'?")),
        ("    answer: yes\n", "", ("resolutions.0.answer: found nothing, expected an answer of "
         "decree: `yes` or `no`")),
        ("    source: The gazette\n", "", ("resolutions.0.source: found nothing, expected who says "
         "so, such as `NASA, 2027-03-20`")),
        ("on: 2026-12-01", "on: 2026-12", ("resolutions.0.on: found '2026-12', expected a full "
         "day, such as 2027-12-31")),
    ],
)  # fmt: skip
def test_what_is_no_resolution_of_its_question_is_named(
    folder: Path, old: str, new: str, said: str
) -> None:
    edit(folder / "resolutions.yaml", old, new)
    found = told(folder)
    assert found.partition(" error: ")[2] == said
    assert found.startswith("resolutions.yaml:")


# --- questions ------------------------------------------------------------------------------------


def test_a_question_that_was_forecast_stays_as_it_is(folder: Path) -> None:
    edit(folder / "questions.yaml", "It is published.", "It is read out.")
    edit(folder / "questions.yaml", "unchanged: no", "unchanged: yes")
    assert told(folder).splitlines() == [
        (
            "questions.yaml:7: error: questions.0.criterion: found 'It is read out.' for decree, "
            "expected 'It is published.', as 2026-01-01-other.json has it: a question that was "
            "forecast stays as it is; another one needs an id of its own"
        ),
        (
            "questions.yaml:10: error: questions.0.unchanged: found 'yes' for decree, expected "
            "'no', as 2026-01-01-other.json has it: a question that was forecast stays as it is; "
            "another one needs an id of its own"
        ),
    ]


def test_a_question_that_was_forecast_is_not_removed(folder: Path) -> None:
    edit(folder / "questions.yaml", "id: treaty", "id: treatys")
    assert told(folder) == (
        "questions.yaml: error: questions: found no such id, expected the question treaty, of "
        "which 2026-01-01-other.json has a forecast; did you mean 'treatys'?"
    )


def test_how_a_question_is_asked_may_change_and_others_may_be_added(folder: Path) -> None:
    path = folder / "questions.yaml"
    edit(path, "decree from {opens} to {by}", "treaty from {opens} to {by}")
    text = path.read_text()
    path.write_text(text + text[text.index("  - id: moon") :].replace("id: moon", "id: mars"))
    assert len(read_folder(folder, TODAY).book.questions) == 6


def test_a_folder_without_questions_is_none(tmp_path: Path) -> None:
    assert told(tmp_path) == (
        "questions.yaml: error: found no such file, expected a file of open questions"
    )


# --- resolving ------------------------------------------------------------------------------------


def refused(folder: Path, identity: str, answer: str | None, **more: Any) -> str:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    options = {"source": "x", "seen": "y", **more}
    with pytest.raises((UsageError, ScenarioError)) as error:
        api.resolve_question(identity, answer, forecasts=folder, now=LATER, **options)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    return str(error.value)


def test_what_cannot_be_resolved_so_is_told_and_nothing_is_written(folder: Path) -> None:
    assert refused(folder, "decre", "yes") == (
        f"found 'decre', expected the id of a question of {folder}; did you mean 'decree'?"
    )
    assert refused(folder, "flights", "too", on="2027-01-01", early="All flew.") == (
        "error: answer: found 'too', expected an answer of flights: `none`, `one` or `two or more`"
    )
    assert refused(folder, "treaty", "no") == (
        "error: on: found '2027-01-10' for the answer 'no', expected 2028-12-31, when treaty "
        "closes, or in `early` why it is certain before"
    )
    assert refused(folder, "treaty", "2027-01-02", on="2027-01-03") == (
        "found the answer 2027-01-02 on 2027-01-03, expected one day"
    )
    assert refused(folder, "treaty", "yes", on="soon").startswith("--on: found 'soon', expected")
    assert refused(folder, "treaty", "yes", source="  ") == (
        "--source: found nothing, expected a text"
    )


def test_the_same_is_not_resolved_twice(folder: Path) -> None:
    options = {"source": "The gazette", "seen": "It was: so."}
    assert refused(folder, "decree", "2026-12-01", **options) == (
        "decree is resolved just so already"
    )


def test_a_resolution_is_replaced_by_a_newer_one_and_both_stay(folder: Path) -> None:
    first = read_folder(folder, TODAY).standing["decree"]
    api.resolve_question(
        "decree", "2026-12-02", source="The gazette", seen="A day later.", forecasts=folder,
        now=LATER,
    )  # fmt: skip
    track = read_folder(folder, TODAY)
    assert str(track.standing["decree"].on) == "2026-12-02"
    assert first in track.resolutions.entries
    assert track.ledger.lines[-1].supersedes == first.sha256


def test_what_is_certain_early_says_why(folder: Path) -> None:
    answer = api.resolve_question(
        "flights", "two or more", source="x", seen="y", early="Two have flown.", forecasts=folder,
        now=LATER,
    )  # fmt: skip
    assert answer.to_json() | {"sha256": ""} == {
        "id": "flights", "status": "resolved", "answer": "two or more", "on": "2027-01-10",
        "resolved_on": "2027-01-10", "source": "x", "seen": "y", "early": "Two have flown.",
        "sha256": "",
    }  # fmt: skip


def test_a_text_that_hides_something_is_shown(folder: Path) -> None:
    api.resolve_question(
        "moon", None, status="annulled", source="a\x1b[31m\u202eb", seen="two\nlines",
        forecasts=folder, now=LATER,
    )  # fmt: skip
    entry = read_folder(folder, TODAY).standing["moon"]
    assert (entry.source, entry.seen) == ("a\ufffd[31m\ufffdb", "two lines")


def test_nothing_is_added_where_it_would_not_be_read(folder: Path) -> None:
    path = folder / "resolutions.yaml"
    entries = path.read_text().partition("resolutions:\n")[2]
    flow = ", ".join(
        "{" + ", ".join(line.strip(" -") for line in entry.splitlines() if line.strip()) + "}"
        for entry in entries.split("  - ")[1:]
    )
    path.write_text(f"resolutions: [{flow}]\n")
    assert len(read_folder(folder, TODAY).resolutions.entries) == 3
    assert refused(folder, "moon", None, status="annulled") == (
        f"{path} has something after its list of resolutions, or writes it in brackets: let the "
        "file end with that list, an entry below the other"
    )


# --- crashes and full disks -----------------------------------------------------------------------


def record(folder: Path) -> None:
    api.record_forecasts([played(500)], folder, forecaster="third", now=LATER, workers=1)


def resolve(folder: Path) -> None:
    api.resolve_question(
        "moon", None, status="annulled", source="x", seen="y", forecasts=folder, now=LATER
    )


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.slow
@pytest.mark.parametrize("act", [record, resolve])
def test_a_disk_that_fills_up_costs_no_more_than_the_act_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None]
) -> None:
    begun = files(folder)
    shutil.copytree(folder, tmp_path / "whole")
    act(tmp_path / "whole")
    done = files(tmp_path / "whole")
    for room in count():
        writes, out = count(), tmp_path / f"out{room}"
        shutil.copytree(folder, out)

        def write(descriptor: int, writes: count[int] = writes, room: int = room) -> None:
            if next(writes) == room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            FSYNC(descriptor)

        monkeypatch.setattr(os, "fsync", write)
        try:
            act(out)
        except CoopsimError as error:
            assert str(error).endswith(" cannot be written: No space left on device")  # noqa: PT017
        else:
            assert room == 2  # the file, and the chain
            return
        monkeypatch.setattr(os, "fsync", FSYNC)
        assert files(out).items() <= begun.items() | done.items()
        act(out)
        assert files(out) == done


def cut_short(folder: Path, act: Callable[[Path], None]) -> None:
    """Do an act, and take its line out of the chain, as a crash between the two leaves it."""
    before = (folder / "ledger.jsonl").read_bytes()
    act(folder)
    (folder / "ledger.jsonl").write_bytes(before)


def test_what_a_crash_left_is_named_and_taken_up(folder: Path) -> None:
    cut_short(folder, record)
    assert told(folder) == (
        "2026-01-01-third.json: error: found a record that is not in ledger.jsonl, expected one "
        "for each line: if recording was cut short, record the same result again; else remove the "
        "file"
    )
    left = (folder / "2026-01-01-third.json").read_bytes()
    again = LATER + timedelta(hours=5)
    api.record_forecasts([played(500)], folder, forecaster="third", now=again, workers=1)
    assert (folder / "2026-01-01-third.json").read_bytes() == left  # made when it was made
    assert read_folder(folder, TODAY).ledger.lines[-1].of == "2026-01-01-third.json"


def test_nothing_else_goes_on_before_that(folder: Path) -> None:
    cut_short(folder, record)
    said = told(folder)
    with pytest.raises(ScenarioError) as error:
        resolve(folder)
    assert str(error.value).replace(f"{folder}/", "") == said
    with pytest.raises(ScenarioError) as error:
        api.record_forecasts([played(1000)], folder, forecaster="third", now=LATER, workers=1)
    assert str(error.value).replace(f"{folder}/", "") == said


def test_a_chain_can_be_read_by_itself(folder: Path) -> None:
    chain = read_ledger((folder / "ledger.jsonl").read_text(), "x")
    assert chain.written() == (folder / "ledger.jsonl").read_bytes()


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    folder = asked_in(tmp_path)
    (folder / "2026-01-01-small.json").write_text("{}")
    with pytest.raises(ScenarioError):
        api.record_forecasts([played()], folder, now=MADE, workers=1)
    assert (folder / "2026-01-01-small.json").read_text() == "{}"
