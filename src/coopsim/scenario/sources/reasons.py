"""Reasons: one text that says where something comes from, with its citations in it.

`why: The direction is stated [after-ukraine.23]; the factors are ours.` cites a claim in seeds/;
`[https://example.org/a | A title | 2025-08-01]` cites a page in place. What stands beside the
citations is the judgement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coopsim.scenario.notation.values import Period, parse_date
from coopsim.scenario.text.reading import Invalid, invalid, name_of, names_of

WHY_EXPECTED = "a text such as `Stated by the article [after-ukraine.23]; the rate is ours.`"
LINK_FORM = "[https://ADDRESS | TITLE | DATE]"
_BRACKETS = re.compile(r"\s*\[([^\[\]]*)\]")
_LINK = re.compile(r"https?://\S+")
_MOST_SIGNS = 5_000


def reason_of(raw: object) -> tuple[tuple[str, ...], str | None]:
    """Split a reason into what it cites and what it says itself, None where it says nothing.

    A link in place is cited as `ADDRESS | TITLE | DATE`. Raises Invalid for a citation that is
    none.
    """
    if isinstance(raw, list | tuple):
        return names_of(raw, WHY_EXPECTED), None
    text = name_of(raw, WHY_EXPECTED)
    if len(text) > _MOST_SIGNS:
        raise invalid(f"{len(text):,} signs", f"{_MOST_SIGNS:,} at most")
    cited = tuple(dict.fromkeys(one for inner in _BRACKETS.findall(text) for one in _cited(inner)))
    rest = " ".join(_BRACKETS.sub("", text).split())
    said = rest.strip(" .;,:")
    if not cited and not said:
        raise invalid(f"'{text}'", WHY_EXPECTED)
    return cited, rest if said else None


def _cited(inner: str) -> Iterator[str]:
    """List what one pair of brackets cites."""
    if _LINK.match(inner.strip()):
        yield link_of(inner)
        return
    for one in inner.split(","):
        if not one.strip() or " " in one.strip():
            raise invalid(f"'[{inner}]'", f"ids of claims with commas between, or {LINK_FORM}")
        yield one.strip()


def is_link(cited: str) -> bool:
    """Tell whether a citation is a page cited in place, and not the id of a claim."""
    return _LINK.match(cited) is not None


def link_of(text: str) -> str:
    """Read a page cited in place, as `ADDRESS | TITLE | DATE`; raises Invalid."""
    parts = [" ".join(part.split()) for part in text.split("|")]
    if len(parts) != 3 or not _LINK.fullmatch(parts[0]) or not parts[1]:
        raise _no_link(text)
    try:
        parse_date(parts[2])
    except ValueError as error:
        raise invalid(f"'{parts[2]}' in '[{text}]'", str(error)) from None
    return " | ".join(parts)


def link_date(link: str) -> Period:
    """Get the date of a page cited in place; raises Invalid where it is not written as one."""
    return parse_date(link_of(link).rpartition(" | ")[2])


def _no_link(text: str) -> Invalid:
    return invalid(f"'[{text}]'", f"an address, a title and a date: `{LINK_FORM}`")
