"""Filters: RFC 7644 section 3.4.2.2, Tables 3 to 5 and Figure 2, and its errata."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import filters

if TYPE_CHECKING:
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

PEOPLE: dict[str, dict[str, Any]] = {
    "bjensen": {
        "name": {"familyName": "O'Malley", "givenName": "Barbara"},
        "title": "Dr",
        "userType": "Employee",
        "active": True,
        "externalId": "Ext-1",
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": True},
            {"value": "babs@home.org", "type": "home"},
        ],
        "ims": [{"value": "b@foo.com", "type": "xmpp"}],
        ENTERPRISE: {"employeeNumber": "701984", "manager": {"value": "26118915"}},
        "x509Certificates": [{"value": "MIID"}],
    },
    "JSmith": {
        "name": {"familyName": "Smith"},
        "userType": "Intern",
        "active": False,
        "emails": [{"value": "jsmith@example.org", "type": "home"}],
        "nickName": "",
    },
    'quo"te\\d': {"userType": "Employee", "nickName": "caf\u00e9 )and( [x]"},
}
SHORT = {"bjensen": "b", "JSmith": "j", 'quo"te\\d': "q"}


@pytest.fixture
def find(scim: Scim) -> Callable[[str], str]:
    """Return a function that says whom a filter finds, by one letter each."""
    for name, attributes in PEOPLE.items():
        scim.user(name, **attributes)

    def search(text: str) -> str:
        reply = scim.get("/Users", filter=text)
        assert reply.status == 200, reply.body
        assert reply.body["totalResults"] == len(reply.body["Resources"])
        return "".join(SHORT[each["userName"]] for each in reply.body["Resources"])

    return search


FOUND = [
    # Figure 2
    ('userName eq "bjensen"', "b", "RFC7644-3.4.2.2-53"),
    ('name.familyName co "O\'Malley"', "b", "RFC7644-3.4.2.2-54"),
    ('userName sw "J"', "j", "RFC7644-3.4.2.2-55"),
    (f'{USER}:userName sw "J"', "j", "RFC7644-3.4.2.2-56"),
    ("title pr", "b", "RFC7644-3.4.2.2-57"),
    ('meta.lastModified gt "2011-05-13T04:42:34Z"', "bjq", "RFC7644-3.4.2.2-58-gt"),
    ('meta.lastModified le "2011-05-13T04:42:34Z"', "", "RFC7644-3.4.2.2-58-le"),
    ('title pr and userType eq "Employee"', "b", "RFC7644-3.4.2.2-59"),
    ('title pr or userType eq "Intern"', "bj", "RFC7644-3.4.2.2-60"),
    (f'schemas eq "{ENTERPRISE}"', "b", "RFC7644-3.4.2.2-61"),
    (
        'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
        "b",
        "RFC7644-3.4.2.2-62",
    ),
    (
        'userType ne "Employee" and not (emails co "example.com" or emails.value co "home.org")',
        "j",
        "RFC7644-3.4.2.2-63",
    ),
    ('userType eq "Employee" and (emails.type eq "work")', "b", "RFC7644-3.4.2.2-64"),
    (
        'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
        "b",
        "RFC7644-3.4.2.2-65",
    ),
    (
        'emails[type eq "home" and value co "@example.org"] or '
        'ims[type eq "xmpp" and value co "@foo.com"]',
        "bj",
        "RFC7644-3.4.2.2-66",
    ),
    # operators
    ('userName eq "BJENSEN"', "b", "RFC7644-3.4.2.2-49-no-case"),
    ('externalId eq "ext-1"', "", "RFC7644-3.4.2.2-49-case"),
    ('externalId eq "Ext-1"', "b", "RFC7644-3.4.2.2-12"),
    ('userType ne "Employee"', "j", "RFC7644-3.4.2.2-13"),
    ('userName ew "SEN"', "b", "RFC7644-3.4.2.2-16"),
    ('userName sw "bjensen"', "b", "RFC7644-3.4.2.2-15-identical"),
    ('userName gt "c"', "jq", "RFC7644-3.4.2.2-18"),
    ('userName ge "JSMITH"', "jq", "RFC7644-3.4.2.2-21"),
    ('userName lt "JSMITH"', "b", "RFC7644-3.4.2.2-23"),
    ('userName le "JSMITH"', "bj", "RFC7644-3.4.2.2-25"),
    ("active eq true", "b", "boolean"),
    ("active eq False", "j", "boolean-without-case"),
    ("active ne true", "jq", "ne-without-value"),
    ("emails pr", "bj", "pr-on-complex"),
    ("nickName pr", "q", "pr-on-empty-text"),
    ('nickName eq ""', "j", "empty-text"),
    ("title eq null", "jq", "eq-null"),
    ("title ne null", "b", "ne-null"),
    ('emails.type eq "home"', "bj", "RFC7644-3.4.2.2-43"),
    ('emails.type ne "home"', "bq", "ne-any-value"),
    # case and blanks
    ('USERNAME EQ "bjensen"', "b", "RFC7644-3.4.2.2-6"),
    ('Name.FamilyName Eq "smith" OR title PR', "bj", "RFC7644-3.4.2.2-7"),
    ('  userName   eq   "bjensen"  ', "b", "blanks"),
    ('userName eq"bjensen"', "b", "no-blank-before-a-quote"),
    ('not(title pr)and(userType eq "Intern")', "j", "no-blanks-around-brackets"),
    ("not (title pr)", "jq", "erratum-7319"),
    ('title pr or not (userType eq "Intern") and active eq false', "b", "RFC7644-3.4.2.2-41"),
    (
        'userType eq "Intern" or userType eq "Employee" and active eq true',
        "bj",
        "and-binds-more-than-or",
    ),
    (
        '(userType eq "Intern" or userType eq "Employee") and active eq true',
        "b",
        "RFC7644-3.4.2.2-40",
    ),
    ('((userName eq "bjensen"))', "b", "brackets-in-brackets"),
    # value paths
    ('emails[type eq "home" and value co "example.com"]', "", "RFC7644-3.4.2.2-32"),
    (
        'emails[type eq "work" or (type eq "home" and value ew "@example.org")]',
        "bj",
        "erratum-7322",
    ),
    ("emails[not (primary eq true)]", "bj", "not-in-a-value-path"),
    ('emails[type eq "work"].value ew "example.com"', "b", "sub-attribute-after-a-value-path"),
    ('emails[type eq "home"].value ew "example.com"', "", "sub-attribute-of-the-same-value"),
    # literals
    (r'userName eq "quo\"te\\d"', "q", "escapes"),
    (r'nickName eq "caf\u00e9 )and( [x]"', "q", "unicode-escape"),
    ('nickName eq "CAF\u00c9 )AND( [X]"', "q", "brackets-in-a-string"),
    # qualified names
    (f'{ENTERPRISE}:employeeNumber eq "701984"', "b", "extension"),
    (f'{ENTERPRISE.upper()}:MANAGER.VALUE eq "26118915"', "b", "RFC7644-3.10-5"),
    ('meta.created ge "2026-01-01T00:00:00+00:00"', "bjq", "dates-as-instants"),
    ('meta.created lt "2026-01-01T09:00:00.5+09:00"', "", "dates-with-zones"),
    ('meta.resourceType eq "User"', "bjq", "meta"),
    ('x509Certificates.value eq "MIID"', "b", "binary-equality"),
]


@pytest.mark.parametrize(
    ("text", "who"), [pytest.param(text, who, id=name) for text, who, name in FOUND]
)
def test_a_filter_finds_those_who_match(find: Callable[[str], str], text: str, who: str) -> None:
    assert find(text) == who


WRONG = [
    ("", "RFC7644-3.4.2.2-8"),
    ("userName", "RFC7644-3.4.2.2-9"),
    ("userName eq", "no-value"),
    ('eq "x"', "no-name"),
    ('userName regex "x"', "RFC7644-3.4.2.2-47"),
    ("userName co bjensen", "no-quotes"),
    ("userName eq bjensen and active eq true", "no-quotes-in-a-part"),
    ("emails[value eq bjensen]", "no-quotes-in-brackets"),
    ("userName eq and", "no-quotes-round-a-word-of-filters"),
    ("userName eq 'bjensen'", "single-quotes"),
    ('userName eq "bjensen', "open-quote"),
    ('userName eq "a" and', "nothing-after-and"),
    ('userName eq "a" xor title pr', "unknown-word"),
    ('userName eq "a" title pr', "no-word"),
    ('(userName eq "a"', "open-bracket"),
    ('userName eq "a")', "extra-bracket"),
    ('emails[type eq "a"', "open-square-bracket"),
    ("emails[]", "empty-square-brackets"),
    ('emails[type eq "a" and ims[type eq "b"]]', "erratum-4690"),
    ('not userName eq "a"', "not-without-brackets"),
    ("()", "empty-brackets"),
    ("active gt true", "RFC7644-3.4.2.2-19"),
    ("active ge true", "RFC7644-3.4.2.2-22"),
    ("active lt true", "RFC7644-3.4.2.2-24"),
    ("active le true", "RFC7644-3.4.2.2-26"),
    ('x509Certificates.value gt "MIID"', "RFC7644-3.4.2.2-20"),
    ("active co true", "substring-of-a-boolean"),
    ('active eq "yes"', "text-for-a-boolean"),
    ("userName eq 5", "number-for-a-text"),
    ("userName eq true", "boolean-for-a-text"),
    ("userName gt null", "order-of-null"),
    ('meta.created gt "yesterday"', "no-date"),
    ('shoeSize eq "1"', "RFC7644-3.4.2.2-51"),
    ('name.pet eq "1"', "unknown-sub-attribute"),
    ('name eq "x"', "RFC7644-3.4.2.2-44"),
    ('urn:x:y:userName eq "x"', "unknown-urn"),
    ('http://x:userName eq "x"', "not-a-urn"),
    ('1name eq "x"', "RFC7644-3.4.2.2-38"),
    ('a.b.c eq "x"', "three-parts"),
    ('password eq "x"', "password"),
    ("password pr", "password-present"),
    ("userName eq NaN", "nan"),
    ('userName eq ["x"]', "array"),
    ('userName eq {"x":1}', "object"),
    ("userName eq " + "9" * 5000, "enormous-integer"),
    (r'userName eq "\ud800"', "half-a-surrogate-pair"),
    ("(" * 60 + "title pr" + ")" * 60, "too-deep"),
    ("(" * 15_000, "much-too-deep"),
    ("not (" * 3_000, "much-too-deep-not"),
    ('title pr or title eq "' + "x" * 20_000 + '"', "too-long"),
]


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for text, name in WRONG])
def test_a_wrong_filter_is_refused(scim: Scim, text: str) -> None:
    scim.user()
    reply = scim.get("/Users", filter=text)
    assert reply.fault == (400, "invalidFilter")


def test_the_refusal_names_the_operator_and_the_position(scim: Scim) -> None:
    detail = scim.get("/Users", filter='userName regex "x"').body["detail"]
    assert "'regex' is not supported" in detail
    assert "character 10" in detail


def test_long_chains_are_not_deep(scim: Scim) -> None:
    scim.user()
    text = " or ".join(['userName eq "bjensen"'] * 500)
    assert scim.get("/Users", filter=text).body["totalResults"] == 1


@pytest.mark.parametrize("depth", [1, filters.MAX_DEPTH])
def test_brackets_nest_up_to_the_limit(scim: Scim, depth: int) -> None:
    scim.user()
    count = depth - 1
    text = "(" * count + "userName pr" + ")" * count
    assert scim.get("/Users", filter=text).body["totalResults"] == 1


def test_groups_are_found_by_name_and_by_member(scim: Scim) -> None:
    person, other = scim.user("a"), scim.user("b")
    wanted = scim.group("Tour Guides", [person])
    scim.group("Others", [other])
    identifier = person.rpartition("/")[2]
    for text in (
        'displayName eq "tour guides"',
        f'members.value eq "{identifier}"',
        f'members[value eq "{identifier}"]',
        f'members eq "{identifier}" and displayName sw "T"',
        f'id eq "{wanted[8:]}"',
    ):
        assert scim.get("/Groups", filter=text).ids == [wanted[8:]], text
    assert scim.get("/Users", filter='groups.display eq "Others"').ids == [other[7:]]


def test_an_index_follows_every_change(scim: Scim) -> None:
    path = scim.user("old", externalId="1", emails=[{"value": "one@x"}], displayName="D")

    def found(text: str) -> bool:
        return bool(scim.get("/Users", filter=text).body["totalResults"])

    assert found('emails.value eq "ONE@X"')
    assert found('emails[value eq "one@x"] and externalId eq "1"')
    scim.patch(
        path,
        {"op": "replace", "path": "emails", "value": [{"value": "two@x"}]},
        {"op": "remove", "path": "externalId"},
        {"op": "replace", "path": "displayName", "value": "E"},
    )
    assert [found(f'emails.value eq "{each}@x"') for each in ("one", "two")] == [False, True]
    assert [found(f'displayName eq "{each}"') for each in "de"] == [False, True]
    assert not found('externalId eq "1"')
    scim.delete(path)
    assert not found('emails.value eq "two@x" or displayName eq "e"')
