"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "955ca5a67fa66fd171345e43053c728200c91efe12029efa5039288ee2071cf3"
CODE = "4e8281f527f97826dbc351beeb8358e70a2cb2f2be1d165f8a8538fd6a83126a"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
