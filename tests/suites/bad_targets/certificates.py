"""Certificates that are wrong in one way each, made with openssl, and servers that show them."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.suites.bad_targets.hostile import Answer
from tests.suites.bad_targets.hostile import Asked
from tests.suites.bad_targets.hostile import HangUp
from tests.suites.bad_targets.hostile import Hostile
from tests.suites.bad_targets.hostile import Right
from tests.suites.bad_targets.hostile import Rightly

_CONFIG = """[ca]
default_ca = this
[this]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = names
x509_extensions = names_and_use
[names]
commonName = supplied
[names_and_use]
subjectAltName = {name}
keyUsage = critical, digitalSignature, keyCertSign
"""
_TIMES = {
    True: ("20200101000000Z", "20200201000000Z"),
    False: ("20200101000000Z", "20491231000000Z"),
}


def make(folder: Path, *, name: str = "IP:127.0.0.1", expired: bool = False) -> Path:
    """Make a key with a certificate of its own, and return the one file of both."""
    if shutil.which("openssl") is None:
        assert not os.environ.get("CI"), "continuous integration must have openssl"
        pytest.skip("openssl is not installed")
    folder.mkdir()
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n", encoding="ascii")
    (folder / "ca.cnf").write_text(_CONFIG.format(name=name), encoding="ascii")
    begins, ends = _TIMES[expired]
    _run(folder, "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=scim", "-keyout", "key.pem")
    _run(
        folder,
        *("ca", "-batch", "-notext", "-config", "ca.cnf", "-selfsign", "-keyfile", "key.pem"),
        *("-in", "request.pem", "-startdate", begins, "-enddate", ends),
    )
    both = folder / "both.pem"
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "out.pem").read_bytes())
    return both


def _run(folder: Path, command: str, *words: str) -> None:
    out = "request.pem" if command == "req" else "out.pem"
    subprocess.run(  # noqa: S603 - no word of it comes from outside
        ["openssl", command, *words, "-out", out],  # noqa: S607 - as the machine has it
        cwd=folder,
        check=True,
        capture_output=True,
    )


def rightly(asked: Asked, right: Rightly) -> Right:
    """Answers everything as it has to be: what is wrong lies below HTTP."""
    return right()


def over_tls(
    certificate: Path, *, wants: Path | None = None, cuts: float = 0, answer: Answer = rightly
) -> Hostile:
    """A right server behind TLS, which may want a certificate of the client's, too.

    As many of the first connections as it `cuts` end before TLS is agreed on, without an alert.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if wants is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(wants)

    def greet(client: socket.socket, before: int) -> socket.socket:
        if before < cuts:
            client.recv(65536)  # the ClientHello: what is left unread would become a reset
            raise HangUp
        return _shake_hands(context, client)

    return Hostile(answer, greet=greet)


def _shake_hands(context: ssl.SSLContext, client: socket.socket) -> ssl.SSLSocket:
    talking = context.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
    try:
        talking.do_handshake()
    except OSError:
        _hear_out(talking)
        raise
    return talking


def _hear_out(talking: ssl.SSLSocket) -> None:
    """Close without a reset, which would take away the alert that the client has yet to read."""
    with talking, suppress(OSError):
        talking.shutdown(socket.SHUT_WR)
        while talking.recv(65536):
            pass
