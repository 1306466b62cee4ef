"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "7c3387bdf06a1f64f5d25428553b4d045936a30bee6d95b89c28e5263dac4138"
CODE = "82f914b622785de1085dc0f6afe52e99f1758ff44e100d789e8d277f83b275b4"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
