"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "cdd569136a98ce79ab1192f2976ef4e636cf3557be97da2ccb8c719b2f4e9c8e"
CODE = "6943eb2d60b97ee16ee724e5e83d31bf55944dc4fd2021f16ccd76b363b807e0"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
