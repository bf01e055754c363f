"""Okta's own SCIM 2.0 tests as data: SPEC, CRUD, entitlements (sections 13.1 to 13.3 of the sheet).

The assertions are values; who judges a server evaluates them. The requests carry the headers of
Okta's test files, which differ from those of Okta's provisioning client.
"""

from __future__ import annotations

from idp_profiles.model import Json
from idp_profiles.model import Request

from .names import USER
from .spec_format import Assertion as Assertion
from .spec_format import OfficialRequest as OfficialRequest
from .spec_format import SpecVariables as SpecVariables

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def _status(code: int) -> Assertion:
    return Assertion("response_status", "equal_number", "", str(code))


def _not_empty(*properties: str) -> tuple[Assertion, ...]:
    return tuple(Assertion("response_json", "not_empty", name) for name in properties)


def _numbers(*properties: str) -> tuple[Assertion, ...]:
    return tuple(Assertion("response_json", "is_a_number", name) for name in properties)


def _equal(name: str, value: str) -> Assertion:
    return Assertion("response_json", "equal", name, value)


def _schema(urn: str, comparison: str = "has_value") -> Assertion:
    return Assertion("response_json", comparison, "schemas", urn)


_CHARSET = ("Accept-Charset", "utf-8")
_TYPE = ("Content-Type", "application/scim+json; charset=utf-8")
_ACCEPT = ("Accept", "application/scim+json")
_AUTH = ("Authorization", "{{auth}}")
_AGENT = ("User-Agent", "OKTA SCIM Integration")

# The file puts Content-Type on its GETs, in three orders.
_READ = (_CHARSET, _TYPE, _ACCEPT, _AUTH, _AGENT)
_READ_AUTH_FIRST = (_CHARSET, _TYPE, _AUTH, _ACCEPT, _AGENT)
_READ_2024 = (_ACCEPT, _CHARSET, _AUTH, _TYPE, _AGENT)
_READ_REFUSED = (_ACCEPT, _CHARSET, ("Authorization", "non-token"), _TYPE, _AGENT)
# Its POSTs have another media type and no User-Agent.
_WRITE = (
    ("Content-Type", "application/json"),
    _AUTH,
    ("Accept", "application/scim+json; charset=utf-8"),
)

_NAMES = ("name.familyName", "name.givenName")
_PROFILE = (*_NAMES, "userName", "active", "emails[0].value")


def _new_user(email: str) -> Json:
    return {
        "schemas": [USER],
        "userName": "{{random_username}}",
        "name": {"givenName": "{{random_given_name}}", "familyName": "{{random_family_name}}"},
        "emails": [{"primary": True, "value": email, "type": "work"}],
        "displayName": "{{random_given_name}} {{random_family_name}}",
        "active": True,
    }


_RANDOM_NAMES = (
    _equal("name.familyName", "{{random_family_name}}"),
    _equal("name.givenName", "{{random_given_name}}"),
)

SPEC: tuple[OfficialRequest, ...] = (
    OfficialRequest(
        number=1,
        title="list one user",
        source="spec",
        target="/Users?count=1&startIndex=1",
        headers=_READ,
        assertions=(
            _status(200),
            *_not_empty("Resources"),
            _schema(LIST_RESPONSE),
            *_numbers("itemsPerPage", "startIndex", "totalResults"),
            *_not_empty(*(f"Resources[0].{name}" for name in ("id", *_PROFILE))),
        ),
        captures={"isv_user_id": "Resources[0].id"},
    ),
    OfficialRequest(
        number=2,
        title="read that user",
        source="spec",
        target="/Users/{{isv_user_id}}",
        headers=_READ,
        assertions=(_status(200), *_not_empty("id", *_PROFILE), _equal("id", "{{isv_user_id}}")),
    ),
    OfficialRequest(
        number=3,
        title="lookup of an unknown userName",
        source="spec",
        target='/Users?filter=userName eq "{{invalid_user_email}}"',
        headers=_READ,
        assertions=(_status(200), _schema(LIST_RESPONSE), _equal("totalResults", "0")),
    ),
    OfficialRequest(
        number=4,
        title="read of an unknown id",
        source="spec",
        target="/Users/{{unknown_user_id}}",
        headers=_READ_AUTH_FIRST,
        assertions=(_status(404), *_not_empty("detail"), _schema(ERROR)),
    ),
    OfficialRequest(
        number=5,
        title="random userName is free",
        source="spec",
        target='/Users?filter=userName eq "{{random_email}}"',
        headers=_READ_AUTH_FIRST,
        assertions=(
            _status(200),
            Assertion("response_json", "equal_number", "totalResults", "0"),
            _schema(LIST_RESPONSE),
        ),
    ),
    OfficialRequest(
        number=6,
        title="create",
        source="spec",
        method="POST",
        target="/Users",
        headers=_WRITE,
        body=_new_user("{{random_email}}"),
        assertions=(
            _status(201),
            _equal("active", "true"),
            *_not_empty("id"),
            *_RANDOM_NAMES,
            _schema(USER, "contains"),
            _equal("userName", "{{random_username}}"),
        ),
        captures={"id_user_one": "id"},
    ),
    OfficialRequest(
        number=7,
        title="read back",
        source="spec",
        target="/Users/{{id_user_one}}",
        headers=_READ_AUTH_FIRST,
        assertions=(_status(200), _equal("userName", "{{random_username}}"), *_RANDOM_NAMES),
    ),
    OfficialRequest(
        number=8,
        title="duplicate create",
        source="spec",
        method="POST",
        target="/Users",
        headers=_WRITE,
        body=_new_user("{{random_username}}"),
        assertions=(_status(409),),
        pause=10,
    ),
    OfficialRequest(
        number=9,
        title="lookup in capitals",
        source="spec",
        target='/Users?filter=userName eq "{{random_username_caps}}"',
        headers=_READ_AUTH_FIRST,
        assertions=(_status(200),),
    ),
    OfficialRequest(
        number=10,
        title="groups list (optional)",
        source="spec",
        target="/Groups",
        headers=_READ,
        assertions=(_status(200), Assertion("response_time", "is_less_than", "", "600")),
    ),
    OfficialRequest(
        number=11,
        title="wrong credentials",
        source="spec",
        target='/Users?filter=userName eq "{{random_username_caps}}"',
        headers=_READ_REFUSED,
        assertions=(_status(401), *_not_empty("detail"), _equal("status", "401"), _schema(ERROR)),
    ),
    OfficialRequest(
        number=12,
        title="second unknown id",
        source="spec",
        target="/Users/00919288221112222",
        headers=_READ_2024,
        assertions=(_status(404), *_not_empty("detail"), _equal("status", "404"), _schema(ERROR)),
    ),
)


def spec_requests(variables: SpecVariables) -> tuple[Request, ...]:
    """Return the 12 requests of the SPEC file, as far as the captured variables are known."""
    return tuple(one.request(variables) for one in SPEC)


_OBSERVE = (_AUTH, _ACCEPT)


# What a CRUD file reads from the server: title, what happens in Okta before, seconds it waits for
# that to arrive, what must be shown.
_OBSERVATIONS = (
    (
        "shows new name",
        "change first name in Okta",
        20,
        "name.givenName",
        "{{user_first_name_update}}",
    ),
    ("shows inactive", "deactivate in Okta", 20, "active", "false"),
    ("shows active", "reactivate in Okta and assign again", 20, "active", "true"),
    ("shows inactive again", "remove assignment", 40, "active", "false"),
)


def _first_look(number: int, source: str, after: str) -> OfficialRequest:
    return OfficialRequest(
        number=number,
        title="SCIM shows the user",
        source=source,
        target='/Users?filter=userName eq "{{user_email}}"',
        headers=_OBSERVE,
        assertions=(
            _status(200),
            _equal("Resources[0].userName", "{{user_email}}"),
            _equal("Resources[0].emails[0].value", "{{user_email}}"),
            _equal("Resources[0].name.familyName", "{{user_last_name}}"),
            _equal("Resources[0].name.givenName", "{{user_first_name}}"),
        ),
        captures={"scim_id": "Resources[0].id"},
        after=after,
        pause=20,
    )


def _later_looks(numbers: tuple[int, ...], source: str) -> tuple[OfficialRequest, ...]:
    return tuple(
        OfficialRequest(
            number=number,
            title=f"SCIM {title}",
            source=source,
            target="/Users/{{scim_id}}",
            headers=_OBSERVE,
            assertions=(_status(200), _equal(name, value)),
            after=after,
            pause=pause,
        )
        for number, (title, after, pause, name, value) in zip(numbers, _OBSERVATIONS, strict=True)
    )


CRUD = (_first_look(4, "crud", "assign to app"), *_later_looks((6, 8, 11, 13), "crud"))
ENTITLEMENTS_CRUD = (
    _first_look(5, "entcrud", "assign to app and grant"),
    *_later_looks((7, 9, 12, 14), "entcrud"),
)

ENTITLEMENTS: tuple[OfficialRequest, ...] = (
    OfficialRequest(
        number=1,
        title="list one entitlement (repeat per endpoint)",
        source="enttest",
        target="{{entitlement_endpoint}}?count=1&startIndex=1",
        headers=_READ,
        assertions=(
            _status(200),
            *_not_empty("Resources"),
            _schema(LIST_RESPONSE),
            *_numbers("startIndex"),
            Assertion("response_json", "equal_number", "itemsPerPage", "1"),
            *_numbers("totalResults"),
        ),
    ),
)
