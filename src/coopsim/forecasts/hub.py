"""Recorded forecasts as a hub by the rules of hubverse: what is asked, and a table for each record.

A round is a day on which forecasts were made, and a target what is asked. Every question has a pmf
over its answers. An event that is dated has a target besides, of which the cdf holds the chances
by the end of each month, and the pmf those of each year and that it has not come by the close.

Source: hubverse, "Schemas for modeling hubs", version 6.0.0, and its model output format.
"""

from __future__ import annotations

import io
import json
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from coopsim.errors import CoopsimError, UsageError
from coopsim.forecasts.questions import NO, YES, Kind, WorldQuestion
from coopsim.forecasts.records import Answered
from coopsim.forecasts.verifying import Recorded, TrackRecord
from coopsim.scenario.text.reading import listing
from coopsim.simulation.results.atomic import write_atomically

SCHEMAS = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v6.0.0"
TEAM = "coopsim"
DATED = " date"  # what the target of an event's date has behind the question's id
_TIMEZONE = "Africa/Abidjan"  # UTC all year: the schema has no zone of that name
_MOST_SIGNS = {"target_id": 30, "target_name": 100}
_TYPES: Mapping[Kind, str] = {
    "yes_no": "binary", "date": "binary", "choice": "nominal", "count": "ordinal",
}  # fmt: skip
_COLUMNS = pa.schema(
    [
        ("origin_date", pa.date32()),
        ("target", pa.string()),
        ("output_type", pa.string()),
        ("output_type_id", pa.string()),
        ("value", pa.float64()),
    ]
)
_METADATA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What is said of a forecaster",
    "type": "object",
    "properties": {
        "team_name": {"type": "string"},
        "team_abbr": {"type": "string"},
        "model_name": {"type": "string"},
        "model_abbr": {"type": "string", "pattern": "^[A-Za-z0-9_]+$"},
        "records": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["team_name", "team_abbr", "model_name", "model_abbr", "records"],
}


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub that was written: its folder and files, and how much of a track record is in it.

    On so many questions no forecaster says anything; `superseded` forecasts were amended on the day
    on which they were made, and left out.
    """

    folder: Path
    files: tuple[str, ...]
    forecasters: tuple[str, ...]
    forecasts: int
    questions: int
    silent: int
    superseded: int

    def to_json(self) -> dict[str, Any]:
        """Make the tree that --json prints."""
        return {
            "folder": str(self.folder),
            "files": list(self.files),
            "forecasters": list(self.forecasters),
            "forecasts": self.forecasts,
            "questions": self.questions,
            "silent": self.silent,
            "superseded": self.superseded,
        }


def write_hub(track: TrackRecord, folder: Path) -> Hub:
    """Write all forecasts of a track record as a hub, into a new or empty folder.

    Raises UsageError where there is no forecast, where something is in the folder already, and for
    names that hubverse cannot tell apart; CoopsimError where it cannot be written.
    """
    if not track.records:
        raise UsageError(f"{track.folder} has no forecast yet: `coopsim forecast record` makes one")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already and is not an empty folder")
    shown = _last_of_a_day(track.records)
    files = dict(_files(track, shown))
    for name, content in files.items():
        _write(folder / name, content)
    asked = {name for one in shown for name in _answered(one)}
    return Hub(
        folder=folder,
        files=tuple(files),
        forecasters=tuple(dict.fromkeys(one.record.forecaster for one in shown)),
        forecasts=len(shown),
        questions=len(asked),
        silent=len(track.book.questions) - len(asked),
        superseded=len(track.records) - len(shown),
    )


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CoopsimError(f"{path.parent} cannot be made: {error.strerror}") from error
    write_atomically(path, content)


def _last_of_a_day(records: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """Keep of each forecaster the last forecast of a day: a round has one of each."""
    return tuple({(one.record.forecaster, _day(one)): one for one in records}.values())


def model_of(one: Recorded) -> str:
    """Name the model of a forecaster, by the signs that hubverse allows."""
    return f"{TEAM}-{one.record.forecaster.replace('-', '_')}"


def _day(one: Recorded) -> date:
    return date.fromisoformat(one.record.made[:10])


def _answered(one: Recorded) -> dict[str, Answered]:
    """Get what a forecast says of the questions on which it is not silent."""
    return {each.world.identity: each for each in one.record.questions if each.fit is not None}


def _files(track: TrackRecord, records: Sequence[Recorded]) -> Iterator[tuple[str, bytes]]:
    """Make the files of a hub, by their paths."""
    targets = _targets(track, records)
    _check_names(targets, track.records)
    yield "hub-config/admin.json", _json(_admin(track))
    yield "hub-config/tasks.json", _json(_tasks(targets, records))
    yield "hub-config/model-metadata-schema.json", _json(_METADATA)
    for model in dict.fromkeys(map(model_of, records)):
        own = [one for one in records if model_of(one) == model]
        yield f"model-metadata/{model}.yml", _json(_metadata(model, own))  # JSON is YAML, too
        for one in own:
            name = f"model-output/{model}/{_day(one)}-{model}.parquet"
            yield name, _table(one, targets)


def _json(tree: Mapping[str, Any]) -> bytes:
    return f"{json.dumps(tree, indent=2, ensure_ascii=False)}\n".encode()


def _check_names(targets: Sequence[_Target], records: Sequence[Recorded]) -> None:
    """Refuse names that are too long, or that come to the same where hubverse has fewer signs."""
    for one in targets:
        most = _MOST_SIGNS["target_id"]
        if len(one.name) > most:
            raise UsageError(
                f"found the question `{one.world.identity}`, expected an id of at most "
                f"{most - len(DATED)} signs, as hubverse allows {most} for a target"
            )
    names: dict[str, set[str]] = {}
    for each in records:
        names.setdefault(model_of(each), set()).add(each.record.forecaster)
    for model, forecasters in names.items():
        if len(forecasters) > 1:
            raise UsageError(
                f"{listing(sorted(forecasters), 'and')} would both be `{model}`, as hubverse has "
                "no `-` in the name of a model"
            )


# --- what is asked --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Target:
    """What is asked: the answers of a question, or when an event comes; with months, the latter."""

    world: WorldQuestion
    months: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.world.identity}{DATED}" if self.months else self.world.identity

    @property
    def kind(self) -> str:
        return "date" if self.months else _TYPES[self.world.kind]

    @property
    def categories(self) -> tuple[str, ...]:
        """List the categories of the pmf, the lowest first."""
        if not self.months:
            return self.world.answers
        years = range(self.world.opens.year, self.world.by.year + 1)
        return (*map(str, years), f"not by {self.world.by}")

    def rows(self, answered: Answered) -> Iterator[tuple[str, str, float]]:
        """List the type, the value of the target and its probability, of one forecast."""
        if not self.months:
            chances = [_chance(answered, one) for one in self.categories]
            yield from _pmf(self.categories, chances)
        elif answered.cdf:
            yield from (("cdf", str(day), chance) for day, chance in answered.cdf)
            yield from _pmf(self.categories, _by_year(answered))


def _chance(answered: Answered, answer: str) -> float:
    if answered.world.is_event:
        yes = answered.chances[YES].probability
        return {YES: yes, NO: 1 - yes}[answer]
    return answered.chances[answer].probability


def _by_year(answered: Answered) -> list[float]:
    """Get the chance that an event comes in each year, and that it has not come by the close."""
    ends = {day.year: chance for day, chance in answered.cdf}  # the last day of a year counts
    return [late - early for early, late in pairwise((0.0, *ends.values(), 1.0))]


def _pmf(categories: Sequence[str], chances: Sequence[float]) -> Iterator[tuple[str, str, float]]:
    """List chances that sum to 1, as what is recorded was rounded."""
    total = sum(chances)
    for category, chance in zip(categories, chances, strict=True):
        yield "pmf", category, chance / total


def _targets(track: TrackRecord, records: Sequence[Recorded]) -> list[_Target]:
    """List what is asked: every question, and when it comes where some forecast says that."""
    targets = []
    for name, question in track.book.questions.items():
        targets.append(_Target(question.world))
        found = (each[name] for one in records if name in (each := _answered(one)))
        months = next((one.cdf for one in found if one.cdf), ())
        if months:
            targets.append(_Target(question.world, tuple(str(day) for day, _ in months)))
    return targets


def _tasks(targets: Sequence[_Target], records: Sequence[Recorded]) -> dict[str, Any]:
    days = sorted({str(_day(one)) for one in records})
    the_round = {
        "round_id_from_variable": True,
        "round_id": "origin_date",
        "model_tasks": [_model_task(one, days) for one in targets],
        "submissions_due": {"relative_to": "origin_date", "start": 0, "end": 0},
    }
    return {
        "schema_version": f"{SCHEMAS}/tasks-schema.json",
        "rounds": [the_round],
        "output_type_id_datatype": "character",
    }


def _model_task(one: _Target, days: list[str]) -> dict[str, Any]:
    outputs = {"pmf": one.categories, **({"cdf": one.months} if one.months else {})}
    return {
        "task_ids": {
            "origin_date": {"required": None, "optional": days},
            "target": {"required": None, "optional": [one.name]},
        },
        "output_type": {
            name: {
                "output_type_id": {"required": list(values)},
                "value": {"type": "double", "minimum": 0, "maximum": 1},
                "is_required": False,
            }
            for name, values in outputs.items()
        },
        "target_metadata": [_target_metadata(one)],
    }


def _target_metadata(one: _Target) -> dict[str, Any]:
    world = one.world
    asked = f"When, if at all: {world.question}" if one.months else world.question
    return {
        "target_id": one.name,
        "target_name": textwrap.shorten(asked, _MOST_SIGNS["target_name"], placeholder=" ..."),
        "target_units": "date" if one.months else "answer",
        "target_keys": {"target": one.name},
        "description": f"{asked} {world.criterion} Decided by: {world.source}.",
        "target_type": one.kind,
        "is_step_ahead": False,
        "additional_metadata": {"opens": str(world.opens), "by": str(world.by)},
    }


def _admin(track: TrackRecord) -> dict[str, Any]:
    return {
        "schema_version": f"{SCHEMAS}/admin-schema.json",
        "name": track.book.title,
        "maintainer": "The coopsim authors",
        "contact": {},
        "repository": {"host": "github", "owner": "OWNER", "name": "REPOSITORY"},
        "file_format": ["parquet"],
        "timezone": _TIMEZONE,
    }


# --- what was forecast ----------------------------------------------------------------------------


def _table(one: Recorded, targets: Sequence[_Target]) -> bytes:
    """Write a forecast as a Parquet file."""
    answered, day = _answered(one), _day(one)
    rows = [
        (day, target.name, *row)
        for target in targets
        if target.world.identity in answered
        for row in target.rows(answered[target.world.identity])
    ]
    columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    arrays = [
        pa.array(each, each_type) for each, each_type in zip(columns, _COLUMNS.types, strict=True)
    ]
    file = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=_COLUMNS), file)
    return file.getvalue()


def _metadata(model: str, records: Sequence[Recorded]) -> dict[str, Any]:
    forecaster = records[-1].record.forecaster
    return {
        "team_name": TEAM,
        "team_abbr": TEAM,
        "model_name": forecaster,
        "model_abbr": model.removeprefix(f"{TEAM}-"),
        "records": [
            {
                "origin_date": str(_day(one)),
                "as_of": str(one.record.assumed.as_of),
                "scenario": f"{one.record.assumed.scenario}-{one.record.assumed.hash}",
                "seed": one.record.assumed.seed,
                "timelines": one.record.assumed.timelines,
                "file": one.file,
                "sha256": one.sha256,
            }
            for one in records
        ],
    }
