"""Figures drawn with a helper: the same files, whoever draws which page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coopsim.errors import CoopsimError
from coopsim.presentation.drawing import Order, draw_together, helper
from ten import answered

STEMS = ["overview", "events", "endings", "gaps", "counts", "drivers", "index"]


def order(folder: Path) -> Order:
    return Order(*answered(), folder)


def test_with_a_helper_the_files_are_the_same(tmp_path: Path) -> None:
    alone = order(tmp_path / "alone").draw_all()
    with helper(wanted=True) as helping:
        assert helping is not None
        together = draw_together(order(tmp_path / "together"), helping)
    assert [file.name for file in together] == [file.name for file in alone]
    assert [file.stem for file in alone[::2]] == STEMS
    for mine, ours in zip(alone, together, strict=True):
        assert mine.read_bytes() == ours.read_bytes()


def test_a_helper_draws_the_page_that_is_asked_for(tmp_path: Path) -> None:
    with helper(wanted=True) as helping:
        assert helping is not None
        helping.take(order(tmp_path))
        assert [file.name for file in helping.draw(5)] == ["drivers.png", "drivers.svg"]
        assert helping.draw(7) == []
    assert len(list(tmp_path.iterdir())) == 2


def test_what_a_lost_helper_leaves_is_drawn_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", shutil.which("false"))
    with helper(wanted=True) as lost:
        assert lost is not None
        files = draw_together(order(tmp_path), lost)
    assert [file.stem for file in files[::2]] == STEMS
    assert all(file.stat().st_size for file in files)


def test_a_helper_that_cannot_write_says_nothing_and_we_do(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "figures").write_text("in the way")
    with helper(wanted=True) as helping:
        assert helping is not None
        with pytest.raises(CoopsimError, match=r"figures cannot be made: File exists$"):
            draw_together(order(tmp_path / "figures"), helping)
    assert capfd.readouterr() == ("", "")


def test_no_helper_is_started_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    with helper(wanted=False) as helping:
        assert helping is None
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    with helper(wanted=True) as helping:
        assert helping is None
