"""Where an assumption may stand, for a page that can be asked: nine settings from low to high."""

from __future__ import annotations

from coopsim.errors import UsageError
from coopsim.experiments.sweeps import Axis, axis_of
from coopsim.scenario.changes.ranges import MovableAssumption, Swing, movable_assumptions
from coopsim.scenario.loading import Loaded
from coopsim.scenario.notation.values import DAY, parse_duration
from coopsim.scenario.text.near import near_miss

SETTINGS = 9


def slider_axis(loaded: Loaded, slider: str) -> Axis:
    """Read `PATH=LOW..HIGH UNIT`, `PATH=A, B, C`, or a PATH alone, which goes as far as it may.

    An uncertain number then goes from its 5th to its 95th percentile, and a driver's first level
    over all levels. Raises UsageError for what is neither.
    """
    if "=" in slider:
        return axis_of(loaded, slider, SETTINGS)
    start = loaded.scenario.start.first
    movable = {one.name: one for one in movable_assumptions(loaded.tree, start, Swing())}
    if slider not in movable:
        hint = near_miss(slider, list(movable))
        more = f"; {hint}" if hint else ""
        raise UsageError(
            f"--slider: found `{slider}`, expected the path of an assumption that can be moved, "
            f"or PATH=LOW..HIGH UNIT{more}"
        )
    return axis_of(loaded, f"{slider}={_range(loaded, movable[slider])}", SETTINGS)


def _range(loaded: Loaded, one: MovableAssumption) -> str:
    if one.kind == "level":
        return ", ".join(loaded.scenario.drivers[str(one.path[1])].levels)
    low, unit = _split(one.low.text)
    high, other = _split(one.high.text)
    if unit == other:
        return f"{low}..{high} {unit}".strip()
    first, last = (parse_duration(end.text) / DAY for end in (one.low, one.high))
    return f"{first:.4g}..{last:.4g} days"


def _split(text: str) -> tuple[str, str]:
    """Split a value into its number and its unit, in the plural where that is a time."""
    number, _, unit = text.partition(" ")
    single = unit and not unit.startswith("per ") and not unit.endswith("s")
    return number, f"{unit}s" if single else unit
