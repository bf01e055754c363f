"""RFC 7644 section 3.4.2.2, Figure 2: the examples, each over people who match and who do not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Clock
    from conftest import Json
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PEOPLE: dict[str, dict[str, Json]] = {
    "bjensen": {
        "name": {"familyName": "O'Malley"},
        "title": "Tour Guide",
        "userType": "Employee",
        "emails": [
            {"value": "b@example.com", "type": "work"},
            {"value": "b@home.net", "type": "home"},
        ],
        ENTERPRISE: {"department": "Tours"},
    },
    "Jsmith": {
        "name": {"familyName": "Smith"},
        "userType": "Employee",
        "emails": [{"value": "j@home.net", "type": "work"}],
        "ims": [{"value": "j@foo.com", "type": "xmpp"}],
    },
    "jdoe": {
        "name": {"familyName": "OMalley"},
        "userType": "Intern",
        "emails": [{"value": "d@example.org", "type": "other"}],
        "ims": [{"value": "d@foo.com", "type": "icq"}],
    },
    "zoe": {
        "title": "Guide",
        "userType": "Contractor",
        "emails": [{"value": "z@example.com", "type": "home"}],
        "ims": [{"value": "z@bar.com", "type": "xmpp"}],
    },
    "quinn": {"name": {"givenName": "O'Malley"}},
}


def row(number: int, text: str, who: str) -> Any:  # noqa: ANN401 - as of pytest.param
    return pytest.param(text, set(who.split()), marks=honours(f"RFC7644-3.4.2.2-{number}"), id=text)


EXAMPLES = [
    row(53, 'userName eq "bjensen"', "bjensen"),
    row(54, 'name.familyName co "O\'Malley"', "bjensen"),
    row(55, 'userName sw "J"', "Jsmith jdoe"),
    row(56, f'{USER}:userName sw "J"', "Jsmith jdoe"),
    row(57, "title pr", "bjensen zoe"),
    row(59, 'title pr and userType eq "Employee"', "bjensen"),
    row(60, 'title pr or userType eq "Intern"', "bjensen zoe jdoe"),
    row(61, f'schemas eq "{ENTERPRISE}"', "bjensen"),
    row(
        62,
        'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
        "bjensen",
    ),
    row(
        63,
        'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
        "quinn",
    ),
    row(64, 'userType eq "Employee" and (emails.type eq "work")', "bjensen Jsmith"),
    row(
        65,
        'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
        "bjensen",
    ),
    row(
        66,
        'emails[type eq "work" and value co "@example.com"] or '
        'ims[type eq "xmpp" and value co "@foo.com"]',
        "bjensen Jsmith",
    ),
]


@pytest.fixture
def people(scim: Scim) -> Scim:
    for name, attributes in PEOPLE.items():
        scim.user(name, **attributes)
    return scim


@pytest.mark.parametrize(("text", "who"), EXAMPLES)
def test_an_example_finds_exactly_those_who_match(people: Scim, text: str, who: set[str]) -> None:
    reply = people.get("/Users", filter=text)
    assert reply.status == 200
    assert {each["userName"] for each in reply.body["Resources"]} == who
    assert reply.body["totalResults"] == len(who)


@pytest.mark.parametrize(
    ("operator", "who"), [("gt", "c"), ("ge", "bc"), ("lt", "a"), ("le", "ab")]
)
@honours("RFC7644-3.4.2.2-58")
def test_the_examples_with_times_divide_at_the_moment(scim: Scim, operator: str, who: str) -> None:
    paths = {name: scim.user(name) for name in "abc"}
    moment = scim.get(paths["b"]).body["meta"]["lastModified"]
    found = scim.get("/Users", filter=f'meta.lastModified {operator} "{moment}"')
    assert "".join(each["userName"] for each in found.body["Resources"]) == who
    text = f'meta.lastModified {operator} "2011-05-13T04:42:34Z"'
    assert scim.get("/Users", filter=text).body["totalResults"] == (3 if operator[0] == "g" else 0)


@honours("RFC7644-3.4.2.2-4")
@pytest.mark.parametrize("size", [2, 1000])
def test_a_filter_returns_every_match_and_nothing_else_over_all_pages(
    make_scim: Callable[..., Scim], clock: Clock, size: int
) -> None:
    del clock
    scim = make_scim()
    for number in range(9):
        kind = {"userType": "odd"} if number % 2 else {"title": "even"}
        scim.user(f"u{number}", **kind)
    for text, wanted in (
        ('userType eq "odd"', [1, 3, 5, 7]),
        ("title pr", [0, 2, 4, 6, 8]),
        ('userName eq "u3" or userName eq "U8"', [3, 8]),
        ('not (userName co "u") or userName ew "5"', [5]),
    ):
        found: list[int] = []
        while True:
            query = {"filter": text, "count": size, "startIndex": len(found) + 1}
            body = scim.get("/Users", **query).body
            assert body["totalResults"] == len(wanted), json.dumps(query)
            if not body["Resources"]:
                break
            found += [int(each["userName"][1:]) for each in body["Resources"]]
        assert found == wanted, text
