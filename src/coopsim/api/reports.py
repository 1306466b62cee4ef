"""Reports: what results say, gathered for one page that can be mailed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.once_per_run import run_draws
from coopsim.analysis.stories.tracing import Trace
from coopsim.api.experiments import diff, sensitivity
from coopsim.api.played import Played, compare, players
from coopsim.api.results import Result, support_of
from coopsim.api.timelines import trace
from coopsim.experiments.asking import Band, bands
from coopsim.experiments.sensitivity import Sensitivity
from coopsim.experiments.variants import Effort
from coopsim.presentation.pages.report import ReportData, ReportedResult, report_html
from coopsim.scenario.influences import influences
from coopsim.simulation.interfaces import OnProgress
from coopsim.simulation.results.atomic import write_atomically
from coopsim.simulation.workers.playing import silent

_WHY_RUNS = 2_000  # timelines of each variant, at most
_CHOICE = 500  # timelines among which a typical one is looked for


def report(
    results: Sequence[Result],
    *,
    why: bool = False,
    on_progress: OnProgress = silent,
) -> str:
    """Write results as one file of HTML that asks for nothing: the first, and others beside it.

    With `why` it says besides what moves the headline answers most, which takes many timelines,
    and how far model uncertainty carries them. Raises UsageError where results cannot be compared.
    """
    base = results[0]
    supported, could_be_read = support_of(base)
    return report_html(
        ReportData(
            results=tuple(map(_reported, results)),
            comparison=compare(*results) if len(results) > 1 else None,
            differences=tuple(diff(base.loaded, other.loaded) for other in results[1:]),
            support=supported,
            could_be_read=could_be_read,
            influences=influences(base.scenario),
            story=_typical(base),
            version=version("coopsim"),
            uncertain=sum(draw.kind != "luck" for draw in run_draws(base.program)),
            why=_why(base, on_progress) if why else None,
            bands=_bands(base) if why else {},
        )
    )


def write_report(html: str, file: Path) -> None:
    """Write a report into a file; raises CoopsimError where that is not possible."""
    write_atomically(file, html.encode())


def _reported(one: Result) -> ReportedResult:
    return ReportedResult(
        one.name, one.scenario, one.loaded.text, one.summary, one.curves(), one.cross_check
    )


def _typical(one: Played) -> Trace:
    return trace(one.loaded, runs=min(_CHOICE, one.runs))


def _why(one: Played, on_progress: OnProgress) -> Sensitivity:
    runs = min(_WHY_RUNS, one.runs)
    return sensitivity(one.loaded, one.scenario.headlines, runs=runs, on_progress=on_progress)


def _bands(one: Played) -> dict[str, Band]:
    outcomes = one.summary.outcomes
    asked = [name for name in one.scenario.headlines if isinstance(outcomes[name], DateSummary)]
    found = bands(one.loaded, asked, Effort(one.runs, players(None)))
    return {name: band for name, band in zip(asked, found, strict=True) if band is not None}
