"""Counts in words, quick to import: `coopsim check` loads little more than this."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Count things: `1 event`, `3 events`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
