"""PATCH against a model that shares nothing with the server: random sequences of operations.

The model works on plain dictionaries, one rule of the RFCs a function. What it refuses, the server
must refuse, and then nothing may have changed.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reference_server import Credential
from reference_server import create_app
from tests.reference_server.write_rules import Body
from tests.reference_server.write_rules import RefusedError
from tests.reference_server.write_rules import Values
from tests.reference_server.write_rules import attempt
from tests.reference_server.write_rules import bare
from tests.reference_server.write_rules import put
from tests.reference_server.write_rules import quick
from tests.reference_server.write_rules import send
from tests.reference_server.write_rules import united

if TYPE_CHECKING:
    from conftest import Json

# What the soak page says of this module.
FIGURES = {"examples for each property": quick.max_examples}

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

words = st.sampled_from(["", "a", "A", "b", "work"])
addresses = st.sampled_from(["a@x.org", "A@X.org", "b@x.org", "c@x.org"])
kinds = st.sampled_from(["work", "home", "Work"])
email = st.fixed_dictionaries(
    {"value": addresses, "type": kinds},
    optional={"display": words, "primary": st.booleans()},
)


def with_one_primary(values: Values) -> Values:
    """Leave `primary: true` to the first that has it: two are refused, as other tests show."""
    seen = False
    result = []
    for each in values:
        if each.get("primary") and seen:
            each = {**each, "primary": False}
        seen = seen or each.get("primary", False)
        result.append(each)
    return result


emails = st.lists(email, min_size=1, max_size=3).map(with_one_primary)
names = st.dictionaries(st.sampled_from(["givenName", "familyName"]), words | st.none(), max_size=2)
works = st.dictionaries(st.sampled_from(["department", "division"]), words | st.none(), max_size=2)
whole = st.fixed_dictionaries(
    {},
    optional={
        "title": words | st.none(),
        "active": st.booleans(),
        "name": names,
        "emails": emails | st.just([]),
        ENTERPRISE: works,
        "shoeSize": st.just(43),
    },
)
WRITES = ["add", "replace"]


def operation(ops: list[str], paths: list[str], values: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401 - a strategy
    return st.fixed_dictionaries(
        {"op": st.sampled_from(ops), "path": st.sampled_from(paths), "value": values}
    )


def removal(*paths: str) -> Any:  # noqa: ANN401 - a strategy
    return st.fixed_dictionaries({"op": st.just("remove"), "path": st.sampled_from(paths)})


CHOSEN = ['emails[type eq "work"]', 'emails[type eq "home"]', "emails[primary eq true]"]
operations = st.one_of(
    operation(WRITES, ["title", "nickName", f"{ENTERPRISE}:department"], words | st.none()),
    operation(WRITES, ["active"], st.booleans()),
    operation(WRITES, ["name"], names),
    operation(WRITES, ["name.givenName", "NAME.familyname"], words | st.none()),
    operation(WRITES, [ENTERPRISE], works),
    operation(WRITES, ["emails"], emails),
    operation(["replace"], CHOSEN, email),
    operation(WRITES, [f"{each}.display" for each in CHOSEN], words),
    operation(WRITES, [f"{each}.value" for each in CHOSEN], addresses),
    operation(WRITES, ['emails[type eq "home"].primary'], st.booleans()),
    operation(WRITES, ["emails.display"], words),
    st.fixed_dictionaries({"op": st.sampled_from(WRITES), "value": whole}),
    removal("title", "name", "name.givenName", "emails", ENTERPRISE, f"{ENTERPRISE}:division"),
    removal(*CHOSEN, *(f"{each}.display" for each in CHOSEN)),
    # What must fail, and take the whole request with it.
    removal("userName", "id", "nothing"),
    operation(WRITES, ["meta.version", "groups", "nothing", "emails[type eq"], words),
)
UNREADABLE = ("nothing", "emails[type eq")
requests = st.lists(st.lists(operations, min_size=1, max_size=4), min_size=1, max_size=3)


def patched(user: Body, request: list[Body]) -> Body:
    """Apply all operations of a request to a copy, or raise; all paths are read before."""
    if any(each.get("path") in UNREADABLE for each in request):
        raise RefusedError("invalidPath invalidFilter")
    result = copy.deepcopy(user)
    for each in request:
        if "path" in each:
            patch_path(result, each["op"], each["path"], each.get("value"))
        else:
            patch_whole(result, each["op"], each["value"])
    return result


def patch_whole(user: Body, op: str, value: Body) -> None:
    for key, each in value.items():
        if key == ENTERPRISE:
            merge(user, ENTERPRISE, each)
        elif key != "shoeSize":
            patch_path(user, op, key, each)


def patch_path(user: Body, op: str, path: str, value: Json) -> None:
    head, bracket, rest = path.partition("[")
    if path in ("userName", "id", "groups", "meta.version"):
        raise RefusedError("mutability")
    if bracket:
        patch_chosen(user, op, rest, value)
    elif head.startswith("emails"):
        patch_emails(user, op, head, value)
    elif head.startswith(ENTERPRISE):
        patch_within(user, ENTERPRISE, head.removeprefix(ENTERPRISE).lstrip(":"), value)
    elif head.lower().startswith("name"):
        sub = {"givenname": "givenName", "familyname": "familyName"}
        patch_within(user, "name", sub.get(head.lower().partition(".")[2], ""), value)
    else:
        put(user, head, value)


def patch_within(user: Body, key: str, sub: str, value: Json) -> None:
    """Set a part of an object, or on the object itself those parts that are given."""
    if sub:
        merge(user, key, {sub: value})
    elif value is None:
        user.pop(key, None)
    else:
        merge(user, key, value)


def merge(user: Body, key: str, parts: Body) -> None:
    held = dict(user.get(key, {}))
    for name, each in parts.items():
        put(held, name, each)
    put(user, key, held)


def patch_emails(user: Body, op: str, path: str, value: Json) -> None:
    old: Values = user.get("emails", [])
    if path == "emails.display":
        new = [{**each, "display": value} for each in old or [{}]]
    elif op == "remove" or not value:
        new = [] if op != "add" else old
    else:
        new = united((old if op == "add" else []) + value)
    settle(user, old, new)


def settle(user: Body, old: Values, new: Values) -> None:
    """Store the values; one that has just become primary takes that from the others."""
    new = united(new)
    made = [each for each in new if each.get("primary") and each not in old]
    if made:
        new = [
            {**each, "primary": False} if each.get("primary") and each not in made else each
            for each in new
        ]
    put(user, "emails", new)


def patch_chosen(user: Body, op: str, rest: str, value: Json) -> None:
    inner, _, sub = rest.partition("]")
    sub = sub.lstrip(".")
    wanted = {'type eq "work"': "work", 'type eq "home"': "home"}.get(inner)
    old: Values = user.get("emails", [])
    hits = [
        each.get("type", "").lower() == wanted if wanted else bool(each.get("primary"))
        for each in old
    ]
    if not any(hits):
        if op == "remove":
            return
        if op == "replace":
            raise RefusedError("noTarget")
        start: Body = {"type": wanted} if wanted else {"primary": True}
        settle(user, old, [*old, {**start, sub: value}])
        return
    settle(user, old, chosen(old, hits, op, sub, value))


def chosen(old: Values, hits: list[bool], op: str, sub: str, value: Json) -> Values:
    """Return all values, with those that are hit removed, replaced, or changed in part."""
    new: Values = []
    first = hits.index(True)
    for number, (each, hit) in enumerate(zip(old, hits, strict=True)):
        if not hit:
            new.append(each)
        elif not sub:
            if op == "replace" and number == first:
                new.append(value)
        elif op == "remove":
            new.append({key: part for key, part in each.items() if key != sub})
        else:
            new.append({**each, sub: value})
    return new


def checked(user: Body) -> Body:
    if sum(each.get("primary") is True for each in user.get("emails", [])) > 1:
        raise RefusedError("invalidValue")
    return user


@quick
@given(whole, requests)
def test_patch_follows_a_model(start: Body, bodies: list[list[Body]]) -> None:
    app = create_app(credentials=[Credential("bearer", "s")])
    model: Body = {"userName": "u"}
    patch_whole(model, "add", start)
    status, shown = send(app, "POST", "/Users", {"schemas": [USER], "userName": "u", **start})
    assert (status, bare(shown)) == (201, model)
    path = f"/Users/{shown['id']}"
    for body in bodies:
        before, version = copy.deepcopy(model), shown["meta"]["version"]
        model, fault = attempt(lambda user: checked(patched(user, body)), model)  # noqa: B023 - called at once
        status, reply = send(app, "PATCH", path, {"schemas": [PATCH], "Operations": body})
        if fault:
            assert status == 400, (body, reply)
            assert reply["scimType"] in fault.split(), body
        else:
            assert (status, bare(reply)) == (200, model), body
        shown = send(app, "GET", path)[1]
        assert bare(shown) == model
        assert shown["schemas"] == ([USER, ENTERPRISE] if ENTERPRISE in model else [USER])
        assert (shown["meta"]["version"] != version) == (model != before)
