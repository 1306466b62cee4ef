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

from commands import Spent
from contenders import COMPILED, PLAIN
from growth import Share
from racing import Contender

RESULTS = Path(__file__).parent / "results.md"
PACKAGES = ("coopsim", "numba", "numpy", "simpy", "salabim", "pyarrow", "matplotlib")
MEGABYTE = 1e6


@dataclass(frozen=True)
class Measured:
    """All that a run of the benchmarks found."""

    checks: Sequence[str]
    baseline: Sequence[Contender]
    model72: Sequence[Contender]
    cores: dict[str, Share]
    events: Share
    runs: dict[int, float]
    starts: dict[str, float]
    whole: dict[str, float]
    many: dict[str, Spent]
    timelines: int  # of `many`


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


def in_short(measured: Measured) -> Iterable[tuple[str, str, str]]:
    """Yield what was asked for, and what it came to."""
    baseline, model72 = ({one.name: one.speed for one in field} for field in _fields(measured))
    firings, many = measured.many["`--keep firings`"], f"{measured.timelines:,} timelines"
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
    yield "twice the events", f"{measured.events.cost:.2f} times the cost", "at most 2.1"
    for (name, seconds), goal in zip(measured.starts.items(), ("0.3", "0.6"), strict=True):
        yield name, f"{seconds:.2f} s", f"under {goal} s"
    for (name, seconds), goal in zip(measured.whole.items(), ("12", "4", "2"), strict=True):
        yield f"`coopsim run scenarios/thaw.yaml`, {name}", f"{seconds:.1f} s", f"under {goal} s"
    yield f"{many}, all cores", f"{firings.seconds:.0f} s", "under 60 s"
    yield f"{many}, peak memory", f"{firings.memory / MEGABYTE:,.0f} MB", "under 1,500 MB"
    yield f"{many}, firings on disk", f"{firings.disk / MEGABYTE:,.0f} MB", "under 500 MB"


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
    rows = [("the baseline", rounded(events.before)), ("twice that", rounded(events.after))]
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
