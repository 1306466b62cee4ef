"""What people naturally write for a quantity, and what a scenario writes for it.

`30%` is 0.3, `Q3 2027` is 2027-Q3, `once every 5 years` is 1 per 5 years. A replacement is offered
only where it can be read and where it is clear which one is meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Literal

from coopsim.scenario.notation import values as v
from coopsim.scenario.notation.slips.dates import date_meant, rewritten_date
from coopsim.scenario.text.signs import about_signs, plain_signs

SlipKind = Literal["date", "duration", "rate", "factor", "chance", "number"]

LONGEST_SLIP = 100  # signs; a longer text is no slip of the pen
_NUMBER = r"[-+]?(?:[0-9][0-9_ ,]*)?\.?[0-9]+(?:e[-+]?[0-9]+)?"
_WORDS = {
    **{
        word: str(number)
        for number, word in enumerate(
            [
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
                "twelve",
            ]
        )
    },
    "a": "1",
    "an": "1",
    "once": "1",
    "twice": "2",
    "thrice": "3",
    "half": "0.5",
}
_WORD_PATTERN = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")
_YEARS = {"century": 100, "centuries": 100, "decade": 10, "decades": 10}
_UNITS = {
    "hour": ("h", "hr", "hrs", "hour", "hours"),
    "day": ("d", "day", "days"),
    "week": ("w", "wk", "wks", "week", "weeks"),
    "month": ("m", "mo", "mos", "mth", "mths", "month", "months"),
    "year": ("y", "yr", "yrs", "year", "years", "annum"),
}
_UNIT_OF = {alias: unit for unit, aliases in _UNITS.items() for alias in aliases}
_IN_HOURS = {"minute": 60, "minutes": 60, "min": 60, "mins": 60, "second": 3600, "seconds": 3600}
_EVERY_UNIT = "|".join(
    sorted((*_UNIT_OF, *_YEARS, *_IN_HOURS, "fortnight", "fortnights"), key=len, reverse=True)
)
_ADVERBS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}
_ADVERBS |= {"yearly": "year", "annually": "year", "p.a.": "year", "pa": "year"}
_CERTAIN = {"certain": "1", "certainly": "1", "always": "1", "sure": "1", "surely": "1"}
_CERTAIN |= {"impossible": "0", "never": "0", "none": "0"}
_RESTS = ("rest", "the rest", "remainder", "the remainder", "remaining", "else", "otherwise")


def advice(kind: SlipKind, text: str, *, uncertain: bool = False) -> str | None:
    """Suggest what to write instead of a text that is no such quantity, where that can be told.

    `uncertain` tells whether a range of such quantities may stand there.
    """
    if len(text) > LONGEST_SLIP:
        return None
    clean = " ".join(plain_signs(text).strip(" \"'`").split())
    what = _replacement(kind, clean, uncertain)
    signs = about_signs(text)
    return ": ".join(part for part in (what, signs) if part) or None


def _replacement(kind: SlipKind, text: str, uncertain: bool) -> str | None:
    single = rewritten(kind, text)
    if single is not None:
        return f"write `{single}`"
    ends = _range(kind, text)
    if ends is not None and uncertain:
        return f"write `{_joined(*ends)}`"
    if ends is not None:
        return f"write one value, such as `{ends[0]}`: a range cannot stand here"
    if kind == "date":
        return date_meant(text, uncertain=uncertain)
    return _special(kind, text, uncertain)


def replaced(kind: SlipKind, text: str) -> str | None:
    """Write a quantity or a range as a scenario does, however a person wrote it."""
    if kind == "chance" and text.lower() in _RESTS:
        return "rest"
    single = rewritten(kind, text)
    ends = None if single is not None else _range(kind, text)
    return single if ends is None else _joined(*ends)


def rewritten(kind: SlipKind, text: str) -> str | None:
    """Write a single quantity, however a person wrote it, as a scenario does."""
    ways: dict[SlipKind, Callable[[str], Iterator[str]]] = {
        "date": lambda one: iter(filter(None, [rewritten_date(one)])),
        "duration": _durations,
        "rate": _rates,
        "factor": _factors,
        "chance": _chances,
        "number": _numbers,
    }
    return next((way for way in (text, *ways[kind](text.lower())) if _reads(kind, way)), None)


def _reads(kind: SlipKind, text: str) -> bool:
    return _measure(kind, text) is not None


def _measure(kind: SlipKind, text: str) -> float | None:
    """Get the number that a text of the kind stands for, or None where it is not of the kind."""
    readers: dict[SlipKind, Callable[[str], float]] = {
        "date": lambda one: v.parse_date(one).first,
        "duration": v.parse_duration,
        "rate": v.parse_rate,
    }
    try:
        number = readers.get(kind, v.parse_number)(text)
    except ValueError:
        return None
    low = {"number": -math.inf}.get(kind, 0.0) if kind != "date" else -math.inf
    return number if low <= number <= (1 if kind == "chance" else math.inf) else None


def _short(number: float) -> str:
    return f"{number:.6g}"


def _plain(text: str) -> float | None:
    """Read a number with a decimal comma or with thousands set apart."""
    text = text.strip()
    if re.fullmatch(r"[-+]?[1-9][0-9]{0,2}(?:[ ,_][0-9]{3})+(?:\.[0-9]+)?", text):
        text = re.sub(r"[ ,_]", "", text)
    text = re.sub(r"^([-+]?[0-9]*),([0-9]+)$", r"\1.\2", text)
    try:
        return v.parse_number(text)
    except ValueError:
        return None


def _quotient(text: str) -> float | None:
    """Read a number, a fraction such as `1/5`, or a share such as `1 in 5`."""
    text = _WORD_PATTERN.sub(lambda match: _WORDS[match[0]], text)
    parts = re.split(r"\s*/\s*|(?:\s+|-)(?:in|out of|of)(?:\s+|-)", text.strip())
    if len(parts) == 1:
        return _plain(text)
    numbers = [_plain(part) for part in parts]
    if len(parts) != 2 or None in numbers or not numbers[1]:
        return None
    return float(f"{(numbers[0] or 0.0) / numbers[1]:.4g}")


# --- numbers, chances, factors ----------------------------------------------------------------

_PERCENT = re.compile(rf"(?P<sign>[-+]?)(?P<number>{_NUMBER})\s*(?:%|percent|per cent|pct\.?|pc)")
_THOUSANDS = re.compile(rf"(?P<number>{_NUMBER})\s*(?P<unit>k|thousand|million|m)")


def _numbers(text: str) -> Iterator[str]:
    percent, thousands = _PERCENT.fullmatch(text), _THOUSANDS.fullmatch(text)
    if percent is not None:
        number = _plain(percent["sign"] + percent["number"])
        if number is not None:
            yield _short(number / 100)
    if thousands is not None:
        number = _plain(thousands["number"])
        if number is not None:
            yield _whole(number * (1e3 if thousands["unit"] in ("k", "thousand") else 1e6))
    quotient = _quotient(text)
    if quotient is not None:
        yield _whole(quotient)


def _whole(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else _short(number)


def _chances(text: str) -> Iterator[str]:
    if re.fullmatch(r"50\s*[-/:]\s*50|fifty[\s-]fifty|even|evens", text):
        yield "0.5"
    if text in _CERTAIN:
        yield _CERTAIN[text]
    yield from _numbers(text)


def _factors(text: str) -> Iterator[str]:
    percent = _PERCENT.fullmatch(text)
    if percent is not None and percent["sign"]:
        number = _plain(percent["sign"] + percent["number"])
        if number is not None:
            yield _short(1 + number / 100)
    bare = re.sub(r"^[x*]\s*|\s*(?:x|times)$", "", text)
    words = {"double": "2", "doubled": "2", "triple": "3", "tripled": "3", "halved": "0.5"}
    yield from _numbers(words.get(bare, bare))


# --- durations and rates ----------------------------------------------------------------------

_PART = re.compile(rf"(?P<number>[0-9.,/_]+)\s*-?\s*(?P<unit>{_EVERY_UNIT})(?![a-z])\.?")


def _durations(text: str) -> Iterator[str]:
    text = re.sub(r"\bhalf an? ", "0.5 ", text)
    text = f"1 {_ADVERBS[text]}" if text in _ADVERBS else text
    text = _WORD_PATTERN.sub(lambda match: _WORDS[match[0]], text)
    text = re.sub(rf"^({_EVERY_UNIT})$", r"1 \1", text)
    parts = list(_PART.finditer(text))
    if not parts or _PART.sub("", text).replace("and", "").strip(" ,"):
        return
    read = [_length(part["number"], part["unit"]) for part in parts]
    lengths = [length for length in read if length is not None]
    if len(lengths) == len(read) == 1:
        yield _counted(*lengths[0])
    elif len(lengths) == len(read):
        months = {"year": 12, "month": 1}
        if all(unit in months for _, unit in lengths):
            yield _counted(sum(number * months[unit] for number, unit in lengths), "month")
        else:
            seconds = sum(v.parse_duration(_counted(*length)) for length in lengths)
            yield _counted(round(seconds / v.DAY, 2), "day")


def _length(number: str, unit: str) -> tuple[float, str] | None:
    count = _quotient(number)
    if count is None:
        return None
    if unit in _YEARS:
        return count * _YEARS[unit], "year"
    if unit.startswith("fortnight"):
        return count * 2, "week"
    if unit in _IN_HOURS:
        return float(f"{count / _IN_HOURS[unit]:.4g}"), "hour"
    return count, _UNIT_OF[unit]


def _counted(number: float, unit: str) -> str:
    return f"{_short(number)} {unit}{'' if number == 1 else 's'}"


_PER = re.compile(
    r"(?P<count>.+?)\s*(?:\btimes\b)?\s*(?:/|\bper\b|\ba\b|\bevery\b|\beach\b|\bin\b|\bin every\b)"
    rf"\s*(?P<span>[0-9.,]+\s*)?-?\s*(?P<unit>{_EVERY_UNIT})\.?"
)


def _rates(text: str) -> Iterator[str]:
    if text in ("never", "none", "0"):
        yield "0 per year"
    for adverb, unit in _ADVERBS.items():
        if text == adverb or text.endswith(f" {adverb}"):
            count = text.removesuffix(adverb).strip() or "1"
            yield from _per(count, None, unit)
    text = re.sub(rf"^every (other )?(?=[0-9]|{_EVERY_UNIT})", _once_every, text)
    text = re.sub(r"-in-|\bin a\b|\bin every\b", " in ", text)
    text = re.sub(r"\b(?:on average|about|~)\s*", "", text)
    match = _PER.fullmatch(text)
    if match is not None:
        yield from _per(match["count"], match["span"], match["unit"])
    for duration in _durations(text):
        yield f"1 per {duration}" if not duration.startswith("1 ") else f"1 per {duration[2:]}"


def _once_every(match: re.Match[str]) -> str:
    return "1 per 2 " if match[1] else "1 per "


def _per(count: str, span: str | None, unit: str) -> Iterator[str]:
    count = re.sub(r"^(once|twice|thrice)$", lambda match: _WORDS[match[0]], count.strip())
    number = _quotient(re.sub(r"\s*times?$", "", count))
    length = _length((span or "1").strip(), unit)
    if number is None or length is None:
        return
    many, name = length
    yield f"{_short(number)} per {name if many == 1 else f'{_short(many)} {name}s'}"


# --- ranges -----------------------------------------------------------------------------------

_BETWEEN = re.compile(r"(?:between\s+(?P<a>.+?)\s+and\s+(?P<b>.+))|(?:from\s+(?P<c>.+))")
_TO = (r"\s+to\s+", r"\s*\.\.\.?\s*", r"\s+(?:until|till|through|thru|and|or)\s+", r"\s+-\s+")
_TIGHT = (r"(?<=[0-9a-z%])\s*-\s*(?=[.0-9qa-z])", r"/")
_AROUND = re.compile(rf"(?P<middle>{_NUMBER})\s*(?:±|\+/?-)\s*(?P<half>{_NUMBER})(?P<unit>.*)")


def _range(kind: SlipKind, text: str) -> tuple[str, str] | None:
    """Read a range in other words than `A to B`; gives its two ends as a scenario writes them."""
    text = text.lower()
    between = _BETWEEN.fullmatch(text)
    if between is not None and between["a"]:
        return _ends(kind, between["a"], between["b"])
    if between is not None:
        text = between["c"]
    short = re.fullmatch(r"([0-9]{2})([0-9]{2})-([0-9]{2})", text)
    if kind == "date" and short is not None and int(short[3]) > 12:
        return _ends(kind, short[1] + short[2], short[1] + short[3])
    around = _AROUND.fullmatch(text)
    if around is not None and kind != "date":
        middle, half = float(around["middle"]), float(around["half"])
        return _ends(
            kind, *(_short(end) + around["unit"] for end in (middle - half, middle + half))
        )
    for sign in (*_TO, *_TIGHT):
        parts = re.split(sign, text)
        ends = _ends(kind, *parts) if len(parts) == 2 else None
        if ends is not None:
            return ends
    return None


def _ends(kind: SlipKind, low: str, high: str) -> tuple[str, str] | None:
    for first in _first_ends(kind, low.strip(), high.strip()):
        ends = rewritten(kind, first), rewritten(kind, high)
        if ends[0] is None or ends[1] is None:
            continue
        measures = _measure(kind, ends[0]), _measure(kind, ends[1])
        if None not in measures and measures[0] < measures[1]:  # type: ignore[operator]  # both are
            return ends[0], ends[1]
    return None


def _joined(low: str, high: str) -> str:
    """Write a range; a unit that both ends have stands once."""
    unit = re.search(r" [a-z].*$", high)
    return f"{low.removesuffix(unit[0]) if unit is not None else low} to {high}"


def _first_ends(kind: SlipKind, low: str, high: str) -> Iterator[str]:
    """List how the first end of a range may be meant: as it stands, or with the second's unit."""
    if kind == "date":
        year = re.search(r"[0-9]{4}", high)
        if year is not None and not re.search(r"[0-9]{4}", low):
            yield f"{low} {year[0]}"
        yield low
        return
    unit = re.search(r"(?<=[0-9])\s*[a-z%].*$", high)
    if unit is not None and re.fullmatch(r"[0-9.,/]+", low):
        yield low + unit[0]
    yield low


def _special(kind: SlipKind, text: str, uncertain: bool) -> str | None:
    """Explain what no replacement fixes: a unit is missing, or two things may be meant."""
    lower = text.lower()
    if kind == "chance" and lower in _RESTS:
        return "write `rest`"
    vague = re.fullmatch(r"(?:~|≈|about|around|approx\.?|roughly|circa|ca\.?)\s*(.+)", lower)
    core = rewritten(kind, vague[1]) if vague is not None else None
    if core is not None:
        return f"write `{core}`" + (", or a range, `A to B`" if uncertain else "")
    if kind == "rate":
        return _about_rate(lower)
    number = _plain(lower)
    if kind == "duration" and number is not None:
        return f"the unit is missing: write `{_short(number)} years` or `{_short(number)} months`"
    if kind == "chance" and number is not None and 2 <= number <= 100:
        return f"if percent are meant, write `{_short(number / 100)}`"
    return None


_WITHIN = re.compile(
    rf"(?P<chance>{_NUMBER}(?:\s*(?:%|percent|per cent|pct))?(?:\s+to\s+{_NUMBER}\s*"
    r"(?:%|percent|per cent|pct))?)\s*(?:chance\s+|probability\s+)?"
    r"(?:within|in|over|by|before|until)\b\s*(?:the\s+)?(?:next\s+)?(?P<time>.*)"
)


def _about_rate(text: str) -> str | None:
    within = _WITHIN.fullmatch(text)
    chance = _percent(within["chance"]) if within is not None else None
    if within is not None and chance is not None:
        return _about_time(chance, within["time"])
    number = _quotient(text)
    if number is not None and number >= 0:
        return f"the unit is missing: write `{_short(number)} per year`"
    match = re.fullmatch(
        rf"({_NUMBER}\s*%)(?:\s*(?:/|per|a|each|every|in a)?\s*(?:year|yr|y))?", text
    )
    share = rewritten("chance", match[1]) if match is not None else None
    if share is None or float(share) >= 1:
        return None
    return (
        f"write `{_percent(share)} within 1 year`, or `{share} per year` for that often on average"
    )


def _percent(text: str) -> str | None:
    """Write a chance below 1, or a range of such chances, in percent."""
    ends = v.split_range(text) or (text,)
    shares = [rewritten("chance", end) for end in ends]
    percents = [_short(100 * float(share)) for share in shares if share and float(share) < 1]
    return f"{' to '.join(percents)} %" if len(percents) == len(ends) else None


def _about_time(chance: str, time: str) -> str:
    """Suggest how to write the time within which something comes with a chance."""
    duration, number = rewritten("duration", time), _plain(time)
    if duration is not None:
        return f"write `{chance} within {duration}`"
    if rewritten_date(time) is not None:
        return f"write within how long, not until which day, such as `{chance} within 3 years`"
    if number is not None and number > 0:
        ways = (f"`{chance} within {_counted(number, unit)}`" for unit in ("year", "month"))
        return f"the unit is missing: write {' or '.join(ways)}"
    return f"write within how long, such as `{chance} within 3 years`"
