"""Cells of views: a number or date as it is read, with its value and interval beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from coopsim.analysis.comparing.pairing import PairedEstimate
from coopsim.analysis.statistics.estimates import Interval, Share
from coopsim.analysis.statistics.order_statistics import Bounds
from coopsim.presentation.views.view import Cell
from coopsim.presentation.words.assumptions import SCALES, base_median, course_scale, value_text
from coopsim.presentation.words.numbers import (
    among,
    chance,
    change,
    date_text,
    ends_text,
    estimate,
    median_text,
    percent,
    rounded,
    whole_percent,
)

if TYPE_CHECKING:
    from coopsim.experiments.base import Base

NOT_TOLD = "~0"  # a difference that is not detectable


def chance_cell(share: float, interval: Interval | None, about: str = "") -> Cell:
    """Write a share in percent, without the sign, and its margin."""
    return Cell(chance(share, interval), share, interval, "share", about=about)


def share_cell(share: Share) -> Cell:
    """Write an estimated share in percent, without the sign, and its margin."""
    return chance_cell(share.share, share.interval)


def percent_cell(share: float, interval: Interval | None) -> Cell:
    """Write a share alone in percent, without the sign."""
    return Cell(percent(share, interval), share, interval, "share")


def whole_cell(name: str, share: float, interval: Interval | None, about: str = "") -> Cell:
    """Write a share in whole percent behind the name of what it is of."""
    text = whole_percent(share, interval)
    return Cell(text, share, interval, "share", name=name, about=about)


def part_cell(name: str, share: float, runs: int) -> Cell:
    """Write a share of so many timelines in whole percent behind a name."""
    return whole_cell(name, share, among(share, runs))


def mean_cell(value: float, interval: Interval | None, unit: str, most: int | None = None) -> Cell:
    """Write a mean with its margin."""
    return Cell(estimate(value, interval, most), value, interval, unit)


def score_cell(score: float, se: float) -> Cell:
    """Write a score with its standard error, which stands as ± beside it."""
    return mean_cell(score, (score - se, score + se), "score", 3)


def exact_score_cell(score: float) -> Cell:
    """Write a score that stands beside another one, without its error."""
    return Cell(f"{score:z.3f}", score, unit="score")


def number_cell(value: float, interval: Interval | None, unit: str) -> Cell:
    """Write an answer with its margin: a share in percent, without the sign, or a mean."""
    return chance_cell(value, interval) if unit == "share" else mean_cell(value, interval, unit)


def ranged_cell(value: float, interval: Interval | None, unit: str) -> Cell:
    """Write an answer with its margin, or its interval where that margin would leave what can be.

    A chance of 1.2 % that is known to 0.4 to 2.6 % is no `1.2 ±1.4`.
    """
    cell = number_cell(value, interval, unit)
    if unit != "share" or interval is None or cell.text[0] in "<>":
        return cell
    reach = max(value - interval[0], interval[1] - value)
    if reach <= value <= 1 - reach:
        return cell
    return replace(cell, text=ends_text(100 * value, (100 * interval[0], 100 * interval[1]), 1))


def value_cell(value: float, interval: Interval | None, unit: str) -> Cell:
    """Write an estimate with its unit, as finely as it is known."""
    return Cell(value_text(value, interval, unit), value, interval, unit)


def alone_cell(value: float, interval: Interval | None, unit: str, most: int | None = None) -> Cell:
    """Write an answer alone: a share in percent, without the sign, or a number."""
    if unit == "share":
        return percent_cell(value, interval)
    return Cell(rounded(value, interval, most), value, interval, unit)


def date_cell(day: date, interval: Bounds[date]) -> Cell:
    """Write a date as finely as it is known."""
    return Cell(date_text(day, interval), day, interval, "date")


def median_cell(
    median: date | float | None, interval: Bounds[date | float] | None, unreached: str
) -> Cell:
    """Write a median, a date or years, or what stands in its place where it is not reached."""
    if median is None:
        return Cell(unreached)
    ends = interval or (None, None)
    unit = "date" if isinstance(median, date) else "years"
    return Cell(median_text(median, ends), median, ends, unit)


def base_median_cell(base: Base) -> Cell:
    """Write the median that goes with an answer; nothing where there is none."""
    text = base_median(base)
    if not text:
        return Cell()
    unit = "date" if isinstance(base.median, date) else "years"
    return Cell(text, base.median, base.median_interval, unit)


def change_cell(
    value: float, interval: Interval | None, unit: str, scale: float, most: int = 1
) -> Cell:
    """Write a difference with its sign and margin, times a scale."""
    return Cell(change(value, interval, scale, most), value, interval, unit)


def difference_cell(difference: PairedEstimate | None, unit: str, words: str = "") -> Cell:
    """Write a paired difference, marked where it is not detectable."""
    return _paired(difference, unit, *SCALES[unit], words)


def years_cell(difference: PairedEstimate | None) -> Cell:
    """Write a difference of medians in years."""
    return _paired(difference, "years", 1, 2)


def course_cell(
    difference: PairedEstimate | None, unit: str, years: float, words: str = ""
) -> Cell:
    """Write a difference of an answer over so many years: in days where they are few."""
    return _paired(difference, unit, *course_scale(unit, years), words)


def _paired(
    difference: PairedEstimate | None, unit: str, scale: float, most: int, words: str = ""
) -> Cell:
    if difference is None:
        return Cell()
    unknown = difference.interval is None or difference.told_from_zero
    text = change(difference.value, difference.interval, scale, most)
    mark = "" if unknown else NOT_TOLD
    return Cell(text, difference.value, difference.interval, unit, mark, words)
