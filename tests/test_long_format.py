"""A summary as comma-separated values."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from coopsim.analysis.long_format import summary_csv
from coopsim.analysis.summaries import Summary, summarise
from hand_made import firings, program, scenario, start_cool

HEADER = (
    "outcome,kind,title,measure,unit,day,year,quantile,number,label,value,se,low,high,"
    "date,date_low,date_high"
)


def summary(**questions: object) -> Summary:
    log = firings([(0, "flight", "2026-01-01"), (1, "thaw", "2026-01-01")], 4)
    return summarise(scenario(questions), program(), [log], "3f9a2c1b", start_cool)


def table(**questions: object) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(summary_csv(summary(**questions)))))


def test_an_event_line_by_line() -> None:
    # Once in four: se sqrt(0.25 x 0.75 / 4) = 0.2165..., by Wilson 0.0456 to 0.6994. Of four values
    # the lower end of the 75 % is the first, as P(Bin(4, 0.75) = 0) = 0.004 is below 0.025.
    found = summary(flies={"event": "flight", "title": 'A "flight", once'}).outcomes["flies"]
    se, (low, high) = found.se, found.interval  # type: ignore[attr-defined]
    assert (round(low, 4), round(high, 4)) == (0.0456, 0.6994)
    start = 'flies,event,"A ""flight"", once"'
    text = summary_csv(summary(flies={"event": "flight", "title": 'A "flight", once'}))
    assert text.splitlines() == [
        HEADER,
        f"{start},probability,share,,,,,,0.25,{se},{low},{high},,,",
        f"{start},quantile,date,,,0.05,,,,,,,2026-01-01,,",
        f"{start},quantile,date,,,0.25,,,,,,,2026-01-01,,",
        f"{start},quantile,date,,,0.5,,,,,,,,,",
        f"{start},quantile,date,,,0.75,,,,,,,,2026-01-01,",
        f"{start},quantile,date,,,0.95,,,,,,,,,",
        f"{start},by,share,2025-12-31,,,,,0.0,,,,,,",
        f"{start},by,share,2026-12-31,,,,,0.25,,,,,,",
        f"{start},by,share,2027-06-30,,,,,0.25,,,,,,",
    ]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        (
            {"count": "flight"},
            [
                "mean count value=0.25", "quantile count quantile=0.5 value=0",
                "distribution share number=1 value=0.25", "per_year count year=2026 value=0.25",
            ],
        ),
        (
            {"between": ["flight", "landing"]},
            [
                "share share label=both value=0.0", "share share label=neither value=0.75",
                "mean_years years", "quantile years quantile=0.5",
            ],
        ),
        (
            {"first_of": ["flight", "landing"]},
            [
                "share share label=flight value=0.25", "share share label=neither value=0.75",
                "by share day=2026-12-31 label=flight value=0.25",
                "quantile date quantile=0.05 date=2026-01-01",
            ],
        ),
        (
            {"driver": "relations"},
            [
                "share share day=2026-12-31 label=warm value=0.25",
                "share share day=2025-12-31 label=warm value=0.0",
            ],
        ),
        (
            {"index": [{"when": {"relations": "warm"}, "weight": 1}]},
            [
                "mean percent day=2026-12-31 value=25.0",
                "quantile percent day=2026-12-31 quantile=0.95 value=100.0",
            ],
        ),
    ],
)  # fmt: skip
def test_the_numbers_of_every_kind(question: dict[str, Any], lines: list[str]) -> None:
    told = ("day", "year", "quantile", "number", "label", "value", "date")
    found = [
        " ".join([row["measure"], row["unit"], *(f"{k}={row[k]}" for k in told if row[k])])
        for row in table(asked=question)
    ]
    assert [line for line in lines if line not in found] == []


def test_a_driver_s_share_has_its_interval() -> None:
    rows = table(asked={"driver": "relations"})
    (warm,) = [row for row in rows if (row["day"], row["label"]) == ("2026-12-31", "warm")]
    assert (round(float(warm["low"]), 4), round(float(warm["high"]), 4)) == (0.0456, 0.6994)


def test_the_error_of_a_gap_is_that_of_the_share_with_both() -> None:
    rows = table(asked={"between": ["flight", "landing"]})
    errors = {row["label"]: row["se"] for row in rows if row["measure"] == "share"}
    assert errors == {"both": "0.0", "only_first": "", "only_second": "", "neither": ""}
