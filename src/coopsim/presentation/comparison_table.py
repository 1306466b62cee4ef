"""Results side by side as a table in the terminal: one line for each result."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from coopsim.analysis.comparison import Comparison, Measure
from coopsim.analysis.pairing import Difference, Moved
from coopsim.presentation.headlines import (
    DATE_KINDS,
    Headline,
    cannot_be_told_from_zero,
    headlines,
    short_names,
)
from coopsim.presentation.layout import Line, Page, Section
from coopsim.presentation.wording import (
    SIMULATION_ERROR,
    Wording,
    error,
    not_by,
    percent,
    timelines,
    whole_percent,
)
from coopsim.scenario.spec import Scenario

_BOTH_WAYS = (
    "Moved both ways: on the same luck, what should move an answer one way moves it the other way "
    "in some timelines, as when what comes sooner meets a worse year."
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
    both_ways = tuple(_both_ways(found, names))
    sections = (
        Section(_heading(kind), tuple(_section_lines(found, kind, names))) for kind in _HEADINGS
    )
    return Page(
        heading=(
            f"Differences from {names[comparison.base]}, over {timelines(comparison.runs)} of each",
            *(_about(comparison, name) for name in comparison.results),
            *(f"warning: {warning}" for warning in comparison.warnings),
        ),
        sections=(*(section for section in sections if section.lines), *both_ways),
        legend=(*([_BOTH_WAYS] if both_ways else []), *_legend(names[comparison.base])),
    )


def _about(comparison: Comparison, name: str) -> str:
    result = comparison.results[name]
    return f"{name}: {result.title}; seed {result.seed}"


def _heading(kind: str) -> Line:
    title, number, *median = _HEADINGS[kind]
    cells = (number, f"{'difference':>{_WIDTH}}   ")
    return Line(title, (*cells, *median), cells, style="bold")


def _both_ways(found: list[Headline], names: dict[str, str]) -> Iterator[Section]:
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
            for line in (Line(headline.label), Line(f"  {name}", note=_moved(headline, moved)))
        ]
        rest = len(mixed) - _MIXED
        more = [Line(f"... and {rest} more, less often (--json lists all)")] if rest > 0 else []
        heading = Line("Moved both ways, in shares of the timelines", style="bold")
        yield Section(heading, (*lines, *more))


def _moved(headline: Headline, moved: Moved) -> str:
    ways = ("more", "less")
    if headline.median is not None:
        ways = (
            ("longer", "shorter") if headline.kind == "between" else ("later or never", "earlier")
        )
    return f"{ways[0]} in {whole_percent(moved.up)}, {ways[1]} in {whole_percent(moved.down)}"


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
    scale = 100 if measure.unit == "share" else 1
    for name, shown in names.items():
        cells = (
            _value(measure, name),
            _difference(measure.differences.get(name), scale, 1),
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


def _value(measure: Measure, name: str) -> str:
    value = measure.values[name]
    if not isinstance(value, float):
        return ""
    return percent(value) if measure.unit == "share" else f"{value:.1f}"


def _median(headline: Headline, median: Measure, name: str) -> str:
    value = median.values[name]
    if value is None:
        return not_by(headline.closing) if headline.kind in DATE_KINDS else "not seen"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _difference(difference: Difference | None, scale: float, decimals: int) -> str:
    """Write a difference with its error, padded where the mark of no difference would stand."""
    if difference is None:
        return ""
    mark = "~0" if cannot_be_told_from_zero(difference) else ""
    reach = error(difference.value, difference.interval, scale, decimals)
    # Adding 0 makes a rounded -0.0 a plain 0.0.
    value = round(scale * difference.value, decimals) + 0.0
    text = f"{value:+.{decimals}f} ±{reach}"
    return f"{text:>{_WIDTH}} {mark:2}"


def _legend(base: str) -> tuple[str, ...]:
    reading = (
        f"difference: less {base}'s, timeline by timeline. Results of one seed share their luck, "
        "so what differs is due to what they assume. ~0: it cannot be told from zero. A median "
        "that one of the two does not reach has no difference. All are at the end, or at the "
        "question's own date."
    )
    return reading, f"±: 95 % {SIMULATION_ERROR}."
