"""A part of a result: the firings of one block of runs as a Parquet file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from coopsim.errors import CoopsimError
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Event, Program

FORMAT = 1  # raised whenever older code could no longer read a part
PART_RUNS = 1000  # runs of a full part

_NAMES = pa.dictionary(pa.int32(), pa.string())
_FIELDS = [
    pa.field("run", pa.int64(), nullable=False),
    pa.field("event", _NAMES, nullable=False),
    pa.field("outcome", _NAMES),  # null where the event names no outcome
    pa.field("time", pa.int64(), nullable=False),  # seconds since the start
]

# Measured at 100 firings a timeline: 4.1 bytes a firing, a third less than plain columns, which
# take four times as long to write. Checksums show damage that the compression would not notice.
_WRITING: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": ["event", "outcome"],
    "column_encoding": {"run": "DELTA_BINARY_PACKED", "time": "BYTE_STREAM_SPLIT"},
    "write_page_checksum": True,
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Say which assumptions a part was computed from."""

    hash: str
    seed: int


@dataclass(frozen=True, slots=True)
class Block:
    """Name the runs of one part: `runs` of them, from index x PART_RUNS on."""

    index: int
    runs: int

    @property
    def first_run(self) -> int:
        """Give the number of the block's first run."""
        return self.index * PART_RUNS

    @property
    def filename(self) -> str:
        """Name the file that holds the block."""
        return f"part-{self.index:06d}.parquet"


def encode(firings: Firings, program: Program, origin: Origin) -> bytes:
    """Make the content of a part; the same firings give the same bytes."""
    names = _OutcomeNames(program)
    codes = names.codes[firings.event, firings.outcome]
    columns = [
        pa.array(firings.run),
        _named(firings.event, [event.name for event in program.events]),
        _named(codes, names.names, codes < 0),
        pa.array(firings.time),
    ]
    metadata = _metadata(origin, firings)
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns, pa.schema(_FIELDS, metadata)), sink, **_WRITING)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _named(codes: NDArray[np.int32], names: list[str], null: Any = None) -> Any:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32(), mask=null), pa.array(names, pa.string())
    )


def _metadata(origin: Origin, firings: Firings) -> dict[str, str]:
    return {
        "coopsim.format": str(FORMAT),
        "coopsim.hash": origin.hash,
        "coopsim.seed": str(origin.seed),
        "coopsim.first_run": str(firings.first_run),
        "coopsim.runs": str(firings.runs),
        "coopsim.firings": str(len(firings)),
    }


class _OutcomeNames:
    """Number the outcome names of all events; `codes` is [event, outcome] -> number or -1."""

    def __init__(self, program: Program) -> None:
        named = [_outcome_names(event) for event in program.events]
        numbers: dict[str, int] = {}
        widest = max((len(event.outcomes) for event in program.events), default=0)
        self.codes = np.full((len(named), widest), -1, np.int32)
        for event, names in enumerate(named):
            for outcome, name in enumerate(names):
                self.codes[event, outcome] = numbers.setdefault(name, len(numbers))
        self.names = list(numbers)


def _outcome_names(event: Event) -> list[str]:
    names = [outcome.name for outcome in event.outcomes]
    return [] if names == ["true"] else names


class _ForeignError(Exception):
    """Say why a part, though whole, belongs elsewhere."""


@contextmanager
def _named_in_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except _ForeignError as error:
        raise CoopsimError(f"{path} is foreign: {error}") from error
    except (OSError, ValueError, pa.ArrowException) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise CoopsimError(f"{path} cannot be read: {os.strerror(error.errno)}") from error
        reason = str(error).partition("\n")[0].rstrip(".")
        raise CoopsimError(
            f"{path} is damaged: {reason}; remove it and run the scenario again"
        ) from error


def read_block(path: Path, origin: Origin) -> Block:
    """Read which runs a part holds, without its firings.

    Raises CoopsimError naming the file where it is damaged, of another format or of other
    assumptions.
    """
    with _named_in_errors(path), pq.ParquetFile(path) as file:
        block = _block(file, origin)
        if block.filename != path.name:
            raise _ForeignError(f"its runs are those of {block.filename}")
        return block


def read_part(path: Path, program: Program, origin: Origin) -> Firings:
    """Read the firings of a part; raises CoopsimError naming the file as `read_block` does."""
    block = read_block(path, origin)
    with (
        _named_in_errors(path),
        pq.ParquetFile(path, page_checksum_verification=True) as file,
    ):
        firings = _firings(block, file.read(), program)
        _check(firings, program.horizon)
        return firings


def _block(file: Any, origin: Origin) -> Block:
    schema = file.schema_arrow
    said = {key.decode(): text.decode() for key, text in (schema.metadata or {}).items()}
    expected = {"format": str(FORMAT), "hash": origin.hash, "seed": str(origin.seed)}
    for what, text in expected.items():
        found = said.get(f"coopsim.{what}", "not given")
        if found != text:
            raise _ForeignError(f"its {what} is {found}, expected {text}")
    # Parquet's checksums cover its pages only, so what its footer tells is held against ours.
    if not schema.equals(pa.schema(_FIELDS)):
        raise ValueError("its columns are not run, event, outcome and time")
    groups = range(file.metadata.num_row_groups)
    held = sum(file.metadata.row_group(group).num_rows for group in groups)
    if said.get("coopsim.firings") != str(held):
        raise ValueError("it does not hold as many firings as were written")
    index, within = divmod(int(said.get("coopsim.first_run", "")), PART_RUNS)
    block = Block(index, int(said.get("coopsim.runs", "")))
    if within != 0 or not 0 < block.runs <= PART_RUNS:
        raise ValueError("its runs are those of no block")
    return block


def _firings(block: Block, table: Any, program: Program) -> Firings:
    table.validate(full=True)
    columns = table.unify_dictionaries().columns
    run, event, outcome, time = (column.combine_chunks() for column in columns)
    events = _event_indices(program, event)
    outcomes = _outcome_indices(program, events, outcome)
    return Firings(block.first_run, block.runs, run.to_numpy(), events, outcomes, time.to_numpy())


def _codes(column: Any) -> NDArray[np.int32]:
    return np.asarray(column.indices.fill_null(-1).to_numpy(), dtype=np.int32)


def _event_indices(program: Program, column: Any) -> NDArray[np.int32]:
    index = {event.name: number for number, event in enumerate(program.events)}
    names = column.dictionary.to_pylist()
    lookup = np.array([index.get(name, -1) for name in names], dtype=np.int32)
    events = lookup[_codes(column)]
    if (events < 0).any():
        raise ValueError("it names an event that the scenario does not know")
    return events


def _outcome_indices(program: Program, events: NDArray[np.int32], column: Any) -> NDArray[np.int32]:
    names = column.dictionary.to_pylist()
    lookup = np.full((len(program.events), len(names) + 1), -1, dtype=np.int32)
    for number, event in enumerate(program.events):
        index = {name: outcome for outcome, name in enumerate(_outcome_names(event))}
        lookup[number, :-1] = [index.get(name, -1) for name in names]
        lookup[number, -1] = -1 if index else 0  # the last column answers for code -1, a null
    outcomes = lookup[events, _codes(column)]
    if (outcomes < 0).any():
        raise ValueError("it names an outcome that its event does not have")
    return outcomes


def _check(firings: Firings, horizon: int) -> None:
    run, time = firings.run, firings.time
    if not ((run >= firings.first_run) & (run < firings.first_run + firings.runs)).all():
        raise ValueError("it holds a run of another block")
    if not ((time >= 0) & (time < horizon)).all():
        raise ValueError("it holds a firing before the start or after the end")
    steps = np.diff(run)
    if (steps < 0).any() or ((steps == 0) & (np.diff(time) < 0)).any():
        raise ValueError("its firings are not in order")
