"""Write every output of the shipped scenarios into a folder, so that two versions can be compared.

    python bench/outputs.py before        # on the one version
    python bench/outputs.py after         # on the other
    diff -r before after                  # a change that nobody is to notice leaves this empty

Tables as printed, JSON, CSV and figures of every command that answers, with few timelines. What
holds the hour or the commit, manifest.json, is left out.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 400
_OF_ALL = (
    "check scenarios/{name}.yaml",
    "run scenarios/{name}.yaml --runs {runs}",
    "show {name}",
    "summary {name}",
    "summary {name} --json",
    "causes {name}",
    "trace {name} --run 7",
    "sources scenarios/{name}.yaml",
    "sources scenarios/{name}.yaml --json",
)
_RATES = "'drivers.war.switches.fighting -> settled.rate=0.05..0.6 per year'"
_MORE = (
    "compare thaw freeze baseline rupture",
    "compare thaw freeze --json",
    "ask baseline reentry --if 'sanctions = eased by 2030-12-31'",
    "given baseline --that 'sanctions = eased by 2030-12-31' --json",
    "discover baseline --outcome over_by_2028",
    "discover baseline --outcome over_by_2028 --json",
    "trace thaw freeze --run 7",
    "score backtest_2014 --against seeds/history.yaml --foil face_value_2014",
    "score backtest_2014 --against seeds/history.yaml --json",
    "diff scenarios/baseline.yaml scenarios/thaw.yaml",
    "explain scenarios/baseline.yaml scenarios/thaw.yaml --runs 100",
    "explain scenarios/baseline.yaml scenarios/thaw.yaml --runs 100 --json",
    "sensitivity scenarios/baseline.yaml --runs 100 --only drivers.leak --only drivers.climate",
    "sensitivity scenarios/baseline.yaml --runs 100 --outcome reentry --only drivers.leak --json",
    "sensitivity scenarios/baseline.yaml --method uncertainty --runs 100 --replications 8",
    "sweep scenarios/baseline.yaml --runs 100 --outcome programme_by_2035 --set {rates}",
    "schema",
)


def calls() -> Iterator[str]:
    """List every call of the command line, each after those that it needs."""
    names = sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
    for call in _OF_ALL:
        yield from (call.format(name=name, runs=RUNS) for name in names)
    yield from (call.format(rates=_RATES) for call in _MORE)


def write(folder: Path) -> None:
    """Lay out the scenarios in a new folder, answer every call there and keep what it says."""
    folder.mkdir()
    for name in ("scenarios", "seeds", "schema"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "printed").mkdir()
    environment = {**os.environ, "COLUMNS": "100", "NO_COLOR": "1"}
    command = str(Path(sys.executable).parent / "coopsim")
    for number, call in enumerate(calls()):
        print(call, flush=True)
        done = subprocess.run(
            [command, *shlex.split(call)],
            cwd=folder, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"coopsim {call} ended with {done.returncode}: {done.stderr}")
        text = f"$ coopsim {call}\n{done.stdout}{done.stderr}"
        (folder / "printed" / f"{number:03}.txt").write_text(text, encoding="utf-8")
    for manifest in (folder / "results").glob("*/manifest.json"):
        manifest.unlink()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(Path(sys.argv[1]).resolve())
