"""What if, as tables in the terminal: what differs, what it accounts for, and sweeps."""

from __future__ import annotations

from collections.abc import Iterator

from coopsim.analysis.checkpoints import day_of
from coopsim.analysis.comparing.pairing import chances
from coopsim.analysis.kinds import kind_of
from coopsim.experiments.attribution import Attribution, ChangeGroup, Explained, Part
from coopsim.experiments.base import Base
from coopsim.experiments.sweeps import Axis, Sweep, Threshold
from coopsim.presentation.terminal.pen import Line, Page, Section
from coopsim.presentation.terminal.problems import counted
from coopsim.presentation.words.assumptions import (
    SCALES,
    UNIT_WORDS,
    assumption_name,
    base_median,
    base_text,
    course_text,
    course_words,
    difference_text,
    level_text,
    outcome_name,
)
from coopsim.presentation.words.numbers import chance, date_text, estimate, percent, rounded
from coopsim.presentation.words.wording import SIMULATION_ERROR, by_chance_text, timelines
from coopsim.scenario.changes.differences import AssumptionDifference, Differences
from coopsim.scenario.notation.values import DAY

_FINE = 6  # decimals at most of a place on an axis, such as a rate of a few in a million years


def differences_table(found: Differences, *, paths: bool = False) -> Page:
    """Make the table of what differs, by titles or by the paths that --set takes."""
    new, old = found.new, found.old
    groups = {
        f"Only in {new}": [one for one in found.found if one.old is None],
        f"Only in {old}": [one for one in found.found if one.new is None],
        "Different": [one for one in found.found if None not in (one.old, one.new)],
    }
    sections = (
        Section(
            Line(heading, style="bold"),
            tuple(line for one in group for line in _difference_lines(one, found, paths)),
        )
        for heading, group in groups.items()
        if group
    )
    about = counted(len(found.found), "difference") if found.found else "They assume the same."
    return Page((f"From {old} to {new}", about), tuple(sections))


def _difference_lines(one: AssumptionDifference, found: Differences, paths: bool) -> Iterator[Line]:
    yield Line(one.name if paths else assumption_name(one.title, one.name))
    for name, text in ((found.old, one.before), (found.new, one.after)):
        if text is not None:
            yield Line(f"  {name}", note=text)
    support = [*one.sources, *([one.judgement] if one.judgement else [])]
    if support:
        yield Line("  rests on", note="; ".join(support))


# --- explain ------------------------------------------------------------------------------------


def attribution_table(found: Attribution, *, everything: bool = False) -> Page:
    """Make the table of what each change accounts for, of the answers that change."""
    shown = {
        name: one
        for name, one in found.outcomes.items()
        if everything or any(each.told_from_zero for each in one.differences)
    }
    quiet = len(found.outcomes) - len(shown)
    sections = [_changes_section(found)]
    sections += [_explained(found, name, one) for name, one in shown.items()]
    note = (f"{quiet} answers do not change, or not so that it can be told (--all).",)
    looked_at = chances(each for one in found.outcomes.values() for each in one.differences)
    by_chance = by_chance_text(looked_at)
    return Page(
        heading=(
            f"Why {found.scenario} differs from {found.against}",
            f"{timelines(found.runs)} of each mixture of changes, seed {found.seed}",
            *(f"warning: {warning}" for warning in found.warnings),
        ),
        sections=tuple(sections),
        legend=(
            *(note if quiet else ()),
            *([by_chance] if by_chance else []),
            *_attribution_legend(found),
        ),
    )


def _changes_section(found: Attribution) -> Section:
    lines = [line for change in found.changes for line in _change_lines(change)]
    return Section(Line("What changes", style="bold"), tuple(lines))


def _change_lines(change: ChangeGroup) -> Iterator[Line]:
    yield Line(f"  {change.title}")
    for path, before, after in change.assumptions:
        keys = ".".join(path.split(".")[2:])
        text = f"{before or 'nothing'} -> {after or 'nothing'}"
        yield Line(f"    {keys}: {text}" if keys else f"    {text}")


def _explained(found: Attribution, name: str, one: Explained) -> Section:
    unit = one.before.unit
    titles = {change.name: change.title for change in found.changes}
    medians = ("median, years later",) if kind_of(one.before.kind).median else ()
    unit_words = f"{UNIT_WORDS[unit]}   "
    heading = Line(
        f"{outcome_name(one.before, name)}: {base_text(one.before)}, then {base_text(one.after)}",
        (unit_words, "on alone   ", "off alone   ", *medians),
        medians if one.by_date else (unit_words,),
        style="bold",
    )
    lines = [
        _part_line(titles[change], part, unit, by_date=one.by_date)
        for change, part in sorted(one.parts.items(), key=_order)
    ]
    change = difference_text(one.change, *SCALES[unit])
    median = difference_text(one.median_change, 1, 2)
    cells = (change, "", "", median) if median else (change,)
    total = Line("Together", cells, (median if one.by_date else change,))
    return Section(heading, (*lines, total, *_over_time(one)))


def _over_time(one: Explained) -> Iterator[Line]:
    """Tell by how much an answer differs over time, where nothing above shows a difference."""
    if one.over_time.told_from_zero and not one.shown:
        base = one.before
        text = course_text(one.over_time, base.course_unit, base.years).strip()
        yield Line(
            "Together, up to the close", note=f"{text} {course_words(base.kind, base.years)}"
        )


def _order(item: tuple[str, Part]) -> tuple[float, float]:
    """Put first what changes the number most, or else the median."""
    share, median = item[1].share, item[1].median_share
    return -round(abs(share.value), 9), 0.0 if median is None else -abs(median.value)


def _part_line(title: str, part: Part, unit: str, *, by_date: bool) -> Line:
    share, on, off = (
        difference_text(one, *SCALES[unit]) for one in (part.share, part.on, part.off)
    )
    median = difference_text(part.median_share, 1, 2)
    cells = (share, on, off, median) if median else (share, on, off)
    return Line(f"  {title}", cells, (median if by_date else share,))


def _attribution_legend(found: Attribution) -> tuple[str, ...]:
    way = (
        "all orders in which the changes can be made"
        if found.orders is None
        else f"{found.orders} orders drawn by lot, half of them the others reversed"
    )
    reading = (
        f"The first number is what a change adds, averaged over {way}: these shares sum to the "
        "whole. On alone: the change made alone. Off alone: what is lost if it alone is not made. "
        "Where the two differ, changes work together or against each other. A median that is not "
        "reached in some mixture has no shares."
    )
    return (
        reading,
        f"~0: it cannot be told from zero. ±: 95 % {SIMULATION_ERROR}.",
    )


# --- sweep --------------------------------------------------------------------------------------


def sweep_table(found: Sweep) -> Page:
    """Make the table of a sweep: a line for each point of one axis, a grid for two."""
    base = found.points[0].base
    section = _curve(found) if len(found.axes) == 1 else _grid(found)
    sentence = threshold_sentence(found)
    return Page(
        heading=(
            f"{outcome_name(base, found.outcome)} in {found.scenario}",
            f"{timelines(found.runs)} of each point on the same luck, seed {found.seed}",
        ),
        sections=(section,),
        legend=(
            *([sentence] if sentence else []),
            *(f"The other chances of {name} are scaled in proportion." for name in found.scaled),
            error_sentence(found, "±:"),
        ),
    )


def error_sentence(found: Sweep, shown: str) -> str:
    """Say what tells the error of a sweep's numbers: what is shown, or in a grid their digits."""
    how = shown if len(found.axes) == 1 else "Numbers are rounded by their"
    return f"{how} 95 % {SIMULATION_ERROR}."


def threshold_sentence(found: Sweep) -> str:
    """Say where the answer passes its level, or that it does not."""
    if found.level is None or len(found.axes) > 1 or found.axes[0].numbers is None:
        return ""
    base, axis = found.points[0].base, found.axes[0]
    name, level = outcome_name(base, found.outcome), level_text(found.level, base.unit)
    if found.threshold is None:
        return f"`{name}` does not pass {level} between {axis.texts[0]} and {axis.texts[-1]}."
    side = "Above" if found.threshold.rising else "Below"
    if base.unit == "share" and found.level == 0.5:
        told = f"{side} {place_text(axis, found.threshold)}, `{name}` is more likely than not"
    else:
        told = f"{side} {place_text(axis, found.threshold)}, `{name}` is above {level}"
    return f"{told}{_reach(found, found.threshold)}."


def place_text(axis: Axis, threshold: Threshold) -> str:
    """Say where a level is passed, as finely as it is known."""
    if threshold.interval is None or threshold.interval[0] == threshold.interval[1]:
        return threshold.text
    if axis.unit == "date":
        low, high = (day_of(round(end) * DAY) for end in threshold.interval)
        return date_text(day_of(round(threshold.at) * DAY), (low, high))
    return f"{rounded(threshold.at, threshold.interval, _FINE)} {axis.unit}".strip()


def _reach(found: Sweep, threshold: Threshold) -> str:
    more = (
        f"; it passes {threshold.passes} times in all, and this is the first"
        if threshold.passes > 1
        else ""
    )
    if threshold.interval is None:
        return f" (simulation error of the place not known){more}"
    low, high = (found.axes[0].text(end) for end in threshold.interval)
    return f" (95 % simulation error: {low} to {high}){more}"


def _curve(found: Sweep) -> Section:
    base = found.points[0].base
    heading = Line(found.axes[0].title, ("", "median" if base.median else ""), ("",), style="bold")
    lines = []
    for point in found.points:
        value = _value(point.base)
        lines.append(Line(f"  {point.settings[0]}", (value, base_median(point.base)), (value,)))
    return Section(heading, tuple(lines))


def _value(base: Base) -> str:
    """Write an answer with its margin of error, a share in percent without the sign."""
    if base.unit == "share":
        return chance(base.value, base.interval)
    return estimate(base.value, base.interval, SCALES[base.unit][1])


def cell_text(base: Base) -> str:
    """Write an answer alone in a cell, a share in percent without the sign."""
    if base.unit == "share":
        return percent(base.value, base.interval)
    return rounded(base.value, base.interval, SCALES[base.unit][1])


def _grid(found: Sweep) -> Section:
    down, across = found.axes
    width = len(across.texts)
    heading = Line(f"{down.path}, across: {across.path}", across.texts, style="bold")
    rows = [found.points[i : i + width] for i in range(0, len(found.points), width)]
    lines = [
        Line(
            f"  {row[0].settings[0]}",
            tuple(cell_text(point.base) for point in row),
        )
        for row in rows
    ]
    return Section(heading, tuple(lines))
