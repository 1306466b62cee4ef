"""The compiled engine beside its rules: its draws, its blocks, its cache, its errors.

That it follows the rules is shown by the agreement tests, and by every theory test.
"""

from __future__ import annotations

import gzip
import os
import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, dataclass, replace
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from coopsim.errors import CoopsimError
from coopsim.scenario.notation import distributions as d
from coopsim.scenario.notation import quantiles, special
from coopsim.simulation import compiled, draws, sampling, simpy_model
from coopsim.simulation.firings import COLUMNS, Firings, join
from coopsim.simulation.kernel import drawing, machine_code, making, shipped
from coopsim.simulation.kernel.memory import new_log, new_state
from coopsim.simulation.kernel.tables import DISTRIBUTIONS, NORMAL, tables_of
from coopsim.simulation.limits import MAX_FIRINGS
from coopsim.simulation.program import Quantity
from world import program_of

HERE = Path(__file__).parent
BUSY = program_of("events: {e: {rate: 30 per day, repeat: true}}", end="2025-06-30")


def for_python(function: Any) -> Any:
    """Compile what compiled code calls so that Python can call it."""
    return njit(function.py_func)


uniform, quantile, at_score, sample = map(
    for_python, (drawing.uniform, drawing.quantile, drawing.at_score, drawing.sample)
)
NO_NODES = np.empty((0, 2, quantiles.PERT_NODES))


def same(one: Firings, other: Firings) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)


# --- draws --------------------------------------------------------------------------------------


def test_uniform_numbers_are_those_of_the_other_engine() -> None:
    chance = random.Random(1)
    for _ in range(500):
        key, run, k = (chance.getrandbits(bits) for bits in (64, 40, 20))
        assert uniform(np.uint64(key), run, k) == draws.uniform(key, run, k)


LEVELS = st.floats(2.0**-53, 1 - 2.0**-53)
ALL: list[d.Distribution] = [
    d.Constant(3.5),
    d.Uniform(1.0, 3.0),
    d.Triangular(1.0, 2.0, 5.0),
    d.Exponential(4.5),
    d.Weibull(1.7, 30.0),
    d.Metalog(0.8, 1.2, 2.5),
    d.Normal(3.0, 2.0),
    d.Lognormal(2.2, 0.68),
    d.Pert(2.0, 4.0, 24.0),
]


def test_no_distribution_is_left_out() -> None:
    assert [type(one) for one in ALL] == list(DISTRIBUTIONS)


@pytest.mark.parametrize("distribution", ALL[1:], ids=lambda one: type(one).__name__)
@given(u=LEVELS)
def test_quantiles_are_the_same_to_the_last_bit(distribution: d.Distribution, u: float) -> None:
    kind = DISTRIBUTIONS.index(type(distribution))
    parameters = (*astuple(distribution), 0.0, 0.0)[:3]
    if kind < NORMAL:
        found = quantile(kind, u, *parameters)
    elif isinstance(distribution, d.Pert):
        nodes = np.array([quantiles.pert_nodes(*astuple(distribution))])
        found = at_score(nodes, kind, special.ndtri(u), distribution.low, distribution.high, 0.0)
    else:
        found = at_score(NO_NODES, kind, special.ndtri(u), *parameters)
    assert found == distribution.quantile(u)


@pytest.mark.parametrize(
    "quantity",
    [
        Quantity(d.Constant(12.0), origin=2.0),
        Quantity(d.Lognormal(2.0, 1.0), 0, origin=1.5),
        Quantity(d.Normal(0.0, 1.0), 0, low=-0.1, high=0.1),
        Quantity(d.Pert(1.0, 2.0, 4.0), 0, luck=1, share=0.3),
        Quantity(d.Uniform(0.0, 1.0), 0, luck=1, share=1.0),
    ],
)
def test_quantities_are_drawn_alike(quantity: Quantity) -> None:
    program = program_of("events: {a: {rate: 1 per year}, b: {rate: 1 per year}}")
    with_it = tables_of(replace(program, per_run=((0, quantity),)), [])
    index = with_it.drawn[0]["quantity"]
    table = (with_it.quantities, with_it.nodes, with_it.keys)
    drawn = draws.Draws(program.seed, program.streams, 0, 50)
    for run in range(50):
        assert sample(*table, index, run, 3) == sampling.sample(quantity, drawn, run, 3)


def test_what_a_run_draws_first_is_what_the_other_engine_draws() -> None:
    program = program_of("events: {a: {rate: 1 per year}, b: {rate: 1 per year}}", end="2025-02-01")
    drawn_once = [Quantity(one, 0, low=0.5, high=9.0) for one in ALL[1:]]
    drawn_once += [Quantity(one, 0, luck=1, share=0.4) for one in ALL[1:]]
    drawn_once += [Quantity(d.Lognormal(2.2, 0.68)), Quantity(ALL[0])]
    with_them = replace(
        program,
        numbers=(*program.numbers, *[0.0] * len(drawn_once)),
        per_run=tuple(enumerate(drawn_once, len(program.numbers))),
    )
    tables = tables_of(with_them, [])
    state, log = new_state(tables), new_log(MAX_FIRINGS)
    drawn = draws.Draws(program.seed, program.streams, 0, 200)
    for run in range(200):
        machine_code.play(tables, state, log, run, run + 1)
        expected = [sampling.sample(one, drawn, run, 0) for one in drawn_once]
        assert state.numbers[len(program.numbers) :].tolist() == expected
        assert state.uniforms.tolist() == [
            drawn.uniform(stream, run, 0) for stream in range(len(program.streams))
        ]


# --- blocks -------------------------------------------------------------------------------------


def test_more_firings_than_the_log_holds_come_in_pieces() -> None:
    runs = 100  # about 5,400 firings each, of which the log holds 200,000 before it is full
    firings = compiled.simulate(BUSY, 0, runs)
    assert len(firings) > compiled.LOG_ROWS > MAX_FIRINGS
    pieces = [compiled.simulate(BUSY, run, 1) for run in range(runs)]
    assert same(firings, join(pieces))


def test_threads_do_not_disturb_each_other() -> None:
    whole = compiled.simulate(BUSY, 0, 80)
    with ThreadPoolExecutor(4) as pool:
        pieces = list(pool.map(lambda first: compiled.simulate(BUSY, first, 10), range(0, 80, 10)))
    assert same(join(pieces), whole)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "events: {e: {rate: 1000 per day, repeat: true}}",
            "run 3 does not end: 'e' fired 10,001 times, all events 10,001 times, by 2025-01-1",
        ),
        (
            (
                "drivers: {d: {levels: [a, b], initial: a}}\n"
                "events: {e: {date: 2025-02-01, outcomes: "
                "{x: {chance: 1}}, odds: [{when: {d: a}, times: {x: 0}}]}}"
            ),
            "run 3: all chances of 'e' are zero on 2025-02-01",
        ),
    ],
)
def test_errors_are_those_of_the_simpy_model(text: str, message: str) -> None:
    program = program_of(text)
    told = []
    for engine in (compiled.simulate, simpy_model.simulate):
        with pytest.raises(CoopsimError) as caught:
            engine(program, 3, 2)
        told.append(str(caught.value))
    assert told[0] == told[1]
    assert told[0].startswith(message)


# --- machine code -------------------------------------------------------------------------------

# Simulates as a command would, in a process of its own, and says how many firings there were and
# whether Numba was needed for it. What the package brings, and says of it, may be put otherwise.
SIMULATE = """
import sys
from pathlib import Path
from coopsim.simulation.compiled import simulate
from coopsim.simulation.kernel import making
from world import program_of
making.BROUGHT = Path(sys.argv[1])
program = program_of("events: {e: {rate: 30 per day, repeat: true}}", end="2025-06-30")
print(len(simulate(program, 0, 5)), "numba" in sys.modules)
"""


SHIPPED_SO = """
from coopsim.simulation.kernel import shipped
shipped.CODE = "{}"
"""


def simulated_elsewhere(
    cache: Path, brought: Path = making.BROUGHT, script: str = SIMULATE, **environment: str
) -> str:
    done = ended_elsewhere(cache, brought, script, **environment)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def ended_elsewhere(
    cache: Path, brought: Path = making.BROUGHT, script: str = SIMULATE, **environment: str
) -> subprocess.CompletedProcess[str]:
    whole = os.environ | {"COOPSIM_CACHE": str(cache), "PYTHONPATH": str(HERE)} | environment
    command = [sys.executable, "-W", "error", "-c", script, str(brought)]
    return subprocess.run(command, env=whole, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def firings() -> int:
    return len(compiled.simulate(BUSY, 0, 5))


# Making the code takes seconds: where it is asked what is kept, and what is loaded, code stands in
# for it that says how often any has been made.
Made = Callable[[], bytes]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of the cache, which is not there yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("COOPSIM_CACHE", str(folder))
    return folder


@pytest.fixture
def code(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Give what gets the machine code; it is made in no time."""
    times = count(1)
    monkeypatch.setattr(machine_code, "_made_now", lambda: b"made %d" % next(times))
    get: Made = machine_code._code  # noqa: SLF001  # what is loaded
    return get


def test_machine_code_is_kept_while_it_is_whole(cache: Path, code: Made) -> None:
    assert code() == b"made 1"
    (kept,) = cache.iterdir()
    assert [path.stat().st_mode & 0o777 for path in (cache, kept)] == [0o700, 0o600]
    assert code() == b"made 1"
    kept.write_bytes(kept.read_bytes()[:-1])
    assert [code(), code()] == [b"made 2"] * 2
    kept.write_bytes(b"")
    assert [code(), code()] == [b"made 3"] * 2


# Code that is not ours: it ends the process.
DEADLY = """
target triple = "{triple}"
declare void @llvm.trap()
define i32 @coopsim_play() {{
  call void @llvm.trap()
  ret i32 0
}}
"""


def planted() -> bytes:
    module = llvm.parse_assembly(DEADLY.format(triple=llvm.get_process_triple()))
    code: bytes = machine_code._machine().emit_object(module)  # noqa: SLF001  # as code is made
    return sha256(code).digest() + code


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="nothing is said of owners there")
def test_machine_code_that_others_may_have_written_is_never_loaded(
    cache: Path, code: Made, firings: int
) -> None:
    code()
    (kept,) = cache.iterdir()
    kept.write_bytes(planted())
    assert code() == planted()[32:]  # behind its hash
    assert ended_elsewhere(cache).returncode < 0  # so it would be, were it loaded
    for folder_mode in (0o777, 0o770, 0o702):
        cache.chmod(folder_mode)
        assert code().startswith(b"made ")
        assert kept.read_bytes() == planted()  # where nothing can be kept safely, nothing is
    cache.chmod(0o700)
    for file_mode in (0o666, 0o660, 0o602):
        kept.write_bytes(planted())
        kept.chmod(file_mode)
        assert code().startswith(b"made ")
        assert code() == kept.read_bytes()[32:] != planted()[32:]
        assert kept.stat().st_mode & 0o777 == 0o600
    kept.write_bytes(planted())
    kept.chmod(0o666)
    assert simulated_elsewhere(cache).startswith(f"{firings} ")
    assert kept.read_bytes() != planted()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="nothing is said of owners there")
def test_machine_code_of_another_user_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "code"
    file.touch(0o600)
    assert machine_code._ours(file.stat())  # noqa: SLF001  # what decides
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    assert not machine_code._ours(file.stat())  # noqa: SLF001  # as above


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(_name: str) -> Path:
        raise RuntimeError("could not determine home directory")

    monkeypatch.delenv("COOPSIM_CACHE", raising=False)
    monkeypatch.setattr(machine_code, "user_cache_path", homeless)
    assert machine_code._folder() is None  # noqa: SLF001  # the place of the cache


def test_machine_code_that_cannot_be_kept_is_used_all_the_same(cache: Path, code: Made) -> None:
    cache.write_text("no folder can be made here")
    assert [code(), code()] == [b"made 1", b"made 2"]
    assert cache.read_text() == "no folder can be made here"


# A user whom the system does not know, as one of a container. Making the code takes a while, and
# is not what this is about.
HOMELESS = """
import pwd
from types import SimpleNamespace
def unknown(*_):
    raise KeyError("uid not found")
pwd.getpwuid = unknown
from coopsim.simulation.kernel import machine_code
machine_code._machine = lambda: SimpleNamespace(emit_object=lambda _: b"made anew")
machine_code.kernel = lambda: None
print(machine_code._code())
"""


def test_who_has_no_home_has_no_cache_and_needs_none() -> None:
    named = ("HOME", "COOPSIM_CACHE", "XDG_CACHE_HOME")
    environment = {key: text for key, text in os.environ.items() if key not in named}
    done = subprocess.run(
        [sys.executable, "-c", HOMELESS],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "b'made anew'\n", "")


# --- the kernel that the package brings ---------------------------------------------------------

BROUGHT_FOR = "x86_64-unknown-linux-gnu"


# As `make kernel` does, for any processor; the code that is called is made for this one by LLVM.
ANYWHERE = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}


@dataclass(frozen=True)
class MadeAnew:
    """What a process made that found other code in the kernel's place, and what it printed."""

    folder: Path
    other: Path
    cache: Path
    said: str


@pytest.fixture(scope="module")
def made_anew(tmp_path_factory: pytest.TempPathFactory) -> MadeAnew:
    """Let Numba make the kernel once, which takes seconds, to simulate by it and to bring it."""
    folder = tmp_path_factory.mktemp("kernel")
    other, cache = folder / "other" / making.BROUGHT.name, folder / "cache"
    other.parent.mkdir()
    code = llvm.parse_assembly(DEADLY.format(triple=llvm.get_process_triple())).as_bitcode()
    other.write_bytes(gzip.compress(code))
    script = f"{SIMULATE}making.bring(Path({str(folder)!r}))\n"
    return MadeAnew(folder, other, cache, simulated_elsewhere(cache, other, script, **ANYWHERE))


def test_it_is_of_these_sources() -> None:
    assert making.sources() == shipped.SOURCES, "what is compiled has changed: run `make kernel`"


def test_it_holds_what_was_shipped() -> None:
    assert making.brought_hash() == shipped.CODE


@pytest.mark.slow
@pytest.mark.skipif(making.makers() != shipped.MAKERS, reason="other versions made it")
@pytest.mark.skipif(llvm.get_process_triple() != BROUGHT_FOR, reason="made for another machine")
def test_it_is_what_numba_makes_of_them(made_anew: MadeAnew) -> None:
    file = made_anew.folder / making.BROUGHT.name
    assert gzip.decompress(file.read_bytes()) == gzip.decompress(making.BROUGHT.read_bytes())
    assert (made_anew.folder / making.SAYS).read_text() == Path(shipped.__file__).read_text()


@pytest.mark.slow
def test_it_spares_the_first_simulation_numba(cache: Path, firings: int) -> None:
    needed = llvm.get_process_triple() != BROUGHT_FOR
    assert simulated_elsewhere(cache) == f"{firings} {needed}\n"


@pytest.mark.parametrize("other", ["sources", "code", "machine", "LLVM", "nothing", "no archive"])
def test_it_is_passed_over_where_it_does_not_fit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    code = gzip.decompress(making.BROUGHT.read_bytes())
    module = llvm.parse_bitcode(code)
    if other == "sources":
        monkeypatch.setattr(shipped, "SOURCES", "0" * 64)
    elif other == "code":
        code = llvm.parse_assembly(DEADLY.format(triple=llvm.get_process_triple())).as_bitcode()
    elif other == "machine":
        module.triple = "wasm32-unknown-unknown"
        code = module.as_bitcode()
    elif other == "LLVM":
        code = b"a format of the future"
    if other in ("machine", "LLVM"):
        monkeypatch.setattr(shipped, "CODE", sha256(code).hexdigest())
    file = tmp_path / "kernel.bc.gz"
    if other != "nothing":
        file.write_bytes(code if other == "no archive" else gzip.compress(code))
    monkeypatch.setattr(making, "BROUGHT", file)
    assert making._brought() is None  # noqa: SLF001  # what is loaded of it


@pytest.mark.slow
@pytest.mark.skipif(llvm.get_process_triple() != BROUGHT_FOR, reason="made for another machine")
def test_other_code_in_its_place_is_never_called_and_numba_makes_ours(
    tmp_path: Path, firings: int, made_anew: MadeAnew
) -> None:
    code = gzip.decompress(made_anew.other.read_bytes())
    shipped_so = f"{SHIPPED_SO.format(sha256(code).hexdigest())}{SIMULATE}"
    assert ended_elsewhere(tmp_path, made_anew.other, shipped_so).returncode < 0
    assert made_anew.said == f"{firings} True\n"
    again = simulated_elsewhere(made_anew.cache, made_anew.other, **ANYWHERE)
    assert again == f"{firings} False\n"  # it is kept


def test_code_kept_of_other_bitcode_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = machine_code._fingerprint()  # noqa: SLF001  # what a name in the cache holds
    other = tmp_path / "kernel.bc.gz"
    other.write_bytes(gzip.compress(b"other"))
    monkeypatch.setattr(making, "BROUGHT", other)
    assert machine_code._fingerprint() != before  # noqa: SLF001  # as above
