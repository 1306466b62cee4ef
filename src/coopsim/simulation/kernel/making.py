"""The kernel as LLVM code: what Numba makes of the rules, or what the package brings of it.

Numba takes some eight seconds for it, and half of one to load. So that nobody waits for that at a
first simulation, the package holds what Numba made for any processor of one kind of machine;
`make kernel` renews it, and a test holds it against the rules.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import sys
import zlib
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

from coopsim.garbage import uncollected
from coopsim.simulation.kernel import shipped
from coopsim.simulation.kernel.memory import new_log, new_state
from coopsim.simulation.kernel.tables import tables_of
from coopsim.simulation.program import Program

ENTRY = "coopsim_play"
BROUGHT = Path(__file__).with_name("kernel.bc.gz")
SAYS = "shipped.py"  # the source file that says of what it is made, and its hash


def kernel() -> Any:
    """Get the kernel as an LLVM module, whose one entry is `rules.play`."""
    brought = _brought()
    return _made() if brought is None else brought


def makers() -> list[str]:
    """List the versions, beside the sources, on which the made code depends."""
    python = ".".join(platform.python_version_tuple()[:2])
    return [f"Python-{python}", *(f"{one}-{version(one)}" for one in ("numba", "llvmlite"))]


def sources() -> str:
    """Get a hash of all that is compiled."""
    here = Path(__file__).parent
    package = here.parents[1]
    shared = (
        "scenario/notation/quantiles.py",
        "scenario/notation/special.py",
        "scenario/notation/values.py",
        "simulation/sampling.py",
    )
    limits = package / "simulation/limits.py"
    kernel_files = sorted(file for file in here.glob("*.py") if file.name != SAYS)
    files = [*kernel_files, limits, *(package / path for path in shared)]
    return sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def brought_hash() -> str:
    """Get the hash of the code that lies there, whatever it is; empty where there is none."""
    return sha256(_unpacked() or b"").hexdigest()


def _unpacked() -> bytes | None:
    with suppress(OSError, EOFError, zlib.error):
        return gzip.decompress(BROUGHT.read_bytes())
    return None


def _brought() -> Any:
    """Read what the package brings.

    None where it is not what was shipped, of other sources or for another machine.
    """
    code = _unpacked()
    if code is None or sources() != shipped.SOURCES:
        return None
    if sha256(code).hexdigest() != shipped.CODE:
        return None
    with suppress(RuntimeError):  # where our LLVM is older than its maker's
        module = llvm.parse_bitcode(code)
        if module.triple == llvm.get_process_triple():
            return module
    return None


def _made() -> Any:
    """Compile the kernel by Numba."""
    from numba import typeof  # noqa: PLC0415  # slow to import, and seldom needed

    from coopsim.simulation.kernel import rules  # noqa: PLC0415

    nothing = Program("", 0, 0, 0, *[()] * 7)
    tables = tables_of(nothing, [])
    compiled: Any = rules.play
    with uncollected():
        compiled.compile(tuple(map(typeof, (tables, new_state(tables), new_log(0), 0, 0))))
    ((types, made),) = compiled.overloads.items()
    module = llvm.parse_assembly(compiled.inspect_llvm(types))
    module.get_function(made.fndesc.llvm_func_name).name = ENTRY
    return module


def _bare(module: Any) -> Any:
    """Remove names, and functions that were inlined: all that the entry does not need."""
    for item in (*module.functions, *module.global_variables):
        if item.name != ENTRY and not item.is_declaration:
            item.linkage = "internal"
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.add_strip_symbols_pass()
    machine = llvm.Target.from_default_triple().create_target_machine()
    passes.run(module, llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options()))
    return module


def bring(folder: Path) -> None:
    """Write what the package brings, in a process that has not loaded Numba yet."""
    os.environ |= {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    code: bytes = _bare(_made()).as_bitcode()
    (folder / BROUGHT.name).write_bytes(gzip.compress(code, mtime=0))
    (folder / SAYS).write_text(
        _SAID.format(sources(), sha256(code).hexdigest(), json.dumps(makers()))
    )


_SAID = '''"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "{}"
CODE = "{}"
MAKERS = {}
'''

if __name__ == "__main__":
    bring(Path(sys.argv[1]))
