"""What Tab offers, asked as the shells ask: by Typer's environment variables."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from coopsim.scenario.loading import load
from coopsim.scenario.sources.assumptions import assumptions
from terminal import COMMAND, Done, coopsim

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = """\
scenario: small
title: A small world
start: 2025-01-01
end: 2030-12-31
drivers:
  mood:
    title: The mood
    levels: [bad, good]
    initial: bad
    switches: {bad -> good: {rate: 0.3 per year}}
    why: 3 reasons.
events:
  vote: {title: "A vote: $(reboot) `x` 'y'", date: 2026-01-01 to 2028-01-01, why: Ours.}
  pact:
    rate: {by: mood, bad: 0.1 per year, good: 0.2 per year}
    when: vote
    outcomes: {holds: {chance: 70 %}, breaks: {chance: rest}}
    why: Ours.
  $(reboot): {date: 2026-01-01, why: Ours.}
outcomes:
  votes: {event: vote, title: The vote}
  signed: {event: pact, by: 2029-12-31}
"""
CHILD = """\
scenario: child
extends: small.yaml
events:
  pact: {rate: 0.5 per year}
  vote: null
  talks: {date: 2027-01-01, why: Ours.}
outcomes: {votes: null, talks: {event: talks}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("completing")
    texts = {
        "small.yaml": SCENARIO,
        "broken.yaml": "scenario: broken\nevents: [\n",
        "claims.yaml": "source: {title: T}\nclaims: []\n",
        "mine/child.yaml": CHILD.replace("small.yaml", "parent.yaml"),
        "mine/parent.yaml": SCENARIO,
        "mine/my scenario.yaml": SCENARIO,
        "results/small-11111111/scenario.yaml": SCENARIO,
        "results/small-22222222/scenario.yaml": SCENARIO.replace("signed:", "agreed:"),
        "results/small-33333333/notes.txt": "no result",
        "shelf/thaw-99999999/scenario.yaml": SCENARIO,
        "forecasts/questions.yaml": "questions: [{id: q1, question: Is it?}, {id: p2}]\n",
        "mine/questions.yaml": "questions: [{id: own}, {id: $(reboot)}]\n",
    }
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if path.name == "scenario.yaml":
            (path.parent / "manifest.json").touch()
            seconds = 9 if "2222" in name else 1
            os.utime(path.parent / "manifest.json", (seconds, seconds))
    return folder


def asked(folder: Path, line: str) -> Done:
    """Ask as bash does; the last word is what is typed so far."""
    count = str(len(line.split(" ")) - 1)
    words = {"COMP_WORDS": line, "COMP_CWORD": count, "_COOPSIM_COMPLETE": "complete_bash"}
    return coopsim(folder, **words)


def offered(folder: Path, line: str) -> list[str]:
    done = asked(folder, line)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split("\n")[:-1] if done.stdout.strip() else []


RESULTS = ["small", "small-11111111", "small-22222222"]
FILES = ["broken.yaml", "mine/child.yaml", "mine/parent.yaml", "small.yaml"]
PATHS = [
    "drivers.mood.initial",
    "events.vote.date",
    "events.pact.rate.bad",
    "events.pact.rate.good",
    "events.pact.outcomes.holds.chance",
]


@pytest.mark.parametrize(
    ("line", "offers"),
    [
        ("coopsim sen", ["sensitivity"]),
        ("coopsim run ", FILES),
        ("coopsim run s", ["small.yaml"]),
        ("coopsim run mine/", ["mine/child.yaml", "mine/parent.yaml"]),
        ("coopsim run nowhere/", []),
        ("coopsim check small.yaml mine/c", ["mine/child.yaml"]),
        ("coopsim fmt s", ["small.yaml"]),
        ("coopsim sources s", ["small.yaml"]),
        ("coopsim show ", RESULTS),
        ("coopsim show small-2", ["small-22222222"]),
        ("coopsim show --results shelf ", ["thaw", "thaw-99999999"]),
        ("coopsim compare small sma", RESULTS),
        ("coopsim trace s", ["small.yaml", *RESULTS]),
        ("coopsim diff small.yaml m", ["mine/child.yaml", "mine/parent.yaml"]),
        ("coopsim run small.yaml --precise ", ["votes", "signed"]),
        ("coopsim sensitivity small.yaml --outcome si", ["signed"]),
        ("coopsim sensitivity small-11111111 --outcome si", ["signed"]),
        ("coopsim sensitivity small --outcome ", ["votes", "agreed"]),  # of the newest
        ("coopsim sensitivity mine/child.yaml --outcome ", ["signed", "talks"]),
        ("coopsim sensitivity --runs 9 small.yaml --outcome v", ["votes"]),
        ("coopsim discover small --outcome ", ["votes", "agreed", "mood", "vote", "pact"]),
        ("coopsim given small --that m", ["mood"]),
        ("coopsim ask small p", ["pact"]),
        ("coopsim trace small.yaml --where p", ["pact"]),
        ("coopsim trace small.yaml --typical s", ["signed"]),
        ("coopsim causes small.yaml ", ["vote", "pact"]),
        ("coopsim run small.yaml --set ", [f"{path}=" for path in PATHS]),
        ("coopsim run mine/child.yaml --set events.", ["events.pact.rate=", *(
            f"events.{path}=" for path in ("pact.outcomes.holds.chance", "talks.date"))]),
        ("coopsim sensitivity small.yaml --only events.pact.r", PATHS[2:4]),
        ("coopsim run --set ", []),
        ("coopsim run broken.yaml --set ", []),
        ("coopsim run claims.yaml --set ", []),
        ("coopsim run nowhere.yaml --precise ", []),
        ("coopsim show --results nowhere ", []),
        ("coopsim fore", ["forecast"]),
        ("coopsim forecast li", ["list"]),
        ("coopsim forecast list ", ["q1", "p2"]),
        ("coopsim forecast resolve --forecasts mine ", ["own"]),
        ("coopsim forecast resolve --forecasts nowhere q", []),
        ("coopsim forecast record small-2", ["small-22222222"]),
    ],
)  # fmt: skip
def test_a_word_is_completed(line: str, offers: list[str], folder: Path) -> None:
    assert offered(folder, line) == offers


def test_what_a_shell_would_evaluate_is_never_offered(folder: Path) -> None:
    for shell in ("zsh", "fish"):
        asking = {
            "_COOPSIM_COMPLETE": f"complete_{shell}",
            "_TYPER_COMPLETE_ARGS": "coopsim causes small.yaml ",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        }
        done = coopsim(folder, **asking)
        assert (done.returncode, done.stderr) == (0, "")
        assert "A vote reboot x y" in done.stdout
        assert "pact" in done.stdout
        assert not set("$`'") & set(
            done.stdout.replace("_arguments '*: :((", "").replace("))'", "")
        )


def test_every_path_of_a_plain_name_is_offered_where_there_is_one() -> None:
    """What is offered is a sketch; it may hold more than the assumptions, but none may lack."""
    for name in ("space", "treaty", "programme", "blank"):
        path = f"templates/{name}.yaml"
        found = {one.path for one in assumptions(load(ROOT / path).tree)}
        plain = {one for one in found if " " not in one and one.count(".") > 1}
        asked_of = {one for one in plain if not one.startswith("outcomes.")}
        offers = {one.removesuffix("=") for one in offered(ROOT, f"coopsim run {path} --set ")}
        assert asked_of <= offers
        assert len(offers) <= len(asked_of) + 4


def test_nothing_slow_is_loaded_for_it(folder: Path) -> None:
    code = (
        "import sys, contextlib\n"
        "sys.argv = ['coopsim']\n"
        "from coopsim.cli import main\n"
        "with contextlib.suppress(SystemExit):\n"
        "    main()\n"
        "slow = {'numpy', 'scipy', 'pyarrow', 'matplotlib', 'simpy', 'numba', 'rich'}\n"
        "rooms = ('api', 'analysis', 'simulation', 'scenario.spec')\n"
        "slow |= {f'coopsim.{room}' for room in rooms}\n"
        "print(sorted(slow & set(sys.modules)))"
    )
    line = "coopsim run small.yaml --set events.v"
    words = {"COMP_WORDS": line, "COMP_CWORD": "4", "_COOPSIM_COMPLETE": "complete_bash"}
    done = subprocess.run(
        [str(COMMAND.with_name("python")), "-c", code],
        cwd=folder, env={**os.environ, **words}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "events.vote.date=\n[]\n"


def test_each_shell_is_told_how_to_ask(folder: Path) -> None:
    for shell, words in (
        ("bash", "complete -o default -F _coopsim_completion coopsim"),
        ("zsh", "compdef _coopsim_completion coopsim"),
        ("fish", "complete --command coopsim --no-files"),
    ):
        done = coopsim(folder, _COOPSIM_COMPLETE=f"source_{shell}")
        assert (done.returncode, done.stderr) == (0, "")
        assert words in done.stdout


@pytest.mark.slow
def test_bash_completes_by_it(folder: Path) -> None:
    script = (
        f'export PATH="{COMMAND.parent}:$PATH"\n'
        'eval "$(_COOPSIM_COMPLETE=source_bash coopsim)"\n'
        "COMP_WORDS=(coopsim run small.yaml --set events.v) COMP_CWORD=4\n"
        "_coopsim_completion coopsim\n"
        'printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("events.vote.date=\n", "")
