"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "799baf188bc1ff2b8abd391f163eb578a51d9d8164d988abfb6d2c8f21910dee"
CODE = "1e43330f5162450590a967ca929c773912159cc51647a4bb0924e18679be1fc7"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
