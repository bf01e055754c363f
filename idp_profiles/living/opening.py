"""Opens an office: a directory, a clock and a line to an app around an IdP's engine."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from idp_profiles import load
from idp_profiles.ledger import Ledger
from idp_profiles.ledger import plain_headers
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.profile import Starter
from idp_profiles.transport import Send

from .clock import Clock
from .directory import Directory
from .engine import start_engine
from .faults import Faults
from .office import Office

_GIVEN = ("directory", "send", "clock", "credential", "after", "dialect")
_COMMON = tuple(
    name for name in inspect.signature(Starter.__call__).parameters if name not in ("self", *_GIVEN)
)


def open_office(
    name: str,
    *,
    send: Send,
    credential: Credential,
    clock: Clock | None = None,
    after: Callable[[Exchange], None] | None = None,
    dialect: str = "",
    **settings: Any,  # noqa: ANN401 - those of the engine and of the profile
) -> Office:
    """Return an office whose IdP provisions an app over `send`.

    Raises ValueError for an unknown name, an IdP without a living form, or a setting that does not
    fit.
    """
    _check(name, settings)
    faults, clock, heard = Faults(send), clock or Clock(), list[Exchange]()
    ledger = Ledger(faults, plain_headers(credential))
    engine = start_engine(
        name,
        directory=Directory(clock),
        send=ledger,
        clock=clock,
        credential=credential,
        after=_hearing(heard, after),
        dialect=dialect or load(name).usual_dialect,
        **settings,
    )
    return Office(engine, ledger, faults, heard)


def _check(name: str, settings: Iterable[str]) -> None:
    known = (*engine_settings(name), *_COMMON)
    for setting in settings:
        if setting not in known:
            raise ValueError(f"there is no setting {setting!r}; known: {', '.join(known)}")


def _hearing(
    heard: list[Exchange], after: Callable[[Exchange], None] | None
) -> Callable[[Exchange], None]:
    def hear(exchange: Exchange) -> None:
        heard.append(exchange)
        if after is not None:
            after(exchange)

    return hear


def has_engine(name: str) -> bool:
    """Tell whether a profile has a living form."""
    return find_spec(f"idp_profiles.{name}.engine") is not None


def engine_settings(name: str) -> Mapping[str, object]:
    """Return the settings of an IdP's engine itself with their defaults; those of all left out."""
    title = load(name).title
    if not has_engine(name):
        raise ValueError(f"{title} has no living form")
    start = import_module(f"idp_profiles.{name}.engine").start
    parameters = inspect.signature(start).parameters.values()
    return {
        each.name: each.default
        for each in parameters
        if each.kind is each.KEYWORD_ONLY and each.name not in (*_GIVEN, *_COMMON)
    }
