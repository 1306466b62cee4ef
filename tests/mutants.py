"""Rules broken on purpose: what is broken in which file, and the test that finds it out."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "src" / "coopsim"
PAGE = HERE.parent / "docs" / "mutations.md"


@dataclass(frozen=True, slots=True)
class Mutation:
    """Break a rule: put `new` for `old`, which its file holds once; `test` must then fail.

    `file` is in src/coopsim, `test` in tests; `part` is what is broken: the `reference` engine, the
    `compiled` one, or what is `told` of the timelines.
    """

    part: str
    rule: str
    broken: str
    file: str
    old: str
    new: str
    test: str

    def apply(self, text: str) -> str:
        """Break the rule in the text of the file; raises ValueError where that is not clear."""
        if text.count(self.old) != 1:
            raise ValueError(f"{self.file} holds {self.old!r} {text.count(self.old)} times")
        return text.replace(self.old, self.new)

    @property
    def sentence(self) -> str:
        """Say by its name what the test tells."""
        file, _, name = self.test.partition("::test_")
        return f"`{file}`: {name.replace('_', ' ')}"


def mutations() -> list[Mutation]:
    """Read tests/mutations.toml; line ends about a text are there to be read only."""
    parts = tomllib.loads((HERE / "mutations.toml").read_text(encoding="utf-8"))
    return [
        Mutation(part, **{key: text.strip("\n") for key, text in one.items()})
        for part, several in parts.items()
        for one in several
    ]


def page() -> str:
    """Make docs/mutations.md."""
    found = mutations()
    tables = {
        part: _table(one for one in found if one.part == part)
        for part in ("reference", "compiled", "told")
    }
    return _PAGE.format(count=len(found), **tables)


def _table(several: Iterable[Mutation]) -> str:
    rows = [f"| {one.rule} | {one.broken} | {one.sentence} |" for one in several]
    return "\n".join(
        ["| rule | what was broken | the test that fails |", "| --- | --- | --- |", *rows]
    )


_PAGE = """# Rules broken on purpose

Every rule of how time runs has a test that fails when that rule alone is broken, and so do some
rules of what is said of the timelines. `make mutations` shows it: it breaks {count} rules, one at
a time, on a copy of the code, runs the one test that is named here, and fails where that test
passes. `tests/mutations.toml` holds the very texts that are exchanged; this page is made of it by
`make docs`. A rule is given by its section in `docs/language.md`, a test by its file under `tests/`
and its name.

## The reference engine

The worlds of these tests are otherwise simulated by both engines, which are compared. Here the
SimPy model takes the place of the compiled engine too, so that it is what the test itself expects
that is not met.

{reference}

No log can tell two changes from the rule, so no test can fail: serving the triggers
before the clocks are refreshed (both read the levels after the firing), and beginning a lag again
once it is over (it stays over).

## The compiled engine

Its rules are broken one at a time too, and played as plain Python, without compiling them. It
then no longer agrees with the SimPy model. One more change cannot be told by any log: work that
was done becoming negative, as it stays done.

{compiled}

## What is said of the timelines

{told}
"""

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
