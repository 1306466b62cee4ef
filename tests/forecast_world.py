"""A small world with open questions of every kind, and a folder of forecasts made of it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from coopsim import api
from coopsim.api import Played

WORLD = """\
scenario: small
title: A small world
as_of: 2026-01-01
start: 2026-01-01
end: 2028-12-31
runs: 2000
seed: 7
drivers:
  mood:
    levels: [bad, good]
    initial: bad
    switches: {bad -> good: {rate: 0.4 per year}, good -> bad: {rate: 0.4 per year}}
    judgement: For a test.
events:
  decree: {rate: 0.5 per year, judgement: For a test.}
  treaty: {rate: 0.2 to 0.6 per year, judgement: For a test.}
  flight: {rate: 2 per year, repeat: true, judgement: For a test.}
outcomes:
  decreed: {event: decree}
"""
QUESTIONS = """\
title: Questions of a small world
opens: 2026-07-01  # after the scenario's start
questions:
  - id: decree
    question: Is the decree signed?
    by: 2027-03-15
    criterion: It is published.
    source: The gazette
    state: A draft is known.
    unchanged: no
    asked: {statement: "decree from {opens} to {by}", fit: exact}
  - id: flights
    question: How many flights are there in 2027?
    by: 2027-12-31
    kind: count
    options: [none, one, two or more]
    criterion: Lift-off.
    source: The operator
    asked:
      answers:
        one: flight = 1 in 2027
        none: flight = 0 in 2027
        two or more: rest
      fit: exact
  - id: treaty
    question: When is the treaty signed?
    by: 2028-12-31
    kind: date
    criterion: It is signed.
    source: The ministry
    asked:
      - {for: [other], silent: It has no treaty.}
      - {statement: "treaty from {opens} to {by}", fit: approximate, why: Any treaty counts.}
  - id: mood
    question: Is the mood good at the end of 2026?
    by: 2026-12-31
    criterion: The poll says so.
    source: The pollster
    asked: {statement: "mood = good on {by}", fit: exact}
  - id: moon
    question: Does it fly to the Moon?
    by: 2028-12-31
    criterion: It flies.
    source: The operator
    asked: {silent: The model has no Moon.}
"""
MADE = datetime(2026, 7, 1, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 10, 9, 30, tzinfo=UTC)


@cache
def played(runs: int = 2000) -> Played:
    """Play the small world, once."""
    return api.play(api.load_text(WORLD), runs=runs, workers=1)


def asked_in(folder: Path) -> Path:
    """Make a folder with the questions, and nothing recorded."""
    folder.mkdir(exist_ok=True)
    (folder / "questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    return folder


def recorded_in(folder: Path) -> Path:
    """Make a folder with a forecast."""
    api.record_forecasts([played()], asked_in(folder), now=MADE, workers=1)
    return folder


def whole_in(folder: Path) -> Path:
    """Make a folder with a forecast that was amended, one of another, and three resolutions."""
    recorded_in(folder)
    api.record_forecasts([played(1000)], folder, forecaster="other", now=MADE, workers=1)
    api.record_forecasts([played(1000)], folder, why="Fewer timelines.", now=LATER, workers=1)
    for identity, answer in (("decree", "2026-12-01"), ("mood", "no")):
        api.resolve_question(
            identity, answer, source="The gazette", seen="It was: so.", forecasts=folder, now=LATER
        )
    api.resolve_question(
        "mood", None, status="disputed", source="Another poll", seen="It says otherwise.",
        forecasts=folder, now=LATER,
    )  # fmt: skip
    return folder
