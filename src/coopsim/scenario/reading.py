"""Reading raw data (mappings, lists, texts): faults that know their place, near misses."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

T = TypeVar("T")
Key = str | int
Path = tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Say what is wrong at a path relative to the data that was read."""

    path: Path
    found: str
    expected: str
    hint: str | None = None


class Invalid(ValueError):
    """Carry all the faults found in one piece of data."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"found {f.found}, expected {f.expected}" for f in faults))


def invalid(found: str, expected: str, *path: Key, hint: str | None = None) -> Invalid:
    """Make the exception for a single fault."""
    return Invalid([Fault(path, found, expected, hint)])


class Faults:
    """Collect faults, so that all of them are reported and not only the first."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    @contextmanager
    def at(self, *path: Key) -> Iterator[None]:
        """Catch the faults of the block, placing them below the path."""
        try:
            yield
        except Invalid as error:
            self.found += [replace(fault, path=path + fault.path) for fault in error.faults]

    def add(self, found: str, expected: str, *path: Key, hint: str | None = None) -> None:
        """Record one fault."""
        self.found.append(Fault(path, found, expected, hint))

    def check(self) -> None:
        """Raise Invalid if there was any fault."""
        if self.found:
            raise Invalid(self.found)


def show(raw: object) -> str:
    """Name raw data in an error message, briefly."""
    if raw is None:
        return "nothing"
    if isinstance(raw, Mapping):
        keys = ", ".join(str(key) for key in list(raw)[:4])
        return f"a mapping ({keys}{', ...' if len(raw) > 4 else ''})" if raw else "an empty mapping"
    if isinstance(raw, list | tuple):
        return f"a list of {len(raw)}" if raw else "an empty list"
    text = raw if isinstance(raw, str) else text_of(raw)
    return f"'{text[:60]}{'...' if len(text) > 60 else ''}'"


def text_of(raw: object) -> str:
    """Get the text of a scalar; level names and outcomes are compared as text."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str | int | float):
        return str(raw)
    if isinstance(raw, datetime.date):
        return raw.isoformat()
    raise invalid(show(raw), "a single word or number")


def name_of(raw: object, what: str) -> str:
    """Get a name; anything but a scalar is refused."""
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


def near_miss(name: str, known: Iterable[str]) -> str | None:
    """Suggest the known name closest to a mistyped one, if any is close."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"did you mean '{matches[0]}'?" if matches else None


def keys_within(data: Mapping[str, object], allowed: Sequence[str], faults: Faults) -> None:
    """Record every key that is not allowed."""
    for key in data:
        if key not in allowed:
            faults.add(
                f"the key '{key}'",
                f"only {listing(allowed)}",
                key,
                hint=near_miss(key, allowed),
            )


def listing(names: Iterable[str], conjunction: str = "or") -> str:
    """Join names as prose: `a, b or c`."""
    names = list(names)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {conjunction} {names[-1]}"


def dotted(path: Path) -> str:
    """Write a path as a user writes it."""
    return ".".join(str(key) for key in path)
