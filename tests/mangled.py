"""Inputs mangled by chance: what a person, a program or a broken disk may hand to coopsim.

Each target takes dice and hands one mangled input to one way in. Whatever is wrong with it has to
be said by a CoopsimError; any other exception is a fault. `test_mangled.py` throws some of them
each time, `bench/fuzz.py` as many as are asked for. A case is known by its target and its number.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from unicodedata import category

import both_engines
from coopsim import api
from coopsim.analysis.evidence.facts import is_so
from coopsim.analysis.evidence.statements import read_evidence
from coopsim.analysis.measures import measures, read
from coopsim.analysis.scorecard import put
from coopsim.analysis.summaries import summarise
from coopsim.analysis.timelines import Timelines
from coopsim.errors import CoopsimError, ScenarioError
from coopsim.printable import printable
from coopsim.scenario.loading import Loaded, load, load_data
from coopsim.scenario.sources.claims import read_claims
from coopsim.scenario.sources.resolutions import read_history
from coopsim.scenario.text.tree import Map, Seq
from coopsim.simulation import compiled
from coopsim.simulation.building import build_program
from coopsim.simulation.draws import stream_key, uniform
from small_world import SMALL
from terminal import coopsim

T = TypeVar("T")

EXAMPLE = Path(__file__).parent / "scenarios"
FAULT = "This is a fault of coopsim"  # says the last resort
RUNS = 2  # timelines that an accepted scenario plays by each engine
NASTY = (
    *("0", "-1", "1", "1e308", "1e-320", "-0.0", "0.1e", ".inf", ".nan", "9" * 30, "0x1F", "1_0"),
    *("2025", "2028-02-30", "0000-01-01", "9999-12-31", "2999-12-31", "2028-Q5", "2027-01 to 2026"),
    *("30%", "1/3", "2 to 1", "1 to", "to", "0 to 0", "1 per 0 years", "1e9 per hour", "-1 days"),
    *("1e99 years", "1000000 per hour", "rest", "null", "~", "true", "false", "yes", "{}", "[]"),
    *("[[]]", "{by: sanctions}", "{like: x}", "{like: like}", "{uniform: [2, 1]}", "{p5: 1}"),
    *("{exponential: 0}", "{weibull: [0, 0]}", "{normal: [0, 0]}", "*a", "&a x", "!!python/x y"),
    *("<<", "|", ">", "'", '"', "\\", "#", "a: b: c", "- -", "\t", "\x00", "\x1b[2J", "\u202e"),
    *("\u00a0", "\ufeff", "\U0001f680", "\u0301", "[red]", "a.b.c", "..", "../x", "/etc/passwd"),
    *("by", "and", "not", "when", "x" * 300, "sanctions", "orel_first_flight", "relations"),
)
_STATEMENTS = (
    "sanctions = eased by 2027-12-31 and not orel_first_flight by 2029",
    "russia_leaves_iss before iss_deorbited and seat_swap = in_force on 2029-06-30",
    "cross_flight >= 3 from 2026 to 2028 or not ( iss_crewed = false in 2030 )",
    "iss_extension_decision = extended before 2027-Q1",
    "sanctions >= targeted from 2027 to 2029",
)
_OUTCOMES = (
    "deorbit by 2031",
    "last_swap after 2030",
    "how_it_ends = russia_leaves_iss",
    "cooperation by 2030",
    "sanctions = eased",
    "station_gap = both",
    "swaps_flown",
)
_WORDS = (
    *("by", "before", "after", "on", "in", "from", "to", "and", "or", "not", "(", ")", "=", ">="),
    *("<=", ">", "<", "!=", "..", ",", "2027", "2028-07-31", "2030-Q1", "2025-08-05", "2040-12-31"),
    *("2041", "1", "0", "-1", "1e9", "'", '"', "true", "false", "cross_flight", "sanctions"),
    *("eased", "full", "orel_first_flight", "iss_extension_decision", "extended", "deorbit"),
    *("swaps_flown", "station_gap", "how_it_ends", "russia_leaves_iss", "cooperation", "neither"),
)


class Dice:
    """Throw numbers that depend on the target and the case alone."""

    def __init__(self, target: str, case: int) -> None:
        self._key, self._case, self._thrown = stream_key(0, f"mangled.{target}"), case, 0

    def below(self, count: int) -> int:
        """Throw a whole number from 0 to `count` - 1."""
        self._thrown += 1
        return int(uniform(self._key, self._case, self._thrown) * count)

    def pick(self, items: Sequence[T]) -> T:
        """Pick one of some items."""
        return items[self.below(len(items))]


# --- ways to mangle a text ------------------------------------------------------------------------


def mangled(text: str, dice: Dice) -> str:
    """Change a text in one way, or in two."""
    for _ in range(1 + dice.below(4) // 3):
        text = dice.pick(_WAYS)(text, dice)
    return text


def _replace_token(text: str, dice: Dice) -> str:
    """Put something nasty, or another part of the text, where a value or a key stands."""
    starts = [place for place, sign in enumerate(text) if sign in " [{,:"]
    start = dice.pick(starts or [0]) + 1
    end = start
    while end < len(text) and text[end] not in ",:]}\n":
        end += 1
    others = text.split()
    new = dice.pick(NASTY) if dice.below(2) or not others else dice.pick(others)
    return text[:start] + new + text[end:]


def _drop_line(text: str, dice: Dice) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(_without(lines, dice.below(max(len(lines), 1))))


def _without(lines: list[str], place: int) -> list[str]:
    return lines[:place] + lines[place + 1 :]


def _move_line(text: str, dice: Dice) -> str:
    lines = text.splitlines(keepends=True) or [""]
    line = dice.pick(lines)
    place = dice.below(len(lines))
    return "".join([*lines[:place], line, *lines[place:]])


def _indent_line(text: str, dice: Dice) -> str:
    lines = text.splitlines(keepends=True) or [""]
    place = dice.below(len(lines))
    lines[place] = f"  {lines[place]}" if dice.below(2) else lines[place].lstrip(" ")
    return "".join(lines)


def _cut(text: str, dice: Dice) -> str:
    return text[: dice.below(len(text) + 1)]


def _put_sign(text: str, dice: Dice) -> str:
    place = dice.below(len(text) + 1)
    return text[:place] + dice.pick("{}[],:&*!|>'\"%@`#?- \t\n\x00\x1b\u2028\ufeff") + text[place:]


_WAYS: tuple[Callable[[str, Dice], str], ...] = (
    *(_replace_token,) * 6,
    *(_drop_line, _move_line, _indent_line, _cut, _put_sign),
)


# --- what is done with it -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bench:
    """Hold what the targets need and make once: a folder, the example, a result of it."""

    folder: Path
    example: Loaded
    result: Path
    places: Mapping[str, str]  # what words of a command stand for

    @classmethod
    def at(cls, folder: Path) -> Bench:
        """Lay out an empty folder."""
        shutil.copytree(EXAMPLE, folder / "scenarios")
        other = {**SMALL, "scenario": "other"}
        kept = [api.run(one, runs=120, out=folder / "kept", workers=1) for one in (SMALL, other)]
        files = {
            "WORLD": load_data(SMALL).text,
            "OTHER": load_data({**other, "events": {**SMALL["events"], "idle": _QUICKER}}).text,
            "ANSWERS": _ANSWERS,
        }
        for name, text in files.items():
            (folder / f"{name.lower()}.yaml").write_text(text, encoding="utf-8")
        places = {name: str(folder / f"{name.lower()}.yaml") for name in files}
        places |= {"RESULT": str(kept[0].folder), "OTHER_RESULT": str(kept[1].folder)}
        places["FILE"] = str(EXAMPLE / "example.yaml")
        return cls(folder, load(EXAMPLE / "example.yaml"), kept[0].folder, places)


def scenario_file(bench: Bench, dice: Dice) -> None:
    """Load a mangled scenario, or one with a mangled parent; play it where it is taken."""
    for name in ("example.yaml", "example_parent.yaml"):
        shutil.copy(EXAMPLE / name, bench.folder / "scenarios" / name)
    path = bench.folder / "scenarios" / dice.pick(("example.yaml", "example_parent.yaml"))
    path.write_text(mangled(path.read_text(encoding="utf-8"), dice), encoding="utf-8")
    played(_spoken(lambda: load(bench.folder / "scenarios" / "example.yaml")))


def setting(bench: Bench, dice: Dice) -> None:
    """Set one assumption of the example to something odd."""
    path = dice.pick(_paths(bench.example.tree))
    value = dice.pick(NASTY) if dice.below(3) else mangled(dice.pick(NASTY), dice)
    played(_spoken(lambda: bench.example.having([f"{path}={value}"])))


def statement(bench: Bench, dice: Dice) -> None:
    """Read a reworded statement as evidence, and ask it of some timelines."""
    text = _reworded(dice.pick(_STATEMENTS), dice)
    program = build_program(bench.example.scenario)
    fact = read_evidence(text, bench.example.scenario, program)
    is_so(fact, Timelines(program, compiled.simulate(program, 0, RUNS)))


def _reworded(text: str, dice: Dice) -> str:
    """Replace, add or drop one or two words of a statement."""
    words = text.split()
    for _ in range(1 + dice.below(2)):
        place = dice.below(len(words) + 1)
        new = dice.pick(_WORDS) if dice.below(4) else mangled(dice.pick(_WORDS), dice)
        words[place : place + dice.below(2)] = [new] if dice.below(4) else []
    return " ".join(words)


def outcome(bench: Bench, dice: Dice) -> None:
    """Read a reworded outcome, and measure it in some timelines."""
    text = _reworded(dice.pick(_OUTCOMES), dice)
    program = build_program(bench.example.scenario)
    asked = measures(program, bench.example.scenario, [text])
    read(asked, program, compiled.simulate(program, 0, RUNS))


_CLAIMS = """\
source: {title: A paper, publisher: A house, published: 2025-08-05, url: "https://example.org/a"}
claims:
  - {id: 1, line: 3, date: 2025-08-01, kind: target, statement: It flies in 2028.,
     numbers: [{what: first flight, value: 2028, unit: year}], contradicts: [press.2], ruling: One.}
  - {id: 2, date: 2025-08, statement: It flies in 2029., verified: yes, contradicts: [press.1],
     ruling: One., programme: Orel, country: Russia, class: crewed ship}
"""


def claim_file(bench: Bench, dice: Dice) -> None:
    """Read a mangled file of claims."""
    seeds = bench.folder / "claims" / "seeds"
    seeds.mkdir(parents=True, exist_ok=True)
    (seeds / "press.yaml").write_text(mangled(_CLAIMS, dice), encoding="utf-8")
    _spoken(lambda: read_claims(seeds))


_HISTORY = """\
title: What became of it
known: 2030-08-05
questions:
  - {id: flew, title: It flew, event: orel_first_flight, date: 2029-03, sources: [x.1]}
  - {id: all, title: All of it, all_of: [us_leaves_iss, ros_crewed], by: 2030,
     happened: false, sources: x.1}
  - {id: ok, title: Decided, event: iss_extension_decision, outcome: extended,
     happened: true, sources: [x.1]}
  - {id: own, title: Its own, question: deorbit, by: 2029-12-31, happened: false, sources: [x.1]}
  - {id: third, title: The third, statement: third soyuz_flight with cross_flight by 2027-04-30,
     happened: true, sources: [x.1]}
  - {id: mood, title: Sanctions, driver: sanctions, by: 2027-12-31, level: eased, sources: [x.1]}
"""


def history(bench: Bench, dice: Dice) -> None:
    """Read a mangled file of answers, and put its questions to the example."""
    path = bench.folder / "history.yaml"
    path.write_text(mangled(_HISTORY, dice), encoding="utf-8")
    program = build_program(bench.example.scenario)
    _spoken(lambda: put(read_history(path), bench.example.scenario, program))


def manifest(bench: Bench, dice: Dice) -> None:
    """Open a result whose manifest is mangled."""
    copy = _copied(bench)
    path = copy / "manifest.json"
    path.write_text(mangled(path.read_text(encoding="utf-8"), dice), encoding="utf-8")
    _opened(copy)


def damaged_file(bench: Bench, dice: Dice) -> None:
    """Open a result of which one file has a few wrong bytes, or ends early."""
    copy = _copied(bench)
    path = dice.pick(sorted(one for one in copy.rglob("*") if one.is_file()))
    content = bytearray(path.read_bytes())
    for _ in range(dice.below(4)):
        content[dice.below(len(content))] = dice.below(256)
    path.write_bytes(content[: dice.below(len(content))] if dice.below(3) == 0 else content)
    _opened(copy)


_CITING = """\
scenario: citing
start: 2025-08-05
end: 2030-12-31
events: {{a: {{rate: 1 per year, sources: {}}}}}
outcomes: {{a: {{event: a}}}}
"""
_SIGNS = (
    *(
        "\x1b[2J",
        "\x1b]0;x\x07",
        "\x9b",
        "\x07",
        "\b",
        "\r",
        "\u202e",
        "\u2066",
        "\u200b",
        "\ufeff",
    ),
    *(
        "\u2028",
        "\x85",
        "\t",
        "[red]",
        "[/]",
        "=1+1",
        "@x",
        "$x$",
        "\\frac",
        "\U000e0041",
        "\u0301",
    ),
)
_PRINTING = (
    "check odd.yaml",
    "run odd.yaml --runs 200 --out odd --no-figures",
    "summary odd --results odd --json",
    "show odd --results odd",
    "trace odd --results odd --run 3 --no-figures",
    "causes odd --results odd --no-figures",
    "given odd --results odd --that 'not end by 2028' --no-figures",
    "diff odd.yaml WORLD",
)
CALLS = (
    "check FILE --set 'events.pad_lost.rate=0.1 per year'",
    "show RESULT",
    "summary RESULT --json",
    "ls --results kept",
    "ask RESULT launch --if 'not end by 2028' --no-figures",
    "given RESULT --that decision=yes --until 20 --most 200 --no-figures",
    "trace RESULT --run 3 --no-figures",
    "causes RESULT --no-figures",
    "discover RESULT --outcome launch --no-figures",
    "diff FILE FILE --json",
    "sources FILE",
    "run WORLD --runs 5 --seed 3 --keep nothing --replace --no-figures",
    "sensitivity WORLD --outcome end --only events.end --runs 100 --no-figures",
    "sensitivity WORLD --outcome end --method uncertainty --runs 100 --replications 2 --no-figures",
    "sweep WORLD --set 'events.idle.rate=0.1..0.3 per year' --outcome end --runs 100 --no-figures",
    "explain OTHER WORLD --outcome end --runs 100 --no-figures",
    "compare RESULT OTHER_RESULT --no-figures",
    "score RESULT --against ANSWERS",
)
_ODD = (*NASTY[:24], *_WORDS, "RESULT", "FILE", "", "small", "--json", "--run", "--set", "--only")
_QUICKER = {"title": "Idle", "rate": "0.4 per year", "judgement": "Made up."}
_ANSWERS = """\
title: What became of it
known: 2034-01-01
questions: [{id: ended, title: It ended, event: end, date: 2029-03, sources: [x.1]}]
"""


def arguments(bench: Bench, dice: Dice) -> None:
    """Call a command with one or two odd arguments."""
    words = shlex.split(dice.pick(CALLS))
    for _ in range(1 + dice.below(2)):
        place = 1 + dice.below(len(words))
        odd = dice.pick(_ODD)
        name, equals, _ = words[place].partition("=") if place < len(words) else ("", "", "")
        words[place : place + dice.below(2)] = [f"{name}={odd}" if equals else odd]
    called(bench, words)


def called(bench: Bench, words: Sequence[str]) -> None:
    """Call a command, whose words may stand for files of the bench; raises what it refuses."""
    done = coopsim(bench.folder, *(bench.places.get(word, word) for word in words))
    if FAULT in done.stderr:
        raise AssertionError(done.stderr)
    assert harmless(done.stdout + done.stderr)
    if done.returncode:
        raise CoopsimError(done.stderr or done.stdout)  # `check` answers with what is wrong


def cited(bench: Bench, dice: Dice) -> None:
    """Load a scenario that cites mangled claims, and list what it rests on."""
    folder = bench.folder / "citing"
    (folder / "seeds").mkdir(parents=True, exist_ok=True)
    (folder / "seeds" / "press.yaml").write_text(mangled(_CLAIMS, dice), encoding="utf-8")
    names = dice.pick(("press.1", "[press.1, press.2]", mangled("[press.1, press.3]", dice)))
    (folder / "citing.yaml").write_text(_CITING.format(names), encoding="utf-8")
    called(bench, ("sources", str(folder / "citing.yaml")))


def swept(bench: Bench, dice: Dice) -> None:
    """Sweep an assumption over an odd range."""
    fitting = ("0.1", "0.2", "0.4")
    low, high = (dice.pick(fitting if dice.below(3) else NASTY[:34]) for _ in range(2))
    joint = dice.pick(("..", "..", "..", "...", " to ", ",", ""))
    path = dice.pick((*("events.decision.outcomes.yes.chance",) * 3, "events.end.rate", "start"))
    asked = f"{path}={low}{joint}{high}"
    options = ("--points", "2", "--outcome", "yes", "--runs", "100", "--no-figures")
    called(bench, ("sweep", "WORLD", "--set", asked, *options))


def titled(bench: Bench, dice: Dice) -> None:
    """Print, in every way there is, a world whose titles and judgements hold odd signs."""
    odd = "".join(dice.pick(_SIGNS) for _ in range(1 + dice.below(6)))
    world = json.loads(json.dumps(SMALL).replace('"Made up."', '"Made"'))
    for entries in (world["drivers"], world["events"], world["outcomes"]):
        for entry in entries.values():
            entry["title"] = odd + entry["title"]
    world |= {"title": odd, "scenario": "odd"}
    path = bench.folder / "odd.yaml"
    path.write_text(load_data(world).text, encoding="utf-8")
    for command in _PRINTING:
        called(bench, shlex.split(command))


TARGETS: dict[str, Callable[[Bench, Dice], None]] = {
    one.__name__: one
    for one in (
        *(scenario_file, setting, statement, outcome, claim_file, history),
        *(manifest, damaged_file, arguments, cited, swept, titled),
    )
}


def thrown(target: str, case: int, bench: Bench) -> bool:
    """Hand over one mangled input; tells whether it was taken, and lets all faults through."""
    try:
        TARGETS[target](bench, Dice(target, case))
    except CoopsimError as error:
        if not str(error).strip():
            raise AssertionError("an error without a word") from error
        return False
    return True


def played(loaded: Loaded) -> None:
    """Play a scenario that was taken by both engines, and summarise what they agree on."""
    program = build_program(loaded.scenario)
    firings = both_engines.simulate(program, 0, RUNS)
    summary = summarise(loaded.scenario, program, [firings], loaded.hash)
    json.dumps(summary.to_json(), allow_nan=False)


def _spoken(read_it: Callable[[], T]) -> T:
    """Read something; what is said of it has no sign that a terminal would act on."""
    try:
        return read_it()
    except ScenarioError as error:
        if not harmless(printable(str(error))):
            raise AssertionError("signs that do things") from error
        raise


def harmless(text: str) -> bool:
    """Tell whether no sign of a text would do anything at a terminal; odd spaces do nothing."""
    return all(sign.isprintable() or sign == "\n" or category(sign) == "Zs" for sign in text)


def _paths(node: object, above: str = "") -> list[str]:
    """List the dotted path of every entry of a scenario."""
    items: list[tuple[str, object]] = []
    if isinstance(node, Map):
        items = [(str(key), value) for key, value in node.items()]
    elif isinstance(node, Seq):
        items = [(str(place), value) for place, value in enumerate(node)]
    paths = [(f"{above}.{key}" if above else key, value) for key, value in items]
    return [path for here, value in paths for path in (here, *_paths(value, here))]


def _copied(bench: Bench) -> Path:
    copy = bench.folder / "results" / bench.result.name
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(bench.result, copy)
    return copy


def _opened(folder: Path) -> None:
    result = api.open_result(str(folder))
    json.dumps(result.summary.to_json(), allow_nan=False)
    for part in result.firings():
        assert part.runs
