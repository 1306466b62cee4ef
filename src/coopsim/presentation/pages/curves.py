"""Answers through time as charts: each with a sentence that says it, and its numbers in a table.

Lines of all results stand in one plot. What is stacked or a fan has a plot for each result, side by
side. The numbers of all charts of a section are in one table below them, a group for each plot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import NamedTuple, TypeVar

import numpy as np

from coopsim.analysis.kinds.base import Curve, DateArray
from coopsim.analysis.kinds.counts import CountBars
from coopsim.analysis.kinds.dates import IncidenceCurve
from coopsim.analysis.kinds.firsts import NEITHER, CompetingCurves
from coopsim.analysis.kinds.indices import IndexFan
from coopsim.analysis.kinds.levels import LevelShares
from coopsim.presentation.pages.axes import Tick, TimeAxis, day_after
from coopsim.presentation.pages.paths import area_below, area_path, line_path, steps_path
from coopsim.presentation.words.numbers import among, rounded, whole_percent
from coopsim.presentation.words.wording import Wording, day_or_year, plain_id
from coopsim.scenario.notation.quantiles import FloatArray

_HUNDRED = (0, 25, 50, 75, 100)
_PERCENT, _INDEX = "percent", "index"
_NEUTRAL = 8  # of what is none of the others
_STYLES = 8  # of lines and areas, beyond which they come round
_TOPS = (1, 2, 5)  # of a scale of counts, times a power of ten

_C = TypeVar("_C", bound=Curve)
Curves = Mapping[str, Mapping[str, Curve]]  # by result, the base first, and by question


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line or an area: its path, its style by number, what it is called and what it ends at."""

    path: str
    style: int
    name: str = ""
    ends: str = ""


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A line of numbers at the days of `TimeAxis.read_at`: each text, over so many days alike."""

    name: str
    cells: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot on a scale of time: `says` is all of it in a sentence, `rows` are its numbers.

    Areas cover those after them. It is `of` a result where there is one for each.
    """

    says: str
    areas: tuple[Drawn, ...]
    lines: tuple[Drawn, ...]
    rows: tuple[NumberRow, ...]
    of: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What becomes of a question: one plot, or one for each result.

    The `frame`, by its name, is drawn once for all. Lines that are `choosable` are one for each
    scenario, and can be left out.
    """

    about: str
    title: str
    frame: str
    plots: tuple[Plot, ...]
    choosable: bool = False

    @property
    def areas_named(self) -> tuple[Drawn, ...]:
        """List the areas for a key; where there are several plots, without their ends."""
        return self._named(self.plots[0].areas)

    @property
    def lines_named(self) -> tuple[Drawn, ...]:
        """List the lines for a key; where there are several plots, without their ends."""
        return self._named(self.plots[0].lines)

    def _named(self, drawn: tuple[Drawn, ...]) -> tuple[Drawn, ...]:
        if len(self.plots) == 1:
            return drawn
        return tuple(replace(one, ends="") for one in drawn)


class _Layers(NamedTuple):
    """What is stacked: names, shares of shape (names, days), and which of them is none of these."""

    labels: list[str]
    shares: FloatArray
    none: str = ""


def frames(charts: Iterable[Chart]) -> dict[str, tuple[Tick, ...]]:
    """Make what charts are drawn on: the marks upwards of each frame, from 0 to 100."""
    return {chart.frame: _marks(chart.frame) for chart in charts}


def _marks(frame: str) -> tuple[Tick, ...]:
    if frame in (_PERCENT, _INDEX):
        unit = " %" if frame == _PERCENT else ""
        return tuple(Tick(at, f"{at}{unit}") for at in _HUNDRED)
    top = float(frame.removeprefix("upto-"))
    return tuple(Tick(at, f"{top * at / 100:g}") for at in (0, 50, 100))


def _top(most: float) -> float:
    """Find a round number to which a scale of counts reaches."""
    power = 10 ** math.floor(math.log10(most)) if most > 0 else 0.1
    return next(float(f"{top * power:g}") for top in (*_TOPS, 10) if top * power >= most)


@dataclass(frozen=True, slots=True)
class Charts:
    """What makes the charts of some results: their curves by name, and the base's words."""

    curves: Curves
    words: Wording
    axis: TimeAxis

    def dates(self) -> Iterator[Chart]:
        """Draw when each thing has happened, a line for each result, the headlines first."""
        for name in self.words.in_order(next(iter(self.curves.values()))):
            found = self._of(name, IncidenceCurve)
            if found:
                yield self._lines(name, found)

    def firsts(self) -> Iterator[Chart]:
        """Draw what came first, stacked."""
        for name in self._asked():
            plots = []
            for result, curve in self._of(name, CompetingCurves).items():
                labels = [self.words.branch(label) for label in curve.labels]
                rest, none = self.words.branch(NEITHER), 1 - curve.probability.sum(axis=0)
                shares = np.vstack((curve.probability, none))
                plots.append(self._stack(result, curve, _Layers([*labels, rest], shares, rest)))
            yield from self._chart(name, _PERCENT, plots)

    def levels(self) -> Iterator[Chart]:
        """Draw the levels of drivers, stacked."""
        for name in self._asked():
            plots = [
                self._stack(result, curve, _Layers(list(map(plain_id, curve.labels)), curve.shares))
                for result, curve in self._of(name, LevelShares).items()
            ]
            yield from self._chart(name, _PERCENT, plots)

    def indices(self) -> Iterator[Chart]:
        """Draw how an index varies between timelines."""
        for name in self._asked():
            plots = [self._fan(*one) for one in self._of(name, IndexFan).items()]
            yield from self._chart(name, _INDEX, plots)

    def counts(self) -> Iterator[Chart]:
        """Draw how often something happens in each span of time, a line for each result."""
        for name in self._asked():
            found = self._of(name, CountBars)
            if found:
                yield self._counted(name, found)

    def _asked(self) -> list[str]:
        return list(next(iter(self.curves.values())))

    def _of(self, name: str, kind: type[_C]) -> dict[str, _C]:
        """Find the curves of a question by result; none where the base has none of the kind."""
        found = {result: own.get(name) for result, own in self.curves.items()}
        if not isinstance(next(iter(found.values())), kind):
            return {}
        return {result: curve for result, curve in found.items() if isinstance(curve, kind)}

    def _chart(self, name: str, frame: str, plots: Sequence[Plot]) -> Iterator[Chart]:
        if plots:
            yield Chart(name, self.words.titles[name], frame, tuple(plots))

    # --- each form ----------------------------------------------------------------------------

    def _lines(self, name: str, curves: Mapping[str, IncidenceCurve]) -> Chart:
        lines = tuple(
            Drawn(
                line_path(*self._within(curve.dates, curve.probability)),
                self._style(result),
                result,
                _percent(float(curve.probability[-1]), curve.runs),
            )
            for result, curve in curves.items()
        )
        rows = (
            self._row(result, curve.dates, curve.probability, curve.runs)
            for result, curve in curves.items()
        )
        title = self.words.titles[name]
        ends = ", ".join(f"{line.ends}{self._within_result(line.name)}" for line in lines)
        says = f"Chance by date, at the end of {self._end}: {ends}."
        plot = Plot(says, (), lines, tuple(rows))
        return Chart(name, title, _PERCENT, (plot,), choosable=True)

    def _counted(self, name: str, curves: Mapping[str, CountBars]) -> Chart:
        top = _top(max(float(curve.mean.max()) for curve in curves.values()))
        lines = tuple(
            Drawn(
                steps_path(self._across(curve.dates), curve.mean / top),
                self._style(result),
                result,
            )
            for result, curve in curves.items()
        )
        rows = tuple(self._count_row(result, curve) for result, curve in curves.items())
        title, unit = self.words.titles[name], next(iter(curves.values())).unit
        most = ", ".join(
            f"{curve.mean.max():.3g}{self._within_result(result)}"
            for result, curve in curves.items()
        )
        says = f"How often in each {unit}, on average, at most: {most}."
        plot = Plot(says, (), lines, rows)
        return Chart(name, title, f"upto-{top:g}", (plot,), choosable=True)

    def _stack(self, result: str, curve: CompetingCurves | LevelShares, layers: _Layers) -> Plot:
        """Stack shares, the first at the bottom; what is called `none` has a colour of its own."""
        labels, shares, none = layers
        across, above = self._across(curve.dates), np.cumsum(shares, axis=0)
        styles = [
            _NEUTRAL if label == none else place % _STYLES for place, label in enumerate(labels)
        ]
        areas = tuple(
            Drawn(area_below(across, up), style, label, _percent(float(own[-1]), curve.runs))
            for label, style, up, own in zip(labels, styles, above, shares, strict=True)
        )
        rows = tuple(
            self._row(label, curve.dates, own, curve.runs)
            for label, own in zip(labels, shares, strict=True)
        )
        ends = ", ".join(f"{area.name} {area.ends}" for area in areas)
        says = f"Shares by date, at the end of {self._end}: {ends}."
        return Plot(says, areas, (), rows, self._named(result))

    def _fan(self, result: str, fan: IndexFan) -> Plot:
        across = self._across(fan.dates)
        p5, p25, middle, p75, p95 = fan.quantiles / 100
        areas = (
            Drawn(area_path(across, p25, p75), 1, "the middle half"),
            Drawn(area_path(across, p5, p95), 0, "nine in ten timelines"),
        )
        lines = (Drawn(line_path(across, middle), 0, "median"),)
        kinds = ("5 %", "25 %", "median", "75 %", "95 %")
        read = [
            [
                f"{own[self._place(fan.dates, day)]:.0f}" if self._covers(fan.dates, day) else ""
                for day in self.axis.read_at
            ]
            for own in fan.quantiles
        ]
        rows = tuple(NumberRow(kind, _merged(own)) for kind, own in zip(kinds, read, strict=True))
        low, median, high = (f"{own[-1]:.0f}" for own in (fan.quantiles[at] for at in (0, 2, 4)))
        says = (
            f"0 to 100, by date, at the end of {self._end}: median {median}, nine in ten timelines "
            f"between {low} and {high}."
        )
        return Plot(says, areas, lines, rows, self._named(result))

    # --- words --------------------------------------------------------------------------------

    def _named(self, result: str) -> str:
        """Name a result where there are several."""
        return result if len(self.curves) > 1 else ""

    def _within_result(self, result: str) -> str:
        return f" in {result}" if len(self.curves) > 1 else ""

    def _style(self, result: str) -> int:
        return list(self.curves).index(result) % _STYLES

    def _row(self, name: str, dates: DateArray, values: FloatArray, runs: int) -> NumberRow:
        """Write shares at the days that are read; nothing for days of which they do not tell."""
        texts = (
            _percent(float(values[self._place(dates, day)]), runs)
            if self._covers(dates, day)
            else ""
            for day in self.axis.read_at
        )
        return NumberRow(name, _merged(texts))

    def _count_row(self, name: str, curve: CountBars) -> NumberRow:
        """Write the count of the span in which each day lies."""
        texts = []
        for day in self.axis.read_at:
            at = int(np.searchsorted(curve.dates, np.datetime64(day, "D"), side="right")) - 1
            inside = 0 <= at < len(curve.mean)
            interval = None
            if inside and curve.low is not None and curve.high is not None:
                interval = (float(curve.low[at]), float(curve.high[at]))
            texts.append(rounded(float(curve.mean[at]), interval, 2) if inside else "")
        return NumberRow(name, _merged(texts))

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

    @staticmethod
    def _covers(dates: DateArray, day: date) -> bool:
        """Check whether a curve tells of a day."""
        return bool(dates[0] <= np.datetime64(day, "D") < dates[-1])

    def _place(self, dates: DateArray, day: date) -> int:
        """Find the last point of a curve that tells of all that has happened by a day's end."""
        return int(np.searchsorted(dates, np.datetime64(day_after(day), "D"), side="right")) - 1


def _percent(share: float, runs: int) -> str:
    return whole_percent(min(max(share, 0.0), 1.0), among(share, runs))


def _merged(texts: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Write what stays the same over several days once."""
    return tuple((text, sum(1 for _ in same)) for text, same in groupby(texts))
