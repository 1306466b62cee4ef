"""Results that keep less than all firings: the same answers, resumed, extended, and refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coopsim import api
from coopsim.analysis.comparing.comparison import Comparison
from coopsim.analysis.keeping import tally_file as ledger
from coopsim.analysis.keeping.tally_file import TallyFile
from coopsim.analysis.tallies import Survey
from coopsim.errors import CoopsimError, WouldLoseError
from coopsim.simulation import simpy_model
from coopsim.simulation.building import build_program
from coopsim.simulation.firings import Firings
from coopsim.simulation.program import Program
from coopsim.simulation.results.manifest import Keep, ResultIdentity
from coopsim.simulation.results.store import Store
from coopsim.simulation.workers.pools import Threads
from coopsim.simulation.workers.running import run_blocks
from test_api import SMALL, parts_of

pytestmark = pytest.mark.slow

EVENTS: dict[str, Any] = SMALL["events"]  # type: ignore[assignment]  # one of several types

# A question of every kind.
LOADED = api.load(
    {
        **SMALL,
        "events": {
            **EVENTS,
            "decree": {
                **EVENTS["decree"],
                "repeat": True,
                "outcomes": {"broad": {"chance": "0.3"}, "narrow": {"chance": "rest"}},
            },
        },
        "outcomes": {
            "flies": {"event": "flight"},
            "soon": {"event": "flight", "by": "2027-06-30"},
            "last": {"last": "flight"},
            "decrees": {"count": "decree"},
            "wait": {"between": ["decree", "flight"]},
            "leads": {"first_of": ["decree", "flight"]},
            "both": {"all_of": ["decree", "flight"]},
            "climate": {"driver": "climate"},
            "warmth": {"index": [{"when": {"climate": "warm"}, "weight": 1}]},
        },
    }
)
RUNS = 1300
PARTIAL = [Keep.firsts, Keep.nothing]


def run(
    out: Path, keep: str | None = None, runs: int = RUNS, *, replace: bool = False
) -> api.Result:
    return api.run(
        LOADED, runs=runs, out=out, workers=1, engine="simpy", keep=keep, replace=replace
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> api.Result:
    """Give the result that keeps all firings."""
    return run(tmp_path_factory.mktemp("whole"))


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "BLOCK_RUNS", 200)


def answers(result: api.Result) -> list[bytes]:
    return [(result.folder / name).read_bytes() for name in ("summary.json", "summary.csv")]


def contents(result: api.Result) -> set[str]:
    return {path.name for path in result.folder.iterdir()}


# What is kept


@pytest.mark.parametrize("keep", PARTIAL)
def test_the_answers_are_those_of_all_firings(
    tmp_path: Path, whole: api.Result, keep: Keep
) -> None:
    made = run(tmp_path, keep)
    again = api.open_result("small", tmp_path)
    assert answers(made) == answers(whole)
    assert again.summary == made.summary == whole.summary
    assert str(again.curves()) == str(whole.curves())
    assert (again.store.manifest.keep, again.runs) == (keep, RUNS)
    assert json.loads((made.folder / "manifest.json").read_text())["keep"] == keep


def test_nothing_is_no_firings(tmp_path: Path, whole: api.Result) -> None:
    files = {"manifest.json", "scenario.yaml", "summary.csv", "summary.json"}
    assert contents(whole) == {*files, "firings"}
    assert contents(run(tmp_path, "nothing")) == {*files, "tallies.parquet"}


def test_firsts_are_the_first_of_each_event_and_outcome(tmp_path: Path, whole: api.Result) -> None:
    kept, every = run(tmp_path, "firsts").first_firings(), whole.firings()
    found = [list(zip(*row, strict=True)) for row in map(_columns, kept)]
    expected = [_firsts_by_hand(list(zip(*row, strict=True))) for row in map(_columns, every)]
    assert found == expected
    assert sum(map(len, found)) < sum(map(len, whole.firings()))


def _columns(part: Firings) -> list[list[int]]:
    return [each.tolist() for each in (part.run, part.event, part.outcome, part.time)]


def _firsts_by_hand(rows: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    firsts: dict[tuple[int, ...], tuple[int, ...]] = {}
    for row in rows:
        firsts.setdefault(row[:3], row)
    return list(firsts.values())


def test_neither_workers_nor_threads_show(tmp_path: Path) -> None:
    files = []
    for name, workers in (("one", 1), ("two", 2)):
        store = begin(tmp_path / name, Keep.nothing)
        complete(store, simpy_model.simulate, workers)
        files.append((store.folder / "tallies.parquet").read_bytes())
    assert files[0] == files[1]


# Going on


@pytest.mark.parametrize("keep", PARTIAL)
def test_more_runs_extend_a_result_within_a_block(
    tmp_path: Path, whole: api.Result, keep: Keep
) -> None:
    run(tmp_path / "twice", keep, 730)
    extended = run(tmp_path / "twice", runs=RUNS)  # keeps as before
    fresh = run(tmp_path / "once", keep)
    assert answers(extended) == answers(whole)
    assert contents(extended) == contents(fresh)
    tallies = [one.folder / "tallies.parquet" for one in (extended, fresh)]
    assert tallies[0].read_bytes() == tallies[1].read_bytes()
    if keep is Keep.firsts:
        assert parts_of(extended.folder) == parts_of(fresh.folder)


def begin(folder: Path, keep: Keep, runs: int = RUNS) -> Store:
    loaded = LOADED.having([f"runs={runs}"])
    facts = ResultIdentity("small", loaded.hash, loaded.scenario.seed, runs, "simpy", keep=keep)
    return Store.create(folder / f"small-{loaded.hash}", loaded.text, facts)


def complete(
    store: Store, simulate: Callable[[Program, int, int], Firings], workers: int = 1
) -> Store:
    program = build_program(LOADED.scenario)
    keeper = TallyFile(store, Survey(LOADED.scenario.outcomes, program))
    return run_blocks(program, simulate, store, workers, pool=Threads(), keeper=keeper)


def stop_at_1000(program: Program, first_run: int, runs: int) -> Firings:
    if first_run >= 1000:
        raise KeyboardInterrupt
    return simpy_model.simulate(program, first_run, runs)


@pytest.mark.parametrize("keep", PARTIAL)
def test_a_stop_keeps_what_was_counted(tmp_path: Path, whole: api.Result, keep: Keep) -> None:
    store = begin(tmp_path, keep)
    with pytest.raises(CoopsimError) as caught:
        complete(store, stop_at_1000)
    assert str(caught.value) == (
        f"stopped: 1,000 of 1,300 timelines are kept in {store.folder}; the same command "
        "continues from there"
    )
    assert api.open_result("small", tmp_path).runs == 1000
    computed: list[int] = []

    def watched(program: Program, first_run: int, runs: int) -> Firings:
        computed.append(first_run)
        return simpy_model.simulate(program, first_run, runs)

    complete(begin(tmp_path, keep), watched)
    assert computed == ([1000] if keep is Keep.firsts else [1000, 1200])
    assert api.open_result("small", tmp_path).summary == whole.summary


def test_what_was_counted_beyond_a_gap_is_not_lost_but_the_gap_is_filled(
    tmp_path: Path, whole: api.Result
) -> None:
    store = begin(tmp_path, Keep.nothing)
    keeper = TallyFile(store, Survey(LOADED.scenario.outcomes, whole.program))
    work = keeper.work(simpy_model.simulate)
    keeper.keep(work(whole.program, 1200, 100))
    keeper.save()
    assert keeper.missing(400) == [(first, 200) for first in range(0, 1200, 200)]
    assert (keeper.runs, keeper.gathered().runs) == (0, 100)
    made = run(tmp_path, runs=400)  # fewer than counting goes up to already
    assert (made.runs, made.store.manifest.runs) == (RUNS, RUNS)
    assert made.summary == whole.summary


def test_a_lost_part_is_made_again_and_its_timelines_are_not_counted_twice(
    tmp_path: Path, whole: api.Result
) -> None:
    made = run(tmp_path, "firsts")
    before = parts_of(made.folder)
    (made.folder / "firings" / "part-000000.parquet").unlink()
    assert run(tmp_path).summary == whole.summary
    assert parts_of(made.folder) == before


def test_keeping_more_than_before_starts_over_and_less_changes_nothing(
    tmp_path: Path, whole: api.Result
) -> None:
    run(tmp_path, "nothing")
    firsts = run(tmp_path, "firsts", replace=True)
    assert (firsts.store.manifest.keep, contents(firsts)) == (
        Keep.firsts,
        {*contents(whole), "tallies.parquet"},
    )
    firings = run(tmp_path, "firings", replace=True)
    assert (firings.store.manifest.keep, contents(firings)) == (Keep.firings, contents(whole))
    assert parts_of(firings.folder) == parts_of(whole.folder)
    assert run(tmp_path, "nothing").store.manifest.keep is Keep.firings


@pytest.mark.parametrize("keep", PARTIAL)
@pytest.mark.parametrize("runs", [1, RUNS, 2 * RUNS])
def test_what_was_counted_is_not_thrown_away_unasked(tmp_path: Path, keep: Keep, runs: int) -> None:
    made = run(tmp_path, keep)
    held = {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()}
    with pytest.raises(WouldLoseError) as caught:
        run(tmp_path, "firings", runs)
    assert str(caught.value) == (
        f"{made.folder} keeps {SAID[keep]} of {RUNS:,} timelines; to keep all firings, they "
        "would have to be removed and simulated again. Add --replace (in Python replace=True) "
        "to do so"
    )
    assert {path: path.read_bytes() for path in made.folder.rglob("*") if path.is_file()} == held


def test_where_nothing_was_counted_there_is_nothing_to_lose(tmp_path: Path) -> None:
    begin(tmp_path, Keep.nothing)
    assert run(tmp_path, "firings", 10).keeps_all


# What cannot be asked then

SAID = {Keep.firsts: "first firings", Keep.nothing: "counts only"}

KEPT = {Keep.firsts: "first firings and counts", Keep.nothing: "the summary"}


@pytest.mark.parametrize("keep", PARTIAL)
@pytest.mark.parametrize(
    "ask",
    [
        lambda result: api.given(result, ["flight by 2028"]),
        lambda result: api.discover(result, "flight"),
        lambda result: api.global_indices(result, ["flies"]),
        lambda result: result.firings(),
    ],
    ids=["given", "discover", "global_indices", "firings"],
)
def test_what_needs_all_firings_says_so(
    tmp_path: Path, keep: Keep, ask: Callable[[api.Result], object]
) -> None:
    made = run(tmp_path, keep, 500)
    with pytest.raises(CoopsimError) as caught:
        ask(made)
    assert str(caught.value) == (
        f"{made.folder} keeps {KEPT[keep]} only, and this needs all firings: simulate it again "
        f"with `coopsim run {made.folder}/scenario.yaml --keep firings --replace`"
    )


def test_a_comparison_needs_firings(tmp_path: Path, whole: api.Result) -> None:
    made = run(tmp_path, "nothing", 100)
    with pytest.raises(CoopsimError) as caught:
        api.compare(whole, made)
    assert str(caught.value) == (
        f"{made.folder} keeps the summary only, and this needs the firings: simulate it again "
        f"with `coopsim run {made.folder}/scenario.yaml --keep firings --replace`"
    )


def test_first_firings_are_compared_where_they_answer(tmp_path: Path) -> None:
    def pair(keep: str) -> Comparison:
        loaded = [LOADED, LOADED.having(["drivers.climate.initial=warm"])]
        return api.compare(
            *(
                api.run(one, runs=400, out=tmp_path / keep, workers=1, engine="simpy", keep=keep)
                for one in loaded
            )
        )

    firsts, firings = pair("firsts"), pair("firings")
    answered = {"flies", "soon", "wait", "leads", "both"}
    assert set(firsts.outcomes) == answered
    assert firsts.outcomes == {name: firings.outcomes[name] for name in answered}
    names = ", ".join(firsts.results)
    assert firsts.warnings == tuple(
        f"`{name}` is left out: only first firings are stored in {names}"
        for name in ("last", "decrees", "climate", "warmth")
    )


# Damage


def damage(made: api.Result, change: Callable[[bytes], bytes]) -> str:
    path = made.folder / "tallies.parquet"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(CoopsimError) as caught:
        api.open_result(made.folder)
    return str(caught.value).replace(str(path), "FILE")


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    made = run(tmp_path, "nothing", 100)
    assert damage(made, lambda content: content[:-50]).startswith("FILE is damaged: ")
    assert damage(made, lambda _content: b"").startswith("FILE is damaged: ")


def test_tallies_of_other_assumptions_are_refused(tmp_path: Path) -> None:
    made = run(tmp_path, "nothing", 100)
    warm = LOADED.having(["drivers.climate.initial=warm"])
    other = api.run(warm, runs=100, out=tmp_path, workers=1, engine="simpy", keep="nothing")
    theirs = (other.folder / "tallies.parquet").read_bytes()
    assert damage(made, lambda _content: theirs) == (
        f"FILE is damaged: its coopsim.hash is {warm.hash}, expected {LOADED.hash}; "
        "remove it and run the scenario again"
    )


def test_a_result_without_its_tallies_is_named(tmp_path: Path) -> None:
    made = run(tmp_path, "nothing", 100)
    (made.folder / "tallies.parquet").unlink()
    with pytest.raises(CoopsimError) as caught:
        api.open_result(made.folder)
    assert str(caught.value) == (
        f"{made.folder}/tallies.parquet is missing or incomplete: {made.folder}/manifest.json "
        "promises 100 runs; run the scenario again"
    )
    assert run(tmp_path, runs=100).summary == made.summary


def test_before_anything_is_counted_there_is_nothing_to_tell(tmp_path: Path) -> None:
    store = begin(tmp_path, Keep.nothing)
    with pytest.raises(CoopsimError, match=r"^there are no timelines to summarise$"):
        api.open_result(store.folder)


# Tallies that are whole as files, and yet say what cannot be

NO_SPANS = "it does not say which timelines it counts"
IMPOSSIBLE = "it counts an impossible answer"


def rewritten(content: bytes, spans: str | None = None, **columns: object) -> bytes:
    """Write a file of tallies anew, its spans or the first cells of some columns changed."""
    table = pq.read_table(pa.BufferReader(content))
    said = dict(table.schema.metadata)
    if spans is not None:
        said[b"coopsim.spans"] = spans.encode()
    for name, value in columns.items():
        place, old = table.schema.get_field_index(name), table[name]
        new = pa.array([value, *old.to_pylist()[1:]], old.type)
        table = table.set_column(place, table.schema.field(name), new)
    sink = pa.BufferOutputStream()
    pq.write_table(table.replace_schema_metadata(said), sink, write_page_checksum=True)
    return bytes(sink.getvalue())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"spans": "5"}, NO_SPANS),
        ({"spans": "[[0]]"}, NO_SPANS),
        ({"spans": '[["0", "100"]]'}, NO_SPANS),
        ({"spans": "[[0, 1e2]]"}, NO_SPANS),
        ({"spans": "[" * 100_000}, NO_SPANS),
        ({"spans": "[[-100, 0]]"}, NO_SPANS),
        ({"spans": "[[100, 0]]"}, NO_SPANS),
        ({"spans": "[[0, 1000000001]]"}, NO_SPANS),
        ({"spans": "[[0, 60], [40, 100]]"}, NO_SPANS),
        ({"spans": "[[0, 101]]"}, "it counts a different number of timelines than it states"),
        ({"count": 0}, IMPOSSIBLE),
        ({"count": -5}, IMPOSSIBLE),
        ({"count": 99}, "it counts a different number of timelines than it states"),
        ({"column": -1}, IMPOSSIBLE),
        ({"column": 10**12}, "index 1000000000000 is out of bounds for axis 1 with size 1"),
        ({"question": 5}, IMPOSSIBLE),
        ({"value": float("nan")}, "it holds a value that is not a number"),
        ({"value": float("inf")}, "it holds a value that is not a number"),
        ({"value": -1.0}, "it counts events before the start"),
    ],
)
def test_tallies_that_cannot_be_are_refused(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    made = run(tmp_path, "nothing", 100)
    assert damage(made, lambda content: rewritten(content, **change)) == (
        f"FILE is damaged: {reason}; remove it and run the scenario again"
    )


def test_tallies_of_another_form_are_refused(tmp_path: Path) -> None:
    made = run(tmp_path, "nothing", 100)
    schema = pq.read_schema(made.folder / "tallies.parquet")
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": ["b"]}).replace_schema_metadata(schema.metadata), sink)
    assert damage(made, lambda _content: bytes(sink.getvalue())) == (
        "FILE is damaged: its columns are not question, value, column and count; "
        "remove it and run the scenario again"
    )


def test_a_folder_in_the_place_of_tallies_is_no_file(tmp_path: Path) -> None:
    made = run(tmp_path, "nothing", 100)
    path = made.folder / "tallies.parquet"
    path.unlink()
    path.mkdir()
    with pytest.raises(CoopsimError) as caught:
        api.open_result(made.folder)
    assert str(caught.value) == f"{path} cannot be read: Is a directory"


@pytest.mark.parametrize("keep", list(Keep))
def test_what_a_manifest_promises_in_vain_is_not_simulated(tmp_path: Path, keep: Keep) -> None:
    made = run(tmp_path, keep, 1300)
    answered = answers(made)
    manifest = made.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"runs": 1300', '"runs": 999999999'))
    with pytest.raises(CoopsimError, match=r"promises 999999999 runs; run the scenario again$"):
        api.open_result(made.folder)
    again = run(tmp_path, runs=100)
    assert again.store.manifest.runs == again.runs == 1300
    assert answers(again) == answered


def test_a_part_that_was_lost_is_computed_again_though_fewer_are_asked_for(tmp_path: Path) -> None:
    made = run(tmp_path, "firings", 2100)
    answered = answers(made)
    (made.folder / "firings" / "part-000001.parquet").unlink()
    again = run(tmp_path, runs=100)
    assert again.runs == 2100
    assert answers(again) == answered
