"""Ctrl-C ends every command at once, with one sentence, whatever it is in the middle of."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

COMMAND = Path(sys.executable).with_name("coopsim")
PATIENCE = 5  # seconds; a block of these timelines alone takes twice as long

# 75,000 firings in each timeline: a block of a thousand is ten seconds of machine code.
BUSY = "".join(f"  e{i}: {{rate: 250 per year, repeat: true, judgement: x}}\n" for i in range(20))
HEAVY = f"""\
scenario: heavy
start: 2025-01-01
end: 2039-12-31
runs: 5000
seed: 5
events:
{BUSY}  late: {{date: 2030 to 2035, judgement: x}}
outcomes:
  late: {{event: late}}
"""


def stopped(folder: Path, *arguments: str, after: float, sign: str = "") -> str:
    """Stop a command some time after it has begun, or has left a sign; gives what it says."""
    (folder / "heavy.yaml").write_text(HEAVY)
    command = [str(COMMAND), *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            until = time.monotonic() + 60
            while sign and not list(folder.glob(sign)) and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(after)
            begun = time.monotonic()
            process.send_signal(signal.SIGINT)
            out, error = process.communicate(timeout=60)
            assert time.monotonic() - begun < PATIENCE
        finally:
            process.kill()  # where it does not stop, it shall not go on for minutes, in gigabytes
    assert (process.returncode, out) == (1, "")
    return error


@pytest.mark.parametrize("workers", ["1", "2"])
def test_while_machine_code_runs(tmp_path: Path, workers: str) -> None:
    arguments = ["run", "heavy.yaml", "--no-figures", "--workers", workers]
    told = stopped(tmp_path, *arguments, after=1, sign="results/*/manifest.json")
    (folder,) = (tmp_path / "results").iterdir()
    assert told == (
        f"coopsim: stopped: 0 of 5,000 timelines are kept in results/{folder.name}; the same "
        "command continues from there\n"
    )


SWEEP = ["--set", "events.e1.rate=1..9 per year", "--outcome", "late"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["sensitivity", "heavy.yaml", "--no-figures", "--workers", "1"],
        ["sweep", "heavy.yaml", "--no-figures", *SWEEP],
    ],
)
def test_while_it_plays_variants(tmp_path: Path, arguments: list[str]) -> None:
    assert stopped(tmp_path, *arguments, after=3) == "coopsim: stopped\n"


LOADING = """
import sys
class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupting())
from coopsim.__main__ import main
main()
"""


def test_while_it_loads() -> None:
    command = [sys.executable, "-c", LOADING]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "coopsim: stopped\n")
