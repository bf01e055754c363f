"""PUT against a model that shares nothing with the server: attributes of every mutability.

What is got is what was put, less what the rules drop; what the model refuses, the server must
refuse, and then nothing may have changed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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

SCHEMAS = Path(__file__).parent / "conformance" / "every_kind.json"
GADGET = "urn:example:params:scim:schemas:2.0:Gadget"
WARRANTY = "urn:example:params:scim:schemas:extension:2.0:Warranty"

texts = st.sampled_from(["", "a", "B"])
makers = st.fixed_dictionaries(
    {"company": st.sampled_from(["X", "Y"])},
    optional={
        "country": st.sampled_from(["SE", "US"]),
        "rank": st.integers(0, 2) | st.none(),
        "stamp": texts,
        "key": texts,
        "pet": texts,
    },
)
parts = st.lists(
    st.fixed_dictionaries(
        {"value": st.sampled_from(["p", "P", "q"])},
        optional={
            "type": st.sampled_from(["inner", "outer"]),
            "display": st.sampled_from(["one", "two"]),
            "supplier": texts,
        },
    ),
    max_size=3,
)
gadgets = st.fixed_dictionaries(
    {},
    optional={
        "plain": texts | st.none(),
        "serial": st.sampled_from(["s1", "s2"]) | st.none(),
        "weight": st.sampled_from([0, 1, 1.5]),
        "tags": st.lists(texts, max_size=3) | st.none(),
        "history": st.lists(texts, max_size=2) | st.none(),
        "maker": makers | st.none() | st.just({}),
        "parts": parts | st.none(),
        "stamp": texts,
        "hidden": texts,
        "note": texts,
        "secret": texts,
        "id": texts,
        "meta": st.just({"version": "x"}) | texts,
        "shoeSize": st.integers(),
        WARRANTY: st.fixed_dictionaries({"years": st.integers(0, 3)}) | st.none() | st.just({}),
    },
)
spellings = st.sampled_from([str, str.upper, str.lower, str.title])
SHOWN = ("plain", "serial", "weight", "tags", "history", "maker", "parts", "note", WARRANTY)


def kept(body: Body, old: Body) -> Body:
    """Return what is left of a PUT, by the rules of RFC 7644 section 3.5.1, or raise."""
    new: Body = {}
    for key in SHOWN:
        put(new, key, body.get(key))
    for key in ("serial", "history"):
        if key in old:
            if key in new and sorted(new[key]) != sorted(old[key]):
                raise RefusedError("mutability")
            new[key] = old[key] if key not in new else new[key]
    if "maker" in new:
        new["maker"] = kept_maker(new["maker"], old.get("maker", {}))
    if "parts" in new:
        new["parts"] = kept_parts(new["parts"], old.get("parts", []))
    return new


def kept_maker(given_: Body, old: Body) -> Body:
    new: Body = {}
    for key in ("company", "country", "rank"):
        put(new, key, given_.get(key))
    if "country" in old and new.setdefault("country", old["country"]) != old["country"]:
        raise RefusedError("mutability")
    return new


def kept_parts(given_: Values, old: Values) -> Values:
    shown = [{key: each for key, each in part.items() if key != "supplier"} for part in given_]
    before = {(each["value"].lower(), each.get("type")): each for each in old}
    result = united(shown)
    for part in result:
        display = before.get((part["value"].lower(), part.get("type")), {}).get("display")
        if display is not None and part.setdefault("display", display) != display:
            raise RefusedError("mutability")
    return result


def shown_of(reply: Body) -> Body:
    return {key: each for key, each in bare(reply).items() if key != "name"}


@quick
@given(gadgets, st.lists(gadgets, min_size=1, max_size=3), spellings)
def test_what_is_put_is_what_is_got_less_what_the_rules_drop(
    start: Body, bodies: list[Body], spelling: Json
) -> None:
    app = create_app(credentials=[Credential("bearer", "s")], schema_files=[SCHEMAS])
    state: Body = {}
    path = ""
    for number, body in enumerate([start, *bodies]):
        named = {spelling(key): each for key, each in body.items()}
        message = {"schemas": [GADGET, WARRANTY], "name": "lamp", **named}
        method, there = ("PUT", path) if number else ("POST", "/Gadgets")
        state, fault = attempt(lambda old: kept(body, old), state)  # noqa: B023 - called at once
        status, reply = send(app, method, there, message)
        if fault:
            assert (status, reply["scimType"]) == (400, fault), (message, reply)
        else:
            assert status == (200 if number else 201), (message, reply)
            assert bare(reply) == {"name": "lamp", **state}  # what is on request was given here
            path = f"/Gadgets/{reply['id']}"
        shown = send(app, "GET", path)[1]
        assert shown_of(shown) == {key: each for key, each in state.items() if key != "note"}
        assert shown["schemas"] == ([GADGET, WARRANTY] if WARRANTY in state else [GADGET])
        # And what was got can be put back without a change, with what it takes a question to see.
        whole_again = shown | {key: each for key, each in state.items() if key == "note"}
        assert send(app, "PUT", path, whole_again)[1] == whole_again
