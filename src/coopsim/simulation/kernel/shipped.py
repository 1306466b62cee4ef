"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "3bbef25496437000daf7454cbcd02e8ad7d2d128f074b4909183b5a7cd277d6c"
CODE = "4e8281f527f97826dbc351beeb8358e70a2cb2f2be1d165f8a8538fd6a83126a"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
