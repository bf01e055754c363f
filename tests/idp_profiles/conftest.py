"""A raw socket listener that keeps every byte, and the people that the selftests play with."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from collections.abc import Iterator

import pytest

from idp_profiles.model import Group
from idp_profiles.model import Person
from idp_profiles.profile import Stage


class Listener:
    """Accepts connections on loopback, keeps the bytes of each request, sends canned bytes back.

    `respond(method, target, body)` returns the bytes of a reply; empty bytes close the connection.
    """

    def __init__(self, respond: Callable[[str, str, bytes], bytes]) -> None:
        self._respond = respond
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.caught: list[bytes] = []
        self.replies: list[bytes] = []
        self.connections = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._socket.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        buffer = b""
        try:
            while True:
                while b"\r\n\r\n" not in buffer:
                    chunk = connection.recv(65536)
                    if not chunk:
                        return
                    buffer += chunk
                head, _, buffer = buffer.partition(b"\r\n\r\n")
                length = 0
                for line in head.split(b"\r\n")[1:]:
                    name, _, value = line.partition(b":")
                    if name.lower() == b"content-length":
                        length = int(value)
                while len(buffer) < length:
                    buffer += connection.recv(65536)
                body, buffer = buffer[:length], buffer[length:]
                self.caught.append(head + b"\r\n\r\n" + body)
                method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
                reply = self._respond(method, target, body)
                self.replies.append(reply)
                if not reply:
                    return
                connection.sendall(reply)
        except OSError:
            return
        finally:
            connection.close()


@pytest.fixture
def listen() -> Iterator[Callable[[Callable[[str, str, bytes], bytes]], Listener]]:
    """Start listeners that end with the test."""
    started: list[Listener] = []

    def start(respond: Callable[[str, str, bytes], bytes]) -> Listener:
        started.append(Listener(respond))
        return started[-1]

    yield start
    for listener in started:
        listener.close()


@pytest.fixture
def make_stage() -> Callable[[int], Stage]:
    """Make a stage with that many people, always the same ones."""

    def make(count: int) -> Stage:
        people = tuple(
            Person(
                user_name=f"p{number}+x@example.com",
                given_name=f"Given{number}",
                family_name=f"Fämily{number}",
                email=f"mail{number}@example.com",
                display_name=f"Given{number} Fämily{number}",
                idp_id=f"00u{number:09d}",
                password=f"Pw{number:03d}#x!",
                attributes={"department": "Tests", "employeeNumber": f"{number:04d}"},
            )
            for number in range(1, count + 1)
        )
        return Stage(
            people=people,
            group=Group("Team & Co \"A\"", idp_id="00g1"),
            new_user_name="renamed@example.com",
            new_email="renamed.mail@example.com",
            new_given_name="Zoë",
            new_group_name="Squad",
            new_password="New-pw-1!",  # noqa: S106 # nobody's password
        )

    return make
