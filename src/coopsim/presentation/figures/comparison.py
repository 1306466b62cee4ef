"""The figures of a comparison: curves overlaid for each question, and the differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from matplotlib.lines import Line2D

from coopsim.analysis.comparing.comparison import Comparison
from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.kinds.base import Curve
from coopsim.presentation.figures.differences import NAMES, DifferenceRow, draw_differences
from coopsim.presentation.figures.kinds.families import family_of
from coopsim.presentation.figures.kinds.overlays import OverlaidLine, draw_overlay
from coopsim.presentation.figures.kit.labels import Margin, text_width
from coopsim.presentation.figures.kit.sheets import (
    Caption,
    Rectangle,
    Sheet,
    evenly,
    numbered,
    save_pages,
)
from coopsim.presentation.figures.kit.style import POINTS, TITLE, line_style, marker
from coopsim.presentation.words.assumptions import course_scale
from coopsim.presentation.words.headlines import (
    Headline,
    differs,
    headlines,
    short_names,
    shown_size,
    size,
    telling,
)
from coopsim.presentation.words.variants import shortened
from coopsim.presentation.words.wording import NBSP, SHORT_ERROR, Wording, timelines
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import listing

_FEW = 4  # results whose names fit beside a low panel
_ROW_HEIGHTS = {2: 2.4, 3: 1.75}  # inches, by columns
_ROWS = 4
_LINES = 22  # numbers on a page of differences
_PANELS = 3  # curves on the overview
_CURVES = 2.2  # inches for them
_LARGEST = 10  # differences on it
_BLOCK = 0.62  # inches for a block's title and scale
_DIFFERENCES = (
    "By the end, by the question's own date, or by the day named; means of dates are up to then. "
    "Hollow: no detectable difference, or its error is not known."
)
_SCALES = {
    "share": (100.0, "Chance or share: percentage points"),
    "count": (1.0, "Mean number: difference"),
    "percent": (1.0, "Index, 0 to 100: points"),
}


def draw_comparison(
    scenario: Scenario,
    comparison: Comparison,
    curves: Mapping[str, Mapping[str, Curve]],
    folder: Path,
) -> list[Path]:
    """Draw a comparison as PNG and SVG, worded as in the base's scenario; gives the files.

    `curves` are by result and outcome. Raises CoopsimError where a file cannot be written.
    """
    return save_pages(Atlas(Wording.of(scenario), comparison, curves).sheets(), folder)


@dataclass(frozen=True, slots=True)
class Atlas:
    """What all pages of a comparison need."""

    words: Wording
    comparison: Comparison
    curves: Mapping[str, Mapping[str, Curve]]

    def sheets(self) -> Iterator[tuple[str, Sheet]]:
        """Make all pages, one at a time, each with the stem of its file's name."""
        columns = 3 if len(self.names) <= _FEW else 2
        found = headlines(self.comparison, self.words)
        yield "overview", self._overview(found)
        for stem, overlays in numbered("curves", evenly(list(self.overlays()), columns * _ROWS)):
            yield stem, self._curves_sheet(overlays, columns)
        told = sorted(filter(differs, found), key=_place) or found
        for stem, shown in numbered("differences", evenly(told, _LINES)):
            yield stem, self._differences_sheet(shown, len(found) - len(told))

    @property
    def names(self) -> dict[str, str]:
        """Get the short names of the results, by their names."""
        return short_names(self.comparison)

    @property
    def title(self) -> str:
        """Name what is compared: the other results with the base."""
        base, *others = self.names.values()
        return f"{listing(others, 'and')} compared with {base}"

    def _sheet(self, heading: str, about: str, height: float) -> Sheet:
        comparison = self.comparison
        seeds = dict.fromkeys(str(result.seed) for result in comparison.results.values())
        footer = (
            f"{', '.join(comparison.results)}: {timelines(comparison.runs)} of each, "
            f"seed {', '.join(seeds)}. Bands and bars: 95 % {SHORT_ERROR}."
        )
        return Sheet.make(heading, f"As of {self.words.as_of}. {about}", footer, height)

    def _overview(self, found: Sequence[Headline]) -> Sheet:
        """Make the page for a briefing: what differs most, and the curves behind it."""
        ordered = _largest(found)
        largest = _one_of_each_question(ordered)[:_LARGEST]
        overlays = dict(self.overlays())
        leading = [label for label in self._of_each_family(ordered) if label in overlays]
        shown = [(label, overlays[label]) for label in (leading or list(overlays))[:_PANELS]]
        units = [unit for unit in _SCALES if any(h.measure.unit == unit for h in largest)]
        row = max(0.29, 0.1 * (len(self.names) - 1) + 0.08)
        below = len(units) * _BLOCK + row * len(largest) + 0.3
        _, *others = self.names
        sheet = self._sheet(self.title, self._about(largest), _CURVES + below)
        left, bottom, width = sheet.body.left, sheet.body.bottom, sheet.body.width
        self._draw_overlays(sheet, shown, Rectangle(left, bottom + below, width, _CURVES), _PANELS)
        if largest:
            lower = Rectangle(left, bottom, width, below - 0.15)
            _draw_key(sheet, lower, [self.names[name] for name in others])
            _draw_blocks(sheet, largest, others, lower)
        return sheet

    def _about(self, largest: Sequence[Headline]) -> str:
        base = self.names[self.comparison.base]
        if not largest:
            return f"No detectable difference from {base}"
        if largest[0].leads:
            return f"What differs from {base}, headline questions first. {_DIFFERENCES}"
        return f"What differs most from {base}. One number for each question. {_DIFFERENCES}"

    def overlays(self) -> Iterator[tuple[str, dict[str, OverlaidLine]]]:
        """Yield the title and the lines of each panel."""
        for outcome in self.words.in_order(self.comparison.outcomes):
            base = self.curves[self.comparison.base][outcome]
            lines_of = family_of(base).lines
            apart = {
                shown: lines_of(self.curves[name][outcome], base, self.words)
                for name, shown in self.names.items()
            }
            for part in next(iter(apart.values())):
                if not all(part in each for each in apart.values()):
                    continue  # a level that not all have
                lines = {shown: each[part] for shown, each in apart.items()}
                title = self.words.titles[outcome]
                if any(len(line.years) for line in lines.values()):
                    yield (f"{title}: {part}" if part else title), lines

    def _of_each_family(self, ordered: Sequence[Headline]) -> list[str]:
        """List headline questions, then the first number of each family, then the others."""
        curves = self.curves[self.comparison.base]
        stems = [family_of(curves[one.outcome]).stem for one in ordered]
        first = {stems.index(stem) for stem in stems}
        leads = [one.leads for one in ordered]
        order = sorted(range(len(stems)), key=lambda at: (not leads[at], at not in first, at))
        return [ordered[place].label for place in order]

    def _curves_sheet(
        self, overlays: Sequence[tuple[str, dict[str, OverlaidLine]]], columns: int
    ) -> Sheet:
        columns = min(columns, max(len(overlays), 2))
        rows = ceil(len(overlays) / columns)
        about = (
            "The same question to each: shares by date, mean numbers by span with the number in "
            "all, mean of an index"
        )
        sheet = self._sheet(f"{self.title}: over time", about, rows * _ROW_HEIGHTS[columns])
        self._draw_overlays(sheet, overlays, sheet.body, columns)
        return sheet

    def _draw_overlays(
        self,
        sheet: Sheet,
        overlays: Sequence[tuple[str, dict[str, OverlaidLine]]],
        box: Rectangle,
        columns: int,
    ) -> None:
        names = list(self.names.values())
        margin = Margin.fitting(map(_with_value, names), 1.6)
        short = shortened(names, lambda name: margin.wrap(_with_value(name)).count("\n") < 2)
        labels = dict(zip(names, short, strict=True))
        captions = [Caption(title, "", margin.inches) for title, _ in overlays]
        for (_, lines), ax in zip(overlays, sheet.panels(box, captions, columns), strict=True):
            draw_overlay(ax, {labels[name]: line for name, line in lines.items()}, margin.wrap)

    def _differences_sheet(self, found: Sequence[Headline], others_left: int) -> Sheet:
        """Make a page of differences, and count the numbers that no result moves."""
        base, *others = self.names
        units = [unit for unit in _SCALES if any(h.measure.unit == unit for h in found)]
        row = max(0.29, 0.1 * len(others) + 0.08)
        height = len(units) * _BLOCK + row * len(found) + 0.25
        sheet = self._sheet(
            f"{self.title}: differences",
            f"Differences from {self.names[base]}. {_DIFFERENCES}{_folded(others_left)}",
            height,
        )
        _draw_key(sheet, sheet.body, [self.names[name] for name in others])
        _draw_blocks(sheet, found, others, sheet.body)
        return sheet


def _with_value(name: str) -> str:
    """Write a name with the longest value that may stand behind it."""
    return f"{name} 99.9{NBSP}in{NBSP}all"


def _largest(found: Sequence[Headline]) -> list[Headline]:
    """Order what differs, at the closing or else at the day that shows it, the largest first.

    Headline questions lead the others.
    """
    ordered = sorted(filter(differs, found), key=lambda one: (not one.leads, -size(one)))
    return [telling(one) for one in ordered]


def _place(headline: Headline) -> tuple[bool, float]:
    """Order by what is drawn, the largest first; headline questions lead."""
    return not headline.leads, -shown_size(headline)


def _one_of_each_question(ordered: Sequence[Headline]) -> list[Headline]:
    """Choose the first number of each question, so that no driver fills a page with its levels."""
    first: dict[str, Headline] = {}
    for one in ordered:
        first.setdefault(one.outcome, one)
    return list(first.values())


def _folded(count: int) -> str:
    """Count what does not differ; nothing where there is none."""
    if not count:
        return ""
    return (
        " 1 other number does not differ."
        if count == 1
        else (f" {count} other numbers do not differ.")
    )


def _draw_blocks(
    sheet: Sheet, found: Sequence[Headline], others: Sequence[str], box: Rectangle
) -> None:
    """Draw differences below each other, by the unit they are in."""
    row = max(0.29, 0.1 * len(others) + 0.08)
    top = box.bottom + box.height - 0.25
    for unit in _SCALES:
        ordered = sorted(found, key=_place)
        chosen = [h for h in ordered if h.measure.unit == unit]
        if chosen:
            high = _BLOCK + row * len(chosen)
            top -= high
            _draw_block(sheet, chosen, others, Rectangle(box.left, top, box.width, high))


def _draw_block(
    sheet: Sheet, found: Sequence[Headline], others: Sequence[str], box: Rectangle
) -> None:
    scale, title = _SCALES[found[0].measure.unit]
    dated = any(h.median is not None for h in found)
    room = box.width - NAMES
    wide = room * 0.56 if dated else room
    inner = Rectangle(box.left + NAMES, box.bottom + 0.28, wide - 0.1, box.height - _BLOCK + 0.04)
    rows = [DifferenceRow(h.name, h.measure.differences, scale) for h in found]
    draw_differences(sheet.axes(inner), rows, others, named=True)
    sheet.text(inner.left, inner.bottom + inner.height + 0.2, title)
    if dated:
        left = inner.left + wide + 0.15
        beside = Rectangle(left, inner.bottom, room - wide - 0.25, inner.height)
        scale, _ = course_scale("years", max(h.years for h in found))
        unit = "years" if scale == 1 else "days"
        years = [DifferenceRow("", _years(h), scale) for h in found]
        draw_differences(sheet.axes(beside), years, others, named=False)
        title = f"Mean: {unit} later or longer"
        sheet.text(left, inner.bottom + inner.height + 0.2, title)


def _years(headline: Headline) -> Mapping[str, PairedEstimate | None]:
    """Get by how many years a date comes later or a gap is longer, where there is one."""
    if headline.median is None or headline.over_time is None:
        return {}
    return headline.over_time.differences


def _draw_key(sheet: Sheet, box: Rectangle, names: Sequence[str]) -> None:
    """Write the names of the results once, beside their marks."""
    width, height = sheet.figure.get_size_inches()
    left, level = box.left, box.bottom + box.height - 0.08
    room = box.width / len(names) - 0.48
    short = shortened(names, lambda name: _key_width(name) <= room)
    for number, name in enumerate(short, start=1):
        mark = Line2D(
            [(left + 0.06) / width],
            [(level - 0.06) / height],
            marker=marker(number),
            markersize=5.5,
            color=line_style(number)[0],
            linestyle="none",
        )
        sheet.figure.add_artist(mark)
        sheet.text(left + 0.18, level, name)
        left += 0.18 + _key_width(name) + 0.3


def _key_width(name: str) -> float:
    """Measure a name in the key, in inches."""
    return text_width(name, TITLE, "bold") / POINTS
