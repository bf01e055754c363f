"""An ASGI application as a WSGI one, with its lifespan, on an event loop of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import MutableMapping
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any
from urllib.parse import unquote
from wsgiref.types import StartResponse
from wsgiref.types import WSGIApplication
from wsgiref.types import WSGIEnvironment

from a2wsgi import ASGIMiddleware

from .hands import Hand

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApplication = Callable[[Message, Receive, Send], Awaitable[None]]

START = 60  # seconds that an application may take to start
END = 10  # and to end
_VERSION = {"version": "3.0", "spec_version": "2.4"}
_SOON = 0.1  # seconds in which an exception is to be expected after a reply that tells of one
_LOG = logging.getLogger(__name__)


class StartupError(Exception):
    """The application said that it cannot start; the message has its reason."""


class Bridge:
    """A WSGI application that asks an ASGI one; `start` first, and `close` in the end.

    The loop runs in the thread `hand`, which can do nothing else from then on.
    """

    def __init__(self, app: AsgiApplication, hand: Hand) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._lifespan = Lifespan(app)
        self._late: set[asyncio.Future[None]] = set()
        self._wsgi: WSGIApplication = ASGIMiddleware(self._asgi, loop=self._loop)  # type: ignore[assignment, arg-type]  # it has types of its own for the same
        self._hand = hand
        self._running: Future[None] = hand.give(self._loop.run_forever)

    def start(self) -> None:
        """Let the application start; raises StartupError."""
        starting = asyncio.run_coroutine_threadsafe(self._lifespan.start(), self._loop)
        try:
            starting.result(START)
        except TimeoutError:
            raise StartupError(f"it did not start within {START} seconds") from None

    def close(self) -> None:
        """Let the application end, and with it the loop."""
        if self._loop.is_closed():
            return
        try:
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(2 * END)
        except TimeoutError:
            _LOG.warning("The application did not end within %s seconds.", 2 * END)
            return  # its thread goes with the process
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._running.result(END)
        self._loop.close()
        self._hand.release()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        # The library stumbles over a path or query that is no UTF-8; `_scope` has the real ones.
        plain = {**environ, "PATH_INFO": "/", "QUERY_STRING": "", "scimproof.environ": environ}
        return self._wsgi(plain, start_response)

    async def _asgi(self, scope: Message, receive: Receive, send: Send) -> None:
        """Ask the application, and pass on its whole reply."""
        environ = scope["wsgi_environ"]["scimproof.environ"]
        body = await _whole(receive)
        turn = _Turn(body, f"{environ['REQUEST_METHOD']} {environ['REQUEST_URI']}")
        try:
            await self._ask(_scope(scope, environ, self._lifespan.state), turn)
        except (Exception, SystemExit):  # as every ASGI server does
            _LOG.exception("The application raised while it answered %s", turn.place)
            turn.status, turn.headers = 500, [(b"content-type", b"text/plain")]
            turn.content[:] = b"Server Error"
        await send({"type": "http.response.start", "status": turn.status, "headers": turn.headers})
        await send({"type": "http.response.body", "body": bytes(turn.content)})

    async def _ask(self, scope: Message, turn: _Turn) -> None:
        """Let the application answer; what it does after its reply holds up nobody."""
        asked = asyncio.ensure_future(_called(self._app, scope, turn.receive, turn.send))
        over = asyncio.ensure_future(turn.over.wait())
        await asyncio.wait({asked, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if turn.status >= 500:
            # What is behind it is often raised once more as soon as the reply is out.
            await asyncio.wait({asked}, timeout=_SOON)
        if not turn.over.is_set():
            await asked  # raises what it raised
            raise RuntimeError("the application ended without a whole reply")
        self._late.add(asked)
        asked.add_done_callback(partial(self._ended, turn.place))

    def _ended(self, place: str, asked: asyncio.Future[None]) -> None:
        self._late.discard(asked)
        problem = None if asked.cancelled() else asked.exception()
        if problem is not None:
            _LOG.error("The application raised over %s", place, exc_info=problem)

    async def _end(self) -> None:
        await self._lifespan.end()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=END / 2)
        await self._loop.shutdown_asyncgens()


class _Turn:
    """One request as the application hears it, and its reply so far."""

    def __init__(self, body: bytes, place: str) -> None:
        self._unread: bytes | None = body
        self.place = place
        self.over = asyncio.Event()
        self.status = 0
        self.headers: Sequence[tuple[bytes, bytes]] = ()
        self.content = bytearray()

    async def receive(self) -> Message:
        if self._unread is not None:
            body, self._unread = self._unread, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self.over.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.over.is_set():
            return  # the client is gone
        if message["type"] == "http.response.start":
            if self.status:
                raise RuntimeError("http.response.start was sent twice")
            self.status, self.headers = int(message["status"]), list(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            if not self.status:
                raise RuntimeError("there is a body before http.response.start was sent")
            self.content += message.get("body", b"")
            if not message.get("more_body", False):
                self.over.set()


async def _called(app: AsgiApplication, scope: Message, receive: Receive, send: Send) -> None:
    """Call an application, which may raise at once."""
    await app(scope, receive, send)


async def _whole(receive: Receive) -> bytes:
    """Return the body of a request."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body"))
    return bytes(body)


def _scope(scope: Message, environ: WSGIEnvironment, state: Message | None) -> Message:
    """Return the scope as ASGI servers make it: bytes that are no UTF-8 are replaced."""
    path, _, query = str(environ["REQUEST_URI"]).partition("?")
    known: Message = {} if state is None else {"state": dict(state)}
    return {
        **{key: value for key, value in scope.items() if key != "wsgi_environ"},
        "asgi": {**_VERSION},
        "path": unquote(path, errors="replace"),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        **known,
    }


class Lifespan:
    """The start and the end of an application (ASGI Lifespan 2.0)."""

    def __init__(self, app: AsgiApplication) -> None:
        self._app = app
        self._life: asyncio.Future[None] | None = None
        self.state: Message | None = None  # what the application keeps for its requests

    async def start(self) -> None:
        """Start it; an application that knows no lifespan needs no start. Raises StartupError."""
        self._heard: asyncio.Queue[Message] = asyncio.Queue()
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        state: Message = {}
        scope: Message = {"type": "lifespan", "asgi": {**_VERSION}, "state": state}
        self._heard.put_nowait({"type": "lifespan.startup"})
        self._life = asyncio.ensure_future(
            _called(self._app, scope, self._heard.get, self._said.put)
        )
        answer = await self._answer()
        if answer is None:
            return
        if answer["type"] == "lifespan.startup.failed":
            reason = str(answer.get("message", "")).strip() or "it gave no reason"
            raise StartupError(reason.splitlines()[-1])
        self.state = state

    async def end(self) -> None:
        """Let it end, if it has started."""
        if self.state is None or self._life is None or self._life.done():
            return
        self._heard.put_nowait({"type": "lifespan.shutdown"})
        try:
            answer = await asyncio.wait_for(self._answer(), END)
        except TimeoutError:
            _LOG.warning("The application did not end within %s seconds.", END)
            return
        if answer is not None and answer["type"] == "lifespan.shutdown.failed":
            _LOG.error("The application could not end: %s", answer.get("message", ""))

    async def _answer(self) -> Message | None:
        """Return what the application says next, None when it says no more."""
        if self._life is None:
            return None
        said = asyncio.ensure_future(self._said.get())
        both: set[asyncio.Future[Any]] = {self._life, said}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if self._life.done() and not self._life.cancelled():
            self._life.exception()  # an application that knows no lifespan may raise
        if said.done():
            return said.result()
        said.cancel()
        return None
