"""A part of a result: the firings of one block of runs as a Parquet file.

On disk they are in the order of time, whatever the run: the steps from one time to the next are
then small numbers, which saves a sixth of the space. Reading puts them back into the order of
runs; within a run the order in which they fired is kept.
"""

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
from coopsim.scenario.notation.values import format_date
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Event, Program
from coopsim.simulation.results.manifest import Keep

PART_FORMAT = 2  # raised whenever older code could no longer read a part
PART_RUNS = 1000  # runs of a full part; fewer than 2**16, for the quick sort of them

_NAMES = pa.dictionary(pa.int32(), pa.string())
_FIELDS = [
    pa.field("run", pa.int64(), nullable=False),
    pa.field("event", _NAMES, nullable=False),
    pa.field("outcome", _NAMES),  # null where the event names no outcome
    pa.field("time", pa.int64(), nullable=False),  # seconds since the start
]

# Measured with the baseline, 130 firings a timeline: 3.6 bytes a firing. Checksums show damage that
# the compression would not notice; statistics would serve only readers of a few rows.
_WRITING: dict[str, Any] = {
    "compression": "zstd",
    "use_dictionary": ["event", "outcome"],
    "column_encoding": {"run": "BYTE_STREAM_SPLIT", "time": "DELTA_BINARY_PACKED"},
    "write_page_checksum": True,
    "write_statistics": False,
}
# With so many names, used or not, each reference to one takes a whole byte, and of bytes zstd sees
# which are frequent: that saves another twentieth.
_BYTEFUL = 256


@dataclass(frozen=True, slots=True)
class Origin:
    """The assumptions that a part was computed from, and which of its firings are kept."""

    hash: str
    seed: int
    keep: Keep = Keep.firings


@dataclass(frozen=True, slots=True)
class Block:
    """The runs of one part: `runs` of them, from index x PART_RUNS on."""

    index: int
    runs: int

    @classmethod
    def of(cls, first_run: int, runs: int) -> Block:
        """Make a block of some runs; raises ValueError where they are none."""
        index, within = divmod(first_run, PART_RUNS)
        if within != 0 or not 0 < runs <= PART_RUNS:
            raise ValueError(f"{runs} runs from {first_run} on are not a block")
        return cls(index, runs)

    @property
    def first_run(self) -> int:
        """Get the number of the block's first run."""
        return self.index * PART_RUNS

    @property
    def filename(self) -> str:
        """Get the name of the file that holds the block."""
        return f"part-{self.index:06d}.parquet"


def encode(firings: Firings, program: Program, origin: Origin) -> bytes:
    """Make the content of a part; the same firings give the same bytes."""
    order = _by_time(firings.time)
    event, outcome = firings.event.take(order), firings.outcome.take(order)
    columns = [
        _plain(firings.run.take(order)),
        *dictionary_columns(program, event, outcome, _BYTEFUL),
        _plain(firings.time.take(order)),
    ]
    metadata = _metadata(origin, program, firings)
    table = pa.Table.from_arrays(columns, schema=pa.schema(_FIELDS, metadata))
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **_WRITING)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def dictionary_columns(
    program: Program, event: NDArray[np.int32], outcome: NDArray[np.int32], padded: int = 0
) -> tuple[Any, Any]:
    """Make columns of the names of events and outcomes, null where an event names no outcome.

    Their dictionaries are `padded` to so many names.
    """
    names = _OutcomeNames(program)
    outcomes = names.codes.ravel().take(event * names.codes.shape[1] + outcome)
    events = [one.name for one in program.events]
    return _named(event, events, padded), _named(outcomes, names.names, padded)


def _by_time(time: NDArray[np.int64]) -> NDArray[np.intp]:
    """Order firings by time; those of one second stay as they are."""
    # Numpy sorts 16 bits by counting: twice that, or thrice, is faster than to compare.
    order = np.argsort(time.astype(np.uint16), kind="stable")
    for shift in range(16, int(time.max(initial=0)).bit_length(), 16):
        order = order.take(np.argsort((time >> shift).astype(np.uint16).take(order), kind="stable"))
    return order


# Arrow's own conversions of arrays and lists import pandas, where that is installed, which takes
# longer than all the rest: so arrays are made of buffers.


def _plain(numbers: NDArray[np.int64]) -> Any:
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def _named(codes: NDArray[np.int32], names: list[str], padded: int) -> Any:
    """Make a column of names, null where the code is -1."""
    present = None
    if (codes < 0).any():
        present = pa.py_buffer(np.packbits(codes >= 0, bitorder="little"))
    numbers = pa.Array.from_buffers(pa.int32(), len(codes), [present, pa.py_buffer(codes)])
    padding = [f"-{number}" for number in range(len(names), padded)]
    return pa.DictionaryArray.from_arrays(numbers, _texts([*names, *padding]))


def _texts(texts: list[str]) -> Any:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int32)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers)


def _metadata(origin: Origin, program: Program, firings: Firings) -> dict[str, str]:
    kept = {} if origin.keep is Keep.firings else {"coopsim.keep": origin.keep.value}
    return {
        **kept,
        "coopsim.format": str(PART_FORMAT),
        "coopsim.hash": origin.hash,
        "coopsim.seed": str(origin.seed),
        "coopsim.start": format_date(program.start),
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
    """A part that is whole, but belongs elsewhere."""


@contextmanager
def _named_in_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except _ForeignError as error:
        raise CoopsimError(f"{path} does not belong to the result: {error}") from error
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
        return _firings(block, file.read(), program)


def _block(file: Any, origin: Origin) -> Block:
    schema = file.schema_arrow
    said = {key.decode(): text.decode() for key, text in (schema.metadata or {}).items()}
    said.setdefault("coopsim.keep", Keep.firings)
    expected = {"format": str(PART_FORMAT), "hash": origin.hash, "seed": str(origin.seed)}
    expected["keep"] = origin.keep
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
    return Block.of(int(said.get("coopsim.first_run", "")), int(said.get("coopsim.runs", "")))


def _firings(block: Block, table: Any, program: Program) -> Firings:
    table.validate(full=True)
    columns = table.unify_dictionaries().columns
    run, event, outcome, time = (column.combine_chunks() for column in columns)
    runs, times = _numbers(run, np.int64), _numbers(time, np.int64)
    _check(runs - block.first_run, times, block.runs, program.horizon)
    events = _event_indices(program, event)
    outcomes = _outcome_indices(program, events, outcome)
    order = np.argsort((runs - block.first_run).astype(np.uint16), kind="stable")
    return Firings(
        block.first_run, block.runs,
        runs.take(order), events.take(order), outcomes.take(order), times.take(order),
    )  # fmt: skip


def _check(offsets: NDArray[np.int64], times: NDArray[np.int64], runs: int, horizon: int) -> None:
    if not ((offsets >= 0) & (offsets < runs)).all():
        raise ValueError("it holds a run of another block")
    if not ((times >= 0) & (times < horizon)).all():
        raise ValueError("it holds a firing before the start or after the end")
    if (times[1:] < times[:-1]).any():
        raise ValueError("its firings are not in order of time")


def _numbers(column: Any, kind: type[np.integer[Any]]) -> NDArray[Any]:
    if not len(column):
        return np.empty(0, kind)
    return np.frombuffer(column.buffers()[1], kind)[column.offset : column.offset + len(column)]


def _codes(column: Any) -> NDArray[np.int32]:
    """Get the positions in a column's dictionary, -1 where there is none."""
    indices = column.indices
    codes = _numbers(indices, np.int32)
    if not indices.null_count:
        return codes
    bits = np.frombuffer(indices.buffers()[0], np.uint8)
    present = np.unpackbits(bits, bitorder="little")[indices.offset : indices.offset + len(codes)]
    return np.where(present, codes, np.int32(-1))


def _event_indices(program: Program, column: Any) -> NDArray[np.int32]:
    index = {event.name: number for number, event in enumerate(program.events)}
    names = column.dictionary.to_pylist()
    lookup = np.array([index.get(name, -1) for name in names], dtype=np.int32)
    codes = _codes(column)
    if (codes < 0).any():
        raise ValueError("it holds a firing of no event")
    events = lookup.take(codes)
    if (events < 0).any():
        raise ValueError("it names an event that the scenario does not know")
    return events


def _outcome_indices(program: Program, events: NDArray[np.int32], column: Any) -> NDArray[np.int32]:
    position = {name: number for number, name in enumerate(column.dictionary.to_pylist())}
    lookup = np.full((len(program.events), len(position) + 1), -1, dtype=np.int32)
    for number, event in enumerate(program.events):
        names = _outcome_names(event)
        if not names:
            lookup[number, -1] = 0  # the last column answers for code -1, a null
        for outcome, name in enumerate(names):
            if name in position:
                lookup[number, position[name]] = outcome
    width = lookup.shape[1]
    outcomes = lookup.ravel().take(events * width + _codes(column) % width)
    if (outcomes < 0).any():
        raise ValueError("it names an outcome that its event does not have")
    return outcomes
