"""Put the entries of a scenario into words: what moves it, what it moves, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]

_KNOWN = frozenset(
    (
        *("title", "description", "group", "sources", "judgement"),
        *("levels", "initial", "switches"),
        *("date", "rate", "takes", "upon", "when", "unless", "after", "from", "until", "window"),
        *("pace", "memory", "repeat", "outcomes", "odds", "sets", "shifts"),
    )
)
_PERT = ({"low", "likely", "high"}, {"earliest", "likely", "latest"})


def code(name: str) -> str:
    """Set a name of the scenario in the type of code."""
    return f"`{name}`"


def listed(items: Iterable[str], word: str = "and") -> str:
    """Join words as a sentence does: `a, b and c`."""
    *rest, last = items
    return f"{', '.join(rest)} {word} {last}" if rest else last


def names(raw: Any) -> list[str]:
    """Read a name or a list of names, such as sources and triggers."""
    return [raw] if isinstance(raw, str) else list(raw)


# --- values -----------------------------------------------------------------------------------


def amount(raw: Any) -> str:
    """Put a number, a duration, a rate or a factor into words, certain or not."""
    if not isinstance(raw, Mapping):
        return str(raw)
    luck = ""
    if "share" in raw:
        shared = f" with {code(raw['luck'])}" if "luck" in raw else ""
        luck = f" (sharing {raw['share']} of its luck{shared})"
    rest = {key: item for key, item in raw.items() if key not in ("luck", "share")}
    return _spread(rest) + luck


def _spread(raw: Node) -> str:
    if set(raw) in _PERT:
        low, high = raw.get("low", raw.get("earliest")), raw.get("high", raw.get("latest"))
        return f"{low} to {high}, most likely {raw['likely']}"
    if set(raw) == {"planned", "growth"}:
        return f"{amount(raw['planned'])} times {amount(raw['growth'])}"
    if "p5" in raw:
        middle = f", median {raw['p50']}" if "p50" in raw else ""
        return f"{raw['p5']} to {raw['p95']}{middle}"
    ((kind, parts),) = raw.items()
    if kind == "like":
        return code(parts)
    if kind == "lognormal":
        return f"lognormal, median {parts[0]}, sigma {parts[1]}"
    return f"{kind} {listed(names(parts))}"


def day(raw: Any) -> str:
    """Put a date, a plan, a table by level or a calendar into words."""
    if not isinstance(raw, Mapping):
        return _plain_day(str(raw))
    if "by" in raw:
        table = (f"{level}: {day(item)}" for level, item in raw.items() if level != "by")
        return f"by {code(raw['by'])} ({'; '.join(table)})"
    if "planned" in raw:
        first = f", not before {raw['not_before']}" if "not_before" in raw else ""
        planned = day(raw["planned"]).removeprefix("on ")
        growth = amount(raw["growth"])
        return f"planned {planned}{first}, remaining lead time times {growth}"
    if "first" in raw:
        then = (
            f"every {raw['every']}" if "every" in raw else f"{amount(raw['then'])} after the last"
        )
        return f"first {day(raw['first'])}, then {then}"
    return f"on a day from {amount(raw)}"


def _plain_day(text: str) -> str:
    if " to " in text:
        return f"on a day from {text} (90 %)"
    return f"on {text}" if text.count("-") == 2 else f"some day of {text}"


def rate(raw: Any) -> str:
    """Put a hazard into words, one for all or one for each level."""
    if isinstance(raw, Mapping) and "by" in raw:
        table = (f"{level} {amount(item)}" for level, item in raw.items() if level != "by")
        return f"at a rate by {code(raw['by'])}: {', '.join(table)}; else never"
    return f"at {amount(raw)}"


# --- conditions -------------------------------------------------------------------------------


def condition(raw: Any) -> str:
    """Put a condition into words."""
    if isinstance(raw, list):
        return "either " + listed((f"({condition(item)})" for item in raw), "or")
    return listed(_entry(name, asked) for name, asked in raw.items())


def _entry(name: str, asked: Any) -> str:
    if isinstance(asked, bool):
        return f"{code(name)} {'has happened' if asked else 'has not happened'}"
    if isinstance(asked, Mapping):
        bounds = (f"{bound.replace('_', ' ')} {level}" for bound, level in asked.items())
        return f"{code(name)} is {listed(bounds)}"
    return f"{code(name)} is {listed(names(asked), 'or')}"


def _upon(raw: Any) -> str:
    if not isinstance(raw, Mapping):
        return f"each {listed(map(code, names(raw)), 'or')}"
    return "the moment " + listed((_entered(driver, asked) for driver, asked in raw.items()), "or")


def _entered(driver: str, asked: Any) -> str:
    if isinstance(asked, Mapping):
        ((way, level),) = asked.items()
        return f"{code(driver)} {way.replace('_', ' ')} {level}"
    return f"{code(driver)} becomes {listed(names(asked), 'or')}"


def _after(raw: Any) -> str:
    if isinstance(raw, Mapping):
        return listed(f"{amount(lag)} after {code(name)}" for name, lag in raw.items())
    return "after " + listed(code(name) for name in names(raw))


# --- clocks -----------------------------------------------------------------------------------


def clock(entry: Node) -> str:
    """Describe when an event or a switch comes: its clock, its gates and its pace, in one sentence.

    Raises ValueError for a key of the language that this module has no words for.
    """
    unknown = set(entry) - _KNOWN
    if unknown:
        raise ValueError(f"no words for {listed(sorted(unknown))}")
    first = ", ".join([*_timing(entry), *_gates(entry)])
    paces = [_pace(item) for item in entry.get("pace") or ()]
    if paces:
        first += f"; pace: {', '.join(paces)}"
    return first


def _timing(entry: Node) -> Iterator[str]:
    upon = _upon(entry["upon"]) if "upon" in entry else ""
    if "takes" in entry:
        yield f"{amount(entry['takes'])} from {upon}" if upon else f"takes {amount(entry['takes'])}"
    elif "rate" in entry:
        yield rate(entry["rate"])
    elif "date" in entry:
        yield day(entry["date"])
    elif upon:
        yield f"at {upon}"


def _gates(entry: Node) -> Iterator[str]:
    at_once = not {"takes", "rate", "date", "upon"} & set(entry)
    if "after" in entry:
        yield _after(entry["after"])
    if "when" in entry:
        yield f"{'as soon as' if at_once else 'only while'} {condition(entry['when'])}"
    if "unless" in entry:
        yield f"not while {condition(entry['unless'])}"
    if "from" in entry:
        yield f"from {entry['from']} on"
    if "until" in entry:
        yield f"until {entry['until']}"
    if "window" in entry:
        window = entry["window"]
        yield f"in a window of {code(window['like'])}" if "like" in window else "in its windows"
    if entry.get("memory") == "enabling":
        yield "starting again after each interruption"


def _pace(item: Node) -> str:
    if "like" in item:
        return code(item["like"])
    if "by" in item:
        table = (f"{level} {amount(times)}" for level, times in item.items() if level != "by")
        return f"by {code(item['by'])} ({', '.join(table)})"
    when = f" while {condition(item['when'])}" if item["when"] else ""
    return f"times {amount(item['times'])}{when}"


# --- what comes of it -------------------------------------------------------------------------


def changes(entry: Node) -> str:
    """Describe which drivers a firing sets and shifts; empty where it moves none."""
    sets = [f"{code(name)} to {level}" for name, level in entry.get("sets", {}).items()]
    moves = [f"sets {listed(sets)}"] if sets else []
    for name, steps in entry.get("shifts", {}).items():
        count = abs(int(steps))
        way = "up" if int(steps) > 0 else "down"
        moves.append(f"moves {code(name)} {count} {'level' if count == 1 else 'levels'} {way}")
    return listed(moves) if moves else ""


def _outcomes(outcomes: Node) -> str:
    parts = []
    for name, outcome in outcomes.items():
        change = changes(outcome)
        parts.append(f"{name} {_chance(outcome['chance'])}" + (f" ({change})" if change else ""))
    return "; ".join(parts)


def _chance(raw: Any) -> str:
    if raw == "rest":
        return "the rest"
    if isinstance(raw, list):
        return ", ".join(
            f"{amount(case['is'])} if {condition(case['when'])}"
            if "when" in case
            else f"else {amount(case['is'])}"
            for case in raw
        )
    if isinstance(raw, Mapping) and "by" in raw:
        table = (f"{level} {amount(item)}" for level, item in raw.items() if level != "by")
        return f"by {code(raw['by'])} ({', '.join(table)})"
    return amount(raw)


def _odds(item: Node) -> str:
    times = listed(f"{name} times {amount(factor)}" for name, factor in item["times"].items())
    return f"{times} if {condition(item['when'])}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "." if text else ""


def event(entry: Node) -> str:
    """Describe an event: when it comes, how it may turn out, what it changes."""
    sentences = [_sentence(clock(entry))]
    if entry.get("repeat") and "first" not in (entry.get("date") or {}):
        sentences.append("It may happen again.")
    if "outcomes" in entry:
        sentences.append(f"It turns out: {_outcomes(entry['outcomes'])}.")
    if entry.get("odds"):
        sentences.append(f"Odds: {'; '.join(map(_odds, entry['odds']))}.")
    sentences.append(_sentence(changes(entry)))
    return " ".join(filter(None, sentences))


def initial(raw: Any) -> str:
    """Describe at which level a driver starts."""
    if isinstance(raw, Mapping):
        return "starts at " + listed((f"{level} ({p})" for level, p in raw.items()), "or")
    return f"starts at {raw}"


def reference(entry: Node) -> str:
    """Describe a named value, pace table or window."""
    about = ("title", "description", "sources", "judgement")
    rest = {key: item for key, item in entry.items() if key not in about}
    if "pace" in rest:
        return _sentence(", ".join(map(_pace, rest["pace"])))
    if "open" in rest:
        return _sentence("open " + "; ".join(f"{first} to {last}" for first, last in rest["open"]))
    if "opens" in rest:
        text = f"open from {rest['opens']} for {rest['lasts']}, every {rest['every']}"
        return _sentence(text)
    return _sentence(amount(rest.get("value", rest)))


def support(entry: Node) -> str:
    """Describe which claims and what judgement an entry rests on."""
    parts = []
    if entry.get("sources"):
        parts.append(f"*Claims:* {', '.join(names(entry['sources']))}.")
    if entry.get("judgement"):
        parts.append(f"*Judgement:* {entry['judgement']}")
    return " ".join(parts)


# --- what depends on what -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ties:
    """Which event moves which driver, and what reads it."""

    tree: Node

    def moved_by(self, driver: str) -> list[str]:
        """List the events that set or shift a driver."""
        return [name for name, entry in self.tree["events"].items() if driver in moved(entry)]

    def acts_on(self, driver: str) -> list[str]:
        """List the drivers (by their switches) and events that read a driver's level."""
        drivers = (
            name
            for name, entry in self.tree["drivers"].items()
            if name != driver and driver in self.read_by(entry.get("switches", {}))
        )
        events = (
            name for name, entry in self.tree["events"].items() if driver in self.read_by(entry)
        )
        return [*drivers, *events]

    def read_by(self, node: Any) -> set[str]:
        """Collect what conditions, tables and triggers name, also by way of pace tables."""
        if isinstance(node, list):
            return set().union(*map(self.read_by, node))
        if not isinstance(node, Mapping):
            return set()
        found = set().union(*(self.read_by(item) for item in node.values()))
        found |= _condition_names(node.get("when")) | _condition_names(node.get("unless"))
        if isinstance(node.get("by"), str):
            found.add(node["by"])
        for key in ("upon", "after"):
            found |= set(names(node.get(key, ())))
        named = self.tree["references"].get(node.get("like"))
        return found | self.read_by(named) if isinstance(named, Mapping) else found


def moved(entry: Node) -> set[str]:
    """Collect the drivers that an event sets or shifts."""
    parts = [entry, *entry.get("outcomes", {}).values()]
    return {name for part in parts for key in ("sets", "shifts") for name in part.get(key, {})}


def _condition_names(raw: Any) -> set[str]:
    if isinstance(raw, list):
        return set().union(*map(_condition_names, raw))
    return set(raw) if isinstance(raw, Mapping) else set()
