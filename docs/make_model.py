"""Renew the generated parts of docs/model.md, docs/model-2026.md and the README.

    python docs/make_model.py           # everything; simulates for a minute or two
    python docs/make_model.py --text    # only what is put together from the YAML

A generated part stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`; all else on
a page is written by hand. A test fails when the text parts are older than the YAML, or when the
scenarios have changed since they were last simulated for the page.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import model_backtest
import model_results
import model_sentences as words

from coopsim import api
from coopsim.scenario.loading import Loaded, load
from coopsim.scenario.sources.support import Basis

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 120
CHILDREN = ("thaw", "freeze", "rupture", "grand_bargain", "aging_shock")
FOILS = ("face_value", "fixed_climate")
WORLDS = ("baseline", *CHILDREN, *FOILS)
PAST = ("backtest_2014", "face_value_2014")
HINDCAST = ROOT / "forecasts" / "hindcast-2025-08"
README = ROOT / "README.md"


@dataclass(frozen=True, slots=True)
class Family:
    """Scenarios that extend one baseline, their page, and what its figures are called."""

    page: Path
    scenarios: Path
    figures: str
    past: tuple[str, ...] = ()

    def files(self, names: Sequence[str]) -> list[Path]:
        """Find the files of scenarios."""
        return [self.scenarios / f"{name}.yaml" for name in names]


AUGUST_2025 = Family(ROOT / "docs" / "model.md", ROOT / "scenarios", "model", PAST)
OCTOBER_2026 = Family(ROOT / "docs" / "model-2026.md", ROOT / "scenarios" / "2026-10", "model-2026")
FAMILIES = (AUGUST_2025, OCTOBER_2026)
_ABOUT = ("title", "description", "group", "sources", "judgement")
_ASKED = {
    "last": "date of the last",
    "count": "number of",
    "between": "years from the first to the second of",
    "first_of": "which comes first:",
    "all_of": "date by which there have been",
    "driver": "level of",
}


# --- the page ---------------------------------------------------------------------------------


def fill(page: str, parts: Mapping[str, str]) -> str:
    """Put new text between the markers of each part; raises ValueError where they are missing."""
    for name, text in parts.items():
        begin, end = f"<!-- generated: {name} -->\n", f"<!-- end of {name} -->"
        before, found, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"the page has no part {name}")
        page = f"{before}{begin}\n{text.strip()}\n\n{end}{after}"
    return page


def text_parts(family: Family) -> dict[str, str]:
    """Write all parts that follow from the YAML, and from what is on record, alone."""
    (file,) = family.files(["baseline"])
    base = load(file)
    scored = {"hindcast": model_backtest.hindcast(HINDCAST)} if family.past else {}
    return {
        "size": _wrap(_size(base, file)),
        "against the order": "\n".join(_against_the_order(base)),
        "layers": "\n\n".join(_layers(base)),
        "named values": "\n".join(_named_values(base)),
        "questions": "\n".join(_questions(base)),
        "differences": "\n\n".join(_differences(base, family)),
        **scored,
    }


def readme_parts() -> dict[str, str]:
    """Write the part of the README that quotes what is on record."""
    return {"hindcast": model_backtest.in_brief(HINDCAST)}


def _wrap(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _item(text: str, *below: str) -> str:
    """Write an item of a list and the lines that belong to it."""
    lines = [_wrap(f"- {text}", "  ")]
    lines += [
        _wrap(f"  {line}", "    " if line.startswith("- ") else "  ") for line in below if line
    ]
    return "\n".join(lines)


# --- the baseline -----------------------------------------------------------------------------


def _size(base: Loaded, file: Path) -> str:
    tree = base.tree
    switches = sum(len(entry.get("switches", {})) for entry in tree["drivers"].values())
    return (
        f"The baseline has {len(tree['drivers'])} drivers with {switches} switches, "
        f"{len(tree['events'])} events, {len(tree['references'])} named values and puts "
        f"{len(tree['outcomes'])} questions to each timeline, from {tree['start']} to "
        f"{tree['end']}. It stands as of {tree['as_of']}. Of its numbers and dates "
        f"{words.listed(f'{count} are {basis}' for basis, count in _bases(file))}."
    )


def _bases(file: Path) -> Iterator[tuple[str, int]]:
    totals = api.sources(file).totals()
    told = {
        Basis.SOURCE: "stated in so many words by an article with an address",
        Basis.BASE_RATE: "taken from a base rate",
        Basis.CITED: "judgement that a claim leads to",
        Basis.JUDGEMENT: "judgement alone",
    }
    return ((text, totals.get(basis, 0)) for basis, text in told.items())


def _layers(base: Loaded) -> Iterator[str]:
    ties = words.Ties(base.tree)
    layer_of = _layer_of(base)
    for number, title in enumerate(_groups(base), 1):
        yield f"### {number} {title}"
        for section in ("drivers", "events"):
            yield f"**{section.capitalize()}**"
            yield "\n".join(
                _entry(base, section, name, ties)
                for name in base.tree[section]
                if layer_of[name] == number
            )


def _groups(base: Loaded) -> list[str]:
    """List the groups of drivers and events, in the order of the file."""
    return list(dict.fromkeys(entry["group"] for entry in base.tree["drivers"].values()))


def _layer_of(base: Loaded) -> dict[str, int]:
    """Find for each driver and event in which layer it stands: the number of its group."""
    groups = _groups(base)
    return {
        name: groups.index(entry["group"]) + 1
        for section in ("drivers", "events")
        for name, entry in base.tree[section].items()
    }


def _against_the_order(base: Loaded) -> Iterator[str]:
    """List what reads a later layer or moves an earlier one."""
    ties, layer_of = words.Ties(base.tree), _layer_of(base)
    for name, layer in layer_of.items():
        entry = base.tree["drivers"].get(name) or base.tree["events"][name]
        read, moved = ties.read_by(entry), words.moved(entry)
        links = [
            f"{verb} {words.code(one)} ({other})"
            for one, other in layer_of.items()
            for verb, against in (
                ("reads", one in read and other > layer),
                ("moves", one in moved and other < layer),
            )
            if against
        ]
        if links:
            yield _item(f"{words.code(name)} ({layer}) {words.listed(links)}.")


def _entry(base: Loaded, section: str, name: str, ties: words.Ties) -> str:
    entry = base.tree[section][name]
    if section == "drivers":
        return driver_item(name, entry, ties)
    return event_item(name, entry)


def event_item(name: str, entry: Mapping[str, Any]) -> str:
    """Describe an event in an item of a list."""
    head = f"**{entry['title']}** ({words.code(name)}). {words.event(entry)}"
    return _item(head, words.support(entry))


def driver_item(name: str, entry: Mapping[str, Any], ties: words.Ties) -> str:
    """Describe a driver in an item of a list, its switches below it."""
    if name.endswith("_official"):
        return _official_date(name, entry, ties)
    levels = words.listed(entry["levels"])
    head = (
        f"**{entry['title']}** ({words.code(name)}). Levels {levels}; "
        f"{words.initial(entry['initial'])}."
    )
    switches = [
        f"- {switch}: {words.clock(spec)}." for switch, spec in entry.get("switches", {}).items()
    ]
    moved, acts = ties.moved_by(name), ties.acts_on(name)
    tied = f"Moved by {words.listed(map(words.code, moved))}. " if moved else ""
    tied += f"Acts on {words.listed(map(words.code, acts))}." if acts else ""
    return _item(head, tied, words.support(entry), *switches)


def _official_date(name: str, entry: Mapping[str, Any], ties: words.Ties) -> str:
    """Describe the official date of a plan, whose levels are half-years and switch alike."""
    first, *_, last, later = entry["levels"]
    head = (
        f"**{entry['title']}** ({words.code(name)}). Levels {first} to {last} by half-years, and "
        f"{later}; {words.initial(entry['initial'])}. A half-year that passes moves it to the next."
    )
    moved, acts = ties.moved_by(name), ties.acts_on(name)
    tied = f"Moved by {words.listed(map(words.code, moved))}. "
    tied += f"Acts on {words.listed(map(words.code, acts))}." if acts else ""
    return _item(head, tied, words.support(entry))


def _named_values(base: Loaded) -> Iterator[str]:
    for name, entry in base.tree["references"].items():
        head = f"**{entry['title']}** ({words.code(name)}). {words.reference(entry)}"
        yield _item(head, words.support(entry))


def _questions(base: Loaded) -> Iterator[str]:
    for name, question in base.tree["outcomes"].items():
        yield _item(f"{question['title']} ({words.code(name)}): {_asked(question)}.")


def _asked(question: Mapping[str, Any]) -> str:
    if "index" in question:
        items = question["index"]
        parts = (f"{item['weight']} while {words.condition(item['when'])}" for item in items)
        return "sum of " + "; ".join(parts)
    if "event" in question:
        text = "date of the first " + _places(question["event"], "or")
    else:
        kind = next(kind for kind in _ASKED if kind in question)
        text = f"{_ASKED[kind]} " + _places(question[kind], "or" if kind == "first_of" else "and")
    if "outcome" in question:
        text += f" that turns out {question['outcome']}"
    return text + (f", by {question['by']}" if "by" in question else "")


def _places(raw: Any, word: str) -> str:
    return words.listed(
        (
            words.code(one) if isinstance(one, str) else words.listed(map(words.code, one), "or")
            for one in ([raw] if isinstance(raw, str) else raw)
        ),
        word,
    )


# --- how the others differ --------------------------------------------------------------------


def _differences(base: Loaded, family: Family) -> Iterator[str]:
    for file in family.files([*CHILDREN, *FOILS]):
        yield from _difference(base, load(file), file)
    if family.past:
        yield from _past(base, *family.files(family.past))


def _past(base: Loaded, file: Path, foil: Path) -> Iterator[str]:
    backtest = load(file)
    yield f"### {backtest.scenario.scenario}: {backtest.scenario.title}"
    yield _wrap(story(file))
    yield _wrap(_shared(base, backtest))
    yield from _difference(backtest, load(foil), foil)


def _shared(base: Loaded, other: Loaded) -> str:
    counts = []
    for section in ("drivers", "events"):
        here, there = other.tree[section], base.tree[section]
        both = len(set(here) & set(there))
        counts.append(f"{len(here)} {section} ({both} under a name of the baseline)")
    return f"It has {words.listed(counts)}."


def _difference(parent: Loaded, child: Loaded, file: Path) -> Iterator[str]:
    yield f"### {child.scenario.scenario}: {child.scenario.title}"
    yield _wrap(story(file))
    changed = list(_changed(parent.tree, child.tree))
    if changed:
        rows = (f"| `{path}` | {old} | {new} |" for path, old, new in changed)
        yield "\n".join(
            [f"| path | {parent.scenario.scenario} | here |", "| --- | --- | --- |", *rows]
        )
    new = [
        event_item(name, entry)
        for name, entry in child.tree["events"].items()
        if name not in parent.tree["events"]
    ]
    new += [
        _item(f"**{entry['title']}** ({words.code(name)}). {words.reference(entry)}")
        for name, entry in child.tree["references"].items()
        if name not in parent.tree["references"]
    ]
    if new:
        yield "New here:"
        yield "\n".join(new)


def story(file: Path) -> str:
    """Take the story that a scenario file tells in its first comment, up to its first list."""
    told: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines()[1:]:
        text = line.removeprefix("#").strip()
        if not line.startswith("#") or (told and not text):
            break
        told.append(text)
    return " ".join(filter(None, told))


def _changed(
    old: Mapping[str, Any], new: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, str, str]]:
    """List the paths at which two scenarios differ, each with what stands there."""
    for key in [*old, *(key for key in new if key not in old)]:
        here = f"{path}{key}"
        before, after = old.get(key), new.get(key)
        if before == after or _unlisted(here, before):
            continue
        if isinstance(before, Mapping) and isinstance(after, Mapping) and set(before) & set(after):
            yield from _changed(before, after, f"{here}.")
        else:
            yield here, _flow(before), _flow(after)


def _unlisted(path: str, before: Any) -> bool:
    """Find what is no assumption, or an entry that is new and described by itself."""
    *_, last = path.split(".")
    new_entry = path.count(".") == 1 and before is None
    return last in _ABOUT or new_entry or path in ("scenario", "runs", "seed")


def _flow(node: Any) -> str:
    """Write a value as YAML does on one line."""
    if isinstance(node, Mapping):
        return f"{{{', '.join(f'{key}: {_flow(item)}' for key, item in node.items())}}}"
    if isinstance(node, list):
        return f"[{', '.join(map(_flow, node))}]"
    if isinstance(node, bool):
        return str(node).lower()
    return "nothing" if node is None else str(node)


# --- all of it --------------------------------------------------------------------------------


def recorded(page: str) -> dict[str, str]:
    """Read from the page which scenarios were simulated for it, and the hash of each."""
    return dict(re.findall(r"^\| `(\w+)` \| `([0-9a-f]{8})` \|$", page, re.MULTILINE))


def main(*, simulated: bool) -> None:
    """Renew the pages, and the figures too if asked."""
    for family in FAMILIES:
        parts = text_parts(family)
        if simulated:
            parts["results"] = model_results.results(family.files(WORLDS), family.figures)
            if family.past:
                history = ROOT / "seeds" / "history.yaml"
                parts["backtest"] = model_backtest.backtest(family.files(family.past), history)
        _renew(family.page, parts)
    _renew(README, readme_parts())
    if simulated:
        model_backtest.draw_hindcast(HINDCAST, model_results.FIGURES)


def _renew(page: Path, parts: Mapping[str, str]) -> None:
    page.write_text(fill(page.read_text("utf-8"), parts), encoding="utf-8")


if __name__ == "__main__":
    main(simulated="--text" not in sys.argv[1:])
