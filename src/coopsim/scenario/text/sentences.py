"""Sentences: statements joined by `and`, `or`, `not` and parentheses, read word by word.

Who reads a sentence says what a single statement is and how statements are joined. What is wrong
is told with the character at which it stands, counted from 1.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
SIGNS = ("=", "!=", ">=", "<=", ">", "<")
JOINTS = ("and", "or")
MOST_TOKENS = 200  # deeper nesting than these allow would be too deep for Python
_TOKEN = re.compile(r"""\s*('[^']*'|"[^"]*"|[<>!]?=|[<>()]|[^\s<>=!()'"]+|\S)""")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign or a parenthesis of a sentence, and at which character it begins."""

    text: str
    at: int  # counted from 1, as a person does
    quoted: bool = False

    @property
    def shown(self) -> str:
        """Get how a message shows it."""
        return f"`{self.text}`" if self.text else "the end"


def tokens(text: str) -> list[Token]:
    """Split a sentence into its tokens; the last one, without a text, is its end."""
    found = []
    for match in _TOKEN.finditer(text.rstrip()):
        raw, at = match[1], match.start(1) + 1
        quoted = len(raw) > 1 and raw[0] in "'\""
        found.append(Token(raw[1:-1] if quoted else raw, at, quoted))
    return [*found, Token("", len(text.rstrip()) + 1)]


class Sentence(ABC, Generic[T]):
    """Read one sentence by recursive descent: `not` binds closest, then `and`, then `or`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.next = 0

    def read(self) -> T:
        """Read the whole sentence; raises what `error` and `too_long` make."""
        if len(self.tokens) > MOST_TOKENS:
            raise self.too_long()
        found = self._either()
        if not self.is_end():
            raise self.error(self.peek, "`and`, `or` or the end", self.joint_hint())
        return found

    # --- what a reader of sentences says --------------------------------------------------------

    @abstractmethod
    def statement(self) -> T:
        """Read a single statement."""

    @abstractmethod
    def any_of(self, parts: Sequence[T]) -> T:
        """Join statements of which any may be so."""

    @abstractmethod
    def all_of(self, parts: Sequence[T]) -> T:
        """Join statements that must all be so."""

    @abstractmethod
    def negated(self, part: T) -> T:
        """Turn a statement into its opposite."""

    @abstractmethod
    def error(self, token: Token, expected: str, hint: str | None = None) -> Exception:
        """Make the exception that says what stands at a token and what was expected."""

    @abstractmethod
    def too_long(self) -> Exception:
        """Make the exception for a sentence of too many words."""

    def joint_hint(self) -> str | None:
        """Suggest what may be meant by a word that does not go on the sentence."""
        return None

    # --- tokens ---------------------------------------------------------------------------------

    @property
    def peek(self) -> Token:
        """Get the next token."""
        return self.tokens[self.next]

    def take(self) -> Token:
        """Get the next token and go on behind it."""
        token = self.peek
        self.next = min(self.next + 1, len(self.tokens) - 1)
        return token

    def is_end(self) -> bool:
        """Tell whether there is no further token."""
        return self.next == len(self.tokens) - 1

    def sees(self, *words: str) -> bool:
        """Tell whether the next token is one of some words, not in quotes."""
        return not self.peek.quoted and self.peek.text in words and not self.is_end()

    # --- statements joined ----------------------------------------------------------------------

    def _either(self) -> T:
        parts = [self._every()]
        while self.sees("or"):
            self.take()
            parts.append(self._every())
        return parts[0] if len(parts) == 1 else self.any_of(parts)

    def _every(self) -> T:
        parts = [self._single()]
        while self.sees("and"):
            self.take()
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else self.all_of(parts)

    def _single(self) -> T:
        if self.sees("not"):
            self.take()
            return self.negated(self._single())
        if self.sees("("):
            self.take()
            found = self._either()
            if not self.sees(")"):
                raise self.error(self.peek, "`and`, `or` or `)`", self.joint_hint())
            self.take()
            return found
        return self.statement()
