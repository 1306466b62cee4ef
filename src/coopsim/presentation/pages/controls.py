"""An assumption that can be moved, and the density of an uncertain one: as written, and as set.

A density is drawn on the scale on which its slider moves it: by factors, by odds, or by days. So a
step of the slider carries it on, and leaves its shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from coopsim.errors import ScenarioError
from coopsim.presentation.pages.paths import line_path
from coopsim.scenario.notation.distributions import Constant, Distribution
from coopsim.scenario.notation.quantiles import FloatArray
from coopsim.scenario.notation.quantities import EXPECTED, read_value
from coopsim.scenario.notation.values import DAY, HOUR, MONTH, YEAR, format_date
from coopsim.scenario.text.reading import readable
from coopsim.scenario.text.tree import Seq
from coopsim.scenario.text.yaml_text import read_setting

_POINTS = np.linspace(0.005, 0.995, 100)  # probabilities at which a quantile is taken
_WHOLE = 100.0
_SPANS = {"year": YEAR, "month": MONTH, "day": DAY, "hour": HOUR}

_Scale = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Control:
    """An assumption that can be moved: its path, its name, its value, basis and slider's places."""

    path: str
    name: str
    kind: str
    written: str
    basis: str
    stops: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DensityCurve:
    """A density as a path, and where its 5th and 95th percentile stand, in hundredths.

    What is one number for certain has no path; both are that number.
    """

    path: str
    low: float
    high: float
    ends: str


@dataclass(frozen=True, slots=True)
class ShownDensity:
    """The density of a number as written and, where a reader changed it, as it is now."""

    says: str
    written: DensityCurve
    now: DensityCurve | None


def density(control: Control, now: str | None = None) -> ShownDensity | None:
    """Draw a number as it is written and as it is `now`, if it is written as uncertain.

    There is room for every place of its slider.
    """
    path, kind = control.path, control.kind
    before = distribution_of(path, kind, control.written)
    if before is None or isinstance(before, Constant):
        return None
    after = None if now is None else distribution_of(path, kind, now)
    ends = [distribution_of(path, kind, text) for text in control.stops[:1] + control.stops[-1:]]
    shown = [one for one in (before, after, *ends) if one is not None]
    scale = _scale(kind, shown)
    low = min(scale(one.quantile(_POINTS[0])) for one in shown)
    high = max(scale(one.quantile(_POINTS[-1])) for one in shown)

    def across(number: float) -> float:
        return (scale(number) - low) / (high - low)

    drawn = [one for one in (before, after) if one is not None]
    curves = [_curve(one, across) for one in drawn]
    peak = max(float(up.max(initial=0.0)) for _, up in curves)
    made = [
        DensityCurve(_path(*curve, peak), *_marks(one, across), _ends(one, kind))
        for one, curve in zip(drawn, curves, strict=True)
    ]
    told = f"Density of {control.name}. {_said('As written', before, kind)}"
    if after is not None:
        told = f"{told} {_said('Now', after, kind)}"
    return ShownDensity(told, made[0], made[1] if after is not None else None)


def distribution_of(path: str, kind: str, text: str) -> Distribution | None:
    """Read what stands at a path; None for the name of a reference, and for no such value."""
    if kind not in EXPECTED:
        return None
    try:
        raw = read_setting(text, path)
    except ScenarioError:
        return None
    if isinstance(raw, Seq):  # the list below the only key of its notation
        raw = {path.rpartition(".")[2]: raw}
    value = readable(lambda one: read_value(kind, one), raw)
    return None if value is None else value.distribution


def _scale(kind: str, shown: Iterable[Distribution]) -> _Scale:
    """Get the scale of a kind, where all that is shown can stand on it."""
    ends = [one.quantile(u) for one in shown for u in (_POINTS[0], _POINTS[-1])]
    if kind == "chance" and min(ends) > 0 and max(ends) < 1:
        return lambda chance: math.log(chance / (1 - chance))
    return math.log if kind != "date" and min(ends) > 0 else float


def _curve(one: Distribution, across: _Scale) -> tuple[FloatArray, FloatArray]:
    """Find the density between each two quantiles; nothing of what is certain."""
    if isinstance(one, Constant):
        return np.empty(0), np.empty(0)
    at = np.array([across(one.quantile(u)) for u in _POINTS])
    wide = np.maximum(np.diff(at), 1e-9)
    return (at[1:] + at[:-1]) / 2, np.diff(_POINTS) / wide


def _path(at: FloatArray, up: FloatArray, peak: float) -> str:
    if not at.size:
        return ""
    return f"{line_path(at[[0, *range(at.size), -1]], np.array([0.0, *(up / peak), 0.0]))}Z"


def _marks(one: Distribution, across: _Scale) -> tuple[float, float]:
    return _WHOLE * across(one.quantile(0.05)), _WHOLE * across(one.quantile(0.95))


def _ends(one: Distribution, kind: str) -> str:
    """Write where nine in ten lie, the unit once."""
    low, high = (_number(kind, one.quantile(u)) for u in (0.05, 0.95))
    if low == high:
        return low
    number, _, unit = low.partition(" ")
    return f"{number} to {high}" if _is_unit(unit, high.partition(" ")[2]) else f"{low} to {high}"


def _is_unit(one: str, other: str) -> bool:
    return one.removesuffix("s") == other.removesuffix("s")


def _said(when: str, one: Distribution, kind: str) -> str:
    middle = _number(kind, one.quantile(0.5))
    if isinstance(one, Constant):
        return f"{when}: {middle} for certain."
    return f"{when}: median {middle}, nine in ten from {_ends(one, kind)}."


def _number(kind: str, number: float) -> str:
    """Write a number in a unit to three digits, a date to the day."""
    if kind == "date":
        return format_date(round(number))
    if kind == "rate":
        return f"{number * YEAR:.3g} per year"
    if kind != "duration":
        return f"{number:.3g}"
    unit = next((unit for unit in _SPANS if number >= _SPANS[unit]), "hour")
    digits = f"{number / _SPANS[unit]:.3g}"
    return f"{digits} {unit}" if digits == "1" else f"{digits} {unit}s"
