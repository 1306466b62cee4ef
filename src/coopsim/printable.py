"""Texts that may be printed: no sign in them moves the cursor, hides or turns others around.

Titles, names, claims, file names and arguments come from anyone. Whatever is shown of them passes
through here, on its way to a terminal, into a figure or into a spreadsheet.
"""

from __future__ import annotations

import unicodedata

STAND_IN = "\N{REPLACEMENT CHARACTER}"
_SPACES = "Zs"  # the category of spaces, some of which Python does not count as printable
# Signs that nobody sees though Unicode counts them as letters or marks: fillers and selectors.
_UNSEEN = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164),
        (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def printable(text: str) -> str:
    """Replace each sign that cannot be seen, line ends aside, by one that can."""
    hidden = _hidden(text)
    return text.translate({ord(sign): STAND_IN for sign in hidden}) if hidden else text


def one_line(text: str) -> str:
    """Do as `printable`, with a space for each end of a line: no text is to look like two."""
    return printable(" ".join(text.splitlines()))


def printable_json(text: str) -> str:
    r"""Write each sign of a JSON text that cannot be seen as \uXXXX, which says the same."""
    return text.translate({ord(sign): _escaped(sign) for sign in _hidden(text)})


def for_spreadsheet(text: str) -> str:
    """Write a text for a spreadsheet: with a quote before what it would calculate."""
    return f"'{printable(text)}" if text.startswith(_FORMULA) else printable(text)


def _hidden(text: str) -> set[str]:
    """Find the signs that are not to be printed as they are."""
    return set() if text.isascii() and text.isprintable() else {s for s in set(text) if _hides(s)}


def _hides(sign: str) -> bool:
    if sign.isprintable():
        return sign in _UNSEEN
    return sign != "\n" and unicodedata.category(sign) != _SPACES


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
