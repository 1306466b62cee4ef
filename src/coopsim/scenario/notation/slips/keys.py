"""Keys and entries as people write them, and how a scenario writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from coopsim.scenario.grammar import name_of_place
from coopsim.scenario.notation.questions import QUESTIONS
from coopsim.scenario.notation.slips.quantities import LONGEST_SLIP, SlipKind, replaced
from coopsim.scenario.text.near import nearest
from coopsim.scenario.text.reading import Path, dotted
from coopsim.scenario.text.signs import plain_signs
from coopsim.scenario.text.tree import Map

# What people write for a key, beside what is merely mistyped; the first that may stand there.
_SAME_MEANING: dict[str, tuple[str, ...]] = {
    word: tuple(keys.split())
    for keys, words in {
        "when": "if condition conditions requires while where",
        "chance": "probability prob p likelihood",
        "takes": "duration lasts length time",
        "rate": "hazard frequency intensity",
        "after": "depends_on needs follows",
        "upon": "trigger triggers triggered_by",
        "title": "name label heading",
        "description": "text note notes comment summary",
        "sets": "effect effects changes then",
        "levels": "states values options",
        "initial": "default at_start",
        "scenario": "id",
        "start from": "begins from since",
        "end until": "horizon ends until to deadline",
        "extends": "parent base inherits inherit based_on",
        "outcomes": "questions results",
        "switches": "transitions moves",
        "pace": "speed factors modifiers",
        "repeat": "repeats repeatable recurring",
        "times": "multiply factor",
        "why": "reason rationale assumption because justification basis",
        "sources": "claims citation citations",
    }.items()
    for word in words.split()
}
_ABOUT_GROUPS = (
    "write `group:` on drivers, events and plans; a file's own `group` belongs in a section file, "
    "which `include` names"
)
_MOST_LISTED = 6  # names that advice repeats
_MOST_LOOKED_AT = 30  # unknown keys, each of which is held against all that may stand there
_TELLING = {  # keys that only the entries of one section have
    "drivers": {"levels", "initial", "switches"},
    "events": {"takes", "rate", "date", "upon", "when", "after", "pace"},
    "outcomes": set(QUESTIONS),
}
# What people write as a key of an event that is written in another way altogether.
_EVENT_KEYS = {
    "every": "write `date: {{first: DATE, every: {}}}` and `repeat: true`",
    **dict.fromkeys(
        ("chance", "probability", "prob", "likelihood"),
        "write when it happens, by `rate`, `date` or `takes`; each of its `outcomes` has a chance",
    ),
}
# By what an entry is known for which a single value may stand, and of what kind that is.
_SHORT: Mapping[str, tuple[tuple[str, SlipKind], ...]] = {
    "events.*.outcomes.*": (("chance", "chance"),),
    "events.*": (("date", "date"), ("rate", "rate"), ("takes", "duration")),
    "drivers.*.switches.*": (("rate", "rate"), ("takes", "duration")),
}


def key_meant(key: str, keys: Iterable[str]) -> str | None:
    """Find the key that an unknown one was meant to be: a near one, or one of the same meaning."""
    keys = list(keys)
    same = (one for one in _SAME_MEANING.get(key.lower(), ()) if one in keys)
    return nearest(key, keys) or next(same, None)


def sections_meant(tree: Map, keys: Iterable[str]) -> set[str]:
    """Find the sections that the first unknown keys of a scenario are, or belong below."""
    keys = list(keys)
    unknown = [key for key in tree if key not in keys][:_MOST_LOOKED_AT]
    meant = (key_meant(key, keys) or section_of(tree[key]) for key in unknown)
    return {section for section in meant if section is not None}


def section_of(entry: object) -> str | None:
    """Find the section that an entry belongs to which stands beside it, by what it holds."""
    held = set(entry) if isinstance(entry, Map) else set()
    return next((section for section, words in _TELLING.items() if held & words), None)


def event_key_meant(path: Path, found: object) -> str | None:
    """Suggest how to write an event for which a key stands that none has, such as `every`."""
    advice = _EVENT_KEYS.get(str(path[-1]))
    if advice is None or name_of_place(path[:-1]) != "events.*":
        return None
    example = "2 years" if path[-1] == "every" else "0.1"
    return advice.format(
        found if isinstance(found, str) and len(found) <= LONGEST_SLIP else example
    )


def entry_meant(path: Path, found: object) -> str | None:
    """Suggest how to write an entry for which a single value stands, such as `ok: 0.6`."""
    short = _short_form(path, found)
    return None if short is None else f"write `{path[-1]}: {{{short[0]}: {short[1]}}}`"


def list_meant(path: Path, found: Sequence[object]) -> str | None:
    """Suggest how to write outcomes, a driver or a section for which a list stands."""
    if len(path) == 1 and any(isinstance(one, Map) for one in found):
        return "write each below its name, without a dash: `NAME: {...}`"
    names = [one for one in found if isinstance(one, str)]
    if len(names) != len(found) or not 2 <= len(names) <= _MOST_LISTED:
        return None
    place = name_of_place(path)
    if place == "drivers.*":
        return f"write `{path[-1]}: {{levels: [{', '.join(names)}], initial: {names[0]}}}`"
    if place == "events.*.outcomes":
        share = f"{1 / len(names):.2g}"
        chances = [*(f"{name}: {{chance: {share}}}" for name in names[:-1])]
        last = f"{names[-1]}: {{chance: rest}}"
        return f"write each with its chance, such as `{{{', '.join([*chances, last])}}}`"
    return None


def setting_meant(path: Path, found: object) -> str | None:
    """Suggest the PATH=VALUE for a single value that was set for a whole entry."""
    if name_of_place(path) == "drivers.*" and isinstance(found, str):
        return f"write `{dotted(path)}.initial={found}`"
    short = _short_form(path, found)
    if short is not None:
        return f"write `{dotted(path)}.{short[0]}={short[1]}`"
    return None


def _short_form(path: Path, found: object) -> tuple[str, str] | None:
    """Find the key and the value that a single value for a whole entry stands for."""
    if not isinstance(found, str) or len(found) > LONGEST_SLIP:
        return None
    for key, kind in _SHORT.get(name_of_place(path), ()):
        value = replaced(kind, found)
        if value is not None:
            return key, value
    return None


def switch_meant(name: str, levels: Iterable[str]) -> str | None:
    """Suggest how to name a switch whose arrow is another, such as `low to high`."""
    ends = re.split(r"\s*(?:[-=]*>|\bto\b|/|:)\s*", plain_signs(name).strip())
    if len(ends) != 2 or not set(ends) <= set(levels) or ends[0] == ends[1]:
        return None
    return f"write `{ends[0]} -> {ends[1]}`"


def path_meant(tree: Map, name: str, rest: str) -> str | None:
    """Suggest a path that begins below one of the sections, at an entry's name."""
    if name == "group":
        return _ABOUT_GROUPS
    for section, keys in (
        ("drivers", ("initial",)),
        ("events", ("date", "rate", "takes")),
        ("references", ("value",)),
        ("outcomes", ()),
    ):
        entries = tree.get(section)
        known = entries if isinstance(entries, Map) else Map()
        entry = name if name in known else nearest(name, known)
        if entry is not None:
            held: object = known[entry]
            there = held if isinstance(held, Mapping) else {}
            key = rest or next((key for key in keys if key in there), "")
            return f"did you mean `{section}.{entry}{f'.{key}' if key else ''}`?"
    return None
