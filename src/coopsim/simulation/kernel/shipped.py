"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "42db464be60e4f1383e11bde2c20387d5bf41c775ba2f1b679e7fa3711c5db55"
CODE = "85fb404ff1f6330f6af82ec3c15c2ab14203ffb32d7f2aa289e87401e7b90e64"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
