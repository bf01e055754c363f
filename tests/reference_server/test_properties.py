"""Properties that hold for whatever a client sends: no 500, and filters that agree with a model."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterable
from typing import TYPE_CHECKING
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reference_server import Application
from reference_server import Credential
from reference_server import Request
from reference_server import create_app
from reference_server.messages import joined
from tests.sizes import sized

if TYPE_CHECKING:
    from conftest import Json

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

# derandomize: a selftest gives the same verdict each time; no database: it leaves no files.
quick = settings(
    max_examples=sized(120, 5000),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# What the soak page says of this module.
FIGURES = {"examples for each property": quick.max_examples}
Tree = tuple[Any, ...]
Body = dict[str, Any]


def send(app: Application, method: str, path: str, body: Json = None, query: str = "") -> Json:
    content = b"" if body is None else json.dumps(body).encode()
    headers = (("Authorization", "Bearer s"), ("Host", "h"))
    response = app.handle(Request(method, f"/scim/v2{path}", query, headers, content))
    assert response.status != 500
    content = joined(response.body)
    return response.status, json.loads(content) if content else {}


def new_app() -> Application:
    return create_app(credentials=[Credential("bearer", "s")])


# --- filters against a model: a tree is evaluated here, and written out for the server

WORDS = ["", "a", "A", "ab", "b", "work", "home", "\u00e9"]
words = st.sampled_from(WORDS)
emails = st.lists(st.fixed_dictionaries({"value": words, "type": words}), min_size=1, max_size=3)
people = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "title": words,
            "externalId": words,
            "displayName": words,
            "active": st.booleans(),
            "emails": emails,
        },
    ),
    max_size=5,
)
OPERATORS = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"]
comparisons = st.one_of(
    st.tuples(
        st.just("cmp"),
        st.sampled_from(["title", "externalId", "displayName", "emails.value", "emails.type"]),
        st.sampled_from(OPERATORS),
        words,
    ),
    st.tuples(st.just("cmp"), st.just("active"), st.sampled_from(["eq", "ne"]), st.booleans()),
    st.tuples(st.just("pr"), st.sampled_from(["title", "emails", "active"])),
)
inner = st.recursive(
    st.tuples(
        st.just("cmp"), st.sampled_from(["value", "type"]), st.sampled_from(OPERATORS), words
    ),
    lambda below: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), below, below), st.tuples(st.just("not"), below)
    ),
    max_leaves=3,
)
trees = st.recursive(
    st.one_of(comparisons, st.tuples(st.just("path"), inner)),
    lambda below: st.one_of(
        st.tuples(st.sampled_from(["and", "or"]), below, below), st.tuples(st.just("not"), below)
    ),
    max_leaves=6,
)


def written(tree: Tree) -> str:
    match tree:
        case ("cmp", path, operator, value):
            return f"{path} {operator} {json.dumps(value)}"
        case ("pr", path):
            return f"{path} pr"
        case ("not", part):
            return f"not ({written(part)})"
        case ("path", part):
            return f"emails[{written(part)}]"
        case (operator, left, right):
            return f"({written(left)}) {operator} ({written(right)})"
    raise AssertionError(tree)


def values(person: Body, path: str) -> list[Any]:
    name, _, sub = path.partition(".")
    found = person.get(name)
    items = found if isinstance(found, list) else [found] if found is not None else []
    return [item[sub] for item in items] if sub else items


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "co": lambda a, b: b in a,
    "sw": lambda a, b: a[: len(b)] == b,
    "ew": lambda a, b: a[len(a) - len(b) :] == b if len(b) <= len(a) else False,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
}


def compared(found: list[Any], operator: str, value: Json, exact: bool) -> bool:
    def form(each: Json) -> Json:
        return each if exact or not isinstance(each, str) else each.lower()

    if operator == "ne":
        return not found or any(form(each) != form(value) for each in found)
    return any(COMPARE[operator](form(each), form(value)) for each in found)


def filled(value: Json) -> bool:
    if isinstance(value, dict):
        return any(filled(each) for each in value.values())
    return value not in ("", None)


def holds(tree: Tree, person: Body) -> bool:
    match tree:
        case ("cmp", path, operator, value):
            return compared(values(person, path), operator, value, path == "externalId")
        case ("pr", path):
            return any(filled(each) for each in values(person, path))
        case ("not", part):
            return not holds(part, person)
        case ("path", part):
            return any(holds(part, each) for each in person.get("emails", []))
        case ("and", left, right):
            return holds(left, person) and holds(right, person)
        case (_, left, right):
            return holds(left, person) or holds(right, person)
    raise AssertionError(tree)


@quick
@given(people, trees)
def test_a_filter_finds_what_a_model_finds(crowd: list[Body], tree: Tree) -> None:
    app = new_app()
    for number, person in enumerate(crowd):
        body = {"schemas": [USER], "userName": str(number), **person}
        assert send(app, "POST", "/Users", body)[0] == 201
    status, answer = send(app, "GET", "/Users", query=urlencode({"filter": written(tree)}))
    assert status == 200
    found = {int(each["userName"]) for each in answer["Resources"]}
    assert found == {number for number, person in enumerate(crowd) if holds(tree, person)}


# --- whatever is sent, the answer is a SCIM answer

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False, width=16), words
)
NAMES = ["value", "type", "primary", "display", "givenName", "members", "emails", "$ref", "VALUE"]
anything = st.recursive(
    scalars,
    lambda below: st.one_of(
        st.lists(below, max_size=3), st.dictionaries(st.sampled_from(NAMES), below, max_size=3)
    ),
    max_leaves=6,
)
PATHS = [
    "userName", "active", "name", "name.givenName", "emails", "emails.value", "emails.primary",
    'emails[type eq "work"]', 'emails[type eq "work"].value', "emails[primary eq true].primary",
    "emails[value pr]", "password", "id", "meta", "meta.version", "groups", "schemas", "roles",
    "externalId", "members", 'members[value eq "a"]', "members[value pr].type", "members[value pr]",
    "displayName", f"{ENTERPRISE}:manager", f"{ENTERPRISE}:manager.value", ENTERPRISE, USER,
    "emails[", "nothing", "", "a b", "x509Certificates", "emails.value.x", "emails[type eq 5]",
]  # fmt: skip
bodies = st.dictionaries(
    st.sampled_from(["name", "emails", "active", "title", "password", "groups", "id", ENTERPRISE]),
    anything,
    max_size=4,
)
keys = st.sampled_from([*PATHS, "EMAILS", "shoeSize"])
operations = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "remove", "Add", "move"])},
        optional={
            "path": st.sampled_from(PATHS),
            "value": st.one_of(anything, st.dictionaries(keys, anything, max_size=3)),
        },
    ),
    min_size=1,
    max_size=4,
)


def check_user(shown: Body) -> None:
    assert shown["userName"]
    assert USER in shown["schemas"]
    assert "password" not in shown
    for value in shown.values():
        assert value not in (None, [], {})
        if isinstance(value, list) and isinstance(value[0], dict):
            assert sum(each.get("primary") is True for each in value) <= 1


@quick
@given(bodies, st.lists(operations, max_size=3))
def test_no_sequence_of_patches_breaks_a_user(start: Body, patches: list[list[Body]]) -> None:
    app = new_app()
    status, shown = send(app, "POST", "/Users", {"schemas": [USER], "userName": "u", **start})
    if status != 201:
        assert shown["scimType"] in ("invalidValue", "invalidSyntax")
        shown = send(app, "POST", "/Users", {"schemas": [USER], "userName": "u"})[1]
    path = f"/Users/{shown['id']}"
    for each in patches:
        body = {"schemas": [PATCH], "Operations": each}
        status, reply = send(app, "PATCH", path, body)
        after = send(app, "GET", path)[1]
        check_user(after)
        assert after == (reply if status == 200 else shown)
        # What GET shows can be put back, and then nothing changes.
        assert send(app, "PUT", path, after) == (200, after)
        shown = after


MEMBER = st.sampled_from(["a", "b", "c"])
steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "named", "replace", "clear"]), st.sets(MEMBER)),
    min_size=1,
    max_size=6,
)


def member_operations(kind: str, ids: Iterable[str]) -> list[Body]:
    members = [{"value": each} for each in sorted(ids)]
    if kind == "remove":
        paths = [f'members[value eq "{each["value"]}"]' for each in members]
        return [{"op": "remove", "path": path} for path in paths]
    if kind == "clear":
        return [{"op": "remove", "path": "members"}]
    return [{"op": "remove" if kind == "named" else kind, "path": "members", "value": members}]


def member_model(current: set[str], kind: str, ids: set[str]) -> set[str]:
    match kind:
        case "add":
            return current | ids
        case "replace":
            return set(ids)
        case "clear":
            return set()
    return current - ids


@quick
@given(st.lists(steps, max_size=3))
def test_members_follow_a_model(requests: list[list[tuple[str, set[str]]]]) -> None:
    ids = iter(["a", "b", "c", "g"])
    app = create_app(credentials=[Credential("bearer", "s")], new_id=ids.__next__)
    for name in "abc":
        send(app, "POST", "/Users", {"schemas": [USER], "userName": name})
    send(app, "POST", "/Groups", {"schemas": [GROUP], "displayName": "g"})
    current: set[str] = set()
    for request in requests:
        before = set(current)
        wire: list[Body] = []
        for kind, chosen in request:
            wire += member_operations(kind, chosen)
            current = member_model(current, kind, chosen)
        if not wire:
            continue
        version = send(app, "GET", "/Groups/g")[1]["meta"]["version"]
        assert send(app, "PATCH", "/Groups/g", {"schemas": [PATCH], "Operations": wire})[0] == 204
        shown = send(app, "GET", "/Groups/g")[1]
        assert {each["value"] for each in shown.get("members", [])} == current
        assert (shown["meta"]["version"] != version) == (current != before)
        for name in "abc":
            assert ("groups" in send(app, "GET", f"/Users/{name}")[1]) == (name in current)


@quick
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_query_breaks_the_server(first: str, second: str) -> None:
    app = new_app()
    send(app, "POST", "/Users", {"schemas": [USER], "userName": "u", "emails": [{"value": "e"}]})
    for name in ("filter", "sortBy", "attributes", "count", "excludedAttributes"):
        text = first.encode("utf-8", "replace")
        send(app, "GET", "/Users", query=urlencode({name: text}))
    parts = [
        "userName",
        "eq",
        '"a"',
        "and",
        "(",
        ")",
        "not",
        "[",
        "]",
        second.replace("\ud800", ""),
    ]
    text = " ".join(parts).encode("utf-8", "replace")
    send(app, "GET", "/Users", query=urlencode({"filter": text}))


TOKENS = [
    "userName", "emails", ".", "value", "eq", "pr", "co", '"a"', "true", "null", "5", "and", "or",
    "not", "(", ")", "[", "]", " ", USER, ":", "type", "-", '"', "\\",
]  # fmt: skip


@quick
@given(st.lists(st.sampled_from(TOKENS), max_size=14), st.sampled_from(["", " "]))
def test_no_mixture_of_filter_parts_breaks_the_server(parts: list[str], glue: str) -> None:
    app = new_app()
    send(app, "POST", "/Users", {"schemas": [USER], "userName": "u", "emails": [{"value": "e"}]})
    status, body = send(app, "GET", "/Users", query=urlencode({"filter": glue.join(parts)}))
    assert status == 200 or body["scimType"] == "invalidFilter"
    operation = {"op": "replace", "path": f"emails[{glue.join(parts)}].value", "value": "x"}
    patch = {"schemas": [PATCH], "Operations": [operation]}
    identifier = send(app, "GET", "/Users")[1]["Resources"][0]["id"]
    assert send(app, "PATCH", f"/Users/{identifier}", patch)[0] in (200, 400)
