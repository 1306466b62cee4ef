"""Reports: what results say, gathered for one page that can be mailed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from coopsim.analysis.comparing.comparison import Comparison
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.once_per_run import run_draws
from coopsim.analysis.stories.tracing import Trace
from coopsim.api.evidence import lacks_claims, support_of
from coopsim.api.experiments import diff, sensitivity
from coopsim.api.played import Played, compare, play, players
from coopsim.api.timelines import trace
from coopsim.errors import CoopsimError, UsageError
from coopsim.experiments.asking import Band, bands
from coopsim.experiments.sensitivity import Sensitivity
from coopsim.experiments.sliders import slider_axis
from coopsim.experiments.sweeps import Axis
from coopsim.experiments.variants import Effort
from coopsim.presentation.pages.report import ReportData, ReportedResult, report_html
from coopsim.presentation.pages.sliders import PlayedSlider
from coopsim.scenario import limits
from coopsim.scenario.influences import influences
from coopsim.scenario.loading import Loaded
from coopsim.scenario.sources.support import Support
from coopsim.simulation.interfaces import OnProgress
from coopsim.simulation.results.atomic import write_atomically
from coopsim.simulation.workers.playing import silent

_WHY_RUNS = 2_000  # timelines of each variant, at most
_SLIDER_RUNS = 2_000  # timelines of each setting, at most
_ASKED = 6  # questions, where none is a headline
_PRINTERS = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 120  # seconds
_CHOICE = 500  # timelines among which a typical one is looked for


def report(
    results: Sequence[Played],
    *,
    support: Support | None = None,
    why: bool = False,
    sliders: Sequence[str] = (),
    on_progress: OnProgress = silent,
) -> str:
    """Write results as one file of HTML that asks for nothing: the first, and others beside it.

    `support` is what the numbers of the first rest on; without one, the claims are those that lie
    beside its result, or else beside the folder that we work in. With `why` it says besides what
    moves the headline answers most, which takes many timelines, and how far model uncertainty
    carries them. Each of up to eight `sliders`, the path of an assumption or PATH=LOW..HIGH UNIT,
    puts the paired answers at nine settings of it into the file.
    Raises UsageError where results cannot be compared, and for what is no such path.
    """
    base = results[0]
    if not base.summary.outcomes:
        raise UsageError(f"{base.name} answers no question: ask some under `outcomes`")
    limits.SLIDERS.check("--slider", len(sliders))
    axes = [slider_axis(base.loaded, slider) for slider in sliders]
    return report_html(
        ReportData(
            results=tuple(map(_reported, results)),
            comparison=compare(*results, closing=True) if len(results) > 1 else None,
            differences=tuple(diff(base.loaded, other.loaded) for other in results[1:]),
            support=support or support_of(base),
            lacks_claims=support is None and lacks_claims(base),
            influences=influences(base.scenario),
            story=_typical(base),
            version=version("coopsim"),
            uncertain=sum(draw.kind != "luck" for draw in run_draws(base.program)),
            why=_why(base, on_progress) if why else None,
            bands=_bands(base) if why else {},
            sliders=tuple(_sliders(base, axes)),
        )
    )


def write_report(html: str, file: Path) -> None:
    """Write a report into a file; raises CoopsimError where that is not possible."""
    write_atomically(file, html.encode())


def print_report(page: Path, file: Path) -> None:
    """Print a report, a file of HTML, as PDF by Chromium or Chrome.

    Raises UsageError where neither is installed, CoopsimError where it does not print.
    """
    program = next((found for name in _PRINTERS if (found := shutil.which(name))), None)
    if program is None:
        raise UsageError(
            "--pdf needs Chromium or Chrome, and neither is installed; open the page in a browser "
            "and print it from there"
        )
    with tempfile.TemporaryDirectory() as profile:
        alone = [f"--user-data-dir={profile}", "--disable-gpu", "--no-first-run"]
        # Chromium keeps no sandbox for root; the page has no script but ours.
        as_root = ["--no-sandbox"] if getattr(os, "geteuid", int)() == 0 else []
        printing = ["--headless", "--no-pdf-header-footer", f"--print-to-pdf={file.resolve()}"]
        try:
            done = subprocess.run(
                [program, *alone, *as_root, *printing, page.resolve().as_uri()],
                capture_output=True,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CoopsimError(f"{program} had not printed {page} in {_PATIENCE} s") from None
    if done.returncode or not file.is_file():
        raise CoopsimError(f"{program} could not print {page} (exit code {done.returncode})")


def _reported(one: Played) -> ReportedResult:
    return ReportedResult(
        one.name, one.scenario, one.loaded.tree, one.summary, one.curves(), one.cross_check
    )


def _typical(one: Played) -> Trace:
    return trace(one.loaded, runs=min(_CHOICE, one.runs))


def _why(one: Played, on_progress: OnProgress) -> Sensitivity:
    runs = min(_WHY_RUNS, one.runs)
    return sensitivity(one.loaded, one.scenario.headlines, runs=runs, on_progress=on_progress)


def _sliders(one: Played, axes: Sequence[Axis]) -> Iterator[PlayedSlider]:
    """Play the settings of each axis, and compare each with everything as written."""
    runs = min(_SLIDER_RUNS, one.runs)
    asked = one.scenario.headlines or tuple(one.scenario.outcomes)[:_ASKED]
    written = play(one.loaded, runs=runs, outcomes=asked) if axes else one
    for axis in axes:
        changed = [one.loaded.having([f"{axis.path}={text}"]) for text in axis.texts]
        yield PlayedSlider(
            axis.path,
            axis.title,
            tuple(
                (text, _compared(written, loaded, runs, asked))
                for text, loaded in zip(axis.texts, changed, strict=True)
            ),
        )


def _compared(
    written: Played, changed: Loaded, runs: int, asked: Sequence[str]
) -> Comparison | None:
    if changed.hash == written.loaded.hash:
        return None
    return compare(written, play(changed, runs=runs, outcomes=asked), closing=True)


def _bands(one: Played) -> dict[str, Band]:
    outcomes = one.summary.outcomes
    asked = [name for name in one.scenario.headlines if isinstance(outcomes[name], DateSummary)]
    found = bands(one.loaded, asked, Effort(one.runs, players(None)))
    return {name: band for name, band in zip(asked, found, strict=True) if band is not None}
