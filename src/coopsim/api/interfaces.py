"""What all answers have in common."""

from __future__ import annotations

from typing import Any, Protocol


class Answer(Protocol):
    """What a command answers."""

    def to_json(self) -> Any:
        """Make the tree that --json prints."""
