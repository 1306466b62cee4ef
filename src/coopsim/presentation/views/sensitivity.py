"""Which assumptions move an answer, and how much."""

from __future__ import annotations

from collections.abc import Iterator

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.experiments.base import Base
from coopsim.experiments.sensitivity import MovedAssumption, Response, Sensitivity
from coopsim.presentation.views.cells import course_cell, difference_cell
from coopsim.presentation.views.view import (
    Cell,
    Emphasis,
    Holds,
    Row,
    Section,
    TableColumn,
    View,
)
from coopsim.presentation.words.assumptions import (
    UNIT_WORDS,
    assumption_name,
    base_text,
    course_words,
    outcome_name,
)
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.variants import variant_name
from coopsim.presentation.words.wording import (
    ALL_SHOWS,
    SIMULATION_ERROR,
    by_chance_text,
    timelines,
)

_TOP = 3  # of each outcome, where all are asked
_LISTED = 40  # paths of dead assumptions
_SHORT = {"share": "%", "count": "", "percent": "pts"}
_TOP_COLUMNS = (
    TableColumn("at the close", Holds.EFFECT, marked=True, units=True),
    TableColumn("over time", Holds.EFFECT, kept=False, marked=True, units=True),
)


def sensitivity_view(found: Sensitivity, focus: bool, most: int | None = 10) -> View:
    """Show a sensitivity analysis.

    With `focus` each outcome shows up to `most` assumptions (None: all) at both ends; else the
    three that matter most to each, and what has no effect on any answer.
    """
    if focus:
        sections = [_focus(found, outcome, most) for outcome in found.outcomes]
    else:
        sections = [_top(found), *_unfelt(found)]
    count = len(found.assumptions)
    moved = f"{count:,} assumptions, each" if count != 1 else "1 assumption,"
    about = (
        f"{moved} moved to its low and its high: {timelines(found.runs)} of each, seed {found.seed}"
    )
    heading = (
        f"Which assumptions drive the {variant_name(found.scenario, found.sets)} results",
        about,
    )
    return View(heading=heading, sections=tuple(sections), notes=_legend(found))


def _focus(found: Sensitivity, outcome: str, most: int | None) -> Section:
    base = found.outcomes[outcome]
    by_date = found.by_date(outcome)
    ordered = found.largest(outcome)
    felt = [one for one in ordered if one.effects[outcome].detectable]
    listed = ordered if most is None else felt[:most]
    rows = [row for one in listed for row in _focus_rows(one, one.effects[outcome], base)]
    if len(listed) < len(ordered):
        rows.append(Row(_others(len(ordered) - len(listed), len(felt) - len(listed), len(listed))))
    titles = [UNIT_WORDS[base.unit]]
    if base.course_unit is not None:
        titles.append(course_words(base.kind, base.years))
    columns = tuple(
        TableColumn(title, Holds.EFFECT, kept=place == by_date, marked=True)
        for place, title in enumerate(titles)
    )
    title = f"{outcome_name(base, outcome)}: {base_text(base)}"
    return Section(title, tuple(rows), columns, about=outcome)


def _others(count: int, felt: int, listed: int) -> str:
    """Count the assumptions that are not listed, of which some are felt."""
    others = counted(count, "other assumption" if listed else "assumption")
    effect = "less effect, or none that is detectable" if felt else "no detectable effect"
    return f"{others}: {effect}{ALL_SHOWS}"


def _focus_rows(one: MovedAssumption, effect: Response, base: Base) -> Iterator[Row]:
    yield Row(assumption_name(one.title, one.path), about=one.path)
    if not effect.felt:
        yield Row(f"{one.low} to {one.high}", note="changes no timeline", level=1)
        return
    for text, stop, number, course in (
        (one.low, one.low_stop, effect.low, effect.over_time_low),
        (one.high, one.high_stop, effect.high, effect.over_time_high),
    ):
        yield Row(f"{text} ({stop})" if stop else text, _cells(base, number, course), level=1)


def _cells(base: Base, number: PairedEstimate, course: PairedEstimate | None) -> tuple[Cell, ...]:
    """Write a difference at the close, and one over time where there is a course."""
    at_the_close = difference_cell(number, base.unit, _SHORT[base.unit])
    if base.course_unit is None:
        return (at_the_close,)
    words = _over_time(base, base.course_unit)
    return at_the_close, course_cell(course, base.course_unit, base.years, words)


def _top(found: Sensitivity) -> Section:
    rows = tuple(row for outcome in found.outcomes for row in _top_rows(found, outcome))
    return Section("What matters most to each answer, low to high", rows, _TOP_COLUMNS)


def _top_rows(found: Sensitivity, outcome: str) -> Iterator[Row]:
    base = found.outcomes[outcome]
    title = f"{outcome_name(base, outcome)}: {base_text(base)}"
    yield Row(title, emphasis=Emphasis.STRONG, about=outcome)
    detected = [one for one in found.largest(outcome) if one.effects[outcome].detectable]
    for one in detected[:_TOP]:
        effect = one.effects[outcome]
        cells = _cells(base, effect.span, effect.over_time_span)
        brief = cells[found.by_date(outcome) :][:1]
        title = assumption_name(one.title, one.path)
        yield Row(title, cells, brief=brief, level=1, about=one.path)


def _over_time(base: Base, unit: str) -> str:
    """Name the unit of an answer over time in a few signs."""
    if unit != "years":
        return _SHORT[unit]
    return course_words(base.kind, base.years).partition(" ")[0]


def _unfelt(found: Sensitivity) -> Iterator[Section]:
    titles = {one.path: one for one in found.assumptions}
    for paths, text in (
        (found.dead, "Dead: moving them changes no answer in any timeline"),
        (
            found.no_detectable_effect,
            "No detectable effect on average, though single timelines differ",
        ),
        (tuple(found.unmoved), "Not moved, as the scenario would not be valid with them at an end"),
    ):
        if paths:
            rows = tuple(_path_row(path, titles) for path in paths[:_LISTED])
            rest = (Row(f"... and {len(paths) - _LISTED} more (--json lists all)"),)
            more = rest if len(paths) > _LISTED else ()
            yield Section(f"{text}: {len(paths)}", (*rows, *more))


def _path_row(path: str, moved: dict[str, MovedAssumption]) -> Row:
    one = moved.get(path)
    title = f"{path}: {one.low} to {one.high}" if one else path
    return Row(title, level=1, about=path)


def _legend(found: Sensitivity) -> tuple[str, ...]:
    swing = found.swing
    reading = "An uncertain assumption is moved to its 5th and its 95th percentile."
    if swing.certain:
        reading += (
            " One that is written as certain is moved by a fixed swing: rates, durations, "
            f"factors and the odds of chances are multiplied and divided by {swing.factor:g}, "
            f"dates move by {swing.days} days and a first level by one, but not to before the "
            "start or beyond what can be written."
        )
    pairs = (
        "Differences are from the answer with everything as written, timeline by timeline with "
        "the same luck. Years later, longer or at a level are means over all timelines, up to "
        "the closing date: an event that has not come by then counts as coming then. "
        "Assumptions are ordered by the larger of the two, years as a share of the time up to "
        "the closing date. ~0: no detectable effect; an effect that moves every timeline the "
        "same way is detected, however wide its margin."
    )
    by_chance = by_chance_text(found.tested)
    return reading, pairs, *([by_chance] if by_chance else []), f"±: 95 % {SIMULATION_ERROR}."
