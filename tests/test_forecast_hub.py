"""A track record as a hub: valid by the published schemas, and opened by hubdata."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hubdata import connect_hub
from jsonschema import Draft202012Validator, FormatChecker

from coopsim.errors import CoopsimError, UsageError
from coopsim.forecasts.hub import Hub, write_hub
from coopsim.forecasts.questions import (
    HowAsked,
    Kind,
    OpenQuestion,
    QuestionBook,
    WorldQuestion,
)
from coopsim.forecasts.records import FORMAT, Answered, Assumed, Chance, Record, record_hash
from coopsim.forecasts.verifying import Recorded, TrackRecord

SCHEMAS = Path(__file__).parent / "hubverse"
OPENS, BY = date(2026, 11, 27), date(2028, 6, 30)
CDF = ((date(2026, 11, 30), 0.0), (date(2026, 12, 31), 0.125), (date(2027, 12, 31), 0.5),
       (BY, 0.625))  # fmt: skip


def world(identity: str, kind: Kind = "yes_no", options: Sequence[str] = ()) -> WorldQuestion:
    options = ("yes", "no") if kind == "yes_no" else options
    return WorldQuestion(
        identity, f"What of {identity}?", OPENS, BY, kind, tuple(options), "It is seen.", "NASA"
    )


def answered(
    asked: WorldQuestion, *chances: float, cdf: tuple[tuple[date, float], ...] = ()
) -> Answered:
    answers = ("yes",) if asked.is_event else asked.options
    found = {one: Chance(p, 0.01) for one, p in zip(answers, chances, strict=True)}
    return Answered(asked, "exact", None, {one: one for one in answers}, found, cdf)


FLIES = world("flies")
LEVEL = world("level")
FIRST = world("first", "choice", ["Luna-26", "Orel", "neither"])
COUNT = world("count", "count", ["none", "one", "two or more"])
COMES = world("comes", "date")
MARS = world("mars")
ANSWERED = (
    answered(FLIES, 0.625, cdf=CDF),
    answered(LEVEL, 0.25),
    answered(FIRST, 0.5, 0.25, 0.25),
    answered(COUNT, 0.333333, 0.333333, 0.333333),
    answered(COMES, 0.625, cdf=CDF),
    Answered(MARS, None, "No Mars.", {}, {}, ()),
)


def record(forecaster: str, made: str, *questions: Answered) -> Record:
    assumed = Assumed(
        "small", "Small", "0123abcd", date(2025, 8, 5), date(2025, 8, 5), date(2040, 12, 31), 7,
        1000, "0.1.0", ("scenario: small",),
    )  # fmt: skip
    return Record(FORMAT, f"{made}+00:00", forecaster, None, None, assumed, questions or ANSWERED)


def track(*records: Record) -> TrackRecord:
    asked = (HowAsked((), {}, None, "Not asked here."),)
    worlds = (FLIES, LEVEL, FIRST, COUNT, COMES, MARS)
    book = QuestionBook("Open questions", {w.identity: OpenQuestion(w, asked) for w in worlds})
    found = (
        Recorded(f"2025-08-05-{one.forecaster}.json", record_hash(one), one) for one in records
    )
    return TrackRecord(Path("forecasts"), book, tuple(found))


RECORDS = (
    record("baseline", "2026-11-27T16:00:00"),
    record("no-thaw", "2026-11-27T16:00:00", answered(LEVEL, 0.75)),
    record("baseline", "2027-01-05T09:00:00"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exported") / "hub"


@pytest.fixture(scope="module")
def hub(folder: Path) -> Hub:
    return write_hub(track(*RECORDS), folder)


def config(folder: Path, name: str) -> Any:
    return json.loads((folder / "hub-config" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["tasks", "admin"])
def test_its_configuration_is_valid_by_the_published_schema(
    hub: Hub, folder: Path, name: str
) -> None:
    schema = json.loads((SCHEMAS / f"{name}-schema.json").read_text(encoding="utf-8"))
    found = config(folder, name)
    assert found["schema_version"] == schema["$id"]
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(found)] == []
    assert hub.questions == 5


def test_every_file_is_where_hubverse_looks_for_it(hub: Hub, folder: Path) -> None:
    written = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert written == sorted(hub.files) == [
        "hub-config/admin.json",
        "hub-config/model-metadata-schema.json",
        "hub-config/tasks.json",
        "model-metadata/coopsim-baseline.yml",
        "model-metadata/coopsim-no_thaw.yml",
        "model-output/coopsim-baseline/2026-11-27-coopsim-baseline.parquet",
        "model-output/coopsim-baseline/2027-01-05-coopsim-baseline.parquet",
        "model-output/coopsim-no_thaw/2026-11-27-coopsim-no_thaw.parquet",
    ]  # fmt: skip
    schema = config(folder, "model-metadata-schema")
    for path in folder.glob("model-metadata/*.yml"):
        Draft202012Validator(schema).validate(json.loads(path.read_text(encoding="utf-8")))


Table = dict[tuple[str, str], dict[str, float]]


def read(folder: Path, model: str, day: date) -> Table:
    """Read by hubdata what a model says of each target, by type and value."""
    found: Table = defaultdict(dict)
    for row in connect_hub(folder).to_table().to_pylist():
        if (row["model_id"], row["origin_date"]) == (model, day):
            found[row["target"], row["output_type"]][row["output_type_id"]] = row["value"]
    return dict(found)


def test_hubdata_reads_what_was_recorded(hub: Hub, folder: Path) -> None:
    assert hub.forecasts == 3
    found = read(folder, "coopsim-baseline", date(2027, 1, 5))
    dated = {"2026-11-30": 0.0, "2026-12-31": 0.125, "2027-12-31": 0.5, "2028-06-30": 0.625}
    by_year = {"2026": 0.125, "2027": 0.375, "2028": 0.125, "not by 2028-06-30": 0.375}
    assert found == {
        ("flies", "pmf"): {"yes": 0.625, "no": 0.375},
        ("flies date", "cdf"): dated,
        ("flies date", "pmf"): by_year,
        ("level", "pmf"): {"yes": 0.25, "no": 0.75},
        ("first", "pmf"): {"Luna-26": 0.5, "Orel": 0.25, "neither": 0.25},
        ("count", "pmf"): pytest.approx({"none": 1 / 3, "one": 1 / 3, "two or more": 1 / 3}),
        ("comes", "pmf"): {"yes": 0.625, "no": 0.375},
        ("comes date", "cdf"): dated,
        ("comes date", "pmf"): by_year,
    }
    assert read(folder, "coopsim-no_thaw", date(2026, 11, 27)) == {
        ("level", "pmf"): {"yes": 0.75, "no": 0.25}
    }


# What hubverse asks of a table beyond the schema: every row is one that the tasks know, all values
# of an output are there, a pmf sums to 1 and a cdf only grows in the order that the tasks give.
def test_every_table_answers_the_tasks(hub: Hub, folder: Path) -> None:
    (the_round,) = config(folder, "tasks")["rounds"]
    tasks = {task["task_ids"]["target"]["optional"][0]: task for task in the_round["model_tasks"]}
    assert len(tasks) == 8
    for model, day in (
        ("coopsim-baseline", date(2026, 11, 27)),
        ("coopsim-no_thaw", date(2026, 11, 27)),
    ):
        for (target, kind), values in read(folder, model, day).items():
            wanted = tasks[target]["output_type"][kind]["output_type_id"]["required"]
            assert str(day) in tasks[target]["task_ids"]["origin_date"]["optional"]
            assert list(values) == wanted
            if kind == "pmf":
                assert sum(values.values()) == pytest.approx(1, abs=1e-12)
            else:
                assert list(values.values()) == sorted(values.values())
    assert hub.silent == 1


def test_a_target_says_what_was_asked(hub: Hub, folder: Path) -> None:
    (the_round,) = config(folder, "tasks")["rounds"]
    found = [task["target_metadata"][0] for task in the_round["model_tasks"]]
    types = {one["target_id"]: one["target_type"] for one in found}
    assert types == {
        "flies": "binary", "flies date": "date", "level": "binary", "first": "nominal",
        "count": "ordinal", "comes": "binary", "comes date": "date", "mars": "binary",
    }  # fmt: skip
    assert found[1]["target_name"] == "When, if at all: What of flies?"
    assert found[0]["description"] == "What of flies? It is seen. Decided by: NASA."
    assert hub.forecasters == ("baseline", "no-thaw")


def test_the_metadata_of_a_model_name_its_records(hub: Hub, folder: Path) -> None:
    text = (folder / "model-metadata" / "coopsim-baseline.yml").read_text(encoding="utf-8")
    first, second = json.loads(text)["records"]
    assert first == {
        "origin_date": "2026-11-27",
        "as_of": "2025-08-05",
        "scenario": "small-0123abcd",
        "seed": 7,
        "timelines": 1000,
        "file": "2025-08-05-baseline.json",
        "sha256": record_hash(RECORDS[0]),
    }
    assert second["origin_date"] == "2027-01-05"
    assert hub.superseded == 0


def test_of_a_day_the_last_forecast_counts(tmp_path: Path) -> None:
    early = record("baseline", "2026-11-27T09:00:00", answered(LEVEL, 0.75))
    late = record("baseline", "2026-11-27T16:00:00", answered(LEVEL, 0.5))
    hub = write_hub(track(early, late), tmp_path / "hub")
    assert (hub.forecasts, hub.superseded) == (1, 1)
    found = read(tmp_path / "hub", "coopsim-baseline", date(2026, 11, 27))
    assert found == {("level", "pmf"): {"yes": 0.5, "no": 0.5}}


def test_what_cannot_be_exported(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "notes.txt").write_text("mine", encoding="utf-8")
    twins = track(RECORDS[0], *(record(one, RECORDS[0].made[:19]) for one in ("a-b", "a_b")))
    long = "the_question_of_all_questions"
    named = track(RECORDS[0])
    named = replace(
        named,
        book=QuestionBook("Long", {long: OpenQuestion(world(long), ())}),
        records=(Recorded("r.json", "0" * 64, record("b", "2026-11-27T16:00:00", answered(
            world(long), 0.625, cdf=CDF))),),
    )  # fmt: skip
    cases = {
        "forecasts has no forecast yet: `coopsim forecast record` makes one": track(),
        "a-b and a_b would both be `coopsim-a_b`, as hubverse has no `-` in the name of a model":
        twins,
        "found the question `the_question_of_all_questions`, expected an id of at most 25 signs, "
        "as hubverse allows 30 for a target": named,
    }  # fmt: skip
    for message, asked in cases.items():
        with pytest.raises(UsageError) as error:
            write_hub(asked, tmp_path / "new")
        assert str(error.value) == message
        assert not (tmp_path / "new").exists()
    with pytest.raises(UsageError) as error:
        write_hub(track(*RECORDS), full)
    assert str(error.value) == f"{full} is there already and is not an empty folder"
    with pytest.raises(CoopsimError) as failed:
        write_hub(track(*RECORDS), full / "notes.txt" / "hub")
    assert (
        str(failed.value)
        == f"{full / 'notes.txt' / 'hub' / 'hub-config'} cannot be made: Not a directory"
    )
