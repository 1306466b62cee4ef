"""Chance and doubt, as tables in the terminal."""

from __future__ import annotations

import math
from collections.abc import Callable

from coopsim.analysis.doubt import Doubt, Doubted
from coopsim.analysis.estimates import Interval
from coopsim.analysis.global_indices import IDLE, Draw, GlobalIndices, Index
from coopsim.presentation.assumption_words import assumption_name, outcome_name, value_text
from coopsim.presentation.layout import Line, Page, Section
from coopsim.presentation.wording import (
    NBSP,
    SIMULATION_ERROR,
    percent,
    timelines,
    whole_percent,
)

_SHOWN = 10
_FINE = 0.02  # a share whose interval is wider is written in whole percent
_INDICES = (
    "PAWN and delta: how far the distribution of the answer, its date included, moves when the "
    "draw is known, from 0 to 1. First order: the share of the number's variance that the draw "
    "explains alone. Idle draws have nothing to say: what does not stand out from them is noise. "
    "Delta is by kernel densities and rather too small."
)


def doubt_table(found: Doubt) -> Page:
    """Make the table of answers as bands over what is not known."""
    lines = tuple(_doubt_line(outcome, one) for outcome, one in found.outcomes.items())
    columns = ("", "5th percentile", "95th percentile", "doubt's share")
    heading = Line("Answer", columns, ("", "5th percentile", "95th", "share"), style="bold")
    about = (
        f"{found.runs:,} draws of what we do not know, {found.replications} timelines of each, "
        f"seed {found.seed}"
    )
    return Page(
        heading=(f"Chance and doubt in {found.scenario}", about),
        sections=(Section(heading, lines),),
        legend=(
            _reading(found),
            f"In brackets: 95 % {SIMULATION_ERROR}.",
            "?: cannot be told, as timelines differ in too few draws.",
        ),
    )


def _reading(found: Doubt) -> str:
    return (
        f"Percentiles: if we knew the {len(found.doubted)} numbers and first levels that are "
        "written as uncertain, the answer would lie between them nine times in ten. Doubt's share: "
        "of the variance between timelines; the rest is chance, which knowing these numbers would "
        "not lessen. Doubt that is not written into the scenario is in neither."
    )


def _doubt_line(outcome: str, one: Doubted) -> Line:
    unit = one.base.unit
    value = value_text(one.value, unit)
    intervals = (one.low_interval, one.high_interval)
    band = tuple(end_text(*end, unit) for end in zip(one.band, intervals, strict=True))
    name = outcome_name(one.base, outcome)
    if one.share_interval is None:
        return Line(name, (value, *band, "?"), (value, *band, "?"))
    share = end_text(one.share, one.share_interval, "share", whole=True)
    return Line(name, (value, *band, share), (value, *band, whole_percent(one.share)))


def end_text(value: float, interval: Interval | None, unit: str, *, whole: bool = False) -> str:
    """Write a number with its interval, no finer than that allows; `?` stands for none."""
    width = interval[1] - interval[0] if interval else 0.0
    number, sign = _number(unit, width, whole=whole), f"{NBSP}%" if unit == "share" else ""
    low, high = interval or (None, None)
    reach = "?" if low is None or high is None else f"({number(low)} to {number(high)})"
    return f"{number(value)}{sign} {reach}"


def _number(unit: str, width: float, *, whole: bool) -> Callable[[float], str]:
    if unit == "share":
        fine = width < _FINE and not whole
        return percent if fine else lambda share: whole_percent(share).removesuffix(f"{NBSP}%")
    decimals = min(max(round(0.5 - math.log10(width)), 0), 2) if width else 2
    return lambda value: f"{value:.{decimals}f}"


def indices_table(found: GlobalIndices) -> Page:
    """Make the table of the indices of the draws that have most to say, for each answer."""
    sections = []
    for outcome, indexed in found.outcomes.items():
        heading = Line(
            outcome_name(indexed.base, outcome), ("PAWN", "delta", "first order"), ("PAWN",),
            style="bold",
        )  # fmt: skip
        largest = indexed.largest()
        felt = [one for one in largest if one[1].felt]
        lines = [_draw_line(draw_name(found, path), draw) for path, draw in felt[:_SHOWN]]
        lines.append(_draw_line(draw_name(found, IDLE), indexed.draws[IDLE]))
        rest = len(largest) - len(felt[:_SHOWN])
        more = Line(f"... and {rest} draws that say less or nothing (--json lists all)")
        sections.append(Section(heading, (*lines, *([more] if rest else []))))
    return Page(
        heading=(
            f"What each draw has to say in the answers of {found.scenario}",
            f"{timelines(found.runs)} already made, seed {found.seed}",
        ),
        sections=tuple(sections),
        legend=(_INDICES, "In brackets: 95 % intervals by the bootstrap: simulation error."),
    )


def draw_name(found: GlobalIndices, path: str) -> str:
    """Name a draw by the assumption that it is made for."""
    return "the loudest idle draw" if path == IDLE else assumption_name(found.titles[path], path)


def _draw_line(path: str, draw: Draw) -> Line:
    cells = tuple(_index(one) for one in (draw.pawn, draw.delta, draw.first))
    return Line(f"  {path}", cells, cells[:1])


def _index(index: Index) -> str:
    return f"{index.value:.3f} {_interval(index.interval)}"


def _interval(interval: Interval) -> str:
    return f"({interval[0]:.2f} to {interval[1]:.2f})"
