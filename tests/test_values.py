"""Text and the numbers it stands for, against calendars worked out another way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopsim.scenario.notation.values import (
    DAY,
    HOUR,
    MINUTE,
    MONTH,
    WEEK,
    YEAR,
    Every,
    Period,
    add_months,
    format_date,
    format_duration,
    format_rate,
    parse_date,
    parse_duration,
    parse_every,
    parse_number,
    parse_rate,
    split_range,
)

A_DATE = "a date such as `2028-07-31`, `2028-07`, `2028-Q3` or `2028`"
A_DURATION = "a duration such as `90 days`, `8 months` or `2.5 years`"
A_RATE = "a rate such as `0.2 per year`, `1 per 5 years` or `50 % within 3 years`"
A_NUMBER = "a number such as `0.7`, `12` or `1e3`"
A_STEP = "a step such as `2 years`, `6 months` or `90 days`"


def at(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


def refusal(parse: Callable[[str], object], text: str) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the caller compares the whole text
        parse(text)
    return str(caught.value)


def test_units_are_those_of_the_language() -> None:
    # A year is 365.25 days and a month a twelfth of it.
    assert (MINUTE, HOUR, DAY, WEEK) == (60, 3600, 86400, 604800)
    assert (YEAR, MONTH) == (31557600, 2629800)
    assert YEAR == 365.25 * DAY == 12 * MONTH


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1970-01-01", 0, 0),
        ("2028-07-31", at(2028, 7, 31), at(2028, 7, 31)),
        ("2028-02-29", at(2028, 2, 29), at(2028, 2, 29)),
        ("2028-07", at(2028, 7, 1), at(2028, 8, 1)),
        ("2028-12", at(2028, 12, 1), at(2029, 1, 1)),
        ("2028-Q1", at(2028, 1, 1), at(2028, 4, 1)),
        ("2028-Q3", at(2028, 7, 1), at(2028, 10, 1)),
        ("2028-Q4", at(2028, 10, 1), at(2029, 1, 1)),
        ("2028", at(2028, 1, 1), at(2029, 1, 1)),
        ("1900", at(1900, 1, 1), at(1901, 1, 1)),
        ("2999", at(2999, 1, 1), at(3000, 1, 1)),
        (" 2028 ", at(2028, 1, 1), at(2029, 1, 1)),
    ],
)
def test_dates(text: str, first: int, last: int) -> None:
    assert parse_date(text) == Period(first, last)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2028-13", "a month from 01 to 12"),
        ("2028-00", "a month from 01 to 12"),
        ("2028-13-01", "a month from 01 to 12"),
        ("2028-Q5", "a quarter from Q1 to Q4"),
        ("2028-Q0", "a quarter from Q1 to Q4"),
        ("2028-02-30", "a day from 01 to 29 in 2028-02"),
        ("2027-02-29", "a day from 01 to 28 in 2027-02"),
        ("2100-02-29", "a day from 01 to 28 in 2100-02"),
        ("2028-06-31", "a day from 01 to 30 in 2028-06"),
        ("2028-07-00", "a day from 01 to 31 in 2028-07"),
        ("1899", "a year from 1900 to 2999"),
        ("3000-01-01", "a year from 1900 to 2999"),
        ("2028-7", A_DATE),
        ("2028-7-31", A_DATE),
        ("28-07-31", A_DATE),
        ("20280731", A_DATE),
        ("2028/07/31", A_DATE),
        ("31.07.2028", A_DATE),
        ("2028-q3", A_DATE),
        ("2028-Q3-01", A_DATE),
        ("2028-07-31T00:00", A_DATE),
        ("July 2028", A_DATE),
        ("٢٠٢٨", A_DATE),
        ("2028?", A_DATE),
        ("", A_DATE),
    ],
)
def test_dates_refused(text: str, expected: str) -> None:
    assert refusal(parse_date, text) == expected


def test_a_day_is_an_instant_that_includes_its_day() -> None:
    day = parse_date("2028-07-31")
    assert day.is_day
    assert day.middle == at(2028, 7, 31)
    assert day.end_of_day == at(2028, 8, 1)


def test_a_month_is_a_stretch_that_ends_with_its_last_day() -> None:
    month = parse_date("2028-06")
    assert not month.is_day
    assert month.middle == at(2028, 6, 16)  # half of 30 days after the 1st
    assert month.end_of_day == at(2028, 7, 1)


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)), st.integers(0, DAY - 1))
def test_any_day_is_read_and_written_back(day: date, second: int) -> None:
    instant = parse_date(day.isoformat()).first
    assert instant == at(day.year, day.month, day.day)
    assert format_date(instant + second) == day.isoformat()


@given(st.integers(1900, 2998))
def test_quarters_and_months_tile_the_year(year: int) -> None:
    quarters = [parse_date(f"{year}-Q{n}") for n in range(1, 5)]
    months = [parse_date(f"{year}-{n:02}") for n in range(1, 13)]
    for parts in (quarters, months):
        following = [*(part.first for part in parts[1:]), parse_date(str(year + 1)).first]
        assert parts[0].first == parse_date(str(year)).first
        assert [part.last for part in parts] == following


# --- durations, rates, numbers, steps -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("36 hours", 129600),
        ("1 hour", 3600),
        ("90 days", 7776000),
        ("2 weeks", 1209600),
        ("8 months", 21038400),  # 8/12 of 31,557,600
        ("2.5 years", 78894000),
        ("1 year", 31557600),
        (".5 years", 15778800),
        ("1e3 days", 86400000),
        ("+1 day", 86400),
        ("0 days", 0),
        ("  3   days ", 259200),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "-3 days",
        "-0.1 years",
        "3",
        "days",
        "3days",
        "3 fortnights",
        "3 Days",
        "3 dayss",
        "1,5 years",
        "1_000 days",
        "two years",
        "2 years 3 months",
        "nan years",
        "inf years",
        "٣ days",
        "",
    ],
)
def test_durations_refused(text: str) -> None:
    assert refusal(parse_duration, text) == A_DURATION


@pytest.mark.parametrize("text", ["1.1e90 years", "1e308 years", "1e400 days"])
def test_durations_have_a_limit(text: str) -> None:
    assert refusal(parse_duration, text) == "a duration of at most 1e90 years"
    assert parse_duration("1e90 years") == 1e90 * YEAR


@pytest.mark.parametrize(
    ("text", "per_year"),
    [
        ("0.2 per year", 0.2),
        ("1 per 5 years", 0.2),
        ("3 per month", 36),
        ("2 per 1.5 months", 16),
        ("1 per day", 365.25),
        ("1 per 24 hours", 365.25),
        ("7 per week", 365.25),
        ("0 per year", 0),
        ("1e-3 per year", 0.001),
    ],
)
def test_rates(text: str, per_year: float) -> None:
    assert parse_rate(text) * YEAR == pytest.approx(per_year, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        "0.2",
        "0.2 years",
        "0.2/year",
        "per year",
        "0.2 per",
        "-0.2 per year",
        "1 per 0 years",
        "1 per -5 years",
        "1 per five years",
        "1 per year per year",
        "",
    ],
)
def test_rates_refused(text: str) -> None:
    assert refusal(parse_rate, text) == A_RATE


@pytest.mark.parametrize(
    "text",
    [
        "1.1e90 per year",
        "1e308 per year",
        "1e308 per 1e-308 years",
        "1e400 per year",
        "1e400 per 1e400 years",
    ],
)
def test_rates_have_a_limit(text: str) -> None:
    assert refusal(parse_rate, text) == "a rate of at most 1e90 per year"
    assert parse_rate("1e90 per year") == 1e90 / YEAR


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.7", 0.7),
        ("1e3", 1000),
        ("+1", 1),
        ("-2.5E-1", -0.25),
        (".5", 0.5),
        ("5.", 5),
        (" 12 ", 12),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    "text",
    ["", ".", "e3", "1e", "1 000", "1_000", "0x10", "0.7%", "nan", ".nan", "inf", "-.inf"],
)
def test_numbers_refused(text: str) -> None:
    assert refusal(parse_number, text) == A_NUMBER


@pytest.mark.parametrize("text", ["1.1e100", "-1.1e100", "1e999"])
def test_numbers_have_a_limit(text: str) -> None:
    assert refusal(parse_number, text) == "a number of at most 1e100"
    assert (parse_number("1e100"), parse_number("-1e100")) == (1e100, -1e100)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("2 years", Every(months=24)),
        ("1.0 years", Every(months=12)),
        ("6 months", Every(months=6)),
        ("1 month", Every(months=1)),
        ("2.5 years", Every(seconds=78894000)),
        ("1.5 months", Every(seconds=3944700)),
        ("8 days", Every(seconds=691200)),
        ("36 hours", Every(seconds=129600)),
        ("3 weeks", Every(seconds=1814400)),
        ("0.0003 hours", Every(seconds=1)),  # 1.08 s
    ],
)
def test_steps_of_a_calendar(text: str, step: Every) -> None:
    assert parse_every(text) == step


@pytest.mark.parametrize(
    "text", ["0 days", "0 months", "0.0001 hours", "-1 year", "year", "1 to 2 years"]
)
def test_steps_of_a_calendar_refused(text: str) -> None:
    assert refusal(parse_every, text) == A_STEP


# --- ranges -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("7.5 to 8.5 months", ("7.5 months", "8.5 months")),
        ("0.10 to 0.40 per year", ("0.10 per year", "0.40 per year")),
        ("1 to 3 per year", ("1 per year", "3 per year")),
        ("1 to 3 per 5 years", ("1 per 5 years", "3 per 5 years")),
        ("1 per 5 years to 1 per year", ("1 per 5 years", "1 per year")),
        ("8 months to 1 year", ("8 months", "1 year")),
        ("2026 to 2028", ("2026", "2028")),
        ("2026 to 2028-06-30", ("2026", "2028-06-30")),
        ("2026-Q1 to 2028-Q3", ("2026-Q1", "2028-Q3")),
        ("0.5 to 1.2", ("0.5", "1.2")),
        ("1e-3  to  1e-2 per year", ("1e-3 per year", "1e-2 per year")),
        ("8 months to 9", ("8 months", "9")),
    ],
)
def test_ranges(text: str, ends: tuple[str, str]) -> None:
    assert split_range(text) == ends


@pytest.mark.parametrize(
    "text", ["8 months", "2026", "1 per year", "1 to 2 to 3 years", "1 to", "to 3", "1-3 years", ""]
)
def test_no_range(text: str) -> None:
    assert split_range(text) is None


# --- the calendar -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "months", "stepped"),
    [
        (at(2027, 6, 30), 24, at(2029, 6, 30)),
        (at(2027, 1, 31), 1, at(2027, 2, 28)),
        (at(2028, 1, 31), 1, at(2028, 2, 29)),
        (at(2028, 2, 29), 12, at(2029, 2, 28)),
        (at(2028, 2, 29), 48, at(2032, 2, 29)),
        (at(2027, 12, 31, 17), 2, at(2028, 2, 29, 17)),
        (at(2027, 3, 31), -1, at(2027, 2, 28)),
        (at(2027, 1, 15), -1, at(2026, 12, 15)),
        (at(1969, 11, 30, 23), 3, at(1970, 2, 28, 23)),
        (at(2027, 5, 5), 0, at(2027, 5, 5)),
    ],
)
def test_months_step_the_calendar(start: int, months: int, stepped: int) -> None:
    assert add_months(start, months) == stepped


@given(st.integers(at(1900, 1, 1), at(2900, 1, 1)), st.integers(-600, 600))
def test_a_step_lands_in_the_month_meant(start: int, months: int) -> None:
    before = datetime.fromtimestamp(start, UTC)
    after = datetime.fromtimestamp(add_months(start, months), UTC)
    month_numbers = [12 * moment.year + moment.month for moment in (before, after)]
    assert month_numbers[1] - month_numbers[0] == months
    assert after.time() == before.time()
    shortened = after.day < before.day and (after + timedelta(days=1)).day == 1
    assert after.day == before.day or shortened


def test_instants_are_written_as_their_day() -> None:
    assert format_date(0) == "1970-01-01"
    assert format_date(-1) == "1969-12-31"
    assert format_date(at(2031, 6, 30, 23)) == "2031-06-30"


# --- writing durations and rates ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "0 days",
        "0.5 hours",
        "1 hour",
        "23 hours",
        "1.5 days",
        "90 days",
        "365 days",
        "1 month",
        "8 months",
        "8.25 months",
        "1 year",
        "2.5 years",
        "1000 years",
        "123456 years",
    ],
)
def test_durations_are_written_as_one_would(text: str) -> None:
    assert format_duration(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (14 * DAY, "14 days"),
        (36 * HOUR, "1.5 days"),
        (18 * MONTH, "1.5 years"),
        (12_345_678, "4.695 months"),  # 12,345,678 / 2,629,800 = 4.69453
        (YEAR + 1, "1 year"),
        (90, "0.025 hours"),
        (-6 * MONTH, "-6 months"),
    ],
)
def test_other_durations(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


# Four digits are right to half a unit in the fourth: at worst 0.0005 in 1.
@given(st.floats(1, 1e6 * YEAR))
def test_a_written_duration_is_read_back_to_four_digits(seconds: float) -> None:
    assert parse_duration(format_duration(seconds)) == pytest.approx(seconds, rel=5.01e-4)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0.2 per year", "0.2 per year"),
        ("1 per 5 years", "0.2 per year"),
        ("3 per month", "36 per year"),
        ("1 per day", "365.25 per year"),
        ("1 per 7 years", "0.1429 per year"),
        ("0 per year", "0 per year"),
        ("0.001 per year", "0.001 per year"),
    ],
)
def test_rates_are_written_by_the_year(text: str, written: str) -> None:
    assert format_rate(parse_rate(text)) == written


def test_the_length_of_a_step_counts_a_month_as_a_twelfth_of_a_year() -> None:
    assert Every(months=24).length == 2 * YEAR
    assert Every(seconds=5).length == 5
