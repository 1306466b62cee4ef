"""Signs that look like others, or like nothing: which they are, where, and what is meant."""

from __future__ import annotations

import unicodedata

_DASHES = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{FIGURE DASH}\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}"
_QUOTES = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
}
_LIKE_OTHERS = {
    **dict.fromkeys(_DASHES, "-"),
    **_QUOTES,
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{FULLWIDTH COLON}": ":",
    "\N{FULLWIDTH COMMA}": ",",
    "\N{FULLWIDTH EQUALS SIGN}": "=",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{RIGHTWARDS DOUBLE ARROW}": "->",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{NOT EQUAL TO}": "!=",
}
_ENDS_OF_LINES = "\t\n\r"


def plain_sign(sign: str) -> str:
    """Get what a person sees in a sign: a plain hyphen, quote or space, or nothing."""
    if sign in _LIKE_OTHERS:
        return _LIKE_OTHERS[sign]
    if sign in _ENDS_OF_LINES or sign.isascii():
        return sign
    category = unicodedata.category(sign)
    if category == "Zs":
        return " "
    return "" if category in ("Cf", "Cc") else sign


def plain_signs(text: str) -> str:
    """Write a text with plain hyphens, quotes and spaces, and without signs nobody sees."""
    return text if text.isascii() else "".join(map(plain_sign, text))


def sign_name(sign: str) -> str:
    """Name a sign as Unicode does: `an en dash (U+2013)`."""
    code = f"U+{ord(sign):04X}"
    name = unicodedata.name(sign, "").lower()
    if sign == "\N{ZERO WIDTH NO-BREAK SPACE}":
        name = "byte order mark"
    if not name:
        return f"a control character ({code})"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name} ({code})"


def deceptive_sign(text: str) -> tuple[int, str] | None:
    """Find the first sign that is not what it looks like: its place, counted from 1, and name."""
    if text.isascii() and text.isprintable():
        return None
    for place, sign in enumerate(text, 1):
        if sign not in _ENDS_OF_LINES and (plain_sign(sign) != sign or not sign.isprintable()):
            return place, sign_name(sign)
    return None


def about_signs(text: str) -> str | None:
    """Name the sign of a text that is not what it looks like, or None where all are."""
    found = deceptive_sign(text)
    return None if found is None else f"character {found[0]} is {found[1]}"
