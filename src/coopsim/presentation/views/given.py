"""Answers given evidence beside the unconditional ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from coopsim.analysis.evidence.conditioning import Given, Shift
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.summaries import Summary
from coopsim.presentation.views.cells import (
    NOT_TOLD,
    change_cell,
    median_cell,
    ranged_cell,
    share_cell,
)
from coopsim.presentation.views.result.sentences import SAID, headline_sections
from coopsim.presentation.views.view import (
    Cell,
    ColumnGroup,
    Holds,
    Row,
    Section,
    TableColumn,
    View,
)
from coopsim.presentation.words.kinds import FAMILIES, FamilyWords, family_of
from coopsim.presentation.words.wording import (
    ALL_SHOWS,
    SIMULATION_ERROR,
    Wording,
    among_many,
    others_text,
    timelines,
)
from coopsim.scenario.spec import Scenario

_DIFFERENCE = TableColumn("difference", Holds.DIFFERENCE, marked=True)
CAUSE = (
    "Evidence selects timelines and changes none: whatever is likelier with it may be caused "
    "by it, may cause it, or may share a cause with it. To see what a change would do, change "
    "the assumption with `--set` and use `coopsim compare`."
)


def given_view(given: Given, scenario: Scenario, *, everything: bool = False) -> View:
    """Show the answers that evidence moves and how many it does not, or all of them."""
    words = Wording.of(scenario)
    said = [SAID] if words.headlines else []
    shown = moved(given, words)
    others = others_text(len(questions_of(given)) - len(shown), len(shown), ALL_SHOWS)
    if everything:
        still = [one for one in questions_of(given) if one not in shown]
        shown, others = [*shown, *still], ""
    return View(
        heading=(words.heading, *evidence_lines(given)),
        sections=tuple(_sections(given, words, shown)),
        notes=(*said, *([others] if others else []), *_legend(given)),
    )


# --- what moved -----------------------------------------------------------------------------------


def moved(given: Given, words: Wording) -> list[tuple[Shift, ...]]:
    """List the numbers of each question that the evidence moves, what moves most first.

    Headline questions lead, and those whose date alone moves come last.
    """
    questions = questions_of(given)
    sizes = {shifts[0].outcome: max(map(_size, shifts)) for shifts in questions}
    found = [one for one in questions if sizes[one[0].outcome] or _date_moves(given, one[0])]
    return sorted(
        found,
        key=lambda one: (one[0].outcome not in words.headlines, -sizes[one[0].outcome]),
    )


def questions_of(given: Given) -> list[tuple[Shift, ...]]:
    """List the numbers of each question, in the scenario's order."""
    found = groupby(given.shifts, key=lambda shift: shift.outcome)
    questions = [list(shifts) for _, shifts in found]
    return [tuple(family_of(one[0].kind).needed(one)) for one in questions]


def told(shift: Shift) -> bool:
    """Check whether a number's difference is detectable."""
    interval = shift.difference_interval
    return bool(shift.difference) if interval is None else not interval[0] <= 0 <= interval[1]


def _size(shift: Shift) -> float:
    """Measure a detectable difference, in points of 100 or as a number."""
    scale = 100.0 if shift.unit == "share" else 1.0
    return scale * abs(shift.difference) if told(shift) else 0.0


def _date_moves(given: Given, shift: Shift) -> bool:
    """Check whether the intervals of the medians given and overall lie apart."""
    ends = [_median_interval(one, shift.outcome) for one in (given.given, given.overall)]
    (first, last), (begin, end) = ends
    if None in (first, last, begin, end):
        return False
    return bool(last < begin or end < first)


def _median_interval(summary: Summary, name: str) -> tuple[Any, Any]:
    outcome = summary.outcomes[name]
    if not isinstance(outcome, DateSummary | GapSummary):
        return None, None
    return outcome.quantile_intervals["0.5"]


# --- the table ------------------------------------------------------------------------------------


def evidence_lines(given: Given) -> Iterator[str]:
    """Write what the evidence is and how many timelines match."""
    about = f"{given.overall.scenario}-{given.overall.hash}, seed {given.overall.seed}"
    yield f"Given that {'; and that '.join(given.that)}"
    matches = (
        f"{given.matches:,} of {timelines(given.runs)} match, {share_cell(given.share).text} %"
    )
    if given.matches == given.runs:
        matches = f"all {timelines(given.runs)} match"
    yield f"{about}: {matches}; overall: {timelines(given.overall.runs)}"
    yield from (f"warning: {warning}" for warning in given.warnings)


def _sections(given: Given, words: Wording, shown: list[tuple[Shift, ...]]) -> Iterator[Section]:
    yield from headline_sections(given.given, words, "In short, given the evidence")
    found = [shift for shifts in shown for shift in shifts]
    for family in FAMILIES:
        shifts = [shift for shift in found if family_of(shift.kind) is family]
        if shifts:
            rows = tuple(_family_rows(shifts, given, words))
            yield Section(family.given, rows, tuple(_columns(family)))


def _columns(family: FamilyWords) -> Iterator[TableColumn]:
    yield from (TableColumn("given"), TableColumn("overall"), _DIFFERENCE)
    if family.median_change:
        for title in ("median given", "overall"):
            yield TableColumn(title, Holds.DATE, ColumnGroup.MEDIAN, kept=False)


def _family_rows(shifts: list[Shift], given: Given, words: Wording) -> Iterator[Row]:
    for outcome, parts in groupby(shifts, key=lambda shift: shift.outcome):
        title = words.titles[outcome]
        for place, shift in enumerate(parts):
            if shift.part and not place:
                yield Row(title, about=outcome)
            name = part_title(shift, words) if shift.part else title
            cells = (*_numbers(shift), *_medians(given, outcome, words))
            about = shift.part or outcome
            yield Row(name, cells, level=1 if shift.part else 0, about=about)


def part_title(shift: Shift, words: Wording) -> str:
    """Name the branch or level that a number is about."""
    return family_of(shift.kind).labelled(shift.part, words.events)


def _numbers(shift: Shift) -> tuple[Cell, ...]:
    return (
        ranged_cell(shift.given, shift.given_interval, shift.unit),
        ranged_cell(shift.overall, shift.overall_interval, shift.unit),
        _difference(shift.difference, shift.difference_interval, shift.unit),
    )


def _medians(given: Given, name: str, words: Wording) -> Iterator[Cell]:
    for summary in (given.given, given.overall):
        outcome = summary.outcomes[name]
        if isinstance(outcome, DateSummary | GapSummary):
            unreached = family_of(outcome.kind).unreached(words.closings[name])
            median, interval = outcome.quantiles["0.5"], outcome.quantile_intervals["0.5"]
            yield median_cell(median, interval, unreached)


def _difference(value: float, interval: Interval | None, unit: str) -> Cell:
    """Write a difference, marked where it is not detectable."""
    cell = change_cell(value, interval, unit, 100 if unit == "share" else 1)
    apart = interval is None or not interval[0] <= 0 <= interval[1]
    return cell if apart else replace(cell, mark=NOT_TOLD)


def _legend(given: Given) -> tuple[str, ...]:
    reading = (
        "given: among the timelines that match, with equal weights. overall: among all "
        "timelines of the result. difference: given less overall; ~0: no detectable "
        f"difference.{among_many(_tested(given))} ±, or a range: 95 % {SIMULATION_ERROR}."
    )
    return reading, CAUSE


def _tested(given: Given) -> int:
    """Count the differences that chance can make: not of what is always so, or never."""
    return sum(one.unit != "share" or 0 < one.overall < 1 for one in given.shifts)
