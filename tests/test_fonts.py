"""Signs that a font lacks: told once in a sentence, and never by Matplotlib."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from coopsim.errors import CoopsimWarning
from coopsim.presentation.figures.kit import fonts
from coopsim.presentation.figures.kit.fonts import LACKING, drawable, families, lacks
from coopsim.presentation.figures.kit.labels import text_width
from coopsim.presentation.figures.kit.sheets import Sheet
from coopsim.presentation.figures.kit.style import styled
from terminal import WORLD, Command, command
from test_printable import HIDDEN

pytestmark = pytest.mark.slow

__all__ = ["command"]

SAID = f"coopsim: {LACKING}\n"
# Of a script that no font on the list has: Gothic.
GOTHIC = "\U00010330\U00010331"


@pytest.fixture(autouse=True)
def one_font(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be the font that comes with Matplotlib, whatever this system has besides."""
    monkeypatch.setattr(fonts, "families", lambda: [fonts.OURS])


def test_what_the_font_has_is_drawn_as_it_is() -> None:
    text = "Проект «Мир», naïve ± 3\u00a0% → ✓\nβ"
    assert drawable(text) == text
    assert lacks(text) == set()


def test_what_it_lacks_is_replaced() -> None:
    assert lacks(f"a{GOTHIC}b c") == {*GOTHIC}
    assert drawable(f"a{GOTHIC}b c") == "a\ufffd\ufffdb c"
    assert drawable("a" + "".join(HIDDEN.values())) == "a" + "\ufffd" * len(HIDDEN)


def test_fonts_that_the_system_has_are_asked_after_ours() -> None:
    assert families()[0] == "DejaVu Sans"


def sheet(title: str) -> Sheet:
    made = Sheet.make(title, title, title, 2)
    ax = made.axes(made.body)
    ax.set_xticks([0, 1], [title, "b"])
    ax.plot([0, 1], label=title)
    ax.annotate(title, (0.5, 0.5))
    return made


def test_a_page_holds_only_what_can_be_drawn(tmp_path: Path) -> None:
    title = f"x{GOTHIC}" + "".join(HIDDEN.values())
    with styled(), pytest.warns(CoopsimWarning) as told:
        files = sheet(title).save(tmp_path, "page")
    assert [str(one.message) for one in told] == [LACKING]
    svg = files[1].read_text()
    shown = "x" + "\ufffd" * (2 + len(HIDDEN))
    # Title, subtitle, footer, the name of a tick and a label; the SVG has each text as a comment.
    assert svg.count(f"<!-- {shown} -->") == 5
    assert re.search(r"[^\x20-\x7e\n\ufffd]", svg) is None


def test_measuring_says_nothing() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert text_width(GOTHIC) == text_width("\ufffd\ufffd")


@pytest.mark.parametrize("cores", [1, 2])
def test_a_command_says_it_once_and_quietly_not_at_all(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    monkeypatch.setattr("coopsim.cli.failing._warned", set())
    text = WORLD.replace("A vote", GOTHIC).replace("A small world", GOTHIC)
    (tmp_path / "small.yaml").write_text(text)
    assert command("run", "small.yaml", "--quiet").err == ""
    ended = command("run", "small.yaml")
    assert (ended.code, ended.err) == (0, SAID)
    assert GOTHIC in ended.out


def test_what_libraries_warn_of_is_no_message(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*_: object) -> None:
        warnings.warn("of no use to anybody", RuntimeWarning, stacklevel=1)
        warnings.warn("something to know\nof coopsim\x1b", CoopsimWarning, stacklevel=1)
        raise SystemExit(0)

    monkeypatch.setattr("coopsim.api.load", load)
    assert command("run", "small.yaml").err == "coopsim: something to know of coopsim\ufffd\n"
