"""Days, months, quarters and years as people write them, and how a scenario writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from coopsim.scenario.notation.values import DAY, Period, format_date, parse_date

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december", "sept"),
)
_MONTHS = {name: _NAMES.index(name[:3]) + 1 for name in (*_NAMES, *_FULL)}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_GAP = r"[\s,./'-]*(?:of\s+)?"
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "last": "4"}
_QUARTER = r"(?P<quarter>[1-4])"

_QUARTERS = (
    rf"q{_QUARTER}{_GAP}{_YEAR}",
    rf"{_YEAR}{_GAP}q{_QUARTER}",
    rf"{_QUARTER}q{_GAP}{_YEAR}",
    rf"{_QUARTER}(?:st|nd|rd|th)\s+quarter{_GAP}{_YEAR}",
    rf"(?P<ordinal>{'|'.join(_ORDINALS)})\s+quarter{_GAP}{_YEAR}",
)
_NAMED = (
    rf"{_MONTH}{_GAP}{_YEAR}",
    rf"{_YEAR}{_GAP}{_MONTH}",
    rf"{_DAY}{_GAP}{_MONTH}{_GAP}{_YEAR}",
    rf"{_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}",
    rf"{_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}",
)
_TIME = r"(?:[t\s]+[0-9]{1,2}:[0-9]{2}.*)?"
_NUMBERED = (
    rf"{_YEAR}\s*[-/.]\s*(?P<number>[0-9]{{1,2}})\s*[-/.]\s*{_DAY}{_TIME}",
    rf"{_YEAR}(?P<number>[0-9]{{2}})(?P<day>[0-9]{{2}})",
    rf"{_YEAR}\s*[-/.]\s*(?P<number>[0-9]{{1,2}})",
    rf"(?P<number>[0-9]{{1,2}})\s*[-/.]\s*{_YEAR}",
    rf"(?P<day>[0-9]{{1,2}})\.\s*(?P<number>[0-9]{{1,2}})\.\s*{_YEAR}",
    rf"(?:(?:in|on|during)\s+)?(?:the\s+)?(?:year\s+)?{_YEAR}",
)
_EITHER_WAY = re.compile(rf"([0-9]{{1,2}})[/-]([0-9]{{1,2}})[/-]{_YEAR}")
_ENDS = re.compile(
    r"(?:by\s+)?(?:the\s+)?(?P<end>end|start|beginning)(?:\s+of|-|\s)\s*(?:the\s+year\s+)?(?P<of>.+)"
)


def rewritten_date(text: str) -> str | None:
    """Write one day, month, quarter or year, however a person wrote it, as a scenario does."""
    text = text.strip().lower()
    return next((read for read in _readings(text) if _is_date(read)), None)


def _readings(text: str) -> Iterator[str]:
    yield text.upper()
    for patterns, write in ((_QUARTERS, _quarter), (_NAMED, _month), (_NUMBERED, _numbers)):
        yield from _matches(text, patterns, write)
    both = either_way(text)
    if len(both) == 1:
        yield both[0]
    ends = _ENDS.fullmatch(text)
    whole = rewritten_date(ends["of"]) if ends is not None else None
    if ends is not None and whole is not None:
        period = parse_date(whole)
        yield format_date(_last_day(period) if ends["end"] == "end" else period.first)


def _last_day(period: Period) -> int:
    """Get the 00:00 of the last day of a period."""
    return period.end_of_day - DAY


def _matches(
    text: str, patterns: tuple[str, ...], write: Callable[[re.Match[str]], str]
) -> Iterator[str]:
    for pattern in patterns:
        match = re.fullmatch(pattern, text)
        if match is not None:
            yield write(match)


def _quarter(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return f"{match['year']}-Q{groups.get('quarter') or _ORDINALS[match['ordinal']]}"


def _month(match: re.Match[str]) -> str:
    return _date(match, _MONTHS[match["month"]])


def _numbers(match: re.Match[str]) -> str:
    number = match.groupdict().get("number")
    return _date(match, int(number)) if number else match["year"]


def _date(match: re.Match[str], month: int) -> str:
    day = match.groupdict().get("day")
    return f"{match['year']}-{month:02}" + (f"-{int(day):02}" if day else "")


def either_way(text: str) -> list[str]:
    """Read `1/2/2028` in both orders of day and month; gives those that are dates."""
    match = _EITHER_WAY.fullmatch(text.strip())
    if match is None:
        return []
    one, other, year = int(match[1]), int(match[2]), match["year"]
    ways = dict.fromkeys((f"{year}-{other:02}-{one:02}", f"{year}-{one:02}-{other:02}"))
    return [way for way in ways if _is_date(way)]


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


# --- what is no single date -------------------------------------------------------------------

_VAGUE = re.compile(
    r"(?:~|≈|c\.|ca\.?\s|circa|about|around|approx\.?|approximately|roughly|sometime in|maybe)\s*"
    r"(?P<of>.+)|(?P<before>.+?)(?:\?|~|\s*ish|-ish| or so)"
)
_THIRDS = {"early": (1, 4), "mid": (5, 8), "middle of": (5, 8), "late": (9, 12)}
_PART = re.compile(rf"(?P<part>{'|'.join(_THIRDS)})(?:\s+in|-|\s)\s*(?P<of>.+)")
_HALF = re.compile(
    r"(?:h(?P<half>[12])|(?P<ordinal>first|second|1st|2nd) half)[\s/-]*(?:of\s+)?(?P<year>[0-9]{4})"
    r"|(?P<year2>[0-9]{4})[\s/-]*h(?P<half2>[12])"
)
_SEASON = re.compile(rf"(?:spring|summer|autumn|fall|winter){_GAP}{_YEAR}(?:[/-][0-9]+)?")
_LATEST = re.compile(
    r"(?:by|before|until|till|no later than|not later than|at the latest|<=?)\s*(?P<of>.+)"
)
_EARLIEST = re.compile(
    r"(?:after|from|since|not before|no earlier than|not earlier than|net|>=?)\s*(?P<of>.+)"
    r"|(?P<before>.+?)(?:\+| or later| onwards?)"
)
_NEVER = ("never", "none", "no date", "n/a")


def date_meant(text: str, *, uncertain: bool) -> str | None:
    """Suggest what to write instead of a text that is no single date, where that can be told.

    `uncertain` tells whether a range may stand there, or one day only.
    """
    text = text.strip().lower()
    both = either_way(text)
    if len(both) == 2:
        return f"write `{both[0]}` or `{both[1]}`, whichever is meant"
    if text in _NEVER:
        return (
            "an event that never happens has `rate: 0 per year` instead; in a table by level, "
            "leave the level out"
            if uncertain
            else "leave this key out"
        )
    return _vague(text, uncertain) or _part(text, uncertain) or _bound(text, uncertain)


def _core(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    groups = match.groupdict()
    return rewritten_date(groups.get("of") or groups.get("before") or "")


def _vague(text: str, uncertain: bool) -> str | None:
    core = _core(_VAGUE.fullmatch(text))
    if core is None:
        return None
    if not uncertain:
        return f"write `{core}`: this day cannot be uncertain"
    if parse_date(core).is_day:
        return f"write `{core}`, or a range such as `{_around(core)}`"
    whole = {4: "year", 7: "quarter" if "Q" in core else "month"}[len(core)]
    return f"write `{core}` for any day of that {whole}, or a range such as `{_around(core)}`"


def _around(core: str) -> str:
    """Make a range that begins a year before a date and ends a year after it."""
    year, rest = int(core[:4]), core[4:].replace("-02-29", "-02-28")
    return f"{year - 1}{rest} to {year + 1}{rest}"


def _part(text: str, uncertain: bool) -> str | None:
    half, part = _HALF.fullmatch(text), _PART.fullmatch(text)
    if _SEASON.fullmatch(text):
        year = re.findall(r"[0-9]{4}", text)[0]
        return f"seasons differ by place: write months, such as `{year}-06`" + (
            f" or `{year}-06 to {year}-08`" if uncertain else ""
        )
    if half is not None:
        second = "2" in ((half["half"] or half["half2"]) or "") or half["ordinal"] in (
            "second",
            "2nd",
        )
        return _months(half["year"] or half["year2"], (7, 12) if second else (1, 6), uncertain)
    core = _core(part)
    if part is None or core is None:
        return None
    if len(core) == 4:
        return _months(core, _THIRDS[part["part"]], uncertain)
    return f"write `{core}`"


def _months(year: str, ends: tuple[int, int], uncertain: bool) -> str:
    first, last = (f"{year}-{month:02}" for month in ends)
    if uncertain:
        return f"write `{first} to {last}`"
    return f"write one day, such as `{first}-01`: this day cannot be uncertain"


def _bound(text: str, uncertain: bool) -> str | None:
    latest, earliest = _core(_LATEST.fullmatch(text)), _core(_EARLIEST.fullmatch(text))
    core = latest or earliest
    if core is None or not uncertain:
        return core and f"write `{core}`"
    year, rest = int(core[:4]), core[4:].replace("-02-29", "-02-28")
    if latest is not None:
        return f"write a range that ends there, such as `{year - 1}{rest} to {core}`"
    return f"write a range that begins there, such as `{core} to {year + 1}{rest}`"
