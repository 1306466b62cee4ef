"""Texts that may be printed: no sign in them moves the cursor, hides or turns others around.

Titles, names, claims, file names and arguments come from anyone. Whatever is shown of them passes
through here, on its way to a terminal, into a figure or into a spreadsheet.
"""

from __future__ import annotations

import unicodedata

STAND_IN = "\N{REPLACEMENT CHARACTER}"
_SPACES = "Zs"  # the category of spaces, some of which Python does not count as printable
# Signs that nobody sees though Unicode counts them as letters or marks: fillers and selectors.
_UNSEEN = ("\u034f", "\u115f\u1160", "\u17b4\u17b5", "\u180b\u180f", "\u3164", "\ufe00\ufe0f",
           "\uffa0", "\U000e0100\U000e01ef")  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def printable(text: str) -> str:
    """Replace each sign that cannot be seen, line ends aside, by one that can."""
    return text.translate({ord(sign): STAND_IN for sign in _hidden(text)})


def one_line(text: str) -> str:
    """Do as `printable`, with a space for each end of a line: no text is to look like two."""
    return printable(" ".join(text.splitlines()))


def printable_json(text: str) -> str:
    r"""Write each sign of a JSON text that cannot be seen as \uXXXX, which says the same."""
    return text.translate({ord(sign): _escaped(sign) for sign in _hidden(text)})


def cell(text: str) -> str:
    """Write a text for a spreadsheet: with a quote before what it would calculate."""
    return f"'{printable(text)}" if text.startswith(_FORMULA) else printable(text)


def _hidden(text: str) -> set[str]:
    """Find the signs that are not to be printed as they are."""
    return set() if text.isascii() and text.isprintable() else {s for s in set(text) if _hides(s)}


def _hides(sign: str) -> bool:
    if any(ends[0] <= sign <= ends[-1] for ends in _UNSEEN):
        return True
    return not (sign.isprintable() or sign == "\n" or unicodedata.category(sign) == _SPACES)


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
