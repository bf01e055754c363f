"""PATCH: RFC 7644 sections 3.5.2, 3.5.2.1, 3.5.2.2 and 3.5.2.3."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

WORK = {"value": "w@x.org", "type": "work", "primary": True}
HOME = {"value": "h@x.org", "type": "home"}
START: dict[str, Any] = {
    "name": {"givenName": "Barbara", "familyName": "Jensen"},
    "title": "Dr",
    "active": True,
    "emails": [WORK, HOME],
    ENTERPRISE: {"department": "R", "manager": {"value": "7"}},
}
UNSET = object()


def op(op: str, path: str | None = None, value: Json = UNSET) -> dict[str, Any]:
    operation: dict[str, Any] = {"op": op}
    if path is not None:
        operation["path"] = path
    if value is not UNSET:
        operation["value"] = value
    return operation


def with_values(**changes: Json) -> dict[str, Any]:
    """Return what START becomes; UNSET takes an attribute away."""
    result = {**START, **changes}
    return {key: value for key, value in result.items() if value is not UNSET}


def observed(scim: Scim, path: str) -> dict[str, Any]:
    shown = scim.get(path).body
    return {k: v for k, v in shown.items() if k not in ("schemas", "id", "meta", "userName")}


NO_LONGER_PRIMARY = {**WORK, "primary": False}

CHANGES = [
    # 3.5.2.1 add
    pytest.param(op("add", "nickName", "B"), {"nickName": "B"}, id="RFC7644-3.5.2.1-4"),
    pytest.param(op("add", "title", "Prof"), {"title": "Prof"}, id="RFC7644-3.5.2.1-7"),
    pytest.param(
        op("add", "name", {"middleName": "J"}),
        {"name": {**START["name"], "middleName": "J"}},
        id="RFC7644-3.5.2.1-5",
    ),
    pytest.param(
        op("add", "emails", [{"value": "n@x"}]),
        {"emails": [WORK, HOME, {"value": "n@x"}]},
        id="RFC7644-3.5.2.1-6",
    ),
    pytest.param(
        op("add", "emails", {"value": "n@x"}),
        {"emails": [WORK, HOME, {"value": "n@x"}]},
        id="add-one-value-without-array",
    ),
    pytest.param(op("add", "emails", [HOME]), {}, id="RFC7644-3.5.2.1-10"),
    pytest.param(
        op("add", "emails", [{"value": "H@X.ORG", "type": "HOME", "display": "At home"}]),
        {"emails": [WORK, {"value": "H@X.ORG", "type": "HOME", "display": "At home"}]},
        id="add-to-a-value-that-is-there",
    ),
    pytest.param(
        op("add", value={"NICKNAME": "B", "emails": [{"value": "n@x"}]}),
        {"nickName": "B", "emails": [WORK, HOME, {"value": "n@x"}]},
        id="RFC7644-3.5.2.1-14",
    ),
    pytest.param(
        op("add", 'emails[type eq "home"].display', "At home"),
        {"emails": [WORK, {**HOME, "display": "At home"}]},
        id="RFC7644-3.5.2.1-16",
    ),
    pytest.param(
        op("add", 'emails[type eq "other"].value', "o@x"),
        {"emails": [WORK, HOME, {"type": "other", "value": "o@x"}]},
        id="RFC7644-3.5.2.1-15-creates-what-the-filter-describes",
    ),
    pytest.param(
        op("add", 'emails[type eq "home"]', {"display": "At home"}),
        {"emails": [WORK, {**HOME, "display": "At home"}]},
        id="add-merges-into-the-selected-value",
    ),
    pytest.param(
        op("add", 'addresses[type eq "work"]', {"locality": "Bonn"}),
        {"addresses": [{"type": "work", "locality": "Bonn"}]},
        id="add-creates-the-first-value",
    ),
    pytest.param(op("add", "emails", []), {}, id="add-nothing"),
    # 3.5.2.2 remove
    pytest.param(op("remove", "title"), {"title": UNSET}, id="RFC7644-3.5.2.2-2"),
    pytest.param(op("remove", "emails"), {"emails": UNSET}, id="RFC7644-3.5.2.2-3"),
    pytest.param(
        op("remove", 'emails[value eq "h@x.org"]'), {"emails": [WORK]}, id="RFC7644-3.5.2.2-4"
    ),
    pytest.param(
        op("remove", 'emails[type eq "work" and value ew "x.org"]'),
        {"emails": [HOME]},
        id="RFC7644-3.5.2.2-5",
    ),
    pytest.param(op("remove", 'emails[value co "x"]'), {"emails": UNSET}, id="RFC7644-3.5.2.2-7"),
    pytest.param(
        op("remove", "name.givenName"),
        {"name": {"familyName": "Jensen"}},
        id="RFC7644-3.5.2.2-6",
    ),
    pytest.param(
        op("remove", 'emails[type eq "work"].primary'),
        {"emails": [{"value": "w@x.org", "type": "work"}, HOME]},
        id="remove-sub-attribute-of-selected",
    ),
    pytest.param(op("remove", 'emails[type eq "fax"]'), {}, id="remove-what-is-not-there"),
    pytest.param(op("remove", "nickName"), {}, id="remove-unassigned"),
    pytest.param(
        op("remove", "emails", [{"value": "h@x.org"}]), {"emails": [WORK]}, id="remove-named"
    ),
    pytest.param(op("remove", "emails", []), {}, id="remove-nobody-named"),
    pytest.param(
        op("remove", f"{ENTERPRISE}:department"),
        {ENTERPRISE: {"manager": {"value": "7"}}},
        id="remove-in-extension",
    ),
    pytest.param(op("remove", ENTERPRISE), {ENTERPRISE: UNSET}, id="remove-extension"),
    # 3.5.2.3 replace
    pytest.param(op("replace", "title", "Prof"), {"title": "Prof"}, id="RFC7644-3.5.2.3-2"),
    pytest.param(op("replace", "emails", [HOME]), {"emails": [HOME]}, id="RFC7644-3.5.2.3-3"),
    pytest.param(op("replace", "nickName", "B"), {"nickName": "B"}, id="RFC7644-3.5.2.3-4"),
    pytest.param(
        op("replace", "name", {"familyName": "J"}),
        {"name": {"givenName": "Barbara", "familyName": "J"}},
        id="RFC7644-3.5.2.3-6",
    ),
    pytest.param(
        op("replace", "name", {"familyName": None, "middleName": "J"}),
        {"name": {"givenName": "Barbara", "middleName": "J"}},
        id="null-clears-a-sub-attribute",
    ),
    pytest.param(
        op("replace", 'emails[type eq "home"]', {"value": "n@x"}),
        {"emails": [WORK, {"value": "n@x"}]},
        id="RFC7644-3.5.2.3-7",
    ),
    pytest.param(
        op("replace", 'emails[value ew "x.org"].display', "D"),
        {"emails": [{**WORK, "display": "D"}, {**HOME, "display": "D"}]},
        id="RFC7644-3.5.2.3-8",
    ),
    pytest.param(
        op("replace", 'emails[type eq "home"].primary', True),
        {"emails": [NO_LONGER_PRIMARY, {**HOME, "primary": True}]},
        id="RFC7644-3.5.2-23",
    ),
    pytest.param(
        op("add", "emails", [{"value": "n", "primary": True}]),
        {"emails": [NO_LONGER_PRIMARY, HOME, {"value": "n", "primary": True}]},
        id="RFC7644-3.5.2-23-by-add",
    ),
    pytest.param(
        op("replace", 'emails[type eq "home"]', {**HOME, "primary": True}),
        {"emails": [NO_LONGER_PRIMARY, {**HOME, "primary": True}]},
        id="RFC7644-3.5.2.3-11",
    ),
    pytest.param(
        op("replace", value={"title": "Prof", "name": {"givenName": "B"}}),
        {"title": "Prof", "name": {"givenName": "B", "familyName": "Jensen"}},
        id="RFC7644-3.5.2.3-13",
    ),
    pytest.param(op("replace", "title", None), {"title": UNSET}, id="null-unassigns"),
    pytest.param(op("replace", "emails", []), {"emails": UNSET}, id="empty-array-unassigns"),
    pytest.param(op("replace", "title", ""), {"title": ""}, id="empty-text-is-kept"),
    pytest.param(
        op("replace", "emails.display", "D"),
        {"emails": [{**WORK, "display": "D"}, {**HOME, "display": "D"}]},
        id="sub-attribute-of-all-values",
    ),
    # paths (3.10) and spelling
    pytest.param(op("RePlAcE", "TITLE", "x"), {"title": "x"}, id="op-and-path-without-case"),
    pytest.param(op("replace", f"{USER}:title", "x"), {"title": "x"}, id="RFC7644-3.10-1"),
    pytest.param(
        op("replace", f"{USER.upper()}:NAME.GivenName", "x"),
        {"name": {"givenName": "x", "familyName": "Jensen"}},
        id="RFC7644-3.10-5",
    ),
    pytest.param(
        op("replace", f"{USER}:emails[type eq 'work']".replace("'", '"') + ".value", "n"),
        {"emails": [{**WORK, "value": "n"}, HOME]},
        id="urn-before-a-value-path",
    ),
    pytest.param(
        op("replace", f"{ENTERPRISE}:manager.value", "8"),
        {ENTERPRISE: {"department": "R", "manager": {"value": "8"}}},
        id="sub-attribute-in-extension",
    ),
    pytest.param(
        op("add", ENTERPRISE, {"costCenter": "9"}),
        {ENTERPRISE: {**START[ENTERPRISE], "costCenter": "9"}},
        id="extension-as-path",
    ),
    pytest.param(
        op("replace", value={ENTERPRISE: {"department": "S"}, "title": "x"}),
        {ENTERPRISE: {**START[ENTERPRISE], "department": "S"}, "title": "x"},
        id="extension-as-key",
    ),
    pytest.param(
        op("replace", value={f"{ENTERPRISE}:department": "S"}),
        {ENTERPRISE: {**START[ENTERPRISE], "department": "S"}},
        id="extension-attribute-as-key",
    ),
    pytest.param(op("replace", value={"shoeSize": 5}), {}, id="unknown-key-is-ignored"),
    pytest.param(op("replace", value={}), {}, id="no-keys"),
    pytest.param(op("add", "schemas", [ENTERPRISE]), {}, id="schemas-follow-the-data"),
    # tolerances
    pytest.param(op("Replace", "active", "False"), {"active": False}, id="boolean-as-text"),
    pytest.param(op("replace", value={"active": "true"}), {}, id="boolean-as-text-in-object"),
    pytest.param(
        op("replace", value={"name.givenName": "x"}),
        {"name": {"givenName": "x", "familyName": "Jensen"}},
        id="dotted-key",
    ),
]


@pytest.mark.parametrize(("operation", "changes"), CHANGES)
def test_an_operation_changes_what_it_names_and_nothing_else(
    scim: Scim, operation: dict[str, Any], changes: dict[str, Any]
) -> None:
    path = scim.user(**START)
    before = scim.get(path).body["meta"]
    reply = scim.patch(path, operation)
    assert reply.status == 200, reply.body
    assert observed(scim, path) == with_values(**changes)
    assert scim.get(path).body == reply.body
    moved = reply.body["meta"] != before
    assert moved == (with_values(**changes) != START)


FAULTS = [
    pytest.param(op("remove"), "noTarget", id="RFC7644-3.5.2.2-1"),
    pytest.param(op("remove", ""), "noTarget", id="remove-empty-path"),
    pytest.param(op("remove", "userName"), "mutability", id="RFC7644-3.5.2.2-8"),
    pytest.param(op("replace", "userName", None), "mutability", id="required-to-null"),
    pytest.param(op("replace", "userName", ""), "invalidValue", id="required-to-empty"),
    pytest.param(op("remove", "id"), "mutability", id="RFC7644-3.5.2.2-9"),
    pytest.param(op("replace", "id", "x"), "mutability", id="replace-id"),
    pytest.param(op("replace", value={"id": "x"}), "mutability", id="replace-id-without-path"),
    pytest.param(op("replace", "meta.created", "x"), "mutability", id="replace-meta"),
    pytest.param(op("add", "groups", [{"value": "x"}]), "mutability", id="add-groups"),
    pytest.param(
        op("replace", f"{ENTERPRISE}:manager.displayName", "x"),
        "mutability",
        id="readOnly-sub-attribute",
    ),
    pytest.param(
        op("replace", 'emails[type eq "fax"]', {"value": "x"}), "noTarget", id="RFC7644-3.5.2.3-9"
    ),
    pytest.param(
        op("replace", 'emails[type eq "fax"].value', "x"), "noTarget", id="no-match-with-sub"
    ),
    pytest.param(
        op("add", 'emails[type co "fax"].value', "x"), "noTarget", id="filter-describes-no-value"
    ),
    pytest.param(op("add", "title"), "invalidValue", id="RFC7644-3.5.2.1-1"),
    pytest.param(op("replace", "title"), "invalidValue", id="RFC7644-3.5.2.3-14"),
    pytest.param(op("replace"), "invalidValue", id="neither-path-nor-value"),
    pytest.param(op("replace", value="x"), "invalidValue", id="no-path-and-no-object"),
    pytest.param(op("replace", value=[{"title": "x"}]), "invalidValue", id="no-path-and-array"),
    pytest.param(op("replace", "title", 5), "invalidValue", id="wrong-type"),
    pytest.param(op("replace", "active", "maybe"), "invalidValue", id="text-that-is-no-boolean"),
    pytest.param(op("replace", "name", "x"), "invalidValue", id="text-for-object"),
    pytest.param(op("replace", "emails", ["x"]), "invalidValue", id="text-in-array-of-objects"),
    pytest.param(
        op("replace", "emails", [WORK, {**HOME, "primary": True}]),
        "invalidValue",
        id="two-primaries-at-once",
    ),
    pytest.param(op("replace", ENTERPRISE, "x"), "invalidValue", id="text-for-extension"),
    pytest.param(op("replace", "shoeSize", 5), "invalidPath", id="unknown-attribute"),
    pytest.param(op("replace", "name.pet", 5), "invalidPath", id="unknown-sub-attribute"),
    pytest.param(op("replace", "urn:x:title", 5), "invalidPath", id="unknown-urn"),
    pytest.param(op("replace", "emails[", 5), "invalidPath", id="open-bracket"),
    pytest.param(op("replace", 'emails[type eq "a"]x', 5), "invalidPath", id="after-bracket"),
    pytest.param(op("replace", "emails[0]", 5), "invalidFilter", id="RFC7644-3.5.2-3-index"),
    pytest.param(op("replace", 'emails[type is "a"]', 5), "invalidFilter", id="operator"),
    pytest.param(op("replace", 'emails[pet eq "a"]', 5), "invalidFilter", id="filter-attribute"),
    pytest.param(op("replace", 'name[givenName eq "x"]', {}), "noTarget", id="single-valued"),
    pytest.param(op("replace", "a b", 5), "invalidPath", id="blank"),
    pytest.param(op("replace", "title.x", 5), "invalidPath", id="sub-attribute-of-text"),
    pytest.param({"op": "replace", "path": 5, "value": 5}, "invalidPath", id="path-is-a-number"),
    pytest.param(op("move", "title", "x"), "invalidSyntax", id="RFC7644-3.5.2-7"),
    pytest.param({"path": "title", "value": "x"}, "invalidSyntax", id="RFC7644-3.5.2-6"),
    pytest.param({"op": 5}, "invalidSyntax", id="op-is-a-number"),
    pytest.param("replace", "invalidSyntax", id="operation-is-a-text"),
    pytest.param(op("replace", "x" * 30_000, 1), "invalidPath", id="long-path"),
    pytest.param(op("add", "emails", {"VALUE": "a", "value": "b"}), "invalidSyntax", id="twice"),
]


@pytest.mark.parametrize(("operation", "scim_type"), FAULTS)
def test_a_wrong_operation_undoes_the_right_ones_before_it(
    scim: Scim, operation: Json, scim_type: str
) -> None:
    path = scim.user(**START)
    before = scim.get(path).body
    right = op("replace", "title", "changed")
    reply = scim.patch(path, right, operation)
    assert reply.fault == (400, scim_type)
    assert scim.get(path).body == before


def test_a_name_in_use_is_refused_and_nothing_changes(scim: Scim) -> None:
    scim.user("taken")
    path = scim.user(**START)
    reply = scim.patch(path, op("add", "nickName", "x"), op("replace", "userName", "TAKEN"))
    assert reply.fault == (409, "uniqueness")
    assert observed(scim, path) == START


def test_operations_work_on_the_result_of_those_before(scim: Scim) -> None:
    path = scim.user()
    scim.patch(
        path,
        op("add", "emails", [HOME]),
        op("replace", 'emails[type eq "home"].type', "work"),
        op("replace", 'emails[type eq "work"].value', "new"),
        op("add", f"{ENTERPRISE}:department", "R"),
    )
    shown = scim.get(path).body
    assert shown["emails"] == [{"value": "new", "type": "work"}]
    assert shown["schemas"] == [USER, ENTERPRISE]


@pytest.mark.parametrize("key", ["id", "meta", "groups", "schemas"])
def test_repeating_what_the_server_writes_is_no_change(scim: Scim, key: str) -> None:
    path = scim.user(**START)
    scim.group(members=[path])
    before = scim.get(path).body
    by_path = scim.patch(path, op("replace", key, before[key]))
    without = scim.patch(path, op("replace", value={key: before[key]}))
    assert (by_path.body, without.body) == (before, before)


def test_a_password_can_be_changed_and_is_never_shown(scim: Scim) -> None:
    path = scim.user(**{"password": "first"})
    version = scim.get(path).body["meta"]["version"]
    reply = scim.patch(path, op("replace", "password", "second"), attributes="password,id")
    assert reply.status == 200
    assert "password" not in reply.body
    changed = scim.get(path).body["meta"]["version"]
    assert changed != version
    scim.patch(path, op("replace", value={"password": "second"}))
    assert scim.get(path).body["meta"]["version"] == changed


def test_very_many_operations_on_very_many_values_are_refused(scim: Scim) -> None:
    path = scim.user(emails=[{"value": f"{number}@x.org"} for number in range(20_000)])
    again = op("add", "emails", {"value": "1@x.org"})
    assert scim.patch(path, *[again] * 10).status == 200
    reply = scim.patch(path, op("add", "title", "x"), *[again] * 60)
    assert (reply.status, reply.body["status"]) == (413, "413")
    assert "Operations[51]" in reply.body["detail"]
    assert "title" not in scim.get(path, attributes="title").body


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"schemas": [], "Operations": [op("add", "title", "x")]}, id="none"),
        pytest.param(
            {"schemas": [USER], "Operations": [op("add", "title", "x")]}, id="RFC7644-3.5.2-4"
        ),
        pytest.param({"schemas": [PATCH]}, id="RFC7644-3.5.2-5"),
        pytest.param({"schemas": [PATCH], "Operations": []}, id="no-operation"),
        pytest.param({"schemas": [PATCH], "Operations": op("add", "title", "x")}, id="object"),
    ],
)
def test_a_message_of_the_wrong_form_is_refused(scim: Scim, body: dict[str, Any]) -> None:
    assert scim.call("PATCH", scim.user(), body).fault == (400, "invalidSyntax")


def test_member_names_of_the_message_have_no_case(scim: Scim) -> None:
    operation = {"OP": "add", "Path": "title", "VALUE": "x"}
    body = {"Schemas": [PATCH], "operations": [operation]}
    assert scim.call("PATCH", scim.user(), body).body["title"] == "x"


class TestMembers:
    """Operations on the members of a group."""

    @pytest.mark.parametrize(
        ("make", "expected"),
        [
            pytest.param(lambda v: op("add", "members", [v("c")]), "abc", id="RFC7644-3.5.2.1-13"),
            pytest.param(lambda v: op("add", "members", v("c")), "abc", id="add-without-array"),
            pytest.param(lambda v: op("add", "members", [v("a")]), "ab", id="add-again"),
            pytest.param(
                lambda v: op("add", value={"members": [v("c")]}), "abc", id="add-without-path"
            ),
            pytest.param(
                lambda v: op("remove", f'members[value eq "{v("a")["value"]}"]'),
                "b",
                id="RFC7644-3.5.2.2-11",
            ),
            pytest.param(
                lambda v: op("remove", f'members[value eq"{v("a")["value"]}"]'),
                "b",
                id="no-blank-before-the-quote",
            ),
            pytest.param(
                lambda v: op("remove", f'members[value eq "{v("c")["value"]}"]'),
                "ab",
                id="RFC7644-3.5.2.2-10",
            ),
            pytest.param(
                lambda v: op("remove", 'members[display sw "a" or display eq "c"]'),
                "b",
                id="remove-by-another-filter",
            ),
            pytest.param(lambda v: op("remove", "members"), "", id="RFC7644-3.5.2.2-12"),
            pytest.param(lambda v: op("Remove", "members", [v("a")]), "b", id="RFC7644-3.5.2.2-16"),
            pytest.param(lambda v: op("remove", "members", []), "ab", id="remove-nobody"),
            pytest.param(
                lambda v: op("replace", "members", [v("b"), v("c")]), "bc", id="RFC7644-3.5.2.3-10"
            ),
            pytest.param(
                lambda v: op("replace", value={"members": [v("c")], "displayName": "h"}),
                "c",
                id="replace-without-path",
            ),
            pytest.param(lambda v: op("replace", "members", []), "", id="replace-by-nobody"),
            pytest.param(
                lambda v: op("replace", f'members[value eq "{v("a")["value"]}"]', v("c")),
                "bc",
                id="replace-one-by-another",
            ),
            pytest.param(
                lambda v: op("add", "members", {**v("c"), "display": None, "type": "User"}),
                "abc",
                id="display-null",
            ),
        ],
    )
    def test_an_operation_changes_the_members(
        self, scim: Scim, make: Callable[[Any], dict[str, Any]], expected: str
    ) -> None:
        paths = {name: scim.user(name) for name in "abc"}
        path = scim.group("g", [paths["a"], paths["b"]])
        before = scim.get(path).body["meta"]
        operation = make(lambda name: {"value": paths[name].rpartition("/")[2]})
        reply = scim.patch(path, operation)
        assert (reply.status, reply.response.body) == (204, b"")
        assert sorted(scim.members(path)) == sorted(paths[name] for name in expected)
        changed = expected != "ab"
        assert (scim.get(path).body["meta"] != before) == changed

    @pytest.mark.parametrize(
        ("operation", "scim_type"),
        [
            pytest.param(op("add", "members", [{"value": "x"}]), "invalidValue", id="unknown"),
            pytest.param(op("add", "members", [{"display": "x"}]), "invalidValue", id="no-id"),
            pytest.param(op("add", "members", ["x"]), "invalidValue", id="text"),
            pytest.param(op("remove", "displayName"), "mutability", id="required"),
            pytest.param(
                op("replace", 'members[value eq "x"]', {"value": "y"}), "noTarget", id="no-match"
            ),
            pytest.param(
                op("replace", "members[value pr].value", "x"), "mutability", id="immutable"
            ),
            pytest.param(op("remove", "members[value pr].type"), "mutability", id="remove-type"),
            pytest.param(op("replace", "members.value", "x"), "mutability", id="all-values"),
            pytest.param(
                op("remove", 'members[value eq "x"].displayName'), "invalidPath", id="RFC-figure-8"
            ),
            pytest.param(op("remove", "members[value eq]"), "invalidFilter", id="filter"),
        ],
    )
    def test_a_wrong_operation_undoes_the_right_ones_before_it(
        self, scim: Scim, operation: dict[str, Any], scim_type: str
    ) -> None:
        a, b = scim.user("a"), scim.user("b")
        path = scim.group("g", [a])
        before = scim.get(path).body
        new = op("add", "members", [{"value": b.rpartition("/")[2]}])
        reply = scim.patch(path, op("replace", "displayName", "h"), new, operation)
        assert reply.fault == (400, scim_type)
        assert scim.get(path).body == before
        assert "groups" not in scim.get(b).body

    def test_removing_and_adding_in_one_request_keeps_the_order_of_operations(
        self, scim: Scim
    ) -> None:
        a, b = scim.user("a"), scim.user("b")
        path = scim.group("g", [a])
        value_a, value_b = ({"value": each.rpartition("/")[2]} for each in (a, b))
        scim.patch(path, op("remove", "members"), op("add", "members", [value_b]))
        assert scim.members(path) == [b]
        version = scim.get(path).body["meta"]["version"]
        scim.patch(
            path,
            op("add", "members", [value_a]),
            op("remove", "members", [value_a]),
            op("remove", "members"),
            op("add", "members", [value_b]),
        )
        assert scim.members(path) == [b]
        assert scim.get(path).body["meta"]["version"] == version

    def test_asking_for_attributes_brings_a_body(self, scim: Scim) -> None:
        path = scim.group("g", [scim.user()])
        reply = scim.patch(path, op("replace", "displayName", "h"), attributes="displayName")
        assert (reply.status, reply.body["displayName"]) == (200, "h")
        assert "members" not in reply.body

    def test_a_group_can_be_a_member(self, scim: Scim) -> None:
        inner = scim.group("inner")
        path = scim.group("outer", [inner])
        assert scim.members(path) == [inner]
