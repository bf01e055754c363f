"""`python -m reference_server`: a SCIM server in one command."""

from __future__ import annotations

import argparse
import gc
import os
import re
import secrets
import signal
import sys
import threading
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import closing
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from typing import NoReturn

from . import deviations
from . import tolerances
from .app import Application
from .app import create_app
from .authentication import Credential
from .http_adapter import Server
from .oauth_file import read_oauth
from .products import product_deviations
from .products import products
from .products.product import Product
from .products.serving import product_to_serve
from .tenants import Tenants
from .tenants import checked_token
from .tenants import create_tenants
from .tenants import read_tenants

_BAD_START = 4


class _UsageError(Exception):
    """A reason not to start, in one sentence."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{message}; --help lists the options")


def main(argv: Sequence[str] | None = None, *, prog: str = "python -m reference_server") -> int:
    """Run the server until it is told to stop; return the exit status.

    `prog` is what the command is called, for its help.
    """
    try:
        options = _parser(prog).parse_args(argv)
        if options.list_deviations and options.product is not None:
            return _list_of_product(options.product)
        if options.list_deviations:
            return _list(deviations.names(), deviations.describe)
        if options.list_tolerances:
            return _list(tolerances.names(), tolerances.describe)
        return _serve(options)
    except _UsageError as fault:
        print(f"scimproof: {fault}", file=sys.stderr)
        return _BAD_START
    except SystemExit as leaving:  # argparse's way out of --help
        return int(leaving.code or 0)


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=prog, description="A correct SCIM 2.0 server.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=_port, default=8080, help="port (%(default)s; 0: any free)")
    parser.add_argument("--base-path", help="path before all others (/scim/v2)")
    parser.add_argument("--auth", choices=("bearer", "header", "basic"), default="bearer")
    parser.add_argument("--user", default="scim", help="user for --auth basic (%(default)s)")
    parser.add_argument(
        "--token-env",
        default="SCIM_TOKEN",
        metavar="VAR",
        help="environment variable with the token or password (%(default)s); unset: one is made",
    )
    parser.add_argument("--me", metavar="USERNAME", help="the user that /Me means")
    parser.add_argument(
        "--product", metavar="NAME", help=f"simulate a product: {' or '.join(products())}"
    )
    _add_files(parser)
    for name, what in (("deviation", "misbehave in this way"), ("without-tolerance", "be strict")):
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar="NAME", help=f"{what} (repeatable)"
        )
    parser.add_argument("--no-page", action="store_true", help="show no page to look at")
    parser.add_argument("--list-deviations", action="store_true", help="show them and stop")
    parser.add_argument("--list-tolerances", action="store_true", help="show them and stop")
    return parser


def _add_files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--oauth", type=Path, metavar="FILE", help="issue tokens to the clients of this TOML file"
    )
    parser.add_argument("--db", type=Path, metavar="FILE", help="keep everything in this file")
    parser.add_argument(
        "--tenants", type=Path, metavar="FILE", help="serve the tenants that this TOML file names"
    )
    parser.add_argument("--schema", action="append", default=[], type=Path, metavar="FILE")


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port number from 0 to 65535")
    return int(text)


def _list(names: Sequence[str], describe: Callable[[str], str]) -> int:
    for name in names:
        print(f"{name}: {describe(name)}")
    return 0


def _list_of_product(name: str) -> int:
    try:
        found = {each.name: each.summary for each in product_deviations(name)}
    except ValueError as fault:
        raise _UsageError(str(fault)) from fault
    return _list(tuple(found), found.__getitem__)


def _serve(options: argparse.Namespace) -> int:
    try:
        app, news = _app(options)
    except ValueError as fault:  # files, names of all kinds, base paths, tokens
        raise _UsageError(str(fault)) from fault
    with closing(app):
        server = _bound(app, options.host, options.port)
        with _stopped_by_signals() as stopped, _calm_collector(), server:
            for line in news:
                print(f"scimproof: {line}")
            for name, path in app.base_paths.items() if isinstance(app, Tenants) else ():
                print(f"scimproof: tenant {name} at {server.url}{path}")
            # The page stands after it and leaves with it: many read the first line and no further.
            page = "" if options.no_page else f"\nscimproof: {_page(app, server.url)}"
            print(f"scimproof: ready at {server.url}{page}", flush=True)
            stopped.wait()
    return 0


def _page(app: Application, url: str) -> str:
    if isinstance(app, Tenants):
        return "each tenant has a page at /page below its path"
    secret = "a key" if isinstance(app, Product) else "the token"
    return f"page at {url}/page, open to whoever has {secret}"


@contextmanager
def _calm_collector() -> Iterator[None]:
    """Let the collector look for cycles less often.

    Nothing that a store keeps is in a cycle. Going through a hundred thousand users after every so
    many creates would find nothing, and stop the server for a tenth of a second.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _app(options: argparse.Namespace) -> tuple[Application, list[str]]:
    """Build what is to be served, with what there is to say about it."""
    if options.product is not None:
        product, news = product_to_serve(options)
        if not options.no_page:
            product.show_page()
        return product, news
    shared: dict[str, Any] = {
        "schema_files": options.schema,
        "deviations": options.deviation,
        "without_tolerances": options.without_tolerance,
        "database": options.db,
        "page": not options.no_page,
    }
    if options.tenants is not None:
        single = (("--me", options.me), ("--base-path", options.base_path))
        for name, value in (*single, ("--oauth", options.oauth)):
            if value is not None:
                raise _UsageError(f"{name} and --tenants exclude each other: the file says it")
        tenants = read_tenants(options.tenants)
        return create_tenants(tenants, auth=options.auth, user=options.user, **shared), []
    token, news = _token(options.token_env)
    credential = Credential(options.auth, token, user=options.user, account=options.me)
    base_path = options.base_path if options.base_path is not None else "/scim/v2"
    oauth = read_oauth(options.oauth) if options.oauth is not None else None
    if oauth is not None:
        news = [*news, f"tokens at {base_path.rstrip('/')}{oauth.path}"]
    app = create_app(credentials=[credential], base_path=base_path, oauth=oauth, **shared)
    return app, news


def _token(variable: str) -> tuple[str, list[str]]:
    token = os.environ.get(variable, "")
    if not token:
        token = secrets.token_urlsafe(24)
        return token, [f"token {token} (set {variable} to choose one)"]
    return checked_token(token, f"the variable {variable}"), []


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
