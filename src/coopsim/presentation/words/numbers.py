"""Numbers and dates as a person reads them: no more of each than its 95 % interval supports.

Nothing else in the package writes a probability, or a number with its margin of error.
"""

from __future__ import annotations

from datetime import date
from math import ceil, floor, inf, log10
from typing import cast

from coopsim.analysis.statistics.estimates import Interval, share_of
from coopsim.analysis.statistics.order_statistics import Bounds
from coopsim.presentation.words.wording import NBSP, timelines

_MONTH, _QUARTER = 31, 92  # days, of the longest there is
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOTHING_KNOWN = (0.0, 1.0)
_POINTS = 100.0  # of a share
_FINEST = 9  # decimals
_HAIR = 1e-9  # of the last digit, as a bound in floats may miss a round number by less


def decimals(value: float, interval: Bounds[float] | None, most: int) -> int:
    """Count the decimals that an interval supports, up to `most`.

    The last digit shown stands where the first one of the margin does, or the second if that is a
    1, and never before the point. Where no margin is known, one decimal is shown at most. Source:
    Taylor, An Introduction to Error Analysis (2nd ed., 1997), section 2.2.
    """
    reach = _reach(value, interval)
    if reach is None:
        return min(most, 1)
    return 0 if reach == inf else min(most, max(0, ceil(-log10(reach / 2))))


def _places(value: float, interval: Bounds[float] | None, most: int | None) -> int:
    """Count the decimals of a number: without `most` one, or two below 1.

    A number that is known not to be 0 does not read as 0, however many it takes.
    """
    if most is None:
        most = 2 if abs(value) < 1 else 1
    shown = decimals(value, interval, most)
    low, high = interval or (None, None)
    if round(value, shown) or low is None or high is None or low <= 0 <= high:
        return shown
    return decimals(value, interval, _FINEST)


def _reach(value: float, interval: Bounds[float] | None) -> float | None:
    """Get how far an interval goes from its value, on its wider side.

    An interval of no width says nothing of the error: all timelines agreed, as far as they go.
    """
    low, high = interval or (value, value)
    if low is None or high is None:
        return inf
    return max(value - low, high - value) or None


def rounded(value: float, interval: Bounds[float] | None, most: int | None = None) -> str:
    """Write a number to the decimals that its interval supports, never as -0."""
    places = _places(value, interval, most)
    return f"{round(value, places) + 0.0:.{places}f}"  # -0.0 and 0.0 add up to 0.0


def estimate(
    value: float, interval: Interval | None, most: int | None = None, *, sign: str = ""
) -> str:
    """Write a number with its margin of error, both to the decimals that the latter supports.

    The margin is `?` where it is not known, as of a single timeline or where all timelines agree.
    With `sign="+"` the number is a difference and has one.
    """
    places, reach = _places(value, interval, most), _reach(value, interval)
    margin = "?" if reach is None else f"{max(reach, 10.0**-places):.{places}f}"
    return f"{round(value, places) + 0.0:{sign}.{places}f} ±{margin}"


def ends_text(value: float, interval: Interval, most: int | None = None) -> str:
    """Write the ends of a number's interval to the decimals that it supports: `15 to 20`."""
    places = _places(value, interval, most)
    low, high = (f"{round(end, places) + 0.0:.{places}f}" for end in interval)
    return f"{low} to {high}"


def change(difference: float, interval: Interval | None, scale: float = 1.0, most: int = 1) -> str:
    """Write a difference with its sign and its margin of error; of shares, scaled to points.

    One that would read as all of 100 points is written as its bound, as `percent` does.
    """
    value = scale * difference
    scaled = None if interval is None else (scale * interval[0], scale * interval[1])
    text = estimate(value, scaled, most, sign="+")
    if scale != _POINTS or scaled is None or abs(float(text.split(" ")[0])) < _POINTS:
        return text
    places = decimals(value, scaled, most)
    if value > 0:
        return f">+{_below_all(scaled[0], places)}"
    return f"<-{_below_all(-scaled[1], places)}"


# --- shares of timelines ------------------------------------------------------------------------


def among(share: float, runs: int) -> Interval:
    """Bound a share of so many timelines at 95 %."""
    return share_of(round(share * runs), runs).interval


def percent(share: float, interval: Interval | None, most: int = 1) -> str:
    """Write a share in percent, without the sign, to the decimals that its interval supports.

    A finite number of timelines proves no certainty: what would read as 0 or 100 is written as
    the bound that its interval gives, `<0.1` or `>99.9`. Without an interval nothing is known.
    """
    low, high = (100 * end for end in interval or _NOTHING_KNOWN)
    places = decimals(100 * share, (low, high), most)
    text = f"{100 * share:.{places}f}"
    if float(text) == 0:
        return f"<{rounded_up(max(high, 10.0**-places), places)}"
    return f">{_below_all(low, places)}" if float(text) == _POINTS else text


def rounded_up(value: float, places: int) -> str:
    """Write a number that another one is below, to so many decimals."""
    return f"{ceil(value * 10**places - _HAIR) / 10**places:.{places}f}"


def _below_all(points: float, places: int) -> str:
    """Write a number of points that another one is above, less than 100 of them."""
    most = _POINTS - 10.0**-places
    return f"{min(floor(points * 10**places + _HAIR) / 10**places, most):.{places}f}"


def whole_percent(share: float, interval: Interval | None) -> str:
    """Write a share in whole percent with its sign, as `percent` does."""
    return f"{percent(share, interval, 0)}{NBSP}%"


def bare_percent(share: float) -> str:
    """Write a share in whole percent with its sign, where no error goes with it."""
    return f"{100 * share:z.0f} %"


def chance(share: float, interval: Interval | None, sign: str = "") -> str:
    """Write a share in percent with its margin of error, a `sign` between; a bound has none."""
    text = percent(share, interval)
    if text[0] in "<>":
        return f"{text}{sign}"
    low, high = interval or _NOTHING_KNOWN
    own, margin = estimate(100 * share, (100 * low, 100 * high), 1).split(" ")
    return f"{own}{sign} {margin}"


def exact_percent(share: float) -> str:
    """Write a share that is no estimate, such as a threshold, in percent without the sign.

    Only 0 and 1 themselves read as 0 and 100.
    """
    places = 1
    while share not in (0.0, 1.0) and float(f"{100 * share:.{places}f}") in (0.0, 100.0):
        places += 1
    return f"{float(f'{100 * share:.{places}f}'):g}"


def in_how_many(count: int, runs: int) -> str:
    """Write in which part of the timelines something holds: in all, in none, or the share."""
    if count == runs:
        return f"in all {timelines(runs)}" if runs > 1 else "in the one timeline"
    if not count:
        return f"in none of {timelines(runs)}" if runs > 1 else "not in the one timeline"
    share = count / runs
    return f"in {percent(share, among(share, runs))}{NBSP}% of the timelines"


# --- dates --------------------------------------------------------------------------------------


def date_text(day: date, interval: Bounds[date]) -> str:
    """Write a date as a day, month, quarter or year: the finest that its interval supports.

    A day only where the interval is that day alone, else the first of them that is at least as
    long as the interval; of one that is open at an end, the year.
    """
    low, high = interval
    days = inf if low is None or high is None else (high - low).days
    if days == 0:
        return day.isoformat()
    if days <= _MONTH:
        return f"{day.year}-{day.month:02}"
    return f"{day.year}-Q{(day.month + 2) // 3}" if days <= _QUARTER else str(day.year)


def spoken_date(day: date, interval: Bounds[date]) -> str:
    """Write a date as finely as `date_text` does, a month as a sentence has it: `Feb 2032`."""
    text = date_text(day, interval)
    year, _, part = text.partition("-")
    if not part or "-" in part:
        return text
    return f"{part if part.startswith('Q') else _MONTHS[day.month - 1]}{NBSP}{year}"


def median_text(median: date | float, interval: Bounds[date | float]) -> str:
    """Write a median, of a date or of years from one to the other, as finely as it is known."""
    if isinstance(median, date):
        return date_text(median, cast("Bounds[date]", interval))
    return rounded(median, cast("Bounds[float]", interval), 1)
