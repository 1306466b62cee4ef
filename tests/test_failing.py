"""The last resort: whatever goes wrong ends in a line or two, never in a traceback."""

from __future__ import annotations

import errno
import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from coopsim import api
from coopsim.errors import CoopsimError
from terminal import COMMAND, Command, command

__all__ = ["command"]

LONG = "a" * 300
REPORT = (
    ". This is an error in coopsim: please report this line and the output of the same command "
    "after `COOPSIM_DEBUG=1`\n"
)


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "there is not enough memory\n"),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "No space left on device\n"),
        (
            OSError(errno.EACCES, os.strerror(errno.EACCES), "results/x"),
            "results/x: Permission denied\n",
        ),
        (
            OSError(errno.EROFS, os.strerror(errno.EROFS), "results/x"),
            "results/x: Read-only file system\n",
        ),
        (
            OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), "xxx"),
            "xxx: File name too long\n",
        ),
        (OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)), "there is not enough memory\n"),
        (
            ImportError("libx.so: failed to map segment from shared object"),
            "there is not enough memory\n",
        ),
        (OSError("something of Arrow's"), "something of Arrow's\n"),
        (
            RuntimeError("can't start new thread"),
            "the system allows no more threads; `--workers 1` needs fewer\n",
        ),
        (
            RecursionError("too deep"),
            "the input is nested too deeply (RecursionError: too deep)" + REPORT,
        ),
        (
            UnicodeError("no sign"),
            "a text is not in the expected encoding (UnicodeError: no sign)" + REPORT,
        ),
        (
            OverflowError("int too big to convert"),
            f"a number is too large (OverflowError: int too big to convert){REPORT}",
        ),
        (ValueError("one\nand\x1b[31m two"), f"ValueError: one and\ufffd[31m two{REPORT}"),
    ],
)  # fmt: skip
def test_what_nobody_foresaw_is_one_line(
    command: Command, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    monkeypatch.setattr(api, "load", raising(error))
    ended = command("run", "small.yaml", "--no-figures")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"coopsim: `coopsim run small.yaml --no-figures` has to stop: {said}"


def test_a_long_command_is_cut(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "load", raising(MemoryError()))
    ended = command("run", "small.yaml", "--set", f"title={LONG}")
    begin = f"coopsim run small.yaml --set title={LONG}"[:200]
    assert ended.err == f"coopsim: `{begin}...` has to stop: there is not enough memory\n"


def test_who_looks_for_a_fault_sees_the_traceback(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPSIM_DEBUG", "1")
    monkeypatch.setattr(api, "load", raising(ValueError("odd")))
    ended = command("run", "small.yaml")
    assert ended.code == 1
    assert ended.err.startswith("Traceback (most recent call last):\n")
    assert ended.err.endswith(
        f"coopsim: `coopsim run small.yaml` has to stop: ValueError: odd{REPORT}"
    )


def test_too_little_memory_is_told_though_a_library_hides_it(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = OSError("Could not find/load shared object file 'libx.so'. This could mean much.")
    hidden.__context__ = OSError("libx.so: failed to map segment from shared object")
    monkeypatch.setattr(api, "load", raising(hidden))
    assert command("run", "small.yaml").err == (
        "coopsim: `coopsim run small.yaml` has to stop: there is not enough memory\n"
    )


@pytest.mark.parametrize("name", ["summary", "show", "trace", "causes", "sensitivity", "given"])
@pytest.mark.parametrize("result", [LONG, "", "a\0b", "a/b", "."])
def test_a_name_that_can_be_none_is_no_result(command: Command, name: str, result: str) -> None:
    more = ["--that", "vote"] if name == "given" else []
    ended = command(name, result, *more)
    shown = result.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert (ended.code, ended.out, ended.err) == (
        2,
        "",
        f"coopsim: no result `{shown}`: there is none yet in results; `coopsim run` makes one\n",
    )


def test_names_that_are_too_long_for_a_file_are_told(command: Command) -> None:
    assert command("init", LONG).err == f"coopsim: {LONG} cannot be written: File name too long\n"
    assert command("ls", "--results", LONG).err == (
        f"coopsim: {LONG} cannot be read: File name too long\n"
    )
    ended = command("run", "small.yaml", "--out", LONG)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"coopsim: {LONG}/small-")
    assert ended.err.endswith(" cannot be made: File name too long\n")


@pytest.mark.parametrize("argument", ["title=\udcff", "\udcff.yaml"])
def test_an_argument_that_is_no_text_is_refused(command: Command, argument: str) -> None:
    ended = command("check", "small.yaml", "--set", argument)
    shown = argument.replace("\udcff", "\N{REPLACEMENT CHARACTER}")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"coopsim: the argument `{shown}` is not text in UTF-8\n"


def test_bad_usage_is_one_line(command: Command) -> None:
    ended = command("run", "small.yaml", "--quick\x1b[31m")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert "\x1b" not in ended.err
    assert ended.err.startswith("coopsim: No such option: --quick")
    assert ended.err.endswith(" (`coopsim run --help` shows how)\n")
    assert command("summary", "small", "--json", "--csv").err == (
        "coopsim: Invalid value: use --json or --csv, not both (`coopsim summary --help` shows "
        "how)\n"
    )


def to_full_disk(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the installed command with nowhere to print to; gives its code and its complaint."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [str(COMMAND), *arguments],
            cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=120,
        )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_where_nothing_can_be_printed_the_result_is_whole(command: Command, tmp_path: Path) -> None:
    refused = "coopsim: standard output cannot be written: No space left on device"
    for more in ([], ["--json"]):
        code, said = to_full_disk(tmp_path, "run", "small.yaml", "--no-figures", *more)
        (folder,) = (tmp_path / "results").iterdir()
        whole = f"; the result in results/{folder.name} is complete\n"
        assert (code, said) == (1, refused + whole)
    assert command("summary", "small", "--json").out == (folder / "summary.json").read_text()
    assert to_full_disk(tmp_path, "schema") == (1, f"{refused}\n")
    assert to_full_disk(tmp_path, "--help") == (
        1,
        "coopsim: `coopsim --help` has to stop: No space left on device\n",
    )


@pytest.mark.parametrize("arguments", [["summary", "small", "--csv"], ["ls"], ["show", "small"]])
def test_each_way_of_printing_says_that_it_cannot(
    command: Command, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    assert command("run", "small.yaml", "--no-figures", "-q").code == 0
    monkeypatch.setattr("terminal.Out.write", raising(OSError(errno.EIO, os.strerror(errno.EIO))))
    ended = command(*arguments)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "coopsim: standard output cannot be written: Input/output error\n"


def test_streams_that_are_closed_are_no_fault(tmp_path: Path) -> None:
    done = subprocess.run(
        f"exec {COMMAND} ls >&- 2>&-", shell=True, cwd=tmp_path, check=False, timeout=60
    )
    assert done.returncode == 0


def test_an_error_of_ours_is_one_line(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "load", raising(CoopsimError("first\nsecond")))
    assert command("run", "small.yaml").err == "coopsim: first second\n"


def test_a_damaged_result_stops_no_command_on_another(command: Command, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("scenario: other\nextends: small.yaml\n")
    for name in ("small", "other"):
        command("run", f"{name}.yaml", "-q", "--no-figures")
    (sound,) = (tmp_path / "results").glob("small-*")
    (broken,) = (tmp_path / "results").glob("other-*")
    (broken / "manifest.json").write_text("")
    damaged = (
        f"results/{broken.name}/manifest.json is damaged: Invalid JSON: EOF while parsing a "
        "value at line 1 column 0; remove it and run the scenario again"
    )
    listed = command("ls")
    assert (listed.code, listed.err) == (0, f"{damaged}\n")
    assert sound.name in listed.out
    for name in ("small", sound.name, sound.name[:9], str(sound)):
        ended = command("summary", name)
        assert (ended.code, ended.err) == (0, "")
    asked = command("given", "small", "--that", "vote by 2027", "--no-figures")
    assert (asked.code, asked.err) == (0, "")
    ended = command("summary", "other")
    assert (ended.code, ended.out, ended.err) == (1, "", f"coopsim: {damaged}\n")
    ended = command("compare", "--no-figures")
    assert ended.code == 2
    assert ended.err.startswith(f"coopsim: {damaged} (it is skipped)\n")


def test_counted_timelines_are_only_replaced_when_that_is_said(
    command: Command, tmp_path: Path
) -> None:
    command("run", "small.yaml", "-q", "--no-figures", "--keep", "nothing")
    (folder,) = (tmp_path / "results").iterdir()
    ended = command("run", "small.yaml", "--no-figures", "--runs", "10", "--keep", "firings")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"coopsim: results/{folder.name} keeps counts only of 60 timelines; to keep all "
        "firings, they would have to be removed and simulated again. Add --replace (in Python "
        "replace=True) to do so\n"
    )
    assert (folder / "tallies.parquet").exists()
    more = ("--no-figures", "--runs", "10", "--keep", "firings", "--replace")
    assert command("run", "small.yaml", "-q", *more).code == 0
    assert not (folder / "tallies.parquet").exists()


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("yes\n", 0), ("\n", 2), ("no\n", 2)])
def test_at_a_terminal_a_yes_will_do(
    command: Command, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    command("run", "small.yaml", "-q", "--no-figures", "--keep", "nothing")
    typed = io.StringIO(answer)
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)
    monkeypatch.setattr("terminal.Err.isatty", lambda _: True)
    ended = command("run", "small.yaml", "-q", "--no-figures", "--keep", "firings")
    assert ended.code == code
    assert ("to do so.\nContinue? [y/N]\n") in ended.err
    assert ended.err.endswith("[y/N]\n" if code == 0 else "coopsim: nothing was changed\n")
