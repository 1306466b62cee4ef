from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coopsim.errors import CoopsimError
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.results.parts import Block, Origin, encode, read_block, read_part
from fake_engine import DAY, HORIZON, PROGRAM, simulate
from test_firings import same

ORIGIN = Origin("3f9a2c1b", 2025)
AGAIN = "; remove it and run the scenario again"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a whole part, the second of its result."""
    path = tmp_path / "part-000001.parquet"
    path.write_bytes(encode(simulate(PROGRAM, 1000, 1000), PROGRAM, ORIGIN))
    return path


def message(path: Path, program: Program = PROGRAM, origin: Origin = ORIGIN) -> str:
    with pytest.raises(CoopsimError) as caught:
        read_part(path, program, origin)
    return str(caught.value).replace(str(path), "PART")


def rewrite(path: Path, change: Callable[[Any], Any]) -> None:
    """Put another table into a part that is valid Parquet."""
    pq.write_table(change(pq.read_table(path)), path)


def test_what_is_written_is_read(path: Path) -> None:
    assert same(read_part(path, PROGRAM, ORIGIN), simulate(PROGRAM, 1000, 1000))
    assert read_block(path, ORIGIN) == Block(1, 1000)


def test_columns_have_the_promised_types_and_order() -> None:
    firings = Firings.from_lists(0, 1000, ([0, 7], [1, 3], [0, 1], [5, DAY]))
    table = pq.read_table(pa.BufferReader(encode(firings, PROGRAM, ORIGIN)))
    names = pa.dictionary(pa.int32(), pa.string())
    assert [(field.name, field.type) for field in table.schema] == [
        ("run", pa.int64()),
        ("event", names),
        ("outcome", names),
        ("time", pa.int64()),
    ]
    assert table.to_pylist() == [
        {"run": 0, "event": "flight", "outcome": None, "time": 5},
        {"run": 7, "event": "launch", "outcome": "fails", "time": DAY},
    ]


def test_the_part_says_where_it_comes_from(path: Path) -> None:
    metadata = pq.read_schema(path).metadata
    metadata.pop(b"ARROW:schema", None)
    assert metadata == {
        b"coopsim.format": b"2",
        b"coopsim.hash": b"3f9a2c1b",
        b"coopsim.seed": b"2025",
        b"coopsim.start": b"1970-01-01",
        b"coopsim.first_run": b"1000",
        b"coopsim.runs": b"1000",
        b"coopsim.firings": b"2000",
    }


def test_the_same_firings_give_the_same_bytes() -> None:
    once, twice = (encode(simulate(PROGRAM, 0, 1000), PROGRAM, ORIGIN) for _ in range(2))
    assert once == twice


def test_on_disk_firings_are_in_the_order_of_time(path: Path) -> None:
    steps = np.diff(pq.read_table(path)["time"].to_numpy())
    assert (steps >= 0).all()
    assert (np.diff(read_part(path, PROGRAM, ORIGIN).time) < 0).any()


@pytest.mark.parametrize("seconds", [1, 1 << 16, HORIZON])
def test_firings_of_one_second_keep_their_order(tmp_path: Path, seconds: int) -> None:
    # Two runs that fire by turns at each of many seconds, in an order that nothing else tells.
    scrambled = np.arange(6000, dtype=np.int64) * 2_654_435_761
    time = np.sort((scrambled % (seconds * 50) // 50).reshape(2, 3000), axis=1).ravel()
    run, event = np.repeat([3, 4], 3000), np.where(scrambled // 7 % 2, 1, 2).astype(np.int32)
    firings = Firings(0, 1000, run, event, np.zeros(6000, np.int32), time)
    (tmp_path / "part-000000.parquet").write_bytes(encode(firings, PROGRAM, ORIGIN))
    assert same(read_part(tmp_path / "part-000000.parquet", PROGRAM, ORIGIN), firings)


def test_neither_pandas_nor_arrows_functions_are_imported(tmp_path: Path) -> None:
    # Where pandas is installed Arrow imports it on the least occasion, and that takes long.
    code = (
        "import sys, pathlib\n"
        "from coopsim.simulation.results.parts import Origin, encode, read_part\n"
        "from fake_engine import PROGRAM, simulate\n"
        "origin, path = Origin('3f9a2c1b', 2025), pathlib.Path('part-000000.parquet')\n"
        "path.write_bytes(encode(simulate(PROGRAM, 0, 1000), PROGRAM, origin))\n"
        "assert len(read_part(path, PROGRAM, origin)) > 0\n"
        "print(sorted({'pandas', 'pyarrow.compute'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_firing_takes_few_bytes() -> None:
    # 100 firings a timeline at random seconds; measured 3.6 bytes each with 120 event names.
    scrambled = np.arange(100_000, dtype=np.int64) * 2_654_435_761 % HORIZON
    time = np.sort(scrambled.reshape(1000, 100), axis=1).ravel()
    run, event = np.repeat(np.arange(1000), 100), (scrambled % 3 + 1).astype(np.int32)
    firings = Firings(0, 1000, run, event, np.zeros(100_000, np.int32), time)
    assert len(encode(firings, PROGRAM, ORIGIN)) < 5 * len(firings)


def test_a_part_without_firings_is_a_part(tmp_path: Path) -> None:
    empty = Firings.from_lists(0, 1000, ([], [], [], []))
    (tmp_path / "part-000000.parquet").write_bytes(encode(empty, PROGRAM, ORIGIN))
    assert same(read_part(tmp_path / "part-000000.parquet", PROGRAM, ORIGIN), empty)


def test_a_part_of_several_row_groups_is_read_whole(tmp_path: Path) -> None:
    count = 1_100_000  # Parquet's row groups hold 1,048,576
    numbers = np.arange(count, dtype=np.int64)
    event = (numbers % 3 + 1).astype(np.int32)
    outcome = np.where(event == 1, 0, numbers % 2).astype(np.int32)
    firings = Firings(0, 1000, numbers // 1100, event, outcome, numbers % 1100)
    path = tmp_path / "part-000000.parquet"
    path.write_bytes(encode(firings, PROGRAM, ORIGIN))
    assert same(read_part(path, PROGRAM, ORIGIN), firings)


def test_names_are_what_counts_when_events_change_places(path: Path) -> None:
    lag, flight, decision, launch = PROGRAM.events
    moved = replace(PROGRAM, events=(launch, lag, flight, decision))
    before, after = read_part(path, PROGRAM, ORIGIN), read_part(path, moved, ORIGIN)
    assert after.event.tolist() == ((before.event + 1) % 4).tolist()
    assert after.outcome.tolist() == before.outcome.tolist()


def survives(path: Path, firings: Firings) -> bool:
    """Tell whether a part gives its firings, rather than an error that names it."""
    try:
        found = read_part(path, PROGRAM, ORIGIN)
    except CoopsimError as error:
        if not str(error).startswith((f"{path} is damaged: ", f"{path} does not belong")):
            raise
        return False
    assert same(found, firings)
    return True


def test_any_single_damaged_bit_is_an_error_or_changes_nothing(path: Path) -> None:
    whole, firings = path.read_bytes(), simulate(PROGRAM, 1000, 1000)
    survived = 0
    for position in range(0, len(whole), 3):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        path.write_bytes(damaged)
        survived += survives(path, firings)
    assert survived < len(whole) / 3 * 0.2  # hits on statistics, which nobody reads


def test_a_part_cut_short_anywhere_is_an_error(path: Path) -> None:
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        assert message(path).startswith("PART is damaged: ")


def test_an_empty_file_is_named(path: Path) -> None:
    path.write_bytes(b"")
    assert message(path) == f"PART is damaged: Parquet file size is 0 bytes{AGAIN}"


def test_a_missing_part_is_named(path: Path) -> None:
    path.unlink()
    assert message(path) == "PART cannot be read: No such file or directory"


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        (Origin("00000000", 2025), "its hash is 3f9a2c1b, expected 00000000"),
        (Origin("3f9a2c1b", 1), "its seed is 2025, expected 1"),
    ],
)
def test_a_part_of_other_assumptions_is_foreign(path: Path, origin: Origin, reason: str) -> None:
    assert message(path, origin=origin) == f"PART does not belong to the result: {reason}"


def test_somebody_elses_parquet_is_foreign(path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), path)
    assert (
        message(path) == "PART does not belong to the result: its format is not given, expected 2"
    )


def test_a_part_under_another_name_is_foreign(path: Path) -> None:
    renamed = path.rename(path.with_name("part-000002.parquet"))
    assert (
        message(renamed)
        == "PART does not belong to the result: its runs are those of part-000001.parquet"
    )


def test_columns_of_another_type_are_damage(path: Path) -> None:
    rewrite(path, lambda table: table.drop_columns("time"))
    assert message(path) == (
        f"PART is damaged: its columns are not run, event, outcome and time{AGAIN}"
    )


def test_lost_rows_are_damage(path: Path) -> None:
    rewrite(path, lambda table: table.slice(1))
    assert message(path) == (
        f"PART is damaged: it does not hold as many firings as were written{AGAIN}"
    )


@pytest.mark.parametrize("runs", [0, 1001])
def test_runs_that_are_no_block_are_damage(path: Path, runs: int) -> None:
    path.write_bytes(encode(replace(simulate(PROGRAM, 1000, 1000), runs=runs), PROGRAM, ORIGIN))
    assert message(path) == f"PART is damaged: {runs} runs from 1000 on are not a block{AGAIN}"


def test_an_unknown_event_is_damage(path: Path) -> None:
    program = replace(PROGRAM, events=PROGRAM.events[:3])
    assert message(path, program) == (
        f"PART is damaged: it names an event that the scenario does not know{AGAIN}"
    )


@pytest.mark.parametrize("event", [1, 2])
def test_an_unknown_outcome_is_damage(path: Path, event: int) -> None:
    # Flights come to have outcomes, or decisions no longer have any.
    outcomes = {1: PROGRAM.events[2].outcomes, 2: PROGRAM.events[1].outcomes}[event]
    events = list(PROGRAM.events)
    events[event] = replace(events[event], outcomes=outcomes)
    assert message(path, replace(PROGRAM, events=tuple(events))) == (
        f"PART is damaged: it names an outcome that its event does not have{AGAIN}"
    )


@pytest.mark.parametrize(
    ("run", "time", "reason"),
    [
        ([999], [0], "it holds a run of another block"),
        ([2000], [0], "it holds a run of another block"),
        ([1000], [-1], "it holds a firing before the start or after the end"),
        ([1000], [HORIZON], "it holds a firing before the start or after the end"),
    ],
)
def test_impossible_firings_are_damage(
    path: Path, run: list[int], time: list[int], reason: str
) -> None:
    firings = Firings.from_lists(1000, 1000, (run, [1] * len(run), [0] * len(run), time))
    path.write_bytes(encode(firings, PROGRAM, ORIGIN))
    assert message(path) == f"PART is damaged: {reason}{AGAIN}"


def test_firings_out_of_order_are_damage(path: Path) -> None:
    rewrite(path, lambda table: table.take(np.arange(len(table))[::-1]))
    assert message(path) == f"PART is damaged: its firings are not in order of time{AGAIN}"
