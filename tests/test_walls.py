"""The walls of docs/architecture.md stand, and each contract notices when its wall falls."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the package that lies in `folder` against the contracts of pyproject.toml."""
    return subprocess.run(
        [sys.executable, "-c", LINT, "--config", str(ROOT / "pyproject.toml"), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_walls_stand() -> None:
    report = lint_imports(ROOT / "src")
    assert report.returncode == 0, report.stdout + report.stderr


BREAKS = {
    "A room knows only the rooms before it": [
        ("errors", "import coopsim.cli"),
        ("scenario/notation/values", "import coopsim.simulation.draws"),
        ("simulation/program", "import coopsim.analysis.summaries"),
        ("analysis/summaries", "import coopsim.presentation.views.result.answers"),
        ("experiments/asking", "import coopsim.forecasts.records"),
        ("presentation/views/result/answers", "from coopsim import cli"),
        ("api", "import coopsim.cli"),
    ],
    "Nothing inside imports the package root": [
        ("cli", "import coopsim"),
        ("analysis/summaries", "from coopsim import run"),
    ],
    "A Scenario needs no YAML": [
        ("scenario/spec", "import yaml"),
        ("scenario/notation/values", "from coopsim.scenario import loading"),
    ],
    "Only the scenario's tree knows yaml": [
        ("scenario/sources/claims", "import yaml"),
        ("simulation/results/store", "from yaml import safe_load"),
    ],
    "An engine sees the program, never the scenario": [
        ("simulation/simpy_model", "from coopsim.scenario import spec"),
    ],
    "The compiled engine never imports the reference one": [
        ("simulation/compiled", "from coopsim.simulation.simpy_model import simulate"),
        ("simulation/kernel/tables", "def late() -> None:\n    import simpy"),
    ],
    "In the simulation each folder or module knows only those before it": [
        ("simulation/results/keeping", "from coopsim.simulation.workers.pools import cores"),
        ("simulation/program", "from coopsim.simulation import sampling"),
    ],
    "In the kernel each module knows only those before it": [
        ("simulation/kernel/drawing", "from coopsim.simulation.kernel.machine_code import play"),
        (
            "simulation/kernel/compiling",
            "def late() -> None:\n    from coopsim.simulation.kernel import rules",
        ),
    ],
    "In the figures each folder knows only those before it": [
        ("presentation/figures/kit/labels", "from coopsim.presentation.figures.kinds import notes"),
        ("presentation/figures/lanes", "from coopsim.presentation.figures import causes"),
    ],
    "No experiment knows another": [
        ("experiments/sweeps", "from coopsim.experiments.sensitivity import sensitivity"),
        ("experiments/shapley", "import coopsim.experiments.epistemic"),
    ],
    "A recorded forecast stands alone": [
        ("forecasts/records", "from coopsim.simulation.program import Program"),
        ("forecasts/scores", "def late() -> None:\n    from coopsim.experiments import asking"),
    ],
    "Analysis never plays": [
        ("analysis/summaries", "from coopsim.simulation.engines import simulate"),
        ("analysis/evidence/conditioning", "import coopsim.simulation.workers.running"),
    ],
    "Only the kernel knows numba": [
        ("simulation/compiled", "import numba"),
        ("simulation/cross_check", "def late() -> None:\n    from llvmlite import binding"),
    ],
    "Only the pages know jinja2": [
        ("presentation/pens/html", "import jinja2"),
        ("presentation/pages/report", "from markupsafe import Markup"),
    ],
    "Only the live page knows its server": [
        ("api", "import starlette.responses"),
        ("live/desk", "from watchfiles import awatch"),
    ],
    "Only the figures know matplotlib": [
        ("analysis/summaries", "import matplotlib.pyplot"),
        ("cli", "def draw() -> None:\n    import matplotlib"),
    ],
}


def test_each_wall_is_shown_to_fall() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert {contract["name"] for contract in contracts["contracts"]} == set(BREAKS)


@pytest.mark.parametrize(
    ("contract", "module", "line"),
    [(contract, *place) for contract, places in BREAKS.items() for place in places],
)
def test_a_broken_wall_is_noticed(tmp_path: Path, contract: str, module: str, line: str) -> None:
    shutil.copytree(ROOT / "src" / "coopsim", tmp_path / "coopsim")
    with (tmp_path / "coopsim" / f"{module}.py").open("a") as file:
        file.write(f"\n{line}\n")
    report = lint_imports(tmp_path)
    assert report.returncode == 1, report.stdout + report.stderr
    assert f"{contract} BROKEN" in report.stdout


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("coopsim", ["numpy", "pydantic", "simpy", "yaml", "matplotlib"]),
        ("coopsim.cli", ["matplotlib", "scipy.stats"]),
    ],
)
def test_importing_stays_quick(module: str, kept_out: list[str]) -> None:
    code = f"import sys, {module}; print(*sorted(set({kept_out}) & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert loaded == []


def test_checking_a_scenario_loads_nothing_that_simulates_or_draws(tmp_path: Path) -> None:
    code = (
        "import sys; from coopsim import api; found = api.check(['no.yaml']); "
        "from coopsim.cli.answering import answered; answered(found, as_json=False); "
        "kept_out = {'pyarrow', 'simpy', 'numba', 'matplotlib', 'rich', 'coopsim.analysis'}; "
        "print(*sorted(kept_out & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "no.yaml: 1 error\n  no.yaml: error: found no such file, expected a scenario file\n\n"
    )
