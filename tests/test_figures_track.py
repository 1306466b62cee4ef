"""What is drawn of a track record: each question through time, reliability, single scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from coopsim.forecasts.courses import Course, courses
from coopsim.presentation.figures.kit.style import line_style, styled
from coopsim.presentation.figures.track import (
    calibration_sheet,
    draw_course,
    draw_track,
    questions_sheet,
    score_bar,
    scores_sheet,
)
from test_views_track import BASE, CAME, MUTE, NIGHT, OTHER, card
from track_made import asked, came, record, said

pytestmark = pytest.mark.slow

STYLES = {"base": line_style(0), "other": line_style(1)}


@pytest.fixture(autouse=True)
def style() -> Iterator[None]:
    with styled():
        yield


@pytest.fixture
def ax() -> Axes:
    figure = Figure(figsize=(6, 3))
    FigureCanvasAgg(figure)
    return figure.add_axes((0.1, 0.1, 0.6, 0.8))


def followed(identity: str) -> Course:
    found = courses((BASE, OTHER), dict(CAME))
    return next(one for one in found if one.world.identity == identity)


def lines(ax: Axes, colour: object) -> list[tuple[list[float], list[float]]]:
    """List the lines of a colour within the axes."""
    return [
        (np.round(np.array(line.get_xdata()), 3).tolist(), np.array(line.get_ydata()).tolist())
        for line in ax.lines
        if line.get_color() == colour and line.get_transform() == ax.transData
    ]


def outcome(ax: Axes) -> Line2D:
    (dot,) = (line for line in ax.lines if line.get_marker() == "o")
    return dot


# From 2026-07-01, half a year in, to the day after 2026-10-01: 181 and 274 of 365 days.
def test_a_forecast_is_a_line_while_it_stood_and_the_dot_is_how_it_came_out(ax: Axes) -> None:
    draw_course(ax, followed("dawn"), STYLES)
    begin, end = round(2026 + 181 / 365, 3), round(2026 + 274 / 365, 3)
    assert lines(ax, line_style(0)[0]) == [([begin, end], [0.8, 0.8])]
    assert lines(ax, line_style(1)[0]) == []
    assert [text.get_text() for text in ax.texts] == ["base 80\xa0%"]
    dot = outcome(ax)
    assert np.round(np.array(dot.get_xdata()), 3).tolist() == [round(2026 + 273 / 365, 3)]
    assert (np.array(dot.get_ydata()).tolist(), dot.get_markerfacecolor()) == ([1.0], "#1a1a1a")
    assert ax.get_xlim() == (2026.0, 2027.0)


def test_what_did_not_come_has_a_hollow_dot_at_0(ax: Axes) -> None:
    draw_course(ax, followed("mute"), STYLES)
    dot = outcome(ax)
    assert (np.array(dot.get_ydata()).tolist(), dot.get_markerfacecolor()) == ([0.0], "white")
    assert [text.get_text() for text in ax.texts] == ["other 60\xa0%"]  # base is silent


def test_an_amended_forecast_is_drawn_in_steps_and_named_by_its_last_chance(ax: Axes) -> None:
    amended = (
        record("base", "2026-01-01", said(NIGHT, {"yes": 0.3})),
        record("base", "2026-07-02", said(NIGHT, {"yes": 0.6})),
    )
    (course,) = courses(amended, {})
    draw_course(ax, course, STYLES)
    half = round(2026 + 182 / 365, 3)
    assert lines(ax, line_style(0)[0]) == [
        ([2026.0, half], [0.3, 0.3]),
        ([half, 2027.0], [0.6, 0.6]),
    ]
    assert [text.get_text() for text in ax.texts] == ["base 60\xa0%"]
    assert not [line for line in ax.lines if line.get_marker() == "o"]  # it is open


def test_of_a_choice_the_chance_of_what_came_is_drawn_and_named(ax: Axes) -> None:
    draw_course(ax, followed("seats"), STYLES)
    assert lines(ax, line_style(0)[0])[0][1] == [0.3, 0.3]
    assert np.array(outcome(ax).get_ydata()).tolist() == [1.0]


def test_each_question_says_how_it_came_out_and_who_is_silent() -> None:
    late = asked("late", "choice", ("a", "b"), unchanged="b")
    base = replace(BASE, questions=(*BASE.questions, said(late, {"a": 0.4, "b": 0.6})))
    resolved = (*CAME[:2], came(MUTE, None, status="annulled"), CAME[3])
    found = card((base, OTHER), resolved)
    sheet = questions_sheet(found, found.courses)
    told = [text.get_text().replace("\xa0", " ") for text in sheet.figure.texts]
    assert told[0] == "Made up"
    assert told[1].replace("\n", " ") == (
        "The chance of yes, or of the answer that is named, on the days on which a forecast stood. "
        "The dot is how it came out on that day: filled at 100 % where it came true, hollow at 0 % "
        "where not. A hindcast is drawn as though it had stood all the while"
    )
    assert told[2] == ("Recorded on 2026-07-01 from what was known on 2025-08-05: base and other.")
    assert told[3:] == [
        "What of dawn?", "yes, 2026-10-01",
        "What of late?", "chance of `b`; open until 2026-12-31",
        "What of mute?", "annulled; silent: base",
        "What of night?", "yes, 2026-06-30",
        "What of seats?", "one, 2026-12-31",
    ]  # fmt: skip


def test_a_question_on_which_all_are_silent_says_so() -> None:
    silent = record("base", "2026-07-01", said(MUTE, {}))
    found = card((silent,), ())
    sheet = questions_sheet(found, found.courses)
    assert sheet.figure.texts[4].get_text() == "open until 2026-12-31; the model is silent"


def test_a_row_of_scores_has_a_coins_and_a_foils_and_what_happened() -> None:
    account = card((BASE, OTHER), CAME, "coin", "other").accounts[0]
    judged = {one.identity: one for one in account.judged}
    bar = score_bar(followed("seats"), judged["seats"], "other")
    assert (bar.title, bar.told) == ("What of seats?", "30 %, one, 2026-12-31")
    assert (bar.score, bar.base, bar.foil) == pytest.approx((0.39, 1 / 3, 1 / 3))
    bar = score_bar(followed("dawn"), judged["dawn"], None)
    assert (bar.told, bar.foil) == ("80 %, yes, 2026-10-01", None)
    assert (bar.score, bar.base) == pytest.approx((0.04, 0.25))


def test_pages_name_the_forecaster_and_what_is_a_hindcast() -> None:
    found = card((BASE, OTHER), CAME, "coin", "other")
    forecasts, hindcast = found.accounts[:2]
    page = calibration_sheet(found, forecasts).figure
    told = [text.get_text().replace("\xa0", " ") for text in page.texts]
    assert told[0] == "How reliable the chances were: base"
    assert told[3:6] == [
        "0.215 ±0.009",
        "Brier score, what it answered (2)",
        "coin: 0.292; other: 0.292",
    ]
    assert told[6:9] == [
        "0.227 ±0.006",
        "Brier score, all questions (3)",
        "coin: 0.278; other: 0.314",
    ]
    page = scores_sheet(found, hindcast, hindcast.judged).figure
    assert page.texts[0].get_text() == "Brier score by question: base, a hindcast"
    assert page.texts[1].get_text().endswith("Hollow: other")
    alone = card((BASE,), CAME, "coin")
    page = scores_sheet(alone, alone.accounts[0], alone.accounts[0].judged[:1]).figure
    assert "Hollow" not in page.texts[1].get_text()


def test_the_files(tmp_path: Path) -> None:
    found = card((BASE,), CAME, "coin")
    names = [path.name for path in draw_track(found, tmp_path / "track") if path.suffix == ".png"]
    assert names == [
        "questions.png", "calibration-base.png", "scores-base.png",
        "calibration-base-hindcast.png", "scores-base-hindcast.png",
    ]  # fmt: skip
    opened = card((BASE,), (), "coin")
    names = [path.name for path in draw_track(opened, tmp_path / "open") if path.suffix == ".png"]
    assert names == ["questions.png"]
