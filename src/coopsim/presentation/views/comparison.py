"""Results side by side as a table in the terminal: one line for each result."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import cast

from coopsim.analysis.comparing.comparison import ComparedNumber, Comparison
from coopsim.analysis.comparing.pairing import MovedShares, PairedEstimate
from coopsim.analysis.kinds import kind_of
from coopsim.analysis.statistics.estimates import Interval
from coopsim.presentation.terminal.pen import Line, Page, Section
from coopsim.presentation.words.assumptions import (
    SCALES,
    UNIT_WORDS,
    course_text,
    course_words,
    difference_text,
)
from coopsim.presentation.words.headlines import (
    DATE_KINDS,
    Headline,
    differs,
    differs_in,
    headlines,
    short_names,
    telling,
    tested,
)
from coopsim.presentation.words.numbers import (
    among,
    change,
    median_text,
    percent,
    rounded,
    whole_percent,
)
from coopsim.presentation.words.wording import (
    SIMULATION_ERROR,
    Wording,
    by_chance_text,
    not_by,
    timelines,
)
from coopsim.scenario.spec import Scenario

_BOTH_WAYS = (
    "Moved both ways: on the same luck, what should move an answer one way moves it the other way "
    "in some timelines, as when what comes sooner meets a worse year."
)
_ELSEWHERE = (
    "Different on another day: where neither the number above nor a median shows a difference. "
    "Years later, longer or at a level are means over all timelines, up to the close."
)
_MIXED = 10  # answers that move both ways
_WIDTH = 12  # of a difference and its error
_HEADINGS = {
    "date": ("Whether and when", "chance %", "median", "years later"),
    "first_of": ("Which comes first", "chance %"),
    "between": ("Years from one to the other", "both %", "median", "years longer"),
    "count": ("How often", "mean"),
    "index": ("Index, 0 to 100", "mean"),
    "driver": ("Levels", "share %"),
}


def comparison_table(comparison: Comparison, scenario: Scenario) -> Page:
    """Make the table of a comparison, worded as in a scenario (the base's) that it compares."""
    words, names = Wording.of(scenario), short_names(comparison)
    found = headlines(comparison, words)
    elsewhere = tuple(_elsewhere(found, names))
    both_ways = tuple(_both_ways(found, names, comparison.runs))
    sections = (
        Section(_heading(kind), tuple(_section_lines(found, kind, names))) for kind in _HEADINGS
    )
    return Page(
        heading=(
            f"Differences from {names[comparison.base]}, over {timelines(comparison.runs)} of each",
            *(_about(comparison, name) for name in comparison.results),
            *(f"warning: {warning}" for warning in comparison.warnings),
        ),
        sections=(
            *(section for section in sections if section.lines),
            *elsewhere,
            *both_ways,
        ),
        legend=(
            *_by_chance(found),
            *([_ELSEWHERE] if elsewhere else []),
            *([_BOTH_WAYS] if both_ways else []),
            *_legend(names[comparison.base]),
        ),
    )


def _about(comparison: Comparison, name: str) -> str:
    result = comparison.results[name]
    return f"{name}: {result.title}; seed {result.seed}"


def _by_chance(found: list[Headline]) -> list[str]:
    """Say how many of the differences shown would stand out if there were none."""
    text = by_chance_text(tested(found))
    return [text] if text else []


def _heading(kind: str) -> Line:
    title, number, *median = _HEADINGS[kind]
    cells = (number, f"{'difference':>{_WIDTH}}   ")
    return Line(title, (*cells, *median), cells, style="bold")


def _elsewhere(found: list[Headline], names: dict[str, str]) -> Iterator[Section]:
    """List what differs on other days or in its dates, where the numbers above do not show it."""
    hidden = [telling(headline) for headline in found if differs(headline) and not _shown(headline)]
    if hidden:
        heading = Line("Different on another day, or on average over the time before", style="bold")
        lines = [line for headline in hidden for line in _elsewhere_lines(headline, names)]
        yield Section(heading, tuple(lines))


def _shown(headline: Headline) -> bool:
    measures = (headline.measure, headline.median)
    return any(differs_in(measure) for measure in measures if measure is not None)


def _elsewhere_lines(headline: Headline, names: dict[str, str]) -> Iterator[Line]:
    yield Line(headline.name)
    measure = headline.measure if headline.when else headline.over_time
    for name, difference in measure.differences.items() if measure else ():
        if difference is not None:
            yield Line(f"  {names[name]}", note=_elsewhere_text(headline, difference))


def _elsewhere_text(headline: Headline, difference: PairedEstimate) -> str:
    measure = headline.measure
    if not headline.when:
        text = course_text(difference, kind_of(headline.kind).course_unit, headline.years)
        return f"{text.strip()} {course_words(headline.kind, headline.years)}"
    scale, decimals = SCALES[measure.unit]
    return f"{difference_text(difference, scale, decimals).strip()} {UNIT_WORDS[measure.unit]}"


def _both_ways(found: list[Headline], names: dict[str, str], runs: int) -> Iterator[Section]:
    """List the answers that move one way in some timelines and the other way in others."""
    mixed = [
        (moved.against, headline, names[name], moved)
        for headline in found
        if headline.kind not in ("driver", "first_of")  # of which one part takes from another
        for name, moved in (headline.median or headline.measure).moved.items()
        if moved is not None and moved.against > 0
    ]
    mixed.sort(key=lambda one: -one[0])
    if mixed:
        lines = [
            line
            for _, headline, name, moved in mixed[:_MIXED]
            for line in (
                Line(headline.label),
                Line(f"  {name}", note=_moved(headline, moved, runs)),
            )
        ]
        rest = len(mixed) - _MIXED
        more = [Line(f"... and {rest} more, less often (--json lists all)")] if rest > 0 else []
        heading = Line("Moved both ways, in shares of the timelines", style="bold")
        yield Section(heading, (*lines, *more))


def _moved(headline: Headline, moved: MovedShares, runs: int) -> str:
    ways = ("more", "less")
    if headline.median is not None:
        ways = (
            ("longer", "shorter") if headline.kind == "between" else ("later or never", "earlier")
        )
    up, down = (whole_percent(share, among(share, runs)) for share in (moved.up, moved.down))
    return f"{ways[0]} in {up}, {ways[1]} in {down}"


def _section_lines(found: list[Headline], kind: str, names: dict[str, str]) -> Iterator[Line]:
    asked = DATE_KINDS if kind == "date" else (kind,)
    chosen = (headline for headline in found if headline.kind in asked)
    for _, group in groupby(chosen, key=lambda headline: headline.outcome):
        parts = list(group)
        yield Line(parts[0].title)
        for headline in parts:
            if headline.part:
                # A level may be called like a result, as `freeze` is.
                yield Line(f"  {'at ' if kind == 'driver' else ''}{headline.part}")
            yield from _result_lines(headline, names)


def _result_lines(headline: Headline, names: dict[str, str]) -> Iterator[Line]:
    indent = "    " if headline.part else "  "
    measure, median = headline.measure, headline.median
    for name, shown in names.items():
        cells = (
            _value(measure, name),
            _difference(measure.differences.get(name), *SCALES[measure.unit]),
        )
        beside = (
            ()
            if median is None
            else (
                _median(headline, median, name),
                _difference(median.differences.get(name), 1, 2),
            )
        )
        yield Line(f"{indent}{shown}", (*cells, *beside), cells)


def _value(measure: ComparedNumber, name: str) -> str:
    value, interval = measure.values[name], cast("Interval", measure.intervals[name])
    if not isinstance(value, float):
        return ""
    return percent(value, interval) if measure.unit == "share" else rounded(value, interval)


def _median(headline: Headline, median: ComparedNumber, name: str) -> str:
    value = median.values[name]
    if value is None:
        return not_by(headline.closing) if headline.kind in DATE_KINDS else "not seen"
    return median_text(value, median.intervals[name] or (None, None))


def _difference(difference: PairedEstimate | None, scale: float, decimals: int) -> str:
    """Write a difference with its error, padded where the mark of no difference would stand."""
    if difference is None:
        return ""
    unknown = difference.interval is None
    mark = "" if unknown or difference.told_from_zero else "~0"
    text = change(difference.value, difference.interval, scale, decimals)
    return f"{text:>{_WIDTH}} {mark:2}"


def _legend(base: str) -> tuple[str, ...]:
    reading = (
        f"difference: less {base}'s, timeline by timeline. Results of one seed share their luck, "
        "so what differs is due to what they assume. ~0: it cannot be told from zero. ± is the "
        "wider side of an interval, so that what is told from zero may seem to reach it. A median "
        "that one of the two does not reach has no difference. All are at the end, or at the "
        "question's own date."
    )
    return reading, f"±: 95 % {SIMULATION_ERROR}."
