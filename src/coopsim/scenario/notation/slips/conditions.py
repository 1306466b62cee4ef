"""Conditions and levels as people write them, and how a scenario writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from coopsim.scenario.notation.slips.quantities import LONGEST_SLIP, rewritten
from coopsim.scenario.text.signs import plain_signs

_HAPPENED = ("yes", "happened", "has happened", "occurred", "done", "fired", "y", "1", "on")
_NOT_HAPPENED = (
    "no",
    "never",
    "not happened",
    "not",
    "not yet",
    "pending",
    "none",
    "n",
    "0",
    "off",
)
_SIGNS = {
    **dict.fromkeys((">=", "=>", "at least", "at_least", "min"), "at_least"),
    **dict.fromkeys(("<=", "=<", "at most", "at_most", "max"), "at_most"),
    **dict.fromkeys((">", "above", "over", "more than", "higher than"), "above"),
    **dict.fromkeys(("<", "below", "under", "less than", "lower than"), "below"),
    **dict.fromkeys(("!=", "not", "!", "<>", "is not", "isn't"), "not"),
    **dict.fromkeys(("==", "=", "is", "equals", ":"), "is"),
}
_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_LEVEL_TEXT = re.compile(rf"(?P<sign>{_SIGN})\s*(?P<level>\S.*)")
_LEVEL_OR_MORE = re.compile(
    r"(?P<level>.+?)(?:\+|\s+(?:or|and) (?P<way>above|below|higher|lower|more|less))"
)
_TERM = re.compile(
    rf"(?P<no>(?:not|!)\s*)?(?P<name>[^\s=<>!:]+)\s*(?:(?P<sign>{_SIGN})\s*(?P<level>[^\s=<>]+))?"
)
_JOINTS = {
    **dict.fromkeys(
        ("and", "all", "all_of", "AND"), "the entries of one mapping all hold: leave `{}` out"
    ),
    **dict.fromkeys(
        ("or", "any", "any_of", "OR", "either"),
        "write a list of mappings, of which any holds, in place of `{}`",
    ),
    **dict.fromkeys(
        ("not", "none_of", "NOT"),
        "list the other levels, or write `unless: CONDITION` beside `when`",
    ),
}
_FACTORS = ("times", "factor", "multiply", "multiplier", "by_factor", "speed", "x")
_QUESTION = re.compile(
    r"(?P<name>[\w-]+)(?:\s*(?:==?|\bis\b)\s*(?P<outcome>[\w-]+))?(?:\s+by\s+(?P<day>[\w-]+))?"
)
_LAG = re.compile(
    r"(?P<name>[\w-]+)\s*(?:\+|:|,|\bby\b)\s*(?P<lag>.+)|(?P<first>.+?)\s+after\s+(?P<second>[\w-]+)"
)


_TRUTHS = {
    **dict.fromkeys(("yes", "y", "on", "1", "true"), "true"),
    **dict.fromkeys(("no", "n", "off", "0", "false"), "false"),
}


def truth_meant(raw: object) -> str | None:
    """Suggest how to write `yes` or `no`, whatever words come after."""
    words = re.findall(r"[^\s,;!]+", str(raw)[:LONGEST_SLIP].lower())
    truth = _TRUTHS.get(words[0]) if words else None
    return f"write `{truth}`" if truth is not None else None


def about_joint(name: str) -> str | None:
    """Suggest how to join conditions, where someone took a word for it as a name."""
    advice = _JOINTS.get(name)
    return advice.format(name) if advice is not None else None


def about_level(text: str, levels: Sequence[str], *, event: bool) -> str | None:
    """Suggest how to write a test of a level for which a text stands, such as `>= warm`."""
    text = " ".join(plain_signs(text).split())
    if event and text.lower() in _HAPPENED:
        return "write `true`"
    if event and text.lower() in _NOT_HAPPENED:
        return "write `false`"
    sign, level = _LEVEL_TEXT.fullmatch(text), _LEVEL_OR_MORE.fullmatch(text)
    if sign is not None:
        return _written(_SIGNS[sign["sign"]], sign["level"], levels, event)
    if level is not None:
        way = "at_most" if level["way"] in ("below", "lower", "less") else "at_least"
        return _written(way, level["level"], levels, event)
    return _several(text, levels)


def _several(text: str, levels: Sequence[str]) -> str | None:
    """Suggest how to write several levels, of which any may be."""
    either = re.split(r"\s*(?:\||,|/|\bor\b)\s*", text)
    if len(either) > 1 and set(either) <= set(levels):
        return f"write `[{', '.join(either)}]`"
    both = re.split(r"\s+(?:and|&)\s+", text)
    if len(both) > 1 and set(both) <= set(levels):
        return f"it has one at a time: `[{', '.join(both)}]` stands for any of them"
    return None


def _written(way: str, level: str, levels: Sequence[str], event: bool) -> str | None:
    if level not in levels:
        return None
    place, last = levels.index(level), len(levels) - 1
    if way == "is":
        return f"write `{level}`"
    if way == "not":
        others = [one for one in levels if one != level]
        return f"write `[{', '.join(others)}]`" if len(others) > 1 else f"write `{others[0]}`"
    if event:
        return None
    if (way, place) in (("above", last), ("below", 0)):
        return None
    if way in ("above", "below"):
        way, place = ("at_least", place + 1) if way == "above" else ("at_most", place - 1)
    return f"write `{{{way}: {levels[place]}}}`"


def bound_meant(key: str, value: object) -> str | None:
    """Suggest how to write a bound of levels for which another word stands, such as `min`."""
    way = _SIGNS.get(key)
    if way in ("at_least", "at_most"):
        return f"write `{{{way}: {value}}}`"
    if way == "above":
        return "name the lowest level that passes: `{at_least: LEVEL}`"
    if way == "below":
        return "name the highest level that passes: `{at_most: LEVEL}`"
    if way == "is":
        return f"write `{value}` alone"
    return "list the other levels" if way == "not" else None


def about_text(raw: object) -> str | None:
    """Write a condition given as a sentence, such as `a = x and not b`, as a mapping."""
    if not isinstance(raw, str) or len(raw) > 200:
        return None
    text = " ".join(plain_signs(raw).split())
    if re.fullmatch(r"[\w.-]+", text):
        return f"write `{{{text}: LEVEL}}`, or `{{{text}: true}}` for an event that has happened"
    rows = [_row(part) for part in re.split(r"\s+(?:or|OR)\s+|\s*\|\|?\s*", text)]
    written = [row for row in rows if row is not None]
    if len(written) < len(rows):
        return None
    return f"write `{written[0]}`" if len(rows) == 1 else f"write `[{', '.join(written)}]`"


def _row(text: str) -> str | None:
    terms = [_term(part) for part in re.split(r"\s+(?:and|AND)\s+|\s*&&?\s*|\s*,\s*", text)]
    written = [term for term in terms if term is not None]
    return f"{{{', '.join(written)}}}" if len(written) == len(terms) else None


def _term(text: str) -> str | None:
    match = _TERM.fullmatch(text.strip())
    if match is None:
        return None
    name, level = match["name"], match["level"]
    way = _SIGNS[match["sign"]] if match["sign"] else None
    if level is None:
        return f"{name}: {'false' if match['no'] else 'true'}"
    if match["no"] or way in ("above", "below", "not"):
        return None
    if level in _HAPPENED or level in _NOT_HAPPENED:
        level = "true" if level in _HAPPENED else "false"
    return f"{name}: {level}" if way == "is" else f"{name}: {{{way}: {level}}}"


def pace_meant(data: Mapping[str, object]) -> str | None:
    """Suggest how to write an item of `pace` whose condition or factor stands under other keys."""
    factors = [key for key in data if key in _FACTORS]
    tests = [f"{key}: {item}" for key, item in data.items() if key not in factors]
    if len(factors) != 1 or not tests or len(tests) > 3:
        return None
    if "when" in data:
        return f"write `times` for `{factors[0]}`" if len(tests) == 1 else None
    plain = all(isinstance(item, str) for item in data.values())
    when = ", ".join(tests)
    return f"write `{{when: {{{when}}}, times: {data[factors[0]]}}}`" if plain else None


def pace_of(raw: object) -> str:
    """Write the item of a pace table for which a single factor, or another text, stands."""
    factor = rewritten("factor", raw) if isinstance(raw, str) and len(raw) <= LONGEST_SLIP else None
    return f"{{when: CONDITION, times: {factor or 'FACTOR'}}}"


def question_meant(raw: str) -> str | None:
    """Suggest how to write a question for which a text stands, such as `pact = signed`."""
    text = " ".join(plain_signs(raw).split())
    match = _QUESTION.fullmatch(text)
    if match is None:
        return None
    name, outcome, day = match["name"], match["outcome"], match["day"]
    close = f", by: {day}" if day else ""
    if outcome:
        return f"write `{{event: {name}, outcome: {outcome}{close}}}`"
    if day:
        return f"write `{{event: {name}{close}}}`"
    return f"write `{{event: {name}}}` or `{{driver: {name}}}`"


def lag_meant(raw: object) -> str | None:
    """Suggest how to write a lag for which a text stands, such as `landing + 1 year`."""
    if not isinstance(raw, str) or len(raw) > LONGEST_SLIP:
        return None
    match = _LAG.fullmatch(" ".join(plain_signs(raw).split()))
    if match is None:
        return None
    lag = rewritten("duration", match["lag"] or match["first"])
    return None if lag is None else f"write `{{{match['name'] or match['second']}: {lag}}}`"
