"""A server may let a request be repeated elsewhere below its base URL; no case fails for that."""

from __future__ import annotations

import pytest

from suites.reach.onward import onward
from tests.suites.bad_targets.hostile import TOKEN
from tests.suites.bad_targets.hostile import Asked
from tests.suites.bad_targets.hostile import Hostile
from tests.suites.bad_targets.hostile import Right
from tests.suites.bad_targets.hostile import Rightly
from tests.suites.bad_targets.hostile import reply
from tests.suites.conftest import Command

BASE = "https://scim.example/v2"


@pytest.mark.parametrize(
    ("status", "location", "leads"),
    [
        (307, "https://scim.example/v2/Groups/", "/Groups/"),
        (308, "/v2/Groups/?a=b#c", "/Groups/?a=b"),
        (308, "Groups/7", "/Groups/7"),
        (301, "/v2/Groups/", None),
        (302, "/v2/Groups/", None),
        (308, "/login", None),
        (308, "https://elsewhere.example/v2/Groups", None),
        (308, "http://scim.example/v2/Groups/", None),
        (308, "https://scim.example/v2x/Groups", None),
        (308, "/v2/Groups", None),
        (308, None, None),
        (200, "/v2/Groups/", None),
    ],
)
def test_a_redirect_is_followed_below_the_base_url_alone(
    status: int, location: str | None, leads: str | None
) -> None:
    assert onward(BASE, "/Groups", status, location) == leads


@pytest.mark.parametrize("target", ["/Me", "/me/", "/Me?attributes=id", "https://other.example/x"])
def test_an_alias_answers_by_its_redirect_and_strangers_are_not_followed(target: str) -> None:
    assert onward(BASE, target, 308, "/v2/Users/7") is None


def with_a_slash(asked: Asked, right: Rightly) -> Right:
    """Wants a slash behind the name of an endpoint, as some frameworks do."""
    path, mark, query = asked.target.partition("?")
    if path in ("/Users", "/Groups"):
        return reply(307, None, ("Location", f"/scim/v2{path}/{mark}{query}"))
    if path in ("/Users/", "/Groups/"):
        parts = (asked.method, path.rstrip("/") + mark + query, asked.headers, asked.body)
        return right(Asked(*parts, asked.number))
    return right()


def test_a_server_that_wants_a_slash_is_judged_by_what_it_says_there(command: Command) -> None:
    cases = ("RFC7644-3.3-1", "RFC7644-3.4.2-1", "RFC7644-3.4.2.2-4", "RFC7644-3.6-1")
    words = [word for each in cases for word in ("--only", each)]
    with Hostile(with_a_slash) as server:
        done = command.run("--url", server.url, *words, "-n", "0", SCIM_TOKEN=TOKEN)
    assert done.status == 0, done.said
    assert {each["verdict"] for each in done.report["results"]} == {"pass"}
    assert done.report["left_behind"] == []
