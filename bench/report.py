"""Write what was measured as bench/results.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import floor, log10
from pathlib import Path
from statistics import quantiles

import two_versions
from against import Raced
from commands import Spent
from growth import Share
from racing import Contender
from two_versions import Taken
from worlds import COMPILED, PLAIN

RESULTS = Path(__file__).parent / "results.md"
PACKAGES = ("coopsim", "numba", "numpy", "simpy", "salabim", "pyarrow", "matplotlib")
MEGABYTE = 1e6


# What was asked for: how many times as fast as before, or seconds.
TIMES_AS_FAST = {"bench/model72.yaml": "1.3", "scenarios/baseline.yaml": "1.2"}
SECONDS = dict(
    zip(
        (*two_versions.WARM, *two_versions.WHOLE, *two_versions.MILLION),
        ("0.30", "0.06", "0.15", "0.3", "0.8", "2.0", "12", "22"),
        strict=True,
    )
)


@dataclass(frozen=True)
class Versions:
    """What the version of a commit and this one take, in turn."""

    before: str
    kernels: Sequence[Raced]
    taken: Sequence[Taken]


@dataclass(frozen=True)
class Measured:
    """All that a run of the benchmarks found."""

    checks: Sequence[str]
    baseline: Sequence[Contender]
    model72: Sequence[Contender]
    cores: dict[str, Share]
    events: dict[int, float]  # timelines/s of so many times the baseline's events
    runs: dict[int, float]
    starts: dict[str, float]
    whole: dict[str, float]
    many: dict[str, Spent]
    timelines: int  # of `many`
    versions: Versions | None


def write(measured: Measured) -> None:
    """Write the page."""
    RESULTS.write_text("\n\n".join(sections(measured)) + "\n")


def sections(measured: Measured) -> Iterable[str]:
    """Yield the page piece by piece."""
    yield "# Benchmarks"
    yield "Written by `make bench`, whose programs lie beside this file."
    yield table(("in short", "measured", "asked for"), in_short(measured))
    yield machine()
    yield "## The same world first"
    yield "\n".join(f"- {check}" for check in measured.checks)
    yield "## Who plays a world of 72 events"
    yield race_table(measured.model72)
    yield "## Who plays the shipped baseline"
    yield race_table(measured.baseline)
    yield (
        "The contenders take turns; a second is one of a core's time, so that other programs do "
        "not count. Each plays on one core, draws its numbers and logs every firing."
    )
    yield from costs(measured)
    if measured.versions is not None:
        yield from beside(measured.versions)


def in_short(measured: Measured) -> Iterable[tuple[str, str, str]]:
    """Yield what was asked for, and what it came to."""
    baseline, model72 = ({one.name: one.speed for one in field} for field in _fields(measured))
    many, timelines = measured.many, f"{measured.timelines:,} timelines, all cores"
    firings, nothing = many["`--keep firings`"], many["`--keep nothing`"]
    yield (
        "compiled engine against plain SimPy, shipped baseline, one core",
        f"{baseline[COMPILED] / baseline[PLAIN]:,.0f} times as fast",
        "250",
    )
    yield (
        "compiled engine, 72 events, one core",
        f"{rounded(model72[COMPILED])} timelines/s",
        "100,000",
    )
    for name, share in measured.cores.items():
        yield f"two cores against one, {name}", f"{share.cost:.2f} times as fast", "nearly 2"
    for copies, (called, goal) in {2: ("twice", "2.1"), 4: ("four times", "3.8")}.items():
        cost = measured.events[1] / measured.events[copies]
        yield f"{called} the events", f"{cost:.2f} times the cost", f"at most {goal}"
    for (name, seconds), goal in zip(measured.starts.items(), ("0.15", "0.3"), strict=True):
        yield name, f"{seconds:.2f} s", f"under {goal} s"
    for (name, seconds), goal in zip(measured.whole.items(), ("12", "2", "0.8"), strict=True):
        yield f"`coopsim run scenarios/thaw.yaml`, {name}", f"{seconds:.1f} s", f"under {goal} s"
    for kept, one, goal in (("nothing", nothing, "12"), ("firings", firings, "22")):
        yield f"{timelines}, `--keep {kept}`", f"{one.seconds:.0f} s", f"under {goal} s"
    yield f"{timelines}, peak memory", f"{firings.memory / MEGABYTE:,.0f} MB", "under 1,500 MB"
    yield f"{timelines}, firings on disk", f"{firings.disk / MEGABYTE:,.0f} MB", "under 500 MB"


def _fields(measured: Measured) -> tuple[Sequence[Contender], Sequence[Contender]]:
    return measured.baseline, measured.model72


def race_table(field: Sequence[Contender]) -> str:
    """Yield the standings; the first contender is the one that is compared."""
    header = ("", "timelines/s", "middle half", "firings a timeline", "compiled is faster by")
    rows = []
    for one in field:
        low, _, high = quantiles(one.speeds, n=4) if len(one.speeds) > 1 else one.speeds * 3
        middle_half = f"{rounded(low)} to {rounded(high)}"
        ratio = f"{rounded(field[0].speed / one.speed)} x"
        rows.append((one.name, rounded(one.speed), middle_half, f"{one.firings:.1f}", ratio))
    return table(header, rows)


def costs(measured: Measured) -> Iterable[str]:
    """Yield how cost grows, and what whole commands take."""
    yield "## How the cost grows"
    events, runs = measured.events, measured.runs
    rows = [(f"{copies} x the baseline", rounded(speed)) for copies, speed in events.items()]
    yield table(("events", "timelines/s"), rows)
    yield table(("timelines", "timelines/s"), ((f"{n:,}", rounded(runs[n])) for n in runs))
    yield "By the wall clock, in threads:"
    shares = measured.cores.items()
    rows = [(name, rounded(share.after), rounded(share.before)) for name, share in shares]
    yield table(("", "one core, timelines/s", "two cores, timelines/s"), rows)
    yield "## Whole commands"
    yield (
        "Seconds by the wall clock, from the shell and back. `coopsim run scenarios/thaw.yaml` has "
        "10,000 timelines; the very first time no machine code and no list of fonts is there yet."
    )
    seconds = measured.starts | {f"run, {name}": taken for name, taken in measured.whole.items()}
    yield table(("", "seconds"), ((name, f"{taken:.2f}") for name, taken in seconds.items()))
    yield f"`coopsim run scenarios/baseline.yaml --runs {measured.timelines} --no-figures`:"
    rows = [
        (kept, f"{one.seconds:.1f}", f"{one.memory / MEGABYTE:,.0f}", f"{one.disk / MEGABYTE:,.1f}")
        for kept, one in measured.many.items()
    ]
    yield table(("", "seconds", "peak memory, MB", "on disk, MB"), rows)


def beside(versions: Versions) -> Iterable[str]:
    """Yield what the version before takes, and this one."""
    yield "## This version and the one before"
    yield (
        f"The version before is that of `{versions.before}`. Both take turns, each in processes of "
        "its own; their firings are the same."
    )
    yield "The kernel, on one core's time, timelines a second: the best turn of each."
    rows = [
        (one.scenario, rounded(one.before), rounded(one.now), f"{one.times:.2f} x",
         f"{TIMES_AS_FAST[one.scenario]} x")
        for one in versions.kernels
    ]  # fmt: skip
    yield table(("", "before", "now", "as fast", "asked for"), rows)
    yield (
        "Seconds by the wall clock, and in brackets those of all cores together: medians. A warm "
        "process has changed one number of the baseline, plays it, answers, and compares with the "
        "baseline as written."
    )
    rows = [
        (one.what, *(f"{clock:.3g} ({cores:.3g})" for clock, cores in (one.before, one.now)),
         f"{one.times:.2f} x", SECONDS[one.what])
        for one in versions.taken
    ]  # fmt: skip
    yield table(("", "before", "now", "as fast", "asked for, seconds"), rows)


def machine() -> str:
    """Describe the machine and the versions."""
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return (
        f"Machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}. "
        f"Python {platform.python_version()}, {packages}."
    )


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; all columns but the first are numbers."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *rows))


def rounded(number: float) -> str:
    """Write a number with three digits that count."""
    digits = 2 - floor(log10(number))
    return f"{round(number, digits):,.{max(digits, 0)}f}"
