"""Which question is meant: by its id, or by its title."""

from __future__ import annotations

from collections.abc import Mapping

from coopsim.errors import UsageError
from coopsim.scenario.spec import Question
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import listing


def question_named(text: str, questions: Mapping[str, Question]) -> str:
    """Find the id of the question that a text names by its id or its title.

    Raises UsageError where there is none, with a near miss among both.
    """
    name = with_ids(text.strip(), questions)
    if name in questions:
        return name
    titles = [question.title for question in questions.values() if question.title]
    verb = "is" if len(questions) == 1 else "are"
    hint = near_miss(name, [*questions, *titles]) or f"there {verb} {listing(questions, 'and')}"
    raise UsageError(f"no outcome '{name}'; {hint}")


def with_ids(text: str, questions: Mapping[str, Question]) -> str:
    """Put a question's id in the place of its title where a text begins with the latter.

    The longest title counts, whatever the case of its letters.
    """
    titles = {one.title: name for name, one in questions.items() if one.title}
    for title in sorted(titles, key=len, reverse=True):
        head, rest = text[: len(title)], text[len(title) :]
        if head.casefold() == title.casefold() and (not rest or rest[0] in " ="):
            return titles[title] + rest
    return text
