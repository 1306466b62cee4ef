"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "8599461ed33741c2990ba5167f8867afe5c0755a428922c478ad61a66e7246c7"
CODE = "7522bca802f6097c61ebcb513d49747ead9338cfd4e9ad5c0280557059f16e02"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
