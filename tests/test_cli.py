"""The installed command, run as a person would: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from coopsim.cli import PANELS, offering
from terminal import COMMAND, coopsim

COMMANDS = (
    "run", "check", "ask", "new", "compare", "ls", "show", "summary", "answers", "trace", "causes",
    "given", "discover", "report", "sources", "score", "sensitivity", "diff", "explain", "sweep",
    "fmt", "init", "live", "schema",
)  # fmt: skip

SMALL = """\
scenario: small
title: A small world
start: 2025-08-05
end: 2030-12-31
runs: 300
seed: 7
drivers:
  climate:
    levels: [cold, warm]
    initial: cold
    switches:
      cold -> warm: {rate: 0.5 per year}
    judgement: For a test.
events:
  decree:
    rate: {by: climate, cold: 0.2 per year, warm: 0.6 per year}
    judgement: For a test.
  flight:
    after: {decree: 1 year}
    judgement: For a test.
outcomes:
  flies: {event: flight, title: A joint flight}
  climate: {driver: climate}
"""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Make a folder with two small scenarios, one of which differs in one assumption."""
    (tmp_path / "small.yaml").write_text(SMALL)
    (tmp_path / "warm.yaml").write_text(
        "scenario: warm\ntitle: A warm world\nextends: small.yaml\n"
        "drivers: {climate: {initial: warm}}\n"
    )
    return tmp_path


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder in which both small scenarios have been run."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "small.yaml").write_text(SMALL)
    (folder / "warm.yaml").write_text(
        "scenario: warm\nextends: small.yaml\ndrivers: {climate: {initial: warm}}\n"
    )
    for name in ("small", "warm"):
        done = coopsim(folder, "run", f"{name}.yaml", "--no-figures", "--quiet")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    done = coopsim(tmp_path, command, "--help")
    assert done.returncode == 0
    assert f"Example: coopsim {command}" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_help_lists_every_command_and_the_version_is_told(tmp_path: Path) -> None:
    listed = coopsim(tmp_path, "--help").stdout
    for command in COMMANDS:
        assert f" {command} " in listed
    everyday = listed.partition("Every day")[2].partition("What drives an answer")[0]
    commands = [line.split()[1] for line in everyday.splitlines() if line[2:3].isalpha()]
    assert commands == [
        "init", "new", "check", "run", "ask", "compare", "given", "live", "trace", "sources",
        "report", "ls",
    ]  # fmt: skip
    assert coopsim(tmp_path, "--version").stdout == "coopsim 0.1.0\n"


@pytest.mark.slow
def test_run_prints_a_table_and_writes_the_folder(world: Path) -> None:
    done = coopsim(world, "run", "small.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "A joint flight" in done.stdout
    assert "A small world" in done.stdout
    assert "\x1b[" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    (folder,) = (world / "results").iterdir()
    assert folder.name in done.stdout
    assert {path.name for path in folder.iterdir()} == {
        "scenario.yaml", "manifest.json", "firings", "summary.json", "summary.csv", "figures",
    }  # fmt: skip
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png", ".svg"}


def test_run_as_json_prints_the_summary_and_nothing_else(world: Path) -> None:
    done = coopsim(world, "run", "small.yaml", "--json", "--no-figures", "--runs", "50")
    tree = json.loads(done.stdout)
    assert (tree["scenario"], tree["runs"], tree["seed"]) == ("small", 50, 7)
    (folder,) = (world / "results").iterdir()
    assert tree == json.loads((folder / "summary.json").read_text())


def test_set_changes_one_assumption_and_the_folder(world: Path) -> None:
    for extra in ([], ["--set", "events.flight.after.decree=2 years"], ["--seed", "8"]):
        coopsim(world, "run", "small.yaml", "--no-figures", "--quiet", *extra)
    assert len(list((world / "results").iterdir())) == 3


def test_fewer_runs_than_there_are_is_said(world: Path) -> None:
    coopsim(world, "run", "small.yaml", "--no-figures", "--quiet")
    done = coopsim(world, "run", "small.yaml", "--no-figures", "--runs", "10")
    (folder,) = (world / "results").iterdir()
    assert done.stderr == f"results/{folder.name} held 300 timelines already; all are used\n"


def test_a_bad_scenario_ends_with_2_says_all_and_writes_nothing(world: Path) -> None:
    broken = SMALL.replace("initial: cold", "initial: clod").replace("rate: {by", "rte: {by")
    (world / "broken.yaml").write_text(broken)
    done = coopsim(world, "run", "broken.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "broken.yaml:10: error: drivers.climate.initial: found 'clod'" in done.stderr
    assert "did you mean 'cold'?" in done.stderr
    assert "broken.yaml:16: error: events.decree.rte: found the unknown key 'rte'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (world / "results").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "nowhere.yaml"], "nowhere.yaml: error: found no such file"),
        (["run"], "Missing argument"),
        (["run", "small.yaml", "--runs", "0"], "--runs"),
        (["run", "small.yaml", "--engine", "fast"], "--engine"),
        (["summary", "smal"], "coopsim: no result `smal`"),
        (["summary", "small", "--json", "--csv"], "use --json or --csv, not both"),
        (["compare", "small"], "coopsim: a comparison needs at least two results"),
        (["rum"], "No such command"),
        (["init", "."], "coopsim: . is there already and is not an empty folder"),
    ],
)
def test_bad_usage_ends_with_2_on_standard_error(
    results: Path, arguments: list[str], message: str
) -> None:
    done = coopsim(results, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_check_reports_warnings_without_failing_and_problems_with_2(world: Path) -> None:
    fine = coopsim(world, "check", "small.yaml", "warm.yaml")
    assert fine.returncode == 0
    (world / "warned.yaml").write_text(SMALL.replace("    judgement: For a test.\n", "", 1))
    warned = coopsim(world, "check", "warned.yaml", "--json")
    assert warned.returncode == 0
    (warning,) = json.loads(warned.stdout)["warned.yaml"]
    assert (warning["severity"], warning["path"]) == ("warning", "drivers.climate")
    (world / "broken.yaml").write_text(SMALL.replace("initial: cold", "initial: clod"))
    both = coopsim(world, "check", "small.yaml", "broken.yaml")
    assert both.returncode == 2
    assert "broken.yaml:10" in both.stdout
    assert not (world / "results").exists()


def test_summary_gives_a_table_json_and_csv(results: Path) -> None:
    table = coopsim(results, "summary", "small")
    assert "A joint flight" in table.stdout
    (folder,) = (results / "results").glob("small-*")
    as_json = coopsim(results, "summary", "small", "--json")
    assert as_json.stdout == (folder / "summary.json").read_text()
    as_csv = coopsim(results, "summary", folder.name[:8], "--csv")
    assert as_csv.stdout == (folder / "summary.csv").read_text()


def test_answers_are_printed_as_csv_or_written_to_a_file(results: Path) -> None:
    printed = coopsim(results, "answers", "small").stdout
    header, first, *rest = printed.splitlines()
    assert header == "run,flies,climate"
    assert first.startswith("0,")
    assert len(rest) == 299
    for name in ("a.csv", "a.parquet"):
        done = coopsim(results, "answers", "small", "--to", name)
        assert (done.returncode, done.stdout) == (
            0,
            f"{name}: 300 timelines, 2 columns of answers\n",
        )
    assert (results / "a.csv").read_text() == printed
    assert pq.read_table(results / "a.parquet")["run"].to_pylist() == list(range(300))
    some = ("--outcome", "climate", "--outcome", "flight by 2027")
    header, first, *_ = coopsim(results, "answers", "small", *some).stdout.splitlines()
    assert header == "run,climate,flight by 2027"
    assert first.split(",")[2] in ("true", "false")
    wrong = coopsim(results, "answers", "small", "--to", "a.xlsx")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "coopsim: found a.xlsx, expected a file named .parquet or .csv\n"


def test_ls_and_show_say_what_there_is(results: Path) -> None:
    listed = coopsim(results, "ls")
    assert "small" in listed.stdout
    assert "warm" in listed.stdout
    tree = json.loads(coopsim(results, "ls", "--json").stdout)
    assert [one["scenario"] for one in tree] == ["small", "warm"]
    shown = coopsim(results, "show", "warm")
    assert shown.returncode == 0
    assert "A joint flight" in shown.stdout
    assert json.loads(coopsim(results, "show", "warm", "--json").stdout)["manifest"]["runs"] == 300


def test_ls_where_there_is_nothing_says_what_to_do(tmp_path: Path) -> None:
    done = coopsim(tmp_path, "ls")
    assert done.stdout == "no results in results; `coopsim run scenarios/thaw.yaml` makes one\n"


def test_compare_without_names_takes_the_newest_of_each(results: Path) -> None:
    tree = json.loads(coopsim(results, "compare", "--json").stdout)
    assert [name[:4] for name in tree["results"]] == ["smal", "warm"]
    done = coopsim(results, "compare", "small", "warm")
    assert (done.returncode, done.stderr) == (0, "")
    assert "A joint flight" in done.stdout
    (drawn,) = (results / "results").glob("compare-*")
    assert {path.suffix for path in drawn.iterdir()} == {".png", ".svg", ".csv", ".json"}
    assert json.loads((drawn / "answer.json").read_text()) == tree
    shutil.rmtree(drawn)


def test_compare_without_names_leaves_out_what_covers_other_years(world: Path) -> None:
    past = SMALL.replace("scenario: small", "scenario: past").replace("2030-12-31", "2027-12-31")
    (world / "past.yaml").write_text(past)
    for name in ("past", "small", "warm"):
        coopsim(world, "run", f"{name}.yaml", "--no-figures", "--quiet")
    done = coopsim(world, "compare", "--json")
    (folder,) = (world / "results").glob("past-*")
    assert done.stderr == f"{folder.name} is left out: it covers 2025-08-05 to 2027-12-31\n"
    assert [name[:4] for name in json.loads(done.stdout)["results"]] == ["smal", "warm"]


def test_ls_names_a_folder_that_holds_no_result(world: Path) -> None:
    (world / "results" / "mine").mkdir(parents=True)
    done = coopsim(world, "ls")
    assert done.stderr == "results/mine is not a result: it has no manifest.json\n"


def test_a_wrong_file_name_gets_a_suggestion(world: Path) -> None:
    (world / "scenarios").mkdir()
    shutil.move(world / "small.yaml", world / "scenarios" / "small.yaml")
    for wrong in ("small.yml", "scenarios/small.yml"):
        done = coopsim(world, "run", wrong)
        assert done.returncode == 2
        assert done.stderr.startswith(
            f"{wrong}: error: found no such file, expected a scenario file; "
            "did you mean 'scenarios/small.yaml'?\n"
        )
    near = coopsim(world, "check", "scenarios/smll.yaml")
    assert "did you mean 'small.yaml'?" in near.stdout
    folder = coopsim(world, "check", "scenarios")
    assert "found a folder, expected a scenario file, such as scenarios/*.yaml" in folder.stdout


def test_init_lays_out_what_runs(tmp_path: Path) -> None:
    done = coopsim(tmp_path, "init", "mine")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "Next: cd mine && coopsim run scenarios/thaw.yaml"
    checked = coopsim(tmp_path / "mine", "check", "scenarios/thaw.yaml")
    assert checked.returncode == 0


def test_schema_prints_the_schema_that_is_shipped(tmp_path: Path) -> None:
    shipped = Path(__file__).resolve().parents[1] / "schema" / "scenario.schema.json"
    assert coopsim(tmp_path, "schema").stdout == shipped.read_text()


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(world: Path) -> None:
    # The interrupt comes once a part has been written; the machine may be slow, so the number
    # of timelines is large enough never to be done by then.
    arguments = [str(COMMAND), "run", "small.yaml", "--runs", "200000", "--no-figures"]
    running = subprocess.Popen(
        [*arguments, "--workers", "2"],
        cwd=world, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not list(world.glob("results/*/firings/part-*.parquet")) and time.monotonic() < until:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    try:
        out, error = running.communicate(timeout=30)
    finally:
        running.kill()
    assert (running.returncode, out) == (1, "")
    assert error.startswith("coopsim: stopped: ")
    assert error.endswith("the same command continues from there\n")
    kept = {p: p.stat().st_mtime_ns for p in world.glob("results/*/firings/part-*.parquet")}
    done = coopsim(world, "run", "small.yaml", "--runs", "1000", "--no-figures", "--json")
    assert json.loads(done.stdout)["runs"] >= 1000
    assert {p: p.stat().st_mtime_ns for p in kept} == kept


@pytest.mark.slow
def test_output_that_nobody_reads_to_the_end_is_no_error(results: Path) -> None:
    done = subprocess.run(
        f"'{COMMAND}' summary small --json | head -n 1",
        shell=True, cwd=results, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_help_comes_at_once() -> None:
    # The commands' own modules are what is slow; none of them may be loaded to print help.
    code = (
        "import sys, coopsim.cli\n"
        "coopsim.cli.offering()\n"
        "slow = {'numpy', 'scipy', 'pyarrow', 'matplotlib', 'pydantic', 'simpy', 'yaml'}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_command_brings_its_own_module_alone() -> None:
    code = (
        "import sys; from coopsim.cli import offering; offering(['run', 'check', '--help']); "
        "print(*sorted(name for name in sys.modules if name.startswith('coopsim.cli.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    own = {"running"}
    shared = {"answering", "app", "completing", "failing", "options", "printing"}
    assert done.stdout.split() == sorted(f"coopsim.cli.{name}" for name in own | shared)


def test_each_command_is_in_the_module_that_is_said_to_have_it() -> None:
    app = offering()
    found = {
        str(one.name or getattr(one.callback, "__name__", "")): str(one.callback.__module__)
        for one in app.registered_commands
        if one.callback is not None
    }
    for group in app.registered_groups:
        assert group.typer_instance is not None
        first = group.typer_instance.registered_commands[0].callback
        assert first is not None
        found[str(group.typer_instance.info.name)] = first.__module__.rpartition(".")[0]
    said = {
        name: f"coopsim.cli.{module}" for panel in PANELS.values() for name, module in panel.items()
    }
    assert found == said


def test_the_command_seldom_looks_for_garbage_or_plugins_and_adds_up_in_one_thread(
    world: Path,
) -> None:
    code = (
        "import gc, os, sys; from coopsim.__main__ import main\n"
        "sys.argv = ['coopsim', '--version']\n"
        "names = ('OPENBLAS_NUM_THREADS', 'PYDANTIC_DISABLE_PLUGINS')\n"
        "try: main()\n"
        "finally: print(gc.get_threshold()[0], *map(os.environ.get, names))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=world, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1] == "250000 1 __all__"


SLOW = ["numba", "matplotlib", "scipy", "starlette", "uvicorn", "watchfiles", "jinja2", "dask"]
CHANGING = ["coopsim.scenario.changes.revising", "coopsim.scenario.changes.setting"]
FURTHER = [
    "coopsim.analysis.comparing.comparison",
    "coopsim.analysis.evidence.statements",
    "coopsim.analysis.precision",
    "coopsim.presentation.pages",
    "coopsim.simulation.workers.cluster",
]
THAW = str(Path(__file__).parents[1] / "scenarios" / "thaw.yaml")  # it has PERTs and lognormals


@pytest.mark.parametrize(
    ("arguments", "besides"),
    [
        (["--help"], ["numpy", "pydantic", "pyarrow", "simpy", "yaml", "llvmlite"]),
        (["check", THAW], ["numpy", "pyarrow", "simpy", "llvmlite", "rich", *CHANGING]),
        (["run", THAW, "--no-figures"], [*CHANGING, *FURTHER]),
    ],
)
def test_a_command_loads_nothing_slow_that_it_can_do_without(
    tmp_path: Path, arguments: list[str], besides: list[str]
) -> None:
    code = (
        f"import sys; sys.argv[1:] = {arguments}; from coopsim.__main__ import main\n"
        "try: main()\n"
        f"finally: print(*sorted({{*{SLOW + besides}}} & {{*sys.modules}}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "\n")
