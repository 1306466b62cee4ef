"""The text of a scenario file with its older forms in today's words; the rest of it as it was.

Conditions become sentences, a unit that every number repeats is said once, sources and a judgement
become one reason, and what fits into one line stands in one. Whatever would not be read back as
just the same, and whatever has a comment in it, stays as it is.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from contextlib import suppress

from coopsim.errors import Problem, ScenarioError
from coopsim.scenario.checks.declared import Declared
from coopsim.scenario.grammar import ROOT, SUPPORT_KEYS, WHY, Form, GrammarRow
from coopsim.scenario.notation.conditions import read_condition
from coopsim.scenario.notation.units import UNIT_KEYS, with_units
from coopsim.scenario.plain.conditions import UnknownLevels, condition_of, sentence_of
from coopsim.scenario.sources.reasons import reason_of
from coopsim.scenario.text.reading import Invalid, Path, names_of
from coopsim.scenario.text.spans import (
    Edit,
    Span,
    applied,
    has_anchors,
    has_comment,
    read_spans,
)
from coopsim.scenario.text.tree import Map, from_data, node_at, plain
from coopsim.scenario.text.yaml_text import read_text

WIDTH = 100
_UNIT = {
    "rate": re.compile(r"(?P<number>\S.*\S|\S)(?P<suffix> per \S.*)"),
    "duration": re.compile(r"(?P<number>\S.*\S|\S)(?P<suffix> (?:hour|day|week|month|year)s?)"),
}
_OF_LINES = ("drivers.*.switches", "outcomes.*.index", "plans.*")
_Entries = Iterator[
    tuple[Path, GrammarRow | None, Span, Span]
]  # path, place, key and value of each entry


def rewritten(text: str, tree: Map) -> str:
    """Write a file's text in today's words; `tree` is the plain tree of its whole scenario.

    The text must be one that can be read without a problem. One with anchors stays as it is.
    """
    if has_anchors(text):
        return text
    for edits in (_sentences(Declared(tree)), _units, _reasons(tree), _lines):
        text = applied(text, edits(text, read_spans(text)))
    return text


def _entries(span: Span, place: GrammarRow | None = ROOT, path: Path = ()) -> _Entries:
    """List all entries of all mappings below a span, outer ones first."""
    for key, value in span.entries:
        below, here = place.at(key.data) if place is not None else None, (*path, key.data)
        yield here, below, key, value
        yield from _entries(value, below, here)
    for position, item in enumerate(span.items):
        below = place.at(position) if place is not None else None
        yield from _entries(item, below, (*path, position))


def _read(text: str) -> tuple[Map, list[Problem]]:
    """Read some lines of YAML, each at its indentation; what is none counts as a problem."""
    try:
        return read_text(textwrap.dedent(text), "data")
    except ScenarioError as error:
        return Map(), list(error.problems)


def _reads_as(text: str, data: object) -> bool:
    """Check whether some lines of YAML are read as just this data."""
    tree, problems = _read(text)
    return not problems and _same(tree, data)


def _same(one: object, other: object) -> bool:
    """Check whether two trees hold the same in the same order."""
    return repr(plain(one)) == repr(plain(other))


# --- conditions ---------------------------------------------------------------------------------


def _sentences(declared: Declared) -> Callable[[str, Span], Iterator[Edit]]:
    """Make the step that turns conditions into sentences."""

    def edits(text: str, top: Span) -> Iterator[Edit]:
        for _, place, key, value in _entries(top):
            if place is not None and place.form is Form.CONDITION:
                yield from _sentence(text, key, value, declared)
            if place is not None and place.form is Form.CHANCE:
                cases = [pair for case in value.items for pair in case.entries]
                for name, condition in cases:
                    if name.data == "when":
                        yield from _sentence(text, name, condition, declared)

    return edits


def _sentence(text: str, key: Span, value: Span, declared: Declared) -> Iterator[Edit]:
    if not isinstance(value.data, dict | list) or has_comment(text[key.end : value.end]):
        return
    data = from_data(value.data, "data")
    try:
        sentence = sentence_of(read_condition(data), declared.levels)
        again = sentence and condition_of(sentence, declared.levels, declared.variables)
    except (Invalid, UnknownLevels):
        return
    line = f"{key.data}: {sentence}"
    if again and _same(again, data) and _stands_in(text, key, value, line):
        yield Edit(key.end, value.end, f": {sentence}")


def _stands_in(text: str, key: Span, value: Span, line: str) -> bool:
    """Check whether a line, `KEY: TEXT`, says in the place of an entry what it says alone."""
    plainly = {key.data: line.partition(": ")[2]}
    if len(line) + key.column > WIDTH and value.block:
        return False
    return _reads_as(f"{{{line}}}" if _in_braces(text, key) else line, plainly)


def _in_braces(text: str, key: Span) -> bool:
    """Check whether a key stands in a mapping in braces: something stands before it in its line."""
    before = text[text.rfind("\n", 0, key.start) + 1 : key.start]
    return before.strip(" -") != ""


# --- units --------------------------------------------------------------------------------------


def _units(text: str, top: Span) -> Iterator[Edit]:
    """Say a unit once that all numbers of a table have."""
    for _, place, _, value in _entries(top):
        kind = place.kind if place is not None else None
        if kind in UNIT_KEYS and value.entries and UNIT_KEYS[kind] not in value.data:
            yield from _unit(text, kind, value)


def _unit(text: str, kind: str, table: Span) -> Iterator[Edit]:
    leaves = [leaf for leaf in _leaves(table) if isinstance(leaf.data, str) and not leaf.block]
    found = [(leaf, _UNIT[kind].fullmatch(text[leaf.start : leaf.end])) for leaf in leaves]
    stated = [(leaf, match) for leaf, match in found if match is not None]
    suffixes = {match["suffix"] for _, match in stated}
    if len(stated) < 2 or len(suffixes) != 1:
        return
    edits = [Edit(leaf.end - len(match["suffix"]), leaf.end, "") for leaf, match in stated]
    unit = next(iter(suffixes)).removeprefix(" per").strip()
    edits.append(_stating(table, f"{UNIT_KEYS[kind]}: {unit}"))
    moved = [Edit(one.start - table.start, one.end - table.start, one.text) for one in edits]
    changed = applied(text[table.start : table.end], moved)
    tree, problems = _read(f"{' ' * table.column if table.block else ''}{changed}")
    if not problems and _same(with_units(kind, tree), table.data):
        yield from edits


def _leaves(span: Span) -> Iterator[Span]:
    """List what stands in a table, however deep, but for mappings and lists."""
    for _, value in span.entries:
        yield from _leaves(value)
    for item in span.items:
        yield from _leaves(item)
    if not span.entries and not span.items:
        yield span


def _stating(table: Span, stated: str) -> Edit:
    """Put an entry behind that which says by what the table goes, or else first."""
    (key, value), *_ = table.entries
    joint = f"\n{' ' * table.column}" if table.block else ", "
    if key.data == "by":
        return Edit(value.end, value.end, f"{joint}{stated}")
    return Edit(key.start, key.start, f"{stated}{joint}")


# --- reasons ------------------------------------------------------------------------------------


def _reasons(tree: Map) -> Callable[[str, Span], Iterator[Edit]]:
    """Make the step that writes sources and a judgement as one reason.

    What a parent says of them counts with what its child says: a reason replaces both.
    """

    def edits(text: str, top: Span) -> Iterator[Edit]:
        for path, place, _, entry in _entries(top):
            whole = node_at(tree, path)
            if place is not None and place.is_entry and isinstance(whole, Map):
                stated = {key: whole[key] for key in SUPPORT_KEYS if key in whole}
                yield from _reason(text, entry, stated)

    return edits


def _reason(text: str, entry: Span, stated: dict[str, object]) -> Iterator[Edit]:
    support = [pair for pair in entry.entries if pair[0].data in SUPPORT_KEYS]
    if not support or not all(_same(stated.get(key.data), one.data) for key, one in support):
        return
    why = _why(stated)
    if why is None or not _follow(entry, support) or any(_with_comment(text, *p) for p in support):
        return
    (key, value), *others = support
    written = _written(why, key.column, entry.block)
    if written is None:
        return
    yield Edit(key.start, value.end, written)
    for other, last in others:
        if entry.block:
            begins = text.rfind("\n", 0, other.start)
        else:
            place = [one for one, _ in entry.entries].index(other)
            begins = entry.entries[place - 1][1].end
        yield Edit(begins, last.end, "")


def _follow(entry: Span, support: list[tuple[Span, Span]]) -> bool:
    """Check whether sources come first and the judgement next, as a reason is read."""
    names = [key.data for key, _ in entry.entries]
    first = names.index(support[0][0].data)
    wanted = [key for key in SUPPORT_KEYS if key in names]
    return names[first : first + len(wanted)] == wanted


def _why(stated: dict[str, object]) -> str | None:
    """Join what is cited and what is said; None where a reason would say something else."""
    sources, judgement = stated.get("sources"), stated.get("judgement")
    if not isinstance(sources, list | None) or not isinstance(judgement, str | None):
        return None
    try:
        cited = names_of(sources, "") if sources is not None else ()
        citation = f"[{', '.join(cited)}]" if cited else ""
        text = " ".join((judgement or "").split())
        stop = "." if text.endswith(".") and citation else ""
        why = f"{text.removesuffix(stop)} {citation}{stop}".strip()
        read = reason_of(why)
    except Invalid:
        return None
    return why if read == (cited, judgement and text) and judgement in (None, text) else None


def _with_comment(text: str, key: Span, value: Span) -> bool:
    """Check whether there is a comment in an entry or behind it."""
    ends = text.find("\n", value.end)
    lines = text[key.start : value.start], text[value.end : ends if ends >= 0 else len(text)]
    inside = "" if isinstance(value.data, str) else text[value.start : value.end]
    return any(has_comment(part) for part in (*lines, inside))


def _written(why: str, column: int, block: bool) -> str | None:
    """Write a reason as plainly as it can stand; None where it cannot."""
    quoted = "'" + why.replace("'", "''") + "'"
    for line in (f"{WHY}: {why}", f"{WHY}: {quoted}"):
        inner = line if block else f"{{{line}}}"
        if (not block or len(line) + column <= WIDTH) and _is_reason(inner, why):
            return line
    margin, below = " " * column, " " * (column + 2)
    for lines in (_wrapped(f"{WHY}: {why}", margin, below), _wrapped(why, below, below)):
        written = lines if lines.startswith(f"{margin}{WHY}: ") else f"{margin}{WHY}: >-\n{lines}"
        if block and _is_reason(written, why):
            return written.removeprefix(margin)
    return None


def _wrapped(text: str, first: str, others: str) -> str:
    """Wrap a text between its margins; words stay whole."""
    wrapper = textwrap.TextWrapper(WIDTH, first, others, break_long_words=False)
    wrapper.break_on_hyphens = False
    return wrapper.fill(text)


def _is_reason(text: str, why: str) -> bool:
    """Check whether some YAML gives the reason that is meant; a list of citations is one too."""
    tree, problems = _read(text)
    with suppress(Invalid):
        return not problems and list(tree) == [WHY] and reason_of(tree[WHY]) == reason_of(why)
    return False


# --- lines --------------------------------------------------------------------------------------


def _lines(text: str, top: Span) -> Iterator[Edit]:
    """Put what stands on several lines into one, where it fits."""
    for key, value in top.entries:
        place = ROOT.at(key.data)
        for name, entry in value.entries:
            below = place.at(name.data) if place is not None else None
            if key.data == "outcomes":
                yield from _line(text, name, entry, below)
            elif entry.entries:
                yield from _lines_below(text, entry, below)


def _lines_below(text: str, span: Span, place: GrammarRow | None) -> Iterator[Edit]:
    for key, value in span.entries:
        below = place.at(key.data) if place is not None else None
        yield from _line(text, key, value, below)


def _line(text: str, key: Span, value: Span, place: GrammarRow | None) -> Iterator[Edit]:
    """Put an entry into one line, or else what lies below it."""
    parts = value.entries or value.items
    whole = place is None or place.name not in _OF_LINES
    if parts and value.block and whole and not has_comment(text[key.end : value.end]):
        flow = _flow(text, value)
        line = f"{key.data}: {flow}"
        ends = text.find("\n", value.end)
        rest = len(text[value.end : ends if ends >= 0 else len(text)].rstrip())
        fits = key.column + len(line) + rest <= WIDTH
        below = key.column + 2 + len(flow or "") + rest <= WIDTH and len(parts) > 2
        if flow is not None and (fits or below) and _reads_as(line, {key.data: value.data}):
            joint = " " if fits else f"\n{' ' * (key.column + 2)}"
            yield Edit(key.end, value.end, f":{joint}{flow}")
            return
    yield from _lines_below(text, value, place)
    for item in value.items:
        yield from _lines_below(text, item, place.at(0) if place is not None else None)


def _flow(text: str, span: Span) -> str | None:
    """Write a node between brackets, None where it holds a text of several lines."""
    if span.entries:
        values = [(text[key.start : key.end], _flow(text, one)) for key, one in span.entries]
        pairs = [f"{key}: {value}" for key, value in values if value is not None]
        return f"{{{', '.join(pairs)}}}" if len(pairs) == len(values) else None
    if span.items:
        items = [_flow(text, item) for item in span.items]
        whole = [item for item in items if item is not None]
        return f"[{', '.join(whole)}]" if len(whole) == len(items) else None
    written = text[span.start : span.end]
    if span.block or "\n" in written:
        return None
    if _reads_as(f"{{a: {written}}}", {"a": span.data}):
        return written
    return "'" + written.replace("'", "''") + "'"
