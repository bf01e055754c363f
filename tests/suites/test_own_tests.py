"""What the fixture gives to other people's tests: single verbs, and offices that live."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles import MockIdp
from idp_profiles.living.office import Office
from reference_server import Application
from reference_server import Credential
from reference_server import Request
from reference_server import create_app
from reference_server.http_adapter import Server
from reference_server.wsgi import wsgi_app
from suites.own_tests import MockIdps

TOKEN = "token-of-their-tests"  # noqa: S105 # nobody's token
ANNA = "anna@example.com"


def application(base_path: str = "/scim/v2", kind: str = "bearer", user: str = "") -> Application:
    return create_app(credentials=[Credential(kind, TOKEN, user)], base_path=base_path)


@pytest.fixture
def url() -> Iterator[str]:
    with Server(create_app(credentials=[Credential("bearer", TOKEN)])) as server:
        yield server.url


def test_calling_it_makes_a_mock_idp_of_single_verbs() -> None:
    assert isinstance(MockIdps()("okta", wsgi_app(application()), TOKEN), MockIdp)


def test_an_office_talks_to_an_application_in_this_process() -> None:
    office = MockIdps().office("entra", wsgi_app(application("/else")), TOKEN, base_path="/else")
    office.assign(ANNA)
    assert isinstance(office, Office)
    assert office.cycle().ok


def test_an_office_talks_to_a_server(url: str) -> None:
    office = MockIdps().office("okta", url, TOKEN)
    assert office.assign(ANNA).ok


def test_an_office_takes_other_credentials_and_dialects() -> None:
    app = wsgi_app(application(kind="basic", user="okta"))
    office = MockIdps().office("okta", app, TOKEN, kind="basic", user="okta", dialect="aiw")
    assert office.assign(ANNA).ok
    assert office.change(ANNA, family_name="Lund").exchanges[-1].request.method == "PUT"
    assert office.sweep() == ()


def test_what_does_not_fit_is_told_at_once() -> None:
    office = MockIdps().office
    with pytest.raises(ValueError, match="did you mean 'okta'"):
        office("octa", "http://127.0.0.1:1", TOKEN)
    with pytest.raises(ValueError, match="no setting 'surprise'"):
        office("okta", "http://127.0.0.1:1", TOKEN, surprise=1)


def test_a_server_that_is_not_there_is_pending() -> None:
    turn = MockIdps().office("okta", "http://127.0.0.1:1", TOKEN).assign(ANNA)
    assert not turn.ok
    assert "refused" in turn.why


Json: TypeAlias = Any  # whatever ASGI passes on
ASGI_SAID: list[str] = []


async def asgi_application(scope: Json, receive: Json, send: Json) -> None:
    """A correct server, as ASGI."""
    if scope["type"] == "lifespan":
        for step in ("startup", "shutdown"):
            ASGI_SAID.append((await receive())["type"])
            await send({"type": f"lifespan.{step}.complete"})
        return
    headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
    query = scope["query_string"].decode()
    body = (await receive())["body"]
    reply = ASGI_SERVER.handle(Request(scope["method"], scope["path"], query, headers, body))
    pairs = [(name.encode(), value.encode()) for name, value in reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": pairs})
    await send({"type": "http.response.body", "body": reply.body})


ASGI_SERVER = application()


def test_an_asgi_application_is_started_once_and_ends_with_the_test() -> None:
    ASGI_SAID.clear()
    idps = MockIdps()
    office = idps.office("entra", asgi_application, TOKEN)
    office.assign(ANNA)
    assert office.cycle().ok
    assert isinstance(idps("okta", asgi_application, TOKEN), MockIdp)
    assert ASGI_SAID == ["lifespan.startup"]
    idps.close()
    assert ASGI_SAID == ["lifespan.startup", "lifespan.shutdown"]
