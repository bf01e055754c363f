"""The HTTP adapter: an application on a socket."""

from __future__ import annotations

import socket
from typing import Self

from .app import Application
from .http_connection import Limits
from .http_crew import Crew

REQUEST_SECONDS = 30.0
IDLE_SECONDS = 75.0
MAX_CONNECTIONS = 1000

_BACKLOG = 128


class Server:
    """An application listening on a socket, in threads of its own once started."""

    def __init__(
        self,
        app: Application,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        request_seconds: float = REQUEST_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
        max_connections: int = MAX_CONNECTIONS,
    ) -> None:
        self._listener = _listening(host, port)
        limits = Limits(request_seconds, idle_seconds, max_connections)
        self._crew = Crew(app.handle, self._listener, limits)
        self._running = False
        self._stopped = False
        self.host = host
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://{_shown_host(host)}:{self.port}{app.base_path}"

    def start(self) -> Server:
        """Serve in the background."""
        if not self._running:
            self._running = True
            self._crew.start()
        return self

    def stop(self) -> None:
        """Stop serving and free the port; a second call does nothing."""
        if not self._stopped:
            self._stopped = True
            self._crew.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()


def _listening(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        # A port that was in use a moment ago can be used again at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _shown_host(host: str) -> str:
    """Return a host that a client can connect to."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"[{reachable}]" if ":" in reachable else reachable
