"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "17b750966621e1216cb7f88ef908e80f02637f3016798fa4af43d735aa137e2e"
CODE = "5e71f0443a3f7ca2ba5b6200f899372181426be8934d6ba324203a90ab7d63ee"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
