"""A page that can be asked: paired answers at each setting of one assumption at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coopsim.analysis.comparing.comparison import Comparison
from coopsim.presentation.pages.questions import OtherAnswer, other_answer
from coopsim.presentation.words.headlines import Headline, headlines
from coopsim.presentation.words.wording import Wording, kept_whole, timelines

_WRITTEN = "as written"


@dataclass(frozen=True, slots=True)
class PlayedSlider:
    """An assumption with the settings it was played at, each compared with it as written.

    A comparison is None where the setting is what is written.
    """

    path: str
    title: str
    settings: tuple[tuple[str, Comparison | None], ...]


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting, and the answer to each question there."""

    text: str
    answers: tuple[OtherAnswer, ...]


@dataclass(frozen=True, slots=True)
class SliderTable:
    """All settings of one assumption; `begin` is the one that is shown first."""

    path: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: tuple[SettingRow, ...]
    begin: int


def slider_tables(sliders: Sequence[PlayedSlider], words: Wording) -> Iterator[SliderTable]:
    """Make the table behind each slider, with one number of each question."""
    for slider in sliders:
        compared = [found for _, found in slider.settings if found is not None]
        if not compared:
            continue
        leading = _leading(compared[0], words)
        values = (other_answer(one, compared[0].base).value for one in leading)
        unmoved = tuple(OtherAnswer(value, _WRITTEN) for value in values)
        rows = tuple(
            SettingRow(text, unmoved if found is None else _answers(found, words))
            for text, found in slider.settings
        )
        yield SliderTable(
            path=slider.path,
            title=slider.title,
            about=timelines(compared[0].runs),
            columns=tuple(kept_whole(f"{one.label}, {one.family.number}") for one in leading),
            rows=rows,
            begin=len(rows) // 2,
        )


def _answers(found: Comparison, words: Wording) -> tuple[OtherAnswer, ...]:
    other = list(found.results)[1]
    return tuple(other_answer(one, other) for one in _leading(found, words))


def _leading(found: Comparison, words: Wording) -> list[Headline]:
    """Take the first number of each question."""
    first: dict[str, Headline] = {}
    for one in headlines(found, words):
        first.setdefault(one.outcome, one)
    return list(first.values())
