"""A plugin of pytest for `make mutations`: both engines in one, and told why a test failed.

In COOPSIM_MUTANT stands which of the engines is broken. The `reference` engine takes the place of
the compiled one, whose machine code is made of other modules that may be broken too; the rules of
the `compiled` one are played as plain Python.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from coopsim.errors import CoopsimError

# An engine is imported where it is exchanged: most of what is told needs none.
# ruff: noqa: PLC0415

# What a test is meant to fail with: anything else is a broken program, not a rule found broken.
FOUND_OUT = (AssertionError, pytest.fail.Exception, CoopsimError)


def pytest_configure() -> None:
    """Exchange the engine, in this process only."""
    part = os.environ["COOPSIM_MUTANT"]
    if part == "reference":
        from coopsim.simulation import compiled, simpy_model

        vars(compiled)["simulate"] = simpy_model.simulate
    elif part == "compiled":
        import plain_kernel

        from coopsim.simulation import compiled

        plain_kernel.exchange_generator()
        vars(compiled)["play"] = plain_kernel.play


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write down how a test failed."""
    report = yield
    if call.excinfo is not None:
        found = call.when == "call" and call.excinfo.errisinstance(FOUND_OUT)
        what = f"{'found' if found else 'broken'}\n{item.nodeid}\n{call.excinfo.exconly()}"
        Path(os.environ["COOPSIM_VERDICT"]).write_text(what, encoding="utf-8")
    return report
