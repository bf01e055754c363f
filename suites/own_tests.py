"""Mock IdPs for somebody else's tests (design section 4.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import idp_profiles
from idp_profiles.elsewhere import Elsewhere
from idp_profiles.living.office import Office
from idp_profiles.living.opening import open_office
from idp_profiles.model import Credential
from idp_profiles.transport import AppSend
from idp_profiles.transport import Send
from idp_profiles.transport import WireSend

from .reach.in_process import close_all
from .reach.in_process import in_this_process

IN_PROCESS = "http://localhost"  # the origin of an application without a socket


def make_mock_idp(
    name: str,
    target: str | Callable[..., Any],
    token: str,
    *,
    kind: str = "bearer",
    user: str = "",
    dialect: str | None = None,
    base_path: str = "/scim/v2",
    **settings: Any,  # noqa: ANN401 - the profile's own settings
) -> idp_profiles.MockIdp[Any]:
    """Return a mock IdP that talks to `target`: a base URL, or a WSGI or ASGI application.

    `token` is the bearer token, the verbatim header value (`kind="header"`) or the password
    (`kind="basic"`, with `user`). `base_path` is where an application answers; a token endpoint
    at `http://localhost` is then asked in the application too. `dialect` defaults to the profile's
    first. Raises ValueError for an unknown name or setting.
    """
    profile = idp_profiles.load(name)
    idp = profile.start(
        dialect=dialect or profile.dialects[0].key,
        credential=Credential(kind=kind, secret=token, user=user),
        **settings,
    )
    return idp_profiles.MockIdp(idp, _way_to(target, base_path))


def make_office(
    name: str,
    target: str | Callable[..., Any],
    token: str,
    *,
    kind: str = "bearer",
    user: str = "",
    dialect: str = "",
    base_path: str = "/scim/v2",
    **settings: Any,  # noqa: ANN401 - those of the IdP's engine and of the profile
) -> Office:
    """Return an office: people and groups, and a mock IdP that lives and provisions `target`.

    `target`, `token` and the rest are those of `make_mock_idp`; `dialect` defaults to the usual
    one. Raises ValueError for an unknown name or setting, or an IdP without a living form.
    """
    credential = Credential(kind=kind, secret=token, user=user)
    send = _way_to(target, base_path)
    return open_office(name, send=send, credential=credential, dialect=dialect, **settings)


class MockIdps:
    """What the fixture gives: a maker of mock IdPs, and of offices in which they live."""

    office = staticmethod(make_office)
    __call__ = staticmethod(make_mock_idp)
    close = staticmethod(close_all)  # lets the ASGI applications end that were started for them


def _way_to(target: str | Callable[..., Any], base_path: str) -> Send:
    if isinstance(target, str):
        return Elsewhere(WireSend(target))
    app = in_this_process(target)

    def reach(origin: str) -> Send:
        return AppSend(app, "") if origin == IN_PROCESS else WireSend(origin)

    return Elsewhere(AppSend(app, base_path), reach)
