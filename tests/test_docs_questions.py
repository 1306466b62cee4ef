"""docs/questions.md, played from top to bottom, prints what it shows.

`python docs/make_tutorial.py docs/questions.md` renews the page.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from test_docs_tutorial import DOCS, reader

pytestmark = pytest.mark.slow

PAGE = (DOCS / "questions.md").read_text(encoding="utf-8")


def test_the_page_shows_what_its_commands_print(tmp_path: Path) -> None:
    assert reader(tmp_path).play(PAGE) == PAGE


def test_it_takes_fewer_than_ten_commands() -> None:
    assert 4 < len(re.findall(r"^\$ coopsim", PAGE, re.MULTILINE)) < 10
