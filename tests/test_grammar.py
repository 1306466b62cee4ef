"""Every place of the grammar, as it shows from outside: merged, hashed, compared and listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from coopsim.scenario.changes.differences import differences
from coopsim.scenario.changes.merging import merge
from coopsim.scenario.grammar import (
    FILE_KEYS,
    PLACES,
    SHORT_KEYS,
    WHY,
    Form,
    GrammarRow,
    Merging,
    Role,
)
from coopsim.scenario.identity import firing_hash, question_hash
from coopsim.scenario.loading import load_data
from coopsim.scenario.notation.questions import QUESTION_KINDS
from coopsim.scenario.sources.assumptions import assumptions
from coopsim.scenario.sources.claims import citations
from coopsim.scenario.spec import Question, Scenario
from coopsim.scenario.text.reading import dotted
from coopsim.scenario.text.tree import Map, from_data, plain, walk
from coopsim.scenario.text.yaml_text import read_text

EVERY_PLACE = """\
scenario: every_place
title: Every place
description: Each key that there is, once at least.
as_of: 2020-01-01
start: 2021-01-01
end: 2060-12-31
runs: 10
seed: 3
references:
  slow: {title: S, description: S., sources: [a.1], judgement: J., value: 2 to 3,
    luck: l, share: 0.5}
  paces:
    why: Made up.
    pace: [{when: {climate: cool}, times: 2}, {by: climate, cool: 3}, {like: more}]
  more: {pace: [{when: {}, times: 1.5}]}
drivers:
  climate:
    title: Climate
    description: How things stand.
    sources: [a.2]
    judgement: Made up.
    levels: [cool, warm]
    more_cooperation: last
    initial: {cool: 0.5, warm: 0.5}
    switches:
      cool -> warm:
        title: Thaw
        description: It thaws.
        sources: [a.3]
        judgement: Made up.
        takes: {planned: 1 year, growth: {like: slow}}
        upon: {climate: {falls_to: cool}}
        when: {climate: cool}
        unless: {pact: true}
        after: {pact: 1 month to 2 months}
        from: 2022
        until: 2050
        window: {opens: 2023-01-01, every: 1 year, lasts: 1 month}
        pace: [{when: {climate: cool}, times: 2}, {by: climate, cool: 3}, {like: paces}]
        memory: enabling
      warm -> cool: {rate: {by: climate, cool: 1 per year}, why: Made up.}
  wind: {levels: [weak, strong], initial: weak, group: Weather, plan: storm, why: Made up.}
events:
  pact:
    title: Pact
    description: A pact.
    sources: [a.4, a.5]
    judgement: Made up.
    date: {by: climate, cool: {planned: 2030, growth: 1 to 2}, warm: 2031}
    when: {climate: cool}
    unless: {climate: warm}
    after: {visit: 1 year}
    from: 2022
    until: 2050
    window: {open: [[2023-01-01, 2040-01-01]]}
    pace: [{when: {climate: cool}, times: 2}, {by: climate, cool: 3}, {like: paces}]
    memory: age
    sets: {climate: warm}
    shifts: {climate: 1}
    outcomes:
      signed:
        title: Signed
        description: It is signed.
        sources: [a.6]
        judgement: Made up.
        chance: {by: climate, cool: 0.2, warm: 0.3}
        sets: {climate: warm}
        shifts: {climate: 1}
      refused: {chance: rest, why: Made up.}
    odds: [{when: {climate: cool}, times: {signed: 2}}]
  visit: {takes: 1 to 2 years, upon: {climate: [cool]}, repeat: true, judgement: Made up.}
  storm: {rate: 1 per year, group: Weather, why: Made up.}
plans:
  storm:
    title: Forecast
    description: When the storm is expected.
    group: Weather
    sources: [a.7]
    judgement: Made up.
    official: 2030
    event: storm
    reviews: every 1 year
    slips: {none: 0.5, a year: rest}
    pace: [{when: {climate: cool}, times: 2}, {by: climate, cool: 3}, {like: paces}]
    odds: [{when: {climate: cool}, times: {none: 2}}]
  visit: {official: 2031, event: visit, reviews: every 1 year, slips: {none: 1}, why: Made up.}
outcomes:
  pact: {event: pact, outcome: signed, by: 2040, title: Pact, description: A pact., headline: true}
  last: {last: visit}
  count: {count: visit}
  gap: {between: [visit, pact]}
  first: {first_of: [visit, pact]}
  all: {all_of: [visit, pact]}
  climate: {driver: climate}
  mood: {index: [{when: {climate: cool}, weight: 2}]}
"""

# Place; what happens to a mapping that merging puts over the parent's (- where none may stand);
# whether the hash moves with what stands there; whether scenarios differ by it, as a whole or in
# parts; and the kinds of the numbers there in the scenario above.
EXPECTED = """\
-                                  joined    firings    parts   -
scenario                           -         unhashed   unseen  -
title                              -         unhashed   unseen  -
description                        -         unhashed   unseen  -
as_of                              -         unhashed   unseen  date
start                              -         firings    whole   date
end                                -         firings    whole   date
runs                               -         unhashed   unseen  -
seed                               -         unhashed   unseen  -
references                         joined    firings    parts   -
references.*                       replaced  firings    whole   -
references.*.value                 replaced  firings    whole   factor
references.*.luck                  -         firings    whole   -
references.*.share                 -         firings    whole   share
references.*.pace                  -         firings    whole   -
references.*.pace.#                replaced  firings    whole   factor
references.*.pace.#.when           replaced  firings    whole   -
references.*.pace.#.times          -         firings    whole   factor
references.*.pace.#.by             -         firings    whole   -
references.*.pace.#.like           -         firings    whole   factor
drivers                            joined    firings    parts   -
drivers.*                          joined    firings    parts   -
drivers.*.plan                     -         unhashed   unseen  -
drivers.*.levels                   -         firings    whole   -
drivers.*.more_cooperation         -         unhashed   unseen  -
drivers.*.initial                  replaced  firings    whole   chance
drivers.*.switches                 joined    firings    parts   -
drivers.*.switches.*               joined    firings    parts   -
events                             joined    firings    parts   -
events.*                           joined    firings    parts   -
events.*.date                      table     firings    parts   date,factor
events.*.repeat                    -         firings    whole   -
events.*.outcomes                  joined    firings    parts   -
events.*.outcomes.*                joined    firings    parts   -
events.*.outcomes.*.chance         table     firings    parts   chance
events.*.odds                      -         firings    whole   -
events.*.odds.#                    replaced  firings    whole   -
events.*.odds.#.when               replaced  firings    whole   -
events.*.odds.#.times              replaced  firings    whole   -
events.*.odds.#.times.*            replaced  firings    whole   factor
events.*.sets                      joined    firings    parts   -
events.*.sets.*                    -         firings    whole   -
events.*.shifts                    joined    firings    parts   -
events.*.shifts.*                  -         firings    whole   levels
events.*.outcomes.*.sets           joined    firings    parts   -
events.*.outcomes.*.sets.*         -         firings    whole   -
events.*.outcomes.*.shifts         joined    firings    parts   -
events.*.outcomes.*.shifts.*       -         firings    whole   levels
drivers.*.switches.*.takes         replaced  firings    whole   duration,factor
drivers.*.switches.*.rate          table     firings    parts   rate
drivers.*.switches.*.upon          joined    firings    parts   -
drivers.*.switches.*.upon.*        joined    firings    parts   -
drivers.*.switches.*.when          joined    firings    whole   -
drivers.*.switches.*.unless        joined    firings    whole   -
drivers.*.switches.*.after         joined    firings    parts   -
drivers.*.switches.*.after.*       replaced  firings    whole   duration
drivers.*.switches.*.from          -         firings    whole   date
drivers.*.switches.*.until         -         firings    whole   date
drivers.*.switches.*.window        replaced  firings    whole   date,duration
drivers.*.switches.*.pace          -         firings    whole   -
drivers.*.switches.*.pace.#        replaced  firings    whole   factor
drivers.*.switches.*.pace.#.when   replaced  firings    whole   -
drivers.*.switches.*.pace.#.times  -         firings    whole   factor
drivers.*.switches.*.pace.#.by     -         firings    whole   -
drivers.*.switches.*.pace.#.like   -         firings    whole   factor
drivers.*.switches.*.memory        -         firings    whole   -
events.*.takes                     replaced  firings    whole   duration
events.*.rate                      table     firings    parts   rate
events.*.upon                      joined    firings    parts   -
events.*.upon.*                    joined    firings    parts   -
events.*.when                      joined    firings    whole   -
events.*.unless                    joined    firings    whole   -
events.*.after                     joined    firings    parts   -
events.*.after.*                   replaced  firings    whole   duration
events.*.from                      -         firings    whole   date
events.*.until                     -         firings    whole   date
events.*.window                    replaced  firings    whole   date
events.*.pace                      -         firings    whole   -
events.*.pace.#                    replaced  firings    whole   factor
events.*.pace.#.when               replaced  firings    whole   -
events.*.pace.#.times              -         firings    whole   factor
events.*.pace.#.by                 -         firings    whole   -
events.*.pace.#.like               -         firings    whole   factor
events.*.memory                    -         firings    whole   -
references.*.title                 -         unhashed   unseen  -
references.*.description           -         unhashed   unseen  -
references.*.sources               -         unhashed   unseen  -
references.*.judgement             -         unhashed   unseen  -
references.*.why                   -         unhashed   unseen  -
drivers.*.title                    -         unhashed   unseen  -
drivers.*.description              -         unhashed   unseen  -
drivers.*.sources                  -         unhashed   unseen  -
drivers.*.judgement                -         unhashed   unseen  -
drivers.*.why                      -         unhashed   unseen  -
events.*.outcomes.*.title          -         unhashed   unseen  -
events.*.outcomes.*.description    -         unhashed   unseen  -
events.*.outcomes.*.sources        -         unhashed   unseen  -
events.*.outcomes.*.judgement      -         unhashed   unseen  -
events.*.outcomes.*.why            -         unhashed   unseen  -
drivers.*.switches.*.title         -         unhashed   unseen  -
drivers.*.switches.*.description   -         unhashed   unseen  -
drivers.*.switches.*.sources       -         unhashed   unseen  -
drivers.*.switches.*.judgement     -         unhashed   unseen  -
drivers.*.switches.*.why           -         unhashed   unseen  -
events.*.title                     -         unhashed   unseen  -
events.*.description               -         unhashed   unseen  -
events.*.sources                   -         unhashed   unseen  -
events.*.judgement                 -         unhashed   unseen  -
events.*.why                       -         unhashed   unseen  -
drivers.*.group                    -         unhashed   unseen  -
events.*.group                     -         unhashed   unseen  -
plans                              joined    firings    parts   -
plans.*                            joined    firings    parts   -
plans.*.title                      -         unhashed   unseen  -
plans.*.description                -         unhashed   unseen  -
plans.*.sources                    -         unhashed   unseen  -
plans.*.judgement                  -         unhashed   unseen  -
plans.*.why                        -         unhashed   unseen  -
plans.*.group                      -         unhashed   unseen  -
plans.*.pace                       -         firings    whole   -
plans.*.pace.#                     replaced  firings    whole   factor
plans.*.pace.#.when                replaced  firings    whole   -
plans.*.pace.#.times               replaced  firings    whole   factor
plans.*.pace.#.by                  -         firings    whole   -
plans.*.pace.#.like                -         firings    whole   factor
plans.*.official                   -         firings    whole   date
plans.*.event                      -         firings    whole   -
plans.*.reviews                    -         firings    whole   duration
plans.*.slips                      joined    firings    parts   -
plans.*.slips.*                    table     firings    parts   chance
plans.*.odds                       -         firings    whole   -
plans.*.odds.#                     replaced  firings    whole   -
plans.*.odds.#.when                replaced  firings    whole   -
plans.*.odds.#.times               replaced  firings    whole   -
plans.*.odds.#.times.*             replaced  firings    whole   factor
outcomes                           joined    questions  parts   -
outcomes.*                         joined    questions  parts   -
outcomes.*.headline                -         unhashed   unseen  -
outcomes.*.title                   -         unhashed   unseen  -
outcomes.*.description             -         unhashed   unseen  -
outcomes.*.event                   -         questions  whole   -
outcomes.*.last                    -         questions  whole   -
outcomes.*.count                   -         questions  whole   -
outcomes.*.between                 -         questions  whole   -
outcomes.*.first_of                -         questions  whole   -
outcomes.*.all_of                  -         questions  whole   -
outcomes.*.driver                  -         questions  whole   -
outcomes.*.index                   -         questions  whole   -
outcomes.*.index.#                 replaced  questions  whole   -
outcomes.*.index.#.when            replaced  questions  whole   -
outcomes.*.index.#.weight          -         questions  whole   weight
outcomes.*.outcome                 -         questions  whole   -
outcomes.*.by                      -         questions  whole   date
"""


ROWS = {name: rest for name, *rest in map(str.split, EXPECTED.splitlines())}


# --- looking from outside -------------------------------------------------------------------------


def around(place: str, held: object) -> Map:
    """Make a tree with something at a place, below names and in lists of one."""
    for key in reversed(place.split(".") if place != "-" else []):
        held = [held] if key == "#" else {"name" if key == "*" else key: held}
    tree = from_data(held, "file")
    assert isinstance(tree, Map)
    return tree


def merges(place: str) -> str:
    """Merge a mapping over another, and a table over one by the same driver."""
    ways = []
    for shared in ({}, {"by": "x"}):
        old, new, both = (
            around(place, {**shared, **dict.fromkeys(keys, "1")}) for keys in ("a", "b", "ab")
        )
        ways.append(plain(merge(old, new)[0]) == plain(both))
    alone, by_level = ways
    return "joined" if alone else "table" if by_level else "replaced"


def hashed(place: str) -> str:
    one, other = (around(place, {"x": x}) for x in "12")
    if firing_hash(one, 1) != firing_hash(other, 1):
        return "firings"
    return "questions" if question_hash(one) != question_hash(other) else "unhashed"


def compared(place: str) -> str:
    """Count the differences between mappings, and tables, that differ in two keys."""
    old, new = (around(place, {"by": "x", "a": x, "b": x}) for x in "12")
    return ("unseen", "whole", "parts")[len(differences(old, new))]


def pattern(name: str) -> str:
    return re.escape(name).replace(r"\*", r"[^.]+").replace(r"\#", r"\d+") + r"(\.|$)"


def place_of(path: str) -> str:
    """Find the longest place that a path lies at or below, without asking the grammar."""
    return max((name for name in ROWS if re.match(pattern(name), path)), key=len)


@cache
def every_place() -> Map:
    return load_data(plain(read_text(EVERY_PLACE, "every_place.yaml")[0])).tree


def kinds() -> dict[str, str]:
    """List the kinds of the numbers in the scenario above by the place that they stand at."""
    found: dict[str, set[str]] = {}
    for one in assumptions(every_place()):
        found.setdefault(place_of(one.path), set()).add(one.kind)
    return {name: ",".join(sorted(words)) for name, words in found.items()}


def looks(name: str) -> list[str]:
    merged = "-" if ROWS[name][0] == "-" else merges(name)
    return [merged, hashed(name), compared(name), kinds().get(name, "-")]


# --- what is there --------------------------------------------------------------------------------


def test_every_place_is_looked_at() -> None:
    assert [place.name or "-" for place in PLACES] == list(ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_a_place_is_what_its_row_makes_of_it(name: str) -> None:
    assert looks(name) == ROWS[name]


def test_the_scenario_here_has_every_place() -> None:
    written = read_text(EVERY_PLACE, "every_place.yaml")[0]
    found = {dotted(path) for path, _ in walk(written)}
    missing = [n for n in ROWS if n != "-" and not any(re.fullmatch(pattern(n), p) for p in found)]
    assert missing == []


def test_claims_are_cited_where_the_grammar_says() -> None:
    assert {dotted(path): cited for path, cited in citations(every_place()).items()} == {
        "references.slow.sources": ("a.1",),
        "drivers.climate.sources": ("a.2",),
        "drivers.climate.switches.cool -> warm.sources": ("a.3",),
        "events.pact.sources": ("a.4", "a.5"),
        "events.pact.outcomes.signed.sources": ("a.6",),
        "drivers.storm_official.sources": ("a.7",),
        "events.storm_reviewed.sources": ("a.7",),
    }


# --- the grammar and the models ------------------------------------------------------------------

MODELS = [place for place in PLACES if place.model is not None]


@pytest.mark.parametrize("place", MODELS, ids=lambda place: place.name or "-")
def test_a_model_and_the_grammar_have_the_same_keys(place: GrammarRow) -> None:
    assert place.model is not None
    fields = place.model.model_fields.items()
    keys = {field.alias or name for name, field in fields if not field.exclude}
    if place.model is Question:
        keys |= set(QUESTION_KINDS)
    assert set(place.below) - {WHY, *SHORT_KEYS} == keys


def test_every_model_of_a_scenario_has_a_place() -> None:
    read = {place.model for place in MODELS}
    waiting: list[Any] = [Scenario]
    found: set[type[BaseModel]] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in found:
            found.add(one)
            waiting += [field.annotation for field in one.model_fields.values()]
        waiting += get_args(one)
    assert found == read


def test_no_key_of_a_file_is_one_of_a_scenario() -> None:
    assert not set(FILE_KEYS) & set(Scenario.model_fields)


# --- a wrong row shows ----------------------------------------------------------------------------


@contextmanager
def wrong(place: GrammarRow, key: str, value: object) -> Iterator[None]:
    """Let a row of the table be wrong for a while."""
    right = getattr(place, key)
    object.__setattr__(place, key, value)
    try:
        yield
    finally:
        object.__setattr__(place, key, right)


KEYS = [place for place in PLACES[1:] if place.path[-1] != "#"]


@pytest.mark.parametrize("place", KEYS, ids=lambda place: place.name)
def test_a_wrong_role_shows(place: GrammarRow) -> None:
    asked = place.path[0] == "outcomes"
    other = Role.TITLE if place.role.hashed else Role.QUESTION if asked else Role.ASSUMPTION
    with wrong(place, "role", other):
        assert hashed(place.name) != ROWS[place.name][1]


# What lies in a list, or in a reference, is replaced with the whole of it.
MERGED = [
    place
    for place in PLACES[1:]
    if ROWS.get(place.name, "-")[0] != "-" and not place.name.startswith("references.*.")
    if "#" not in place.path
]


@pytest.mark.parametrize("place", MERGED, ids=lambda place: place.name)
def test_a_wrong_form_shows(place: GrammarRow) -> None:
    joined = place.form.merging is Merging.JOINED
    with wrong(place, "form", Form.REFERENCE if joined else Form.ENTRIES):
        assert merges(place.name) != ROWS[place.name][0]


# A reference's value has the kind that its users need; a recurring window's parts have their own.
READ = [
    place
    for place in PLACES
    if place.kind is not None and place.name != "drivers.*.switches.*.window"
    if place.form is not Form.ENTRIES  # the kind of `after` says what its unit may be
    if place.path[0] != "plans"  # which are drivers and events by then
]


@pytest.mark.parametrize("place", READ, ids=lambda place: place.name)
def test_a_wrong_kind_shows(place: GrammarRow) -> None:
    with wrong(place, "kind", "wrong"):
        assert kinds() != {name: row[3] for name, row in ROWS.items() if row[3] != "-"}
