"""What is written for short, and the plain scenario that it stands for."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from coopsim.errors import ScenarioError
from coopsim.scenario.changes.merging import merge
from coopsim.scenario.loading import load, load_data
from coopsim.scenario.notation.conditions import read_condition
from coopsim.scenario.notation.values import YEAR, parse_chance, parse_rate, split_range
from coopsim.scenario.plain.conditions import condition_of, sentence_of
from coopsim.scenario.plain.tree import plain_tree
from coopsim.scenario.sources.assumptions import assumptions
from coopsim.scenario.sources.reasons import reason_of
from coopsim.scenario.text.reading import Invalid
from coopsim.scenario.text.tree import Map, from_data, plain
from world import data_of

LEVELS = {
    "station": ("empty", "us_alone", "joint"),
    "climate": ("rupture", "freeze", "drift", "thaw", "bargain"),
    "reentry": ("false", "true"),
    "luna": ("false", "works", "fails"),
    "war: a -> b": ("false", "true"),
}


def tree_of(data: dict[str, Any]) -> Map:
    tree = from_data(data, "file")
    assert isinstance(tree, Map)
    return tree


# --- conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "condition"),
    [
        ("reentry", {"reentry": True}),
        ("not reentry", {"reentry": False}),
        ("luna", {"luna": True}),
        ("luna = true", {"luna": True}),
        ("luna = works", {"luna": "works"}),
        ("luna != works", {"luna": ["false", "fails"]}),
        ("climate = thaw", {"climate": "thaw"}),
        ("climate != thaw", {"climate": ["rupture", "freeze", "drift", "bargain"]}),
        ("climate > drift", {"climate": {"at_least": "thaw"}}),
        ("climate < drift", {"climate": {"at_most": "freeze"}}),
        ("climate<=drift", {"climate": {"at_most": "drift"}}),
        ("climate > rupture and climate < bargain",
            {"climate": {"at_least": "freeze", "at_most": "thaw"}}),
        ("climate = thaw or climate = bargain", {"climate": {"at_least": "thaw"}}),
        ("climate = rupture or climate = thaw", {"climate": ["rupture", "thaw"]}),
        ("station >= us_alone and not reentry",
            {"station": {"at_least": "us_alone"}, "reentry": False}),
        ("station = joint or luna = works", [{"station": "joint"}, {"luna": "works"}]),
        ("reentry or not reentry", {}),
        # `not` binds closest, then `and`, then `or`.
        ("reentry or luna and not station = joint",
            [{"reentry": True}, {"luna": True, "station": {"at_most": "us_alone"}}]),
        ("not (reentry or luna)", {"reentry": False, "luna": False}),
        ("not (reentry and climate >= drift)",
            [{"reentry": False}, {"climate": {"at_most": "freeze"}}]),
        # What holds wherever another does is said once.
        ("reentry or reentry and luna", {"reentry": True}),
        ("(reentry or luna) and (reentry or station = joint)",
            [{"reentry": True}, {"luna": True, "station": "joint"}]),
        ("'war: a -> b' and climate = \"drift\"", {"war: a -> b": True, "climate": "drift"}),
    ],
)  # fmt: skip
def test_a_sentence_is_a_condition(sentence: str, condition: object) -> None:
    assert condition_of(sentence, LEVELS.get, list(LEVELS)) == condition


@pytest.mark.parametrize(
    "sentence",
    [
        "reentry",
        "not luna",
        "climate >= thaw",
        "climate >= freeze and climate <= thaw",
        "climate != thaw",
        "luna != fails",
        "station >= us_alone and not reentry",
        "(climate = rupture or climate = thaw) and reentry",
        "(reentry and station = joint) or luna = works",
        "'war: a -> b' or reentry",
    ],
)
def test_a_condition_is_written_as_it_is_read(sentence: str) -> None:
    data = condition_of(sentence, LEVELS.get, list(LEVELS))
    assert sentence_of(read_condition(data), LEVELS.get) == sentence


def test_what_always_holds_or_is_not_known_is_no_sentence() -> None:
    assert sentence_of(read_condition({}), LEVELS.get) is None
    assert sentence_of(read_condition({"nobody": "here"}), LEVELS.get) is None


NAMES = "a driver or an event: station, climate, reentry, luna or war: a -> b"
OF_CLIMATE = "rupture, freeze, drift, thaw or bargain"
DAYS = "a condition is about the present: put days in `from:` and `until:` beside it"


@pytest.mark.parametrize(
    ("sentence", "at", "found", "expected", "hint"),
    [
        ("climte = thaw", 1, "climte", NAMES, "did you mean 'climate'?"),
        ("climate = thwa", 11, "thwa", f"a level of climate: {OF_CLIMATE}", "did you mean 'thaw'?"),
        ("climate", 8, "", f"a sign and a level of climate: {OF_CLIMATE}",
            "such as `climate = rupture`"),
        ("climate is thaw", 9, "is", f"a sign and a level of climate: {OF_CLIMATE}", "write `=`"),
        ("climate > bargain", 11, "bargain", "a level of climate with another above it", None),
        ("climate < rupture", 11, "rupture", "a level of climate with another below it", None),
        ("luna >= works", 9, "works", "`=` or `!=` and an outcome of luna", None),
        ("luna = wrks", 8, "wrks", "an outcome of luna: false, works or fails",
            "did you mean 'works'?"),
        ("reentry && luna", 9, "&&", "`and`, `or` or the end", "write `and`"),
        ("reentry by 2028", 9, "by", "`and`, `or` or the end", DAYS),
        ("climate = thaw on 2028", 16, "on", "`and`, `or` or the end", DAYS),
        ("(reentry", 9, "", "`and`, `or` or `)`", None),
        ("not", 4, "", NAMES, None),
        ("", 1, "", NAMES, None),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_character(
    sentence: str, at: int, found: str, expected: str, hint: str | None
) -> None:
    with pytest.raises(Invalid) as error:
        condition_of(sentence, LEVELS.get, list(LEVELS))
    (fault,) = error.value.faults
    shown = f"`{found}`" if found else "the end"
    assert fault.found == f"{shown} at character {at} of `{sentence}`"
    assert (fault.expected, fault.hint) == (expected, hint)


def test_a_sentence_that_never_holds_is_refused() -> None:
    with pytest.raises(Invalid) as error:
        condition_of("reentry and not reentry", LEVELS.get, list(LEVELS))
    assert str(error.value) == (
        "found `reentry and not reentry`, which can never hold, expected a condition that can hold"
    )


def in_pairs(pairs: int) -> object:
    """Read a sentence that holds in two ways for each pair: 2 ** pairs in all."""
    levels = {f"d{number}": ("a", "b", "c") for number in range(2 * pairs)}
    each = (f"(d{one} = a or d{one + 1} = c)" for one in range(0, 2 * pairs, 2))
    return condition_of(" and ".join(each), levels.get, list(levels))


def test_a_sentence_has_an_end() -> None:
    assert len(in_pairs(8)) == 256  # type: ignore[arg-type]  # a list of mappings
    with pytest.raises(Invalid, match="a condition that holds in 256 ways at most"):
        in_pairs(9)
    with pytest.raises(Invalid, match="expected a shorter condition"):
        condition_of("reentry and " * 100 + "reentry", LEVELS.get, list(LEVELS))


# --- rates and chances ----------------------------------------------------------------------------


# A hazard of rate L comes within a time T with the chance 1 - exp(-L T).
@pytest.mark.parametrize(
    ("text", "years", "chance"),
    [("50 % within 1 year", 1, 0.5), ("30% within 2 years", 2, 0.3), ("0 % within year", 1, 0)],
)
def test_a_chance_within_a_time_is_a_rate(text: str, years: float, chance: float) -> None:
    rate = parse_rate(text) * YEAR
    assert 1 - math.exp(-rate * years) == pytest.approx(chance, abs=1e-15)
    assert 1 - math.exp(-2 * rate * years) != pytest.approx(chance) or chance == 0


def test_within_a_time_nothing_is_certain() -> None:
    for text in ("100 % within 1 year", "-1 % within 1 year", "130 % within 1 year"):
        with pytest.raises(ValueError, match="a chance from 0 % to below 100 % within a time"):
            parse_rate(text)


def test_chances_in_percent() -> None:
    assert [parse_chance(text) for text in ("30 %", "2.5%", "0.3", "100 %")] == [0.3, 0.025, 0.3, 1]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("30 to 60 % within 2 years", ("30 % within 2 years", "60 % within 2 years")),
        ("30 % to 60 % within 2 years", ("30 % within 2 years", "60 % within 2 years")),
        ("30 to 60 %", ("30 %", "60 %")),
        ("30 % to 60 %", ("30 %", "60 %")),
        ("7.5 to 8.5 months", ("7.5 months", "8.5 months")),
        ("0.1 per month to 2 per year", ("0.1 per month", "2 per year")),
        ("2027 to 2028", ("2027", "2028")),
    ],
)
def test_what_the_lower_end_lacks_is_the_upper_ones(text: str, ends: tuple[str, str]) -> None:
    assert split_range(text) == ends


# --- reasons --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "cited", "said"),
    [
        ("Stated [after-ukraine.23]; the factors are ours.", ("after-ukraine.23",),
            "Stated; the factors are ours."),
        ("[a.1, b.2]", ("a.1", "b.2"), None),
        (["a.1", "b.2"], ("a.1", "b.2"), None),
        ("As before [a.1], and since [b, a.1].", ("a.1", "b"), "As before, and since."),
        ("Our judgement.", (), "Our judgement."),
        ("See [https://example.org/a?b=1 | A title |  2025-08].",
            ("https://example.org/a?b=1 | A title | 2025-08",), "See."),
    ],
)  # fmt: skip
def test_a_reason_has_its_citations_in_it(
    why: object, cited: tuple[str, ...], said: str | None
) -> None:
    assert reason_of(why) == (cited, said)


LINK = "an address, a title and a date: `[https://ADDRESS | TITLE | DATE]`"


@pytest.mark.parametrize(
    ("why", "message"),
    [
        ("[https://example.org | A]", f"found '[https://example.org | A]', expected {LINK}"),
        ("[https://example.org | A | 2025-13]",
            ("found '2025-13' in '[https://example.org | A | 2025-13]', "
            "expected a month from 01 to 12")),
        ("[a b]", ("found '[a b]', expected ids of claims with commas between, "
            "or [https://ADDRESS | TITLE | DATE]")),
        ("[]", ("found '[]', expected ids of claims with commas between, "
            "or [https://ADDRESS | TITLE | DATE]")),
        (" . ", ("found ' . ', expected a text such as `Stated by the article [after-ukraine.23]; "
            "the rate is ours.`")),
    ],
)  # fmt: skip
def test_a_citation_that_is_none(why: str, message: str) -> None:
    with pytest.raises(Invalid) as error:
        reason_of(why)
    assert str(error.value) == message


# --- a whole tree ---------------------------------------------------------------------------------

SHORT = """
scenario: short
start: 2025-08-05
end: 2035-12-31
references:
  slow: {p5: 1, p50: 2, p95: 4, in: years, why: Ours.}
  mood: {pace: [{when: climate = warm, times: 2}]}
drivers:
  climate:
    levels: [cold, cool, warm]
    initial: {cold: 20 %, cool: 80 %}
    group: Politics
    switches:
      cool -> warm: {rate: 50 % within 5 years, unless: visit, why: "[a.2]"}
      warm -> cool: {rate: {by: visit, per: year, "false": 0.2, "true": 0.1 to 0.3}}
    why: The direction is stated [a.1]; the rates are ours.
events:
  visit: {takes: {like: slow}, when: climate >= cool, why: Ours.}
  landing:
    takes: {lognormal: [9, 0.5], in: months}
    after: {in: days, visit: 30 to 60}
    outcomes:
      works: {chance: [{when: climate = warm, is: 70 %}, {is: 30 to 50 %}], why: Ours.}
      fails: {chance: rest}
    odds: [{when: not visit, times: {works: 2}}]
outcomes:
  landing: {event: landing, headline: true}
  warmth: {index: [{when: climate = warm or visit, weight: 1}]}
"""
LONG = """
scenario: short
start: 2025-08-05
end: 2035-12-31
references:
  slow: {p5: 1 years, p50: 2 years, p95: 4 years, judgement: Ours.}
  mood: {pace: [{when: {climate: warm}, times: 2}]}
drivers:
  climate:
    levels: [cold, cool, warm]
    initial: {cold: 20 %, cool: 80 %}
    group: Politics
    switches:
      cool -> warm: {rate: 50 % within 5 years, unless: {visit: true}, sources: [a.2]}
      warm -> cool: {rate: {by: visit, "false": 0.2 per year, "true": 0.1 to 0.3 per year}}
    sources: [a.1]
    judgement: The direction is stated; the rates are ours.
events:
  visit: {takes: {like: slow}, when: {climate: {at_least: cool}}, judgement: Ours.}
  landing:
    takes: {lognormal: [9 months, 0.5]}
    after: {visit: 30 to 60 days}
    outcomes:
      works: {chance: [{when: {climate: warm}, is: 70 %}, {is: 30 to 50 %}], judgement: Ours.}
      fails: {chance: rest}
    odds: [{when: {visit: false}, times: {works: 2}}]
outcomes:
  landing: {event: landing, headline: true}
  warmth: {index: [{when: [{climate: warm}, {visit: true}], weight: 1}]}
"""


def test_short_forms_become_the_plain_scenario() -> None:
    made, problems = plain_tree(tree_of(data_of(SHORT)))
    assert problems == []
    assert plain(made) == plain(tree_of(data_of(LONG)))


def test_what_is_plain_stays_as_it_is() -> None:
    tree = tree_of(data_of(LONG))
    made, problems = plain_tree(tree)
    assert (made, problems) == (tree, [])


def test_both_ways_of_writing_are_one_scenario() -> None:
    short, long = load_data(data_of(SHORT)), load_data(data_of(LONG))
    assert short.hash == long.hash
    assert short.text == long.text


def problems_of(changes: str) -> list[str]:
    data = data_of("scenario: s\nstart: 2025-01-01\nend: 2030-12-31\n" + changes)
    with pytest.raises(ScenarioError) as error:
        load_data(data)
    return [str(problem).removeprefix("data: error: ") for problem in error.value.problems]


RATE = "{rate: 1 per year, judgement: Made up.}"


def test_every_fault_of_what_is_written_for_short_is_told() -> None:
    told = problems_of(
        "events:\n"
        "  a: {rate: 1 per year, when: b and c, why: '[x y]'}\n"
        "  b: {rate: {by: a, per: yaer, 'true': 1}, why: x, judgement: y}\n"
        "  d: {takes: {p5: 1, p95: 2, per: year}, judgement: y}\n"
    )
    assert told == [
        (
            "events.a.why: found '[x y]', expected ids of claims with commas between, "
            "or [https://ADDRESS | TITLE | DATE]"
        ),
        "events.b.why: found `why` beside `judgement`, expected `why`, or sources and judgement",
        (
            "events.b.rate.per: found 'yaer', expected the unit of these rates, such as "
            "`per: year` or `per: 2 years`; did you mean 'year'?"
        ),
        "events.d.takes.per: found the key 'per', expected `in`, as for any duration",
        (
            "events.a.when: found `c` at character 7 of `b and c`, expected a driver or an event: "
            "a, b or d"
        ),
    ]


PLAN = "official: 2028, event: e, reviews: every 1 year, slips: {none: 0.5, a year: rest}"


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("{official: 2028}", [
            ("plans.p.event: found nothing, expected `event`: the name of the event that is "
            "planned, such as `event: first_landing`"),
            ("plans.p.reviews: found nothing, expected `reviews`: how long from one review to the "
            "next, such as `every 6 to 12 months`"),
            ("plans.p.slips: found nothing, expected `slips`: chances of slips, such as {none: "
            "0.5, half a year: 0.3, a year: 0.2}"),
        ]),
        (f"{{{PLAN.removeprefix('official: 2028, ')}}}", [
            ("plans.p.official: found nothing, expected `official`: a year such as `2028` (by its "
            "end), `2028-H1` (by its middle) or a date")]),
        (f"{{{PLAN.replace('official', 'offical')}}}", [
            ("plans.p.offical: found the key 'offical', expected only title, description, group, "
            "why, official, event, reviews, slips, pace or odds; "
            "did you mean 'official'?")]),
        (f"{{{PLAN.replace('2028', '2024')}}}", [
            "plans.p.official: found '2024', expected a date from 2025-H1 to 2030"]),
        (f"{{{PLAN.replace('2028', '2031')}}}", [
            "plans.p.official: found '2031', expected a date from 2025-H1 to 2030"]),
        (f"{{{PLAN.replace('2028', 'soon')}}}", [
            ("plans.p.official: found 'soon', expected a year such as `2028` (by its end), "
            "`2028-H1` (by its middle) or a date")]),
        (f"{{{PLAN.replace('event: e', 'event: f')}}}", [
            "plans.p.event: found 'f', expected the name of an event: e"]),
        (f"{{{PLAN.replace('a year', '5 months')}}}", [
            ("plans.p.slips.5 months: found '5 months', expected `none` or whole half-years, such "
            "as `half a year`, `18 months` or `2 years`")]),
        (f"{{{PLAN}, offical: 2029}}", [
            ("plans.p.offical: found the key 'offical', expected only title, description, group, "
            "why, official, event, reviews, slips, pace or odds; "
            "did you mean 'official'?")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan(plan: str, told: list[str]) -> None:
    assert problems_of(f"events: {{e: {RATE}}}\nplans: {{p: {plan}}}\n") == told


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (PLAN.replace("every 1 year", "often"), ("plans.p.reviews: found 'often', expected "
            "a duration such as `90 days`, `8 months` or `2.5 years`, or an uncertain value such "
            "as `A to B` or {p5:, p50:, p95:}")),
        (PLAN.replace("0.5", "1.5"), ("plans.p.slips.none: found '1.5', expected a chance from 0 "
            "to 1 (0 % to 100 %), or an uncertain value such as `A to B` or {p5:, p50:, p95:}")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_what_a_plan_stands_for_is_told_of_the_plan(
    plan: str, told: str
) -> None:
    assert problems_of(f"events: {{e: {RATE}}}\nplans: {{p: {{{plan}}}}}\n") == [told]


WHOLE_PLAN = """\
scenario: parent
start: 2025-01-01
end: 2030-12-31
events:
  e: {rate: 1 per year, judgement: Made up.}
plans:
  first_module:
    official: 2028
    event: e
    reviews: every 6 to 12 months
    slips: {none: 50 %, a year: 30 %, two years: 20 %}
outcomes:
  official: {driver: first_module_official}
  moved: {event: first_module_reviewed, outcome: a year}
"""


def told_of_child(folder: Path, text: str, parent: str = WHOLE_PLAN) -> list[str]:
    """List what a user is told of a file that extends one with a plan."""
    write(folder, parent=parent, main=f"scenario: s\nextends: parent.yaml\n{text}")
    with pytest.raises(ScenarioError) as error:
        load(folder / "main.yaml")
    return [str(problem).removeprefix(f"{folder}/") for problem in error.value.problems]


def test_slips_are_told_of_where_they_stand_and_as_they_are_written(tmp_path: Path) -> None:
    slips = "plans:\n  first_module:\n    slips:\n      none: {}\n      two years: {}\n"
    assert told_of_child(tmp_path, slips.format("50 %", "30 %")) == [
        (
            "main.yaml:5: error: plans.first_module.slips: found chances that sum to 1.1, "
            "expected chances that sum to 1; in proportion, the others would be scaled a year to "
            "0.2"
        ),
    ]
    every = "plans: {first_module: {slips: {none: 50 %, a year: 30 %, two years: 30 %}}}\n"
    assert told_of_child(tmp_path, every) == [
        (
            "main.yaml:3: error: plans.first_module.slips: found chances that sum to 1.1, "
            "expected chances that sum to 1; write `two years: rest` to give it what the others "
            "leave"
        ),
    ]
    assert told_of_child(tmp_path, slips.format("40 % to 50 %", "20 %")) == [
        (
            "main.yaml:5: error: plans.first_module.slips: found uncertain chances, expected a "
            "`rest` among them, which takes up what they leave; write `two years: rest`"
        ),
    ]
    assert told_of_child(tmp_path, slips.format("150 %", "rest")) == [
        (
            "main.yaml:6: error: plans.first_module.slips.none: found '150 %', expected a chance "
            "from 0 to 1 (0 % to 100 %), or an uncertain value such as `A to B` or {p5:, p50:, "
            "p95:}"
        ),
    ]


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("official: soon", ("official: found 'soon', expected a year such as `2028` (by its end), "
            "`2028-H1` (by its middle) or a date")),
        ("official: 2041", "official: found '2041', expected a date from 2025-H1 to 2030"),
        ("event: f", "event: found 'f', expected the name of an event: e"),
        ("reviews: [often]", ("reviews: found [often], expected how long from one review to the "
            "next, such as `every 6 to 12 months`")),
        ("slips: 5", ("slips: found '5', expected chances of slips, such as {none: 0.5, half a "
            "year: 0.3, a year: 0.2}")),
        ("slips: {two yaers: 5 %}", ("slips.two yaers: found 'two yaers', expected `none` or whole "
            "half-years, such as `half a year`, `18 months` or `2 years`; did you mean "
            "'two years'?")),
        ("offical: 2029", ("offical: found the key 'offical', expected only title, description, "
            "group, why, official, event, reviews, slips, pace or odds; did you "
            "mean 'official'?")),
    ],
)  # fmt: skip
def test_a_faulty_plan_makes_no_name_unknown(tmp_path: Path, plan: str, told: str) -> None:
    asked = "  late: {index: [{when: first_module_official > 2029, weight: 1}]}\n"
    child = f"plans: {{first_module: {{{plan}}}}}\n"
    found = told_of_child(tmp_path, child, WHOLE_PLAN + asked)
    assert found == [f"main.yaml:3: error: plans.first_module.{told}"]


def test_a_plan_that_is_nearly_one_of_the_parents_is_told_before_what_it_lacks(
    tmp_path: Path,
) -> None:
    assert told_of_child(tmp_path, "plans: {frist_module: {official: 2030}}\n") == [
        (
            "main.yaml:3: error: plans.frist_module: found a new name very like one of the "
            "parent's, expected the parent's name, or a more distinct one; did you mean "
            "'first_module'?"
        ),
    ]


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("plans: 7", ("plans: found '7', expected plans by their names: {NAME: {official: 2028, "
            "event: ...}}")),
        ("drivers: 7", ("drivers: found '7', expected a mapping: the forces, each always at one of "
            "its levels")),
        ("events: 7", "events: found '7', expected a mapping: what can happen"),
    ],
)  # fmt: skip
def test_a_section_that_cannot_be_read_makes_no_name_in_a_sentence_unknown(
    tmp_path: Path, section: str, told: str
) -> None:
    driver = "drivers: {wind: {levels: [low, high], initial: low, judgement: Made up.}}\n"
    asked = "  late: {index: [{when: first_module_official > 2029 and wind = low, weight: 1}]}\n"
    parent = WHOLE_PLAN.partition("outcomes:")[0] + driver + "outcomes:\n" + asked
    found = told_of_child(tmp_path, f"{section}\n", parent)
    assert found == [f"main.yaml:3: error: {told}"]


def test_a_plan_that_lacks_much_is_told_which_other_was_meant(tmp_path: Path) -> None:
    lacking = told_of_child(tmp_path, "plans: {firts_modle: {official: 2030, event: e}}\n")
    assert lacking == [
        (
            "main.yaml:3: error: plans.firts_modle.reviews: found nothing, expected `reviews`: how "
            "long from one review to the next, such as `every 6 to 12 months`; did you mean "
            "'first_module'?"
        ),
        (
            "main.yaml:3: error: plans.firts_modle.slips: found nothing, expected `slips`: chances "
            "of slips, such as {none: 0.5, half a year: 0.3, a year: 0.2}"
        ),
    ]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("start: soon", ("main.yaml:3: error: start: found 'soon', expected a date such as "
            "`2028-07-31`, `2028-07`, `2028-Q3` or `2028`")),
        ("start: 2041", ("parent.yaml:3: error: end: found 2030-12-31, before the start, expected "
            "a day after the start, 2041-01-01")),
    ],
)  # fmt: skip
def test_a_faulty_day_makes_no_name_of_a_plan_unknown(tmp_path: Path, days: str, told: str) -> None:
    asked = "  late: {index: [{when: first_module_official > 2029, weight: 1}]}\n"
    assert told_of_child(tmp_path, f"{days}\n", WHOLE_PLAN + asked) == [told]


LINK_CITED = "[https://example.org/a | A page | {}]"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2025-07-01", []),
        ("2025-09", [("events.e.why: found 'https://example.org/a | A page | 2025-09', expected "
            "a page that is not dated after as_of")]),
    ],
)  # fmt: skip
def test_a_page_cited_in_place_is_known_and_not_later_than_as_of(
    tmp_path: Path, day: str, told: list[str]
) -> None:
    (tmp_path / "seeds").mkdir()
    why = f"Seen there {LINK_CITED.format(day)}."
    data = f"as_of: 2025-08-05\nevents: {{e: {{rate: 1 per year, why: '{why}'}}}}\n"
    data += "outcomes: {e: {event: e}}\n"
    path = tmp_path / "s.yaml"
    path.write_text(f"scenario: s\nstart: 2025-08-05\nend: 2030-12-31\n{data}", "utf-8")
    try:
        assert load(path).warnings == ()
        found = []
    except ScenarioError as error:
        found = [str(one).partition("error: ")[2] for one in error.problems]
    assert found == told


def test_a_plan_wants_names_that_are_free() -> None:
    told = problems_of(
        f"drivers: {{p_official: {{levels: [a], initial: a, judgement: x}}}}\n"
        f"events: {{e: {RATE}, p_reviewed: {RATE}}}\nplans: {{p: {{{PLAN}}}}}\n"
    )
    assert told == [
        "plans.p: found 'p_official' among the drivers, expected a plan of another name",
        "plans.p: found 'p_reviewed' among the events, expected a plan of another name",
    ]


def test_the_levels_of_a_plan_are_half_years() -> None:
    data = data_of(f"events: {{e: {RATE}}}\nplans: {{p: {{{PLAN.replace('2028', '2029-02')}}}}}\n")
    loaded = load_data({"scenario": "s", "start": "2025-01-01", "end": "2030-12-31", **data})
    driver = loaded.scenario.drivers["p_official"]
    assert driver.levels[-5:] == ("2029-H1", "2029", "2030-H1", "2030", "later")
    assert (driver.levels[0], driver.initial, driver.plan) == ("2025-H1", "2029-H1", "e")
    assert list(driver.switches) == [
        "2029-H1 -> 2029", "2029 -> 2030-H1", "2030-H1 -> 2030",
    ]  # fmt: skip
    # The half-years at whose end it moves by itself are the calendar's, and no assumptions.
    assert [one.path for one in assumptions(loaded.tree) if one.path.startswith("drivers")] == []
    shifts = [one.shifts for one in loaded.scenario.events["p_reviewed"].outcomes.values()]
    assert shifts == [{}, {"p_official": 2}]


# --- merging --------------------------------------------------------------------------------------


def merged(parent: str, child: str) -> Any:
    return plain(merge(tree_of(data_of(parent)), tree_of(data_of(child)))[0])


def test_a_reason_replaces_sources_and_judgement_and_the_other_way_round() -> None:
    old = "events: {e: {rate: 1 per year, sources: [a.1], judgement: x}}"
    new = "events: {e: {why: y}}"
    assert merged(old, new) == data_of("events: {e: {rate: 1 per year, why: y}}")
    assert merged(new, "events: {e: {judgement: x}}") == data_of("events: {e: {judgement: x}}")


def test_inherited_numbers_keep_their_unit() -> None:
    old = "events: {e: {rate: {by: d, per: year, a: 1, b: 0.1 to 0.4}}}"
    assert merged(old, "events: {e: {rate: {a: 2}}}") == data_of(
        "events: {e: {rate: {by: d, per: year, a: 2, b: 0.1 to 0.4}}}"
    )
    assert merged(old, "events: {e: {rate: {by: d, per: month, a: 2}}}") == data_of(
        "events: {e: {rate: {by: d, per: month, a: 2, b: 0.1 to 0.4 per year}}}"
    )


# --- section files --------------------------------------------------------------------------------


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "main.yaml"


MAIN = "scenario: s\nstart: 2025-01-01\nend: 2030-12-31\ninclude: [one.yaml, two.yaml]\n"
ONE = f"events: {{a: {RATE}, b: {RATE}}}\n"


def test_section_files_come_in_their_order_before_the_file_itself(tmp_path: Path) -> None:
    own = f"events: {{d: {RATE}}}\noutcomes: {{a: {{event: a}}}}\n"
    path = write(tmp_path, main=MAIN + own, one=ONE, two=f"events: {{c: {RATE}}}\n")
    loaded = load(path)
    assert list(loaded.scenario.events) == ["a", "b", "c", "d"]
    assert "include" not in loaded.text


def test_a_section_file_names_the_group_of_its_entries(tmp_path: Path) -> None:
    driver = "drivers: {d: {levels: [low, high], initial: low, why: Mine.}}\n"
    one = f"group: First\n{driver}events: {{a: {RATE}, b: {RATE[:-1]}, group: Own}}}}\n"
    path = write(
        tmp_path,
        main=f"{MAIN}events: {{c: {RATE}}}\n",
        one=one,
        two=ONE.replace("a:", "e:").replace("b:", "f:"),
    )
    scenario = load(path).scenario
    assert scenario.drivers["d"].group == "First"
    groups = {name: event.group for name, event in scenario.events.items()}
    assert groups == {"a": "First", "b": "Own", "e": None, "f": None, "c": None}


def told_of_files(folder: Path) -> list[str]:
    """List the warnings about a scenario file, or what is wrong with it."""
    try:
        told = load(folder / "main.yaml").warnings
    except ScenarioError as error:
        told = error.problems
    return [str(problem).replace(f"{folder}/", "") for problem in told]


GROUP = "expected the name of a group, with a letter in it, such as `group: Politics`"


def test_a_group_is_no_number(tmp_path: Path) -> None:
    write(
        tmp_path,
        parent=WHOLE_PLAN,
        main=(
            "scenario: s\nextends: parent.yaml\ninclude: [one.yaml]\n"
            "events:\n  e: {group: 7}\nplans:\n  first_module: {group: 2.5}\n"
        ),
        one=f"group: [Politics]\nevents: {{a: {RATE}}}\n",
    )
    assert told_of_files(tmp_path) == [
        f"main.yaml:5: error: events.e.group: found '7', {GROUP}; write `group: Group 7`",
        f"main.yaml:7: error: plans.first_module.group: found '2.5', {GROUP}",
        f"one.yaml:1: error: group: found [Politics], {GROUP}",
    ]


def test_a_group_of_a_whole_file_belongs_in_a_section_file(tmp_path: Path) -> None:
    child = "group: Capability\nevents: {a_group_formed: {rate: 1 per year, judgement: Mine.}}\n"
    assert told_of_child(tmp_path, child) == [
        (
            "main.yaml:3: error: group: found the unknown key 'group', expected a key that is "
            "allowed there; write `group:` on drivers, events and plans; a file's own `group` "
            "belongs in a section file, which `include` names"
        ),
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ("events: {e: {group: Capabilty}}", ("main.yaml:4: warning: events.e.group: found "
                                             "'Capabilty', a group named almost like another, "
                                             "expected the name of the other group, or a more "
                                             "distinct one; did you mean 'Capability'?")),
        ("plans: {first_module: {group: Capabilty}}", ("main.yaml:4: warning: "
                                                       "plans.first_module.group: found "
                                                       "'Capabilty', a group named almost like "
                                                       "another, expected the name of the "
                                                       "other group, or a more distinct one; "
                                                       "did you mean 'Capability'?")),
        ("events: {e: {group: Law}}", None),
        ("events: {e: {group: Capability}}", None),
    ],
)  # fmt: skip
def test_a_group_that_is_nearly_another_is_told(
    tmp_path: Path, changes: str, told: str | None
) -> None:
    events = "".join(f"  {name}: {RATE}\n" for name in "abc")
    plan = "    why: A guess.\noutcomes:"
    write(
        tmp_path,
        parent=WHOLE_PLAN.replace("outcomes:", plan),
        main=f"scenario: s\nextends: parent.yaml\ninclude: [one.yaml]\n{changes}\n",
        one=f"group: Capability\nevents:\n{events}",
    )
    assert told_of_files(tmp_path) == ([] if told is None else [told])


def test_what_is_wrong_in_section_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, main=MAIN, one=ONE, two=f"runs: 3\nevents: {{a: {RATE}}}\n")
    with pytest.raises(ScenarioError) as error:
        load("main.yaml")
    assert [str(problem) for problem in error.value.problems] == [
        (
            "two.yaml:1: error: runs: found the key 'runs', expected in a section file only "
            "references, drivers, events, plans, outcomes or group"
        ),
        (
            "two.yaml:2: error: events.a: found 'a', which stands in one.yaml too, expected each "
            "name in one file"
        ),
    ]


@pytest.mark.parametrize(
    ("include", "told"),
    [
        ("one.yaml", ("main.yaml:4: error: include: found 'one.yaml', expected a list of section "
            "files, such as [baseline/politics.yaml]")),
        ("[../one.yaml]", ("main.yaml:4: error: include.0: found '../one.yaml', which lies "
            "elsewhere, expected a file in the scenario's own folder or below it")),
        ("[on.yaml]", ("main.yaml:4: error: include.0: found 'on.yaml', which is no file, expected "
            "the name of a file; did you mean 'one.yaml'?")),
        (f"[{', '.join(['one.yaml'] * 51)}]", ("main.yaml:4: error: include: found 51 files, "
            "expected 50 at most")),
    ],
)  # fmt: skip
def test_section_files_that_are_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, include: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, main=MAIN.replace("[one.yaml, two.yaml]", include), one=ONE)
    with pytest.raises(ScenarioError) as error:
        load("main.yaml")
    assert str(error.value) == told
