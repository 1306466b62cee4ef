"""Who may ask: the page that this program served, on this machine, and nobody else.

A page of another site can send requests to any port of this machine. It cannot read the secret,
and its browser says where a request comes from: both are held against what is expected.

A form of a page without JavaScript can send no header, and what stands behind the # of a link never
reaches the server. So the link is pasted once, in a form. That page gets a cookie, a random ticket,
and in its own form a proof made of that ticket and the secret. Neither is worth anything alone: a
browser shows a cookie to whatever else listens on this machine, and a page may be saved or sent.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 65_536  # of a request's body
SECRET_HEADER = "X-Coopsim-Secret"
FORMS, FORM_CHILD, FORM_REPORT = "/forms", "/forms/child", "/forms/report"
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_READING = ("GET", "HEAD")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # a form whose page tells of itself to nobody has no origin
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused: the status and a line that says it."""

    status: int
    text: str


_WRONG_HOST = Refusal(421, "this page is served to 127.0.0.1 and localhost alone")
_WRONG_METHOD = Refusal(405, "a page is read with GET and asked with POST")
_FROM_ELSEWHERE = Refusal(403, "only the page that coopsim live serves may ask")
NO_SECRET = Refusal(403, "open the link that coopsim live printed")
_NO_JSON = Refusal(415, f"expected a body of {_JSON}")
_NO_FORM = Refusal(415, f"expected a body of {_FORM}")
_TOO_LARGE = Refusal(413, f"expected a body of at most {MOST_BYTES:,} bytes")


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands before the application: it refuses, and adds the headers that hold a page in.

    Reading the page and its files takes the right host alone; there is nothing of a scenario in
    them. Whatever computes is asked with POST, and takes the page's own origin and the secret; what
    stands for the secret in a form is in its body, where `is_open` and `may_ask` look.
    """

    app: ASGIApp
    port: int
    secret: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no other kind of connection is served
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self.refusal(scope["method"], scope["path"], Headers(scope=scope))
        if refusal is not None:
            await _refused(refusal, scope, receive, _holding(send))
            return
        await self.app(scope, _counting(receive), _holding(send))

    def refusal(self, method: str, path: str, headers: Headers) -> Refusal | None:
        """Find why a request is refused by its head; None where it is not."""
        host = _only(headers, "host")
        if host not in (f"127.0.0.1:{self.port}", f"localhost:{self.port}"):
            return _WRONG_HOST
        if method in _READING:
            return None
        given, kind = _only(headers, SECRET_HEADER) or "", _only(headers, "content-type")
        formed = path in (FORMS, FORM_CHILD, FORM_REPORT)
        at_home = _only(headers, "origin") == f"http://{host}"
        held = (
            (method == "POST", _WRONG_METHOD),
            (at_home and _only(headers, "sec-fetch-site") == "same-origin", _FROM_ELSEWHERE),
            (formed or _are_same(given, self.secret), NO_SECRET),
            (kind == _FORM if formed else kind == _JSON, _NO_FORM if formed else _NO_JSON),
            (_is_small(_only(headers, "content-length") or "0"), _TOO_LARGE),
        )
        return next((refusal for holds, refusal in held if not holds), None)


def is_open(link: str, secret: str) -> bool:
    """Check whether a link that was pasted is the one that was printed."""
    return _are_same(link.strip().rpartition("#key=")[2], secret)


def proof_of(ticket: str, secret: str) -> str:
    """Make what stands in the form of whoever has a ticket."""
    return hmac.new(secret.encode(), ticket.encode(), sha256).hexdigest()


def may_ask(ticket: str, proof: str, secret: str) -> bool:
    """Check whether a form was sent from the page that was given this ticket."""
    return bool(ticket) and _are_same(proof, proof_of(ticket, secret))


def _are_same(given: str, expected: str) -> bool:
    return compare_digest(given.encode(errors="replace"), expected.encode())


def _only(headers: Headers, name: str) -> str | None:
    """Get a header that stands there once; None where it is missing, or stands there twice."""
    found = headers.getlist(name)
    return found[0] if len(found) == 1 else None


def _is_small(length: str) -> bool:
    return length.isascii() and length.isdigit() and int(length[:12]) <= MOST_BYTES


async def _refused(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(f"{refusal.text}\n", refusal.status)(scope, receive, send)


def _counting(receive: Receive) -> Receive:
    """Stop reading a body that is too large, whatever its head said."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > MOST_BYTES:
            raise HTTPException(_TOO_LARGE.status, f"{_TOO_LARGE.text}\n")
        return message

    return counted


def _holding(send: Send) -> Send:
    """Add the headers to whatever is sent, refusals too."""

    async def held(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return held
