"""Answers given evidence beside the unconditional ones, as a table in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from coopsim.analysis.evidence.conditioning import Asked, Given, Shift
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.statistics.estimates import Interval, Share
from coopsim.presentation.terminal.pen import Line, Page, Section
from coopsim.presentation.words.numbers import chance, change, date_text, estimate, rounded
from coopsim.presentation.words.wording import (
    SIMULATION_ERROR,
    Wording,
    among_many,
    not_by,
    plain_id,
    timelines,
)
from coopsim.scenario.spec import Scenario

_WIDTH = 12  # of a difference and its error
_HEADINGS = {
    "date": ("Whether and when, chance %", "median given", "overall"),
    "first_of": ("Which comes first, chance %",),
    "between": ("From one to the other, both %", "median given", "overall"),
    "count": ("How often, mean",),
    "percent": ("Index, 0 to 100, mean at the end",),
    "driver": ("Levels at the end, share %",),
}
_SECTION = {"event": "date", "last": "date", "all_of": "date", "index": "percent"}
CAUSE = (
    "Evidence chooses timelines and changes none: what is likelier given it may be caused by it, "
    "may cause it, or may share a cause with it. To see what a change would do, change the "
    "assumption: `--set`, and `coopsim compare`."
)


def given_table(given: Given, scenario: Scenario) -> Page:
    """Make the table of all answers given evidence; where something was asked, of that alone."""
    words = Wording.of(scenario)
    sections = [_asked_section(given)] if given.asked else list(_sections(given, words))
    return Page(
        heading=(words.heading, *evidence_lines(given)),
        sections=tuple(sections),
        legend=_legend(given),
    )


def evidence_lines(given: Given) -> Iterator[str]:
    """Say what the evidence is and how many timelines match."""
    about = f"{given.overall.scenario}-{given.overall.hash}, seed {given.overall.seed}"
    if not given.that:
        yield f"{about}: {timelines(given.runs)}, no evidence"
        return
    yield f"Given that {'; and that '.join(given.that)}"
    matches = f"{given.matches:,} of {timelines(given.runs)} match, {_share(given.share)} %"
    if given.matches == given.runs:
        matches = f"all {timelines(given.runs)} match"
    yield f"{about}: {matches}; overall: {timelines(given.overall.runs)}"
    yield from (f"warning: {warning}" for warning in given.warnings)


def _asked_section(given: Given) -> Section:
    heading = Line(
        "Asked, chance %", *_cells("given", "overall", "difference   ", given), style="bold"
    )
    return Section(heading, tuple(_asked_line(asked, given) for asked in given.asked))


def _cells(
    ours: str, theirs: str, change: str, given: Given
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Leave out what says nothing where there is no evidence."""
    if not given.that:
        return (theirs,), (theirs,)
    cells = (ours, theirs, f"{change:>{_WIDTH + 3}}")
    return cells, cells


def _asked_line(asked: Asked, given: Given) -> Line:
    change = _difference(asked.difference, asked.difference_interval, 100, 1)
    return Line(asked.ask, *_cells(_share(asked.given), _share(asked.overall), change, given))


def _sections(given: Given, words: Wording) -> Iterator[Section]:
    for kind, (title, *medians) in _HEADINGS.items():
        shifts = [s for s in given.shifts if _SECTION.get(s.kind, s.kind) == kind]
        if shifts:
            cells = ("given", "overall", f"{'difference':>{_WIDTH}}   ")
            heading = Line(title, (*cells, *medians), cells, style="bold")
            yield Section(heading, tuple(_kind_lines(shifts, given, words)))


def _kind_lines(shifts: list[Shift], given: Given, words: Wording) -> Iterator[Line]:
    for outcome, parts in groupby(shifts, key=lambda shift: shift.outcome):
        title = words.titles[outcome]
        for place, shift in enumerate(parts):
            if shift.part and not place:
                yield Line(title)
            name = f"  {part_title(shift, words)}" if shift.part else title
            yield _line(name, shift, _medians(given, outcome, words))


def part_title(shift: Shift, words: Wording) -> str:
    """Name the branch or level that a number is about."""
    if shift.kind == "first_of":
        return words.branch(shift.part)
    return plain_id(shift.part)


def _line(title: str, shift: Shift, medians: tuple[str, ...]) -> Line:
    ours = number(shift.given, shift.given_interval, shift.unit)
    theirs = number(shift.overall, shift.overall_interval, shift.unit)
    scale = 100 if shift.unit == "share" else 1
    change = _difference(shift.difference, shift.difference_interval, scale, 1)
    return Line(title, (ours, theirs, change, *medians), (ours, theirs, change))


def number(value: float, interval: Interval | None, unit: str) -> str:
    """Write a share in percent, or a mean, with its error."""
    if unit == "share":
        return chance(value, interval)
    return estimate(value, interval)


def _share(share: Share) -> str:
    return number(share.share, share.interval, "share")


def _medians(given: Given, name: str, words: Wording) -> tuple[str, ...]:
    found = []
    for summary in (given.given, given.overall):
        outcome = summary.outcomes[name]
        if isinstance(outcome, DateSummary):
            day, known = outcome.quantiles["0.5"], outcome.quantile_intervals["0.5"]
            found.append(not_by(words.closings[name]) if day is None else date_text(day, known))
        elif isinstance(outcome, GapSummary):
            years, around = outcome.quantiles["0.5"], outcome.quantile_intervals["0.5"]
            found.append("not seen" if years is None else rounded(years, around, 1))
    return tuple(found)


def _difference(value: float, interval: Interval | None, scale: float, decimals: int) -> str:
    """Write a difference with its error, padded where the mark of no difference would stand."""
    mark = "~0" if interval is not None and interval[0] <= 0 <= interval[1] else ""
    text = change(value, interval, scale, decimals)
    return f"{text:>{_WIDTH}} {mark:2}"


def _legend(given: Given) -> tuple[str, ...]:
    if not given.that:
        return (f"±: 95 % {SIMULATION_ERROR}.",)
    reading = (
        "given: among the timelines that match, each of which counts the same. overall: among all "
        "of the result. difference: given less overall; ~0: it cannot be told from zero."
        f"{among_many(_tested(given))} ±: 95 % {SIMULATION_ERROR}."
    )
    return reading, CAUSE


def _tested(given: Given) -> int:
    """Count the differences that chance can make: not of what is always so, or never."""
    shifts = sum(one.unit != "share" or 0 < one.overall < 1 for one in given.shifts)
    return shifts + sum(0 < one.overall.share < 1 for one in given.asked)
