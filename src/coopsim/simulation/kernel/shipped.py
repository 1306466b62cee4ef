"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "a697eb510948b99b0947fa05ddc8b7d7928335d1e9b1ceb6402cad0ab8649244"
CODE = "4e8281f527f97826dbc351beeb8358e70a2cb2f2be1d165f8a8538fd6a83126a"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
