"""What a title, a name, a claim, a manifest or an argument holds is shown, and never obeyed."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from coopsim.printable import printable
from terminal import WORLD, Command, command
from test_printable import HIDDEN

pytestmark = pytest.mark.slow

__all__ = ["command"]

# As YAML writes it, in double quotes; markup of rich stands among it.
EVIL = "[red]" + "".join(
    f"\\U{ord(sign):08x}" for sign in HIDDEN.values() if not "\ud800" <= sign <= "\udfff"
)
SHOWN = "[red]"


CLAIMS = f"""\
source:
  kind: article
  title: "{EVIL}"
  publisher: "{EVIL}"
  author: "{EVIL}"
  url: null
  published: 2024-01-01
  published_note: "{EVIL}"
  file: x.txt
  sha256: {"0" * 64}
  language: en
  trust: "{EVIL}"
claims:
  - {{id: 1, line: 1, date: 2024-01-01, kind: observed, statement: "{EVIL}"}}
  - {{id: 2, line: 1, date: 2024-01-01, kind: observed, statement: "{EVIL}"}}
"""
HISTORY = f"""\
title: "{EVIL}"
known: 2029-12-31
questions:
  - {{id: a, title: "{EVIL}", event: vote, by: 2027-12-31, happened: true, sources: [press.1]}}
"""


@pytest.fixture
def evil(command: Command, tmp_path: Path) -> Command:
    """Give a folder with a scenario whose every text holds all that may not be printed."""
    text = re.sub(r"title: (.*?)([,}\n])", lambda at: f'title: "{EVIL} {at[1]}"{at[2]}', WORLD)
    text = text.replace("judgement: For a test.", f'judgement: "{EVIL}"')
    text = text.replace(", judgement:", ", sources: [press.1], judgement:")
    text = text.replace("{event: vote}", f'{{event: vote, title: "={EVIL}"}}')
    text = text.replace("runs: 60", f'runs: 60\ndescription: "{EVIL}"')
    (tmp_path / "small.yaml").write_text(text)
    (tmp_path / "other.yaml").write_text(
        f'scenario: other\ntitle: "{EVIL}"\nextends: small.yaml\n'
        "drivers: {mood: {initial: good}}\n"
    )
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "press.yaml").write_text(CLAIMS)
    (tmp_path / "seeds" / "history.yaml").write_text(HISTORY)
    for name in ("small", "other"):
        assert command("run", f"{name}.yaml", "-q", "--no-figures", "--runs", "2000").code == 0
    return command


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("run", "small.yaml"),
    ("check", "small.yaml", "other.yaml"),
    ("ls",),
    ("show", "small"),
    ("summary", "small"),
    ("summary", "small", "--csv"),
    ("compare", "small", "other", "--explain"),
    ("trace", "small", "--run", "3"),
    ("trace", "small", "other", "--run", "3"),
    ("causes", "small", "pact", "--runs", "50"),
    ("ask", "small", "pact", "--if", "vote by 2027"),
    ("given", "small", "--that", "vote by 2027"),
    ("discover", "small", "--outcome", "pact"),
    ("sensitivity", "small", "--runs", "100"),
    ("sensitivity", "small", "--outcome", "signed", "--runs", "100", "--method", "uncertainty"),
    ("sources", "small.yaml"),
    ("sources", "small.yaml", "--claim", "press.1"),
    ("sources", "small.yaml", "--unused"),
    ("score", "small", "--against", "seeds/history.yaml"),
    ("diff", "small", "other"),
    ("diff", "small", "other", "--paths"),
    ("explain", "small", "other", "--runs", "100"),
    ("sweep", "small", "--set", "events.pact.rate=0.1..0.3 per year", "--outcome", "signed",
     "--points", "2", "--runs", "100"),
)  # fmt: skip


def test_no_command_lets_a_sign_through(evil: Command) -> None:
    for arguments in COMMANDS:
        figures = () if {"--csv"} & {*arguments} else ("--no-figures",)
        takes = arguments[0] not in ("check", "ls", "show", "summary", "sources", "diff", "score")
        ended = evil(*arguments, *(figures if takes else ()))
        assert ended.code == 0, (arguments, ended.err)
        assert printable(ended.out) == ended.out, arguments
        assert printable(ended.err) == ended.err, arguments
    for shown in (("summary", "small"), ("sources", "small.yaml", "--claim", "press.1")):
        assert SHOWN in evil(*shown).out


def test_json_holds_the_signs_and_shows_none(evil: Command) -> None:
    for arguments in COMMANDS:
        if "--csv" in arguments:
            continue
        ended = evil(*arguments, "--json")
        assert printable(ended.out) == ended.out, arguments
        json.loads(ended.out)
    told = json.loads(evil("summary", "small", "--json").out)["outcomes"]["votes"]["title"]
    assert told.startswith("=[red]\x1b\x07\r\t")


def test_a_terminal_gets_no_moves_but_those_of_colours(
    evil: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    ended = evil("run", "small.yaml", "--no-figures")
    moves = re.compile(r"\x1b\[[0-9;]*[mKA]|\x1b\[\?25[lh]|\r(?=\x1b)")
    assert "\x1b[1m" in ended.out
    assert printable(moves.sub("", ended.out)) == moves.sub("", ended.out)
    assert "\x1b]" not in ended.err


def test_csv_has_no_formula_and_no_control_signs(evil: Command, tmp_path: Path) -> None:
    printed = evil("summary", "small", "--csv").out
    (folder,) = (tmp_path / "results").glob("small-*")
    assert printed == (folder / "summary.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(printed)))
    titles = {row["title"] for row in rows if row["outcome"] == "votes"}
    assert {title[:7] for title in titles} == {"'=[red]"}
    assert all(float(row["value"]) >= 0 for row in rows if row["measure"] == "probability")


def test_what_a_person_types_is_shown_and_not_obeyed(command: Command) -> None:
    typed = "x\x1b]0;t\x07\u202e\x9b2J"
    for arguments in (
        ["check", typed], ["run", typed], ["summary", typed], ["trace", typed],
        ["ls", "--results", typed], ["diff", typed, typed], ["init", typed], [typed],
        ["run", "small.yaml", f"--{typed}"],
        ["run", "small.yaml", "--set", typed], ["run", "small.yaml", "--set", f"title={typed}"],
        ["run", "small.yaml", "--keep", typed], ["run", "small.yaml", "--runs", typed],
        ["run", "small.yaml", "--on", typed], ["run", "small.yaml", "--out", typed],
        ["given", "small", "--that", typed], ["score", "small", "--against", typed],
        ["run", "small.yaml", "--precision", "0.1", "--precise", typed],
        ["sweep", "small.yaml", "--set", typed, "--outcome", typed],
        ["sensitivity", "small.yaml", "--outcome", typed],
        ["causes", "small.yaml", typed, "--runs", "9"],
        ["discover", "small", "--outcome", typed], ["sources", "small.yaml", "--claim", typed],
    ):  # fmt: skip
        alone = ["--no-figures"] if arguments[0] == "run" else []
        ended = command(*arguments, *alone)
        assert printable(ended.out + ended.err) == ended.out + ended.err, arguments
        assert "Traceback" not in ended.err
        assert ended.out + ended.err


def test_names_of_files_are_shown_and_not_obeyed(command: Command, tmp_path: Path) -> None:
    (tmp_path / "results" / "x\x1b[2J\u202e").mkdir(parents=True)
    ended = command("ls")
    assert ended.err == "results/x\ufffd[2J\ufffd is not a result: it has no manifest.json\n"


def test_what_a_manifest_holds_is_shown_and_not_obeyed(command: Command, tmp_path: Path) -> None:
    assert command("run", "small.yaml", "-q", "--no-figures").code == 0
    (path,) = (tmp_path / "results").glob("*/manifest.json")
    tree = json.loads(path.read_text())
    evil = "\x1b]0;t\x07[red]\u202e"
    versions = {evil: evil, "coopsim": tree["versions"]["coopsim"]}
    more = {
        "engine": evil,
        "cross_check": evil,
        "source_commit": evil,
        "sets": [evil],
        "versions": versions,
    }
    path.write_text(json.dumps({**tree, **more}))
    for arguments in (["ls"], ["show", "small"], ["show", "small", "--json"], ["ls", "--json"]):
        ended = command(*arguments)
        assert ended.code == 0
        assert printable(ended.out) == ended.out
    assert "\ufffd]0;t\ufffd[red]\ufffd" in command("show", "small").out
