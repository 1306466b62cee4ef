"""Reading raw data (mappings, lists, texts): faults that know their place, near misses."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from typing import TypeVar

from coopsim.scenario.text.near import near_miss

T = TypeVar("T")
Key = str | int
Path = tuple[Key, ...]
MOST_SIGNS = 60  # signs of what was found that a message shows


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a path relative to the data that was read."""

    path: Path
    found: str
    expected: str
    hint: str | None = None


class Invalid(ValueError):  # noqa: N818  # it says of data what `except Invalid` reads as
    """All the faults found in one piece of data."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"found {f.found}, expected {f.expected}" for f in faults))


def invalid(found: str, expected: str, *path: Key, hint: str | None = None) -> Invalid:
    """Make the exception for a single fault."""
    return Invalid([Fault(path, found, expected, hint)])


class Faults:
    """Faults, collected so that all of them are reported and not only the first."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def at(self, *path: Key) -> _Placing:
        """Catch the faults of the block, placing them below the path."""
        return _Placing(self.found, path)

    def add(self, found: str, expected: str, *path: Key, hint: str | None = None) -> None:
        """Record one fault."""
        self.found.append(Fault(path, found, expected, hint))

    def check(self) -> None:
        """Raise Invalid if there was any fault."""
        if self.found:
            raise Invalid(self.found)


class _Placing:
    """Catch the faults of a block; a generator would take as long as what is read in it."""

    __slots__ = ("_found", "_path")

    def __init__(self, found: list[Fault], path: Path) -> None:
        self._found, self._path = found, path

    def __enter__(self) -> None:
        pass

    def __exit__(self, _type: object, error: object, _trace: object) -> bool:
        if not isinstance(error, Invalid):
            return False
        self._found += [replace(one, path=self._path + one.path) for one in error.faults]
        return True


def show(raw: object) -> str:
    """Name raw data in an error message, briefly."""
    if raw is None:
        return "nothing"
    if isinstance(raw, Mapping | list | tuple):
        empty = "an empty mapping" if isinstance(raw, Mapping) else "an empty list"
        return _cut(_flow(raw, 2)) if raw else empty
    return f"'{_cut(_text(raw))}'"


def _text(raw: object) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    # Python writes no integer of more than 4,300 digits, but this way.
    return str(Decimal(raw)) if isinstance(raw, int) else str(raw)


def _flow(raw: object, depth: int) -> str:
    """Write data in a line, leaving out what lies deep or late in it."""
    if isinstance(raw, Mapping | list | tuple):
        if not depth:
            return "..."
        if isinstance(raw, Mapping):
            items = [f"{key}: {_flow(raw[key], depth - 1)}" for key in islice(raw, MOST_SIGNS)]
            return f"{{{', '.join(items)}}}"
        return f"[{', '.join(_flow(item, depth - 1) for item in raw[:MOST_SIGNS])}]"
    return "null" if raw is None else _cut(_text(raw))


def _cut(text: str) -> str:
    printable = "".join(
        sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:MOST_SIGNS]
    )
    return printable + ("..." if len(text) > MOST_SIGNS else "")


def text_of(raw: object) -> str:
    """Get the text of a scalar; level names and outcomes are compared as text."""
    if isinstance(raw, str):  # as nearly always
        return str(raw)
    if isinstance(raw, int | float):
        return _text(raw)
    if isinstance(raw, datetime.date):
        return raw.isoformat()
    raise invalid(show(raw), "a single word or number")


def name_of(raw: object, what: str) -> str:
    """Get a name; anything but a scalar is refused."""
    if isinstance(raw, str):  # as nearly always
        return str(raw)
    if raw is None or isinstance(raw, Mapping | list | tuple):
        raise invalid(show(raw), what)
    return text_of(raw)


def names_of(raw: object, what: str) -> tuple[str, ...]:
    """Get one name, or a list of names that is not empty, as a tuple."""
    if not isinstance(raw, list | tuple):
        return (name_of(raw, what),)
    if not raw:
        raise invalid("an empty list", what)
    faults = Faults()
    names: list[str] = []
    for position, item in enumerate(raw):
        with faults.at(position):
            names.append(name_of(item, what))
    faults.check()
    return tuple(names)


def is_word(raw: object) -> bool:
    """Check whether a single word stands there, such as a name in place of a list of names."""
    return isinstance(raw, str) and re.fullmatch(r"[\w-]+", raw) is not None


def in_a_list(raw: object) -> str | None:
    """Suggest how to write a list for which a single word stands, or several with commas."""
    if not isinstance(raw, str) or len(raw) > MOST_SIGNS or set(raw) & set("=<>+&|[]{}:"):
        return None
    names = [name.strip() for name in re.split(r",| and ", raw)]
    return f"write `[{', '.join(names)}]`" if all(names) else None


def mapping_of(raw: object, expected: str) -> dict[str, object]:
    """Get a mapping whose keys are texts."""
    if not isinstance(raw, Mapping):
        raise invalid(show(raw), expected)
    return {text_of(key): value for key, value in raw.items()}


def readable(read: Callable[[object], T], raw: object) -> T | None:
    """Read raw data, or give None where there is none or it cannot be read."""
    try:
        return None if raw is None else read(raw)
    except Invalid:
        return None


def keys_within(
    data: Mapping[str, object],
    allowed: Sequence[str],
    faults: Faults,
    offered: Sequence[str] | None = None,
) -> None:
    """Record every key that is not allowed; those `offered` are named instead, or all allowed."""
    names = allowed if offered is None else offered
    for key in data:
        if key not in allowed:
            faults.add(
                f"the key {show(key)}",
                f"only {listing(names)}",
                key,
                hint=near_miss(key, names),
            )


_GROUP_EXPECTED = "the name of a group, with a letter in it, such as `group: Politics`"


def read_group(raw: object) -> str:
    """Read the name of a group, which no number is; raises Invalid."""
    text = name_of(raw, _GROUP_EXPECTED)
    if not any(sign.isalpha() for sign in text):
        raise invalid(
            show(raw),
            _GROUP_EXPECTED,
            hint=f"write `group: Group {text}`" if text.isdigit() else None,
        )
    return text


def listing(names: Iterable[str], conjunction: str = "or") -> str:
    """Join names as prose: `a, b or c`."""
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def dotted(path: Path) -> str:
    """Write a path as a user writes it."""
    return ".".join(str(key) for key in path)
