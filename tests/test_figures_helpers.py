"""Figures drawn with helpers: the same files, whoever draws which page."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
from typer.testing import CliRunner

from coopsim.cli import offering
from coopsim.errors import CoopsimError
from coopsim.presentation.figures.helpers import (
    DrawingOrder,
    _Shared,
    _unpacked,
    draw_pages,
    helpers,
)
from coopsim.simulation.workers.spawning import cores
from ten import answered
from terminal import WORLD, Done, coopsim

pytestmark = pytest.mark.slow

MANY = 300  # pages
STEMS = ["overview", "events", "endings", "gaps", "counts", "drivers", "index"]


def order(folder: Path) -> DrawingOrder:
    return DrawingOrder(*answered(), folder)


def test_with_helpers_the_files_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = draw_pages(order(tmp_path / "alone"))
    helped, here, there = Event(), DrawingOrder.draw, _Shared.draw_by

    def draw_here(self: DrawingOrder, number: int) -> list[Path]:
        assert helped.wait(60)  # so that they draw a page, however slow they are to start
        return here(self, number)

    def draw_there(
        self: _Shared, helper: Executor, packed: bytes, number: int
    ) -> list[Path] | None:
        files = there(self, helper, packed, number)
        assert files is not None
        helped.set()
        return files

    monkeypatch.setattr(DrawingOrder, "draw", draw_here)
    monkeypatch.setattr(_Shared, "draw_by", draw_there)
    with helpers(wanted=True) as helping:
        assert helping
        together = draw_pages(order(tmp_path / "together"), helping)
    assert [file.name for file in together] == [file.name for file in alone]
    assert [file.stem for file in alone[::2]] == STEMS
    for mine, ours in zip(alone, together, strict=True):
        assert mine.read_bytes() == ours.read_bytes()


def test_a_helper_draws_the_page_that_is_asked_for(tmp_path: Path) -> None:
    with helpers(wanted=True) as (helper, *_):
        drawn = helper.submit(order(tmp_path).draw, 5).result()
        assert [file.name for file in drawn] == ["drivers.png", "drivers.svg"]
        assert helper.submit(order(tmp_path).draw, 7).result() == []
    assert len(list(tmp_path.iterdir())) == 2


def test_a_helper_unpacks_an_order_once(tmp_path: Path) -> None:
    packed, other = pickle.dumps(order(tmp_path)), pickle.dumps(order(tmp_path / "other"))
    first = _unpacked(packed)
    assert _unpacked(bytes(bytearray(packed))) is first
    assert _unpacked(other).folder == tmp_path / "other"
    assert first.folder == tmp_path


def test_what_lost_helpers_leave_is_drawn_all_the_same(tmp_path: Path) -> None:
    with helpers(wanted=True) as lost:
        assert lost
        for helper in lost:
            helper.submit(os._exit, 9)
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


class Failing(Executor):
    """Fail at each page."""

    def submit(self, _work: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
        page: Future[Any] = Future()
        page.set_exception(MemoryError())
        return page


class Unstarted(Executor):
    """Find that no process can be made when there is work for it."""

    def submit(self, _work: Callable[..., Any], /, *_: Any, **__: Any) -> Future[Any]:
        raise EOFError("unexpected EOF")


@pytest.mark.parametrize("cores", [1, 2])  # as many as there are helpers, or one for us too
@pytest.mark.parametrize("helper", [Failing, Unstarted])
def test_what_a_helper_cannot_draw_is_drawn_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, helper: type[Executor], cores: int
) -> None:
    monkeypatch.setattr("coopsim.presentation.figures.helpers.cores", lambda: cores)
    files = draw_pages(order(tmp_path), [helper()])
    assert [file.stem for file in files[::2]] == STEMS
    assert all(file.stat().st_size for file in files)


class Helpful(Executor):
    """Draw pages here, in another's name, and remember them."""

    def __init__(self) -> None:
        self.numbers: list[int] = []

    def submit(self, work: Callable[..., Any], /, *asked: Any, **_: Any) -> Future[Any]:
        self.numbers.append(asked[1])
        page: Future[Any] = Future()
        page.set_result(work(*asked))
        return page


def test_a_helper_draws_the_overview_which_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper, told, here = Helpful(), Event(), DrawingOrder.draw
    firsts: list[list[Path]] = []

    def tell(files: list[Path]) -> None:
        firsts.append(files)
        told.set()

    def draw(self: DrawingOrder, number: int) -> list[Path]:
        assert number == 0 or told.wait(60)  # the overview is told before any other is there
        return here(self, number)

    monkeypatch.setattr(DrawingOrder, "draw", draw)
    files = draw_pages(order(tmp_path), [helper], on_first=tell)
    assert helper.numbers[0] == 0
    assert firsts == [files[:2]]
    assert [file.name for file in files[:2]] == ["overview.png", "overview.svg"]


def test_where_each_core_has_a_helper_all_is_left_to_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = Helpful()
    monkeypatch.setattr("coopsim.presentation.figures.helpers.cores", lambda: 1)
    files = draw_pages(order(tmp_path), [helper])
    assert [file.stem for file in files[::2]] == STEMS
    assert helper.numbers == list(range(len(STEMS) + 1))


def test_the_overview_alone_is_left_to_a_helper(tmp_path: Path) -> None:
    helper = Helpful()
    files = draw_pages(order(tmp_path / "one"), [helper], most=1)
    assert [file.name for file in files] == ["overview.png", "overview.svg"]
    assert helper.numbers == [0]
    for helping in ([], [Failing()]):  # nobody there, or nobody who can
        alone = draw_pages(order(tmp_path / "two"), helping, most=1)
        assert [file.name for file in alone] == ["overview.png", "overview.svg"]
    assert len(list(tmp_path.glob("*/*"))) == 4


class Endless(Executor):
    """Draw far more pages than anybody has time for."""

    def __init__(self) -> None:
        self.drawn = 0

    def submit(self, _work: Callable[..., Any], /, *asked: Any, **_: Any) -> Future[Any]:
        packed, number = asked
        assert pickle.loads(packed).folder.name == "figures"
        self.drawn += 1
        sleep(0.01)  # a page is not drawn in no time
        page: Future[Any] = Future()
        page.set_result(([Path(f"page-{number}.png")] if number < MANY else [], []))
        return page


def test_when_we_cannot_go_on_helpers_are_given_no_more(tmp_path: Path) -> None:
    (tmp_path / "figures").write_text("in the way")
    endless = Endless()
    with pytest.raises(CoopsimError, match=r"figures cannot be made: File exists$"):
        draw_pages(order(tmp_path / "figures"), [endless])
    assert endless.drawn < MANY


def test_where_no_helper_can_be_started_we_draw_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without_python:
        without_python.setattr("sys.executable", "")
        with helpers(wanted=True) as helping:
            assert helping == []

    def refuse(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("coopsim.simulation.workers.spawning.forkserver.ensure_running", refuse)
    with helpers(wanted=True) as helping:
        assert helping == []
        files = draw_pages(order(tmp_path), helping)
    assert [file.stem for file in files[::2]] == STEMS


def test_no_helpers_are_started_where_none_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    with helpers(wanted=False) as helping:
        assert helping == []
    monkeypatch.setattr("coopsim.presentation.figures.helpers.cores", lambda: 1)
    with helpers(wanted=True) as helping:
        assert helping == []


def test_helpers_end_with_the_block_whatever_they_do() -> None:
    with helpers(wanted=True) as (helper, *_):
        process = helper.submit(os.getpid).result()
        helper.submit(sleep, 600)
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


SCRIPT = """
print("main")  # a helper that imports this module says so too, and starts helpers itself
from coopsim.presentation.figures.helpers import helpers
with helpers(wanted=True) as (helper, *_):
    print(helper.submit(pow, 2, 3).result())
"""


PARENTS = """
import os
from coopsim.presentation.figures.helpers import helpers
with helpers(wanted=True) as helping:
    print(*[helper.submit(os.getppid).result() for helper in helping])
"""


def look_for(process: int) -> None:
    for _ in range(600):
        os.kill(process, 0)
        sleep(0.1)


def test_helpers_are_copies_of_one_process_which_ends_with_us() -> None:
    command = [sys.executable, "-W", "error", "-c", PARENTS]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (parent,) = set(map(int, done.stdout.split()))
    with pytest.raises(ProcessLookupError):
        look_for(parent)


MASKED = """
import signal
from coopsim.presentation.figures.helpers import helpers
with helpers(wanted=True) as (helper, *_):
    print(helper.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result())
"""


def test_what_loads_for_helpers_is_not_told_of_ctrl_c() -> None:
    command = [sys.executable, "-W", "error", "-c", MASKED]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{ {signal.SIGINT} }\n"  # as in what they are copies of


def test_where_processes_cannot_be_copied_helpers_are_spawned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("multiprocessing.get_all_start_methods", lambda: ["spawn"])
    with helpers(wanted=True) as (helper, *_):
        assert helper.submit(os.getppid).result() == os.getpid()
        drawn = helper.submit(order(tmp_path).draw, 5).result()
    assert [file.name for file in drawn] == ["drivers.png", "drivers.svg"]


def test_helpers_do_not_import_the_main_module(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT)
    command = [sys.executable, "-W", "error", str(tmp_path / "script.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "main\n8\n", "")


def test_a_command_has_its_figures_drawn_by_helpers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helped: list[int] = []

    def draw(_order: DrawingOrder, helping: Sequence[Executor], **_how: object) -> list[Path]:
        helped.append(len(helping))
        return []

    monkeypatch.setattr("coopsim.api.played.draw_pages", draw)
    thaw = Path(__file__).parent.parent / "scenarios" / "thaw.yaml"
    done = CliRunner().invoke(offering(), ["run", str(thaw), "--runs", "2", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert helped == [min(cores(), 3)]


def run_small(tmp_path: Path, *options: str) -> Done:
    (tmp_path / "small.yaml").write_text(WORLD)
    return coopsim(tmp_path, "run", "small.yaml", *options)


@pytest.mark.parametrize(
    ("options", "drawn", "told"),
    [
        ([], True, True),
        (["--figures", "all"], True, True),
        (["--figures", "overview"], False, True),
        (["--figures", "none"], False, False),
        (["--no-figures"], False, False),
        (["--no-figures", "--figures", "none"], False, False),
    ],
)
def test_figures_are_drawn_as_far_as_is_asked(
    tmp_path: Path, options: list[str], drawn: bool, told: bool
) -> None:
    done = run_small(tmp_path, *options)
    assert (done.returncode, done.stderr) == (0, "")
    names = {path.stem for path in tmp_path.glob("results/*/figures/*")}
    assert ("overview" in names, bool(names - {"overview"})) == (told, drawn)
    (folder,) = tmp_path.glob("results/*")
    overview = folder.relative_to(tmp_path) / "figures" / "overview.png"
    assert (f"\nOpen first: {overview}\n" in done.stdout) == told


def test_options_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    done = run_small(tmp_path, "--figures", "overview", "--no-figures")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "coopsim: `--no-figures` draws none, and `--figures overview` some: use one\n"
    )


def test_answers_do_not_wait_for_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> list[Path]:
        raise CoopsimError("figures cannot be made: No space left on device")

    monkeypatch.setattr("coopsim.api.played.draw_pages", fail)
    done = run_small(tmp_path)
    assert (done.returncode, done.stderr) == (
        1, "coopsim: figures cannot be made: No space left on device\n",
    )  # fmt: skip
    assert "\nWhether and when  chance %" in done.stdout
    assert "Result:" not in done.stdout
