"""The live page: a scenario asked while one moves its assumptions, on this machine alone."""
