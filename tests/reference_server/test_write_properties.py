"""Whatever is written to attributes of any kind: no 500, and never a wrong resource."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

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

GADGET = "urn:example:params:scim:schemas:2.0:Gadget"
WARRANTY = "urn:example:params:scim:schemas:extension:2.0:Warranty"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
EVERY_KIND = Path(__file__).parent / "conformance" / "every_kind.json"

Body = dict[str, Any]

quick = settings(
    max_examples=sized(120, 5000),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# What the soak page says of this module.
FIGURES = {"examples for each property": quick.max_examples}


def send(app: Application, method: str, path: str, body: Json = None, query: str = "") -> Json:
    content = b"" if body is None else json.dumps(body).encode()
    headers = (("Authorization", "Bearer s"), ("Host", "h"))
    response = app.handle(Request(method, f"/scim/v2{path}", query, headers, content))
    assert response.status != 500
    text = joined(response.body)
    return response.status, json.loads(text) if text else {}


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.floats(allow_nan=False, width=16),
    st.sampled_from(["", "a", "A", "ab", "\u00e9"]),
)
ATTRIBUTES = [
    "plain", "serial", "weight", "count", "ready", "built", "blueprint", "manual", "owner",
    "standard", "secret", "pin", "stamp", "label", "note", "hidden", "color", "colour-code_2$",
    "tags", "sizes", "history", "slots", "maker", "parts", "name", "id", "meta", "schemas",
    "externalId", WARRANTY,
]  # fmt: skip
INNER = [
    "value", "type", "primary", "display", "$ref", "company", "country", "rank", "stamp", "key",
    "code", "remark", "sites", "supplier", "years", "terms", "Value", "x",
]  # fmt: skip
single = st.one_of(
    scalars,
    st.sampled_from(["2011-05-13T04:42:34Z", "AAAA", "https://example.com/", "urn:x:y", "%", "1"]),
    st.integers() | st.floats(allow_nan=False, allow_infinity=False),
)
nested = st.recursive(
    single,
    lambda below: st.one_of(
        st.lists(below, max_size=3), st.dictionaries(st.sampled_from(INNER), below, max_size=3)
    ),
    max_leaves=5,
)
gadget_bodies = st.dictionaries(st.sampled_from(ATTRIBUTES), nested, max_size=5)
gadget_paths = st.one_of(
    st.sampled_from(ATTRIBUTES),
    st.tuples(st.sampled_from(ATTRIBUTES), st.sampled_from(INNER)).map(".".join),
    st.builds(
        "{}[{} {} {}]{}".format,
        st.sampled_from(ATTRIBUTES),
        st.sampled_from(INNER),
        st.sampled_from(["eq", "pr", "co", "gt", "ne"]),
        st.sampled_from(["true", '"a"', "1", ""]),
        st.sampled_from(["", ".value", ".display", ".primary", ".x"]),
    ),
    st.sampled_from([f"{WARRANTY}:years", f"{GADGET}:plain", f"{WARRANTY}:x"]),
)
gadget_operations = st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "remove"])},
        optional={"path": gadget_paths, "value": st.one_of(nested, gadget_bodies)},
    ),
    min_size=1,
    max_size=3,
)
projections = st.sampled_from(["", "attributes=maker.rank,note", "excludedAttributes=parts.value"])
writes = st.lists(st.tuples(gadget_operations, gadget_bodies, projections), max_size=3)
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str, "boolean": bool, "decimal": (float, int), "integer": int, "dateTime": str,
    "binary": str, "reference": str, "complex": dict,
}  # fmt: skip


def fits(definition: Body, value: Json) -> bool:
    """Tell whether a value is what its definition says, at every depth."""
    if definition["multiValued"]:
        single = {**definition, "multiValued": False}
        return isinstance(value, list) and value != [] and all(fits(single, each) for each in value)
    if definition["type"] == "complex":
        subs = {each["name"]: each for each in definition["subAttributes"]}
        return isinstance(value, dict) and all(fits(subs[key], value[key]) for key in value)
    boolean = isinstance(value, bool) == (definition["type"] == "boolean")
    return isinstance(value, TYPES[definition["type"]]) and boolean


def check_gadget(shown: Body, schemas: dict[str, dict[str, Body]]) -> None:
    core, warranty = schemas[GADGET], schemas[WARRANTY]
    assert shown["name"].strip()
    for key, value in shown.items():
        if key in core:
            assert core[key]["returned"] != "never"
            assert core[key]["mutability"] != "readOnly"  # nothing is computed for these
            assert fits(core[key], value), (key, value)
        elif key == WARRANTY:
            assert "years" in value
            assert all(fits(warranty[name], each) for name, each in value.items())
            assert WARRANTY in shown["schemas"]
        else:
            assert key in ("schemas", "id", "externalId", "meta")
    for key in ("parts", "slots"):
        values = shown.get(key, [])
        assert sum(each.get("primary") is True for each in values) <= 1
        pairs = [
            (str(each["value"]).lower(), each.get("type")) for each in values if "value" in each
        ]
        assert len(set(pairs)) == len(pairs)


@quick
@given(
    gadget_bodies, st.lists(st.tuples(gadget_operations, gadget_bodies, projections), max_size=3)
)
def test_no_sequence_of_writes_breaks_a_resource_of_any_kind(
    start: Body, steps: list[tuple[list[Body], Body, str]]
) -> None:
    app = create_app(credentials=[Credential("bearer", "s")], schema_files=[EVERY_KIND])
    listed = send(app, "GET", "/Schemas")[1]["Resources"]
    schemas = {each["id"]: {a["name"]: a for a in each["attributes"]} for each in listed}
    begun = {"schemas": [GADGET], "name": "lamp"}
    status, shown = send(app, "POST", "/Gadgets", {**start, **begun})
    if status != 201:
        assert status == 400
        shown = send(app, "POST", "/Gadgets", begun)[1]
    path = f"/Gadgets/{shown['id']}"
    shown = send(app, "GET", path)[1]
    for patch, body, query in steps:
        for method, content in (
            ("PATCH", {"schemas": [PATCH], "Operations": patch}),
            ("PUT", {**body, **begun}),
        ):
            status, _ = send(app, method, path, content, query)
            assert status in (200, 400), (method, content)
            after = send(app, "GET", path)[1]
            assert status == 200 or after == shown
            check_gadget(after, schemas)
            shown = after
    assert send(app, "GET", "/Gadgets")[1]["Resources"] == [shown]
