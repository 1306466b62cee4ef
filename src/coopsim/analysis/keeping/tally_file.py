"""Tallies on disk: the answers of timelines of which not all firings are kept.

One file holds what all questions have counted, and of which runs. It does not grow with the
runs, and is rewritten every few seconds while they are simulated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter, ValidationError

from coopsim.analysis.checkpoints import is_short
from coopsim.analysis.counting import TallyCells
from coopsim.analysis.kinds.base import Tally
from coopsim.analysis.tallies import Gathered, Survey, TalliedRuns, merged
from coopsim.errors import CoopsimError
from coopsim.simulation.interfaces import Chunk, Simulate
from coopsim.simulation.limits import MOST_RUNS
from coopsim.simulation.program import Program
from coopsim.simulation.results.atomic import is_there, read_plain, write_atomically
from coopsim.simulation.results.keeping import MakePiece, Piece, write_piece
from coopsim.simulation.results.manifest import MANIFEST, Keep
from coopsim.simulation.results.parts import PART_RUNS, Origin, encode
from coopsim.simulation.results.store import TALLIES, Store

FORMAT = 1  # raised whenever older code could no longer read the file
BLOCK_RUNS = 5 * PART_RUNS  # without parts: some tenths of a second of the compiled engine
SAVE_SECONDS = 10  # what a killed run may lose

RunSpan = tuple[int, int]  # first run, the run after the last
_SPANS = TypeAdapter(list[RunSpan])
_MOST_BYTES = 100_000_000  # some hundred times what is written

_SCHEMA = pa.schema(
    [
        pa.field("question", pa.int32(), nullable=False),  # its position among the outcomes
        pa.field("value", pa.float64(), nullable=False),
        pa.field("column", pa.int64(), nullable=False),
        pa.field("count", pa.int64(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Tallied:
    """What each question counts over some runs."""

    span: RunSpan
    counts: TalliedRuns


class TallyFile:
    """The tallies of a result on disk, and its first firings where they are to be kept."""

    def __init__(self, store: Store, survey: Survey) -> None:
        """Go on with what is on disk.

        Raises CoopsimError naming the file where it is damaged or of other assumptions.
        """
        self._store, self._survey = store, survey
        self._path = store.folder / TALLIES
        self._tallies: tuple[Tally, ...] = survey.blank().tallies
        self._spans: list[RunSpan] = []
        self._saved = monotonic()
        if is_there(self._path):
            self._spans = _read(self._path, store.origin, self._tallies)

    def gathered(self) -> Gathered:
        """Get all tallies; raises CoopsimError where there is no timeline, or too few."""
        promised = self._store.manifest
        if promised.complete and self.runs < promised.runs:
            raise CoopsimError(
                f"{self._path} is missing or incomplete: {self._store.folder / MANIFEST} "
                f"promises {promised.runs} runs; run the scenario again"
            )
        runs = sum(end - first for first, end in self._spans)
        return merged([Gathered(runs, self._tallies)] if runs else [])

    @property
    def runs(self) -> int:
        """Count the runs that are there from 0 on without a gap."""
        return self._spans[0][1] if self._spans and self._spans[0][0] == 0 else 0

    def missing(self, runs: int) -> list[Chunk]:
        """List the blocks to compute so that the runs 0 <= run < `runs` are there.

        What is counted cannot be taken out again: where later runs are there, as many are
        asked for.
        """
        runs = max(runs, *(end for _, end in self._spans), 0)
        if self._store.manifest.keep is Keep.nothing:
            gaps = _gaps(self._spans, runs)
            return [chunk for gap in gaps for chunk in _blocks(*gap, BLOCK_RUNS)]
        lacking = {block.first_run for block in self._store.missing_blocks(runs)}
        blocks = _blocks(0, runs, PART_RUNS)
        return [one for one in blocks if one[0] in lacking or _held(self._spans, *one) < one[1]]

    def work(self, simulate: Simulate) -> MakePiece:
        """Make what a worker does with a block: simulate it, count, and encode first firings."""
        firsts = self._store.manifest.keep is Keep.firsts
        return _Counted(
            simulate, self._survey, tuple(self._spans), self._store.origin if firsts else None
        )

    def keep(self, piece: Piece) -> None:
        """Take in a block, and now and then save; raises CoopsimError where that fails."""
        write_piece(self._store, piece)
        tallied: Tallied = piece.tallies
        tallied.counts.add_to(self._tallies)
        self._spans = _joined([*self._spans, tallied.span])
        if monotonic() - self._saved > SAVE_SECONDS:
            self.save()

    def save(self) -> None:
        """Write all tallies; raises CoopsimError where that fails."""
        write_atomically(self._path, _encoded(self._tallies, self._spans, self._store.origin))
        self._saved = monotonic()


@dataclass(frozen=True, slots=True)
class _Counted:
    """Work that simulates a block and counts; runs held already are not counted twice."""

    simulate: Simulate
    survey: Survey
    held: tuple[RunSpan, ...]
    origin: Origin | None

    def __call__(self, program: Program, first_run: int, runs: int) -> Piece:
        # Of one block, what is held is its beginning: a result ended there once.
        begin, end = first_run + _held(self.held, first_run, runs), first_run + runs
        span = begin, end
        if self.origin is None:
            blocks = _blocks(*span, PART_RUNS)
            counts = self.survey.count(self.simulate(program, *block) for block in blocks)
            return Piece(first_run, runs, None, Tallied(span, counts))
        firings = self.simulate(program, first_run, runs)
        counts = self.survey.count([firings.cut(begin, end - begin)] if begin < end else [])
        part = encode(firings.firsts(), program, self.origin)
        return Piece(first_run, runs, part, Tallied(span, counts))


def _blocks(first_run: int, end: int, most: int) -> list[Chunk]:
    """Cut runs at the multiples of a number."""
    edges = [first_run, *range((first_run // most + 1) * most, end, most), end]
    return [(low, high - low) for low, high in pairwise(edges) if low < high]


def _held(spans: Iterable[RunSpan], first_run: int, runs: int) -> int:
    """Count the runs of a block that are in some spans."""
    within = (min(end, first_run + runs) - max(first, first_run) for first, end in spans)
    return sum(max(0, length) for length in within)


def _joined(spans: Iterable[RunSpan]) -> list[RunSpan]:
    joined: list[RunSpan] = []
    for first, end in sorted(spans):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif first < end:
            joined.append((first, end))
    return joined


def _gaps(spans: Sequence[RunSpan], runs: int) -> list[RunSpan]:
    """Find what spans in order leave of the runs 0 <= run < `runs`."""
    begins = [0, *(end for _, end in spans)]
    ends = [*(first for first, _ in spans), runs]
    return [gap for gap in zip(begins, ends, strict=True) if gap[0] < gap[1]]


def _encoded(tallies: Sequence[Tally], spans: Sequence[RunSpan], origin: Origin) -> bytes:
    cells = [one.cells() for one in tallies]
    lengths = [len(one.counts) for one in cells]
    columns = [
        np.repeat(np.arange(len(cells), dtype=np.int32), lengths),
        *(_end_to_end(cells, name) for name in ("values", "columns", "counts")),
    ]
    table = pa.Table.from_arrays(
        [pa.array(column) for column in columns],
        schema=_SCHEMA.with_metadata(
            {
                **_expected(origin),
                "coopsim.spans": json.dumps(spans),
                "coopsim.steps": _steps(tallies),
            }
        ),
    )
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_page_checksum=True)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _end_to_end(cells: Sequence[TallyCells], name: str) -> Any:
    return np.concatenate([getattr(one, name) for one in cells] or [np.zeros(0)])


def _steps(tallies: Sequence[Tally]) -> str:
    return "days" if any(is_short(one.program) for one in tallies) else "months"


def _check_steps(said: Mapping[str, str], tallies: Sequence[Tally]) -> None:
    """Refuse a file of a short scenario from before days were counted."""
    if said.get("coopsim.steps", "months") != _steps(tallies):
        raise ValueError("it counts by months where this version counts by days")


def _expected(origin: Origin) -> dict[str, str]:
    return {
        "coopsim.format": str(FORMAT),
        "coopsim.hash": origin.hash,
        "coopsim.seed": str(origin.seed),
    }


def _read(path: Path, origin: Origin, tallies: Sequence[Tally]) -> list[RunSpan]:
    """Put what a file holds into blank tallies; gives the spans of runs that it counts."""
    content = read_plain(path, _MOST_BYTES)
    try:
        table = pq.read_table(pa.BufferReader(content), page_checksum_verification=True)
        said = {key.decode(): text.decode() for key, text in (table.schema.metadata or {}).items()}
        spans = _spans(said, origin)
        _check_steps(said, tallies)
        _fill(tallies, table, sum(end - first for first, end in spans))
    except (OSError, ValueError, KeyError, IndexError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise CoopsimError(
            f"{path} is damaged: {reason}; remove it and run the scenario again"
        ) from error
    return spans


def _spans(said: Mapping[str, str], origin: Origin) -> list[RunSpan]:
    for key, text in _expected(origin).items():
        if said.get(key) != text:
            raise ValueError(f"its {key} is {said.get(key)}, expected {text}")
    try:
        spans = _SPANS.validate_json(said["coopsim.spans"], strict=True)
    except ValidationError:
        raise ValueError("it does not say which timelines it counts") from None
    if any(not 0 <= first < end <= MOST_RUNS for first, end in spans) or spans != _joined(spans):
        raise ValueError("it does not say which timelines it counts")
    return spans


def _fill(tallies: Sequence[Tally], table: Any, runs: int) -> None:
    if not table.schema.equals(_SCHEMA):
        raise ValueError("its columns are not question, value, column and count")
    question, value, column, count = (one.to_numpy() for one in table.columns)
    edges = np.searchsorted(question, np.arange(len(tallies) + 1))
    if edges[-1] != len(question):
        raise ValueError("it answers questions that the scenario does not ask")
    if (question[1:] < question[:-1]).any() or (column < 0).any() or (count < 1).any():
        raise ValueError("it counts an impossible answer")
    if not (np.abs(value) <= MOST_RUNS).all():
        raise ValueError("it holds a value that is not a number")
    for number, one in enumerate(tallies):
        rows = slice(edges[number], edges[number + 1])
        one.put(TallyCells(value[rows], column[rows], count[rows]), runs)
        if (one.counted() != runs).any():
            raise ValueError("it counts a different number of timelines than it states")
