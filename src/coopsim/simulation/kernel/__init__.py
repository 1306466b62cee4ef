"""The compiled engine's inside: a program as arrays, and the rules that Numba compiles."""
