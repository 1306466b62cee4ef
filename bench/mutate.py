"""Break each rule of tests/mutations.toml in turn, and list those that its test does not find out.

    python bench/mutate.py                 # all of them, after their tests on the sound code
    python bench/mutate.py --only 17       # the 17th

Works on a copy of src/. Ends with exit code 1 where a rule is broken and the test that is named
passes, or fails for want of a program that runs at all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from mutants import HERE as TESTS
from mutants import PACKAGE, Mutation, mutations


def main() -> int:
    """Break the rules that are asked for; gives the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", type=int, metavar="N", help="the one of this number, from 1 on")
    only = parser.parse_args().only
    began = time.monotonic()
    chosen = [pair for pair in enumerate(mutations(), 1) if only in (None, pair[0])]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src" / PACKAGE.name
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
        _check_sound(copy, [one for _, one in chosen])
        left = [one for number, one in chosen if not _is_found_out(copy, number, one)]
    print(f"{len(chosen) - len(left)} of {len(chosen)} found out, {_since(began)}")
    for one in left:
        print(f"not found out: {one.rule}: {one.broken} ({one.file}; {one.test})")
    return bool(left)


def _check_sound(copy: Path, chosen: Sequence[Mutation]) -> None:
    """Run the tests on the sound code: one that always fails finds nothing."""
    for part in dict.fromkeys(one.part for one in chosen):
        tests = dict.fromkeys(one.test for one in chosen if one.part == part)
        began = time.monotonic()
        said, _ = _tested(copy, part, list(tests))
        if said.returncode:
            sys.exit(f"{said.stdout}{said.stderr}\nThese tests fail on sound code.")
        print(f"     sound  {part}: {len(tests)} tests, {_since(began)}", flush=True)


def _is_found_out(copy: Path, number: int, one: Mutation) -> bool:
    """Break a rule in the copy, run its test, and mend it again."""
    file, began = copy / one.file, time.monotonic()
    sound = file.read_text(encoding="utf-8")
    file.write_text(one.apply(sound), encoding="utf-8")
    try:
        said, verdict = _tested(copy, one.part, [one.test])
    finally:
        file.write_text(sound, encoding="utf-8")
    found = said.returncode == 1 and verdict.startswith("found")
    print(
        f"{number:4} {'found' if found else 'NOT':>5}  {one.rule}: {one.broken}, {_since(began)}",
        flush=True,
    )
    if not found:
        print(verdict or f"{said.stdout}{said.stderr}")
    return found


def _tested(
    copy: Path, part: str, tests: Sequence[str]
) -> tuple[subprocess.CompletedProcess[str], str]:
    """Run tests with the copy in place of the package; gives how the last failure came about."""
    verdict = copy.parent / "verdict.txt"
    verdict.unlink(missing_ok=True)
    paths = [copy.parent, TESTS, TESTS / "agreement"]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "COOPSIM_MUTANT": part,
        "COOPSIM_VERDICT": str(verdict),
    }
    if part == "compiled":
        environment["NUMBA_DISABLE_JIT"] = "1"
    options = "-x -q -p no:cacheprovider -p one_engine"
    said = subprocess.run(
        [sys.executable, "-m", "pytest", *options.split(), *(str(TESTS / test) for test in tests)],
        env=environment, capture_output=True, text=True, check=False, cwd=TESTS.parent,
    )  # fmt: skip
    return said, verdict.read_text(encoding="utf-8") if verdict.exists() else ""


def _since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
