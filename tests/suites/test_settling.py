"""Which reads wait for the settle time of a target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from reports import Redactor
from suites.cleanup.journal import Journal
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.reach.connection import Connection
from suites.target.model import Target

SETTLE = 30.0
Waits: TypeAlias = list[float]


def answer(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
    """A WSGI application that creates whatever is posted, and shows the same to whoever reads."""
    posted = environ["REQUEST_METHOD"] == "POST"
    start("201 Created" if posted else "200 OK", [("Content-Type", "application/scim+json")])
    return [b'{"id": "1", "displayName": "New"}']


@pytest.fixture
def waits() -> Waits:
    return []


@pytest.fixture
def client(waits: Waits, monkeypatch: pytest.MonkeyPatch) -> ScimClient:
    credential = Credential("bearer", secret="made-up")  # noqa: S106 - made up
    target = Target(url="http://127.0.0.1:9/scim/v2", credential=credential, settle=SETTLE)
    connection = Connection(target, app=answer)
    monkeypatch.setattr(connection.manners.clock, "sleep", waits.append)
    log = CaseLog("case", Redactor(), lambda line: None)
    return ScimClient(connection, log, Journal(None, owner="test"))


def waited(waits: Waits) -> bool:
    return any(each > SETTLE / 2 for each in waits)


def test_a_read_before_any_write_waits_for_nothing(client: ScimClient, waits: Waits) -> None:
    client.user("1")
    assert not waited(waits)


@pytest.mark.parametrize(
    "read",
    [
        lambda client: client.user("1"),
        lambda client: client.users_named("somebody"),
        lambda client: client.together(["/Users/1", "/Users/2"]),
    ],
    ids=["by id", "a search", "several"],
)
def test_a_read_after_a_write_waits_until_it_can_be_seen(
    client: ScimClient, waits: Waits, read: Callable[[ScimClient], object]
) -> None:
    client.send("POST", "/Users", body={"displayName": "New"})
    assert not waited(waits)
    read(client)
    assert waited(waits)


def test_a_read_that_is_about_lag_is_sent_at_once(client: ScimClient, waits: Waits) -> None:
    client.send("POST", "/Users", body={"displayName": "New"})
    client.send("GET", "/Users/1", settle=False)
    assert not waited(waits)
