"""Signs that can be drawn: by the font that comes with Matplotlib, or by one of the system."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.text import Text

from coopsim.printable import STAND_IN, printable

OURS = "DejaVu Sans"  # comes with Matplotlib, so that it is the same everywhere
_OTHERS = (  # asked in this order for what ours lacks
    "Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "PingFang SC",
    "Hiragino Sans GB", "Hiragino Sans", "Microsoft YaHei", "SimHei", "Apple SD Gothic Neo",
    "Malgun Gothic", "Noto Sans CJK KR", "Noto Sans Devanagari", "Noto Sans Thai",
    "Arial Unicode MS", "Unifont",
)  # fmt: skip
LACKING = (
    "no font on this system has some characters of the titles: figures show them as "
    f"{STAND_IN}. Install a font that has them, such as Noto Sans CJK"
)


@cache
def families() -> list[str]:
    """List the fonts there are, the one that is preferred first."""
    there = {font.name for font in fontManager.ttflist}
    return [OURS, *(name for name in _OTHERS if name in there)]


@cache
def _signs(family: str) -> frozenset[int]:
    font = get_font(findfont(FontProperties(family=[family])))
    return frozenset(font.get_charmap())


def lacks(text: str) -> set[str]:
    """Find the signs of a text that no font has."""
    signs = set() if text.isascii() else {sign for sign in set(text) if not sign.isspace()}
    return {sign for sign in signs if not any(ord(sign) in _signs(one) for one in families())}


def drawable(text: str) -> str:
    """Replace signs that cannot be seen, and those that no font has."""
    shown = printable(text)
    missing = lacks(shown)
    return shown.translate(dict.fromkeys(map(ord, missing), STAND_IN)) if missing else shown


def make_drawable(figure: Figure) -> bool:
    """Replace what cannot be drawn in a figure's texts; gives whether some font was lacking."""
    lacking = False
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        lacking |= bool(lacks(printable(text.get_text())))
        text.set_text(drawable(text.get_text()))
    for axis in _axes(figure):
        ticks = [float(tick) for tick in axis.get_majorticklocs()]
        names = axis.get_major_formatter().format_ticks(ticks)
        shown = [drawable(name) for name in names]
        if shown != names:  # else left alone: the names of ticks are made anew when they are drawn
            lacking |= any(lacks(printable(name)) for name in names)
            axis.set_ticks(ticks, shown)
    return lacking


def _axes(figure: Figure) -> Iterator[Axis]:
    for ax in figure.axes:
        yield from (ax.xaxis, ax.yaxis)
