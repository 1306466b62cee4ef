"""Where the command begins, and `python -m coopsim`: Ctrl-C ends it from its first moment on."""

from __future__ import annotations

import gc
import os
import sys

# Looking for garbage takes a tenth of a command that mostly makes what lives as long as it does. A
# run leaves 150,000 objects behind: to look through them once is to play a thousand timelines.
_GARBAGE = (250_000, 50, 100)  # in place of Python's 700 objects more, 10 times, 10 times


def main() -> None:
    """Run the command line, whose modules take a moment to load."""
    gc.set_threshold(*_GARBAGE)
    # NumPy's sums are short here: a thread for each core would only cost its start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Pydantic would read what all installed packages say of themselves, to find a plugin.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    try:
        from coopsim.cli import main as run  # noqa: PLC0415  # this is the moment
    except KeyboardInterrupt:
        print("coopsim: stopped", file=sys.stderr, flush=True)  # noqa: T201  # plain text
        os._exit(1)
    try:
        run()
    finally:
        gc.freeze()  # as Python ends it looks for garbage twice more, among all that there is


if __name__ == "__main__":
    main()
