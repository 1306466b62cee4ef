"""What an answer hangs on, as tables in the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from coopsim.analysis.gauges import DATED
from coopsim.analysis.sensitivity import Effect, Moved, Sensitivity
from coopsim.presentation.assumption_words import (
    SCALES,
    UNIT_WORDS,
    assumption_name,
    base_text,
    difference_text,
    outcome_name,
)
from coopsim.presentation.layout import Line, Page, Section
from coopsim.presentation.wording import SIMULATION_ERROR, timelines

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
    about = (
        f"{len(found.assumptions)} assumptions, each moved to its low and its high: "
        f"{timelines(found.runs)} of each, seed {found.seed}"
    )
    heading = (f"What the answers of {found.scenario} hang on", about)
    return Page(heading=heading, sections=tuple(sections), legend=_legend(found))


def _focus(found: Sensitivity, outcome: str, most: int | None) -> Section:
    base = found.outcomes[outcome]
    by_date = found.by_date(outcome)
    lines: list[Line] = []
    for one in found.largest(outcome)[:most]:
        lines += _focus_lines(one, one.effects[outcome], base.unit, by_date=by_date)
    title = f"{outcome_name(base, outcome)}: {base_text(base)}"
    change = f"{UNIT_WORDS[base.unit]}   "
    dated = base.kind in (*DATED, "between")
    cells = (change, "median, years later") if dated else (change,)
    heading = Line(title, cells, cells[-1:] if by_date else (change,), style="bold")
    return Section(heading, tuple(lines))


def _focus_lines(one: Moved, effect: Effect, unit: str, *, by_date: bool) -> Iterator[Line]:
    yield Line(assumption_name(one.title, one.path))
    if not effect.felt:
        yield Line(f"  {one.low} to {one.high}", note="changes no timeline")
        return
    scale, decimals = SCALES[unit]
    for text, number, median in (
        (one.low, effect.low, effect.median_low),
        (one.high, effect.high, effect.median_high),
    ):
        change = difference_text(number, scale, decimals)
        beside = () if median is None else (difference_text(median, 1, 2),)
        yield Line(f"  {text}", (change, *beside), beside if by_date else (change,))


def _top(found: Sensitivity) -> Section:
    lines = [line for outcome in found.outcomes for line in _top_lines(found, outcome)]
    heading = Line("What matters most to each answer", ("low to high",), style="bold")
    return Section(heading, tuple(lines))


def _top_lines(found: Sensitivity, outcome: str) -> Iterator[Line]:
    base = found.outcomes[outcome]
    scale, decimals = SCALES[base.unit]
    by_date = found.by_date(outcome)
    yield Line(f"{outcome_name(base, outcome)}: {base_text(base)}", style="bold")
    for one in _felt(found, outcome)[:_TOP]:
        effect = one.effects[outcome]
        span = (
            f"{difference_text(effect.median_span, 1, 2)} years"
            if by_date
            else f"{difference_text(effect.span, scale, decimals)} {_short(base.unit)}"
        )
        yield Line(f"  {assumption_name(one.title, one.path)}", (span,), (span,))


def _short(unit: str) -> str:
    return {"share": "%   ", "count": "    ", "percent": "pts "}[unit]


def _felt(found: Sensitivity, outcome: str) -> list[Moved]:
    return [one for one in found.largest(outcome) if not one.effects[outcome].noise]


def _unfelt(found: Sensitivity) -> Iterator[Section]:
    titles = {one.path: one for one in found.assumptions}
    for paths, text in (
        (found.dead, "Dead: moving them changes no answer in any timeline"),
        (found.below_noise, "Below the noise: what moving them does cannot be told from nothing"),
        (tuple(found.unmoved), "Not moved, as a scenario with them at an end is not valid"),
    ):
        if paths:
            lines = tuple(_path_line(path, titles) for path in paths[:_LISTED])
            rest = (Line(f"... and {len(paths) - _LISTED} more (--json lists all)"),)
            more = rest if len(paths) > _LISTED else ()
            yield Section(Line(f"{text}: {len(paths)}", style="bold"), (*lines, *more))


def _path_line(path: str, moved: dict[str, Moved]) -> Line:
    one = moved.get(path)
    return Line(f"  {path}: {one.low} to {one.high}" if one else f"  {path}")


def _legend(found: Sensitivity) -> tuple[str, ...]:
    swing = found.swing
    reading = "An uncertain assumption is moved to its 5th and its 95th percentile."
    if swing.certain:
        reading += (
            " One that is written as certain is moved by a stated swing: rates, durations, factors "
            f"and the odds of chances times and divided by {swing.factor:g}, dates by "
            f"{swing.days} days, a first level by one."
        )
    pairs = (
        "Differences are from the answer with everything as written, timeline by timeline on the "
        "same luck. ~0: it cannot be told from zero; of a hundred assumptions that do nothing, "
        "about five will not be marked so."
    )
    return reading, pairs, f"±: 95 % {SIMULATION_ERROR}."
