"""The helper that draws pages, as a program: an order comes in on standard input, then numbers."""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress

from coopsim.errors import CoopsimError
from coopsim.presentation.drawing import Order
from coopsim.presentation.figures.result import warm_up


def main() -> None:
    """Draw what is asked for until nothing more is; who asked sees an error as our end."""
    warm_up()
    with suppress(EOFError, BrokenPipeError, CoopsimError):
        order: Order = pickle.load(sys.stdin.buffer)
        while True:
            files = order.draw(pickle.load(sys.stdin.buffer))
            pickle.dump(files, sys.stdout.buffer)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
