"""What is accepted beyond the RFCs: each thing works by default, and not when switched off."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeAlias

import pytest

from reference_server import Client
from reference_server import OAuth
from reference_server import tolerances
from reference_server.tolerances import Tolerance
from reference_server.tolerances import Tolerances

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Reply
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MANAGER = f"{ENTERPRISE}:manager"

Observation: TypeAlias = Callable[["Scim"], object]


def op(name: str, path: str | None, value: Json = None) -> Json:
    operation = {"op": name, "path": path, "value": value}
    return {key: each for key, each in operation.items() if each is not None}


def seen(reply: Reply, *names: str) -> object:
    """Return some attributes of a reply, or its fault."""
    if reply.status >= 400:
        return reply.fault
    found = reply.body
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def patched(scim: Scim, path: str, *operations: Json, names: tuple[str, ...]) -> object:
    return seen(scim.patch(path, *operations, attributes=names[0]), *names)


def posted(scim: Scim, names: tuple[str, ...], **attributes: Json) -> object:
    body = {"schemas": [USER], "userName": "x", **attributes}
    return seen(scim.post("/Users", body), *names)


def employee(scim: Scim) -> str:
    extension = {"manager": {"value": "7"}, "department": "R"}
    return scim.user(schemas=[USER, ENTERPRISE], **{ENTERPRISE: extension})


def add_creates_value(scim: Scim) -> object:
    change = op("add", 'emails[type eq "work"].value', "a@example.com")
    return patched(scim, scim.user(), change, names=("emails",))


def array_for_single_value(scim: Scim) -> object:
    change = op("add", MANAGER, [{"value": "7"}])
    return patched(scim, scim.user(), change, names=(ENTERPRISE, "manager"))


def client_credentials_twice(scim: Scim) -> object:
    pair = base64.b64encode(b"an-idp:its-secret").decode()
    form = {"Authorization": f"Basic {pair}", "Content-Type": "application/x-www-form-urlencoded"}
    body = b"grant_type=client_credentials&client_id=an-idp&client_secret=its-secret"
    reply = scim.call("POST", "/oauth/token", body, form)
    return reply.body["error"] if reply.status >= 400 else reply.status


OPTIONS: dict[Tolerance, dict[str, Json]] = {
    Tolerance.CLIENT_CREDENTIALS_TWICE: {
        "oauth": OAuth(clients=[Client(id="an-idp", secret="its-secret")])  # noqa: S106 # a test's
    }
}


def bare_string_manager(scim: Scim) -> object:
    change = op("add", MANAGER, "7")
    body = {"schemas": [USER, ENTERPRISE], "userName": "y", ENTERPRISE: {"manager": "7"}}
    path = scim.user()
    return [
        patched(scim, path, change, names=(ENTERPRISE, "manager")),
        seen(scim.post("/Users", body), ENTERPRISE, "manager"),
        seen(scim.put(path, {**body, "userName": "z"}), ENTERPRISE, "manager"),
    ]


def bare_value_for_array(scim: Scim) -> object:
    person, group = scim.user(), scim.group()
    member = {"value": person.rpartition("/")[2]}
    return [
        patched(scim, person, op("add", "emails", {"value": "a@b.c"}), names=("emails",)),
        scim.patch(group, op("add", "members", member)).status,
    ]


def boolean_digits(scim: Scim) -> object:
    path = scim.user()
    body: Json = {"schemas": [USER], "userName": "z", "active": "0"}
    return [
        posted(scim, ("active",), active="1"),
        seen(scim.put(path, body), "active"),
        patched(scim, path, op("replace", "active", "1"), names=("active",)),
    ]


def boolean_text(scim: Scim) -> object:
    path = scim.user()
    flag = op("replace", "active", "False")
    return [
        patched(scim, path, flag, names=("active",)),
        posted(scim, ("active",), active="True"),
        seen(scim.get("/Users", filter='active eq "False"'), "totalResults"),
    ]


def capitalised_literals(scim: Scim) -> object:
    scim.user(active=True)
    return seen(scim.get("/Users", filter="active eq True"), "totalResults")


def capitalised_operations(scim: Scim) -> object:
    return patched(scim, scim.user(), op("Replace", "title", "x"), names=("title",))


def dotted_keys(scim: Scim) -> object:
    change = op("replace", None, {"name.givenName": "B", "title": "x"})
    return patched(scim, scim.user(), change, names=("name",))


def empty_manager(scim: Scim) -> object:
    path = employee(scim)
    change = op("replace", MANAGER, {"value": ""})
    return patched(scim, path, change, names=(ENTERPRISE, "manager"))


def empty_path(scim: Scim) -> object:
    change = {"op": "add", "path": "", "value": {"title": "x"}}
    return patched(scim, scim.user(), change, names=("title",))


def filter_after_brackets(scim: Scim) -> object:
    scim.user(emails=[{"value": "a@b.c", "type": "work"}])
    text = 'emails[type eq "work"].value eq "a@b.c"'
    return seen(scim.get("/Users", filter=text), "totalResults")


def filter_on_single_value(scim: Scim) -> object:
    path = employee(scim)
    change = op("remove", f'{MANAGER}[value eq "7"]')
    return patched(scim, path, change, names=(ENTERPRISE,))


def foreign_schemas(scim: Scim) -> object:
    return posted(scim, ("schemas",), schemas=[USER, "urn:example:other"])


def former_core_schema(scim: Scim) -> object:
    group: Json = {"schemas": ["urn:scim:schemas:core:1.0"], "displayName": "g"}
    return [
        posted(scim, ("schemas",), schemas=["urn:scim:schemas:core:2.0"]),
        seen(scim.post("/Groups", group), "schemas"),
    ]


def null_multi_valued(scim: Scim) -> object:
    emails = [{"value": "a@b.c"}]
    path = scim.user(emails=emails)
    body: Json = {"schemas": [USER], "userName": "z"}
    return [
        seen(scim.put(path, {**body, "emails": None}), "emails"),
        seen(scim.put(path, {**body, "emails": [None, *emails]}), "emails"),
        patched(scim, path, {"op": "add", "path": "emails", "value": None}, names=("emails",)),
        posted(scim, ("emails",), emails=None),
    ]


def object_for_array(scim: Scim) -> object:
    path, email = scim.user(), {"value": "a@b.c"}
    body: Json = {"schemas": [USER], "userName": "z", "emails": email}
    return [posted(scim, ("emails",), emails=email), seen(scim.put(path, body), "emails")]


def patch_without_schemas(scim: Scim) -> object:
    path = scim.user()
    changed = scim.call("PATCH", path, {"Operations": [op("add", "title", "x")]})
    return (
        [changed.status, scim.get(path).body.get("title")]
        if changed.status < 400
        else changed.fault
    )


def qualified_keys(scim: Scim) -> object:
    change = op("add", None, {f"{ENTERPRISE}:department": "R", f"{USER}:title": "x"})
    return patched(scim, scim.user(), change, names=(ENTERPRISE,))


def remove_members_by_value(scim: Scim) -> object:
    people = [scim.user("a"), scim.user("b")]
    group = scim.group("g", people)
    named = [{"value": people[0].rpartition("/")[2]}]
    assert scim.patch(group, op("remove", "members", named)).status == 204
    return [people.index(each) for each in scim.members(group)]


def remove_values_by_value(scim: Scim) -> object:
    emails = [{"value": "a@b.c"}, {"value": "d@e.f"}]
    path = scim.user(emails=emails)
    return patched(scim, path, op("remove", "emails", emails[:1]), names=("emails",))


def repeated_bearer(scim: Scim) -> object:
    scim.authorization = "Bearer bearer  Bearer secret"
    return scim.get("/Users").status


def schema_uri_case(scim: Scim) -> object:
    body = {"schemas": [PATCH.upper()], "Operations": [op("add", "title", "x")]}
    return [
        posted(scim, ("userName",), schemas=[USER.upper()]),
        scim.call("PATCH", scim.user(), body).fault,
    ]


def trailing_slash(scim: Scim) -> object:
    return [scim.get("/Users/").status, scim.get("/").status, scim.get(f"{scim.user()}/").status]


def unchanged_read_only(scim: Scim) -> object:
    path = scim.user()
    own = path.rpartition("/")[2]
    change = op("replace", None, {"id": own, "title": "x"})
    return patched(scim, path, change, names=("title",))


def undeclared_extension(scim: Scim) -> object:
    return posted(scim, (ENTERPRISE,), **{ENTERPRISE: {"department": "R"}})


def unqualified_extensions(scim: Scim) -> object:
    path = employee(scim)
    return [
        seen(scim.get("/Users", filter='department eq "R"'), "totalResults"),
        seen(scim.get("", filter='department eq "R"'), "totalResults"),
        patched(scim, path, op("add", "department", "S"), names=(ENTERPRISE, "department")),
        seen(scim.get("/Users", sortBy="department"), "totalResults"),
    ]


def unquoted_value(scim: Scim) -> object:
    scim.user("7of9@example.com")
    return [
        seen(scim.get("/Users", filter="userName eq 7OF9@example.com"), "totalResults"),
        seen(scim.get("/Users", filter="userName eq somebody"), "totalResults"),
    ]


BAD_VALUE = (400, "invalidValue")
BAD_PATH = (400, "invalidPath")
BAD_SYNTAX = (400, "invalidSyntax")
BAD_FILTER = (400, "invalidFilter")
MAIL: Json = [{"value": "a@b.c"}]

CASES: list[tuple[Tolerance, Observation, object, object]] = [
    (
        Tolerance.ADD_CREATES_VALUE,
        add_creates_value,
        [{"type": "work", "value": "a@example.com"}],
        (400, "noTarget"),
    ),
    (Tolerance.ARRAY_FOR_SINGLE_VALUE, array_for_single_value, {"value": "7"}, BAD_VALUE),
    (Tolerance.BARE_STRING_MANAGER, bare_string_manager, [{"value": "7"}] * 3, [BAD_VALUE] * 3),
    (Tolerance.BARE_VALUE_FOR_ARRAY, bare_value_for_array, [MAIL, 204], [BAD_VALUE, 400]),
    (Tolerance.BOOLEAN_DIGITS, boolean_digits, [True, False, True], [BAD_VALUE] * 3),
    (Tolerance.BOOLEAN_TEXT, boolean_text, [False, True, 1], [BAD_VALUE, BAD_VALUE, BAD_FILTER]),
    (Tolerance.CAPITALISED_LITERALS, capitalised_literals, 1, BAD_FILTER),
    (Tolerance.CAPITALISED_OPERATIONS, capitalised_operations, "x", BAD_SYNTAX),
    (Tolerance.DOTTED_KEYS, dotted_keys, {"givenName": "B"}, BAD_PATH),
    (Tolerance.EMPTY_MANAGER, empty_manager, None, {"value": ""}),
    (Tolerance.EMPTY_PATH, empty_path, "x", BAD_PATH),
    (Tolerance.FILTER_AFTER_BRACKETS, filter_after_brackets, 1, BAD_FILTER),
    (Tolerance.FILTER_ON_SINGLE_VALUE, filter_on_single_value, {"department": "R"}, BAD_PATH),
    (Tolerance.FOREIGN_SCHEMAS, foreign_schemas, [USER], BAD_VALUE),
    (Tolerance.FORMER_CORE_SCHEMA, former_core_schema, [[USER], [GROUP]], [BAD_VALUE] * 2),
    (Tolerance.NULL_MULTI_VALUED, null_multi_valued, [None, MAIL, MAIL, None], [BAD_VALUE] * 4),
    (Tolerance.OBJECT_FOR_ARRAY, object_for_array, [MAIL, MAIL], [BAD_VALUE] * 2),
    (Tolerance.PATCH_WITHOUT_SCHEMAS, patch_without_schemas, [200, "x"], BAD_SYNTAX),
    (Tolerance.QUALIFIED_KEYS, qualified_keys, {"department": "R"}, BAD_PATH),
    (Tolerance.REMOVE_MEMBERS_BY_VALUE, remove_members_by_value, [1], []),
    (Tolerance.REMOVE_VALUES_BY_VALUE, remove_values_by_value, [{"value": "d@e.f"}], None),
    (Tolerance.REPEATED_BEARER, repeated_bearer, 200, 401),
    (Tolerance.SCHEMA_URI_CASE, schema_uri_case, ["x", (200, None)], [BAD_VALUE, BAD_SYNTAX]),
    (Tolerance.TRAILING_SLASH, trailing_slash, [200, 200, 200], [404, 200, 404]),
    (Tolerance.UNCHANGED_READ_ONLY, unchanged_read_only, "x", (400, "mutability")),
    (Tolerance.UNDECLARED_EXTENSION, undeclared_extension, {"department": "R"}, BAD_VALUE),
    (
        Tolerance.UNQUALIFIED_EXTENSIONS,
        unqualified_extensions,
        [1, 1, "S", 1],
        [BAD_FILTER, BAD_FILTER, BAD_PATH, BAD_VALUE],
    ),
    (Tolerance.CLIENT_CREDENTIALS_TWICE, client_credentials_twice, 200, "invalid_request"),
    (Tolerance.UNQUOTED_VALUE, unquoted_value, [1, 0], [BAD_FILTER, BAD_FILTER]),
]


@pytest.mark.parametrize(("tolerance", "observe", "on", "off"), CASES)
def test_a_tolerance_works_until_it_is_switched_off(
    make_scim: Callable[..., Scim],
    tolerance: Tolerance,
    observe: Observation,
    on: object,
    off: object,
) -> None:
    options = OPTIONS.get(tolerance, {})
    assert observe(make_scim(**options)) == on
    assert observe(make_scim(without_tolerances=[tolerance], **options)) == off
    others = [name for name in tolerances.names() if name != tolerance]
    assert observe(make_scim(without_tolerances=others, **options)) == on


def test_an_empty_text_is_no_manager(scim: Scim) -> None:
    path = employee(scim)
    scim.patch(path, op("replace", MANAGER, ""))
    assert scim.get(path).body[ENTERPRISE] == {"department": "R"}
    made = scim.post("/Users", {"schemas": [USER], "userName": "y", ENTERPRISE: {"manager": ""}})
    assert ENTERPRISE not in made.body


@pytest.mark.parametrize("schemas", [[], ["urn:scim:schemas:core:3.0"], [GROUP]])
def test_a_user_of_no_core_schema_at_all_is_refused(scim: Scim, schemas: Json) -> None:
    assert posted(scim, ("userName",), schemas=schemas) == BAD_VALUE


def test_a_former_core_schema_beside_the_true_one_is_foreign(
    make_scim: Callable[..., Scim],
) -> None:
    strict = make_scim(without_tolerances=[Tolerance.FOREIGN_SCHEMAS])
    both = [USER, "urn:scim:schemas:core:1.0"]
    assert posted(strict, ("userName",), schemas=both) == BAD_VALUE


@pytest.mark.parametrize("text", ["2", "01", "yes", ""])
def test_no_other_text_is_a_boolean(scim: Scim, text: str) -> None:
    assert posted(scim, ("active",), active=text) == BAD_VALUE


def test_an_object_of_the_wrong_type_is_still_refused(scim: Scim) -> None:
    assert posted(scim, ("emails",), emails={"value": 7}) == BAD_VALUE
    assert posted(scim, ("emails",), emails="a@b.c") == BAD_VALUE


def test_each_tolerance_is_tried() -> None:
    assert {str(case[0]) for case in CASES} == set(tolerances.names())


def test_without_any_tolerance_plain_rfc_requests_work(make_scim: Callable[..., Scim]) -> None:
    scim = make_scim(without_tolerances=tolerances.names())
    manager = {"manager": {"value": "7"}}
    body = {"schemas": [USER, ENTERPRISE], "userName": "a", "emails": [], ENTERPRISE: manager}
    made = scim.post("/Users", body)
    assert made.status == 201
    path = f"/Users/{made.body['id']}"
    changes = [
        op("add", "emails", MAIL),
        op("replace", 'emails[value eq "a@b.c"].type', "work"),
        op("add", None, {"title": "x", ENTERPRISE: {"department": "R"}}),
        op("remove", f"{MANAGER}.value"),
    ]
    changed = scim.patch(path, *changes)
    assert changed.status == 200, changed.body
    assert changed.body["emails"] == [{"value": "a@b.c", "type": "work"}]
    assert changed.body[ENTERPRISE] == {"department": "R"}
    assert scim.put(path, changed.body).status == 200
    group = scim.group("g", [path])
    assert scim.patch(group, op("remove", f'members[value eq "{made.body["id"]}"]')).status == 204
    assert scim.get("/Users", filter="active eq true or title pr").body["totalResults"] == 1


def test_names_are_in_order_and_each_has_one_sentence() -> None:
    assert list(tolerances.names()) == sorted(set(tolerances.names()))
    for name in tolerances.names():
        assert tolerances.describe(name).endswith(".")
        assert "off: " in tolerances.describe(name)


def test_the_page_of_choices_explains_each_tolerance() -> None:
    page = Path(__file__).parents[2].joinpath("docs", "server-choices.md").read_text("utf-8")
    section = page.partition("## Beyond the RFCs: tolerances\n")[2].partition("\n## ")[0]
    assert set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", section)) == set(tolerances.names())


def test_an_unknown_name_is_refused_with_the_known_ones(make_scim: Callable[..., Scim]) -> None:
    with pytest.raises(ValueError, match=r"'kindness'.*capitalised-operations"):
        Tolerances.without(["kindness"])
    with pytest.raises(ValueError, match="kindness"):
        make_scim(without_tolerances=["kindness"])
    with pytest.raises(ValueError, match="kindness"):
        tolerances.describe("kindness")


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        ("Bearer secret", 200),
        ("BEARER BEARER secret", 200),
        ("Bearer Bearer", 401),
        ("Bearer Bearer wrong", 401),
        ("Basic Bearer secret", 401),
        ("Bearersecret", 401),
        ("secret", 401),
    ],
)
def test_a_repeated_scheme_opens_no_other_door(scim: Scim, authorization: str, status: int) -> None:
    scim.authorization = authorization
    assert scim.get("/Users").status == status
