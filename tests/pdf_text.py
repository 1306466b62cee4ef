"""What is written in a PDF that Chromium printed."""

from __future__ import annotations

import re
import zlib
from unicodedata import normalize

_OBJECT = re.compile(rb"\b(\d+) 0 obj\n(.*?)(?:stream\n(.*?)\nendstream\n)?endobj", re.DOTALL)
_RANGE = re.compile(rb"<([0-9A-F]+)> <([0-9A-F]+)> <([0-9A-F]+)>")
_SINGLE = re.compile(rb"^<([0-9A-F]{4})> <([0-9A-F]+)>$", re.MULTILINE)


def pdf_text(file: bytes) -> str:
    """Read the text of a PDF, page by page; no space is where a line ends, and no ligature."""
    found = {int(number): (head, body) for number, head, body in _OBJECT.findall(file)}
    fonts = {
        number: _letters(_stream(found, named[1]))
        for number, (head, _) in found.items()
        if (named := re.search(rb"/ToUnicode (\d+) 0 R", head)) is not None
    }
    pages = (head for head, _ in found.values() if re.search(rb"/Type /Page\b", head))
    contents = (re.search(rb"/Contents (\d+) 0 R", page) for page in pages)
    told = (_written(_stream(found, one[1]), fonts) for one in contents if one)
    return normalize("NFKC", "\n".join(told))


def _stream(found: dict[int, tuple[bytes, bytes]], number: bytes) -> bytes:
    return zlib.decompress(found[int(number)][1])


def _letters(cmap: bytes) -> dict[int, str]:
    """Read which glyphs of a font are which letters."""
    found: dict[int, str] = {}
    for low, high, first in _RANGE.findall(cmap):
        for code in range(int(low, 16), int(high, 16) + 1):
            found[code] = chr(int(first, 16) + code - int(low, 16))
    for code, text in _SINGLE.findall(cmap):
        found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return found


def _written(content: bytes, letters: dict[int, dict[int, str]]) -> str:
    told: list[str] = []
    font: dict[int, str] = {}  # a font is named after the number of its object
    for name, glyphs in re.findall(rb"/F(\d+) [\d.]+ Tf|<([0-9A-F]+)>", content):
        if name:
            font = letters[int(name)]
        else:
            codes = (int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4))
            told.append("".join(font.get(code, "?") for code in codes))
    return "".join(told)
