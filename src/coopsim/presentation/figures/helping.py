"""The helper that draws pages, as a program: an order comes in on standard input, then numbers."""

from __future__ import annotations

import pickle
import sys
import warnings
from contextlib import suppress

from coopsim.errors import CoopsimError, CoopsimWarning
from coopsim.presentation.drawing import DrawingOrder
from coopsim.presentation.figures.result import warm_up


def main() -> None:
    """Draw what is asked for until nothing more is; who asked sees an error as our end."""
    out = sys.stdout.buffer
    warm_up()
    with suppress(EOFError, BrokenPipeError, CoopsimError):
        order: DrawingOrder = pickle.load(sys.stdin.buffer)
        while True:
            number = pickle.load(sys.stdin.buffer)
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                files = order.draw(number)
            pickle.dump((files, [str(one.message) for one in told if _ours(one)]), out)
            out.flush()


def _ours(told: warnings.WarningMessage) -> bool:
    return issubclass(told.category, CoopsimWarning)


if __name__ == "__main__":
    main()
