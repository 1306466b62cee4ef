"""What an answer hangs on, as tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.experiments.base import Base
from coopsim.experiments.sensitivity import MovedAssumption, Response, Sensitivity
from coopsim.presentation.terminal.pen import Line, Page, Section
from coopsim.presentation.words.assumptions import (
    SCALES,
    UNIT_WORDS,
    assumption_name,
    base_text,
    course_text,
    course_words,
    difference_text,
    outcome_name,
)
from coopsim.presentation.words.wording import SIMULATION_ERROR, by_chance_text, timelines

_TOP = 3  # of each outcome, where all are asked
_LISTED = 40  # paths of dead assumptions


def sensitivity_table(found: Sensitivity, focus: bool, most: int | None = 10) -> Page:
    """Make the table of a sensitivity analysis.

    With `focus` each outcome shows up to `most` assumptions (None: all) at both ends; else the
    three that matter most to each, and what no answer feels.
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
    heading = (f"Which assumptions drive the {found.scenario} results", about)
    return Page(heading=heading, sections=tuple(sections), legend=_legend(found))


def _focus(found: Sensitivity, outcome: str, most: int | None) -> Section:
    base = found.outcomes[outcome]
    by_date = found.by_date(outcome)
    lines: list[Line] = []
    for one in found.largest(outcome)[:most]:
        lines += _focus_lines(one, one.effects[outcome], base, by_date=by_date)
    title = f"{outcome_name(base, outcome)}: {base_text(base)}"
    cells = (f"{UNIT_WORDS[base.unit]}   ", f"{course_words(base.kind, base.years)}   ")
    heading = Line(title, cells, cells[by_date:][:1], style="bold")
    return Section(heading, tuple(lines))


def _focus_lines(
    one: MovedAssumption, effect: Response, base: Base, *, by_date: bool
) -> Iterator[Line]:
    yield Line(assumption_name(one.title, one.path))
    if not effect.felt:
        yield Line(f"  {one.low} to {one.high}", note="changes no timeline")
        return
    for text, stop, number, course in (
        (one.low, one.low_stop, effect.low, effect.over_time_low),
        (one.high, one.high_stop, effect.high, effect.over_time_high),
    ):
        cells = _cells(base, number, course)
        yield Line(f"  {text} ({stop})" if stop else f"  {text}", cells, cells[by_date:][:1])


def _cells(base: Base, number: PairedEstimate, course: PairedEstimate) -> tuple[str, str]:
    """Write a difference at the close and one over time."""
    over_time = course_text(course, base.course_unit, base.years)
    return difference_text(number, *SCALES[base.unit]), over_time


def _top(found: Sensitivity) -> Section:
    lines = [line for outcome in found.outcomes for line in _top_lines(found, outcome)]
    cells = ("at the close    ", "over time   ")
    heading = Line("What matters most to each answer, low to high", cells, cells[:1], style="bold")
    return Section(heading, tuple(lines))


def _top_lines(found: Sensitivity, outcome: str) -> Iterator[Line]:
    base = found.outcomes[outcome]
    by_date = found.by_date(outcome)
    yield Line(f"{outcome_name(base, outcome)}: {base_text(base)}", style="bold")
    detected = [one for one in found.largest(outcome) if one.effects[outcome].detectable]
    for one in detected[:_TOP]:
        effect = one.effects[outcome]
        number, course = _cells(base, effect.span, effect.over_time_span)
        cells = (f"{number} {_short(base.unit)}", f"{course} {_over_time(base)}")
        yield Line(f"  {assumption_name(one.title, one.path)}", cells, cells[by_date:][:1])


def _short(unit: str) -> str:
    return {"share": "%  ", "count": "   ", "percent": "pts"}[unit]


def _over_time(base: Base) -> str:
    if base.course_unit != "years":
        return _short(base.course_unit)
    return course_words(base.kind, base.years).partition(" ")[0]


def _unfelt(found: Sensitivity) -> Iterator[Section]:
    titles = {one.path: one for one in found.assumptions}
    for paths, text in (
        (found.dead, "Dead: moving them changes no answer in any timeline"),
        (
            found.no_detectable_effect,
            "No detectable effect on average, though single timelines differ",
        ),
        (tuple(found.unmoved), "Not moved, as a scenario with them at an end is not valid"),
    ):
        if paths:
            lines = tuple(_path_line(path, titles) for path in paths[:_LISTED])
            rest = (Line(f"... and {len(paths) - _LISTED} more (--json lists all)"),)
            more = rest if len(paths) > _LISTED else ()
            yield Section(Line(f"{text}: {len(paths)}", style="bold"), (*lines, *more))


def _path_line(path: str, moved: dict[str, MovedAssumption]) -> Line:
    one = moved.get(path)
    return Line(f"  {path}: {one.low} to {one.high}" if one else f"  {path}")


def _legend(found: Sensitivity) -> tuple[str, ...]:
    swing = found.swing
    reading = "An uncertain assumption is moved to its 5th and its 95th percentile."
    if swing.certain:
        reading += (
            " One that is written as certain is moved by a stated swing: rates, durations, factors "
            f"and the odds of chances times and divided by {swing.factor:g}, dates by "
            f"{swing.days} days, a first level by one; none before the start or beyond what can be "
            "written."
        )
    pairs = (
        "Differences are from the answer with everything as written, timeline by timeline on the "
        "same luck. Years later, longer or at a level are means over all timelines, up to the "
        "close: what has not come by then counts as coming then. The order is that of the larger "
        "of the two, years as a share of the time up to the close. ~0: no detectable effect; what "
        "moves every timeline the same way is detected, however wide its margin."
    )
    by_chance = by_chance_text(found.tested)
    return reading, pairs, *([by_chance] if by_chance else []), f"±: 95 % {SIMULATION_ERROR}."
