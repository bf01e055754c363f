"""RFC 7644 section 7: tokens that expire, data that stays out of URLs, and comparing texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from reference_server import Access
from reference_server import Credential
from reference_server import RateLimit

if TYPE_CHECKING:
    from conftest import Clock
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
SEARCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]}


@honours("RFC7644-7.4-3")
@pytest.mark.parametrize("kind", ["bearer", "basic", "header"])
def test_a_token_is_good_until_it_expires(
    make_scim: Callable[..., Scim], clock: Clock, kind: str
) -> None:
    credential = Credential(kind, "secret", user="u", expires=clock.now + timedelta(hours=1))
    scim = make_scim(credentials=[credential])
    headers = {"bearer": "Bearer secret", "basic": "Basic dTpzZWNyZXQ=", "header": "secret"}
    scim.authorization = headers[kind]
    path = scim.user()
    clock.now += timedelta(hours=1)
    late = scim.get(path)
    assert (late.status, late.body["status"]) == (401, "401")
    assert "expired" in late.body["detail"]
    challenge = late.response.header("WWW-Authenticate") or ""
    assert ('error="invalid_token"' in challenge) is (kind == "bearer")
    assert scim.delete(path).status == 401


@honours("RFC7644-7.4-3")
def test_a_moment_without_a_zone_is_no_lifetime() -> None:
    with pytest.raises(ValueError, match="zone"):
        Credential("bearer", "x", expires=datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None))


@honours("RFC7644-7.4-5")
def test_no_reply_sets_a_cookie(scim: Scim) -> None:
    path = scim.user()
    for method, target, body in (
        ("GET", "/Users", None),
        ("GET", path, None),
        ("PUT", path, {"schemas": [USER], "userName": "u"}),
        ("POST", "/.search", SEARCH),
        ("GET", "/ServiceProviderConfig", None),
        ("GET", "/None", None),
        ("DELETE", path, None),
    ):
        reply = scim.call(method, target, body, headers={"Cookie": "session=1"})
        assert reply.response.header("Set-Cookie") is None, target
    scim.authorization = "Bearer wrong"
    assert scim.get("/Users").response.header("Set-Cookie") is None


@pytest.fixture
def private(make_scim: Callable[..., Scim]) -> Scim:
    """Return a server that keeps names, and the values of addresses, out of URLs."""
    scim = make_scim(sensitive=["Name", "emails.Value"])
    scim.user(
        "b",
        name={"familyName": "Jensen"},
        displayName="B",
        emails=[{"value": "b@x", "type": "work"}],
    )
    return scim


@pytest.mark.parametrize(
    "text",
    [
        'name.familyName eq "Jensen"',
        'userName eq "b" and not (NAME.givenName pr)',
        "name pr",
        f'{USER}:name.familyName sw "J"',
        'emails co "b@x"',
        'emails[type eq "work" and value eq "b@x"]',
        'emails.value eq "b@x"',
        "Emails[VALUE pr]",
        "EMAILS.VALUE pr",
        'userName eq "b" or (displayName pr and emails[value pr])',
    ],
)
@honours("RFC7644-7.5.2-3", "RFC7644-7.5.2-4")
def test_a_filter_with_personal_data_is_sent_to_search(private: Scim, text: str) -> None:
    for path in ("/Users", ""):
        reply = private.get(path, filter=text)
        assert (reply.status, reply.body["status"]) == (403, "403")
        assert reply.body["scimType"] == "sensitive"
        assert "/.search" in reply.body["detail"]
        found = private.post(f"{path}/.search", {**SEARCH, "filter": text})
        assert found.status == 200
        assert found.body["totalResults"] == 1


@pytest.mark.parametrize("name", ["a.b.c", "", f"{USER}:name", "two words"])
@honours("RFC7644-7.5.2-3")
def test_what_is_no_name_cannot_be_sensitive(make_scim: Callable[..., Scim], name: str) -> None:
    with pytest.raises(ValueError, match="sensitive"):
        make_scim(sensitive=[name])


@pytest.mark.parametrize(
    "text", ['userName eq "b"', 'displayName eq "b"', 'emails[type eq "work"]', "emails.type pr"]
)
@honours("RFC7644-7.5.2-3")
def test_other_filters_may_stand_in_a_url(private: Scim, text: str) -> None:
    assert private.get("/Users", filter=text).body["totalResults"] == 1


@honours("RFC7644-7.6-3")
def test_a_client_has_so_many_requests_in_a_time(
    make_scim: Callable[..., Scim], clock: Clock
) -> None:
    limited = Credential("bearer", "secret", limit=RateLimit(3, 60))
    scim = make_scim(credentials=[limited, Credential("bearer", "other")])
    assert [scim.get("/Users").status for _ in range(5)] == [200, 200, 200, 429, 429]
    assert type(scim)(scim.app, "Bearer other").get("/Users").status == 200
    waiting = scim.get("/Users").response.header("Retry-After")
    assert waiting is not None
    clock.now += timedelta(seconds=int(waiting))
    assert scim.get("/Users").status == 200


@honours("RFC7644-7.7-3")
def test_clients_and_people_have_different_rights(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(
        credentials=[
            Credential("bearer", "secret"),
            Credential("bearer", "ann", access=Access.OWN, account="ann"),
        ]
    )
    own, other = scim.user("ann"), scim.user("bob")
    ann = type(scim)(scim.app, "Bearer ann")
    assert (scim.get(own).status, scim.get(other).status) == (200, 200)
    assert (ann.get(own).status, ann.get(other).status) == (200, 403)
    assert (ann.get("/Users").status, scim.get("/Users").status) == (403, 200)


# Pairs that are one text: composed and decomposed, capital and small beyond ASCII, and both.
SAME = [
    ("\u00e9lan", "e\u0301lan"),
    ("\u00c5sa", "\u00e5SA"),
    ("\u00c5sa", "A\u030aSA"),
    ("\u212bsa", "\u00e5sa"),
    ("stra\u00dfe", "STRASSE"),
    ("\u03a3\u0391\u03a3", "\u03c3\u03b1\u03c2"),
    ("\u1e9b\u0323", "\u1e69"),
]


@pytest.mark.parametrize(("stored", "asked"), SAME)
@honours("RFC7644-7.8-1")
def test_texts_are_prepared_before_they_are_compared(scim: Scim, stored: str, asked: str) -> None:
    scim.user("someone", displayName="else")
    path = scim.user("b", displayName=stored)
    for text in (
        f'displayName eq "{asked}"',
        f'displayName sw "{asked}"',
        f'displayName ew "{asked}"',
        f'displayName co "{asked}"',
        f'displayName ge "{asked}" and displayName le "{asked}"',
        f'not (displayName ne "{asked}")',
    ):
        assert scim.get("/Users", filter=text).ids == [path[7:]], text
    assert scim.get(path).body["displayName"] == stored


@pytest.mark.parametrize(("stored", "asked"), SAME)
@honours("RFC7644-7.8-1")
def test_names_that_are_one_text_are_not_unique(scim: Scim, stored: str, asked: str) -> None:
    scim.user(stored)
    assert scim.post("/Users", {"schemas": [USER], "userName": asked}).fault == (409, "uniqueness")


@honours("RFC7644-7.8-1")
def test_case_exact_texts_differ_by_case_but_not_by_composition(scim: Scim) -> None:
    path = scim.user(externalId="\u00e9lan")

    def found(text: Json) -> list[str]:
        return scim.get("/Users", filter=f'externalId eq "{text}"').ids

    assert found("e\u0301lan") == [path[7:]]
    assert found("\u00c9lan") == []
    assert found("elan") == []
