"""HTML made smaller without a change of what is read in it: hundreds of tables add up.

Dropped are quotes around plain attributes, end tags that HTML lets one leave out, line breaks of
the templates and escapes that text outside of tags does without. What is preformatted stays as it
is.
"""

from __future__ import annotations

import re

_KEPT = re.compile(r"(<(?:style|script|pre)\b.*?</(?:style|script|pre)>)", re.DOTALL)
_BREAKS = re.compile(r"(?<=>)\s*\n\s*(?=<)")
_TAG = re.compile(r"<[a-z][^>]*>")
_QUOTED = re.compile(r'="([^\s"\'=<>`/&]+)"(?=([ >]|/>))')
_TEXT = re.compile(r">[^<]*&(?:#3[49]|gt);[^<]*")
_PLAIN = (("&#34;", '"'), ("&#39;", "'"), ("&gt;", ">"))  # in text, if not in attributes
_ENDS = re.compile(r"</(?:li|t[dhr]|tbody|thead|d[dt])>")
# A paragraph ends of itself only before what can stand in none.
_PARAGRAPH_ENDS = re.compile(
    r"</p>(?=<(?:p|div|ul|dl|pre|section|details|h[1-6]|fieldset|table)\b|</(?:div|section)>)"
)

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PARTING = re.compile(r"\s*([{};])\s*")


def slim(html: str) -> str:
    """Write a page anew as short as it may be; every browser reads the same from both."""
    pieces = _KEPT.split(html)
    return "".join(piece if place % 2 else _slimmed(piece) for place, piece in enumerate(pieces))


def _slimmed(piece: str) -> str:
    short = _BREAKS.sub("", piece)
    short = _PARAGRAPH_ENDS.sub("", _ENDS.sub("", short))
    return _TEXT.sub(_unescaped, _TAG.sub(_unquoted, short))


def _unquoted(tag: re.Match[str]) -> str:
    """Leave out quotes; before the slash of an empty element there has to be a space then."""
    return _QUOTED.sub(lambda one: f"={one[1]}{' ' * (one[2] == '/>')}", tag[0])


def _unescaped(text: re.Match[str]) -> str:
    plain = text[0]
    for escape, sign in _PLAIN:
        plain = plain.replace(escape, sign)
    return plain


def dense(code: str) -> str:
    """Leave out what our styles and scripts are laid out with: indents, and lines of comment."""
    lines = (line.strip() for line in code.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def dense_style(code: str) -> str:
    """Leave out comments too, and the spaces around what parts a style; it has no such texts."""
    return _PARTING.sub(r"\1", _COMMENT.sub("", dense(code)))
