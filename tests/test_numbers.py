"""Numbers and dates are written no finer than their 95 % interval supports."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from coopsim.analysis.statistics.estimates import Interval, share_of
from coopsim.analysis.statistics.order_statistics import Bounds
from coopsim.presentation.words import numbers
from coopsim.presentation.words.numbers import (
    among,
    chance,
    change,
    date_text,
    estimate,
    exact_percent,
    in_how_many,
    median_text,
    percent,
    rounded,
    whole_percent,
)
from coopsim.presentation.words.wording import NBSP


# Wilson at z^2 = 3.841459: of n of n from n / (n + z^2) on, of 0 of n up to z^2 / (n + z^2), which
# is 79.3 % of 1, 27.8 % of 10, 3.70 % of 100, 0.383 % of 1,000 and 0.0384 % of 10,000.
@pytest.mark.parametrize(
    ("count", "runs", "cell", "whole"),
    [
        (0, 1, "<80", "<80 %"),
        (1, 1, ">20", ">20 %"),
        (0, 10, "<28", "<28 %"),
        (10, 10, ">72", ">72 %"),
        (0, 100, "<4", "<4 %"),
        (100, 100, ">96", ">96 %"),
        (0, 1_000, "<0.4", "<1 %"),
        (1_000, 1_000, ">99.6", ">99 %"),
        (0, 10_000, "<0.1", "<1 %"),
        (10_000, 10_000, ">99.9", ">99 %"),
        (0, 10**9, "<0.1", "<1 %"),
        (10**9, 10**9, ">99.9", ">99 %"),
        (0, 200, "<1.9", "<2 %"),
        # What rounds to 0 or 100 is a bound too: 4 of 10,000 goes up to 0.103 %, 1 of 10,000 to
        # 0.057 %; 1 of 300, up to 1.86 %, does not to one decimal.
        (1, 300, "0.3 ±1.5", "<2 %"),
        (4, 10_000, "<0.2", "<1 %"),
        (1, 10_000, "<0.1", "<1 %"),
        (9_999, 10_000, ">99.9", ">99 %"),
        # Else the margin has as many decimals as it supports, and the number as many.
        (7, 10, "70 ±30", "70 %"),
        (52, 100, "52 ±10", "52 %"),
        (525, 1_000, "52 ±3", "52 %"),
        (6_931, 10_000, "69.3 ±0.9", "69 %"),
        (30, 10_000, "0.3 ±0.1", "<1 %"),
        (700_000, 10**6, "70.0 ±0.1", "70 %"),
    ],
)
def test_a_share_of_timelines(count: int, runs: int, cell: str, whole: str) -> None:
    share, interval = count / runs, share_of(count, runs).interval
    assert chance(share, interval) == cell
    assert percent(share, interval) == cell.split(" ", maxsplit=1)[0]
    assert whole_percent(share, interval) == whole.replace(" ", NBSP)


def test_a_share_with_its_sign_keeps_it_beside_the_number() -> None:
    assert chance(0.6931, (0.684, 0.702), " %") == "69.3 % ±0.9"
    assert chance(1.0, (0.9996, 1.0), " %") == ">99.9 %"


def test_a_share_that_misses_1_by_a_hair_reads_as_1_does() -> None:
    assert whole_percent(1 - 1e-16, among(1 - 1e-16, 100)) == f">96{NBSP}%"
    assert whole_percent(-1e-16, among(-1e-16, 100)) == f"<4{NBSP}%"


def test_an_interval_of_no_width_makes_nothing_certain() -> None:
    assert (percent(0.0, (0.0, 0.0)), percent(1.0, (1.0, 1.0))) == ("<0.1", ">99.9")
    assert change(1.0, (1.0, 1.0), 100) == ">+99.9"


def test_of_a_share_without_an_interval_nothing_is_known() -> None:
    assert chance(0.5, None) == "50 ±50"
    assert (percent(0.0, None), percent(1.0, None)) == ("<100", ">0")


@pytest.mark.parametrize(
    ("count", "runs", "text"),
    [
        (10_000, 10_000, "in all 10,000 timelines"),
        (0, 10_000, "in none of 10,000 timelines"),
        (1, 1, "in the one timeline"),
        (0, 1, "not in the one timeline"),
        (6_931, 10_000, "in 69.3 % of the timelines"),
        (9_999, 10_000, "in >99.9 % of the timelines"),
    ],
)
def test_a_sentence_says_in_how_many_timelines(count: int, runs: int, text: str) -> None:
    assert in_how_many(count, runs) == text.replace(" %", f"{NBSP}%")


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0"), (1.0, "100"), (0.5, "50"), (0.125, "12.5"), (0.0004, "0.04"), (0.99996, "99.996")],
)
def test_a_share_that_is_no_estimate(share: float, text: str) -> None:
    assert exact_percent(share) == text


# The last digit shown stands where the first of the margin does, the second after a 1.
@pytest.mark.parametrize(
    ("value", "interval", "most", "number", "with_margin"),
    [
        (7.234, (7.0, 7.4), 1, "7.2", "7.2 ±0.2"),
        (7.234, (7.0, 7.4), 2, "7.2", "7.2 ±0.2"),
        (7.234, (7.2, 7.25), 2, "7.23", "7.23 ±0.03"),
        (7.234, (7.2, 7.25), 1, "7.2", "7.2 ±0.1"),
        (7.234, (5.0, 9.0), 2, "7", "7 ±2"),
        (7.234, (5.25, 9.0), 2, "7.2", "7.2 ±2.0"),  # 1.98
        (7.234, (7.1, 7.3), 2, "7.23", "7.23 ±0.13"),
        (7.234, (7.1, 7.3), 1, "7.2", "7.2 ±0.1"),
        (72.34, (30.0, 90.0), 1, "72", "72 ±42"),
        (7.234, None, 2, "7.2", "7.2 ±?"),
        (7.234, (7.234, 7.234), 2, "7.2", "7.2 ±?"),  # all timelines agree
        (-0.04, (-0.3, 0.2), 2, "0.0", "0.0 ±0.3"),
        (-0.04, None, 2, "0.0", "0.0 ±?"),
        (0.834, (0.8, 0.9), 0, "1", "1 ±1"),
        # Without a limit one decimal, two below 1; more where it is known not to be 0.
        (1.234, (1.23, 1.24), None, "1.2", "1.2 ±0.1"),
        (0.234, (0.23, 0.24), None, "0.23", "0.23 ±0.01"),
        (0.0034, (0.003, 0.0038), None, "0.0034", "0.0034 ±0.0004"),
        (0.0034, (-0.003, 0.0098), None, "0.00", "0.00 ±0.01"),
    ],
)
def test_a_number_and_its_margin_have_the_decimals_that_it_supports(
    value: float, interval: Interval | None, most: int | None, number: str, with_margin: str
) -> None:
    assert rounded(value, interval, most) == number
    assert estimate(value, interval, most) == with_margin


def test_a_difference_has_a_sign_and_is_never_minus_nothing() -> None:
    assert change(0.1, (0.08, 0.12), 100) == "+10 ±2"
    assert change(-0.1, (-0.105, -0.095), 100) == "-10.0 ±0.5"
    assert change(-0.0001, (-0.002, 0.002), 100) == "+0.0 ±0.2"
    assert change(0.253, (0.22, 0.28), 1, 2) == "+0.25 ±0.03"
    assert change(-0.0, (0.0, 0.0), 1, 2) == "+0.0 ±?"
    assert change(0.0003, (0.0001, 0.0005), 100) == "+0.03 ±0.02"  # known not to be nothing


def test_a_difference_of_all_the_points_there_are_is_a_bound() -> None:
    assert change(1.0, (0.9962, 1.0), 100) == ">+99.6"
    assert change(-1.0, (-1.0, -0.963), 100) == "<-96"
    assert change(1.0, (0.5, 1.5), 1) == "+1.0 ±0.5"
    assert change(100.0, (97.0, 103.0), 1) == "+100 ±3"


def test_a_number_whose_interval_is_open_is_known_to_the_whole() -> None:
    assert rounded(2.34, (None, 2.5)) == "2"
    assert rounded(2.34, (2.2, None)) == "2"


DAY = date(2031, 5, 17)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (DAY, DAY, "2031-05-17"),
        (DAY, date(2031, 5, 18), "2031-05"),
        (date(2031, 5, 1), date(2031, 6, 1), "2031-05"),  # 31 days apart
        (date(2031, 5, 1), date(2031, 6, 2), "2031-Q2"),
        (date(2031, 5, 1), date(2031, 8, 1), "2031-Q2"),  # 92 days apart
        (date(2031, 5, 1), date(2031, 8, 2), "2031"),
        (date(2025, 1, 1), date(2040, 1, 1), "2031"),
        (None, DAY, "2031"),
        (DAY, None, "2031"),
        (None, None, "2031"),
    ],
)
def test_a_date_is_as_fine_as_its_interval(low: date | None, high: date | None, text: str) -> None:
    assert date_text(DAY, (low, high)) == text


@pytest.mark.parametrize(
    ("month", "quarter"), [(1, "Q1"), (3, "Q1"), (4, "Q2"), (9, "Q3"), (10, "Q4"), (12, "Q4")]
)
def test_a_quarter_is_that_of_the_date(month: int, quarter: str) -> None:
    day = date(2031, month, 2)
    assert date_text(day, (day, date(2031 + month // 12, month % 12 + 1, 28))) == f"2031-{quarter}"


def test_nothing_else_writes_a_share_in_percent() -> None:
    package = Path(numbers.__file__).parents[2]
    others = [path for path in package.rglob("*.py") if path != Path(numbers.__file__)]
    written = re.compile(r"\{100(\.0)? \* .*:.*[fg]\}")  # but for the scales of axes
    found = [
        f"{path.name}: {line.strip()}"
        for path in others
        for line in path.read_text(encoding="utf-8").splitlines()
        if written.search(line) and "FuncFormatter" not in line
    ]
    assert len(others) > 100
    assert written.search('f"{100 * share:.1f} %"')
    assert found == []


def test_a_median_is_a_date_or_years() -> None:
    months: Bounds[date | float] = (date(2031, 5, 1), date(2031, 5, 30))
    assert median_text(DAY, months) == "2031-05"
    assert median_text(2.34, (2.2, 2.5)) == "2.3"
