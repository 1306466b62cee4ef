"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "73be433fcf7a7283dbc840a902b075a4aa54494ddc576220f5d774dc1123ac73"
CODE = "aa54d84e367b06ba54b3dd3a71b4e833b2d3628a421f3853a9a3b56754d970bb"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
