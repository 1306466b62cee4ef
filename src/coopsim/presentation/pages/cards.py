"""The first screen: the headline questions as a sentence and as cards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coopsim.analysis.comparing.comparison import Comparison
from coopsim.analysis.kinds.dates import DateSummary
from coopsim.analysis.summaries import Summary
from coopsim.presentation.pages.questions import SAME
from coopsim.presentation.views.asking import frequency
from coopsim.presentation.views.cells import NOT_TOLD
from coopsim.presentation.views.comparison import number_cells
from coopsim.presentation.views.result.sentences import sentence_of
from coopsim.presentation.words.headlines import Headline, headlines, moved_first
from coopsim.presentation.words.numbers import whole_percent
from coopsim.presentation.words.wording import NBSP, Wording, kept_whole, not_by

_CARDS = 3
_NEARLY_ALL = 0.85  # of the timelines: beyond, percent are shorter than how many in how many


@dataclass(frozen=True, slots=True)
class Card:
    """One answer to print large: the news, what it is about, and the sentence behind it."""

    news: str
    about: str
    says: str


def leading(summary: Summary, words: Wording) -> Sequence[str]:
    """List the questions that lead: the headline questions, or all where none is named."""
    return words.headlines or tuple(summary.outcomes)


def headline(summary: Summary, words: Wording) -> str:
    """Answer the first question in a sentence."""
    return sentence_of(leading(summary, words)[0], summary, words).text


def cards(
    summary: Summary, words: Wording, comparison: Comparison | None, names: Sequence[str]
) -> tuple[Card, ...]:
    """Make up to three cards: a chance, a date, and what other scenarios make of it.

    `names` are what the results are called, the base first.
    """
    asked = list(leading(summary, words))
    found = [*_compared(comparison, words, names)]
    chances = [name for name in asked[1:] if _is_chance(summary, name)]
    dates = [name for name in asked[1:] if _is_date(summary, name)]
    order = dict.fromkeys([*chances[:1], *dates[:1], *asked[1:], *asked])
    return (*(_card(name, summary, words) for name in list(order)[: _CARDS - len(found)]), *found)


def _is_chance(summary: Summary, name: str) -> bool:
    one = summary.outcomes[name]
    return isinstance(one, DateSummary) and one.quantiles["0.95"] is None and one.probability > 0


def _is_date(summary: Summary, name: str) -> bool:
    one = summary.outcomes[name]
    return isinstance(one, DateSummary) and one.quantiles["0.95"] is not None


def _card(name: str, summary: Summary, words: Wording) -> Card:
    one, sentence = summary.outcomes[name], sentence_of(name, summary, words)
    if not _is_chance(summary, name) or not isinstance(one, DateSummary):
        return Card(sentence.news, sentence.title, f"{_sentence(sentence.says)}.")
    low, high = one.interval
    missing = whole_percent(1 - one.probability, (1 - high, 1 - low))
    says = f"{_sentence(sentence.says)}; {not_by(words.closings[name])} in {missing}."
    often = frequency(one.probability).removeprefix(", ")
    if not often or one.probability > _NEARLY_ALL:
        return Card(sentence.news, sentence.title, says)
    return Card(_sentence(often), f"timelines: {sentence.title}", says)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _compared(
    comparison: Comparison | None, words: Wording, names: Sequence[str]
) -> Iterator[Card]:
    """Tell of the leading answer that differs most between scenarios; nothing if none does."""
    if comparison is None:
        return
    found = [
        one for one in moved_first(headlines(comparison, words)) if one.measure.unit == "share"
    ]
    if found:
        yield _difference(found[0], list(comparison.results), names)


def _difference(found: Headline, results: Sequence[str], names: Sequence[str]) -> Card:
    cells = [number_cells(found, result) for result in results]
    values = [f"{value.text}{NBSP}%" for value, _ in cells]
    ways = [
        f"{text} in {name} ({SAME if change.mark == NOT_TOLD else f'{change.text} points'})"
        for (_, change), text, name in zip(cells[1:], values[1:], names[1:], strict=True)
    ]
    news = values[1] if len(values) == 2 else f"{values[1]} or {values[2]}"
    says = f"{values[0]} in {names[0]}; with the same luck {', '.join(ways)}."
    return Card(news, f"in {' or '.join(names[1:3])}: {found.label}", kept_whole(says))
