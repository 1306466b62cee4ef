"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "c3618d1c5111c6b490dbbb772c31788b8a9ebaed3518fca472afdb4f8910521c"
CODE = "7522bca802f6097c61ebcb513d49747ead9338cfd4e9ad5c0280557059f16e02"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
