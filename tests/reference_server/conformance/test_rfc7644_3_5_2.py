"""RFC 7644 section 3.5.2: what holds for every PATCH request."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

WORK = {"value": "w@x.org", "type": "work", "primary": True}
HOME = {"value": "h@x.org", "type": "home"}
HOUSE = {"type": "home", "locality": "Bonn", "primary": True}
OFFICE = {"type": "work", "locality": "Ulm"}
NAME = {"givenName": "Barbara", "familyName": "Jensen"}
START: dict[str, Any] = {
    "name": NAME,
    "title": "Dr",
    "emails": [WORK, HOME],
    "addresses": [HOUSE, OFFICE],
}
UNSET = object()

honours = pytest.mark.honours


def op(op: str, path: str | None = None, value: Json = UNSET) -> dict[str, Any]:
    operation = {"op": op, "path": path, "value": value}
    return {key: each for key, each in operation.items() if each not in (None, UNSET)}


# --- the message


@honours("RFC7644-3.5.2-4")
@pytest.mark.parametrize(
    "schemas", [None, [], [USER], "x", PATCH, [5], ["urn:ietf:params:scim:api:messages:2.0:Error"]]
)
def test_a_body_without_the_uri_of_the_message_is_refused(scim: Scim, schemas: Json) -> None:
    path = scim.user(**START)
    message = {"schemas": schemas, "Operations": [op("add", "title", "x")]}
    assert scim.call("PATCH", path, message).fault == (400, "invalidSyntax")
    assert scim.get(path).body["title"] == "Dr"
    good = {"schemas": [PATCH], "Operations": [op("add", "title", "x")]}
    assert scim.call("PATCH", path, good).body["title"] == "x"


@honours("RFC7644-3.5.2-4")
def test_a_body_that_does_not_say_what_it_is_is_refused_without_tolerance(
    make_scim: Callable[..., Scim],
) -> None:
    scim = make_scim(without_tolerances=["patch-without-schemas"])
    path = scim.user(**START)
    message = {"Operations": [op("add", "title", "x")]}
    assert scim.call("PATCH", path, message).fault == (400, "invalidSyntax")
    assert scim.get(path).body["title"] == "Dr"


@honours("RFC7644-3.5.2-5")
@pytest.mark.parametrize(
    "operations", [UNSET, None, [], {}, "x", op("add", "title", "x"), [None], ["x"], [[]]]
)
def test_operations_is_an_array_of_one_or_more_objects(scim: Scim, operations: Json) -> None:
    path = scim.user(**START)
    body = {"schemas": [PATCH]} | ({} if operations is UNSET else {"Operations": operations})
    reply = scim.call("PATCH", path, body)
    assert reply.fault == (400, "invalidSyntax")
    assert "Operations" in reply.body["detail"]


@honours("RFC7644-3.5.2-6")
@pytest.mark.parametrize(
    "entry",
    [
        {"path": "title", "value": "x"},
        {"op": None, "path": "title", "value": "x"},
        {"op": ["add"], "path": "title", "value": "x"},
        {"op": "add", "OP": "remove", "path": "title", "value": "x"},
        b'{"op":"add","op":"replace","path":"title","value":"x"}',
    ],
)
def test_each_operation_has_exactly_one_op(scim: Scim, entry: Json) -> None:
    path = scim.user(**START)
    if isinstance(entry, bytes):
        body: Json = b'{"schemas":["%s"],"Operations":[%s]}' % (PATCH.encode(), entry)
    else:
        body = {"schemas": [PATCH], "Operations": [entry]}
    assert scim.call("PATCH", path, body).fault == (400, "invalidSyntax")
    assert scim.get(path).body["title"] == "Dr"


@honours("RFC7644-3.5.2-7")
@pytest.mark.parametrize(
    ("operation", "title"),
    [
        (op("add", "title", "x"), "x"),
        (op("remove", "title"), None),
        (op("replace", "title", "x"), "x"),
    ],
)
def test_there_are_three_operations(scim: Scim, operation: Json, title: str | None) -> None:
    path = scim.user(**START)
    assert scim.patch(path, operation).status == 200
    assert scim.get(path).body.get("title") == title


@honours("RFC7644-3.5.2-7", "RFC7644-3.5.2-3")
@pytest.mark.parametrize("word", ["move", "copy", "test", "append", "delete", "", " add"])
def test_there_is_no_other_operation(scim: Scim, word: str) -> None:
    path = scim.user(**START)
    reply = scim.patch(path, {"op": word, "from": "title", "path": "nickName", "value": "x"})
    assert reply.fault == (400, "invalidSyntax")
    assert "Operations[0]" in reply.body["detail"]


@honours("RFC7644-3.5.2-3")
@pytest.mark.parametrize("path", ["emails[0]", "emails/0", "emails.0", "emails[0].value", "/title"])
@pytest.mark.parametrize("word", ["add", "remove", "replace"])
def test_arrays_have_no_index(scim: Scim, path: str, word: str) -> None:
    user = scim.user(**START)
    reply = scim.patch(user, op(word, path, "x"))
    assert reply.status == 400
    assert reply.body["scimType"] in ("invalidPath", "invalidFilter")
    assert scim.get(user).body["emails"] == START["emails"]


# --- the path


@honours("RFC7644-3.5.2-8")
@pytest.mark.parametrize("word", ["add", "replace"])
@pytest.mark.parametrize("extra", [{}, {"path": None}])
def test_add_and_replace_need_no_path(scim: Scim, word: str, extra: dict[str, Any]) -> None:
    path = scim.user(**START)
    assert scim.patch(path, {"op": word, "value": {"title": "x"}, **extra}).status == 200
    assert scim.get(path).body["title"] == "x"


@honours("RFC7644-3.5.2-9")
@pytest.mark.parametrize("extra", [{}, {"path": None}, {"path": ""}, {"value": {"title": "Dr"}}])
def test_remove_needs_a_path(scim: Scim, extra: dict[str, Any]) -> None:
    path = scim.user(**START)
    before = scim.get(path).body
    assert scim.patch(path, {"op": "remove", **extra}).fault == (400, "noTarget")
    assert scim.get(path).body == before


MALFORMED = [
    ("emails[", 7),
    ('emails[type eq "work"', 7),
    ('emails type eq "work"]', 7),
    ('emails[type eq "work"]value', 23),
    ('emails[type eq "work"].', 24),
    ('emails[type eq "work"].a.b', 25),
    ('emails.value[type eq "work"]', 13),
    (".title", 1),
    ("title.", 7),
    ("name..givenName", 6),
    ("name.givenName.x", 15),
    ("nick name", 5),
    ("5title", 1),
    ("title,nickName", 6),
    ("urn:", 5),
    (f"{USER}:", len(USER) + 2),
    ("ti\u00adtle", 3),
]


@honours("RFC7644-3.5.2-10")
@pytest.mark.parametrize(("path", "position"), MALFORMED)
@pytest.mark.parametrize("word", ["add", "remove", "replace"])
def test_a_malformed_path_is_refused_with_the_place(
    scim: Scim, path: str, position: int, word: str
) -> None:
    user = scim.user(**START)
    before = scim.get(user).body
    reply = scim.patch(user, op("replace", "title", "x"), op(word, path, "x"))
    assert reply.fault == (400, "invalidPath")
    assert "Operations[1]" in reply.body["detail"]
    assert f"character {position}:" in reply.body["detail"]
    assert scim.get(user).body == before


@honours("RFC7644-3.5.2-10")
@pytest.mark.parametrize(
    ("path", "position"),
    [
        ("emails[]", 8),
        ("emails[type]", 12),
        ('emails[type is "work"]', 13),
        ('emails[type eq "work]', 16),
        ("emails[type eq work]", 16),
        ('emails[(type eq "work"]', 23),
        ('emails[type eq "work" and]', 26),
        ('emails[pet eq "work"]', 8),
    ],
)
def test_a_malformed_filter_in_a_path_is_refused_with_the_place(
    scim: Scim, path: str, position: int
) -> None:
    user = scim.user(**START)
    reply = scim.patch(user, op("replace", path, {"value": "x"}))
    assert reply.fault == (400, "invalidFilter")
    assert f"character {position}" in reply.body["detail"]


@honours("RFC7644-3.5.2-10")
@pytest.mark.parametrize("path", [5, True, {}, ["title"]])
def test_a_path_is_a_text(scim: Scim, path: Json) -> None:
    assert scim.patch(scim.user(), op("add", path, "x")).fault == (400, "invalidPath")


@honours("RFC7644-3.5.2-11")
def test_the_example_paths_work_on_a_user(scim: Scim) -> None:
    path = scim.user(**START)
    scim.patch(path, op("replace", "name.familyName", "Smith"))
    scim.patch(path, op("replace", 'addresses[type eq "work"]', {"locality": "Jena"}))
    shown = scim.get(path).body
    assert shown["name"] == {**NAME, "familyName": "Smith"}
    assert shown["addresses"] == [HOUSE, {"locality": "Jena"}]


@honours("RFC7644-3.5.2-11")
def test_the_example_paths_work_on_a_group(scim: Scim) -> None:
    a, b = scim.user("a"), scim.user("b")
    path = scim.group("g", [a])
    scim.patch(path, op("add", "members", [{"value": b[7:]}]))
    assert scim.members(path) == [a, b]
    scim.patch(path, op("remove", f'members[value eq "{a[7:]}"]'))
    assert scim.members(path) == [b]
    # Figure 8 ends with a sub-attribute that members do not have.
    reply = scim.patch(path, op("remove", f'members[value eq "{b[7:]}"].displayName'))
    assert reply.fault == (400, "invalidPath")


NOTATIONS = [
    ("title", "title"),
    ("TITLE", "title"),
    (f"{USER}:title", "title"),
    (f"{USER.upper()}:tItLe", "title"),
]


@honours("RFC7644-3.5.2-16")
@pytest.mark.parametrize(("notation", "name"), NOTATIONS)
@pytest.mark.parametrize("word", ["add", "replace"])
def test_attributes_are_named_as_everywhere(
    scim: Scim, notation: str, name: str, word: str
) -> None:
    path = scim.user(**START)
    scim.patch(path, op(word, notation, "x"))
    assert scim.get(path).body[name] == "x"
    scim.patch(path, op("remove", notation))
    assert name not in scim.get(path).body


@honours("RFC7644-3.5.2-16")
@pytest.mark.parametrize(
    "notation",
    [
        "name.givenName",
        "Name.GIVENNAME",
        f"{USER}:name.givenName",
        f"{USER.lower()}:NAME.givenname",
    ],
)
def test_sub_attributes_are_named_as_everywhere(scim: Scim, notation: str) -> None:
    path = scim.user(**START)
    scim.patch(path, op("replace", notation, "x"))
    assert scim.get(path).body["name"] == {**NAME, "givenName": "x"}


@honours("RFC7644-3.5.2-10", "RFC7644-3.5.2-16")
@pytest.mark.parametrize(
    "notation",
    [
        'emails[type eq "work"].display',
        f'{USER}:emails[type eq "work"].display',
        'EMAILS[Type EQ "WORK"].Display',
        'emails[ type  eq "work" ].display',
        'emails[(type eq "work" or type eq "fax") and not (value co "[]")].display',
        ' emails[value eq "w@x.org" and primary eq true].display ',
        'emails[display eq "a \\"]\\" b" or type sw "w"].display',
    ],
)
def test_value_paths_are_written_as_everywhere(scim: Scim, notation: str) -> None:
    path = scim.user(**START)
    for word, value in (("add", "x"), ("replace", "y")):
        assert scim.patch(path, op(word, notation, value)).status == 200
        assert scim.get(path).body["emails"] == [{**WORK, "display": value}, HOME]
    scim.patch(path, op("remove", notation))
    assert scim.get(path).body["emails"] == [WORK, HOME]


# --- schemas


@honours("RFC7644-3.5.2-17")
def test_the_schemas_of_the_stored_resource_hold_for_the_operations(scim: Scim) -> None:
    path = scim.user(**{ENTERPRISE: {"department": "R"}})
    scim.patch(path, op("replace", f"{ENTERPRISE}:department", "S"), op("add", "title", "x"))
    shown = scim.get(path).body
    assert (shown[ENTERPRISE], shown["title"]) == ({"department": "S"}, "x")


@honours("RFC7644-3.5.2-18")
def test_operations_assume_the_schemas_that_those_before_left(scim: Scim) -> None:
    path = scim.user()
    department = f"{ENTERPRISE}:department"
    reply = scim.patch(path, op("add", "schemas", [ENTERPRISE]), op("add", department, "R"))
    assert reply.status == 200
    assert reply.body["schemas"] == [USER, ENTERPRISE]
    named = f'schemas[value eq "{ENTERPRISE}"]'
    reply = scim.patch(path, op("remove", named), op("add", f"{ENTERPRISE}:division", "S"))
    assert (reply.status, reply.body[ENTERPRISE]) == (200, {"division": "S"})


@honours("RFC7644-3.5.2-20")
@pytest.mark.parametrize(
    "operation",
    [
        op("add", f"{ENTERPRISE}:employeeNumber", "7"),
        op("replace", f"{ENTERPRISE}:employeeNumber", "7"),
        op("add", ENTERPRISE, {"employeeNumber": "7"}),
        op("add", value={ENTERPRISE: {"employeeNumber": "7"}}),
        op("replace", value={f"{ENTERPRISE}:employeeNumber": "7"}),
    ],
)
def test_a_qualified_attribute_brings_its_uri_and_takes_it_away(
    scim: Scim, operation: Json
) -> None:
    path = scim.user()
    assert scim.patch(path, operation).body["schemas"] == [USER, ENTERPRISE]
    assert scim.get(path).body[ENTERPRISE] == {"employeeNumber": "7"}
    scim.patch(path, op("remove", f"{ENTERPRISE}:employeeNumber"))
    assert scim.get(path).body["schemas"] == [USER]
    assert ENTERPRISE not in scim.get(path).body


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (op("remove", "schemas"), "mutability"),
        (op("replace", "schemas", []), "mutability"),
        (op("remove", f'schemas[value eq "{USER}"]'), "mutability"),
        (op("replace", "schemas", [ENTERPRISE]), "mutability"),
        (op("add", "schemas", [5]), "invalidValue"),
        (op("add", "schemas", {"value": USER}), "invalidValue"),
        (op("replace", 'schemas[value eq "urn:x"]', USER), "noTarget"),
    ],
)
def test_schemas_cannot_lose_the_core_schema(scim: Scim, operation: Json, fault: str) -> None:
    path = scim.user(**{ENTERPRISE: {"department": "R"}})
    before = scim.get(path).body
    assert scim.patch(path, op("add", "title", "x"), operation).fault == (400, fault)
    assert scim.get(path).body == before


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        (op("remove", f'schemas[value eq "{ENTERPRISE}"]'), [USER]),
        (op("remove", 'schemas[value eq "urn:x"]'), [USER, ENTERPRISE]),
        (op("add", "schemas", [USER, ENTERPRISE]), [USER, ENTERPRISE]),
        # What lists only one of the schemas says nothing about the values of the other.
        (op("replace", "schemas", [USER]), [USER, ENTERPRISE]),
        (op("replace", value={"schemas": [USER]}), [USER, ENTERPRISE]),
    ],
)
def test_schemas_follow_the_values(scim: Scim, operation: Json, left: list[str]) -> None:
    path = scim.user(**{ENTERPRISE: {"department": "R"}})
    assert scim.patch(path, operation).body["schemas"] == left
    assert (ENTERPRISE in scim.get(path).body) == (ENTERPRISE in left)
