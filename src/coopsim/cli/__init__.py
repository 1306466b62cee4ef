"""The front door: parse, call, print; one module for each family of commands.

Whatever simulates or draws is imported by the command that needs it: `--help` stays quick.
"""

from coopsim.cli import (
    asking,
    evidence,
    given,
    results,
    rewriting,
    running,
    sensitivity,
    setup,
    trace,
    whatif,
)
from coopsim.cli.app import arrange, main
from coopsim.cli.forecast import commands as forecast
from coopsim.cli.forecast import comparing as forecast_comparing

__all__ = [
    "asking",
    "evidence",
    "forecast",
    "forecast_comparing",
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

arrange(
    {
        "Every day": (
            "init", "new", "check", "run", "ask", "compare", "given", "live", "trace", "sources",
            "report", "ls",
        ),
        "What drives an answer": (
            "sensitivity", "diff", "explain", "sweep", "discover", "causes",
        ),
        "More about a result": ("show", "summary", "answers", "score"),
        "Files": ("fmt", "schema"),
    }
)  # fmt: skip
