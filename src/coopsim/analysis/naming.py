"""Which name is meant: by its id, or by its title."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from coopsim.errors import UsageError
from coopsim.scenario.spec import Question
from coopsim.scenario.text.near import near_miss
from coopsim.scenario.text.reading import listing

_QUOTED = re.compile(r"""(?P<sign>['"])(?P<name>.*?)(?P=sign)(?P<rest>(?:[ =].*)?)""", re.DOTALL)

_MOST_LISTED = 40  # names in a message


class _Titled(Protocol):
    @property
    def title(self) -> str | None: ...


def question_named(text: str, questions: Mapping[str, Question]) -> str:
    """Find the id of the question that a text names by its id or its title.

    Raises UsageError where there is none, with a near miss among both, and where several have that
    title.
    """
    return name_meant(text, "outcome", titles_of(questions))


def titles_of(entries: Mapping[str, _Titled]) -> dict[str, str | None]:
    """Get the title of each entry by its name, None where it has none."""
    return {name: one.title for name, one in entries.items()}


def name_meant(text: str, what: str, titles: Mapping[str, str | None]) -> str:
    """Find the one name that a text means, by itself or as its title, in quotes or not.

    Raises UsageError where there is none, or more than one; `what` says what is named.
    """
    quoted = _QUOTED.fullmatch(text.strip())
    name = quoted["name"] if quoted and not quoted["rest"] else text.strip()
    found = names_meant(name, titles)
    if len(found) > 1:
        raise UsageError(f"{what} '{name}' may be {listing(found)}: write one of these")
    if found:
        return found[0]
    near = near_miss(name, [*titles, *filter(None, titles.values())])
    raise UsageError(f"no {what} '{name}'; {near or _there(titles)}")


def _there(names: Collection[str]) -> str:
    """Say which names there are, or how many where they are too many to list."""
    if len(names) > _MOST_LISTED:
        return f"there are {len(names):,}"
    return f"there {'is' if len(names) == 1 else 'are'} {listing(names, 'and') or 'none'}"


def names_meant(text: str, titles: Mapping[str, str | None]) -> list[str]:
    """List the names that a text means: that name, or those whose title it is in any case."""
    if text in titles:
        return [text]
    folded = text.casefold()
    return [name for name, title in titles.items() if title and title.casefold() == folded]


def with_ids(text: str, questions: Mapping[str, Question]) -> str:
    """Put a question's id in the place of its title, in quotes or not, at the start of a text.

    The longest title counts, whatever the case of its letters. Raises UsageError for what stands in
    quotes and is no question, and where several have that title.
    """
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return question_named(quoted["name"], questions) + quoted["rest"]
    title = leading_title(text, (one.title for one in questions.values()))
    return question_named(title, questions) + text[len(title) :] if title else text


def leading_title(text: str, titles: Iterable[str | None]) -> str:
    """Find the longest title with which a text begins, as a whole; empty if there is none."""
    for title in sorted(filter(None, titles), key=len, reverse=True):
        head, rest = text[: len(title)], text[len(title) :]
        if head.casefold() == title.casefold() and (not rest or rest[0] in " =<>)"):
            return title
    return ""
