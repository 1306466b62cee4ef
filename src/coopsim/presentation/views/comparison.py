"""Results side by side: one row for each result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import cast

from coopsim.analysis.comparing.comparison import ComparedNumber, Comparison
from coopsim.analysis.comparing.pairing import MovedShares, PairedEstimate
from coopsim.analysis.kinds import kind_of
from coopsim.analysis.statistics.estimates import Interval
from coopsim.experiments.attribution import Attribution
from coopsim.presentation.views.cells import (
    alone_cell,
    course_cell,
    difference_cell,
    median_cell,
    part_cell,
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
from coopsim.presentation.views.whatif import attribution_view
from coopsim.presentation.words.assumptions import UNIT_WORDS, course_words
from coopsim.presentation.words.headlines import (
    Headline,
    differs,
    differs_in,
    headlines,
    moved_first,
    short_names,
    shown_size,
    telling,
    tested,
)
from coopsim.presentation.words.kinds import FAMILIES, FamilyWords
from coopsim.presentation.words.variants import variant_name
from coopsim.presentation.words.wording import (
    ALL_SHOWS,
    SIMULATION_ERROR,
    Wording,
    by_chance_text,
    others_text,
    timelines,
)
from coopsim.scenario.spec import Scenario

_BOTH_WAYS = (
    "Moved both ways: with the same luck, a change that should move an answer one way moves it "
    "the other way in some timelines, for example when an earlier event falls in a worse year."
)
_ELSEWHERE = (
    "Different on another day: answers for which neither the number above nor a median shows a "
    "difference. Years later, longer or at a level are means over all timelines, up to the "
    "closing date."
)
_PARTS = 3  # levels, or branches, of an answer
_MIXED = 10  # answers that move both ways


def comparison_views(
    comparison: Comparison,
    scenario: Scenario,
    explained: Sequence[Attribution] = (),
    *,
    everything: bool = False,
) -> tuple[View, ...]:
    """Show a comparison, and below it what the changes account for, where that was asked."""
    first = comparison_view(comparison, scenario, everything=everything)
    return (first, *(attribution_view(one, everything=everything) for one in explained))


def comparison_view(
    comparison: Comparison, scenario: Scenario, *, everything: bool = False
) -> View:
    """Show what differs, or all that is compared, worded as in a scenario (the base's) of it."""
    words, names = Wording.of(scenario), short_names(comparison)
    looked_at = headlines(comparison, words)
    found = moved_first(looked_at)
    count = len({one.outcome for one in found})
    folded = others_text(len(comparison.outcomes) - count, count, ALL_SHOWS)
    if everything:
        found, folded = [*found, *(one for one in looked_at if one not in found)], ""
    elsewhere = tuple(_elsewhere(found, names))
    both_ways = tuple(_both_ways(found, names, comparison.runs))
    leading = [headline for headline in found if headline.leads]
    others = [headline for headline in found if not headline.leads]
    sections = (
        *(_section(leading, family, names, family.leads, everything) for family in FAMILIES),
        *(_section(others, family, names, family.compared, everything) for family in FAMILIES),
    )
    return View(
        heading=(
            f"Differences from {names[comparison.base]}, over {timelines(comparison.runs)} of each",
            *(_about(comparison, name) for name in comparison.results),
            *(f"warning: {warning}" for warning in comparison.warnings),
        ),
        sections=(
            *(section for section in sections if section.rows),
            *elsewhere,
            *both_ways,
        ),
        notes=(
            *([folded] if folded else []),
            *_by_chance(looked_at),
            *([_ELSEWHERE] if elsewhere else []),
            *([_BOTH_WAYS] if both_ways else []),
            *_legend(names[comparison.base]),
        ),
    )


def _about(comparison: Comparison, name: str) -> str:
    result = comparison.results[name]
    return f"{name}: {variant_name(result.title, result.sets)}; seed {result.seed}"


def _by_chance(found: list[Headline]) -> list[str]:
    """Write how many of the differences shown would stand out if there were none."""
    text = by_chance_text(tested(found))
    return [text] if text else []


# --- numbers and their differences ----------------------------------------------------------------


def _section(
    found: list[Headline],
    family: FamilyWords,
    names: dict[str, str],
    title: str,
    everything: bool,
) -> Section:
    chosen = (headline for headline in found if headline.family is family)
    rows = (
        row
        for _, group in groupby(chosen, key=lambda headline: headline.outcome)
        for parts in (list(group),)
        for row in _outcome_rows(parts, parts if everything else _foremost(parts), names)
    )
    return Section(title, tuple(rows), tuple(_columns(family)))


def _columns(family: FamilyWords) -> Iterator[TableColumn]:
    yield TableColumn(family.number)
    yield TableColumn("difference", Holds.DIFFERENCE, marked=True)
    if family.median_change:
        group, change = ColumnGroup.MEDIAN, family.median_change
        yield TableColumn("median", Holds.DATE, group, kept=False)
        yield TableColumn(change, Holds.DIFFERENCE, group, kept=False, marked=True)


def _outcome_rows(
    parts: list[Headline], listed: list[Headline], names: dict[str, str]
) -> Iterator[Row]:
    yield Row(parts[0].title, about=parts[0].outcome)
    for headline in listed:
        if headline.part:
            yield Row(headline.family.row(headline.part), level=1)
        level = 2 if headline.part else 1
        for name, shown in names.items():
            yield Row(shown, _cells(headline, name), level=level, about=name, cut=True)
    rest = len(parts) - len(listed)
    if rest:
        others = "1 other differs" if rest == 1 else f"{rest} others differ"
        yield Row(f"{others} less, or not at all{ALL_SHOWS}", level=1)


def _foremost(parts: list[Headline]) -> list[Headline]:
    """Choose the parts of an answer that differ most; the likeliest where none differs."""
    told = sorted(filter(_shown, parts), key=shown_size, reverse=True)[:_PARTS]
    return told or [max(parts, key=lambda one: max(map(_number, one.measure.values.values())))]


def _number(value: object) -> float:
    return value if isinstance(value, float) else 0.0


def _cells(headline: Headline, name: str) -> tuple[Cell, ...]:
    median, cells = headline.median, number_cells(headline, name)
    if median is None:
        return cells
    unreached = headline.family.unreached(headline.closing)
    reached = cast("float | None", median.values[name])
    middle = median_cell(reached, median.intervals[name], unreached)
    return (*cells, middle, years_cell(median.differences.get(name)))


def number_cells(headline: Headline, name: str) -> tuple[Cell, Cell]:
    """Write the number of one result and its difference from the base's."""
    measure = headline.measure
    return _value(measure, name), difference_cell(measure.differences.get(name), measure.unit)


def _value(measure: ComparedNumber, name: str) -> Cell:
    value, interval = measure.values[name], cast("Interval", measure.intervals[name])
    return alone_cell(value, interval, measure.unit) if isinstance(value, float) else Cell()


# --- what these do not show -----------------------------------------------------------------------


def _elsewhere(found: list[Headline], names: dict[str, str]) -> Iterator[Section]:
    """List what differs on other days or in its dates, where the numbers above do not show it."""
    hidden = [telling(headline) for headline in found if differs(headline) and not _shown(headline)]
    if hidden:
        rows = [row for headline in hidden for row in _elsewhere_rows(headline, names)]
        yield Section("Different on another day, or on average over the time before", tuple(rows))


def _shown(headline: Headline) -> bool:
    measures = (headline.measure, headline.median)
    return any(differs_in(measure) for measure in measures if measure is not None)


def _elsewhere_rows(headline: Headline, names: dict[str, str]) -> Iterator[Row]:
    yield Row(headline.name, about=headline.outcome)
    measure = headline.measure if headline.when else headline.over_time
    for name, difference in measure.differences.items() if measure else ():
        if difference is not None:
            cell = _elsewhere_cell(headline, difference)
            yield Row(names[name], listed=(cell,), level=1, about=name)


def _elsewhere_cell(headline: Headline, difference: PairedEstimate) -> Cell:
    if headline.when:
        unit = headline.measure.unit
        return difference_cell(difference, unit, UNIT_WORDS[unit])
    words = course_words(headline.kind, headline.years)
    return course_cell(difference, kind_of(headline.kind).course_unit, headline.years, words)


def _both_ways(found: list[Headline], names: dict[str, str], runs: int) -> Iterator[Section]:
    """List the answers that move one way in some timelines and the other way in others."""
    mixed = [
        (moved.against, headline, name, moved)
        for headline in found
        if not headline.family.has_parts  # of which one part takes from another
        for name, moved in (headline.median or headline.measure).moved.items()
        if moved is not None and moved.against > 0
    ]
    mixed.sort(key=lambda one: -one[0])
    if mixed:
        rows = [
            row
            for _, headline, name, moved in mixed[:_MIXED]
            for row in (
                Row(headline.label, about=headline.outcome),
                Row(names[name], listed=_moved(headline, moved, runs), level=1, about=name),
            )
        ]
        rest = len(mixed) - _MIXED
        more = [Row(f"... and {rest} more, less often (--json lists all)")] if rest > 0 else []
        yield Section("Moved both ways, in shares of the timelines", (*rows, *more))


def _moved(headline: Headline, moved: MovedShares, runs: int) -> tuple[Cell, ...]:
    ways = zip(headline.moved, (moved.up, moved.down), strict=True)
    return tuple(part_cell(f"{way} in", share, runs) for way, share in ways)


def _legend(base: str) -> tuple[str, ...]:
    reading = (
        f"difference: less {base}'s, timeline by timeline. Results with the same seed share "
        "their luck, so differences are due to the assumptions. ~0: no detectable difference. "
        "± is the wider side of an interval, so a detectable difference may seem to include "
        "zero. A median that one of the two does not reach has no difference. All are at the "
        "end, or at the question's own date."
    )
    return reading, f"±: 95 % {SIMULATION_ERROR}."
