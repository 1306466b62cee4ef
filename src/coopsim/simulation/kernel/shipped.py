"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "d3d5cac75d3043685ff4b60714a96f0da57e2bdfb5af902bd1641ccabc108131"
CODE = "6943eb2d60b97ee16ee724e5e83d31bf55944dc4fd2021f16ccd76b363b807e0"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
