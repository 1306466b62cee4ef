"""Blocks computed by the workers of a Dask cluster (the extra `coopsim[dask]`).

A block is a pure function of the program and its runs. So whatever a lost worker had in hand,
Dask gives to another one, and the result is that of one machine, bit for bit. That is why every
machine must have the same versions of all that numbers depend on: each task sees to it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from pickle import dumps, loads
from typing import TYPE_CHECKING, Any

from coopsim.errors import CoopsimError, UsageError
from coopsim.simulation.interfaces import Chunk
from coopsim.simulation.program import Program
from coopsim.simulation.results.manifest import PACKAGE, installed_versions
from coopsim.simulation.workers.pools import LostError, T

if TYPE_CHECKING:
    from distributed import Client, Future

SCHEME = "dask://"
_CODE = (".py", ".gz")  # the latter is what the kernel brings
PATIENCE = 10  # seconds to wait for a scheduler, or for its first worker

# The scheduler can hand out some hundred tasks a second. So many runs keep the compiled engine
# busy for some tenths of one.
TASK_RUNS = 5000


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers that a Dask scheduler knows, `address` being HOST:PORT."""

    address: str
    patience: float = PATIENCE

    @classmethod
    def at(cls, url: str) -> Cluster:
        """Parse what --on says: dask://HOST:PORT; raises UsageError for anything else."""
        host, _, port = url.removeprefix(SCHEME).rpartition(":")
        if not url.startswith(SCHEME) or not host or not port.isdecimal():
            raise UsageError(f"--on: found `{url}`, expected {SCHEME}HOST:PORT")
        return cls(f"{host}:{port}")

    @property
    def chunk_runs(self) -> None:
        """Get None: chunks are whole blocks."""

    def compute(
        self,
        program: Program,
        work: Callable[[Program, int, int], T],
        chunks: Sequence[Chunk],
        workers: int,  # noqa: ARG002  # the cluster has those it has
    ) -> Generator[T]:
        """Yield what `work` makes of each chunk, in any order.

        Raises CoopsimError where there is no such cluster, or it has other versions, LostError
        where it is lost half-way. An error of `work` is raised as it is.
        """
        with self._connected() as client, self._told():
            # Without coopsim a worker cannot even say that it has none: this asks by itself.
            client.run(find_spec, __name__)
            job = client.submit(_Job.of, dumps((program, work)), _equipment())
            tasks = iter(_tasks(chunks))
            yield from _in_flight(client, job, tasks)

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        """Connect to the scheduler and wait for a first worker."""
        try:
            import dask  # noqa: PLC0415  # an extra
            from distributed import Client  # noqa: PLC0415
        except ImportError as error:
            raise CoopsimError(
                f"{SCHEME}{self.address} needs Dask: pip install 'coopsim[dask]'"
            ) from error
        # What it has to say stands in our errors.
        for logger in ("distributed", "distributed.client"):
            logging.getLogger(logger).setLevel(logging.CRITICAL)
        with dask.config.set({"distributed.comm.timeouts.connect": self.patience}):
            address = f"tcp://{self.address}"
            try:
                client = Client(address, timeout=self.patience, set_as_default=False)
            except (OSError, ValueError) as error:
                raise CoopsimError(
                    f"no Dask scheduler answers at {self.address}: start one with `dask scheduler`"
                ) from error
            with client:
                self._await_worker(client)
                yield client

    def _await_worker(self, client: Client) -> None:
        try:
            client.wait_for_workers(1, timeout=self.patience)
        except TimeoutError as error:
            raise CoopsimError(
                f"the Dask scheduler at {self.address} has no workers: start some with "
                f"`dask worker {self.address}`"
            ) from error

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Translate errors of Dask into ours."""
        from distributed import CancelledError, KilledWorker  # noqa: PLC0415
        from distributed.comm import CommClosedError  # noqa: PLC0415

        try:
            yield
        except ModuleNotFoundError as error:
            raise CoopsimError(
                f"a worker of {self.address} has no module `{error.name}`: install the same "
                "packages there as here"
            ) from error
        except KilledWorker as error:
            raise LostError(
                f"workers of {self.address} died repeatedly over the same runs (out of memory?)"
            ) from error
        except (CancelledError, CommClosedError, OSError) as error:
            raise LostError(f"the Dask scheduler at {self.address} stopped responding") from error


def _tasks(chunks: Sequence[Chunk]) -> Iterator[list[Chunk]]:
    """Join small blocks into tasks."""
    task: list[Chunk] = []
    for chunk in chunks:
        task.append(chunk)
        if sum(runs for _, runs in task) >= TASK_RUNS:
            yield task
            task = []
    if task:
        yield task


def _in_flight(client: Client, job: Future, tasks: Iterator[list[Chunk]]) -> Iterator[Any]:
    """Yield what tasks make as it comes in; two for each thread are handed out at a time."""
    from distributed import as_completed  # noqa: PLC0415

    done = as_completed(_submitted(client, job, tasks, _width(client)), loop=client.loop)
    for future in done:
        made = future.result()
        future.release()
        lacking = _width(client) - done.count()
        for more in _submitted(client, job, tasks, max(lacking, 0)):
            done.add(more)
        yield from made


def _width(client: Client) -> int:
    """Count how many tasks keep all threads busy; workers come and go."""
    threads: int = sum(client.nthreads().values())
    return max(2, 2 * threads)


def _submitted(
    client: Client, job: Future, tasks: Iterator[list[Chunk]], most: int
) -> list[Future]:
    """Hand out some tasks; their names say what they are, so that each is done once."""
    return [
        client.submit(_Job.do, job, task, key=f"{job.key}-{task[0][0]}-{len(task)}")
        for task in islice(tasks, most)
    ]


@dataclass(frozen=True, slots=True)
class _Job:
    """What a worker does with every task, and what it takes to do it alike."""

    program: Program
    work: Callable[[Program, int, int], Any]
    needed: dict[str, str]

    @classmethod
    def of(cls, content: bytes, needed: dict[str, str]) -> _Job:
        """Unpack a job, once for all its tasks."""
        _compare(needed)
        program, work = loads(content)
        return cls(program, work, needed)

    def do(self, task: list[Chunk]) -> list[Any]:
        """Compute the blocks of a task."""
        _compare(self.needed)  # a worker that came late has unpacked nothing
        return [self.work(self.program, *chunk) for chunk in task]


def _compare(needed: dict[str, str]) -> None:
    """Raise CoopsimError where this worker is not as the machine that asks."""
    from distributed import get_worker  # noqa: PLC0415

    for name, there in _equipment().items():
        if there != needed[name]:
            raise CoopsimError(
                f"the worker at {get_worker().address} has {name} {there}, here it is "
                f"{needed[name]}: results could differ from those of one machine"
            )


@cache
def _equipment() -> dict[str, str]:
    """Get what numbers depend on: versions, and the code of coopsim itself."""
    versions = {**installed_versions(), "numba": version("numba")}
    return {**versions, "code of coopsim": _code_hash(PACKAGE)}


def _code_hash(package: Path) -> str:
    """Hash the sources of a package, and the machine code that they bring."""
    code = sha256()
    for room in ("scenario", "simulation", "analysis"):
        for path in sorted((package / room).rglob("*")):
            if path.suffix in _CODE:
                code.update(path.read_bytes())
    return code.hexdigest()[:8]
