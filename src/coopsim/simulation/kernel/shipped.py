"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "1faa2b44b21684ee57e9eb170f63287415cf70dd75e18b5092f8ece8bed3c299"
CODE = "7522bca802f6097c61ebcb513d49747ead9338cfd4e9ad5c0280557059f16e02"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
