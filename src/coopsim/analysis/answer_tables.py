"""Answers as data: a row for each timeline, a column for each question; and firings with dates.

Tables are made part by part, so that a million timelines fit: `AnswerTable.batches` gives a piece
for each part, and the writers keep no more than some pieces at a time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from coopsim.analysis.evidence.stated import AskedStatement
from coopsim.analysis.kinds.base import Query, TidyColumn
from coopsim.analysis.outcomes import queries
from coopsim.analysis.timelines import DrawLevels, Timelines, drawn_levels
from coopsim.errors import UsageError
from coopsim.printable import for_spreadsheet
from coopsim.scenario.notation.values import DAY, format_date
from coopsim.scenario.spec import Question
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.results.atomic import open_atomically
from coopsim.simulation.results.parts import dictionary_columns

ArrowTable: TypeAlias = Any  # pyarrow publishes no types

RUN = "run"
_GROUP = 50_000  # rows written at a time
_LABELS = pa.dictionary(pa.int32(), pa.string())
_TYPES = {
    "date": pa.date32(),
    "count": pa.int64(),
    "years": pa.float64(),
    "percent": pa.float64(),
    "label": _LABELS,
    "truth": pa.bool_(),
}


@dataclass(frozen=True, slots=True, eq=False)
class AnswerTable:
    """A scenario's questions, and statements, as the columns of a table, after the run's number.

    `names` has for each question those of its columns: its own, and of a second one `NAME_date` or
    `NAME_happens`, with an underscore more where a question is called that already.
    """

    program: Program
    asked: tuple[Query | AskedStatement, ...]
    names: tuple[tuple[str, ...], ...]
    schema: Any
    draw_levels: DrawLevels = drawn_levels

    @classmethod
    def of(
        cls,
        questions: Mapping[str, Question],
        program: Program,
        identity: Mapping[str, str],
        draw_levels: DrawLevels = drawn_levels,
        statements: Sequence[AskedStatement] = (),
    ) -> AnswerTable:
        """Make the table of some questions; `identity` is what its metadata say it is of."""
        asked: tuple[Query | AskedStatement, ...] = (*queries(questions, program), *statements)
        nobody = Firings.from_lists(0, 0, ([], [], [], []))
        columns = _columns(asked, Timelines(program, nobody, draw_levels))
        names = _names(asked, columns)
        fields = [pa.field(RUN, pa.int64(), nullable=False)]
        for query, own, made in zip(asked, names, columns, strict=True):
            fields += [_field(query, *pair) for pair in zip(own, made, strict=True)]
        schema = pa.schema(fields, {f"coopsim.{key}": text for key, text in identity.items()})
        return cls(program, asked, names, schema, draw_levels)

    def batches(self, parts: Iterable[Firings]) -> Iterator[Any]:
        """Make a piece of the table of each part; raises CoopsimError as reading a part does."""
        return map(self.batch, parts)

    def batch(self, part: Firings) -> Any:
        """Make the piece of one part."""
        columns = _columns(self.asked, Timelines(self.program, part, self.draw_levels))
        run = np.arange(part.first_run, part.first_run + part.runs)
        made = [_arrow(column) for columns_of in columns for column in columns_of]
        return pa.RecordBatch.from_arrays([pa.array(run), *made], schema=self.schema)

    def table(self, parts: Iterable[Firings]) -> ArrowTable:
        """Make the whole table in memory."""
        return pa.Table.from_batches(self.batches(parts), schema=self.schema)

    def write(self, parts: Iterable[Firings], path: Path) -> None:
        """Write the table as Parquet or CSV, by the ending of the file's name.

        Raises UsageError for another ending, CoopsimError where the file cannot be written; what
        stood there before is then untouched.
        """
        writer = _WRITERS.get(path.suffix.lower())
        if writer is None:
            raise UsageError(f"found {path.name}, expected a file named .parquet or .csv")
        writer(self, parts, path)

    def csv(self, parts: Iterable[Firings]) -> Iterator[str]:
        """Write the table as CSV piece by piece, a line each for the names and every timeline."""
        header = io.StringIO()
        csv.writer(header, lineterminator="\n").writerow(self.schema.names)
        yield header.getvalue()
        for table in self.grouped(parts):
            text = io.BytesIO()
            pa_csv.write_csv(_for_csv(table), text, pa_csv.WriteOptions(include_header=False))
            yield text.getvalue().decode()

    def grouped(self, parts: Iterable[Firings]) -> Iterator[ArrowTable]:
        """Make the table in pieces of some ten thousand rows."""
        held: list[Any] = []
        for batch in self.batches(parts):
            held.append(batch)
            if sum(map(len, held)) >= _GROUP:
                yield pa.Table.from_batches(held, schema=self.schema)
                held = []
        if held:
            yield pa.Table.from_batches(held, schema=self.schema)


def _columns(
    asked: Iterable[Query | AskedStatement], timelines: Timelines
) -> list[list[TidyColumn]]:
    return [query.answer(timelines, [query.closes]).as_columns() for query in asked]


def _names(
    asked: Iterable[Query | AskedStatement], columns: Iterable[Iterable[TidyColumn]]
) -> tuple[tuple[str, ...], ...]:
    """Name the columns of each question, no two of all alike."""
    taken = {RUN, *(query.name for query in asked if query.name != RUN)}
    names = []
    for query, made in zip(asked, columns, strict=True):
        own = []
        for column in made:
            name = f"{query.name}_{column.part}" if column.part else query.name
            while (column.part or name == RUN) and name in taken:
                name += "_"
            taken.add(name)
            own.append(name)
        names.append(tuple(own))
    return tuple(names)


def _field(query: Query | AskedStatement, name: str, column: TidyColumn) -> Any:
    about = {"title": query.title, "kind": query.kind, "question": query.name}
    if column.holds in ("years", "percent"):
        about["unit"] = column.holds
    return pa.field(name, _TYPES[column.holds], column.missing is not None, about)


def _arrow(column: TidyColumn) -> Any:
    if column.holds == "label":
        places = pa.array(column.values.astype(np.int32), mask=column.missing)
        return pa.DictionaryArray.from_arrays(places, pa.array(column.labels, pa.string()))
    if column.holds == "date":
        return pa.array(column.values.astype(np.int32), mask=column.missing).view(pa.date32())
    return pa.array(column.values, _TYPES[column.holds], mask=column.missing)


def _for_csv(table: ArrowTable) -> ArrowTable:
    """Write labels as texts that no spreadsheet would calculate."""
    for place, field in enumerate(table.schema):
        if field.type == _LABELS:
            column = table.column(place).unify_dictionaries().combine_chunks()
            safe = pa.array(map(for_spreadsheet, column.dictionary.to_pylist()), pa.string())
            texts = pa.DictionaryArray.from_arrays(column.indices, safe).cast(pa.string())
            table = table.set_column(place, field.name, texts)
    return table


def _write_parquet(made: AnswerTable, parts: Iterable[Firings], path: Path) -> None:
    with (
        open_atomically(path) as file,
        pq.ParquetWriter(file, made.schema, compression="zstd") as writer,
    ):
        for table in made.grouped(parts):
            writer.write_table(table)


def _write_csv(made: AnswerTable, parts: Iterable[Firings], path: Path) -> None:
    with open_atomically(path) as file:
        for text in made.csv(parts):
            file.write(text.encode())


_WRITERS: Mapping[str, Callable[[AnswerTable, Iterable[Firings], Path], None]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
}


# --- firings ------------------------------------------------------------------------------------


def firings_table(program: Program, parts: Iterable[Firings]) -> ArrowTable:
    """Make a table of firings in memory: run, event, outcome, date, and time to the second.

    They are in the order of the runs, and within a run in that in which they fired. An outcome is
    null where the event names none.
    """
    pieces = [_dated(program, part) for part in parts]
    return pa.Table.from_batches(pieces, schema=_firings_schema(program))


def _firings_schema(program: Program) -> Any:
    fields = [
        pa.field("run", pa.int64(), nullable=False),
        pa.field("event", _LABELS, nullable=False),
        pa.field("outcome", _LABELS),
        pa.field("date", pa.date32(), nullable=False),
        pa.field("time", pa.timestamp("s"), nullable=False),
    ]
    return pa.schema(fields, {"coopsim.start": format_date(program.start)})


def _dated(program: Program, part: Firings) -> Any:
    event, outcome = dictionary_columns(program, part.event, part.outcome)
    moments = part.time + program.start
    days = pa.array((moments // DAY).astype(np.int32)).view(pa.date32())
    times = pa.array(moments).view(pa.timestamp("s"))
    columns = [pa.array(part.run), event, outcome, days, times]
    return pa.RecordBatch.from_arrays(columns, schema=_firings_schema(program))
