"""A track record: how reliable forecasts were, and each question through time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain
from math import ceil
from pathlib import Path
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes

from coopsim.forecasts.courses import Course, Stand
from coopsim.forecasts.scores import COIN, Account, JudgedQuestion, MeanLoss, Scope, TrackScores
from coopsim.presentation.figures.kit.labels import EndLabel, Margin, end_labels
from coopsim.presentation.figures.kit.scores import (
    ON_A_PAGE,
    PageTexts,
    ScoreBar,
    calibration_page,
    scores_page,
)
from coopsim.presentation.figures.kit.sheets import (
    Caption,
    Head,
    Sheet,
    evenly,
    numbered,
    save_pages,
)
from coopsim.presentation.figures.kit.style import INK, PALE, line_style, percent_axis
from coopsim.presentation.figures.kit.time_axis import as_years, time_axis
from coopsim.presentation.views.forecasts.scores import RULES, came_out
from coopsim.presentation.words.numbers import among, estimate, percent, whole_percent
from coopsim.scenario.text.reading import listing

_COLUMNS, _ROWS = 3, 4
_ROW = 1.95  # inches
_DAY = timedelta(days=1)
_BRIER: tuple[tuple[Scope, str], ...] = (
    ("answered", "Brier score, what it answered"),
    ("all", "Brier score, all questions"),
)
Styles: TypeAlias = Mapping[str, tuple[str, object]]  # the colour and dashes of each forecaster


def draw_track(found: TrackScores, folder: Path) -> list[Path]:
    """Draw reliability, single scores and each question through time; gives the files.

    Raises CoopsimError where a file cannot be written.
    """
    return save_pages(_sheets(found), folder)


def _sheets(found: TrackScores) -> Iterator[tuple[str, Sheet]]:
    whole = _COLUMNS * _ROWS  # a page
    pages = [found.courses[n : n + whole] for n in range(0, len(found.courses), whole)]
    for stem, some in numbered("questions", pages):
        yield stem, questions_sheet(found, some)
    for account in found.accounts:
        kind = "-hindcast" if account.hindcast else ""
        if account.reliability:
            yield f"calibration-{account.forecaster}{kind}", calibration_sheet(found, account)
        judged = sorted((one for one in account.judged if one.losses), key=_lost, reverse=True)
        stem = f"scores-{account.forecaster}{kind}"
        for name, part in numbered(stem, evenly(judged, ON_A_PAGE)):
            yield name, scores_sheet(found, account, part)


def _lost(one: JudgedQuestion) -> float:
    return one.losses["brier"].value


def _named(account: Account) -> str:
    return f"{account.forecaster}{', a hindcast' if account.hindcast else ''}"


# --- calibration and scores -----------------------------------------------------------------------


def calibration_sheet(found: TrackScores, account: Account) -> Sheet:
    """Make the page of a forecaster's chances beside how often they came true."""
    means = account.means
    heads = [_head(means[scope]["brier"], title) for scope, title in _BRIER]
    heads += [
        _head(mean, f"{RULES[rule]}, what it answered")
        for rule, mean in means["answered"].items()
        if rule != "brier"
    ]
    heading = f"How reliable the chances were: {_named(account)}"
    return calibration_page(PageTexts(heading, f"{found.title}."), account.reliability, heads)


def _head(mean: MeanLoss, title: str) -> Head:
    loss = mean.loss
    text = f"{loss.value:.3f}"
    if loss.se > 0:
        text = estimate(loss.value, (loss.value - loss.se, loss.value + loss.se), 3)
    foils = "; ".join(f"{name}: {value:.3f}" for name, value in loss.foils.items())
    return text, Caption(f"{title} ({mean.questions})", foils)


def scores_sheet(found: TrackScores, account: Account, shown: Sequence[JudgedQuestion]) -> Sheet:
    """Make a page of the Brier scores of single questions."""
    courses = {one.world.identity: one for one in found.courses}
    others = [name for name in found.foils if name not in (COIN, account.forecaster)]
    foil = others[0] if others else None
    bars = [score_bar(courses[one.identity], one, foil) for one in shown]
    heading = f"Brier score by question: {_named(account)}"
    return scores_page(PageTexts(heading, f"{found.title}."), foil, bars, "Brier score")


def score_bar(course: Course, one: JudgedQuestion, foil: str | None) -> ScoreBar:
    """Make a question's row: its score, a coin's and a foil's, and what was forecast."""
    loss, share = one.losses["brier"], one.chances[course.told]
    told = f"{percent(share, among(share, one.timelines))} %, {came_out(course)}"
    coin = (1 - 1 / len(course.world.answers)) / 2
    beside = None if foil is None else loss.foils[foil]
    return ScoreBar(course.world.question, loss.value, coin, beside, told)


# --- through time ---------------------------------------------------------------------------------


def questions_sheet(found: TrackScores, shown: Sequence[Course]) -> Sheet:
    """Make a page of questions: what was forecast while it stood, and how each came out."""
    about = (
        "The chance of yes, or of the answer that is named, on the days on which a forecast stood. "
        "The dot is how it came out on that day: filled at 100 % where it came true, hollow at 0 % "
        "where not"
    )
    if any(one.hindcast for course in shown for one in course.stands):
        about += ". A hindcast is drawn as though it had stood all the while"
    rows = ceil(len(shown) / _COLUMNS)
    sheet = Sheet.make(found.title, about, _footer(shown, found.forecasters), _ROW * max(rows, 1))
    styles = {name: line_style(place) for place, name in enumerate(found.forecasters)}
    margin = Margin.fitting((f"{name} 99.9 %" for name in styles), 1.3)
    captions = [
        Caption(course.world.question, _note(course, found.forecasters), margin.inches)
        for course in shown
    ]
    for course, ax in zip(shown, sheet.panels(sheet.body, captions, _COLUMNS), strict=True):
        draw_course(ax, course, styles)
    return sheet


def _footer(shown: Sequence[Course], forecasters: Sequence[str]) -> str:
    """Say who recorded when, and from what was known."""
    made: dict[str, dict[str, None]] = {}
    for one in chain.from_iterable(course.stands for course in shown):
        if one.forecaster in forecasters:
            when = f"on {one.made} from what was known on {one.known}"
            made.setdefault(when, {})[one.forecaster] = None
    told = (f"{when}: {listing(names, 'and')}" for when, names in made.items())
    return f"Recorded {'; '.join(told)}."


def _note(course: Course, forecasters: Sequence[str]) -> str:
    """Say of which answer the chance is, how it came out, and who is silent."""
    answer = "" if course.world.is_event or course.answer else f"chance of `{course.told}`; "
    if course.answer is not None:
        out = came_out(course)
    elif course.resolution is not None:
        out = course.resolution.status
    else:
        out = f"open until {course.world.by}"
    told = [one for one in course.stands if one.forecaster in forecasters]
    silent = [one.forecaster for one in told if one.answered.fit is None]
    if len(silent) == len(told):
        return f"{answer}{out}; the model is silent"
    mute = f"; silent: {listing(silent, 'and')}" if silent else ""
    return f"{answer}{out}{mute}"


def draw_course(ax: Axes, course: Course, styles: Styles) -> Axes:
    """Draw what each forecaster said of a question while it stood, and how it came out."""
    percent_axis(ax)
    time_axis(ax, _year(course.world.opens), _year(course.world.by + _DAY))
    labels = []
    for name, (colour, dashes) in styles.items():
        stands = [
            one for one in course.stands if one.forecaster == name and one.answered.fit is not None
        ]
        for one in stands:
            ax.plot(
                [_year(one.first), _year(one.until)], [_share(one, course)] * 2, color=colour,
                linestyle=dashes, linewidth=1.6, clip_on=False,
            )  # fmt: skip
        if stands:
            share = _share(stands[-1], course)
            text = whole_percent(share, among(share, stands[-1].timelines))
            labels.append(EndLabel(share, f"{name} {text}", colour, dashes))
    end_labels(ax, labels[::-1])  # of equals, the first on top
    _draw_outcome(ax, course)
    return ax


def _draw_outcome(ax: Axes, course: Course) -> None:
    if course.resolution is None or course.answer is None:
        return
    at, came = _year(course.resolution.on), course.answer == course.told
    ax.axvline(at, color=PALE, linewidth=0.9, zorder=1)
    ax.plot(
        [at], [float(came)], marker="o", markersize=6, color=INK, linestyle="none",
        markerfacecolor=INK if came else "white", clip_on=False, zorder=4,
    )  # fmt: skip


def _share(one: Stand, course: Course) -> float:
    return one.answered.chances[course.told].probability


def _year(day: date) -> float:
    return float(as_years(np.array([day], dtype="datetime64[s]"))[0])
