"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "019a75c7c5ae66cd68a7f4581b15f176ff94c99dc78bc6f11abf1aa4fe4b37d6"
CODE = "85fb404ff1f6330f6af82ec3c15c2ab14203ffb32d7f2aa289e87401e7b90e64"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
