"""The server: the page, its files, the questions that it may ask, and its forms."""

from __future__ import annotations

import asyncio
import secrets  # noqa: TID251  # a secret decides no timeline
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from coopsim.errors import CoopsimError, StoppedError, UsageError
from coopsim.live.desk import Desk
from coopsim.live.forms import SentForm, answer_page
from coopsim.live.guard import (
    FORM_CHILD,
    FORM_REPORT,
    FORMS,
    NO_SECRET,
    Guard,
    is_open,
    may_ask,
    proof_of,
)
from coopsim.live.taking import Taken
from coopsim.live.watching import folders_of, saved_in
from coopsim.live.wishes import LiveWish, News, Searched, read
from coopsim.live.worker import Made, Worker
from coopsim.presentation.pages import live as pages
from coopsim.printable import one_line
from coopsim.simulation.workers.playing import Cancelled

_SECRET_BYTES = 24
_PATIENCE = 20.0  # seconds, after which the page asks for news again
_PAUSE = 0.1  # seconds between two looks at whether there is something to do
_CONNECTIONS = 32
_STOPPED = "stopped: something newer was asked; send it again"
_FILES: dict[str, tuple[Callable[[], str], str]] = {
    "/": (pages.shell, "text/html"),
    "/live.css": (pages.style, "text/css"),
    "/live.js": (pages.script, "text/javascript"),
}


def application(desk: Desk, port: int, secret: str) -> Guard:
    """Make the application that serves a scenario at a port, behind its guard."""
    site = _Site(desk)
    forms = _Forms(site, f"coopsim-{port}", secret)
    asked = {
        "/ask": site.ask, "/news": site.news, "/search": site.search, "/child": site.child,
        "/report": site.report, FORMS: forms.ask, FORM_CHILD: forms.child,
        FORM_REPORT: forms.report,
    }  # fmt: skip
    app = Starlette(
        routes=[
            *(Route(path, _file(*made), methods=["GET"]) for path, made in _FILES.items()),
            *(Route(path, _answering(asks), methods=["POST"]) for path, asks in asked.items()),
        ],
        exception_handlers={Exception: _failed},
        lifespan=site.living,
    )
    return Guard(app, port, secret)


@dataclass(slots=True)
class LiveServer:
    """A server of a scenario that listens on this machine alone, and the link to its page."""

    desk: Desk
    port: int = 0
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(_SECRET_BYTES))
    _socket: socket.socket | None = None

    def listen(self) -> str:
        """Take the port, any free one for 0, and give the link; raises CoopsimError."""
        try:
            self._socket = socket.create_server(("127.0.0.1", self.port))
        except OSError as error:
            raise CoopsimError(f"port {self.port} cannot be used: {error.strerror}") from error
        self.port = self._socket.getsockname()[1]
        return f"http://127.0.0.1:{self.port}/#key={self.secret}"

    def close(self) -> None:
        """Let go of the port."""
        if self._socket is not None:
            self._socket.close()

    def serve(self) -> None:
        """Serve until Ctrl-C; nothing is written, no request is logged."""
        self.server().run(sockets=[self.taken])

    def server(self) -> uvicorn.Server:
        """Make what serves."""
        config = uvicorn.Config(
            application(self.desk, self.port, self.secret),
            log_config=None,
            log_level="critical",  # a page that waits for news is cut off when this ends
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            http="h11",
            limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=1,
        )
        return uvicorn.Server(config)

    @property
    def taken(self) -> socket.socket:
        """Get the socket of the port."""
        assert self._socket is not None
        return self._socket


class _Site:
    """What is asked of the desk, one thing at a time, and what goes on behind it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self._worker, self._writer = desk, Worker(), Worker()

    @asynccontextmanager
    async def living(self, _: Any) -> AsyncIterator[None]:
        """Watch the file and measure the assumptions as long as the server lives."""
        behind = [asyncio.create_task(one()) for one in (self._watch, self._measure)]
        yield
        for task in behind:
            task.cancel()
        self._worker.close()
        self._writer.close()

    async def ask(self, request: Request) -> Response:
        """Answer a wish; 409 where something newer was asked."""
        wish = read(LiveWish, await request.body())
        try:
            reply = await self.computed(lambda cancelled: self.desk.reply(wish, cancelled))
        except StoppedError:
            return JSONResponse({}, 409)
        return JSONResponse(asdict(reply))

    async def news(self, request: Request) -> Response:
        """Tell of the scenario as soon as it is another than the page knows."""
        known, waited = read(News, await request.body()).version, 0.0
        while self.desk.version == known and waited < _PATIENCE:
            await asyncio.sleep(_PAUSE)
            waited += _PAUSE
        return JSONResponse({"version": self.desk.version, "fragments": self.desk.news()})

    async def search(self, request: Request) -> Response:
        """Find assumptions."""
        searched = read(Searched, await request.body())
        return JSONResponse({"found": self.desk.found(searched.text)})

    async def child(self, request: Request) -> Response:
        """Write the scenario with the reader's changes."""
        return JSONResponse(asdict(await self.child_of(read(LiveWish, await request.body()))))

    async def report(self, request: Request) -> Response:
        """Write the report of what is shown; 409 where something newer was asked."""
        wish = read(LiveWish, await request.body())
        try:
            return JSONResponse(asdict(await self.report_of(wish)))
        except StoppedError:
            return JSONResponse({}, 409)

    async def computed(self, job: Callable[[Cancelled], Made]) -> Made:
        """Compute this next, in place of all else; raises StoppedError where that is given up."""
        return await asyncio.wrap_future(self._worker.newest(job))

    async def child_of(self, wish: LiveWish) -> Taken:
        """Write the scenario file of a wish, whatever is computed."""
        return await asyncio.wrap_future(self._writer.newest(lambda _: self.desk.child(wish)))

    async def report_of(self, wish: LiveWish) -> Taken:
        """Write the report of a wish; raises StoppedError where that is given up."""
        return await self.computed(lambda cancelled: self.desk.report(wish, cancelled))

    # --- behind it --------------------------------------------------------------------------------

    async def _watch(self) -> None:
        desk = self.desk
        while desk.file is not None:
            folders = folders_of(desk.file, desk.base.loaded.tree)
            async for _ in saved_in(folders):
                with suppress(StoppedError):
                    await self.computed(desk.read_again)
                if folders_of(desk.file, desk.base.loaded.tree) != folders:
                    break

    async def _measure(self) -> None:
        while True:
            await asyncio.sleep(_PAUSE)
            if self._worker.idle and not self.desk.base.panel.ranking.known:
                with suppress(StoppedError):
                    await asyncio.wrap_future(self._worker.aside(self.desk.measure))


class _Forms:
    """What is asked of the same desk by forms, each with what stands for the secret in them."""

    def __init__(self, site: _Site, cookie: str, secret: str) -> None:
        self._site, self._cookie, self._secret = site, cookie, secret

    async def ask(self, request: Request) -> Response:
        """Open the page for the printed link, or answer its form; 409 as for any other wish."""
        sent = SentForm.read(await request.body())
        opening = is_open(sent["link"], self._secret)
        ticket = secrets.token_urlsafe(_SECRET_BYTES) if opening else self._ticket(request, sent)
        if not ticket:
            return _told(NO_SECRET.text, NO_SECRET.status)
        desk, wish = self._site.desk, sent.wish(self._site.desk)
        proof = proof_of(ticket, self._secret)
        try:
            text = await self._site.computed(
                lambda cancelled: answer_page(desk, wish, proof, cancelled)
            )
        except StoppedError:
            return _told(_STOPPED, 409)
        made = Response(text, media_type="text/html")
        if opening:
            made.set_cookie(self._cookie, ticket, httponly=True, samesite="strict", path=FORMS)
        return made

    async def child(self, request: Request) -> Response:
        """Write the scenario with the reader's changes, as a file to keep."""
        return await self._kept(request, self._site.child_of)

    async def report(self, request: Request) -> Response:
        """Write the report with the reader's changes, as a file to keep; 409 as for any wish."""
        return await self._kept(request, self._site.report_of)

    async def _kept(
        self, request: Request, made: Callable[[LiveWish], Awaitable[Taken]]
    ) -> Response:
        sent = SentForm.read(await request.body())
        if not self._ticket(request, sent):
            return _told(NO_SECRET.text, NO_SECRET.status)
        try:
            taken = await made(sent.wish(self._site.desk))
        except StoppedError:
            return _told(_STOPPED, 409)
        kept = {"Content-Disposition": f'attachment; filename="{taken.name}"'}
        return Response(taken.text, media_type=taken.kind, headers=kept)

    def _ticket(self, request: Request, sent: SentForm) -> str:
        """Get the ticket of the page whose form this is; empty where it is of none."""
        ticket = request.cookies.get(self._cookie, "")
        return ticket if may_ask(ticket, sent["proof"], self._secret) else ""


def _file(made: Callable[[], str], kind: str) -> Callable[[Request], Response]:
    def serve(_: Request) -> Response:
        return Response(made(), media_type=kind)

    return serve


async def _failed(_: Request, error: Exception) -> Response:
    """Tell in a line of what nobody foresaw."""
    told = one_line(f"{type(error).__name__}: {error}")
    return _told(f"This is an error in coopsim, please report it: {told}", 500)


def _told(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, media_type="text/plain")


def _answering(asks: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Answer a request; what cannot be read or met is refused in a line."""

    async def serve(request: Request) -> Response:
        try:
            answer: Response = await asks(request)
        except UsageError as error:
            return _told(str(error), 400)
        except CoopsimError as error:
            return _told(str(error), 422)
        return answer

    return serve
