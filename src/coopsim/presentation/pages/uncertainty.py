"""Two uncertainties, each told in its own place and never as two shades of one band."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.summaries import Summary
from coopsim.experiments.asking import Band
from coopsim.presentation.views.asking import band_cells
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.numbers import rounded_up
from coopsim.presentation.words.wording import NBSP, Wording, timelines
from coopsim.scenario.sources.support import Basis, Support

_ASK = "With --why, a report also shows how far that carries the headline answers."


def simulation_error(summary: Summary) -> str:
    """Tell how far a chance may be from that of endless timelines, and what shrinks that."""
    reaches = [
        max(one.probability - one.interval[0], one.interval[1] - one.probability)
        for one in summary.outcomes.values()
        if isinstance(one, DateSummary)
    ]
    known = ""
    if reaches:
        worst = rounded_up(100 * max(reaches), 1)
        known = f" No chance by a date is less precise here than ±{worst} points."
    return (
        f"From a finite number of timelines, here {timelines(summary.runs)}: it is every ± on "
        f"this page.{known} More timelines shrink it; four times as many halve it."
    )


def model_uncertainty(support: Support, uncertain: int) -> str:
    """Tell what we do not know, and how much of it is written as uncertain."""
    totals = support.totals()
    numbers = sum(totals.values()) - totals[Basis.QUESTION]
    ours = totals[Basis.CITED] + totals[Basis.JUDGEMENT] + totals[Basis.NOTHING]
    return (
        f"We do not know the assumptions: of {counted(numbers, 'number')}, {ours:,} are "
        f"judgement. {uncertain:,} numbers and starting levels are written as uncertain, and vary "
        "from timeline to timeline; whatever else we are wrong about shows only in other "
        "scenarios. More timelines do not shrink it; only evidence does."
    )


def how_far(uncertain: int, bands: Mapping[str, Band]) -> str:
    """Lead over to how far what is uncertain carries the answers, or tell how to find out."""
    if bands:
        return (
            "Depending on what is written as uncertain, the chance lies nine times in ten between:"
        )
    return _ASK if uncertain else ""


def band_texts(bands: Mapping[str, Band], words: Wording) -> Iterator[str]:
    """Write between which ends each chance lies."""
    for name, band in bands.items():
        low, high = band_cells(band)
        yield f"{words.titles[name]}: {low.text} and {high.text}{NBSP}%"
