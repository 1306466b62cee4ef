"""Recorded forecasts scored: who stood when, silence, foils and means, each derived beside it."""

from __future__ import annotations

import json
import math
from datetime import date

import pytest

from coopsim.analysis.statistics.rules import Bin
from coopsim.forecasts.courses import Course, courses
from coopsim.forecasts.records import Record
from coopsim.forecasts.resolutions import Resolution
from coopsim.forecasts.scores import Account, TrackScores, scores
from track_made import BY, asked, came, record, said

NIGHT, DAWN = asked("night"), asked("dawn", unchanged="no")


def followed(*records: Record, **resolved: Resolution) -> tuple[Course, ...]:
    return courses(records, resolved)


def judged(
    records: tuple[Record, ...], resolved: tuple[tuple[str, Resolution], ...], *foils: str
) -> TrackScores:
    names = list(dict.fromkeys(one.forecaster for one in records))
    return scores("Made up", courses(records, dict(resolved)), names, foils)


def only(card: TrackScores) -> Account:
    (account,) = card.accounts
    return account


def spans(course: Course) -> list[tuple[str, str, int, bool]]:
    return [(str(one.first), str(one.until), one.days, one.hindcast) for one in course.stands]


# --- which forecast stood when --------------------------------------------------------------------


def test_a_forecast_stands_from_the_day_it_was_made_until_the_question_closes() -> None:
    (course,) = followed(record("base", "2026-03-02", said(NIGHT, {"yes": 0.3})))
    assert spans(course) == [("2026-03-02", "2027-01-01", 305, False)]
    assert (course.world, course.resolution, course.answer) == (NIGHT, None, None)
    (stand,) = course.stands
    assert (stand.forecaster, stand.made, stand.known, stand.timelines) == (
        "base", date(2026, 3, 2), date(2025, 8, 5), 999,
    )  # fmt: skip


def test_one_made_before_a_question_opens_stands_from_there() -> None:
    (course,) = followed(record("base", "2025-11-27", said(NIGHT, {"yes": 0.3})))
    assert spans(course) == [("2026-01-01", "2027-01-01", 365, False)]


def test_an_amended_forecast_stands_until_the_next_of_the_same_forecaster() -> None:
    (course,) = followed(
        record("base", "2026-06-01", said(NIGHT, {"yes": 0.6})),
        record("other", "2026-03-01", said(NIGHT, {"yes": 0.5})),
        record("base", "2026-01-01", said(NIGHT, {"yes": 0.3})),
        night=came(NIGHT, "yes", date(2026, 6, 30))[1],
    )
    assert [
        (one.forecaster, *span) for one, span in zip(course.stands, spans(course), strict=True)
    ] == [
        ("base", "2026-01-01", "2026-06-01", 151, False),
        ("base", "2026-06-01", "2026-07-01", 30, False),
        ("other", "2026-03-01", "2026-07-01", 122, False),
    ]


def test_of_two_of_one_day_the_later_one_stands() -> None:
    first, second = (
        record("base", "2026-01-01", said(NIGHT, {"yes": share})) for share in (0.3, 0.6)
    )
    (course,) = followed(first, second)
    (stand,) = course.stands
    assert stand.answered.chances["yes"].probability == 0.6


def test_one_that_a_later_record_does_not_ask_stands_on() -> None:
    night, dawn = followed(
        record("base", "2026-01-01", said(NIGHT, {"yes": 0.3}), said(DAWN, {"yes": 0.1})),
        record("base", "2026-06-01", said(DAWN, {"yes": 0.2})),
    )[::-1]
    assert [one.days for one in night.stands] == [365]
    assert [one.days for one in dawn.stands] == [151, 214]


@pytest.mark.parametrize("made", ["2026-06-30", "2026-07-01", "2027-03-01"])
def test_what_was_made_when_the_answer_was_there_is_a_hindcast(made: str) -> None:
    (course,) = followed(
        record("base", made, said(NIGHT, {"yes": 0.3})),
        night=came(NIGHT, "yes", date(2026, 6, 30))[1],
    )
    assert spans(course) == [("2026-01-01", "2026-07-01", 181, True)]


def test_a_hindcast_counts_where_there_was_no_forecast_and_the_newest_alone() -> None:
    late = [
        record("base", day, said(NIGHT, {"yes": share}))
        for day, share in (("2026-08-01", 0.3), ("2026-09-01", 0.6))
    ]
    resolved = {"night": came(NIGHT, "yes", date(2026, 6, 30))[1]}
    (course,) = courses(late, resolved)
    assert [one.answered.chances["yes"].probability for one in course.stands] == [0.6]
    early = record("base", "2026-06-29", said(NIGHT, {"yes": 0.1}))
    (course,) = courses([early, *late], resolved)
    assert spans(course) == [("2026-06-29", "2026-07-01", 2, False)]


# What has not come by its last day and is written down later had closed by then.
def test_a_forecast_made_after_the_last_day_is_a_hindcast_though_nothing_is_resolved() -> None:
    (course,) = followed(record("base", "2027-02-01", said(NIGHT, {"yes": 0.3})))
    assert spans(course) == [("2026-01-01", "2027-01-01", 365, True)]


# --- one question ---------------------------------------------------------------------------------


# 0.3 for what came: (1 - 0.3)^2 = 0.49 with an error of 2 x 0.7 x 0.01. Of 999 timelines 299.7 are
# smoothed to 300.2 / 1000, so -ln(0.3002), whose error is 0.01 x 0.999 / 0.3002.
def test_a_yes_or_no_has_the_squared_error_and_the_surprise_of_its_chance() -> None:
    card = judged((record("base", "2026-01-01", said(NIGHT, {"yes": 0.3})),), (came(NIGHT, "yes"),))
    (one,) = only(card).judged
    brier = one.losses["brier"]
    assert (brier.value, brier.se) == pytest.approx((0.49, 0.014))
    assert brier.foils == {}
    assert one.losses["log"].value == pytest.approx(-math.log(0.3002))
    assert one.losses["log"].se == pytest.approx(0.01 * 0.999 / 0.3002)
    assert set(one.losses) == {"brier", "log"}
    assert (one.identity, one.fit, one.days) == ("night", "exact", 365)
    assert one.chances == {"yes": pytest.approx(0.3), "no": pytest.approx(0.7)}


def test_what_no_timeline_knew_is_not_infinitely_surprising() -> None:
    card = judged((record("base", "2026-01-01", said(NIGHT, {"yes": 0.0})),), (came(NIGHT, "yes"),))
    assert only(card).judged[0].losses["log"].value == pytest.approx(-math.log(0.5 / 1000))


COUNT = asked("seats", "count", ("none", "one", "two"), unchanged="two")


# 0.5, 0.3, 0.2 where one came: (0.25 + 0.49 + 0.04) / 2 = 0.39 with an error of at most
# (0.5 + 0.7 + 0.2) x 0.01; 0.3 x 999 + 1/2 of 999 + 3/2; cumulative 0.5, 0.8, 1 against 0, 1, 1:
# 0.25 + 0.04 = 0.29, of which chances move 2 x (0.5 - 0.2), 2 x 0.2 and 0.
def test_a_count_is_scored_by_how_far_it_is_off_too() -> None:
    answered = said(COUNT, {"none": 0.5, "one": 0.3, "two": 0.2})
    card = judged(
        (record("base", "2026-01-01", answered),), (came(COUNT, "one"),), "coin", "unchanged"
    )
    losses = only(card).judged[0].losses
    assert losses["brier"].value == pytest.approx(0.39)
    assert losses["brier"].se == pytest.approx(0.014)
    assert losses["log"].value == pytest.approx(-math.log((0.3 * 999 + 0.5) / 1000.5))
    assert losses["rps"].value == pytest.approx(0.29)
    assert losses["rps"].se == pytest.approx((0.6 + 0.4) * 0.01)
    # A coin: (1/9 + 4/9 + 1/9) / 2, ln 3, (1/3)^2 + (1/3)^2; unchanged: 1, and 0, 0, 1: 1.
    assert losses["brier"].foils == {"coin": pytest.approx(1 / 3), "unchanged": 1.0}
    assert losses["log"].foils["coin"] == pytest.approx(math.log(3))
    assert losses["rps"].foils == {"coin": pytest.approx(2 / 9), "unchanged": pytest.approx(1.0)}


def test_a_choice_is_not_scored_as_though_its_answers_were_ordered() -> None:
    choice = asked("first", "choice", ("a", "b"))
    card = judged(
        (record("base", "2026-01-01", said(choice, {"a": 0.5, "b": 0.5})),), (came(choice, "b"),)
    )
    assert set(only(card).judged[0].losses) == {"brier", "log"}


# Even growth to 0.6 at the end of the 365 days, of what never came: 0.36 / 3 of the time. A coin
# has 1/4 of it, and nothing changing has 0. With an error of sqrt(0.6 x 0.4 / 999) at the end and
# 0 at the beginning, the score's is 2 x 0.6 x that x half of the time.
def test_an_event_is_scored_at_all_dates_up_to_its_last_day() -> None:
    answered = said(DAWN, {"yes": 0.6}, cdf=[(BY, 0.6)])
    card = judged(
        (record("base", "2026-01-01", answered),), (came(DAWN, "no"),), "coin", "unchanged"
    )
    loss, years = only(card).judged[0].losses["crps"], 365 / 365.25
    assert loss.value == pytest.approx(0.36 / 3 * years)
    assert loss.foils == {"coin": pytest.approx(years / 4), "unchanged": 0.0}
    assert loss.se == pytest.approx(2 * 0.6 * math.sqrt(0.24 / 999) * years / 2)


# It came at noon of the 182nd day, and is known to have come on all later ones: the first half of
# the time counts 0.3^2 / 3 of it, the second from 0.7 to 0.4. Were the days after it left out, it
# would pay to say that nothing will happen.
def test_what_came_early_is_scored_up_to_the_last_day_all_the_same() -> None:
    world = asked("dawn", by=date(2026, 12, 30))  # 364 days
    answered = said(world, {"yes": 0.6}, cdf=[(world.by, 0.6)])
    came_at_half = came(world, "yes", date(2026, 7, 2))
    loss = only(judged((record("base", "2026-01-01", answered),), (came_at_half,))).judged[0].losses
    half, at = 182.5 / 365.25, 0.6 * 182.5 / 364
    rest = (364 - 182.5) / 365.25 * ((1 - at) ** 2 + (1 - at) * 0.4 + 0.16) / 3
    assert loss["crps"].value == pytest.approx(at**2 / 3 * half + rest)


# --- days, silence and fits -----------------------------------------------------------------------


# 0.3 for 151 days and 0.6 for 30, of what came on 30 June: 0.49 and 0.16; their
# chances are averaged alike.
def test_forecasts_of_a_question_count_by_the_days_on_which_they_stood() -> None:
    records = tuple(
        record("base", day, said(NIGHT, {"yes": share}))
        for day, share in (("2026-01-01", 0.3), ("2026-06-01", 0.6))
    )
    one = only(judged(records, (came(NIGHT, "yes", date(2026, 6, 30)),))).judged[0]
    assert one.days == 181
    assert one.losses["brier"].value == pytest.approx((151 * 0.49 + 30 * 0.16) / 181)
    assert one.chances["yes"] == pytest.approx((151 * 0.3 + 30 * 0.6) / 181)


# A question of a month and one of a year count alike.
def test_questions_count_alike() -> None:
    month = asked("month", by=date(2026, 1, 31))
    made = record("base", "2026-01-01", said(NIGHT, {"yes": 0.3}), said(month, {"yes": 0.1}))
    mean = only(judged((made,), (came(NIGHT, "yes"), came(month, "no")))).means["answered"]["brier"]
    assert mean.questions == 2
    assert mean.loss.value == pytest.approx((0.49 + 0.01) / 2)
    assert mean.loss.se == pytest.approx((2 * 0.7 * 0.01 + 2 * 0.1 * 0.01) / 2)


ROUGH, MUTE = asked("rough"), asked("mute")
FOUR = (
    record(
        "base", "2026-01-01", said(NIGHT, {"yes": 0.3}), said(ROUGH, {"yes": 0.2}, "approximate"),
        said(MUTE, {}),
    ),
)  # fmt: skip
CAME = (came(NIGHT, "yes"), came(ROUGH, "no"), came(MUTE, "yes"))


# 0.49 for what is exact, 0.04 for what fits roughly, and a coin's 0.25 for silence.
def test_exact_fits_and_all_stand_side_by_side_with_silence_and_without() -> None:
    means = only(judged(FOUR, CAME)).means
    assert {scope: one["brier"].questions for scope, one in means.items()} == {
        "answered": 2,
        "exact": 1,
        "all": 3,
        "all_exact": 3,
    }
    assert {str(scope): one["brier"].loss.value for scope, one in means.items()} == pytest.approx(
        {
            "answered": (0.49 + 0.04) / 2,
            "exact": 0.49,
            "all": (0.49 + 0.04 + 0.25) / 3,
            "all_exact": (0.49 + 0.25 + 0.25) / 3,
        }
    )
    assert means["all"]["log"].loss.value == pytest.approx(
        (-math.log(0.3002) - math.log(1 - 0.2003) + math.log(2)) / 3
    )


def test_a_silent_question_has_no_chances_and_no_score_of_its_own() -> None:
    by_name = {one.identity: one for one in only(judged(FOUR, CAME)).judged}
    assert (by_name["mute"].fit, dict(by_name["mute"].chances), dict(by_name["mute"].losses)) == (
        None, {}, {},
    )  # fmt: skip
    assert by_name["rough"].fit == "approximate"


# A later record that is silent: for 214 of 365 days there was nothing to score.
def test_who_falls_silent_counts_as_a_coin_from_there_on() -> None:
    records = (
        record("base", "2026-01-01", said(NIGHT, {"yes": 0.3})),
        record("base", "2026-06-01", said(NIGHT, {})),
    )
    means = only(judged(records, (came(NIGHT, "yes"),))).means
    assert means["answered"]["brier"].loss.value == pytest.approx(0.49)
    assert means["all"]["brier"].loss.value == pytest.approx((151 * 0.49 + 214 * 0.25) / 365)


def test_annulled_disputed_and_open_questions_are_not_scored() -> None:
    late = asked("late")
    made = record("base", "2026-01-01", *(said(one, {"yes": 0.3}) for one in (NIGHT, DAWN, late)))
    card = judged(
        (made,), (came(NIGHT, None, status="annulled"), came(DAWN, None, status="disputed"))
    )
    assert card.accounts == ()
    assert [one.answer for one in card.courses] == [None] * 3
    card = judged((made,), (came(NIGHT, "yes"), came(DAWN, None, status="annulled")))
    assert [one.identity for one in only(card).judged] == ["night"]


def test_a_hindcast_stands_apart() -> None:
    made = record("base", "2026-07-01", said(NIGHT, {"yes": 0.3}), said(DAWN, {"yes": 0.1}))
    card = judged((made,), (came(NIGHT, "yes", date(2026, 6, 30)), came(DAWN, "no")))
    told = [(one.hindcast, [each.identity for each in one.judged]) for one in card.accounts]
    assert told == [(False, ["dawn"]), (True, ["night"])]
    values = [one.means["all"]["brier"].loss.value for one in card.accounts]
    assert values == [pytest.approx(0.01), pytest.approx(0.49)]


# --- foils ----------------------------------------------------------------------------------------


# 0.3 for what came, 0.1 for what did not: 0.49 and 0.01. A coin has 0.25 of each. Nothing changes
# is `no` for dawn: 0; of night nothing is known, so a coin. Skill is 1 - 0.25 / 0.125 = -1.
def test_a_foil_is_scored_on_the_same_questions_and_skill_is_what_is_gained_over_it() -> None:
    made = record("base", "2026-01-01", said(NIGHT, {"yes": 0.3}), said(DAWN, {"yes": 0.1}))
    card = judged((made,), (came(NIGHT, "yes"), came(DAWN, "no")), "coin", "unchanged")
    mean = only(card).means["answered"]["brier"]
    assert mean.loss.value == pytest.approx(0.25)
    assert mean.loss.foils == {"coin": 0.25, "unchanged": 0.125}
    assert mean.skill == {"coin": pytest.approx(0.0), "unchanged": pytest.approx(-1.0)}
    assert card.foils == ("coin", "unchanged")


def test_there_is_no_skill_against_a_perfect_foil() -> None:
    made = record("base", "2026-01-01", said(DAWN, {"yes": 0.1}))
    mean = only(judged((made,), (came(DAWN, "no"),), "unchanged")).means["answered"]["brier"]
    assert (mean.loss.foils, mean.skill) == ({"unchanged": 0.0}, {"unchanged": None})


# The foil said 0.9 from 1 June on: for 151 days it counts as a coin, for 214 it scores 0.01. It is
# silent on dawn. In its own account it is no foil of itself, and is scored on its own days.
def test_a_forecaster_is_a_foil_on_the_same_days() -> None:
    base = record("base", "2026-01-01", said(NIGHT, {"yes": 0.3}), said(DAWN, {"yes": 0.1}))
    other = record("other", "2026-06-01", said(NIGHT, {"yes": 0.9}), said(DAWN, {}))
    card = judged((base, other), (came(NIGHT, "yes"), came(DAWN, "no")), "other")
    first, second = card.accounts
    losses = {one.identity: one.losses["brier"] for one in first.judged}
    assert losses["night"].foils == {"other": pytest.approx((151 * 0.25 + 214 * 0.01) / 365)}
    assert losses["dawn"].foils == {"other": 0.25}
    own = second.judged[1].losses["brier"]
    assert own.value == pytest.approx(0.01)
    assert own.foils == {}
    assert second.means["all"]["brier"].skill == {}


# --- reliability ----------------------------------------------------------------------------------


def test_reliability_counts_a_choice_as_a_yes_or_no_for_each_answer() -> None:
    made = record(
        "base", "2026-01-01", said(NIGHT, {"yes": 0.3}), said(MUTE, {}),
        said(COUNT, {"none": 0.5, "one": 0.3, "two": 0.2}),
    )  # fmt: skip
    account = only(judged((made,), (came(NIGHT, "yes"), came(COUNT, "one"), came(MUTE, "no"))))
    assert account.reliability == (
        Bin(0.1, 0.3, 1, 0.2, 0.0),
        Bin(0.3, 0.5, 2, 0.3, 1.0),
        Bin(0.5, 0.7, 1, 0.5, 0.0),
    )


# 0.3 x 0.7 of a yes or no, and half of 0.25 + 0.21 + 0.16 of the count: the Brier scores that are
# expected of them where they are right. A forecaster of 0 and 1 alone expects none.
def test_what_sharp_forecasts_expect_to_lose_is_little() -> None:
    made = record(
        "base", "2026-01-01", said(NIGHT, {"yes": 0.3}),
        said(COUNT, {"none": 0.5, "one": 0.3, "two": 0.2}),
    )  # fmt: skip
    resolved = (came(NIGHT, "yes"), came(COUNT, "one"))
    assert only(judged((made,), resolved)).expected == pytest.approx((0.21 + 0.31) / 2)
    sure = record("base", "2026-01-01", said(NIGHT, {"yes": 1.0}))
    assert only(judged((sure,), resolved)).expected == 0.0


def test_who_was_silent_throughout_has_no_sharpness() -> None:
    account = only(judged((record("base", "2026-01-01", said(MUTE, {})),), CAME))
    assert (account.expected, account.reliability, account.means["answered"]) == (None, (), {})
    assert account.means["all"]["brier"].loss.value == 0.25


def test_json_holds_dates_as_text() -> None:
    tree = judged(FOUR, CAME, "coin").to_json()
    assert json.loads(json.dumps(tree, allow_nan=False)) == tree
    assert tree["accounts"][0]["means"]["exact"]["brier"]["loss"]["foils"] == {"coin": 0.25}
    assert tree["courses"][0]["world"]["by"] == "2026-12-31"
    assert tree["courses"][0]["stands"][0]["until"] == "2027-01-01"
