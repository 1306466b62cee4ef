"""Colours of pages survive grey: what stands side by side differs in brightness, in every look."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from coopsim.presentation.pages.rendering import embedded

_LIGHT, *_OTHERS = (
    dict(re.findall(r"--([a-z]\w*): (#[0-9a-f]{3,6})\b", block))
    for block in re.findall(r":root\{(.*?)\}", embedded("styles.css"), re.DOTALL)
)
LOOKS = [_LIGHT, *(_LIGHT | other for other in _OTHERS)]  # light, dark, print
# What stands on, or beside, what in a strip; and the areas of a chart, each above the one before.
STRIPS = [("half", "lane"), ("unseen", "lane"), ("median", "half"), ("range", "half"),
          ("range", "paper"), ("half", "unseen")]  # fmt: skip
AREAS = list(pairwise(f"a{place}" for place in range(8)))
TEXTS = [("ink", "paper"), ("soft", "paper"), ("soft", "panel"), ("link", "paper")]


def brightness(colour: str) -> float:
    """Measure relative luminance as WCAG 2 does, between 0 for black and 1 for white."""
    digits = colour.removeprefix("#")
    whole = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, brighter = sorted(map(brightness, (one, other)))
    return (brighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("pairs", "least"), [(STRIPS, 1.8), (AREAS, 1.3), (TEXTS, 4.5)])
def test_what_stands_side_by_side_differs_in_grey(
    pairs: list[tuple[str, str]], least: float
) -> None:
    assert len(LOOKS) == 3
    faint = [
        (place, one, other)
        for place, look in enumerate(LOOKS)
        for one, other in pairs
        if contrast(look[one], look[other]) < least
    ]
    assert faint == []
