"""The axis of time below a figure: days, months or years, whatever fits, each with its year."""

from __future__ import annotations

from math import ceil
from typing import Any, Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from coopsim.analysis.kinds.base import DateArray
from coopsim.presentation.figures.kit.style import inches
from coopsim.scenario.notation.quantiles import FloatArray

_YEAR, _MONTH, _DAY, _DAYS = 0.42, 0.55, 0.78, 0.48  # inches that a label needs
_MONTHS_FROM, _YEARS_FROM = 62 / 365.25, 2.0  # years from which on months, and years, are named
_DAYS_A_YEAR = 365.25
_HAIR = 1e-9  # years, by which rounding may miss a day's beginning


def as_years(dates: DateArray) -> FloatArray:
    """Turn moments into calendar years and their fractions: 2030.0 is its 1 January, 00:00."""
    whole = dates.astype("datetime64[Y]")
    first = whole.astype("datetime64[s]")
    length = (whole + 1).astype("datetime64[s]") - first
    fraction = (dates.astype("datetime64[s]") - first) / length
    years: FloatArray = whole.astype(np.int64) + 1970.0 + fraction
    return years


def daily(dates: DateArray) -> bool:
    """Check whether there is a value for each day, so that a curve goes by steps."""
    return len(dates) > 1 and bool((np.diff(dates.astype("datetime64[D]")).astype(int) == 1).all())


def time_axis(ax: Axes, first: float, last: float) -> None:
    """Write as many years below an axis as fit; below two years months, below two months days."""
    ax.set_xlim(first, last)
    span, width = last - first, inches(ax)[0]
    if span >= _YEARS_FROM:
        room = max(width / _YEAR, 1)
        step = next((s for s in (1, 2, 5, 10, 20, 50) if span / s <= room), 100)
        # The moment after the horizon is no year to name.
        whole = np.arange(np.ceil(first / step) * step, last, step)
        ax.set_xticks(whole, [f"{year:.0f}" for year in whole])
        return
    if span > _MONTHS_FROM:
        room = max(width / _MONTH, 1)
        months = next((s for s in (1, 2, 3, 6) if span * 12 / s <= room), 12)
        begun = _begun("M", first, last)
        dates = begun[begun.astype(int) % months == 0]
    else:
        room = max(width / _DAY, 1)
        days = next((s for s in (1, 2, 7, 14, 28) if span * _DAYS_A_YEAR / s <= room), 56)
        dates = _begun("D", first, last)[::days]
    ax.set_xticks(as_years(dates), [str(one) for one in dates])


def bar_axis(ax: Axes, dates: DateArray, unit: Literal["month", "day"]) -> None:
    """Write the months or days below bars that fill them, each in its middle, as many as fit."""
    edges = as_years(dates)
    needed, code = (_MONTH, "M") if unit == "month" else (_DAY, "D")
    step = ceil((len(edges) - 1) * needed / inches(ax)[0])
    middles, names = (edges[:-1] + edges[1:]) / 2, dates[:-1].astype(f"datetime64[{code}]")
    ax.set_xticks(middles[::step], [str(name) for name in names[::step]])
    room = (edges[-1] - edges[0]) / len(edges) / 8
    ax.set_xlim(edges[0] - room, edges[-1] + room)


def _begun(unit: Literal["M", "D"], first: float, last: float) -> DateArray:
    """List the months (M) or days (D) that begin in a span of years, but not at its end."""
    begin, end = (np.datetime64(f"{int(year)}-01-01", unit) for year in (first, last + 2))
    found: DateArray = np.arange(begin, end)
    years = as_years(found)
    return found[(years >= first - _HAIR) & (years < last - _HAIR)]


def gap_axis(ax: Axes, first: float, last: float) -> str:
    """Write a scale of years below an axis, of days where they are few; gives the unit's name."""
    pad = 0.02 * max(last - first, 1 / _DAYS_A_YEAR)
    ax.set_xlim(first - pad, last + pad)
    if last - first > 1.1:
        ax.xaxis.set_major_locator(MaxNLocator(7, integer=True))
        return "years"
    fitting = min(max(int(inches(ax)[0] / _DAYS), 2), 7)
    ax.xaxis.set_major_locator(_WholeDays(fitting, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year * _DAYS_A_YEAR:.0f} d"))
    return "days"


class _WholeDays(MaxNLocator):
    """Find whole days on a scale of years."""

    def tick_values(self, vmin: float, vmax: float) -> Any:
        days = super().tick_values(vmin * _DAYS_A_YEAR, vmax * _DAYS_A_YEAR)
        return np.unique(np.rint(days)) / _DAYS_A_YEAR
