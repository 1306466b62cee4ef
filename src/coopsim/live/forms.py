"""The page without JavaScript: what its forms send, and the page that answers it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from coopsim.errors import UsageError
from coopsim.live.desk import Desk
from coopsim.live.wishes import MOST_SETTINGS, LiveStage, LiveWish, read
from coopsim.presentation.pages import live as pages
from coopsim.presentation.pages.live import AskedForm
from coopsim.printable import one_line
from coopsim.simulation.workers.playing import Cancelled

_AT = "at:"  # before the path of a field
_FIELDS = ("link", "proof", "set", "given", "tab", "around")
_MOST_FIELDS = MOST_SETTINGS + len(_FIELDS)


@dataclass(frozen=True, slots=True)
class SentForm:
    """What a form has sent: the value of each field, once."""

    fields: Mapping[str, str]

    @classmethod
    def read(cls, body: bytes) -> SentForm:
        """Read a form that a browser sends; raises UsageError for anything else."""
        try:
            text = body.decode("ascii")
            pairs = parse_qsl(
                text, keep_blank_values=True, strict_parsing=bool(text), errors="strict",
                max_num_fields=_MOST_FIELDS,
            )  # fmt: skip
        except ValueError:
            expected = f"expected a form of at most {_MOST_FIELDS} fields"
            raise UsageError(f"the request: {expected}") from None
        fields = dict(pairs)
        for name in fields:
            if name not in _FIELDS and not name.startswith(_AT):
                raise UsageError(one_line(f"{name[:100]}: no such field"))
        if len(fields) < len(pairs):
            raise UsageError("the request: a field stands there twice")
        return cls(fields)

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def wish(self, desk: Desk) -> LiveWish:
        """Find what is asked: fields that are not as written, and further lines PATH=VALUE.

        Raises UsageError where that is more than may be asked.
        """
        at = {name.removeprefix(_AT): text for name, text in self.fields.items() if _AT in name}
        known = desk.base.panel.at(at)
        settings = {
            path: text.strip()
            for path, text in at.items()
            if text.strip() and (path not in known or text.strip() != known[path].written)
        }
        body = {
            "settings": settings | dict(_settings(self["set"])),
            "given": list(_lines(self["given"])),
            "tab": self["tab"] or "answers",
            "around": self["around"],
        }
        return read(LiveWish, json.dumps(body).encode())


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for line in _lines(text):
        path, equals, value = line.partition("=")
        if not equals:
            raise UsageError(one_line(f"{line[:100]}: expected PATH=VALUE"))
        yield path.strip(), value.strip()


def answer_page(desk: Desk, wish: LiveWish, proof: str, cancelled: Cancelled) -> str:
    """Answer a wish with a whole page; raises StoppedError where it is cancelled."""
    shown = desk.news() | _answered(desk, wish, cancelled)
    if "headlines" not in shown:  # it cannot be answered: what is written can
        written = LiveWish(tab=wish.tab, around=wish.around)
        shown = _answered(desk, written, cancelled) | shown
    if wish.tab == "around":
        shown["shown"] = desk.around(wish.around, linked=False)
    panel = desk.base.panel
    offered = {one.path: one for one in panel.offered()} | panel.at(wish.settings)
    others = (f"{path}={text}" for path, text in wish.settings.items() if path not in offered)
    return pages.forms_page(
        AskedForm(
            tuple(offered.values()), wish.settings, tuple(others), tuple(wish.given),
            wish.tab, proof,
        ),
        shown,
    )  # fmt: skip


def _answered(desk: Desk, wish: LiveWish, cancelled: Cancelled) -> dict[str, str]:
    """Answer all stages of a wish, one after the other."""
    found: dict[str, str] = {}
    stage: LiveStage | str = "first"
    while stage:
        reply = desk.reply(wish.model_copy(update={"stage": stage}), cancelled)
        found |= reply.fragments
        stage = reply.then
    return found
