"""The command line as a person meets it: in this process, which is quick, or as it is installed."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

from coopsim.cli import main

COMMAND = Path(sys.executable).parent / "coopsim"
_PLAIN = {"COLUMNS": "80", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}

Done = subprocess.CompletedProcess[str]


def coopsim(folder: Path, *arguments: str, **environment: str) -> Done:
    """Call the command line in a folder, 80 columns wide and without colours."""
    out, err = _stream(), _stream()
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, {**_PLAIN, **environment}),
        mock.patch.object(sys, "argv", [str(COMMAND), *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        code = _code()
    return subprocess.CompletedProcess(arguments, code, _text(out), _text(err))


def installed(folder: Path, *arguments: str, **environment: str) -> Done:
    """Start the installed command in a folder, in a process of its own."""
    return subprocess.run(
        [str(COMMAND), *arguments],
        cwd=folder,
        env={**_PLAIN, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _code() -> int:
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _text(stream: io.TextIOWrapper) -> str:
    content = stream.buffer
    assert isinstance(content, io.BytesIO)
    return content.getvalue().decode()
