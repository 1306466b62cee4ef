"""Blocks computed by the worker processes of a real scheduler, some of which are killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import fake_engine
from coopsim import api
from coopsim.errors import CoopsimError, UsageError
from coopsim.simulation import simpy_model
from coopsim.simulation.building import build_program
from coopsim.simulation.cross_check import CrossChecked, EnginesDifferError
from coopsim.simulation.firings import Firings
from coopsim.simulation.interfaces import Simulate
from coopsim.simulation.program import Program
from coopsim.simulation.results.store import Store
from coopsim.simulation.workers import cluster
from coopsim.simulation.workers.cluster import Cluster
from coopsim.simulation.workers.pools import LostError
from coopsim.simulation.workers.running import run_blocks
from fake_engine import PROGRAM, begin, dawdle, fail_at_1500, simulate
from test_api import SMALL, parts_of

pytestmark = pytest.mark.slow

PATIENCE = 60  # seconds, on a machine that is busy with other things
RUNS = 12_000


class Processes:
    """Run a scheduler and workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host=127.0.0.1", "--port=0")
        self._wait(self.file.exists)
        self.address = json.loads(self.file.read_text())["address"].removeprefix("tcp://")

    def add_worker(self, **environment: str) -> None:
        """Start a worker that has one thread."""
        options = ("--no-nanny", "--nthreads=1", f"--local-directory={self.folder}")
        self.workers.append(self._start("worker", *options, environment=environment))

    def dismiss_worker(self) -> None:
        """Let a worker take its leave of the scheduler."""
        worker = self.workers.pop()
        worker.terminate()
        worker.wait(PATIENCE)

    def _start(
        self, what: str, *options: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        program = f"distributed.cli.dask_{what}"
        command = [sys.executable, "-m", program, f"--scheduler-file={self.file}", *options]
        paths = {"PYTHONPATH": str(Path(fake_engine.__file__).parent)}
        return subprocess.Popen(
            [*command, "--no-dashboard"],
            env={**os.environ, **paths, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many workers are known to the scheduler."""
        from distributed import Client  # noqa: PLC0415  # an extra

        with Client(f"tcp://{self.address}", set_as_default=False) as client:
            client.wait_for_workers(count, timeout=PATIENCE)

    def _wait(self, true: Callable[[], bool]) -> None:
        limit = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < limit, "waited in vain"
            time.sleep(0.05)

    def end(self) -> None:
        """Kill all of them."""
        for process in (self.scheduler, *self.workers):
            process.kill()
            process.wait()


@contextmanager
def processes(folder: Path) -> Iterator[Processes]:
    with ExitStack() as stack:
        started = Processes(folder)
        stack.callback(started.end)
        yield started


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Processes]:
    """Give a cluster of two workers."""
    with processes(tmp_path_factory.mktemp("two")) as started:
        started.add_worker()
        started.add_worker()
        started.wait_for_workers(2)
        yield started


@pytest.fixture(autouse=True)
def _tasks_of_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "TASK_RUNS", 1000)


def run_on(
    address: str,
    store: Store,
    engine: Simulate = simulate,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    patience: float = PATIENCE,
) -> Store:
    pool = Cluster(address, patience)
    return run_blocks(PROGRAM, engine, store, 1, on_progress, pool=pool)


def failure(run: Callable[[], object]) -> str:
    with pytest.raises(CoopsimError) as caught:
        run()
    assert caught.value.exit_code == 1
    return str(caught.value)


def kept(store: Store) -> str:
    there = sum(block.runs for block in store.parts())
    return (
        f"{there:,} of {store.manifest.runs:,} timelines are kept in {store.folder}; the same "
        "command continues from there"
    )


def whole(folder: Path) -> dict[str, bytes]:
    return parts_of(run_blocks(PROGRAM, simulate, begin(folder, RUNS)).folder)


# One result


def test_the_tallies_are_those_of_one_machine(tmp_path: Path, two: Processes) -> None:
    loaded = api.load(SMALL)
    made = {
        name: api.run(
            loaded, runs=7300, out=tmp_path / name, engine="simpy", keep="nothing", workers=1, on=on
        )
        for name, on in (("here", None), ("there", f"dask://{two.address}"))
    }
    files = [one.folder / "tallies.parquet" for one in made.values()]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert made["here"].summary == made["there"].summary


def test_first_firings_are_those_of_one_machine(tmp_path: Path, two: Processes) -> None:
    loaded = api.load(SMALL)
    here, there = (
        api.run(
            loaded, runs=2300, out=tmp_path / name, engine="simpy", keep="firsts", workers=1, on=on
        )
        for name, on in (("here", None), ("there", f"dask://{two.address}"))
    )
    assert parts_of(here.folder) == parts_of(there.folder)
    assert here.summary == there.summary


def test_ctrl_c_keeps_what_is_written_and_leaves_the_cluster_idle(
    tmp_path: Path, two: Processes
) -> None:
    def stop(done: int, _total: int) -> None:
        if done >= 3000:
            raise KeyboardInterrupt

    store = begin(tmp_path / "stopped", RUNS)
    assert failure(lambda: run_on(two.address, store, dawdle, stop)) == f"stopped: {kept(store)}"
    assert 3 <= len(store.parts()) < RUNS // 1000
    run_on(two.address, store)
    assert parts_of(store.folder) == whole(tmp_path / "whole")


def late(program: Program, first_run: int, runs: int) -> Firings:
    """Simulate as the SimPy model does, but a second late."""
    firings = simpy_model.simulate(program, first_run, runs)
    return replace(firings, time=firings.time + 1)


def test_the_cross_check_is_made_by_the_workers(tmp_path: Path, two: Processes) -> None:
    program = build_program(api.load(SMALL).scenario)
    checked = CrossChecked(late, frozenset(range(300)))
    with pytest.raises(EnginesDifferError) as caught:
        run_blocks(program, checked, begin(tmp_path, 300), pool=Cluster(two.address))
    assert str(caught.value).startswith("the engines differ in run ")
    good = CrossChecked(simpy_model.simulate, frozenset([7, 299]))
    store = begin(tmp_path, 300)
    store = run_blocks(program, good, store, pool=Cluster(two.address), cross_check=good.verdict)
    assert store.manifest.cross_check == "2 timelines, identical"


# What goes wrong


def test_an_error_of_the_engine_is_told_as_it_is(tmp_path: Path, two: Processes) -> None:
    assert failure(lambda: run_on(two.address, begin(tmp_path), fail_at_1500)) == (
        "run 1500 never ends: `flight` fired 10,001 times by 2030-01-01"
    )


def test_a_worker_that_would_compute_otherwise_is_refused(
    tmp_path: Path, two: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = cluster._equipment()  # noqa: SLF001
    monkeypatch.setattr(cluster, "_equipment", lambda: {**here, "numpy": "1.0"})
    text = failure(lambda: run_on(two.address, begin(tmp_path)))
    worker, _, rest = text.removeprefix("the worker at tcp://").partition(" ")
    assert worker.startswith("127.0.0.1:")
    assert rest == (
        f"has numpy {here['numpy']}, here it is 1.0: results could differ from those of one machine"
    )


@pytest.mark.parametrize("changed", ["rules.py", "kernel.bc.gz"])
def test_other_sources_and_other_bitcode_are_other_code(tmp_path: Path, changed: str) -> None:
    kernel = tmp_path / "simulation" / "kernel"
    kernel.mkdir(parents=True)
    for name in ("rules.py", "kernel.bc.gz"):
        (kernel / name).write_text("as shipped")
    before = cluster._code_hash(tmp_path)  # noqa: SLF001  # what workers must agree on
    (kernel / changed).write_text("other")
    assert cluster._code_hash(tmp_path) != before  # noqa: SLF001  # as above


def test_what_is_no_cluster_is_refused() -> None:
    for url in ("dask://host", "tcp://host:1", "dask://:1", "dask://host:port", "host:1"):
        with pytest.raises(UsageError) as caught:
            Cluster.at(url)
        assert str(caught.value) == f"--on: found `{url}`, expected dask://HOST:PORT"
    assert Cluster.at("dask://host:8786").address == "host:8786"


def test_where_no_scheduler_answers_one_is_told_how_to_start_it(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
        store = begin(tmp_path)
        assert failure(lambda: run_on(address, store, patience=1)) == (
            f"no Dask scheduler answers at {address}: start one with `dask scheduler`"
        )


def test_without_dask_one_is_told_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert failure(lambda: run_on("host:8786", begin(tmp_path))) == (
        "dask://host:8786 needs Dask: pip install 'coopsim[dask]'"
    )


def test_workers_that_are_missing_or_lack_coopsim_and_a_scheduler_that_is_lost(
    tmp_path: Path,
) -> None:
    bare = tmp_path / "bare" / "coopsim"  # hides the installed one
    bare.mkdir(parents=True)
    (bare / "__init__.py").touch()
    with processes(tmp_path) as one:
        store = begin(tmp_path / "result", RUNS)
        assert failure(lambda: run_on(one.address, store, patience=0.5)) == (
            f"the Dask scheduler at {one.address} has no workers: start some with "
            f"`dask worker {one.address}`"
        )
        one.add_worker(PYTHONPATH=str(bare.parent))
        assert failure(lambda: run_on(one.address, store)) == (
            f"a worker of {one.address} has no module `coopsim.simulation`: install the same "
            "packages there as here"
        )
        one.dismiss_worker()
        one.add_worker()
        one.wait_for_workers(1)

        def lose(done: int, _total: int) -> None:
            if done >= 3000:
                one.scheduler.kill()

        assert failure(lambda: run_on(one.address, store, dawdle, lose, patience=1)) == (
            f"the Dask scheduler at {one.address} stopped responding: {kept(store)}"
        )
        assert 3 <= len(store.parts()) < RUNS // 1000


def test_runs_that_kill_every_worker_are_given_up() -> None:
    from distributed import KilledWorker  # noqa: PLC0415  # an extra

    with pytest.raises(LostError) as caught, Cluster("head:8786")._told():  # noqa: SLF001
        raise KilledWorker("task", None, 3)
    assert str(caught.value) == (
        "workers of head:8786 died repeatedly over the same runs (out of memory?)"
    )


# The last one: it costs a worker


def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path, two: Processes) -> None:
    store = begin(tmp_path / "there", RUNS)
    killed: list[int] = []

    def kill_one(done: int, _total: int) -> None:
        if done >= 4000 and not killed:
            killed.append(done)
            two.workers[0].send_signal(signal.SIGKILL)
            two.workers[0].wait(PATIENCE)

    store = run_on(two.address, store, dawdle, kill_one)
    assert killed == [4000]
    assert two.workers[0].returncode == -signal.SIGKILL
    assert two.workers[1].poll() is None
    assert (store.manifest.complete, store.runs) == (True, RUNS)
    assert parts_of(store.folder) == whole(tmp_path / "here")
