"""Where the command begins, and `python -m coopsim`: Ctrl-C ends it from its first moment on."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line, whose modules take a moment to load."""
    try:
        from coopsim.cli import main as run  # noqa: PLC0415  # this is the moment
    except KeyboardInterrupt:
        print("coopsim: stopped", file=sys.stderr, flush=True)  # noqa: T201  # plain text
        os._exit(1)
    run()


if __name__ == "__main__":
    main()
