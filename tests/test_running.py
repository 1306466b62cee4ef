from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import fake_engine
from coopsim.errors import CoopsimError
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Simulate
from coopsim.simulation.program import Program
from coopsim.simulation.results.parts import Block
from coopsim.simulation.results.store import Store
from coopsim.simulation.workers.running import run_blocks
from fake_engine import PROGRAM, begin, die_at_1500, fail_at_1500, fill, simulate

pytestmark = pytest.mark.slow

PATIENCE = 60  # seconds, on a machine that is busy with other things

SCRIPT = """
import resource, sys
from pathlib import Path
import fake_engine
from coopsim.errors import CoopsimError
from coopsim.simulation.workers.running import run_blocks

if __name__ == "__main__":
    folder, engine, workers, limit = sys.argv[1:]
    store = fake_engine.begin(Path(folder))
    if limit != "none":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    report = lambda done, total: print(done, total, flush=True)
    try:
        run_blocks(fake_engine.PROGRAM, getattr(fake_engine, engine), store, int(workers), report)
    except CoopsimError as error:
        sys.exit(str(error))
"""


def parts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "firings").iterdir()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give the parts of 3000 runs, written block by block."""
    store = begin(tmp_path_factory.mktemp("whole"))
    fill(store, *store.missing_blocks(3000))
    return parts(store.folder)


class Command:
    """Run the script in a process group of its own, as a terminal would."""

    def __init__(self, folder: Path, engine: str, workers: int, limit: str = "none") -> None:
        self.folder = folder
        command = [sys.executable, "-c", SCRIPT, str(folder), engine, str(workers), limit]
        self.process = subprocess.Popen(
            command,
            env={**os.environ, "PYTHONPATH": str(Path(fake_engine.__file__).parent)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_for_part(self, index: int) -> None:
        path = self.folder / "firings" / f"part-{index:06d}.parquet"
        wait_until(lambda: path.exists() or self.process.poll() is not None)
        assert path.exists(), self.end()

    def end(self) -> tuple[int, str]:
        """Wait for the end; give the exit code and what stands on stderr."""
        try:
            _, complaints = self.process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise
        return self.process.returncode, complaints

    def has_processes(self) -> bool:
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True


def wait_until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.01)


# Computing


@pytest.mark.parametrize("workers", [1, 2])
def test_the_work_is_cut_without_a_trace(
    tmp_path: Path, whole: dict[str, bytes], workers: int
) -> None:
    store = run_blocks(PROGRAM, simulate, begin(tmp_path), workers)
    assert parts(tmp_path) == whole
    assert store == Store.open(tmp_path)
    assert (store.manifest.complete, store.manifest.runs, store.runs) == (True, 3000, 3000)
    assert 0 < (store.manifest.wall_seconds or 0) < PATIENCE


def test_progress_is_finer_than_a_block_and_ends_at_the_total(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    run_blocks(
        PROGRAM, simulate, begin(tmp_path, 1100), 1, lambda done, total: seen.append((done, total))
    )
    assert seen == [(done, 1100) for done in (0, 250, 500, 750, 1000, 1100)]


def test_only_what_is_missing_is_computed(tmp_path: Path, whole: dict[str, bytes]) -> None:
    store = begin(tmp_path)
    fill(store, Block(1, 1000))
    computed: list[int] = []
    seen: list[int] = []

    def watched(program: Program, first_run: int, runs: int) -> Firings:
        computed.append(first_run)
        return simulate(program, first_run, runs)

    run_blocks(PROGRAM, watched, store, 1, lambda done, _total: seen.append(done))
    assert computed == [0, 250, 500, 750, 2000, 2250, 2500, 2750]
    assert seen[0] == 1000
    assert seen[-1] == 3000
    assert parts(tmp_path) == whole


def never(_program: Program, _first_run: int, _runs: int) -> Firings:
    raise AssertionError


def test_a_finished_result_is_left_alone(tmp_path: Path) -> None:
    finished = run_blocks(PROGRAM, simulate, begin(tmp_path, 300))
    seen: list[tuple[int, int]] = []
    again = begin(tmp_path, 300)
    assert run_blocks(PROGRAM, never, again, 2, lambda *at: seen.append(at)) == finished
    assert seen == [(300, 300)]


def test_a_finished_result_that_lost_a_part_is_mended(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    run_blocks(PROGRAM, simulate, begin(tmp_path))
    (tmp_path / "firings" / "part-000001.parquet").unlink()
    run_blocks(PROGRAM, simulate, begin(tmp_path))
    assert parts(tmp_path) == whole


def test_more_runs_extend_the_folder(tmp_path: Path, whole: dict[str, bytes]) -> None:
    run_blocks(PROGRAM, simulate, begin(tmp_path, 1500))
    before = parts(tmp_path)
    assert before["part-000000.parquet"] == whole["part-000000.parquet"]
    assert before["part-000001.parquet"] != whole["part-000001.parquet"]
    store = run_blocks(PROGRAM, simulate, begin(tmp_path, 3000))
    assert parts(tmp_path) == whole
    assert store.manifest.runs == 3000


def test_workers_can_be_had_from_any_thread(tmp_path: Path, whole: dict[str, bytes]) -> None:
    def work() -> None:
        run_blocks(PROGRAM, simulate, begin(tmp_path), 2)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(PATIENCE)
    assert parts(tmp_path) == whole


def test_two_commands_on_one_folder_do_each_other_no_harm(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    commands = [Command(tmp_path, "dawdle", workers=1) for _ in range(2)]
    assert [command.end() for command in commands] == [(0, ""), (0, "")]
    assert parts(tmp_path) == whole
    assert Store.open(tmp_path).manifest.complete
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "firings",
        "manifest.json",
        "scenario.yaml",
    ]


# Failing


def failure(store: Store, engine: Simulate, workers: int = 1) -> str:
    with pytest.raises(CoopsimError) as caught:
        run_blocks(PROGRAM, engine, store, workers)
    assert caught.value.exit_code == 1
    return str(caught.value)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_engine_stops_everything_and_is_told_as_it_is(
    tmp_path: Path, whole: dict[str, bytes], workers: int
) -> None:
    assert failure(begin(tmp_path), fail_at_1500, workers) == (
        "run 1500 never ends: `flight` fired 10,001 times by 2030-01-01"
    )
    kept = parts(tmp_path)
    assert kept.items() <= whole.items()
    assert "part-000001.parquet" not in kept
    assert not Store.open(tmp_path).manifest.complete


def test_a_worker_that_is_killed_costs_its_block_only(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    assert failure(begin(tmp_path, 2000), die_at_1500, workers=2) == (
        "a worker process ended early (killed, out of memory, or by an error shown above): "
        f"1,000 of 2,000 timelines are kept in {tmp_path}; the same command continues from there"
    )
    run_blocks(PROGRAM, simulate, begin(tmp_path))
    assert parts(tmp_path) == whole


def test_a_full_disk_leaves_no_half_part(
    tmp_path: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = begin(tmp_path)
    synced: list[int] = []

    def full_at_the_second(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full_at_the_second)
    assert failure(store, simulate) == (
        f"{tmp_path}/firings/part-000001.parquet cannot be written: No space left on device"
    )
    assert parts(tmp_path) == {"part-000000.parquet": whole["part-000000.parquet"]}
    run_blocks(PROGRAM, simulate, begin(tmp_path))
    assert parts(tmp_path) == whole


def test_a_system_that_refuses_a_long_file_is_told_apart(tmp_path: Path) -> None:
    # A part takes about 4,000 bytes.
    assert Command(tmp_path, "simulate", 2, limit="2000").end() == (
        1,
        f"{tmp_path}/firings/part-000000.parquet cannot be written: File too large\n",
    )
    assert parts(tmp_path) == {}


# Stopping


def stopped(folder: Path) -> tuple[int, str]:
    return 1, (
        f"stopped: 1,000 of 3,000 timelines are kept in {folder}; the same command continues "
        "from there\n"
    )


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_finished_blocks_and_the_same_command_goes_on(
    tmp_path: Path, whole: dict[str, bytes], workers: int
) -> None:
    command = Command(tmp_path, "linger", workers)
    command.wait_for_part(0)
    time.sleep(0.2)  # every worker is now at work on what lasts for minutes
    begun = time.monotonic()
    os.killpg(command.process.pid, signal.SIGINT)  # a terminal tells the whole group
    assert command.end() == stopped(tmp_path)
    assert time.monotonic() - begun < PATIENCE / 4
    wait_until(lambda: not command.has_processes())
    assert parts(tmp_path) == {"part-000000.parquet": whole["part-000000.parquet"]}
    assert Command(tmp_path, "simulate", workers).end() == (0, "")
    assert parts(tmp_path) == whole


def test_kill_int_of_the_parent_alone_stops_the_workers_too(tmp_path: Path) -> None:
    command = Command(tmp_path, "linger", workers=2)
    command.wait_for_part(0)
    command.process.send_signal(signal.SIGINT)
    assert command.end() == stopped(tmp_path)
    wait_until(lambda: not command.has_processes())


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.1])
def test_ctrl_c_while_the_workers_start_is_neither_lost_nor_noisy(
    tmp_path: Path, delay: float
) -> None:
    command = Command(tmp_path, "linger", workers=2)
    assert command.process.stdout is not None
    assert command.process.stdout.readline() == "0 3000\n"
    time.sleep(delay)
    os.killpg(command.process.pid, signal.SIGINT)
    code, complaints = command.end()
    assert code == 1
    assert complaints.replace("1,000 of", "0 of") == stopped(tmp_path)[1].replace("1,000", "0", 1)
    wait_until(lambda: not command.has_processes())


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    command = Command(tmp_path, "linger", workers=2)
    command.wait_for_part(0)
    command.process.kill()
    assert command.end()[0] == -signal.SIGKILL
    wait_until(lambda: not command.has_processes())


def test_a_killed_run_goes_on_where_it_stood(tmp_path: Path, whole: dict[str, bytes]) -> None:
    command = Command(tmp_path, "linger", workers=1)
    command.wait_for_part(0)
    os.killpg(command.process.pid, signal.SIGKILL)
    command.end()
    (tmp_path / "firings" / ".part-000001.parquet.77.tmp").write_bytes(b"half")
    assert Store.open(tmp_path).runs == 1000
    assert Command(tmp_path, "simulate", 1).end() == (0, "")
    assert parts(tmp_path) == whole
