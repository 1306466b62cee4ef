"""Answers as data: the ten timelines as a table, derived by hand, and firings with their dates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from coopsim.analysis.answer_tables import AnswerTable, firings_table
from coopsim.errors import CoopsimError, UsageError
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings
from hand_made import firings, program, scenario, split, start_by_run, start_cool, ten
from ten import ASKED

PROGRAM = program()
OF = {"scenario": "hand-made", "hash": "3f9a2c1b"}


def made(questions: dict[str, object] | None = None, draw_levels: Any = start_cool) -> AnswerTable:
    asked = scenario(ASKED if questions is None else questions).outcomes
    return AnswerTable.of(asked, PROGRAM, OF, draw_levels)


def column(question: dict[str, object], draw_levels: Any = start_cool) -> list[Any]:
    found: list[Any] = made({"asked": question}, draw_levels).table([ten()])["asked"].to_pylist()
    return found


def days(*texts: str | None) -> list[date | None]:
    return [None if text is None else date.fromisoformat(text) for text in texts]


# --- what each kind gives -------------------------------------------------------------------------


def test_the_columns_are_the_run_and_the_questions_by_their_ids() -> None:
    labels = pa.dictionary(pa.int32(), pa.string())
    table = made().table([ten()])
    assert [(field.name, field.type) for field in table.schema] == [
        ("run", pa.int64()),
        ("flies", pa.date32()),
        ("works", pa.date32()),
        ("early", pa.date32()),
        ("flights", pa.int64()),
        ("gap", pa.float64()),
        ("gap_happens", labels),
        ("first", labels),
        ("first_date", pa.date32()),
        ("relations", labels),
        ("mood", pa.float64()),
    ]
    assert table["run"].to_pylist() == list(range(10))


def test_metadata_say_what_the_columns_are_and_what_the_table_is_of() -> None:
    schema = made().schema
    assert schema.metadata == {b"coopsim.scenario": b"hand-made", b"coopsim.hash": b"3f9a2c1b"}
    assert schema.field("first_date").metadata == {
        b"title": b"Which it is",
        b"kind": b"first_of",
        b"question": b"first",
    }
    assert schema.field("gap").metadata == {
        b"title": b"From landing to flight",
        b"kind": b"between",
        b"question": b"gap",
        b"unit": b"years",
    }


def test_an_event_is_the_day_on_which_it_first_happens() -> None:
    assert column({"event": "flight"}) == days(
        "2025-08-01", None, "2026-01-01", "2026-01-01", "2025-07-01",
        None, None, "2026-05-05", "2026-01-15", "2025-09-01",
    )  # fmt: skip


def test_the_last_second_of_a_day_belongs_to_it_and_what_closes_is_missing() -> None:
    launches = days(
        "2025-12-31", None, "2026-01-01", "2026-01-01", None,
        "2026-06-15", "2027-06-30", "2026-05-06", None, "2026-12-31",
    )  # fmt: skip
    assert column({"event": "launch"}) == launches
    assert column({"event": "launch", "by": "2025-12-31"}) == [launches[0], *[None] * 9]


def test_a_last_flight_and_all_of_several() -> None:
    assert column({"last": "flight"})[:5] == days(
        "2026-08-01", None, "2026-01-01", "2026-01-01", "2027-06-30"
    )
    assert column({"all_of": ["landing", "flight"]})[8:] == days("2026-01-15", "2026-09-01")


def test_a_count_is_a_whole_number() -> None:
    assert column({"count": "flight"}) == [2, 0, 1, 1, 3, 0, 0, 1, 1, 1]


def test_a_gap_is_years_to_the_day_and_which_of_the_two_happens() -> None:
    table = made({"gap": {"between": ["flight", "launch"]}}).table([ten()])
    # Run 0: from 1 August to the last second of 31 December 2025, 153 days but a second.
    # Run 9: from 1 September 2025 to noon of 31 December 2026, 486.5 days: rounded up.
    assert table["gap"].to_pylist() == [
        153 / 365.25, None, 0.0, 0.0, None, None, None, 1 / 365.25, None, 487 / 365.25,
    ]  # fmt: skip
    assert table["gap_happens"].to_pylist() == [
        "both", "neither", "both", "both", "only_first",
        "only_second", "only_second", "both", "only_first", "both",
    ]  # fmt: skip


def test_first_of_is_a_branch_and_its_day() -> None:
    table = made({"first": {"first_of": ["flight", ["launch", "landing"]]}}).table([ten()])
    others = "launch or landing"
    # Runs 2 and 3 tie within a second; so does run 8, in which the landing fired first.
    assert table["first"].to_pylist() == [
        "flight", None, others, "flight", "flight", others, others, "flight", others, "flight",
    ]  # fmt: skip
    assert table["first_date"].to_pylist() == days(
        "2025-08-01", None, "2026-01-01", "2026-01-01", "2025-07-01",
        "2026-06-15", "2027-06-30", "2026-05-05", "2026-01-15", "2025-09-01",
    )  # fmt: skip


def test_a_driver_is_its_level_at_the_end_of_its_last_day() -> None:
    start = ["cold", "cool", "warm"]
    assert column({"driver": "relations"}, start_by_run) == [start[run % 3] for run in range(10)]
    log = firings([(0, "thaw", "2026-01-01"), (1, "thaw", "2025-12-31")], 2)
    asked: dict[str, object] = {"asked": {"driver": "relations", "by": "2025-12-31"}}
    assert made(asked).table([log])["asked"].to_pylist() == ["cool", "warm"]


def test_an_index_is_percent() -> None:
    terms = [{"when": {"flight": True}, "weight": 3}, {"when": {"landing": True}, "weight": 1}]
    assert column({"index": terms}) == [75, 0, 75, 75, 75, 0, 0, 75, 100, 100]


def test_no_two_columns_have_one_name() -> None:
    asked: dict[str, object] = {
        "run": {"count": "flight"},
        "first": {"first_of": ["flight", "launch"]},
        "first_date": {"event": "flight"},
    }
    table = made(asked).table([ten()])
    assert table.schema.names == ["run", "run_", "first", "first_date_", "first_date"]
    assert table["run_"].to_pylist()[:2] == [2, 0]
    assert table["first_date"].to_pylist()[5] is None
    assert table["first_date_"].to_pylist()[5] == date(2026, 6, 15)


# --- piece by piece, and into files ---------------------------------------------------------------


def test_parts_make_the_same_table_as_the_whole() -> None:
    whole = made().table([ten()])
    parts = made().table(split(ten(), 3, 4))
    assert parts.to_pylist() == whole.to_pylist()


def test_parquet_gives_the_table_back_with_its_metadata(tmp_path: Path) -> None:
    path = tmp_path / "answers.parquet"
    made().write(split(ten(), 5), path)
    table = pq.read_table(path)
    assert table.to_pylist() == made().table([ten()]).to_pylist()
    assert table.schema.field("flies").metadata[b"title"] == b"First flight"
    assert table.schema.metadata[b"coopsim.hash"] == b"3f9a2c1b"
    assert [one.name for one in tmp_path.iterdir()] == ["answers.parquet"]


def test_csv_has_dates_as_text_and_empty_cells_for_what_does_not_come(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    made().write(split(ten(), 5), path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == (
        "run,flies,works,early,flights,gap,gap_happens,first,first_date,relations,mood"
    )
    assert lines[1] == '0,2025-08-01,2026-02-01,,2,,"only_second","flight",2025-08-01,"cool",100'
    assert lines[2] == '1,,,,0,,"neither",,,"cool",0'
    assert len(lines) == 11
    assert pa_csv.read_csv(path)["flies"].to_pylist() == column({"event": "flight"})
    assert "".join(made().csv([ten()])) == path.read_text(encoding="utf-8")


def test_a_level_that_a_spreadsheet_would_calculate_has_a_quote_before_it() -> None:
    tree = scenario({"mood": {"driver": "mood"}}, drivers={
        "mood": {"levels": ["-1", "+1"], "initial": "+1", "judgement": "Made up."}
    }, events={"flight": {"rate": "1 per year", "judgement": "Made up."}})  # fmt: skip
    other = build_program(tree)
    log = Firings.from_lists(0, 1, ([], [], [], []))
    table = AnswerTable.of(tree.outcomes, other, OF)
    assert table.table([log])["mood"].to_pylist() == ["+1"]
    assert "".join(table.csv([log])) == 'run,mood\n0,"\'+1"\n'


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        made().write([ten()], tmp_path / "answers.xlsx")
    assert str(raised.value) == "found answers.xlsx, expected a file named .parquet or .csv"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["answers.parquet", "answers.csv"])
def test_a_failure_leaves_what_was_there(tmp_path: Path, name: str) -> None:
    def broken() -> Iterator[Firings]:
        yield ten()
        raise CoopsimError("a part is damaged")

    path = tmp_path / name
    path.write_text("before")
    with pytest.raises(CoopsimError, match="a part is damaged"):
        made().write(broken(), path)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "answers.csv"
    with pytest.raises(CoopsimError) as raised:
        made().write([ten()], path)
    assert str(raised.value) == f"{path} cannot be written: No such file or directory"


# --- firings --------------------------------------------------------------------------------------


def test_firings_have_dates_and_times() -> None:
    table = firings_table(PROGRAM, split(ten(), 4))
    assert table.schema.names == ["run", "event", "outcome", "date", "time"]
    assert table.to_pylist()[:2] == [
        {
            "run": 0, "event": "flight", "outcome": None,
            "date": date(2025, 8, 1), "time": datetime(2025, 8, 1),  # noqa: DTZ001
        },
        {
            "run": 0, "event": "launch", "outcome": "fails",
            "date": date(2025, 12, 31), "time": datetime(2025, 12, 31, 23, 59, 59),  # noqa: DTZ001
        },
    ]  # fmt: skip
    assert len(table) == len(ten())
    assert table.schema.metadata == {b"coopsim.start": b"2025-07-01"}
    assert json.dumps(table["outcome"].to_pylist()[2]) == '"works"'
