"""Answers through time as charts: each with a sentence that says it and the table behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from coopsim.analysis.kinds.base import Curve, DateArray
from coopsim.analysis.kinds.dates import IncidenceCurve
from coopsim.analysis.kinds.firsts import NEITHER, CompetingCurves
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.presentation.pages.axes import Tick, TimeAxis, day_after
from coopsim.presentation.pages.paths import area_below, area_path, line_path
from coopsim.presentation.words.numbers import among, whole_percent
from coopsim.presentation.words.wording import Wording, day_or_year, plain_id
from coopsim.scenario.notation.quantiles import FloatArray

FRAMES = {  # what charts are drawn on: their marks upwards
    "percent": tuple(Tick(share, f"{share} %") for share in (0, 25, 50, 75, 100)),
    "index": tuple(Tick(height, str(height)) for height in (0, 25, 50, 75, 100)),
}
_NEUTRAL = 8  # of what is none of the others
_STYLES = 8  # of lines and areas, beyond which they come round

Curves = Mapping[str, Mapping[str, Curve]]  # by result, the base first, and by question


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line or an area: its path, its style by number, what it is called and what it ends at."""

    path: str
    style: int
    name: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What the table behind a chart says of one of the days of `TimeAxis.read_at`."""

    day: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart on a scale of time: `says` is all of it in a sentence, `rows` the table behind it.

    Areas cover those after them. The `frame`, by its name, is drawn once for all. Lines that are
    `choosable` are one for each scenario, and can be left out.
    """

    about: str
    title: str
    says: str
    frame: str
    areas: tuple[Drawn, ...]
    lines: tuple[Drawn, ...]
    columns: tuple[str, ...]
    rows: tuple[ReadRow, ...]
    choosable: bool = False


@dataclass(frozen=True, slots=True)
class Charts:
    """What makes the charts of some results: their curves by name, and the base's words."""

    curves: Curves
    words: Wording
    axis: TimeAxis

    @property
    def _base(self) -> Mapping[str, Curve]:
        return next(iter(self.curves.values()))

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.curves)

    def dates(self) -> Iterator[Chart]:
        """Draw when each thing has happened, a line for each scenario, the headlines first."""
        for name in self.words.in_order(self._base):
            own = {result: found.get(name) for result, found in self.curves.items()}
            lines = {
                result: curve for result, curve in own.items() if isinstance(curve, IncidenceCurve)
            }
            if isinstance(self._base[name], IncidenceCurve):
                yield self._lines(name, lines)

    def firsts(self) -> Iterator[Chart]:
        """Draw what came first, stacked, of the base."""
        for name, curve in self._base.items():
            if isinstance(curve, CompetingCurves):
                labels = [self.words.branch(label) for label in curve.labels]
                rest, none = self.words.branch(NEITHER), 1 - curve.probability.sum(axis=0)
                shares = np.vstack((curve.probability, none))
                yield self._stack(name, curve, shares, [*labels, rest], rest)

    def levels(self) -> Iterator[Chart]:
        """Draw the levels of drivers, stacked, of the base."""
        for name, curve in self._base.items():
            if isinstance(curve, LevelShares):
                yield self._stack(
                    name, curve, curve.shares, [plain_id(one) for one in curve.labels]
                )

    def indices(self) -> Iterator[Chart]:
        """Draw how an index varies between timelines, of the base."""
        for name, curve in self._base.items():
            if isinstance(curve, IndexFan):
                yield self._fan(name, curve)

    # --- each form ----------------------------------------------------------------------------

    def _lines(self, name: str, curves: Mapping[str, IncidenceCurve]) -> Chart:
        title = self.words.titles[name]
        order = list(self.curves)
        lines = tuple(
            Drawn(
                line_path(*self._within(curve.dates, curve.probability)),
                order.index(result) % _STYLES,
                result,
                _percent(float(curve.probability[-1]), curve.runs),
            )
            for result, curve in curves.items()
        )
        rows = self._rows(
            {
                result: (curve.dates, curve.probability, curve.runs)
                for result, curve in curves.items()
            }
        )
        ends = ", ".join(f"{line.ends} in {line.name}" for line in lines)
        says = f"{title}: chance that it has come, by date. At the end of {self._end}: {ends}."
        return Chart(
            name, title, says, "percent", (), lines, tuple(curves), rows,
            choosable=True,
        )  # fmt: skip

    def _stack(
        self,
        name: str,
        curve: CompetingCurves | LevelShares,
        shares: FloatArray,
        labels: Sequence[str],
        none: str = "",
    ) -> Chart:
        across, above = self._across(curve.dates), np.cumsum(shares, axis=0)
        styles = [
            _NEUTRAL if label == none else place % _STYLES for place, label in enumerate(labels)
        ]
        areas = tuple(
            Drawn(area_below(across, up), style, label, _percent(float(own[-1]), curve.runs))
            for label, style, up, own in zip(labels, styles, above, shares, strict=True)
        )
        rows = self._rows(
            {
                label: (curve.dates, own, curve.runs)
                for label, own in zip(labels, shares, strict=True)
            }
        )
        title = self.words.titles[name]
        ends = ", ".join(f"{area.name} {area.ends}" for area in areas)
        says = f"{title}: share of timelines, by date. At the end of {self._end}: {ends}."
        return Chart(
            name, title, says, "percent", areas, (), tuple(labels), rows
        )  # fmt: skip

    def _fan(self, name: str, fan: IndexFan) -> Chart:
        across = self._across(fan.dates)
        p5, p25, middle, p75, p95 = fan.quantiles / 100
        areas = (
            Drawn(area_path(across, p25, p75), 1, "the middle half"),
            Drawn(area_path(across, p5, p95), 0, "nine in ten timelines"),
        )
        lines = (Drawn(line_path(across, middle), 0, "median"),)
        kinds = ("5 %", "25 %", "median", "75 %", "95 %")
        read = [
            ReadRow(
                day_or_year(day),
                tuple(f"{own[self._place(fan.dates, day)]:.0f}" for own in fan.quantiles),
            )
            for day in self.axis.read_at
        ]
        last = read[-1].cells
        title = self.words.titles[name]
        says = (
            f"{title}, 0 to 100, by date. At the end of {self._end}: median {last[2]}, nine in ten "
            f"timelines between {last[0]} and {last[4]}."
        )
        return Chart(
            name, title, says, "index", areas, lines, kinds, tuple(read)
        )  # fmt: skip

    # --- places -------------------------------------------------------------------------------

    @property
    def _end(self) -> str:
        return day_or_year(self.axis.end)

    def _across(self, dates: DateArray) -> FloatArray:
        start, end = (np.datetime64(day, "D") for day in (self.axis.start, self.axis.end))
        found: FloatArray = (dates - start).astype(np.float64) / float((end - start).astype(int))
        return np.clip(found, 0, 1)

    def _within(self, dates: DateArray, values: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Leave out what another scenario tells of the time before and after the base's."""
        first, last = np.datetime64(self.axis.start, "D"), np.datetime64(day_after(self.axis.end))
        inside = (dates >= first) & (dates <= last)
        return self._across(dates[inside]), values[inside]

    def _rows(self, series: Mapping[str, tuple[DateArray, FloatArray, int]]) -> tuple[ReadRow, ...]:
        return tuple(
            ReadRow(
                day_or_year(day),
                tuple(
                    _percent(float(values[self._place(dates, day)]), runs)
                    if self._covers(dates, day)
                    else ""
                    for dates, values, runs in series.values()
                ),
            )
            for day in self.axis.read_at
        )

    @staticmethod
    def _covers(dates: DateArray, day: date) -> bool:
        """Check whether a curve tells of a day."""
        return bool(dates[0] <= np.datetime64(day, "D") < dates[-1])

    def _place(self, dates: DateArray, day: date) -> int:
        """Find the last point of a curve that tells of all that has happened by a day's end."""
        return int(np.searchsorted(dates, np.datetime64(day_after(day), "D"), side="right")) - 1


def _percent(share: float, runs: int) -> str:
    return whole_percent(min(max(share, 0.0), 1.0), among(share, runs))
