"""Files and their parents, what is resolved and written again, and the hash it has."""

from __future__ import annotations

import copy
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coopsim.api import load as api_load
from coopsim.errors import ScenarioError
from coopsim.scenario import files
from coopsim.scenario.files import MAX_PARENTS
from coopsim.scenario.loading import Loaded, load, load_data, load_resolved
from coopsim.scenario.text.tree import plain
from coopsim.scenario.text.yaml_text import Budget, read_text

FOLDER = Path(__file__).parent / "scenarios"
SHIPPED = Path(__file__).parent.parent / "scenarios"
EXAMPLE = load(FOLDER / "example.yaml")
DATA: dict[str, Any] = plain(EXAMPLE.tree)


def write(folder: Path, **files: str) -> Path:
    """Write scenario files; get the path of the first."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder / f"{next(iter(files))}.yaml"


def refusal(path: Path, *sets: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(path, sets)
    return str(caught.value).replace(f"{path.parent}/", "")


GRANDPARENT = """
scenario: grandparent
start: 2025-08-05
end: 2040-12-31
seed: 3
events:
  leak: {rate: 0.1 per year, judgement: Ours.}
  crash: {rate: 0.1 per year, judgement: Ours.}
outcomes: {leak: {event: leak}}
"""

# --- parents ----------------------------------------------------------------------------------


def test_several_steps_of_extends_merge_from_the_oldest_on(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        child="scenario: child\nextends: parent.yaml\nevents: {leak: {until: 2030}, crash: null}",
        parent="scenario: parent\nextends: grandparent.yaml\nseed: 4\nevents: {leak: {from: 2027}}",
        grandparent=GRANDPARENT,
    )
    loaded = load(path)
    assert plain(loaded.tree) == {
        "scenario": "child",
        "start": "2025-08-05",
        "end": "2040-12-31",
        "seed": "4",
        "events": {
            "leak": {
                "rate": "0.1 per year",
                "judgement": "Ours.",
                "from": "2027",
                "until": "2030",
            }
        },
        "outcomes": {"leak": {"event": "leak"}},
    }
    assert loaded.warnings == ()


def test_what_comes_again_after_it_was_removed_stands_last(tmp_path: Path) -> None:
    again = "{rate: 0.2 per year, judgement: Ours.}"
    path = write(
        tmp_path,
        child=f"scenario: child\nextends: parent.yaml\nevents: {{leak: {again}}}",
        parent="extends: grandparent.yaml\nevents: {leak: null}",
        grandparent=GRANDPARENT,
    )
    assert list(load(path).scenario.events) == ["crash", "leak"]


def test_a_parent_below_the_folder_may_extend_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    write(tmp_path / "old", parent="extends: grandparent.yaml", grandparent=GRANDPARENT)
    path = write(tmp_path, child="scenario: child\nextends: old/parent.yaml")
    assert load(path).scenario.scenario == "child"
    write(tmp_path / "old", parent="extends: ../top.yaml")
    write(tmp_path, top=GRANDPARENT)
    assert load(path).scenario.scenario == "child"


def test_a_parent_out_of_the_folder_is_refused_also_through_a_symlink(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    write(outside, secret=GRANDPARENT)
    (inside / "link.yaml").symlink_to(outside / "secret.yaml")
    (inside / "folder").symlink_to(outside)
    expected = "which lies elsewhere, expected a file in the scenario's own folder or below it"
    for parent in ("../outside/secret.yaml", "link.yaml", "folder/secret.yaml", "/etc/passwd"):
        path = write(inside, child=f"scenario: child\nextends: {parent}")
        assert refusal(path) == (f"child.yaml:2: error: extends: found '{parent}', {expected}")


def test_a_scenario_may_itself_be_reached_through_a_symlink(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    write(tmp_path / "real", child=GRANDPARENT)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert load(tmp_path / "link" / "child.yaml").scenario.scenario == "grandparent"


@pytest.mark.parametrize(
    ("parent", "expected"),
    [
        (
            "child.yaml",
            "a cycle: child.yaml -> child.yaml, expected a chain of parents without a cycle",
        ),
        ("ring.yaml", "'ring.yaml', which is no file, expected the name of a scenario"),
        ("none.yaml", "'none.yaml', which is no file, expected the name of a scenario"),
        (".", "'.', which is no file, expected the name of a scenario"),
        ("[a]", "[a], expected the name of a file, such as baseline.yaml"),
        ("true", "'true', expected the name of a file, such as baseline.yaml"),
    ],
)
def test_a_parent_that_is_no_file_is_refused(tmp_path: Path, parent: str, expected: str) -> None:
    (tmp_path / "ring.yaml").symlink_to(tmp_path / "ring.yaml")
    path = write(tmp_path, child=f"extends: {parent}")
    assert refusal(path) == f"child.yaml:1: error: extends: found {expected}"


def test_the_problems_of_a_file_come_with_those_of_its_parent(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        child="scenario: child\nextends: parent.yaml\nseed: 1\nseed: 2",
        parent=GRANDPARENT + "seed: 5\n",
    )
    assert refusal(path) == (
        "child.yaml:4: error: found the key 'seed' again, expected it once (line 3 has it)\n"
        "parent.yaml:10: error: found the key 'seed' again, expected it once (line 5 has it)"
    )
    write(tmp_path, parent="[")
    assert refusal(path) == (
        "child.yaml:4: error: found the key 'seed' again, expected it once (line 3 has it)\n"
        "parent.yaml:2: error: found text that is not YAML (did not find expected node content), "
        "expected YAML"
    )


def test_extends_cannot_be_set_and_stands_only_in_files(tmp_path: Path) -> None:
    path = write(tmp_path, child=GRANDPARENT)
    expected = "error: extends: found a parent, expected `extends` only in a file"
    assert refusal(path, "extends=other.yaml") == f"--set extends=other.yaml: {expected}"
    with pytest.raises(ScenarioError) as caught:
        load_data({**DATA, "extends": "other.yaml"})
    assert str(caught.value) == f"data: {expected}"


# --- claims -----------------------------------------------------------------------------------

CLAIMS = """
source: {title: The papers, published: 2025-06-01}
claims:
  - {id: 1, date: 2025-05-30, statement: Known in time.}
"""


def test_seeds_are_found_in_the_folder_and_above(tmp_path: Path) -> None:
    folder = tmp_path / "scenarios" / "mine"
    folder.mkdir(parents=True)
    (tmp_path / "seeds").mkdir()
    path = write(folder, child=GRANDPARENT.replace("Ours.", "Ours., sources: [press.1, press]"))
    expected = "the id of a claim in seeds/"
    assert refusal(path).count(expected) == 2
    write(tmp_path / "seeds", press=CLAIMS)
    assert load(path).warnings == ()


def test_damaged_seeds_are_told_with_the_scenarios_own_problems(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    write(tmp_path / "seeds", press="claims: [")
    path = write(tmp_path, child=GRANDPARENT.replace("seed: 3", "seed: three"))
    first, second = refusal(path).splitlines()
    assert first.startswith("child.yaml:5: error: seed: found 'three'")
    assert second.startswith("seeds/press.yaml:2: error: found text that is not YAML")


def test_only_sources_are_citations(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    write(tmp_path / "seeds", press=CLAIMS)
    path = write(
        tmp_path,
        child=GRANDPARENT.replace("outcomes:", "drivers: {sources: {levels: [a, b], initial: a, "
        "judgement: Ours.}}\noutcomes:").replace("leak: {rate", "leak: {when: {sources: a}, rate"),
    )  # fmt: skip
    assert load(path).warnings == ()


# --- what is resolved -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [FOLDER / "example.yaml", SHIPPED / "thaw.yaml"], ids=lambda path: path.stem
)
def test_a_resolved_scenario_is_read_back_as_it_is(path: Path, tmp_path: Path) -> None:
    loaded = load(path)
    (tmp_path / "scenario.yaml").write_text(loaded.text)
    again = load_resolved(tmp_path / "scenario.yaml")
    assert plain(again.tree) == plain(loaded.tree)
    assert again.scenario == loaded.scenario
    assert again.hash == loaded.hash
    assert again.text == loaded.text
    assert list(again.scenario.events) == list(loaded.scenario.events)


names = st.text(st.characters(codec="utf-8", exclude_characters=".=\"'"), min_size=1, max_size=8)
names = names.filter(lambda name: name.isprintable() and name.strip() and "->" not in name)


@given(
    levels=st.lists(names, min_size=2, max_size=4, unique=True).filter(
        lambda some: "by" not in some
    ),
    driver=names,
    title=st.text(),
    lags=st.integers(1, 9),
)
def test_any_names_survive_being_written(
    levels: list[str], driver: str, title: str, lags: int
) -> None:
    data = {
        **{key: DATA[key] for key in ("scenario", "start", "end")},
        "title": title,
        "drivers": {driver: {"levels": levels, "initial": levels[0], "judgement": title}},
        "events": {
            f"{driver}!": {
                "rate": {"by": driver, **dict.fromkeys(levels, f"{lags} per year")},
                "when": {driver: levels},
                "judgement": "x",
            }
        },
    }
    loaded = load_data(data)
    again = load_data(plain(read_text(loaded.text, "written")[0]))
    assert plain(again.tree) == plain(loaded.tree) == data
    assert again.scenario == loaded.scenario
    assert again.hash == loaded.hash


@pytest.mark.parametrize(
    ("name", "sets"),
    [("thaw", []), ("thaw", ["drivers.sanctions.initial=eased"]), ("backtest_2014", [])],
)
def test_other_runs_and_another_seed_are_what_setting_them_gives(
    name: str, sets: list[str]
) -> None:
    loaded = load(SHIPPED / f"{name}.yaml", sets)
    for numbers in ({"runs": 500, "seed": 7}, {"seed": 7}, {"runs": 500}, {}):
        quick = loaded.rerun(**numbers)
        checked = loaded.having([f"{key}={number}" for key, number in numbers.items()])
        assert (quick.scenario, quick.tree) == (checked.scenario, checked.tree)
        assert (quick.sets, quick.warnings) == (checked.sets, checked.warnings)
        assert (quick.hash, quick.tree.marks) == (checked.hash, checked.tree.marks)


def test_having_sets_more_and_keeps_the_rest() -> None:
    changed = EXAMPLE.having(["seed=9", "events.russia_leaves_iss.date.2028=2029-12-31"])
    assert changed.scenario.seed == 9
    assert EXAMPLE.scenario.seed == 2025
    assert EXAMPLE.having([]) is EXAMPLE
    with pytest.raises(ScenarioError, match=r"found 'events\.nothing'"):
        EXAMPLE.having(["events.nothing"])


# --- the hash ---------------------------------------------------------------------------------


def hashes_of(change: Callable[[dict[str, Any]], object]) -> tuple[str, str]:
    data = copy.deepcopy(DATA)
    change(data)
    changed = load_data(data)
    return changed.hash, changed.questions


HASHES = (EXAMPLE.hash, EXAMPLE.questions)


def test_the_hash_is_eight_digits_and_always_the_same() -> None:
    assert len(EXAMPLE.hash) == 8
    assert int(EXAMPLE.hash, 16) >= 0
    assert hashes_of(dict) == HASHES


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(runs=5),
        lambda data: data.pop("runs"),
        lambda data: data.update(title="Other", description="Other"),
        lambda data: data["drivers"]["sanctions"].update(title="Other"),
        lambda data: data["drivers"]["sanctions"]["switches"]["targeted -> eased"].update(
            title="O"
        ),
        lambda data: data["events"]["venera_d_launch"].update(title="Other", description="Other"),
        lambda data: data["events"]["venera_d_launch"]["outcomes"]["works"].update(title="Other"),
        lambda data: data["references"]["russian_new_development"].update(title="Other"),
        lambda data: data["outcomes"]["deorbit"].update(title="Other"),
    ],
)
def test_titles_and_runs_do_not_count(change: Callable[[dict[str, Any]], object]) -> None:
    assert hashes_of(change) == HASHES


def reverse(data: dict[str, Any], section: str) -> None:
    data[section] = dict(reversed(data[section].items()))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(seed=2026),
        lambda data: data.pop("seed"),
        lambda data: data.update(end="2040-12-30"),
        lambda data: data["events"]["russia_leaves_iss"]["date"].update({"2028": "2028-12-30"}),
        lambda data: data["events"]["orel_first_flight"]["pace"].reverse(),
        lambda data: data["outcomes"].pop("deorbit"),
        lambda data: reverse(data, "events"),
        lambda data: reverse(data, "drivers"),
        lambda data: reverse(data["events"]["venera_d_launch"], "outcomes"),
    ],
)
def test_seed_assumptions_and_their_order_count(change: Callable[[dict[str, Any]], object]) -> None:
    assert hashes_of(change) != HASHES


def titled(level: str) -> Loaded:
    """Load a scenario in which `title` is a driver, a level and an outcome."""
    header = {key: DATA[key] for key in ("scenario", "start", "end")}
    driver = {"levels": ["title", "other"], "initial": level, "judgement": "x"}
    outcomes = {"title": {"chance": 0.5, "sets": {"title": level}}, "other": {"chance": "rest"}}
    event = {"rate": {"by": "title", "title": "1 per year"}, "outcomes": outcomes, "judgement": "x"}
    return load_data({**header, "drivers": {"title": driver}, "events": {"description": event}})


def test_a_title_is_a_title_only_where_titles_stand() -> None:
    assert titled("title").hash != titled("other").hash
    base = titled("title")
    for path in ("events.description.rate.title", "events.description.outcomes.title.chance"):
        value = "0.25 per year" if "rate" in path else "0.25"
        assert base.having([f"{path}={value}"]).hash != base.hash


# --- nothing makes the reader crash, or wait --------------------------------------------------


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        ("events", {"repeat": True, "when": {"war": "hot"}, "sets": {"war": "cold"}}),
        ("events", {"rate": "1 per year", "when": {"misspelt": True}}),
        ("references", {"pace": [{"like": "n0"}]}),
    ],
)
def test_many_entries_are_checked_in_bounded_time(section: str, entry: dict[str, Any]) -> None:
    def crowd(count: int) -> dict[str, Any]:
        war = {"levels": ["hot", "cold"], "initial": "hot", "judgement": "x"}
        header = {
            **{key: DATA[key] for key in ("scenario", "start", "end")},
            "drivers": {"war": war},
        }
        return {**header, section: {f"n{number}": entry for number in range(count)}}

    began = time.process_time()
    with suppress(ScenarioError):
        load_data(crowd(400))
    with pytest.raises(ScenarioError) as caught:
        load_data(crowd(1001))
    assert str(caught.value) == (
        f"data: error: {section}: found 1,001 entries, expected 1,000 entries at most"
    )
    assert time.process_time() - began < 2


JUNK: list[Any] = [
    None, True, "", "x", "true", "0", "-1", "1e400", "2028", "2028-01-01", "1 year", "1 to 2",
    "1 per year", "rest", "by", "sanctions", "venera_d_launch", [], ["x"], [[]], [None], {},
    {"x": "y"}, {"by": "x"}, {"by": ["x"]}, {"by": "sanctions", "full": {}}, {"like": "x"},
    {"like": ["x"]}, {"like": "stressed_industry"}, {"planned": "2028"}, {"first": "2028"},
    {"p5": "1", "p50": "2", "p95": "3"}, {"when": "x", "times": []}, {"when": {}, "is": 1},
    {"open": [["2028"]]}, {"at_least": []}, {"sanctions": {"at_least": "full"}},
    {"venera_d_launch": {"at_most": "works"}},
]  # fmt: skip


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the path of every node below the top."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    found = []
    for key, item in items:
        found.append((*path, key))
        if isinstance(item, dict | list):
            found += places(item, (*path, key))
    return found


PLACES = places(DATA)


def put_junk(node: Any, path: tuple[Any, ...], way: str, junk: Any) -> None:
    for key in path[:-1]:
        node = node[key]
    if way == "drop":
        del node[path[-1]]
    elif way == "add" and isinstance(node, dict):
        node["junk"] = junk
    else:
        node[path[-1]] = junk


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(PLACES), st.sampled_from(["put", "add", "drop"]), st.sampled_from(JUNK)
        ),
        min_size=1,
        max_size=3,
    )
)
def test_junk_anywhere_is_accepted_or_refused_in_plain_words(
    changes: list[tuple[tuple[Any, ...], str, Any]],
) -> None:
    data = copy.deepcopy(DATA)
    for path, way, junk in changes:
        with suppress(KeyError, IndexError, TypeError):  # an earlier change took the place away
            put_junk(data, path, way, copy.deepcopy(junk))
    try:
        load_data(data)
    except ScenarioError as error:
        for problem in error.problems:
            said = str(problem).lower()
            assert problem.found
            assert problem.expected
            for jargon in (
                "input",
                "pydantic",
                "python",
                "dict",
                "tuple",
                "validat",
                "str ",
            ):
                assert jargon not in said, said
            assert "None" not in str(problem)


def test_the_example_is_what_the_documentation_shows(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "copy")
    assert load(tmp_path / "copy" / "example.yaml").hash == EXAMPLE.hash


# Python data that no file could hold


def test_half_a_character_is_refused_wherever_it_stands() -> None:
    for data in ({"title": "a\udcff"}, {"a\udcff": 1}, {"events": {"x": {"sources": ["a\udcff"]}}}):
        with pytest.raises(ScenarioError) as caught:
            load_data(data)
        assert str(caught.value) == (
            "data: error: found 'a\N{REPLACEMENT CHARACTER}', expected text that can be written in "
            "UTF-8"
        )


def test_data_without_an_end_are_refused() -> None:
    endless: dict[str, Any] = {}
    endless["events"] = endless
    deep: dict[str, Any] = {"events": [[], [], endless]}
    for data in (endless, deep):
        with pytest.raises(ScenarioError) as caught:
            load_data(data)
        assert str(caught.value) == (
            "data: error: found more than 40 levels of nesting, expected fewer"
        )


def test_a_name_that_no_file_can_have_is_no_file() -> None:
    with pytest.raises(ScenarioError, match="error: found no such file, expected a scenario file"):
        load("a\0b.yaml")


# --- sizes and kinds --------------------------------------------------------------------------


def chain(folder: Path, parents: int) -> Path:
    """Write a scenario with so many parents, each extending the next."""
    for place in range(parents):
        write(folder, **{f"d{place}": f"scenario: d{place}\nextends: d{place + 1}.yaml\n"})
    write(folder, **{f"d{parents}": GRANDPARENT})
    return folder / "d0.yaml"


def test_ten_parents_are_merged_and_no_more(tmp_path: Path) -> None:
    assert load(chain(tmp_path, MAX_PARENTS)).scenario.scenario == "d0"
    assert refusal(chain(tmp_path, MAX_PARENTS + 1)) == (
        "d10.yaml:2: error: extends: found 11 parents, one extending the next, expected 10 at most"
    )


@pytest.mark.parametrize(
    ("spare", "nodes", "message"),
    [
        (-1, 40_000, "d3.yaml: error: found more than {bytes:,} bytes, together with"),
        (0, 20, "d3.yaml:4: error: end: found more than 20 values, together with"),
    ],
)
def test_all_files_of_a_chain_count_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spare: int, nodes: int, message: str
) -> None:
    path = chain(tmp_path, 3)
    whole = sum(one.stat().st_size for one in tmp_path.glob("*.yaml"))
    monkeypatch.setattr(files, "Budget", lambda: Budget(whole, 40_000))
    assert load(path).warnings == ()
    monkeypatch.setattr(files, "Budget", lambda: Budget(whole + spare, nodes))
    assert refusal(path) == (
        f"{message.format(bytes=whole + spare)} those that extend it, expected a scenario of "
        "reasonable size"
    )


def test_a_parent_whose_name_no_file_can_have_is_no_file(tmp_path: Path) -> None:
    name = "x" * 300
    assert refusal(write(tmp_path, child=f"scenario: child\nextends: {name}\n")) == (
        f"child.yaml:2: error: extends: found '{'x' * 60}...', which is no file, "
        "expected the name of a scenario"
    )


def test_an_empty_mapping_is_no_scenario(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, child="{}")) == (
        "child.yaml:1: error: found an empty mapping, expected a mapping with keys such as `start`"
    )


class Odd:
    """Stand for whatever Python may hand over."""


RING: dict[str, Any] = {}
RING["events"] = RING
A_SCENARIO = "expected the path of a scenario file, or its contents as a mapping"
A_SIZE = "expected a scenario of reasonable size"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, f"found an empty mapping, {A_SCENARIO}"),
        ([], f"found an empty list, of the type list, {A_SCENARIO}"),
        (None, f"found nothing, {A_SCENARIO}"),
        (5, f"found '5', of the type int, {A_SCENARIO}"),
        (Odd(), f"found an object of the type Odd, {A_SCENARIO}"),
        (b"x", f"found an object of the type bytes, {A_SCENARIO}"),
        (RING, "found more than 40 levels of nesting, expected fewer"),
        ({"events": [1] * 50_000}, f"found more values than a scenario may have, {A_SIZE}"),
    ],
)
def test_what_is_no_scenario_is_refused_in_python(data: Any, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        api_load(data)
    assert str(error.value) == f"data: error: {message}"


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        ("seed=2", "sets: error: found 'seed=2', expected a list of PATH=VALUE"),
        ([2], "--set: error: found '2', expected PATH=VALUE, as a text"),
        ([None], "--set: error: found nothing, expected PATH=VALUE, as a text"),
    ],
)
def test_settings_are_texts_in_a_list(sets: Any, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load_data(DATA, sets)
    assert str(error.value) == message


def test_claims_that_nobody_can_check_are_warned_of_once(tmp_path: Path) -> None:
    text = GRANDPARENT.replace("Ours.", "Ours., sources: [press.1]")
    (warning,) = load(write(tmp_path, child=text)).warnings[:1]
    assert str(warning).removeprefix(f"{tmp_path}/") == (
        "child.yaml:7: warning: events.leak.sources: found 'press.1', which cannot be checked, "
        "as there is no folder of claims, expected a folder `seeds` in the scenario's folder, "
        "or up to two above it; the same in 1 more place"
    )
