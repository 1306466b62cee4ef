"""The track record from the command line: recorded, listed, resolved and verified in a month."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coopsim.cli import offering
from forecast_world import QUESTIONS, WORLD
from terminal import coopsim, installed

THEN = {"COOPSIM_NOW": "2026-07-01T12:00:00+00:00"}
NOW = {"COOPSIM_NOW": "2027-01-10T09:30:00+00:00"}
(FAMILY,) = offering().registered_groups
COMMANDS = [one.name for one in getattr(FAMILY.typer_instance, "registered_commands", ())]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a result and questions, and record a forecast there."""
    folder = tmp_path_factory.mktemp("forecast")
    (folder / "small.yaml").write_text(WORLD, encoding="utf-8")
    (folder / "forecasts").mkdir()
    (folder / "forecasts" / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    done = coopsim(folder, "run", "small.yaml", "--no-figures", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    done = installed(folder, "forecast", "record", "small", **THEN)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def sha256(folder: Path) -> str:
    text = (folder / "forecasts" / "2026-01-01-small.json").read_text("utf-8")
    digest: str = json.loads(text)["sha256"]
    return digest


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    done = coopsim(tmp_path, "forecast", command, "--help")
    assert done.returncode == 0
    assert f"Example: coopsim forecast {command}" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_the_family_follows_the_commands_and_lists_its_own(tmp_path: Path) -> None:
    listed = coopsim(tmp_path, "--help").stdout
    assert listed.index("Files") < listed.index("Track record") < listed.index(" forecast ")
    own = coopsim(tmp_path, "forecast", "--help").stdout
    assert "Example: coopsim forecast list --due" in own
    assert all(f" {command} " in own for command in COMMANDS)


def test_a_forecast_is_recorded_and_what_was_written_is_told(begun: Path) -> None:
    done = coopsim(begun, "forecast", "record", "small", "--as", "me", "--json", **THEN)
    (told,) = json.loads(done.stdout)
    path = begun / told["file"]
    assert json.loads(path.read_text("utf-8"))["sha256"] == told.pop("sha256")
    assert told == {
        "file": "forecasts/2026-01-01-me.json",
        "forecaster": "me",
        "made": "2026-07-01T12:00:00+00:00",
        "supersedes": None,
        "questions": {
            "decree": "exact", "flights": "exact", "treaty": "approximate", "mood": "exact",
            "moon": None,
        },
    }  # fmt: skip
    shown = coopsim(begun, "forecast", "record", "small", "--as", "you", **THEN).stdout
    digest = json.loads((begun / "forecasts" / "2026-01-01-you.json").read_text("utf-8"))["sha256"]
    assert shown == (
        "Forecast of you\n"
        "  questions  5 questions: 3 asked exactly, 1 roughly, 1 on which the model is\n"
        "             silent\n"
        "  known      what was known on 2026-01-01\n"
        "  made       2026-07-01 12:00 UTC\n"
        "  file       forecasts/2026-01-01-you.json\n"
        f"  SHA-256    {digest}\n"
        "\n"
        "The chain shows every later edit, and no time: commit the folder and publish it,\n"
        "which dates what was forecast.\n"
    )


@pytest.fixture
def folder(begun: Path, tmp_path: Path) -> Path:
    """Copy the folder as it was begun."""
    target = tmp_path / "forecasts"
    target.mkdir()
    for name in ("questions.yaml", "2026-01-01-small.json"):
        (target / name).write_bytes((begun / "forecasts" / name).read_bytes())
    first = (begun / "forecasts" / "ledger.jsonl").read_bytes().splitlines(keepends=True)[0]
    (target / "ledger.jsonl").write_bytes(first)
    return tmp_path


def test_a_month_later_questions_are_found_resolved_and_listed(folder: Path) -> None:
    due = coopsim(folder, "forecast", "list", "--due", **NOW).stdout
    assert due.splitlines()[:11] == [
        "Questions of a small world",
        "1 question, as of 2027-01-10",
        "",
        "mood: Is the mood good at the end of 2026?",
        "  open        2026-07-01 to 2026-12-31, closed 10 days ago",
        "  criterion   The poll says so.",
        "  decided by  The pollster",
        "  to resolve  `coopsim forecast resolve mood --answer DATE or no --source WHO",
        "              --seen WHAT`",
        due.splitlines()[9],
        "",
    ]
    assert due.splitlines()[9].startswith("  small       yes 28 ±2 % (")
    done = coopsim(
        folder, "forecast", "resolve", "mood", "--answer", "no", "--source", "The pollster",
        "--seen", "It was bad.", **NOW,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[:2] == [
        "mood: Is the mood good at the end of 2026?",
        "  resolved  no, 2026-12-31: It was bad. (The pollster)",
    ]
    assert coopsim(folder, "forecast", "list", "--due", **NOW).stdout.splitlines() == [
        "Questions of a small world",
        "0 questions, as of 2027-01-10",
        "",
        "Nothing has to be resolved within 30 days; the next question closes on",
        "2027-03-15.",
    ]
    listed = json.loads(coopsim(folder, "forecast", "list", "--json", **NOW).stdout)
    assert [(one["world"]["id"], one["stage"], one["days"]) for one in listed["items"]] == [
        ("decree", "open", 64), ("flights", "open", 355), ("treaty", "open", 721),
        ("moon", "open", 721), ("mood", "resolved", -10),
    ]  # fmt: skip


def test_what_is_due_depends_on_how_long_before(folder: Path) -> None:
    done = coopsim(folder, "forecast", "list", "--due", "--within", "64", "--json", **NOW)
    tree = json.loads(done.stdout)
    assert [one["world"]["id"] for one in tree["items"]] == ["mood", "decree"]
    assert [one["stage"] for one in tree["items"]] == ["overdue", "due"]


def test_where_all_questions_are_closed_nothing_is_due_and_none_closes_next(folder: Path) -> None:
    for identity in ("decree", "flights", "treaty", "mood", "moon"):
        coopsim(
            folder, "forecast", "resolve", identity, "--annul", "--source", "The operator",
            "--seen", "It was dissolved.", **NOW,
        )  # fmt: skip
    shown = coopsim(folder, "forecast", "list", "--due", **NOW).stdout
    assert shown.splitlines()[-1] == "Nothing has to be resolved within 30 days."


def test_all_questions_are_listed_by_how_far_they_are(folder: Path) -> None:
    coopsim(
        folder, "forecast", "resolve", "moon", "--annul", "--source", "The operator", "--seen",
        "It was dissolved.", **NOW,
    )  # fmt: skip
    shown = coopsim(folder, "forecast", "list", **NOW).stdout
    sections = ["Closed: to be resolved now", "Open", "Annulled"]
    assert [
        line.split("  ")[0] for line in shown.splitlines() if line.split("  ")[0] in sections
    ] == (sections)
    assert "annulled, 2027-01-10: It was dissolved. (The operator)" in shown
    assert "    two or more " in shown
    assert shown.endswith(
        "Fit: whether the model is asked just what the question asks, or only roughly; it\n"
        "is silent on some.\n"
    )


def test_a_question_is_told_in_detail(folder: Path) -> None:
    shown = coopsim(folder, "forecast", "list", "treaty", "moon", **NOW).stdout
    assert "  small       silent: The model has no Moon.\n" in shown
    assert "only roughly: Any treaty counts." in " ".join(shown.split())
    done = coopsim(folder, "forecast", "list", "tretay", **NOW)
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        (
            "coopsim: found 'tretay', expected the id of a question of forecasts; did you mean "
            "'treaty'?\n"
        ),
    )


def test_a_whole_folder_is_said_to_be_whole(folder: Path) -> None:
    done = coopsim(folder, "forecast", "verify", **NOW)
    line = json.loads((folder / "forecasts" / "ledger.jsonl").read_text("utf-8"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "forecasts is whole\n"
        "5 questions, 1 recorded forecast, 0 questions resolved, 1 act\n"
        "\n"
        "The last line of the chain has the hash\n"
        f"{line['hash']}.\n"
        "\n"
        "Everything is as it was written. The chain shows edits, not time: compare its\n"
        "last hash with one that was published.\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("list",),
        ("resolve", "decree", "--answer", "yes", "--source", "x", "--seen", "y"),
        ("record", "small", "--why", "x", "--results", "RESULTS"),
    ],
    ids=" ".join,
)
def test_every_command_verifies_first(folder: Path, begun: Path, words: tuple[str, ...]) -> None:
    path = folder / "forecasts" / "2026-01-01-small.json"
    digest = sha256(folder)
    path.write_text(path.read_text("utf-8").replace(digest, "0" * 64), encoding="utf-8")
    places = {"RESULTS": str(begun / "results")}
    done = coopsim(folder, "forecast", *(places.get(word, word) for word in words), **NOW)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"forecasts/2026-01-01-small.json: error: sha256: found '{'0' * 60}...', expected "
        f"{digest}: the record was edited\n1 error\n"
    )


@pytest.mark.parametrize("words", [(), ("--annul", "--dispute"), ("--answer", "yes", "--annul")])
def test_one_thing_is_said_of_a_question(folder: Path, words: tuple[str, ...]) -> None:
    done = coopsim(
        folder, "forecast", "resolve", "decree", *words, "--source", "x", "--seen", "y", **NOW
    )
    assert (done.returncode, done.stderr) == (
        2, "coopsim: give one of --answer, --annul and --dispute\n",
    )  # fmt: skip


def test_a_clock_set_by_hand_says_its_zone(folder: Path) -> None:
    done = coopsim(folder, "forecast", "verify", COOPSIM_NOW="tomorrow")
    assert (done.returncode, done.stderr) == (
        2,
        (
            "coopsim: COOPSIM_NOW: found 'tomorrow', expected a moment with its zone, such as "
            "2026-11-27T12:00:00+00:00\n"
        ),
    )


def test_nothing_that_a_file_says_moves_the_cursor(folder: Path) -> None:
    path = folder / "forecasts" / "questions.yaml"
    text = path.read_text("utf-8").replace("Does it fly to the Moon?", '"\\e[31mDoes it?\\u202e"')
    path.write_text(text, encoding="utf-8")
    for words in (("list",), ("list", "moon"), ("verify",)):
        done = coopsim(folder, "forecast", *words, **NOW)
        assert "\x1b" not in done.stdout + done.stderr
        assert "\u202e" not in done.stdout + done.stderr
