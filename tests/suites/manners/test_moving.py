"""Where a run goes with its credential: not over plain HTTP, and not where a redirect leads."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from reference_server import Request
from reference_server import Response
from suites.manners.encryption import check
from suites.manners.encryption import is_loopback
from suites.manners.moving import NotFollowed
from suites.manners.moving import new_base
from suites.target.model import OtherTenant
from suites.target.model import ProductPlace
from suites.target.model import Target
from suites.target.model import TargetError

# The fixture of the folder: runs the command.
Command: TypeAlias = Any
# The fields of a target.
Setting: TypeAlias = Any
CREDENTIAL = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
TRADED = Credential(
    "oauth2-client-credentials",
    "s",
    user="c",
    token_url="http://login.example.com/t",  # noqa: S106 - an address
)
CASES = ("--suite", "protocol", "--only", "RFC7644-3.3-7", "--only", "RFC7644-3.6-2")
FAR = "http://scim.example.com/v2"
NEAR = "http://127.0.0.1:8080/v2"


def target(url: str = NEAR, **more: Setting) -> Target:
    return Target(url=url, credential=more.pop("credential", CREDENTIAL), **more)


@pytest.mark.parametrize(
    ("url", "is_near"),
    [
        ("http://localhost:8080/v2", True),
        ("http://scim.localhost/v2", True),
        ("http://127.0.0.2/v2", True),
        ("http://[::1]/v2", True),
        ("http://127.0.0.1.example.com/v2", False),
        ("http://localhost.example.com/v2", False),
        ("http://10.0.0.1/v2", False),
        ("http://scim/v2", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, is_near: bool) -> None:
    assert is_loopback(url) is is_near


@pytest.mark.parametrize(
    ("refused", "what"),
    [
        (target(FAR), "The target http://scim"),
        (target(credential=TRADED), "The token endpoint http://login"),
        (target(also_accepts=(TRADED,)), "The token endpoint http://login"),
        (target(other_tenant=OtherTenant(url=FAR, credential=CREDENTIAL)), "The other tenant"),
        (target(product=ProductPlace(name="x", url=FAR)), "The product"),
    ],
)
def test_plain_http_to_another_host_is_refused(refused: Target, what: str) -> None:
    with pytest.raises(TargetError, match=rf"{what}.* is plain HTTP on another host.*--scim-allow"):
        check(refused)


@pytest.mark.parametrize(
    "fine",
    [
        target(),
        target("https://scim.example.com/v2"),
        target(FAR, allow_http=True),
        target(FAR, app="shop.wsgi:app"),
    ],
)
def test_what_nobody_can_read_on_its_way_is_fine(fine: Target) -> None:
    check(fine)


def test_a_run_over_plain_http_sends_nothing(command: Command) -> None:
    done = command.run("--url", FAR, *CASES, SCIM_TOKEN="t0k3n-of-nobody")  # noqa: S106 - made up
    assert done.status == 4
    assert "plain HTTP on another host" in done.said
    assert not (command.directory / "report.json").exists()


@pytest.mark.parametrize(
    ("base", "location", "found"),
    [
        ("https://a.example/v2", "https://b.example/scim/v2/Users?startIndex=1&count=1", "b"),
        ("http://127.0.0.1/v2", "https://b.example/scim/v2/Users", "b"),
        ("https://b.example/v2", "/scim/v2/Users/?x=1", "b"),
    ],
)
def test_a_redirect_means_another_base_url(base: str, location: str, found: str) -> None:
    assert new_base(target(base), "/Users", location) == f"https://{found}.example/scim/v2"


@pytest.mark.parametrize(
    ("base", "location", "why"),
    [
        ("https://a.example/v2", "https://login.example/sign-in", "does not end in /Users"),
        ("https://a.example/v2", None, "it leads to where it came from"),
        ("https://a.example/v2", "http://127.0.0.1/v2/Users", "from https to plain HTTP"),
        ("http://127.0.0.1/v2", "http://a.example/v2/Users", "plain HTTP on another host"),
        ("http://127.0.0.1/v2", "http://u:p@127.0.0.1/x/Users", "user name or password"),
        ("http://127.0.0.1/v2", "ftp://127.0.0.1/x/Users", "not usable"),
    ],
)
def test_not_every_redirect_is_followed(base: str, location: str | None, why: str) -> None:
    with pytest.raises(NotFollowed, match=why):
        new_base(target(base), "/Users", location)


def _to(url: str) -> Callable[[int, Request], Response]:
    def answer(_: int, request: Request) -> Response:
        query = f"?{request.query}" if request.query else ""
        place = f"{url}{request.path.removeprefix('/scim/v2')}{query}"
        return Response(308, (("Location", place),), b"")

    return answer


def test_nothing_is_sent_where_a_redirect_leads(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    new = guarded()
    old = guarded(_to(new.url))
    done = command.run("--url", old.url, *CASES, SCIM_TOKEN=door_token)
    assert done.status == 1
    (reason,) = {result["actual"] for result in done.report["results"]}
    assert f"redirects to {new.url}/Users" in reason
    assert "--scim-allow-redirect" in reason
    assert len(old.door.requests) == 1
    assert new.door.requests == []


def test_a_redirect_that_is_allowed_is_where_the_run_goes(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    new = guarded()
    old = guarded(_to(new.url))
    done = command.run("--url", old.url, "--allow-redirect", *CASES, SCIM_TOKEN=door_token)
    assert done.status == 0, done.said
    assert len(old.door.requests) == 1
    assert new.url in done.out
    assert done.report["target"]["url"] == new.url
    assert new.door.users() == 0
    journal = command.directory / "journal.jsonl"
    known = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    assert known[0] == {"event": "target", "url": new.url, "asked": old.url}
    # What a killed run would have left is cleaned up where it is, by the address that was given.
    made = next(line for line in known if line["event"] == "created")
    with journal.open("a", encoding="utf-8") as file:
        file.write(json.dumps({**made, "key": "late-1"}) + "\n")
    before = len(new.door.requests)
    cleaned = command("cleanup", command.directory, "--url", old.url, SCIM_TOKEN=door_token)
    assert cleaned.status == 0, cleaned.said
    assert len(new.door.requests) > before
    assert len(old.door.requests) == 1


def test_a_second_redirect_is_not_followed(
    command: Command, guarded: Callable[..., Any], door_token: str
) -> None:
    new = guarded()
    between = guarded(_to(new.url))
    old = guarded(_to(between.url))
    done = command.run("--url", old.url, "--allow-redirect", *CASES, SCIM_TOKEN=door_token)
    assert done.status == 1
    assert (len(old.door.requests), len(between.door.requests)) == (1, 1)
    assert new.door.requests == []
