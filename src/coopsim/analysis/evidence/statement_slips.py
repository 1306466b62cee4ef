"""What people write in a statement about a timeline, and what its notation has for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from coopsim.scenario.notation.slips.quantities import advice, replaced
from coopsim.scenario.text.near import quoted
from coopsim.scenario.text.reading import listing

HAPPENED = ("true", "yes", "happened", "happens", "occurred", "occurs", "done", "fired")
NOT_HAPPENED = ("false", "no", "never", "none", "unfired")
_WORDS = {
    **dict.fromkeys(("&", "&&", ",", ";", "plus", "And", "AND"), "and"),
    **dict.fromkeys(("|", "||", "Or", "OR"), "or"),
    **dict.fromkeys(("!", "~", "Not", "NOT", "no", "never"), "not"),
    **dict.fromkeys(("until", "till", "through", "By", "BY", "<="), "by"),
    **dict.fromkeys(("since", "From", "FROM"), "from DATE to DATE"),
    **dict.fromkeys(("between",), "from DATE to DATE"),
    **dict.fromkeys(("during", "within", "In", "IN"), "in"),
    **dict.fromkeys(("at", "On", "ON"), "on"),
    **dict.fromkeys(("Before", "BEFORE"), "before"),
    **dict.fromkeys(("After", "AFTER"), "after"),
}
_BOUNDS = {("at", "least"): ">=", ("at", "most"): "<="}
_ENDS = {":": "=", ",": "and", ";": "and"}
_SIGNS = {
    **dict.fromkeys(("is", "are", "equals", ":", "->", "was"), "="),
    **dict.fromkeys(("above", "over", "exceeds"), ">"),
    **dict.fromkeys(("below", "under"), "<"),
}


def instead_of(word: str) -> str | None:
    """Suggest the word of the notation that stands for another."""
    meant = _WORDS.get(word)
    return f"write `{meant}`" if meant is not None else None


def in_quotes(name: str) -> str:
    """Suggest quotes for a name that is a word of the notation, or holds signs of it."""
    return f"write `{quoted(name)}`, in quotes: it would be read differently"


def instead_of_title(title: str, names: Sequence[str]) -> str:
    """Suggest quotes for a title, or the id in its place; of one that several have, the ids."""
    if len(names) > 1:
        return f"write {listing([f'`{name}`' for name in names])}"
    return f"write `{quoted(title)}`, in quotes, or `{names[0]}`"


def longer_name(token: str, rest: str, names: Iterable[str]) -> str | None:
    """Find the name of several words, or with signs in it, of which only a part was read."""
    longer = [name for name in names if len(name) > len(token) and rest.startswith(name)]
    return max(longer, key=len, default=None)


def about_name(
    token: str, rest: str, names: Iterable[str], levels: Mapping[str, Sequence[str]]
) -> str | None:
    """Suggest what may be meant by a word that is no name; `rest` is the text from it on.

    `levels` has the levels of each driver and the outcomes of each event.
    """
    names = list(names)
    if not token:
        return None
    longer = longer_name(token, rest, names)
    if longer is not None:
        return in_quotes(longer)
    if token[:-1] in names and token[-1] in _ENDS:
        return f"write `{token[:-1]} {_ENDS[token[-1]]}`"
    owners = [name for name, known in levels.items() if token in known]
    if len(owners) == 1:
        return f"write `{owners[0]} = {token}`"
    return None


def about_sign(name: str, sign: str, following: str, levels: Sequence[str]) -> str | None:
    """Suggest how a name is compared with a level, where another sign or none stands."""
    if sign in levels:
        return f"write `{name} = {sign}`"
    if (sign, following) in _BOUNDS:
        return f"write `{name} {_BOUNDS[sign, following]}`"
    if following not in levels:
        return instead_of(sign)
    if sign == "!=":
        return f"write `not {name} = {following}`"
    meant = _SIGNS.get(sign)
    return f"write `{name} {meant} {following}`" if meant is not None else instead_of(sign)


def about_happening(name: str, word: str) -> str | None:
    """Suggest how one states that an event happened or did not."""
    known = word.lower() in (*HAPPENED, *NOT_HAPPENED)
    return f"write `{name}` or `not {name}`" if known else None


def about_dated_words(words: Sequence[str]) -> str | None:
    """Suggest how a date is written that stands in words of its own, as many as make one."""
    for count in range(min(len(words), 5), 0, -1):
        text = " ".join(words[:count])
        found = replaced("date", text)
        if found is not None:
            return f"write `from {found}`" if " to " in found else f"write `{found}`"
    return advice("date", words[0]) if words else None
