"""What a million timelines cost: the steps, whole commands, and a cluster on this machine.

Prints the tables of docs/scale.md. Everything is measured several times, in turn; what is shown
are medians. `python bench/scale.py --runs 20000` is a quick look.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import commands
from report import machine, rounded, table

from coopsim.analysis.tallies import Survey, merged
from coopsim.scenario.loading import load
from coopsim.simulation.building import build_program
from coopsim.simulation.engines import simulate
from coopsim.simulation.results.atomic import write_atomically
from coopsim.simulation.results.parts import PART_RUNS, Origin, encode

SCENARIO = "scenarios/baseline.yaml"
KEEPS = ("firings", "firsts", "nothing")
LAPS = 5


def steps(folder: Path) -> Iterator[tuple[str, float]]:
    """Measure what is done with a part, in microseconds a timeline on one core."""
    scenario = load(commands.ROOT / SCENARIO).scenario
    program = build_program(scenario)
    firings = simulate(program, 0, PART_RUNS)
    firsts, origin = firings.firsts(), Origin("", 0)
    survey = Survey(scenario.outcomes, program)
    gathered, content = survey.tally(firings), encode(firings, program, origin)
    yield "simulate", _cost(lambda: simulate(program, 0, PART_RUNS))
    yield "encode all firings", _cost(lambda: encode(firings, program, origin))
    yield "find first firings", _cost(firings.firsts)
    yield "encode first firings", _cost(lambda: encode(firsts, program, origin))
    yield "write a part to disk", _cost(lambda: write_atomically(folder / "part", content))
    yield "answer all questions", _cost(lambda: survey.tally(firings))
    yield "add the answers up", _cost(lambda: merged([survey.blank(), gathered]))


def _cost(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(LAPS + 1):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return median(taken[1:]) / PART_RUNS * 1e6


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """Start a scheduler and workers of one thread each on this machine; gives their address."""
    file = folder / "scheduler.json"
    options = [f"--scheduler-file={file}", "--no-dashboard"]
    own = ["--no-nanny", "--nthreads=1", f"--local-directory={folder}"]
    with ExitStack() as stack:
        for what in [["scheduler", "--host=127.0.0.1", "--port=0"], *[["worker", *own]] * workers]:
            command = [sys.executable, "-m", f"distributed.cli.dask_{what[0]}", *what[1:], *options]
            quiet = subprocess.DEVNULL
            stack.callback(_end, subprocess.Popen(command, stdout=quiet, stderr=quiet))
            while not file.exists():
                time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        yield address.replace("tcp://", "dask://")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def received() -> int:
    """Count the bytes that have gone over the loopback device; 0 where Linux does not tell."""
    told = Path("/proc/net/dev")
    lines = told.read_text().splitlines() if told.exists() else []
    return sum(int(line.split()[1]) for line in lines if line.strip().startswith("lo:"))


def run(runs: int, keep: str, *options: str) -> tuple[commands.Spent, int]:
    """Run the whole command without figures; gives what it used, and bytes over loopback."""
    with tempfile.TemporaryDirectory() as out:
        before = received()
        whole = ["--out", out, "--runs", str(runs), "--keep", keep, "--no-figures", "--quiet"]
        used = commands.spent(["run", SCENARIO, *whole, *options])
        disk = sum(path.stat().st_size for path in Path(out).rglob("*.parquet"))
        return commands.Spent(used.seconds, used.memory, disk), received() - before


def measured(runs: int, laps: int) -> Iterator[list[str]]:
    """Measure every way of keeping, on one core, on two, and on two workers of a cluster."""
    with tempfile.TemporaryDirectory() as name, cluster(Path(name), 2) as address:
        ways = {
            "one core": ["--workers", "1"],
            "two cores": ["--workers", "2"],
            "two workers of a cluster": ["--on", address],
        }
        taken: dict[tuple[str, str], list[list[float]]] = {}
        for _ in range(laps + 1):
            for way, options in ways.items():
                for keep in KEEPS:
                    (few, _), (many, sent) = run(1000, keep, *options), run(runs, keep, *options)
                    row = [few.seconds, many.seconds, many.memory / 1e6, many.disk / runs]
                    taken.setdefault((way, keep), []).append([*row, sent / runs])
                    print(way, keep, *row, sent / runs, file=sys.stderr)
    for (way, keep), rows in taken.items():
        begun, ended, *more = (median(column) for column in zip(*rows[1:], strict=True))
        seconds = (ended - begun) / (runs - 1000)  # without what starting takes
        cells = [seconds * 1e6, 1 / seconds, *(more if "--on" in ways[way] else more[:-1])]
        yield [way, f"`{keep}`", *map(rounded, cells), *([""] * (5 - len(cells)))]


def main() -> None:
    """Measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000, help="timelines of each command")
    parser.add_argument("--laps", type=int, default=3, help="how often each is measured")
    asked = parser.parse_args()
    print(machine(), end="\n\n")
    folder = Path(tempfile.mkdtemp())
    costs = [[name, rounded(cost)] for name, cost in steps(folder)]
    shutil.rmtree(folder)
    print(table(("step", "microseconds a timeline"), costs), end="\n\n")
    header = ("where", "`--keep`", "seconds a million", "timelines a second")
    more = ("peak memory, MB", "bytes kept a timeline", "bytes sent a timeline")
    print(table((*header, *more), measured(asked.runs, asked.laps)))


if __name__ == "__main__":
    main()
