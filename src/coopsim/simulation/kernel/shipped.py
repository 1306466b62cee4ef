"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "299d231e8714969440e4ede684daa8ba6c4e6c7e2a81269a6749872599eaf9c9"
CODE = "7522bca802f6097c61ebcb513d49747ead9338cfd4e9ad5c0280557059f16e02"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
