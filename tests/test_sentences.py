"""Headline questions as sentences: whole texts for each kind, certain, rare and ordinary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from coopsim.analysis.kinds.base import OutcomeSummary
from coopsim.analysis.kinds.counts import CountSummary
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.kinds.firsts import FirstSummary
from coopsim.analysis.kinds.gaps import GapSummary
from coopsim.analysis.kinds.indices import IndexEstimate, IndexSummary
from coopsim.analysis.kinds.levels import DriverSummary
from coopsim.analysis.statistics.estimates import Interval, share_of
from coopsim.analysis.statistics.order_statistics import Bounds
from coopsim.analysis.summaries import Summary
from coopsim.presentation.views.comparison import comparison_view
from coopsim.presentation.views.result.answers import summary_view
from coopsim.presentation.views.result.sentences import (
    AnswerSentence,
    headline_sections,
    sentence_of,
)
from coopsim.presentation.views.view import Cell, Section
from coopsim.presentation.words.headlines import headlines
from coopsim.presentation.words.wording import Wording
from shown import printed
from ten import ASKED, answered, asked, compared

START = date(2025, 1, 1)
END = date(2040, 12, 31)
RUNS = 1000
KEYS = ("0.05", "0.5", "0.95")
Day = date | None


def sentence(outcome: OutcomeSummary, closing: date = END, runs: int = RUNS) -> AnswerSentence:
    """Answer a question called `asked`."""
    events = {"russia": "Russia leaves", "us": "The US leaves"}
    words = Wording(
        "",
        {"asked": outcome.title},
        {"asked": closing},
        events,
        START,
        START,
        ("asked",),
    )
    summary = Summary("s", "0" * 8, 1, runs, date(2025, 1, 1), END, {"asked": outcome})
    return sentence_of("asked", summary, words)


def said(outcome: OutcomeSummary, closing: date = END, runs: int = RUNS) -> str:
    return sentence(outcome, closing, runs).text.replace("\xa0", " ")


def months(*days: date | None) -> dict[str, Bounds[date]]:
    """Bound days by themselves and the day four weeks later; one that is not reached is open."""
    ends = [
        (None, None) if day is None else (day, date.fromordinal(day.toordinal() + 28))
        for day in days
    ]
    return dict(zip(KEYS, ends, strict=True))


def dated(happened: int, *days: date | None, title: str = "Deorbit begins") -> DateSummary:
    share = share_of(happened, RUNS)
    return DateSummary(
        "event", title, share.share, share.se, share.interval,
        dict(zip(KEYS, days, strict=True)), months(*days), {},
    )  # fmt: skip


EARLY, MIDDLE, LATE = date(2031, 3, 1), date(2032, 2, 3), date(2034, 11, 2)


def test_of_what_is_certain_the_date_is_told() -> None:
    assert said(dated(1000, EARLY, MIDDLE, LATE)) == (
        "Deorbit begins: middle date Feb 2032, nine in ten between Mar 2031 and Nov 2034."
    )


def test_of_what_is_nearly_certain_only_the_date_is_told() -> None:
    assert said(dated(996, EARLY, MIDDLE, LATE)) == (
        "Deorbit begins: middle date Feb 2032, nine in ten between Mar 2031 and Nov 2034."
    )


def test_of_what_is_likely_the_date_is_told_and_the_chance_that_it_does_not_come() -> None:
    assert said(dated(970, EARLY, MIDDLE, LATE)) == (
        "Deorbit begins: middle date Feb 2032, nine in ten between Mar 2031 and Nov 2034; not by "
        "2040 in 3.0 % ±1.3."
    )


def test_of_what_may_well_not_come_the_chance_is_told_first() -> None:
    assert said(dated(700, EARLY, MIDDLE, None)) == (
        "Deorbit begins: 70 % ±3 by 2040, even odds by Feb 2032, one in twenty by Mar 2031."
    )


def test_of_what_is_rare_the_chance_by_the_closing_day_is_told() -> None:
    assert said(dated(150, EARLY, None, None), date(2035, 6, 30)) == (
        "Deorbit begins: 15 % ±2 by 2035-06-30."
    )


def test_a_day_that_the_title_names_is_not_told_again() -> None:
    rare = dated(150, EARLY, None, None, title="Operations over by 2028")
    assert said(rare, date(2028, 12, 31)) == "Operations over by 2028: 15 % ±2."


def test_of_what_never_comes_it_is_told_in_how_many_timelines() -> None:
    never = sentence(dated(0, None, None, None))
    assert never.text == "Deorbit begins: not by 2040 in all 1,000 timelines."
    low, high = share_of(0, RUNS).interval
    assert never.cells == (Cell("not by 2040", 1.0, (1 - high, 1 - low), "share"),)
    assert never.news == "not by 2040"


def test_no_more_of_a_date_is_told_than_is_known() -> None:
    known = dated(1000, EARLY, MIDDLE, LATE)
    loose: dict[str, Bounds[date]] = {
        "0.05": (EARLY, EARLY), "0.5": (MIDDLE, date(2032, 4, 20)), "0.95": (LATE, None),
    }  # fmt: skip
    assert said(replace(known, quantile_intervals=loose)) == (
        "Deorbit begins: middle date Q1 2032, nine in ten between 2031-03-01 and 2034."
    )


def test_one_day_for_nine_in_ten_is_told_once() -> None:
    day = date(2026, 1, 1)
    fixed = replace(dated(1000, day, day, day), quantile_intervals=dict.fromkeys(KEYS, (day, day)))
    assert said(fixed) == (
        "Deorbit begins: middle date 2026-01-01, the same for at least nine in ten."
    )
    assert said(dated(1000, MIDDLE, MIDDLE, MIDDLE)) == (
        "Deorbit begins: middle date Feb 2032, the same for at least nine in ten."
    )


def test_too_few_timelines_have_no_nine_in_ten() -> None:
    day = date(2031, 5, 1)
    one = share_of(1, 1)
    alone = DateSummary(
        "event", "Deorbit begins", 1.0, one.se, one.interval,
        dict.fromkeys(KEYS, day), dict.fromkeys(KEYS, (None, None)), {},
    )  # fmt: skip
    assert said(alone, runs=1) == "Deorbit begins: middle date 2031."


def test_a_question_mark_needs_no_colon() -> None:
    assert said(dated(150, EARLY, None, None, title="Deorbited?")) == "Deorbited? 15 % ±2 by 2040."


# --- which comes first, and levels --------------------------------------------------------------


def parted(**counts: int) -> tuple[dict[str, float], dict[str, float], dict[str, Interval]]:
    found = {name: share_of(count, RUNS) for name, count in counts.items()}
    return (
        {name: one.share for name, one in found.items()},
        {name: one.se for name, one in found.items()},
        {name: one.interval for name, one in found.items()},
    )


def first(**counts: int) -> FirstSummary:
    return FirstSummary("first_of", "How it ends", *parted(**counts), {}, {}, {})


def test_what_comes_first_most_often_is_named() -> None:
    assert said(first(us=300, russia=600, neither=100)) == (
        'How it ends: most often "Russia leaves", 60 % ±3; next "The US leaves", 30 % ±3; none '
        "of these by 2040 in 10 % ±2."
    )


def test_what_is_as_frequent_stands_beside_it() -> None:
    assert said(first(russia=510, us=490, neither=0)) == (
        'How it ends: most often "Russia leaves", 51 % ±3, or "The US leaves", 49 % ±3.'
    )


def test_four_as_frequent_are_three_and_one_more() -> None:
    assert said(first(a=250, b=250, c=250, d=250, neither=0)) == (
        'How it ends: most often "a", 25 % ±3, or "b", 25 % ±3, or "c", 25 % ±3; 1 more about as '
        "often."
    )


def test_where_one_always_comes_first_nothing_is_next() -> None:
    assert said(first(russia=1000, us=0, neither=0)) == (
        'How it ends: most often "Russia leaves", >99.6 %.'
    )


def test_where_none_comes_first_it_is_told() -> None:
    assert said(first(russia=0, us=0, neither=1000)) == (
        "How it ends: none of these by 2040 in all 1,000 timelines."
    )


def test_levels_are_told_at_the_end_of_the_last_day() -> None:
    shares, _, intervals = parted(hard_freeze=700, thaw=300)
    early, _, around = parted(hard_freeze=0, thaw=1000)
    levels = DriverSummary(
        "driver", "Climate", {date(2039, 12, 31): early, END: shares},
        {date(2039, 12, 31): around, END: intervals},
    )  # fmt: skip
    assert said(levels) == (
        "Climate: at the end of 2040 most often hard freeze, 70 % ±3; next thaw, 30 % ±3."
    )


# --- gaps, counts and indices -------------------------------------------------------------------


def gap(
    both: int, *years: float | None, only_first: int = 0, only_second: int = 0, neither: int = 0
) -> GapSummary:
    counts = {
        "both": both, "only_first": only_first, "only_second": only_second, "neither": neither,
    }  # fmt: skip
    shares, se, intervals = parted(**counts)
    ends: list[Bounds[float]] = [
        (None, None) if one is None else (one - 0.1, one + 0.1) for one in years
    ]
    return GapSummary(
        "between", "Vehicle before the end", shares, se["both"], intervals, None, None, None,
        dict(zip(KEYS, years, strict=True)), dict(zip(KEYS, ends, strict=True)),
    )  # fmt: skip


def test_a_gap_is_told_in_years() -> None:
    assert said(gap(1000, -1.7, 1.0, 4.0)) == (
        "Vehicle before the end: middle gap 1.0 years, nine in ten between -1.7 and 4.0."
    )


def test_a_gap_that_may_not_be_seen_has_its_chance() -> None:
    assert said(gap(800, -1.7, 1.0, None, only_first=200)) == (
        "Vehicle before the end: middle gap 1.0 years; not both by 2040 in 20 % ±3."
    )


def test_a_gap_that_is_rarely_seen_is_told_by_its_chance() -> None:
    assert said(gap(300, -1.7, None, None, only_first=700)) == (
        "Vehicle before the end: 30 % ±3 for both by 2040."
    )


def test_a_gap_between_what_never_comes_is_told_as_such() -> None:
    assert said(gap(0, None, None, None, neither=1000)) == (
        "Vehicle before the end: neither by 2040 in all 1,000 timelines."
    )


def count(mean: float, interval: Interval | None, *numbers: int) -> CountSummary:
    found = dict(zip(KEYS, numbers, strict=True))
    ends: dict[str, Bounds[int]] = {key: (number, number) for key, number in found.items()}
    return CountSummary("count", "Seat swaps", mean, None, interval, found, ends, {}, {})


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        (
            count(15.31, (15.1, 15.52), 8, 15, 23),
            "Seat swaps: 15.3 ±0.2 on average, nine in ten between 8 and 23.",
        ),
        (
            count(0.03, (0.02, 0.04), 0, 0, 0),
            "Seat swaps: 0.03 ±0.01 on average, at least nine in ten at 0.",
        ),
        (count(3.0, None, 3, 3, 3), "Seat swaps: 3.0 ±? on average, at least nine in ten at 3."),
    ],
)
def test_counts_are_told_by_their_mean(outcome: CountSummary, text: str) -> None:
    assert said(outcome) == text


def test_an_index_is_told_at_the_end() -> None:
    ends: dict[str, Bounds[float]] = dict.fromkeys(KEYS, (0.0, 5.0))
    quantiles = dict(zip(KEYS, (0.0, 10.0, 35.0), strict=True))
    then = IndexEstimate(12.21, 0.3, (11.61, 12.81), quantiles, ends)
    now = IndexEstimate(50.0, 0.3, (49.4, 50.6), quantiles, ends)
    index = IndexSummary("index", "Cooperation", {date(2030, 12, 31): now, END: then})
    assert said(index) == (
        "Cooperation: 12.2 ±0.6 of 100 on average at the end of 2040, nine in ten between 0 and 35."
    )


# --- as data ------------------------------------------------------------------------------------


def test_what_is_told_of_a_date_is_in_its_cells() -> None:
    outcome = dated(970, EARLY, MIDDLE, LATE)
    told = sentence(outcome)
    low, high = outcome.interval
    assert told.cells == (
        Cell("Feb\xa02032", MIDDLE, outcome.quantile_intervals["0.5"], "date"),
        Cell("Mar\xa02031", EARLY, outcome.quantile_intervals["0.05"], "date"),
        Cell("Nov\xa02034", LATE, outcome.quantile_intervals["0.95"], "date"),
        Cell("3.0\xa0%\xa0±1.3", 1 - outcome.probability, (1 - high, 1 - low), "share"),
    )
    assert told.news == "Feb\xa02032"


def test_what_comes_first_is_in_the_cells_by_its_id() -> None:
    outcome = first(us=300, russia=700, neither=0)
    told = sentence(outcome)
    assert [(cell.about, cell.value, cell.unit) for cell in told.cells] == [
        ("russia", None, ""), ("russia", 0.7, "share"), ("us", None, ""), ("us", 0.3, "share"),
    ]  # fmt: skip
    assert told.news == "70\xa0%"


@pytest.mark.parametrize(
    "outcome",
    [
        dated(700, EARLY, MIDDLE, None),
        first(us=300, russia=600, neither=100),
        gap(800, -1.7, 1.0, 4.0, only_first=200),
        count(15.31, (15.1, 15.52), 8, 15, 23),
    ],
)
def test_every_cell_stands_in_the_sentence(outcome: OutcomeSummary) -> None:
    told = sentence(outcome)
    assert told.cells
    place = 0
    for cell in told.cells:
        place = told.text.index(cell.text, place) + len(cell.text)


# --- where they stand ---------------------------------------------------------------------------

LEADING: dict[str, object] = {
    **ASKED,
    "works": {"event": "launch", "outcome": "works", "title": "Launch", "headline": True},
    "flights": {"count": "flight", "headline": True},
}


def test_the_table_of_answers_begins_with_the_sentences() -> None:
    scenario, summary, _ = answered(LEADING)
    view = summary_view(summary, scenario)
    leading, dates, *_ = view.sections
    assert [(row.title.replace("\xa0", " "), row.about) for row in leading.rows] == [
        ("Launch: 60 % ±29 by 2027-06-30, even odds by 2026.", "works"),
        ("flights: 1.0 ±1.3 on average, nine in ten between 0 and 3.", "flights"),
    ]
    assert [cell.value for cell in leading.rows[1].told] == [1.0, 0, 3]
    assert [row.about for row in dates.rows] == ["works", "flies", "early"]
    assert view.notes[0] == (
        "In short: by the middle date, or the one with even odds, it has happened in half of "
        "all timelines. A range of nine in ten leaves out one in twenty below and one in "
        "twenty above."
    )


@pytest.mark.parametrize(
    ("width", "first"),
    [
        (
            80,
            'How it ends: most often "flight", 50 % ±26, or "launch or landing", 40 % ±29;',
        ),
        (60, 'How it ends: most often "flight", 50 % ±26, or "launch or'),
    ],
)
def test_sentences_have_the_whole_width(width: int, first: str) -> None:
    branches = ["flight", ["launch", "landing"]]
    asked: dict[str, object] = {"first_of": branches, "title": "How it ends", "headline": True}
    scenario, summary, _ = answered({**ASKED, "first": asked})
    text = printed(summary_view(summary, scenario), width)
    assert f"\n\nIn short\n{first}\n  " in text
    assert max(map(len, text.splitlines())) <= width


def test_without_headline_questions_nothing_comes_before_the_table() -> None:
    scenario, summary, _ = answered()
    assert headline_sections(summary, Wording.of(scenario)) == []
    assert summary_view(summary, scenario).sections[0].title == "Whether and when"


def test_a_comparison_begins_with_the_headline_questions() -> None:
    comparison, _ = compared()
    scenario = asked(LEADING)
    sections = comparison_view(comparison, scenario, everything=True).sections
    titles = [section.title for section in sections[:4]]
    assert titles == [
        "Headlines: whether and when", "Headlines: how often", "Whether and when",
        "Which comes first",
    ]  # fmt: skip
    assert [_asked(section) for section in sections[:3]] == [
        ["works"], ["flights"], ["flies", "early"],
    ]  # fmt: skip
    found = headlines(comparison, Wording.of(scenario))
    assert [one.outcome for one in found][:3] == ["works", "flights", "flies"]


def _asked(section: Section) -> list[str]:
    return [row.about for row in section.rows if not row.cells]


def test_of_many_levels_the_most_frequent_are_shown_each_by_itself() -> None:
    """Twelve levels, of which two are the rarest: 10 and 20 of 1,000 timelines."""
    counts = {"l1": 10, "l2": 20, **{f"l{number}": 97 for number in range(3, 13)}}
    shares, _, intervals = parted(**counts)
    end = date(2027, 6, 30)
    levels = DriverSummary("driver", "Many", {end: shares}, {end: intervals})
    scenario, summary, _ = answered()
    many = replace(summary, runs=RUNS, outcomes={"relations": levels})
    (section,) = summary_view(many, scenario).sections
    names = [(cell.name, cell.text.replace("\xa0", " ")) for cell in section.rows[0].listed]
    assert names == [*((f"l{number}", "10 %") for number in range(3, 13)), ("2\xa0others", "3 %")]
    assert section.rows[0].listed[-1].interval == share_of(30, RUNS).interval
