"""The pages of `coopsim sources`: whole texts of a small world, at 80 columns and at 60."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopsim.presentation.views.sources import claim_view, sources_view, unused_view
from coopsim.scenario.loading import load
from coopsim.scenario.sources.claims import read_claims
from coopsim.scenario.sources.support import Support, support
from shown import printed

PRESS = """\
source:
  kind: article
  title: The papers
  trust: Good.
  publisher: The Daily
  publisher_kind: state-funded
  url: https://example.org/papers
claims:
  - id: 1
    line: 7
    date: 2025-07
    kind: commitment
    statement: The station is kept until 2028.
    numbers: [{what: end, value: 2028, unit: year}]
    contradicts: [memory.1]
    ruling: Followed, being written down.
  - {id: 2, date: 2025, statement: Nobody cites this.}
"""
MEMORY = """\
source: {kind: base rate, title: What we recall}
claims:
  - id: 1
    date: 2024
    statement: The station is kept until 2026.
    verified: "no"
    grade: memory
    contradicts: [press.1]
    ruling: Not followed.
"""
SCENARIO = """\
scenario: small
title: A small world
start: 2026-01-01
end: 2040-12-31
references:
  slow: {lognormal: [2.2, 0.68], judgement: A guess.}
events:
  station_ends:
    title: The station ends
    date: {planned: 2028-12-31, growth: {like: slow}}
    sources: [press.1, memory]
    judgement: The day is stated, the growth is ours.
outcomes:
  ended: {event: station_ends}
"""


@pytest.fixture
def found(tmp_path: Path) -> Support:
    (tmp_path / "seeds").mkdir()
    for name, text in (("press", PRESS), ("memory", MEMORY)):
        (tmp_path / "seeds" / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return support("small", load(path).tree, read_claims(tmp_path / "seeds"))


def test_numbers_stand_under_their_entry_with_what_they_rest_on(found: Support) -> None:
    expected = """\
What small assumes, and on what grounds

scenario: A small world
  start                  2026-01-01  asked
  end                    2040-12-31  asked

references.slow
  lognormal.0                   2.2  ours
  lognormal.1                  0.68  ours
    judgement: A guess.

events.station_ends: The station ends
  date.planned           2028-12-31  stated
  date.growth.like  references.slow  reference
    press.1 (state-funded): The station is kept until 2028.
    memory, as a whole: What we recall
    judgement: The day is stated, the growth is ours.

3 numbers: 1 stated by a source, 0 stated by a base rate, 0 ours, led by claims,
2 by judgement alone, 0 without any support; and 2 that are part of the
questions.

stated, base rate: a cited claim gives exactly this number, from an article with
an address or a base rate. ours: no claim gives it; it is a judgement, with or
without claims or pages that point to it. asked: it is part of a question, not
of the model of the world."""
    assert printed(sources_view(found)).rstrip() == expected


def test_a_claim_with_what_contradicts_it_and_what_rests_on_it(found: Support) -> None:
    expected = """\
press.1: The station is kept until 2028.
commitment of 2025-07, article: The papers, line 7
publisher: The Daily (state-funded); https://example.org/papers

It states
  end: 2028 (year)

Contradicted by
    memory.1 (memory): The station is kept until 2026.

Ruling
  Followed, being written down.

Rests on it in small: 2
  events.station_ends.date.planned      2028-12-31
  events.station_ends.date.growth.like  slow"""
    assert printed(claim_view(found, "press.1")).rstrip() == expected


def test_a_claim_from_memory_says_so(found: Support) -> None:
    text = printed(claim_view(found, "memory.1"))
    assert "\nclaim of 2024, base rate: What we recall\ngrade: memory, seen in no source\n" in text
    assert "\n  from memory, not verified\n" in text


def test_an_article_that_nobody_can_look_up_says_so(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    text = PRESS.replace("  url: https://example.org/papers\n", "  grade: secondary\n")
    for name, content in (("press", text), ("memory", MEMORY)):
        (tmp_path / "seeds" / f"{name}.yaml").write_text(content, encoding="utf-8")
    path = tmp_path / "small.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    found = support("small", load(path).tree, read_claims(tmp_path / "seeds"))
    page = printed(claim_view(found, "press.1"))
    assert page.startswith("""\
press.1: The station is kept until 2028.
commitment of 2025-07, article: The papers, line 7
publisher: The Daily (state-funded); grade: secondary, a copy or digest of
another source; no address, so it cannot count as the source of a number

""")
    assert "press.1 (state-funded, secondary): The station" in printed(sources_view(found))


def test_a_whole_source_with_its_trust(found: Support) -> None:
    expected = """\
press: The papers
article; Good.
publisher: The Daily (state-funded); https://example.org/papers

Rests on it in small: 2
  events.station_ends.date.planned      2028-12-31
  events.station_ends.date.growth.like  slow"""
    assert printed(claim_view(found, "press")).rstrip() == expected


def test_claims_on_which_nothing_rests(found: Support) -> None:
    expected = """\
1 of 3 claims: nothing in small rests on them

press: The papers
    press.2 (state-funded): Nobody cites this."""
    assert printed(unused_view(found)).rstrip() == expected


def test_a_narrow_terminal_keeps_every_value_whole(found: Support) -> None:
    text = printed(sources_view(found), 50).rstrip()
    assert max(map(len, text.splitlines())) <= 50
    assert "2028-12-31  stated" in text


GROUPED = """\
scenario: grouped
start: 2026-01-01
end: 2030-12-31
references: {often: {value: 2 per year, judgement: A guess.}}
drivers:
  mood: {levels: [low, high], initial: {low: 0.4, high: 0.6}, group: Politics, judgement: A guess.}
events:
  flight: {rate: {like: often}, group: Flights, judgement: A guess.}
  meeting: {rate: 1 per year, when: {mood: high}, group: Politics, judgement: A guess.}
  loss: {rate: 3 per year, judgement: A guess.}
outcomes:
  flies: {event: flight, by: 2029-12-31}
"""


def test_entries_stand_by_group_where_there_are_groups(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    path = tmp_path / "grouped.yaml"
    path.write_text(GROUPED, encoding="utf-8")
    found = support("grouped", load(path).tree, read_claims(tmp_path / "seeds"))
    sections = sources_view(found).sections
    assert [section.title for section in sections] == [
        "Time", "scenario",
        "References", "references.often",
        "Group: Politics", "drivers.mood", "events.meeting",
        "Group: Flights", "events.flight",
        "Events in no group", "events.loss",
        "Questions", "outcomes.flies",
    ]  # fmt: skip
    assert [section.title for section in sections if not section.rows] == [
        "Time", "References", "Group: Politics", "Group: Flights", "Events in no group",
        "Questions",
    ]  # fmt: skip
    told = {one["path"]: one["group"] for one in found.to_json()["assumptions"]}
    assert told == {
        "start": None,
        "end": None,
        "references.often.value": None,
        "drivers.mood.initial.low": "Politics",
        "drivers.mood.initial.high": "Politics",
        "events.flight.rate.like": "Flights",
        "events.meeting.rate": "Politics",
        "events.loss.rate": None,
        "outcomes.flies.by": None,
    }
