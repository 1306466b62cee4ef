"""Dates, durations, rates and numbers: the text a person writes, and the numbers it stands for.

Instants are whole seconds since 1970-01-01T00:00 UTC, durations seconds, rates per second.
Every parser raises a ValueError whose message says what was expected, to be put behind
"expected ..." by whoever knows the file, the line and what stands there.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = 31_557_600  # 365.25 days
MONTH = YEAR // 12

FIRST_YEAR = 1900
LAST_YEAR = 2999

_UNITS = {"hour": HOUR, "day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}
_CALENDAR_MONTHS = {"month": 1, "year": 12}
_FORMAT_UNITS = ("year", "month", "day", "hour")

DATE_EXPECTED = "a date such as `2028-07-31`, `2028-07`, `2028-Q3` or `2028`"
DURATION_EXPECTED = "a duration such as `90 days`, `8 months` or `2.5 years`"
RATE_EXPECTED = "a rate such as `0.2 per year`, `1 per 5 years` or `50 % within 3 years`"
CHANCE_EXPECTED = "a chance from 0 to 1 (0 % to 100 %)"
NUMBER_EXPECTED = "a number such as `0.7`, `12` or `1e3`"

# Beyond these nothing computed from a number could be trusted to stay finite.
LARGEST = 1e100
WITHIN_EXPECTED = "a chance from 0 % to below 100 % within a time, such as `30 % within 2 years`"
DURATION_LIMIT = "a duration of at most 1e90 years"
RATE_LIMIT = "a rate of at most 1e90 per year"
NUMBER_LIMIT = "a number of at most 1e100"
LIMITS = (DURATION_LIMIT, RATE_LIMIT, NUMBER_LIMIT)
_LONGEST = 1e90 * YEAR
_FASTEST = 1e90 / YEAR
_EVERY_EXPECTED = "a step such as `2 years`, `6 months` or `90 days`"

# Numbers as the YAML 1.2 core schema reads them, so that `.5`, `5.` and `1e3` mean here what they
# mean unquoted in a file; ASCII digits only.
_NUMBER = r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
_UNIT = rf"(?P<unit>{'|'.join(_UNITS)})s?"
_NUMBER_PATTERN = re.compile(_NUMBER)
_DURATION_PATTERN = re.compile(rf"(?P<number>{_NUMBER})\s+{_UNIT}")
_RATE_PATTERN = re.compile(rf"(?P<number>{_NUMBER})\s+per\s+(?:(?P<span>{_NUMBER})\s+)?{_UNIT}")
_WITHIN_PATTERN = re.compile(
    rf"(?P<number>{_NUMBER})\s*%\s+within\s+(?:(?P<span>{_NUMBER})\s+)?{_UNIT}"
)
_PERCENT_PATTERN = re.compile(rf"(?P<number>{_NUMBER})\s*%")
_NUMBER_AND_UNIT_PATTERN = re.compile(rf"{_NUMBER}(?P<percent>\s*%)?(?P<unit>(?:\s+\S.*)?)")
_DATE_PATTERN = re.compile(
    r"(?P<year>[0-9]{4})"
    r"(?:-(?:Q(?P<quarter>[0-9])|(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?))?"
)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Period:
    """What a date means, in epoch seconds.

    A full day is the instant of its 00:00 (`first == last`); a month, quarter or year runs from
    its first 00:00 to the 00:00 of the day after it.
    """

    first: int
    last: int

    @property
    def middle(self) -> float:
        """Get the instant half way through, in epoch seconds."""
        return (self.first + self.last) / 2

    @property
    def is_day(self) -> bool:
        """Tell whether this is one full day, and not a month, a quarter or a year."""
        return self.first == self.last

    @property
    def end_of_day(self) -> int:
        """Get the 00:00 after the last included day, in epoch seconds."""
        return self.last + DAY if self.is_day else self.last


@dataclass(frozen=True, slots=True)
class Every:
    """The step of a calendar: whole calendar `months`, or else a fixed number of `seconds`."""

    months: int | None = None
    seconds: int | None = None

    @property
    def length(self) -> int:
        """Get the step's length in seconds, a month counting as 1/12 year."""
        return self.seconds if self.seconds is not None else (self.months or 0) * MONTH


def parse_date(text: str) -> Period:
    """Read a day, month, quarter or year between 1900 and 2999.

    Raises ValueError with the expected text.
    """
    match = _DATE_PATTERN.fullmatch(text.strip())
    if match is None:
        raise ValueError(DATE_EXPECTED)
    year = _within(match["year"], FIRST_YEAR, LAST_YEAR, f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    if match["quarter"]:
        quarter = _within(match["quarter"], 1, 4, "a quarter from Q1 to Q4")
        return _months_from(year, 3 * quarter - 2, 3)
    if match["month"] is None:
        return _months_from(year, 1, 12)
    month = _within(match["month"], 1, 12, "a month from 01 to 12")
    if match["day"] is None:
        return _months_from(year, month, 1)
    days = monthrange(year, month)[1]
    day = _within(match["day"], 1, days, f"a day from 01 to {days} in {year}-{month:02}")
    instant = _midnight(date(year, month, day))
    return Period(instant, instant)


def parse_duration(text: str) -> float:
    """Read a duration of 0 or more, in seconds; raises ValueError with the expected text."""
    return _duration(text, DURATION_EXPECTED)[0]


def parse_rate(text: str) -> float:
    """Read a rate of 0 or more, per second; raises ValueError with the expected text.

    `30 % within 2 years` is the rate of a hazard that comes within two years with that chance.
    """
    within = _WITHIN_PATTERN.fullmatch(text.strip())
    if within is not None:
        return _rate_within(within)
    match = _RATE_PATTERN.fullmatch(text.strip())
    if match is None:
        raise ValueError(RATE_EXPECTED)
    number, span = float(match["number"]), float(match["span"] or 1) * _UNITS[match["unit"]]
    if number < 0 or span <= 0:
        raise ValueError(RATE_EXPECTED)
    rate = number / span if number <= LARGEST else math.inf  # both may be infinite
    if rate > _FASTEST:
        raise ValueError(RATE_LIMIT)
    return rate


def _rate_within(match: re.Match[str]) -> float:
    """Get the rate L of which 1 - exp(-L x span) is the chance."""
    chance = float(match["number"]) / 100
    span = float(match["span"] or 1) * _UNITS[match["unit"]]
    if not 0 <= chance < 1 or not 0 < span < _LONGEST:
        raise ValueError(WITHIN_EXPECTED)
    rate = -math.log1p(-chance) / span
    if rate > _FASTEST:
        raise ValueError(RATE_LIMIT)
    return rate


def parse_chance(text: str) -> float:
    """Read a chance as a number or in percent; raises ValueError with the expected text."""
    percent = _PERCENT_PATTERN.fullmatch(text.strip())
    return parse_number(text) if percent is None else parse_number(percent["number"]) / 100


def parse_number(text: str) -> float:
    """Read a number of either sign; raises ValueError with the expected text."""
    text = text.strip()
    if not _NUMBER_PATTERN.fullmatch(text):
        raise ValueError(NUMBER_EXPECTED)
    number = float(text)
    if abs(number) > LARGEST:
        raise ValueError(NUMBER_LIMIT)
    return number


def parse_every(text: str) -> Every:
    """Read the step of a calendar, longer than 0.

    Whole months and years step the calendar; anything else is a fixed length, rounded to the
    second. Raises ValueError with the expected text.
    """
    seconds, number, unit = _duration(text, _EVERY_EXPECTED)
    if round(seconds) < 1:
        raise ValueError(_EVERY_EXPECTED)
    if unit in _CALENDAR_MONTHS and number.is_integer():
        return Every(months=int(number) * _CALENDAR_MONTHS[unit])
    return Every(seconds=round(seconds))


def split_range(text: str) -> tuple[str, str] | None:
    """Split `A to B` into its two ends, or return None where there is no range.

    A unit that A lacks is B's: `7.5 to 8.5 months` gives `7.5 months` and `8.5 months`, and
    `30 to 60 % within 2 years` gives `30 % within 2 years` and `60 % within 2 years`.
    """
    ends = re.split(r"\s+to\s+", text.strip())
    if len(ends) != 2:
        return None
    low, high = ends
    unit, bare = (_NUMBER_AND_UNIT_PATTERN.fullmatch(end) for end in (high, low))
    if unit and bare and not bare["unit"]:
        if unit["percent"] and not bare["percent"]:
            low = f"{low} %"
        if bool(bare["percent"]) <= bool(unit["percent"]):
            low = f"{low}{unit['unit']}"
    return low, high


def add_months(instant: int, months: int) -> int:
    """Step an instant by calendar months, keeping the time of day.

    A day that the month lacks becomes its last. Steps do not add up (31 January, one month and
    one month, is 28 March): count them from the first date of a calendar.
    """
    days, time_of_day = divmod(instant, DAY)
    year, month, day = calendar_day(days)
    years, month = divmod(month + months, 12)
    first = days_to(year + years, month)
    length = days_to(year + years + (month + 1) // 12, (month + 1) % 12) - first
    return (first + min(day, length - 1)) * DAY + time_of_day


# Years begin in March here, so that a leap day is the last of its year and the lengths of months
# follow one rule: 153 days to any five. Plain arithmetic, as the compiled engine compiles it too.
_MARCH_OF_YEAR_0 = 719_468  # days from 1 March of the year 0 to 1970-01-01


def days_to(year: int, month: int) -> int:
    """Count the days from 1970-01-01 to the first of a month; March is month 0 of its year."""
    leap_days = year // 4 - year // 100 + year // 400
    return 365 * year + leap_days + (153 * month + 2) // 5 - _MARCH_OF_YEAR_0


def calendar_day(days: int) -> tuple[int, int, int]:
    """Get year and month (March is 0), and the day of the month from 0 on, of a day since 1970."""
    year = (days + _MARCH_OF_YEAR_0) * 400 // 146_097
    if days_to(year, 0) > days:
        year -= 1
    elif days_to(year + 1, 0) <= days:
        year += 1
    month = (5 * (days - days_to(year, 0)) + 2) // 153
    return year, month, days - days_to(year, month)


def format_date(instant: int) -> str:
    """Write the day of an instant in epoch seconds, such as `2031-06-30`."""
    return date.fromordinal(_EPOCH_ORDINAL + instant // DAY).isoformat()


def format_duration(seconds: float) -> str:
    """Write a duration in the largest unit that needs no more than two decimals.

    Where none does, in the largest unit of which there is a whole one, to four digits.
    """
    whole_units = [unit for unit in _FORMAT_UNITS if abs(seconds) >= _UNITS[unit]]
    exact = [unit for unit in whole_units if _has_two_decimals(seconds / _UNITS[unit])]
    unit = next(iter(exact or whole_units), "hour" if seconds else "day")
    number = _short(seconds / _UNITS[unit])
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


def format_rate(per_second: float) -> str:
    """Write a rate by the year to four digits, such as `0.2 per year`."""
    return f"{_short(per_second * YEAR)} per year"


def _within(digits: str, low: int, high: int, expected: str) -> int:
    number = int(digits)
    if not low <= number <= high:
        raise ValueError(expected)
    return number


def _midnight(day: date) -> int:
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY


def _months_from(year: int, month: int, months: int) -> Period:
    first = _midnight(date(year, month, 1))
    return Period(first, add_months(first, months))


def _duration(text: str, expected: str) -> tuple[float, float, str]:
    match = _DURATION_PATTERN.fullmatch(text.strip())
    if match is None:
        raise ValueError(expected)
    number, unit = float(match["number"]), match["unit"]
    seconds = number * _UNITS[unit]
    if seconds < 0:
        raise ValueError(expected)
    if seconds > _LONGEST:
        raise ValueError(DURATION_LIMIT)
    return seconds, number, unit


def _has_two_decimals(number: float) -> bool:
    return math.isclose(number, round(number, 2), rel_tol=1e-12)


def _short(number: float) -> str:
    if _has_two_decimals(number):
        return f"{number:.15g}"
    return f"{float(f'{number:.4g}'):.15g}"
