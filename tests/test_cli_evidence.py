"""`coopsim sources` and `coopsim score`, run as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminal import coopsim

ROOT = Path(__file__).parent.parent
SCENARIO = """\
scenario: small
start: 2020-01-01
end: 2025-08-05
runs: 50
seed: 7
events:
  flight: {rate: 1 per year, sources: [press.1], judgement: The rate is ours.}
  ban: {date: 2022-01-01, sources: [press.2]}
outcomes:
  flies: {event: flight}
"""
PRESS = """\
source: {kind: article, title: The papers, url: "https://example.org/papers"}
claims:
  - {id: 1, date: 2019, statement: It may fly.}
  - {id: 2, date: 2019, statement: A ban., numbers: [{what: ban, value: 2022, unit: year}]}
  - {id: 3, date: 2019, statement: Nobody cites this.}
"""
HISTORY = """\
title: What became of it
known: 2025-08-05
questions:
  - {id: flies, title: It flies, event: flight, date: 2021-05-01, sources: [press.1]}
  - {id: ban, title: The ban, event: ban, by: 2021-12-31, happened: false, sources: [press.2]}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with a scenario, claims, a history and a result."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "seeds").mkdir()
    (folder / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    (folder / "seeds" / "press.yaml").write_text(PRESS, encoding="utf-8")
    (folder / "seeds" / "history.yaml").write_text(HISTORY, encoding="utf-8")
    done = coopsim(folder, "run", "small.yaml", "--no-figures", "--quiet")
    assert done.returncode == 0, done.stderr
    return folder


def test_sources_traces_every_number(folder: Path) -> None:
    done = coopsim(folder, "sources", "small.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  rate   1 per year  ours, on claims\n" in done.stdout
    assert "    press.1: It may fly.\n    judgement: The rate is ours.\n" in done.stdout
    assert (
        "2 numbers: 1 stated by a source, 0 stated by a base rate, 1 ours, led by claims"
        in done.stdout
    )


def test_sources_as_json(folder: Path) -> None:
    tree = json.loads(coopsim(folder, "sources", "small.yaml", "--json").stdout)
    found = {one["path"]: one["basis"] for one in tree["assumptions"]}
    assert found == {
        "start": "part of the question",
        "end": "part of the question",
        "events.flight.rate": "judgement on cited claims",
        "events.ban.date": "stated by a source",
    }


def test_an_assumption_that_is_set_is_traced_too(folder: Path) -> None:
    done = coopsim(folder, "sources", "small.yaml", "--set", "events.ban.date=2023-01-01", "--json")
    assert json.loads(done.stdout)["totals"]["stated by a source"] == 0


def test_the_other_way_round(folder: Path) -> None:
    done = coopsim(folder, "sources", "small.yaml", "--claim", "press.2")
    assert done.returncode == 0
    assert done.stdout.startswith(
        "press.2: A ban.\nclaim of 2019, article: The papers\nhttps://example.org/papers\n"
    )
    assert done.stdout.endswith("  events.ban.date  2022-01-01\n")
    tree = json.loads(coopsim(folder, "sources", "small.yaml", "--claim", "press", "--json").stdout)
    assert tree["rests"] == ["events.flight.rate", "events.ban.date"]


def test_what_nobody_cites(folder: Path) -> None:
    done = coopsim(folder, "sources", "small.yaml", "--unused")
    assert done.stdout.startswith("1 of 3 claims: nothing in small rests on them\n")
    listed = json.loads(coopsim(folder, "sources", "small.yaml", "--unused", "--json").stdout)
    assert [one["id"] for one in listed] == ["press.3"]


def test_wrong_use_of_sources_is_told_on_standard_error(folder: Path, tmp_path: Path) -> None:
    done = coopsim(folder, "sources", "small.yaml", "--claim", "pres.2")
    expected = (
        "coopsim: found 'pres.2', expected the id of a claim in seeds/: press.1, press.2, press.3 "
        "or press; did you mean "
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{expected}'press.2'?\n"
    both = coopsim(folder, "sources", "small.yaml", "--claim", "press.2", "--unused")
    assert both.returncode == 2
    assert "use --claim or --unused, not both" in both.stderr
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c" / "alone.yaml").write_text(SCENARIO, encoding="utf-8")
    alone = coopsim(tmp_path / "a" / "b" / "c", "sources", "alone.yaml")
    assert (alone.returncode, alone.stderr) == (
        2,
        "coopsim: alone.yaml has no claims: there is no folder `seeds` beside its own\n",
    )


def test_sources_of_a_scenario_without_claims_need_no_folder_of_them(tmp_path: Path) -> None:
    text = SCENARIO.replace("sources: [press.1], ", "").replace(
        "sources: [press.2]", 'why: "[https://example.org/ban | A ban | 2019]"'
    )
    (tmp_path / "alone.yaml").write_text(text, encoding="utf-8")
    done = coopsim(tmp_path, "sources", "alone.yaml")
    assert (done.returncode, done.stderr) == (0, "")
    assert "    page of 2019: A ban, https://example.org/ban\n" in done.stdout
    assert (
        "2 numbers: 0 stated by a source, 0 stated by a base rate, 1 ours, led by claims"
        in done.stdout
    )


def test_a_broken_claim_is_told_like_a_broken_scenario(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    broken = PRESS.replace("id: 3", "id: three")
    (tmp_path / "seeds" / "press.yaml").write_text(broken, encoding="utf-8")
    done = coopsim(tmp_path, "sources", "small.yaml")
    assert done.returncode == 2
    assert done.stderr == (
        "seeds/press.yaml:5: error: claims.2.id: found 'three', expected a whole number from 1 on; "
        "write `3`\n"
        "1 error\n"
    )


@pytest.mark.slow
def test_score_holds_a_result_against_what_happened(folder: Path) -> None:
    done = coopsim(folder, "score", "small", "--against", "seeds/history.yaml", "--foil", "small")
    assert (done.returncode, done.stderr) == (0, "")
    first, *lines = done.stdout.splitlines()
    assert first.endswith("against: What became of it")
    assert any(line.startswith("  Brier score") for line in lines)
    assert any(line.startswith("  It flies") and "2021-05-01" in line for line in lines)


def test_scores_as_json(folder: Path) -> None:
    done = coopsim(folder, "score", "small", "--against", "seeds/history.yaml", "--json")
    tree = json.loads(done.stdout)
    assert list(tree["questions"]) == ["flies", "ban"]
    assert tree["questions"]["ban"]["probability"] == 0.0
    assert tree["means"]["brier"]["questions"] == 2


def test_a_history_that_does_not_fit_is_told_with_its_line(folder: Path) -> None:
    wrong = HISTORY.replace("event: ban", "event: bann")
    (folder / "wrong.yaml").write_text(wrong, encoding="utf-8")
    done = coopsim(folder, "score", "small", "--against", "wrong.yaml")
    assert done.returncode == 2
    assert done.stderr == (
        "wrong.yaml:5: error: questions.1.event: found 'bann', expected an event of small: "
        "flight or ban; did you mean 'ban'?\n1 error\n"
    )


def test_the_shipped_history_is_answered_by_the_backtest(tmp_path: Path) -> None:
    backtest = str(ROOT / "scenarios" / "backtest_2014.yaml")
    done = coopsim(tmp_path, "run", backtest, "--runs", "20", "--no-figures", "--quiet")
    assert done.returncode == 0, done.stderr
    history = str(ROOT / "seeds" / "history.yaml")
    scored = coopsim(tmp_path, "score", "backtest_2014", "--against", history, "--json")
    assert scored.returncode == 0, scored.stderr
    assert len(json.loads(scored.stdout)["questions"]) >= 25


STATED = """\
title: Stated
known: 2024-12-31
questions:
  - {id: second, title: Again, statement: second ban by 2023, happened: false, sources: press.1}
  - {id: early, title: No early flight, statement: not flight by 2020, happened: true,
     sources: press.1}
"""


def test_statements_are_scored(folder: Path) -> None:
    (folder / "seeds" / "stated.yaml").write_text(STATED, encoding="utf-8")
    done = coopsim(folder, "score", "small", "--against", "seeds/stated.yaml", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    tree = json.loads(done.stdout)
    second = tree["questions"]["second"]
    assert (second["by"], second["happened"], second["probability"]) == ("2023-12-31", False, 0.0)
    assert set(second["scores"]) == {"brier", "log"}
    assert tree["means"]["brier"]["questions"] == 2


def test_a_statement_that_names_nothing_is_told_with_its_character(folder: Path) -> None:
    text = STATED.replace("second ban by", "second bann by")
    (folder / "seeds" / "stated.yaml").write_text(text, encoding="utf-8")
    done = coopsim(folder, "score", "small", "--against", "seeds/stated.yaml")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "seeds/stated.yaml:4: error: questions.0.statement: found `bann` at character 8 of `second "
        "bann by 2023`, expected an event or an outcome: flight, ban or flies; did you mean "
        "'ban'?\n1 error\n"
    )
