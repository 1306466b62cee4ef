"""Figures drawn with helpers: the same files, whoever draws which page."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from typer.testing import CliRunner

from coopsim.cli.app import app
from coopsim.errors import CoopsimError
from coopsim.presentation.drawing import DrawingOrder, Helper, draw_pages, helpers
from ten import answered

pytestmark = pytest.mark.slow

MANY = 300  # pages
STEMS = ["overview", "events", "endings", "gaps", "counts", "drivers", "index"]


def order(folder: Path) -> DrawingOrder:
    return DrawingOrder(*answered(), folder)


def test_with_helpers_the_files_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = draw_pages(order(tmp_path / "alone"))
    helped, here, there = Event(), DrawingOrder.draw, Helper.draw

    def draw_here(self: DrawingOrder, number: int) -> list[Path]:
        assert helped.wait(60)  # so that they draw a page, however slow they are to start
        return here(self, number)

    def draw_there(self: Helper, number: int) -> list[Path]:
        files = there(self, number)
        helped.set()
        return files

    monkeypatch.setattr(DrawingOrder, "draw", draw_here)
    monkeypatch.setattr(Helper, "draw", draw_there)
    with helpers(wanted=True) as helping:
        assert helping
        together = draw_pages(order(tmp_path / "together"), helping)
    assert [file.name for file in together] == [file.name for file in alone]
    assert [file.stem for file in alone[::2]] == STEMS
    for mine, ours in zip(alone, together, strict=True):
        assert mine.read_bytes() == ours.read_bytes()


def test_a_helper_draws_the_page_that_is_asked_for(tmp_path: Path) -> None:
    with helpers(wanted=True) as (helping, *_):
        helping.take(order(tmp_path))
        assert [file.name for file in helping.draw(5)] == ["drivers.png", "drivers.svg"]
        assert helping.draw(7) == []
    assert len(list(tmp_path.iterdir())) == 2


def test_what_lost_helpers_leave_is_drawn_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", shutil.which("false"))
    with helpers(wanted=True) as lost:
        assert lost
        files = draw_pages(order(tmp_path), lost)
    assert [file.stem for file in files[::2]] == STEMS
    assert all(file.stat().st_size for file in files)


def test_a_helper_that_cannot_write_says_nothing_and_we_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "figures").write_text("in the way")
    with helpers(wanted=True) as helping:
        assert helping
        with pytest.raises(CoopsimError, match=r"figures cannot be made: File exists$"):
            draw_pages(order(tmp_path / "figures"), helping)
    assert capfd.readouterr() == ("", "")


def test_what_one_lost_helper_leaves_is_drawn_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(_number: int) -> list[Path]:
        raise EOFError

    with helpers(wanted=True) as helping:
        monkeypatch.setattr(helping[0], "draw", lost)
        files = draw_pages(order(tmp_path), helping)
    assert [file.stem for file in files[::2]] == STEMS
    assert all(file.stat().st_size for file in files)


class Endless(Helper):
    """Draw far more pages than anybody has time for."""

    def __init__(self) -> None:
        self.drawn = 0

    def take(self, order: DrawingOrder) -> None:
        assert order.folder.name == "figures"

    def draw(self, number: int) -> list[Path]:
        self.drawn += 1
        sleep(0.01)  # a page is not drawn in no time
        return [Path(f"page-{number}.png")] if number < MANY else []


def test_when_we_cannot_go_on_helpers_are_given_no_more(tmp_path: Path) -> None:
    (tmp_path / "figures").write_text("in the way")
    endless = Endless()
    with pytest.raises(CoopsimError, match=r"figures cannot be made: File exists$"):
        draw_pages(order(tmp_path / "figures"), [endless])
    assert endless.drawn < MANY


def test_where_no_helper_can_be_started_we_draw_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for python in ("", str(tmp_path / "no-python")):
        monkeypatch.setattr("sys.executable", python)
        with helpers(wanted=True) as helping:
            assert helping == []

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("subprocess.Popen", refuse)
    with helpers(wanted=True) as helping:
        files = draw_pages(order(tmp_path), helping)
    assert [file.stem for file in files[::2]] == STEMS


def test_no_helpers_are_started_where_none_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    with helpers(wanted=False) as helping:
        assert helping == []
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    with helpers(wanted=True) as helping:
        assert helping == []


def test_a_command_has_its_figures_drawn_by_helpers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helped: list[int] = []

    def draw(_order: DrawingOrder, helping: Sequence[Helper]) -> list[Path]:
        helped.append(len(helping))
        return []

    monkeypatch.setattr("coopsim.api.results.draw_pages", draw)
    thaw = Path(__file__).parent.parent / "scenarios" / "thaw.yaml"
    done = CliRunner().invoke(app, ["run", str(thaw), "--runs", "2", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert helped == [min((os.cpu_count() or 1) - 1, 3)]
