"""The family of commands that keeps the track record."""

from coopsim.cli.forecast import commands, comparing

__all__ = ["commands", "comparing"]
