"""Nothing secret and nobody's data reaches the file: every artefact is searched for all of it."""

from __future__ import annotations

# ruff: noqa: ANN401 # fixtures are factories whose classes no test can import
import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from idp_profiles import load
from idp_profiles.made_up import made_up_stage
from idp_profiles.model import Headers
from idp_profiles.traffic.file import as_json
from idp_profiles.traffic.recorded import Heard
from idp_profiles.traffic.recorded import Recorded
from idp_profiles.traffic.redaction import Raw
from idp_profiles.traffic.redaction import Redactor
from tests.idp_profiles.traffic.booth import TOKEN
from tests.idp_profiles.traffic.booth import lines_of
from tests.idp_profiles.traffic.booth import record
from tests.idp_profiles.traffic.booth import recorder
from tests.idp_profiles.traffic.test_recorder import spoken

SECRETS = (
    *("tok-Abc123xyz", "s3ss10n-c00kie", "Pa55-word!", "cl13nt-s3cret", "4pi-k3y-value"),
    *("r3fresh-t0ken", "acc3ss-t0ken", "ass3rtion.jwt.sig", "q2uery-t0ken"),
)
PERSONAL = (
    *("ada.lovelace@acme-corp.com", "Ada", "Lovelace", "Countess of", "+44 20 7946 0958"),
    *("12 St James Square", "Babbage", "e4711-employee", "2819c223-7f76-453a", "acme-corp"),
    *("Enchantress of Numbers", "1815-12-10", "Byron", "00u-idp-id", "Analytical Team"),
)
KNOWN_NUMBERS = (20794609, 18151210)


def exchange(
    target: str = "/Users",
    body: Any = None,
    *,
    method: str = "POST",
    headers: Headers = (),
    reply: Any = None,
    redactor: Redactor | None = None,
    elsewhere: bool = False,
) -> Recorded:
    sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    answer = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    raw = Raw(
        at=0.0,
        method=method,
        target=target,
        headers=headers,
        body=Heard(sent, len(sent)),
        status=200,
        reply_body=Heard(answer, len(answer)) if reply is not None else Heard(),
        elsewhere=elsewhere,
    )
    return (redactor or Redactor()).exchange(1, raw)


def forms(value: str) -> set[str]:
    """Return the spellings in which a value could hide."""
    plain = {value, quote(value, safe=""), quote_plus(value), json.dumps(value)[1:-1]}
    plain |= {json.dumps(value, ensure_ascii=False)[1:-1], quote(value)}
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return {one.casefold() for one in plain} | {encoded.casefold()}


def leaks(text: str, values: Any) -> list[str]:
    lower = text.casefold()
    return [value for value in values if any(form in lower for form in forms(value))]


USER = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", "urn:acme:own"],
    "id": "2819c223-7f76-453a",
    "externalId": "00u-idp-id",
    "userName": "ada.lovelace@acme-corp.com",
    "name": {"givenName": "Ada", "familyName": "Lovelace", "formatted": "Countess of Lovelace"},
    "displayName": "Ada Lovelace",
    "nickName": "Enchantress of Numbers",
    "emails": [{"type": "work", "value": "Ada.Lovelace@acme-corp.com", "display": "Ada"}],
    "phoneNumbers": [{"type": "Byron", "value": "+44 20 7946 0958"}],
    "addresses": [{"type": "work", "formatted": "12 St James Square\nLondon"}],
    "password": "Pa55-word!",
    "active": True,
    "locale": "en-GB",
    "urn:acme:own": {"apiKey": "4pi-k3y-value", "born": "1815-12-10", "phone": 20794609},
    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
        "employeeNumber": "e4711-employee",
        "manager": {"value": "Babbage", "$ref": "https://acme-corp.com/Users/Babbage"},
    },
    "groups": [{"value": "2819c223-7f76-453a", "display": "Analytical Team"}],
    "meta": {"location": "https://acme-corp.com/t/acme-corp/Users/2819c223-7f76-453a"},
    "Ada Lovelace": 18151210,
}
PATCH = {
    "Operations": [
        {"op": "replace", "value": {"password": "Pa55-word!", "name.givenName": "Ada"}},
        {"op": "replace", "path": "password", "value": "Pa55-word!"},
        {
            "op": "add",
            "path": 'emails[value eq "ada.lovelace@acme-corp.com"].display',
            "value": "Ada",
        },
        {"op": "remove", "path": 'members[value eq "2819c223-7f76-453a"]'},
        {"op": "remove", "path": "Ada Lovelace"},
        {"op": "remove", "path": "members[value eq 2819c223-7f76-453a]"},
        {"op": "Ada Lovelace 1815-12-10", "path": "ada.lovelace@acme-corp.com", "value": 20794609},
        {"Op": "Replace", "Path": "urn:acme:own:apiKey", "Value": "4pi-k3y-value"},
    ]
}
FORM = (
    b"grant_type=client_credentials&client_id=Babbage&client_secret=cl13nt-s3cret"
    b"&client_assertion=ass3rtion.jwt.sig&username=ada.lovelace%40acme-corp.com"
)
TARGETS = (
    "/Users?filter=userName%20eq%20%22ada.lovelace%40acme-corp.com%22&token=q2uery-t0ken",
    "/Users?filter=userName+eq+%22Ada%22+or+name.familyName+co+%22Lovelace%22",
    "/Users?filter=Ada+Lovelace&sortBy=Ada%20Lovelace!&q2uery-t0ken=1",
    "/Users?filter=emails%5Btype+eq+%22work%22+and+value+eq+%22ada.lovelace%40acme-corp.com%22%5D",
    "/Users/2819c223-7f76-453a?attributes=userName&q2uery-t0ken-q2uery-t0ken",
    "/Users/ada.lovelace%40acme-corp.com",
    "/Groups?filter=displayName%20eq%20%22Analytical%20Team%22&count=1815-12-10",
    "/acme-corp/Users/Babbage?filter=(userName%20eq%20%22Byron%22)",
)
HEADERS = (
    ("Authorization", "Bearer tok-Abc123xyz"),
    ("Cookie", "session=s3ss10n-c00kie"),
    ("X-Api-Key", "4pi-k3y-value"),
    ("X-User", "ada.lovelace@acme-corp.com"),
    ("Referer", "https://acme-corp.com/Users/Babbage"),
    ("If-Match", 'W/"2819c223-7f76-453a"'),
    ("User-Agent", "IdP (ada.lovelace@acme-corp.com)"),
    ("Host", "scim.acme-corp.com"),
)


def test_the_file_holds_no_secret_and_nobodys_data(tmp_path: Path, listen: Any) -> None:
    error = {"detail": "User Ada Lovelace (ada.lovelace@acme-corp.com) exists", "status": "409"}
    tokens = {"access_token": "acc3ss-t0ken", "refresh_token": "r3fresh-t0ken", "expires_in": 9}
    listed = {"totalResults": 1, "Resources": [USER]}
    replies = [USER, error, tokens, listed, "<p>Ada Lovelace</p>"]

    def answer(method: str, target: str, body: bytes) -> bytes:
        reply = replies[len(target) % len(replies)]
        content = reply.encode() if isinstance(reply, str) else json.dumps(reply).encode()
        head = (
            f"HTTP/1.1 200 Ada\r\nContent-Length: {len(content)}\r\n"
            "Set-Cookie: session=s3ss10n-c00kie\r\nX-Next: tok-Abc123xyz\r\n"
            "Location: https://scim.acme-corp.com/Users/2819c223-7f76-453a\r\n\r\n"
        )
        return head.encode() + content

    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS)
    path = tmp_path / "r"
    with recorder(f"{listen(answer).url}/t/acme-corp", path) as running:
        for target in TARGETS:
            for prefix in ("/t/acme-corp", ""):
                for method, body, media in (
                    ("GET", b"", "text/plain"),
                    ("POST", json.dumps(USER).encode(), "application/scim+json"),
                    ("PATCH", json.dumps(PATCH).encode(), "application/json"),
                    ("POST", FORM, "application/x-www-form-urlencoded"),
                    ("POST", b"Ada Lovelace, tok-Abc123xyz", "text/plain"),
                ):
                    framing = f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
                    line = f"{method} {prefix}{target} HTTP/1.1\r\n"
                    spoken(running, (line + head + framing).encode() + body)
    text = path.read_text(encoding="utf-8")
    assert len(lines_of(path)) == len(TARGETS) * 2 * 5
    assert leaks(text, SECRETS) == []
    assert leaks(text, PERSONAL) == []
    assert [number for number in KNOWN_NUMBERS if str(number) in text] == []


@pytest.mark.parametrize(
    ("name", "dialect", "scenario"),
    [
        ("okta", "oin", "group-members-change-patch"),
        ("okta", "oin", "sync-password-oin"),
        ("okta", "aiw", "link-existing-user-aiw"),
        ("okta", "governance", "entitlement-assign"),
        ("entra", "default", "update-many-default"),
        ("entra", "flag", "manager-set-flag"),
        ("jumpcloud", "custom", "update"),
    ],
)
def test_a_recorded_scenario_names_nobody(
    tmp_path: Path, name: str, dialect: str, scenario: str
) -> None:
    path = tmp_path / "r"
    stage = made_up_stage(load(name).scenarios[scenario].people)
    record(path, name, dialect, scenario, stage=stage)
    values = {TOKEN, stage.group.name, stage.new_email, stage.new_given_name, stage.new_password}
    for person in stage.people:
        values |= {person.user_name, person.given_name, person.family_name, person.idp_id}
        values |= {person.display_name, person.password}
        values |= {str(value) for value in person.attributes.values()} - {"Testing", "US", "XX"}
    short = {value for value in values if len(value) < 4}
    text = path.read_text(encoding="utf-8")
    assert leaks(text, values - short) == []
    assert [value for value in short if f'"{value}"' in text] == []


# Without `op`: in an operation, a path is the name of an attribute.
KEYS = (
    *("path", "value", "Operations", "schemas", "emails", "type", "meta", "status", "version"),
    *("$ref", "location", "active", "locale", "MARKer-7", "password", "userName", "urn:x:y"),
    *("created", "scimType", "resourceType", "id", "display", "preferredLanguage", "Resources"),
)


@settings(max_examples=150, deadline=None)
@given(
    body=st.recursive(
        st.just("MARKer-7"),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(KEYS),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_text_survives_because_of_where_it_stands(body: Any) -> None:
    line = json.dumps(as_json(exchange(body=body, reply=body)))
    # As the name of a member it could be an attribute's name, which names nobody.
    assert '"MARKer-7"' not in line.replace('"MARKer-7": ', "")


def test_equal_values_have_equal_placeholders_in_every_place() -> None:
    redactor = Redactor()
    looked_up = exchange(
        "/Users?filter=userName%20eq%20%22ada%40x.org%22", method="GET", redactor=redactor
    )
    body = {"userName": "ada@x.org", "emails": [{"value": "ada@x.org"}], "id": "7"}
    created = exchange("/Users", body, redactor=redactor, reply=body)
    read = exchange("/Users/7", method="GET", redactor=redactor)
    shown = created.content.body
    assert isinstance(shown, dict)
    assert shown["userName"] == "person-1@redacted.invalid"
    assert shown["emails"] == [{"value": "person-1@redacted.invalid"}]
    assert looked_up.target == "/Users?filter=userName%20eq%20%22person-1%40redacted.invalid%22"
    assert read.target == f"/Users/{shown['id']}"


def test_another_letter_case_stays_another_letter_case() -> None:
    redactor = Redactor()
    names = ["ada@x.org", "ADA@X.ORG", "Ada@x.org", "ada@x.org"]
    shown = [
        exchange(body={"userName": name}, redactor=redactor).content.body["userName"]  # type: ignore[index,call-overload] # it is an object
        for name in names
    ]
    assert shown[0] == shown[3]
    assert len(set(shown)) == 3
    assert len({one.casefold() for one in shown}) == 1


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/Users?startIndex=1&count=100", "/Users?startIndex=1&count=100"),
        (
            "/Users?filter=id+eq+%227%22&attributes=id",
            "/Users?filter=id+eq+%22id-1%22&attributes=id",
        ),
        ("/Users?filter=active%20eq%20true", "/Users?filter=active%20eq%20true"),
        ("/Users?filter=title%20pr", "/Users?filter=title%20pr"),
        ('/Users?filter=id eq "7"', '/Users?filter=id eq "id-1"'),
        ("/Users?filter=id%20eq%20%227%22%20", "/Users?filter=id%20eq%20%22id-1%22%20"),
        ("/Users?filter=a%2fb", "/Users?filter=text-1"),
        ("/Users?aadOptscim062020", "/Users?aadOptscim062020"),
        ("/Users?aadOptscim062020=true&", "/Users?aadOptscim062020=true&"),
        ("//Users/", "//Users/"),
        ("/Users/.search", "/Users/.search"),
        ("", ""),
        ("?", "?"),
    ],
)
def test_the_form_of_a_target_stays(target: str, shown: str) -> None:
    assert exchange(target, method="GET").target == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("Bearer abc", "Bearer [redacted]"),
        ("bearer abc", "bearer [redacted]"),
        ("Basic YTpi", "Basic [redacted]"),
        ("abc", "[redacted]"),
        ("abc def", "[redacted]"),
    ],
)
def test_the_scheme_of_an_authorization_stays(value: str, shown: str) -> None:
    assert exchange(headers=(("Authorization", value),)).headers == (("Authorization", shown),)


def test_what_the_server_says_of_itself_stays_readable() -> None:
    listed = {"Resources": [{"id": "User", "endpoint": "/Users", "description": "by a@b.org"}]}
    shown = exchange("/ResourceTypes", method="GET", reply=listed)
    assert shown.reply is not None
    assert shown.reply.content.body == {
        "Resources": [
            {"id": "User", "endpoint": "/Users", "description": "by person-1@redacted.invalid"}
        ]
    }
