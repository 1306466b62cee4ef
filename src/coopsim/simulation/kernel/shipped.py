"""Of what kernel.bc.gz is made, and the hash of what it holds, as `make kernel` says."""

SOURCES = "130b824b6cf72d4f270e9ff529cd302646cc179521948acb6c4f8178ed19db1b"
CODE = "1e43330f5162450590a967ca929c773912159cc51647a4bb0924e18679be1fc7"
MAKERS = ["Python-3.11", "numba-0.68.1", "llvmlite-0.50.0"]
