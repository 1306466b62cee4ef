"""Whatever plays in memory: the same with any number of threads, and stopped between two blocks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coopsim import api
from coopsim.errors import StoppedError
from small_world import small

RANGE = "events.idle.rate=0.1..0.4 per year"
Question = Callable[..., Any]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> api.Result:
    return api.run(small(), runs=1200, out=tmp_path_factory.mktemp("results"), workers=1)


QUESTIONS: dict[str, Question] = {
    "play": lambda _result, **how: api.play(small(), runs=2400, **how),
    "ask": lambda _result, **how: api.ask(small(), "end by 2030", runs=2400, **how),
    "sensitivity": lambda _result, **how: api.sensitivity(small(), ["end"], runs=300, **how),
    "epistemic": lambda _result, **how: api.epistemic(
        small(), ["end"], runs=300, replications=8, **how
    ),
    "inputs": lambda _result, **how: api.global_indices(small(), ["end"], runs=2400, **how),
    "explain": lambda _result, **how: api.explain(
        small(), small("events.idle.rate=0.4 per year", "events.end.rate=0.1 per year"),
        ["end", "ends"], runs=600, **how,
    ),
    "sweep": lambda _result, **how: api.sweep(small(), [RANGE], "ends", runs=300, points=8, **how),
    "ask until": lambda _result, **how: api.ask(
        small(), "launch by 2030", given=["end by 2027"], runs=100, until=2000, **how
    ),
    "given": lambda result, **how: api.given(result, ["end by 2030"], until=5000, **how),
    "discover": lambda result, **how: api.discover(result, "end by 2030", by="2026-12-31", **how),
}  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_the_threads_do_not_show(question: Question, result: api.Result) -> None:
    one, two = (question(result, workers=workers).to_json() for workers in (1, 2))
    assert one == two


# What is told after two blocks; the variants of the small world's 11 assumptions are 22 and itself.
STOPPED = {
    "play": "1,200 of 2,400 timelines were",
    "ask": "1,200 of 2,400 timelines were",
    "sensitivity": "600 of 6,900 timelines were",
    "epistemic": "600 of 2,400 timelines were",
    "inputs": "1,200 of 2,400 timelines were",
    "explain": "1,200 of 2,400 timelines were",
    "sweep": "600 of 2,400 timelines were",
    "ask until": "900 further timelines were",
    "given": "1,800 further timelines were",
    "discover": "1,200 further timelines were",
}


@pytest.mark.parametrize(("name", "stopped"), STOPPED.items())
def test_what_is_cancelled_stops_after_a_block_and_leaves_nothing(
    name: str,
    stopped: str,
    result: api.Result,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    held = sorted(result.folder.parent.rglob("*"))
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) == 2

    with pytest.raises(StoppedError) as raised:
        QUESTIONS[name](result, workers=1, cancelled=cancelled)
    assert str(raised.value) == f"stopped: {stopped} simulated; none is kept"
    assert len(asked) == 2
    assert sorted(result.folder.parent.rglob("*")) == held
    assert not list(tmp_path.iterdir())


def test_the_inputs_of_a_scenario_are_those_of_its_result(result: api.Result) -> None:
    read, played = (
        api.global_indices(result, ["end"]), api.global_indices(small(), ["end"], runs=1200)
    )  # fmt: skip
    assert read == played
    assert api.global_indices(result, ["end"], runs=600).runs == 600
