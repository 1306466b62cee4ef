"""Time what it takes to check scenarios as large and awkward as the limits of size let in.

Run it by itself: `.venv/bin/python bench/large_checks.py`. Times are of computing, in seconds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from coopsim.errors import ScenarioError
from coopsim.scenario.loading import load_data

HEADER = {"scenario": "large", "start": "2025-01-01", "end": "2030-12-31", "outcomes": {}}
ONCE = {"rate": "1 per year"}


def drivers(count: int) -> dict[str, Any]:
    """Make so many drivers of three levels."""
    return {f"d{n}": {"levels": ["a", "b", "c"], "initial": "a"} for n in range(count)}


def chain(key: str, more: dict[str, Any]) -> dict[str, Any]:
    """Make 1,000 events of which each waits for the one before."""
    links = {f"e{n}": {key: [f"e{n - 1}"], **more} for n in range(1, 1_000)}
    return {"events": {"e0": {**ONCE, **more}, **links}}


def cases(count: int) -> dict[str, Any]:
    """Make an event whose two chances depend on many drivers, and sum to 1."""
    ways: list[dict[str, Any]] = []
    for first, last in ((0.1, 0.2), (0.9, 0.8)):
        listed = [{"when": {f"d{n}": "b"}, "is": first} for n in range(count)]
        ways.append({"chance": [*listed, {"is": last}]})
    event = {**ONCE, "outcomes": dict(zip("xy", ways, strict=True))}
    return {"drivers": drivers(count), "events": {"e": event}}


def mistyped() -> dict[str, Any]:
    """Make 900 events with 12 names each that are nearly those of 900 drivers."""
    names = {f"driver_number_{n}": {"levels": ["a", "b"], "initial": "a"} for n in range(900)}
    events = {
        f"event_{n}": {**ONCE, "when": {f"drivr_nmber_{n}_{k}": "a" for k in range(12)}}
        for n in range(900)
    }
    return {"drivers": names, "events": events}


def alternatives() -> dict[str, Any]:
    """Make immediate events that 256 alternatives allow, and that set as many drivers."""
    when = [{f"d{n}": "b"} for n in range(256)]
    sets = {f"d{n}": "c" for n in range(256)}
    event = {"repeat": True, "when": when, "sets": sets}
    return {"drivers": drivers(256), "events": {f"e{n}": event for n in range(29)}}


def worlds() -> Iterator[tuple[str, dict[str, Any]]]:
    """List the awkward scenarios by what is awkward about them."""
    yield "a chain of `upon`", chain("upon", {})
    yield "a chain of `upon` that repeats", chain("upon", {"repeat": True})
    yield "a chain of `after`", chain("after", {})
    yield "chances of 60 cases", cases(60)
    yield "chances of 900 cases", cases(900)
    yield "10,800 mistyped names", mistyped()
    yield "29 events of 256 alternatives", alternatives()


def main() -> None:
    """Check each and print how long it took."""
    for name, world in worlds():
        began = time.process_time()
        try:
            found = f"{len(load_data({**HEADER, **world}).warnings):,} warnings"
        except ScenarioError as error:
            found = f"{len(error.problems):,} problems"
        print(f"{name:32} {time.process_time() - began:5.1f} s  {found}")


if __name__ == "__main__":
    main()
