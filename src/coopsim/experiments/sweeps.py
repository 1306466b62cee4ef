"""One answer as one or two assumptions are swept over a range, on common random numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise, product
from typing import Any

import numpy as np

from coopsim.analysis.checkpoints import known_on
from coopsim.analysis.measures import Samples
from coopsim.analysis.statistics.estimates import Interval
from coopsim.analysis.statistics.spread import t95
from coopsim.analysis.summaries import plain
from coopsim.errors import ScenarioError, UsageError
from coopsim.experiments.base import Base, bases_of
from coopsim.experiments.variants import Effort, Variant, sampled
from coopsim.scenario import limits
from coopsim.scenario.changes.balancing import scaled_in
from coopsim.scenario.changes.ranges import title_at
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.values import DAY, format_date, parse_date, parse_number
from coopsim.scenario.plain.plans import Half, half_of
from coopsim.scenario.plain.replanning import is_official, led_back, replanned
from coopsim.scenario.spec import Scenario
from coopsim.scenario.text.reading import Invalid
from coopsim.simulation.building import Blueprint

_EXPECTED = "PATH=LOW..HIGH, such as events.decree.rate=0.1..0.4 per year, or PATH=A, B, C"
MOST_POINTS = 2_000
_LEVELS = {
    "share": (1.0, "a chance above 0 and below 1, such as 0.5"),
    "percent": (100.0, "points of the index above 0 and below 100, such as 50"),
    "count": (math.inf, "a number above 0, such as 2.5"),
}
_SECTIONS = 20  # of the timelines, whose spread tells the error of a threshold
_ENDS = re.compile(r"(?P<low>\S+)\s*\.\.\s*(?P<high>\S+)(?:\s+(?P<unit>\S.*))?")


@dataclass(frozen=True, slots=True)
class Axis:
    """The values that an assumption takes: as texts, and as numbers where they are some.

    Dates count in days since 1970, and their `unit` is `date`.
    """

    path: str
    title: str
    unit: str
    texts: tuple[str, ...]
    numbers: tuple[float, ...] | None

    def text(self, number: float) -> str:
        """Write a number on this axis as --set takes it."""
        if self.unit == "date":
            return format_date(round(number) * DAY)
        return f"{number:.3g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """What an answer comes to at the values that each axis takes there."""

    settings: tuple[str, ...]
    base: Base


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where an answer passes a level, and which way; `interval` is 95 % simulation error.

    The place is a straight line's between two points of the sweep. The interval is by sectioning
    (Asmussen and Glynn, Stochastic Simulation, 2007, III.5), None where some section of the
    timelines never passes the level. `passes` counts how often the level is passed over the
    whole range.
    """

    level: float
    at: float
    interval: Interval | None
    text: str
    rising: bool
    passes: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """An answer at every combination of the axes' values, the last axis going fastest.

    `scaled` names the sets of chances of which one is swept, and the others keep their proportions.
    """

    scenario: str
    hash: str
    as_of: date
    sets: tuple[str, ...]
    seed: int
    runs: int
    outcome: str
    level: float | None
    axes: tuple[Axis, ...]
    points: tuple[SweepPoint, ...]
    scaled: tuple[str, ...]
    threshold: Threshold | None

    def to_json(self) -> dict[str, Any]:
        """Make a tree that JSON can hold: dates as text, never NaN or infinity."""
        tree: dict[str, Any] = plain(self)
        return tree


def sweep(
    loaded: Loaded, axes: Sequence[Axis], outcome: str, effort: Effort, level: float | None = None
) -> Sweep:
    """Simulate a scenario at every combination of one or two axes' values.

    `level` is the value of the outcome whose threshold is sought, of a share 0.5 without. Raises
    UsageError for more axes, for two that set the same and for a level that no answer can pass,
    ScenarioError where a value cannot stand.
    """
    if not 1 <= len(axes) <= 2:
        raise UsageError("a sweep varies one or two assumptions")
    check_apart([axis.path for axis in axes])
    grid = list(product(*(axis.texts for axis in axes)))
    if len(grid) > MOST_POINTS:
        raise UsageError(f"{len(grid):,} points are too many; at most {MOST_POINTS:,}")

    (measured,) = Variant.of(loaded.scenario, [outcome]).asked
    level = _level(level, measured.unit)
    points = _Points(loaded, axes, outcome)
    variants = map(points.variant, grid)
    played = list(map(_read, sampled(variants, len(grid), effort)))
    return Sweep(
        scenario=loaded.scenario.scenario,
        hash=loaded.hash,
        as_of=known_on(loaded.scenario),
        sets=loaded.scenario.variant,
        seed=loaded.scenario.seed,
        runs=effort.runs,
        outcome=outcome,
        level=level,
        axes=tuple(axes),
        points=tuple(
            SweepPoint(texts, base) for texts, (base, _) in zip(grid, played, strict=True)
        ),
        scaled=tuple(points.scaled),
        threshold=None
        if level is None or len(axes) > 1
        else _threshold(axes[0], np.stack([values for _, values in played]), level),
    )


class _Points:
    """The scenario at the points of some axes.

    At the corners assumptions are set as --set does, with every check. Where that comes to other
    values and nothing else at each of them, values are all that is replaced between them.
    """

    def __init__(self, loaded: Loaded, axes: Sequence[Axis], outcome: str) -> None:
        self._loaded, self._axes, self._outcome = loaded, axes, outcome
        self._blueprint = Blueprint(loaded.scenario)
        ends = (dict.fromkeys((axis.texts[0], axis.texts[-1])) for axis in axes)
        self._corners = {texts: self._set(texts) for texts in product(*ends)}
        ranges = all(axis.numbers is not None for axis in axes)
        self.values_only = ranges and all(map(self._is_revised, self._corners))
        self.scaled: dict[str, None] = {}

    def variant(self, texts: tuple[str, ...]) -> Variant:
        """Make the variant at one point."""
        if self.values_only and texts not in self._corners:
            scenario = self._revised(texts)
            return Variant.of(scenario, [self._outcome], self._blueprint.revised(scenario))
        changed = self._corners[texts] if texts in self._corners else self._set(texts)
        self.scaled.update(dict.fromkeys(scaled_in(changed.warnings)))
        return Variant.of(changed.scenario, [self._outcome])

    def _set(self, texts: tuple[str, ...]) -> Loaded:
        pairs = zip(self._axes, texts, strict=True)
        return self._loaded.having([f"{axis.path}={text}" for axis, text in pairs])

    def _revised(self, texts: tuple[str, ...]) -> Scenario:
        pairs = zip(self._axes, texts, strict=True)
        values = {axis.path: text if axis.unit else float(text) for axis, text in pairs}
        return self._loaded.revised(values).scenario

    def _is_revised(self, texts: tuple[str, ...]) -> bool:
        try:
            return self._revised(texts) == self._corners[texts].scenario
        except ScenarioError:  # no single number stands there
            return False


def _read(played: tuple[Variant, Samples]) -> tuple[Base, FloatArray]:
    """Describe the answer at a point, and get its means over all timelines and over sections."""
    (base,) = bases_of(*played)
    return base, _sectioned(played[1].numbers[0])


def _level(level: float | None, unit: str) -> float | None:
    """Check the level of a threshold, or take one half of a share."""
    if level is None:
        return 0.5 if unit == "share" else None
    most, expected = _LEVELS[unit]
    if not 0 < level < most:
        raise UsageError(f"--level: found {level:g}, expected {expected}")
    return level


def check_apart(paths: Sequence[str]) -> None:
    """Raise UsageError where one path is there twice, or leads into what another one sets."""
    for first, second in combinations([path.replace('"', "") for path in paths], 2):
        if first == second:
            raise UsageError(f"--set: found `{first}` twice, expected each assumption once")
        outer, inner = sorted((first, second), key=len)
        if inner.startswith(f"{outer}."):
            raise UsageError(
                f"--set: found `{inner}`, which is part of `{outer}`, expected assumptions that "
                "can be set separately"
            )


def _sectioned(numbers: FloatArray) -> FloatArray:
    """Get the mean of all runs, and of each section of them, shape (1 + sections,).

    Cut alike, the sections of all points share their luck.
    """
    parts = [numbers, *np.array_split(numbers, _SECTIONS)]
    return np.array([part.mean() for part in parts])


# --- where a level is passed --------------------------------------------------------------------


def _threshold(axis: Axis, values: FloatArray, level: float) -> Threshold | None:
    """Find where values of shape (points, 1 + sections) first pass a level."""
    if axis.numbers is None:
        return None
    whole = list(_passes(axis.numbers, values[:, 0], level))
    if not whole:
        return None
    at, rising = whole[0]
    parts = [list(_passes(axis.numbers, column, level)) for column in values[:, 1:].T]
    return Threshold(
        level=level,
        at=at,
        interval=_interval(
            at, [min((x for x, _ in part), key=lambda x: abs(x - at)) for part in parts]
        )
        if all(parts)
        else None,
        text=axis.text(at),
        rising=rising,
        passes=len(whole),
    )


def _passes(
    numbers: Sequence[float], values: FloatArray, level: float
) -> Iterator[tuple[float, bool]]:
    for (x0, y0), (x1, y1) in pairwise(zip(numbers, values.tolist(), strict=True)):
        if (y0 < level) != (y1 < level):
            yield x0 + (x1 - x0) * (level - y0) / (y1 - y0), y1 > y0


def _interval(at: float, parts: Sequence[float]) -> Interval:
    variance = sum((part - at) ** 2 for part in parts) / (_SECTIONS - 1)
    half = t95(_SECTIONS - 1) * math.sqrt(variance / _SECTIONS)
    return at - half, at + half


# --- reading an axis ----------------------------------------------------------------------------


def axis_of(loaded: Loaded, setting: str, points: int) -> Axis:
    """Read `PATH=LOW..HIGH UNIT` or `PATH=A, B, C`; raises UsageError.

    A range has so many points, of dates no more than it has days.
    """
    limits.POINTS.check("--points", points)
    path, equals, written = (part.strip() for part in setting.partition("="))
    if not (path and equals and written):
        raise UsageError(f"'{setting}' is not a sweep; expected {_EXPECTED}")
    tree = replanned(loaded.tree)
    path = led_back(tree, path)
    title = title_at(tree, path)
    if ".." not in written:
        texts = tuple(part.strip() for part in written.split(","))
        if len(texts) < 2:
            raise UsageError(f"'{setting}' is a single value; expected {_EXPECTED}")
        _check_values(setting, texts)
        return Axis(path, title, "", texts, None)
    match = _ENDS.fullmatch(written)
    if match is None:
        raise UsageError(f"'{setting}' is not a sweep; expected {_EXPECTED}")
    if is_official(tree, path):
        return _official_axis(path, title, match, setting, points)
    numbers, unit = _range(match, setting, points)
    axis = Axis(path, title, unit, (), numbers)
    texts = tuple(_exact(axis, number) for number in numbers)
    if len(set(texts)) < len(texts):
        raise UsageError(f"'{setting}': the ends are too close for {len(texts)} points")
    return Axis(path, title, unit, texts, numbers)


def _official_axis(path: str, title: str, match: re.Match[str], setting: str, points: int) -> Axis:
    """Go over the half-years of a plan, each from the end of one to that of the other."""
    try:
        low, high = (half_of(match[end]).number for end in ("low", "high"))
    except Invalid:
        raise UsageError(f"'{setting}' is not a sweep; expected {_EXPECTED}") from None
    if match["unit"] or not low < high:
        raise UsageError(f"'{setting}': expected two half-years, the low end below the high one")
    chosen = np.unique(np.rint(np.linspace(low, high, points))).astype(int).tolist()
    halves = [Half(number) for number in chosen]
    days = tuple(parse_date(half.next_day).first / DAY - 1 for half in halves)
    return Axis(path, title, "date", tuple(half.level for half in halves), days)


def _check_values(setting: str, texts: Sequence[str]) -> None:
    if not all(texts):
        raise UsageError(f"'{setting}' has an empty value; expected {_EXPECTED}")
    twice = [text for text in texts if texts.count(text) > 1]
    if twice:
        raise UsageError(f"'{setting}' has `{twice[0]}` twice; expected each value once")


def _range(match: re.Match[str], setting: str, points: int) -> tuple[tuple[float, ...], str]:
    low, high, unit = match["low"], match["high"], match["unit"] or ""
    try:
        ends = parse_number(low), parse_number(high)
        days = False
    except ValueError:
        days = True
    if days or (not unit and _are_years(low, high)):
        ends, unit = _days(low, high, setting), "date"
    if not ends[0] < ends[1]:
        raise UsageError(f"'{setting}': the low end must be below the high one")
    numbers = np.linspace(*ends, points)
    return tuple(np.unique(np.rint(numbers) if unit == "date" else numbers).tolist()), unit


def _are_years(low: str, high: str) -> bool:
    return all(re.fullmatch(r"(19|2\d)\d\d", end) for end in (low, high))


def _days(low: str, high: str, setting: str) -> tuple[float, float]:
    try:
        return parse_date(low).first / DAY, parse_date(high).first / DAY
    except ValueError:
        raise UsageError(f"'{setting}' is not a sweep; expected {_EXPECTED}") from None


def _exact(axis: Axis, number: float) -> str:
    if axis.unit == "date":
        return axis.text(number)
    return f"{number:.6g} {axis.unit}".strip()
