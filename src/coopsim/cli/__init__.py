"""The front door: parse, call, print; one module for each family of commands.

Whatever simulates or draws is imported by the command that needs it: `--help` stays quick.
"""

# isort: off
# Each family adds its commands to the application; `--help` lists them in this order.
from coopsim.cli import (
    running,
    asking,
    results,
    trace,
    given,
    evidence,
    sensitivity,
    whatif,
    rewriting,
    setup,
)

# isort: on
from coopsim.cli.app import main

__all__ = [
    "asking",
    "evidence",
    "given",
    "main",
    "results",
    "rewriting",
    "running",
    "sensitivity",
    "setup",
    "trace",
    "whatif",
]
