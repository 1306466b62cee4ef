"""What if: what differs, what it accounts for, and sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from coopsim.analysis.checkpoints import day_of
from coopsim.analysis.comparing.pairing import chances
from coopsim.experiments.attribution import Attribution, ChangeGroup, Explained, Part
from coopsim.experiments.base import Base
from coopsim.experiments.sweeps import Axis, Sweep, Threshold
from coopsim.presentation.views.cells import (
    base_median_cell,
    chance_cell,
    course_cell,
    difference_cell,
    mean_cell,
    years_cell,
)
from coopsim.presentation.views.view import (
    Cell,
    ColumnGroup,
    Holds,
    Row,
    Section,
    TableColumn,
    View,
)
from coopsim.presentation.words.assumptions import (
    SCALES,
    UNIT_WORDS,
    assumption_name,
    base_text,
    course_words,
    level_text,
    outcome_name,
)
from coopsim.presentation.words.counting import counted
from coopsim.presentation.words.kinds import family_of
from coopsim.presentation.words.numbers import date_text, rounded
from coopsim.presentation.words.variants import variant_name, variant_names
from coopsim.presentation.words.wording import (
    ALL_SHOWS,
    SIMULATION_ERROR,
    by_chance_text,
    day_or_year,
    others_text,
    plain_id,
    timelines,
)
from coopsim.scenario.changes.differences import AssumptionDifference, Differences
from coopsim.scenario.notation.values import DAY

_FINE = 6  # decimals at most of a place on an axis, such as a rate of a few in a million years


def differences_view(found: Differences, *, paths: bool = False) -> View:
    """Show what differs, by titles or by the paths that --set takes."""
    old, new = differing_names(found)
    groups = {
        f"Only in {new}": [one for one in found.found if one.old is None],
        f"Only in {old}": [one for one in found.found if one.new is None],
        "Different": [one for one in found.found if None not in (one.old, one.new)],
    }
    sections = (
        Section(
            title, tuple(row for one in group for row in _difference_rows(one, (old, new), paths))
        )
        for title, group in groups.items()
        if group
    )
    about = (
        counted(len(found.found), "difference")
        if found.found
        else "Their assumptions are the same."
    )
    return View((f"From {old} to {new}", about), tuple(sections))


def differing_names(found: Differences) -> tuple[str, str]:
    """Name the old and the new scenario of some differences."""
    old, new = variant_names([(found.old, found.old_sets), (found.new, found.new_sets)])
    return old, new


def _difference_rows(
    one: AssumptionDifference, names: tuple[str, str], paths: bool
) -> Iterator[Row]:
    yield Row(one.name if paths else assumption_name(one.title, one.name), about=one.name)
    for name, text in zip(names, (one.before, one.after), strict=True):
        if text is not None:
            yield Row(name, note=text, level=1, cut=True)
    support = [*one.sources, *([one.judgement] if one.judgement else [])]
    if support:
        yield Row("rests on", note="; ".join(support), level=1)


# --- explain ------------------------------------------------------------------------------------


def attribution_view(found: Attribution, *, everything: bool = False) -> View:
    """Show what each change accounts for, of the answers that change or of all."""
    shown = {
        name: one
        for name, one in found.outcomes.items()
        if everything or any(each.told_from_zero for each in one.differences)
    }
    quiet = len(found.outcomes) - len(shown)
    sections = [changes_section(found)]
    sections += [_explained(found, name, one, everything) for name, one in shown.items()]
    others = others_text(quiet, len(shown), ALL_SHOWS)
    looked_at = chances(each for one in found.outcomes.values() for each in one.differences)
    by_chance = by_chance_text(looked_at)
    return View(
        heading=(
            attribution_title(found),
            f"{timelines(found.runs)} of each combination of changes, seed {found.seed}",
            *(f"warning: {warning}" for warning in found.warnings),
        ),
        sections=tuple(sections),
        notes=(
            *([others] if others else []),
            *([by_chance] if by_chance else []),
            *_attribution_legend(found),
        ),
    )


def attribution_title(found: Attribution) -> str:
    """Name what is explained: how another scenario differs from the base."""
    base, other = variant_names([(found.base, found.base_sets), (found.other, found.other_sets)])
    return f"Why {other} differs from {base}"


def changes_section(found: Attribution) -> Section:
    """List the assumptions that change, those that change together below one title."""
    rows = tuple(row for change in found.changes for row in _change_rows(change))
    return Section("What changes", rows)


def _change_rows(change: ChangeGroup) -> Iterator[Row]:
    yield Row(change.title, level=1, about=change.name)
    for path, before, after in change.assumptions:
        keys = ".".join(path.split(".")[2:])
        text = f"{before or 'nothing'} -> {after or 'nothing'}"
        yield Row(f"{keys}: {text}" if keys else text, level=2, about=path)


def _explained(found: Attribution, name: str, one: Explained, everything: bool) -> Section:
    titles = {change.name: change.title for change in found.changes}
    parts = {change: part for change, part in one.parts.items() if everything or part.told}
    rows = [
        _part_row(Row(titles[change], level=1, about=change), part, one)
        for change, part in sorted(parts.items(), key=_order)
    ]
    quiet = len(one.parts) - len(parts)
    if quiet:
        changes = counted(quiet, "other change" if parts else "change")
        rows.append(Row(f"{changes}: no detectable effect{ALL_SHOWS}", level=1))
    change, median = difference_cell(one.change, one.before.unit), years_cell(one.median_change)
    cells = (change, Cell(), Cell(), median) if median.text else (change,)
    total = Row("Together", cells, brief=(median if one.by_date else change,))
    return Section(
        f"{outcome_name(one.before, name)}: {base_text(one.before)}, then {base_text(one.after)}",
        (*rows, total, *_over_time(one)),
        tuple(_explained_columns(one)),
        about=name,
    )


def _explained_columns(one: Explained) -> Iterator[TableColumn]:
    """Name the columns; of an answer that is sure its median is kept where there is little room."""
    first, *others = (UNIT_WORDS[one.before.unit], "on alone", "off alone")
    yield TableColumn(first, Holds.EFFECT, kept=not one.by_date, marked=True)
    for title in others:
        yield TableColumn(title, Holds.EFFECT, kept=False, marked=True)
    if family_of(one.before.kind).median_change:
        title, group = "median, years later", ColumnGroup.MEDIAN
        yield TableColumn(title, Holds.EFFECT, group, kept=one.by_date, marked=True)


def _over_time(one: Explained) -> Iterator[Row]:
    """Show by how much an answer differs over time, where nothing above shows a difference."""
    base, over_time = one.before, one.over_time
    if over_time is None or base.course_unit is None:
        return
    if over_time.told_from_zero and not one.shown:
        words = course_words(base.kind, base.years)
        cell = course_cell(over_time, base.course_unit, base.years, words)
        yield Row("Together, up to the closing date", listed=(cell,))


def _order(item: tuple[str, Part]) -> tuple[float, float]:
    """Put first what changes the number most, or else the median."""
    share, median = item[1].share, item[1].median_share
    return -round(abs(share.value), 9), 0.0 if median is None else -abs(median.value)


def _part_row(row: Row, part: Part, one: Explained) -> Row:
    unit = one.before.unit
    share, on, off = (difference_cell(each, unit) for each in (part.share, part.on, part.off))
    median = years_cell(part.median_share)
    cells = (share, on, off, median) if median.text else (share, on, off)
    return replace(row, cells=cells, brief=(median if one.by_date else share,))


def _attribution_legend(found: Attribution) -> tuple[str, ...]:
    way = (
        "all orders in which the changes can be made"
        if found.orders is None
        else f"{found.orders} random orders, half of them the others reversed"
    )
    reading = (
        f"The first number is what a change adds, averaged over {way}: these shares sum to the "
        "total. On alone: this change alone. Off alone: what is lost without this change "
        "alone. If the two differ, changes reinforce or offset each other. A median that some "
        "combination does not reach has no shares."
    )
    return (
        f"{reading} ~0: no detectable effect.",
        f"±: 95 % {SIMULATION_ERROR}.",
    )


# --- sweep --------------------------------------------------------------------------------------


def sweep_view(found: Sweep) -> View:
    """Show a sweep: a row for each point of one axis, a grid for two."""
    section = _curve(found) if len(found.axes) == 1 else _grid(found)
    sentence = threshold_sentence(found)
    return View(
        heading=(
            sweep_title(found),
            f"{timelines(found.runs)} of each point with the same luck, seed {found.seed}",
            *(f"Across: {axis_title(axis)}; {_unit(found)}" for axis in found.axes[1:]),
        ),
        sections=(section,),
        notes=(
            *([sentence] if sentence else []),
            *(f"The other chances of {name} are scaled in proportion." for name in found.scaled),
            f"±: 95 % {SIMULATION_ERROR}.",
        ),
    )


def sweep_title(found: Sweep) -> str:
    """Name what is asked, its last day and the scenario."""
    base = found.points[0].base
    name, day = outcome_name(base, found.outcome), day_or_year(base.closes)
    dated = name if day in name else f"{name} {family_of(base.kind).until(day)}"
    return f"{dated} in {variant_name(found.scenario, found.sets)}"


def axis_title(axis: Axis) -> str:
    """Name what is swept, with the unit of its numbers."""
    unit = axis.unit if axis.numbers is not None and axis.unit != "date" else ""
    return ", ".join(filter(None, (assumption_name(axis.title, axis.path), unit)))


def axis_texts(axis: Axis) -> tuple[str, ...]:
    """Write the places on an axis without the unit, which its title names."""
    if axis.numbers is None or axis.unit == "date":
        return tuple(map(plain_id, axis.texts))
    return tuple(f"{number:.4g}" for number in axis.numbers)


def threshold_sentence(found: Sweep) -> str:
    """Write where the answer passes its level, or that it does not."""
    if found.level is None or len(found.axes) > 1 or found.axes[0].numbers is None:
        return ""
    base, axis = found.points[0].base, found.axes[0]
    name, level = outcome_name(base, found.outcome), level_text(found.level, base.unit)
    if found.threshold is None:
        return (
            f"`{name}` does not cross {level} between {axis_texts(axis)[0]} and {axis.texts[-1]}."
        )
    side = "Above" if found.threshold.rising else "Below"
    if base.unit == "share" and found.level == 0.5:
        told = f"{side} {place_text(axis, found.threshold)}, `{name}` is more likely than not"
    else:
        told = f"{side} {place_text(axis, found.threshold)}, `{name}` is above {level}"
    return f"{told}{_reach(found, found.threshold)}."


def place_text(axis: Axis, threshold: Threshold) -> str:
    """Write where a level is passed, as finely as it is known."""
    if threshold.interval is None or threshold.interval[0] == threshold.interval[1]:
        return threshold.text
    if axis.unit == "date":
        low, high = (day_of(round(end) * DAY) for end in threshold.interval)
        return date_text(day_of(round(threshold.at) * DAY), (low, high))
    return f"{rounded(threshold.at, threshold.interval, _FINE)} {axis.unit}".strip()


def _reach(found: Sweep, threshold: Threshold) -> str:
    more = f"; the first of {threshold.passes} crossings" if threshold.passes > 1 else ""
    if threshold.interval is None:
        return f" (simulation error not known){more}"
    low, high = (found.axes[0].text(end) for end in threshold.interval)
    return f" (95 % simulation error: {low} to {high}){more}"


def _unit(found: Sweep) -> str:
    return f"in the grid: {number_title(found.points[0].base)}"


def _curve(found: Sweep) -> Section:
    base = found.points[0].base
    median = "median" if base.median else ""
    columns = (
        TableColumn(number_title(base)),
        TableColumn(median, Holds.DATE, ColumnGroup.MEDIAN, kept=False),
    )
    rows = tuple(
        Row(
            text,
            (_value(point.base), base_median_cell(point.base)),
            level=1,
            about=point.settings[0],
        )
        for text, point in zip(axis_texts(found.axes[0]), found.points, strict=True)
    )
    return Section(axis_title(found.axes[0]), rows, columns)


def _value(base: Base) -> Cell:
    """Write an answer with its margin of error, a share in percent without the sign."""
    if base.unit == "share":
        return chance_cell(base.value, base.interval)
    return mean_cell(base.value, base.interval, base.unit, SCALES[base.unit][1])


def number_title(base: Base) -> str:
    """Name the unit of an answer: `chance %`, `mean`."""
    return family_of(base.kind).number


def answer_text(base: Base) -> str:
    """Write an answer with its margin of error, a share in percent without the sign."""
    return _value(base).text


def _grid(found: Sweep) -> Section:
    """Lay the answers out as a grid, which folds where its columns do not fit."""
    down, across = found.axes
    width = len(across.texts)
    columns = tuple(map(TableColumn, axis_texts(across)))
    lines = [found.points[i : i + width] for i in range(0, len(found.points), width)]
    rows = (
        Row(text, tuple(_value(point.base) for point in line), level=1, about=line[0].settings[0])
        for text, line in zip(axis_texts(down), lines, strict=True)
    )
    return Section(axis_title(down), tuple(rows), columns, folds=True)
