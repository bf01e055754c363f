"""`python -m reference_server`: a SCIM server in one command."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import signal
import sys
import threading
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from . import deviations
from .app import Application
from .app import create_app
from .authentication import Credential
from .http_adapter import Server

_BAD_START = 4


class _UsageError(Exception):
    """A reason not to start, in one sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{message}; --help lists the options")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the server until it is told to stop; return the exit status."""
    try:
        options = _parser().parse_args(argv)
        if options.list_deviations:
            return _list_deviations()
        return _serve(options)
    except _UsageError as fault:
        print(f"scimproof: {fault}", file=sys.stderr)
        return _BAD_START
    except SystemExit as leaving:  # argparse's way out of --help
        return int(leaving.code or 0)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m reference_server", description="A correct SCIM 2.0 server.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=_port, default=8080, help="port (%(default)s; 0: any free)")
    parser.add_argument("--base-path", default="/scim/v2", help="(%(default)s)")
    parser.add_argument("--auth", choices=("bearer", "header", "basic"), default="bearer")
    parser.add_argument("--user", default="scim", help="user for --auth basic (%(default)s)")
    parser.add_argument(
        "--token-env",
        default="SCIM_TOKEN",
        metavar="VAR",
        help="environment variable with the token or password (%(default)s); unset: one is made",
    )
    parser.add_argument("--schema", action="append", default=[], type=Path, metavar="FILE")
    parser.add_argument("--deviation", action="append", default=[], metavar="NAME")
    parser.add_argument("--list-deviations", action="store_true", help="show them and stop")
    return parser


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port number from 0 to 65535")
    return int(text)


def _list_deviations() -> int:
    for name in deviations.names():
        print(f"{name}: {deviations.describe(name)}")
    return 0


def _serve(options: argparse.Namespace) -> int:
    token, generated = _token(options.token_env)
    app = _app(options, token)
    server = _bound(app, options.host, options.port)
    with _stopped_by_signals() as stopped, server:
        if generated:
            print(f"scimproof: token {token} (set {options.token_env} to choose one)")
        print(f"scimproof: ready at {server.url}", flush=True)
        stopped.wait()
    return 0


def _token(variable: str) -> tuple[str, bool]:
    token = os.environ.get(variable, "")
    if not token:
        return secrets.token_urlsafe(24), True
    if not token.isprintable() or token != token.strip():
        # The value itself is not shown: it is a secret.
        raise _UsageError(f"the token in {variable} has blanks around it or unprintable characters")
    return token, False


def _app(options: argparse.Namespace, token: str) -> Application:
    try:
        return create_app(
            credentials=[Credential(options.auth, token, user=options.user)],
            base_path=options.base_path,
            schema_files=options.schema,
            deviations=options.deviation,
        )
    except ValueError as fault:  # schema files, deviation names, base path, user name
        raise _UsageError(str(fault)) from fault


def _bound(app: Application, host: str, port: int) -> Server:
    try:
        return Server(app, host, port)
    except OSError as fault:
        hint = "choose another with --port (0 takes any free one)"
        reason = fault.strerror or fault
        raise _UsageError(f"cannot listen on {host} port {port}: {reason}; {hint}") from fault


@contextmanager
def _stopped_by_signals() -> Iterator[threading.Event]:
    """Turn Ctrl-C and SIGTERM into an event; only the main thread may handle signals."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    previous = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


if __name__ == "__main__":
    sys.exit(main())
