"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "50601639494413a9092e95497836620dff0705a5ddefc406f18e48e3b180d873"
CODE = "1e43330f5162450590a967ca929c773912159cc51647a4bb0924e18679be1fc7"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
