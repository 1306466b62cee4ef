"""Texts that the templates of pages hold."""

from __future__ import annotations

import re

import pytest

from coopsim.presentation.pages.rendering import FOLDER


def parted(template: str) -> list[str]:
    """Find where a line may break between a number and its sign."""
    text = re.sub(r"\{[%#].*?[%#]\}", "", template, flags=re.DOTALL)
    return re.findall(r"\d %", text)


@pytest.mark.parametrize("name", sorted(file.name for file in FOLDER.glob("*.html")))
def test_no_line_breaks_between_a_number_and_its_sign(name: str) -> None:
    assert parted((FOLDER / name).read_text("utf-8")) == []


def test_a_number_that_could_be_parted_from_its_sign_is_found() -> None:
    assert parted("{% if one > 1 %}from 5 to 95 %{# 78 % wide #}, or 25\N{NO-BREAK SPACE}%") == [
        "5 %"
    ]
