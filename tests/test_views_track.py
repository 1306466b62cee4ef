"""The page of `coopsim forecast score`: the whole text at 80 columns."""

from __future__ import annotations

from datetime import date

from coopsim.forecasts.courses import courses
from coopsim.forecasts.records import Record
from coopsim.forecasts.resolutions import Resolution
from coopsim.forecasts.scores import TrackScores, scores
from coopsim.presentation.views.forecasts.scores import scores_view
from shown import printed
from track_made import BY, asked, came, record, said

NIGHT = asked("night", unchanged="no")
DAWN = asked("dawn", unchanged="yes")
MUTE = asked("mute")
SEATS = asked("seats", "count", ("none", "one", "two"))
BASE = record(
    "base", "2026-07-01",
    said(NIGHT, {"yes": 0.3}, cdf=[(BY, 0.3)]),
    said(DAWN, {"yes": 0.8}),
    said(MUTE, {}),
    said(SEATS, {"none": 0.5, "one": 0.3, "two": 0.2}, "approximate"),
)  # fmt: skip
OTHER = record("other", "2026-07-01", said(NIGHT, {"yes": 0.0}), said(MUTE, {"yes": 0.6}))
CAME = (
    came(NIGHT, "yes", date(2026, 6, 30)),
    came(DAWN, "yes", date(2026, 10, 1)),
    came(MUTE, "no"),
    came(SEATS, "one"),
)


# Of base: dawn 0.2^2 = 0.04, seats (0.25 + 0.49 + 0.04) / 2 = 0.39 against a coin's 1/3; night came
# on the day before it was recorded, 0.7^2 = 0.49. What fits roughly, and silence, counts as a coin
# where it says so: (0.04 + 0.39 + 0.25) / 3 and (0.04 + 1/3 + 0.25) / 3. Unchanged knows that dawn
# comes, not seats: 1/6; and was sure that night does not. `other` is a foil that said nothing but
# 0.6 of mute, which did not come: 0.36.
EXPECTED = """\
Made up
4 questions: 4 resolved
Forecasts recorded on 2026-07-01, from what was known on 2025-08-05
Hindcast recorded on 2026-07-01, from what was known on 2025-08-05

Forecasts: mean Brier score                  base  other
  what it answered                          0.215  0.360
    questions                              2 of 3  1 of 1
  exact fits alone                          0.040  0.360
    questions                              1 of 3  1 of 1
  all, silence as a coin                    0.227  0.360
  all, rough fits as a coin too             0.208  0.360
  simulation error                          0.009  0.012
  expected                                  0.235  0.240

Forecasts: other scores, what it answered    base  other
  Log score, nats                            0.71  0.92
  Ordered answers (RPS)                     0.290  -

Forecasts: foils on what it answered         base  other
  coin                                      0.292  0.250
    skill over it                            26 %  -44 %
  unchanged                                 0.167  0.250
    skill over it                           -29 %  -44 %
  other                                     0.292  -
    skill over it                            26 %  -

Forecasts: foils on all questions            base  other
  coin                                      0.278  0.250
    skill over it                            18 %  -44 %
  unchanged                                 0.194  0.250
    skill over it                           -17 %  -44 %
  other                                     0.314  -
    skill over it                            28 %  -

Forecasts: came true, of those forecast      base  other
  with 10 to 30 %                          0 of 1  -
  with 30 to 50 %                          1 of 1  -
  with 50 to 70 %                          0 of 1  0 of 1
  with 70 to 90 %                          1 of 1  -

Forecasts: chance of each, %, worst first    base  other
  seats What of seats? one, 2026-12-31         30  -
  dawn What of dawn? yes, 2026-10-01           80  -
  mute What of mute? no, 2026-12-31        silent  60

Hindcast: mean Brier score                   base  other
  what it answered                          0.490  1.00
    questions                              1 of 1  1 of 1
  exact fits alone                          0.490  1.00
    questions                              1 of 1  1 of 1
  all, silence as a coin                    0.490  1.00
  all, rough fits as a coin too             0.490  1.00
  simulation error                          0.014  0.020
  expected                                  0.210  0.000

Hindcast: other scores, what it answered     base  other
  Log score, nats                            1.20  8
  Date score (CRPS), years                  0.309  -

Hindcast: foils on what it answered          base  other
  coin                                      0.250  0.250
    skill over it                           -96 %  -300 %
  unchanged                                 1.000  1.000
    skill over it                            51 %  0 %
  other                                     1.000  -
    skill over it                            51 %  -

Hindcast: foils on all questions             base  other
  coin                                      0.250  0.250
    skill over it                           -96 %  -300 %
  unchanged                                 1.000  1.000
    skill over it                            51 %  0 %
  other                                     1.000  -
    skill over it                            51 %  -

Hindcast: came true, of those forecast       base  other
  with 0 to 10 %                                -  1 of 1
  with 30 to 50 %                          1 of 1  -

Hindcast: chance of each, %, worst first     base  other
  night What of night? yes, 2026-06-30         30  <0.4

Lower scores are better; 0 is perfect. Simulation error is a bound, from the
finite number of timelines; it covers neither how few questions there are nor
that they are correlated. Expected: what the Brier score would be if the chances
were right; the lower, the sharper they are.

A coin gives each answer the same chance, and one half at every date; unchanged
is sure that things go on as they did. A foil counts as a coin where it says
nothing. Skill is 1 less the score over the foil's: 100 % is perfect, 0 % no
better than the foil.

Each question counts the same, and its forecasts by the days on which they
stood. The log score takes k of n timelines for a chance of (k + 1/2) / (n + 1),
as no finite number of timelines proves that something is impossible.

A hindcast was recorded when the answers were known: it tests how a model
speaks, and does not prove that it would have known."""


def card(
    records: tuple[Record, ...], resolved: tuple[tuple[str, Resolution], ...], *foils: str
) -> TrackScores:
    names = list(dict.fromkeys(one.forecaster for one in records))
    return scores("Made up", courses(records, dict(resolved)), names, foils)


def test_forecasts_stand_apart_from_hindcasts_each_with_scores_foils_and_questions() -> None:
    page = printed(scores_view(card((BASE, OTHER), CAME, "coin", "unchanged", "other"))).rstrip()
    assert page == EXPECTED


def test_only_the_foils_that_are_asked_for_are_told() -> None:
    page = printed(scores_view(card((BASE,), CAME)))
    assert "foil" not in page.partition("\n\nLower scores")[0]


def test_where_nothing_is_resolved_it_says_what_closes_next() -> None:
    early = asked("early", by=date(2026, 8, 31))
    made = record("base", "2026-07-01", said(NIGHT, {"yes": 0.3}), said(early, {"yes": 0.3}))
    assert printed(scores_view(card((made,), ()))) == (
        """\
Made up
2 questions: 2 open
Forecasts recorded on 2026-07-01, from what was known on 2025-08-05

No forecast of a resolved question to score yet; the next to close does so on
2026-08-31.
"""
    )


def test_the_counts_tell_what_was_annulled_and_disputed() -> None:
    resolved = (
        came(NIGHT, None, status="annulled"),
        came(DAWN, None, status="disputed"),
        came(SEATS, "one"),
    )
    view = scores_view(card((BASE,), resolved))
    assert view.heading[1] == "4 questions: 1 resolved, 1 open, 1 annulled and 1 disputed"


def test_records_of_several_days_are_told_as_a_span() -> None:
    later = record("base", "2026-08-01", said(DAWN, {"yes": 0.5}))
    view = scores_view(card((BASE, later), CAME))
    assert view.heading[2] == (
        "Forecasts recorded from 2026-07-01 to 2026-08-01, from what was known on 2025-08-05"
    )
