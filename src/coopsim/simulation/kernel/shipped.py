"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "05ce399fcd1bec1f7dbaf7d8ec98b0f49feb9b90072be376309d67e9cb67e5c2"
CODE = "5b050791775dadcc3a78c2cb24b74e9a40d46a10f4c1edaadec1790078297f7e"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
