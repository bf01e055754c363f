"""RFC 7644 section 3.5.2: PATCH against what the core schemas lack.

Immutable attributes of every form, readOnly and required ones of extensions, arrays of simple
values, a required extension.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from typing import Any

import pytest

if TYPE_CHECKING:
    from conftest import Json
    from conftest import Scim

MACHINE = "urn:example:params:scim:schemas:2.0:Machine"
CONTRACT = "urn:example:params:scim:schemas:2.0:Contract"
WARRANTY = "urn:example:params:scim:schemas:extension:2.0:Warranty"
PLATE = "urn:example:params:scim:schemas:extension:2.0:Plate"
MACHINES = Path(__file__).parent / "machines.json"
UNSET = object()

ORIGIN = {"country": "DE", "city": "Bonn"}
PART = {"value": "p", "type": "inner", "display": "A part"}
START: dict[str, Any] = {
    "name": "press",
    "owners": [{"value": "x"}],
    "serial": "A",
    "history": ["a", "b"],
    "origin": ORIGIN,
    "inspections": [{"value": "1", "by": "x"}],
    "tags": ["red", "Blue"],
    "codes": ["c", "C"],
    "sizes": [1, 2],
    "maker": {"company": "X", "country": "DE", "sites": ["Bonn"]},
    "parts": [PART, {"value": "q"}],
    WARRANTY: {"years": 2, "issued": "2025", "notes": ["n"]},
    PLATE: {"number": "7", "screws": [{"value": "s", "primary": True}, {"value": "t"}]},
}

honours = pytest.mark.honours


@pytest.fixture
def machines(make_scim: Callable[..., Scim]) -> Scim:
    return make_scim(schema_files=[MACHINES])


def op(op: str, path: str | None = None, value: Json = UNSET) -> dict[str, Any]:
    operation = {"op": op, "path": path, "value": value}
    return {key: each for key, each in operation.items() if each not in (None, UNSET)}


def create(scim: Scim, **attributes: Json) -> str:
    body = {"schemas": [MACHINE], "name": "press", "owners": [{"value": "x"}], **attributes}
    reply = scim.post("/Machines", body)
    assert reply.status == 201, reply.body
    return f"/Machines/{reply.body['id']}"


def observed(scim: Scim, path: str) -> dict[str, Any]:
    shown = scim.get(path).body
    return {key: each for key, each in shown.items() if key not in ("schemas", "id", "meta")}


REFUSED = [
    op("replace", "serial", "B"),
    op("add", "serial", "a"),
    op("remove", "serial"),
    op("replace", value={"serial": "B"}),
    op("add", "history", ["c"]),
    op("replace", "history", ["b"]),
    op("remove", 'history[value eq "a"]'),
    op("replace", 'history[value eq "a"]', "z"),
    op("remove", "history"),
    op("replace", "origin.city", "Ulm"),
    op("add", "origin.region", "NRW"),
    op("remove", "origin.city"),
    op("add", "origin", {"region": "NRW"}),
    op("remove", "origin"),
    op("add", "inspections", [{"value": "2"}]),
    op("replace", 'inspections[value eq "1"].by', "y"),
    op("replace", "inspections.by", "y"),
    op("remove", 'inspections[value eq "1"]'),
    op("add", 'inspections[value eq "9"].by', "y"),
    op("replace", "maker.country", "FR"),
    op("remove", "maker.country"),
    op("add", "maker", {"country": "FR"}),
    op("replace", value={"maker": {"country": None}}),
    op("replace", 'parts[value eq "p"].display', "x"),
    op("add", 'parts[value eq "p"]', {"display": "x"}),
    op("add", "parts", [{**PART, "display": "x"}]),
    op("remove", 'parts[value eq "p"].display'),
    op("replace", f"{WARRANTY}:issued", "2026"),
    op("remove", WARRANTY),
    op("remove", f'schemas[value eq "{WARRANTY}"]'),
]


@honours("RFC7644-3.5.2-12", "RFC7644-3.5.2-15")
@pytest.mark.parametrize("operation", REFUSED)
def test_an_immutable_value_stays(machines: Scim, operation: Json) -> None:
    path = create(machines, **START)
    before = machines.get(path).body
    reply = machines.patch(path, op("add", "ready", True), operation)
    assert reply.fault == (400, "mutability")
    assert "immutable" in reply.body["detail"]
    assert machines.get(path).body == before


@pytest.mark.parametrize(
    "operation",
    [
        op("add", "serial", "A"),
        op("replace", "history", ["a", "b"]),
        op("add", "history", ["b"]),
        op("replace", "origin", ORIGIN),
        op("add", "origin.city", "Bonn"),
        op("add", "inspections", [{"value": "1", "by": "x"}]),
        op("add", "maker", {"country": "DE"}),
        op("add", "parts", [PART]),
        op("replace", f"{WARRANTY}:issued", "2025"),
        op("replace", value=START),
    ],
)
def test_an_immutable_value_may_be_repeated(machines: Scim, operation: Json) -> None:
    path = create(machines, **START)
    before = machines.get(path).body
    assert machines.patch(path, operation).body == before


@honours("RFC7644-3.5.2-14")
@pytest.mark.parametrize(
    ("operation", "name", "value"),
    [
        (op("add", "serial", "B"), "serial", "B"),
        (op("replace", "serial", "B"), "serial", "B"),
        (op("add", "history", ["c", "d"]), "history", ["c", "d"]),
        (op("add", "origin", ORIGIN), "origin", ORIGIN),
        (op("add", "origin.city", "Ulm"), "origin", {"city": "Ulm"}),
        (op("add", "inspections", [{"value": "2"}]), "inspections", [{"value": "2"}]),
        (op("add", "maker.country", "FR"), "maker", {"company": "X", "country": "FR"}),
        (op("add", 'parts[value eq "p"].display', "x"), "parts", [{"value": "p", "display": "x"}]),
        (
            op("add", f"{WARRANTY}:issued", "2026"),
            WARRANTY,
            {"years": 2, "issued": "2026"},
        ),
    ],
)
def test_an_immutable_attribute_without_value_can_be_set(
    machines: Scim, operation: Json, name: str, value: Json
) -> None:
    bare = {"maker": {"company": "X"}, "parts": [{"value": "p"}], WARRANTY: {"years": 2}}
    path = create(machines, **bare)
    assert machines.patch(path, operation).status == 200
    assert machines.get(path).body[name] == value


def test_whole_entries_with_immutable_parts_can_be_exchanged(machines: Scim) -> None:
    path = create(machines, **START)
    machines.patch(path, op("replace", "parts", [{"value": "r", "display": "x"}]))
    assert observed(machines, path)["parts"] == [{"value": "r", "display": "x"}]
    machines.patch(path, op("replace", 'parts[value eq "r"]', {"value": "s", "display": "y"}))
    assert observed(machines, path)["parts"] == [{"value": "s", "display": "y"}]
    machines.patch(path, op("remove", 'parts[value eq "s"]'), op("remove", "maker"))
    assert not {"parts", "maker"} & observed(machines, path).keys()


READ_ONLY = [
    op("add", "stamp", "x"),
    op("remove", "stamp"),
    op("replace", "log", [{"value": "x"}]),
    op("add", "log.by", "x"),
    op("remove", "log"),
    op("replace", "maker.stamp", "x"),
    op("remove", "maker.stamp"),
    op("replace", 'parts[value eq "p"].supplier', "x"),
    op("remove", "parts.supplier"),
    op("add", f"{WARRANTY}:approved", "x"),
    op("remove", f"{WARRANTY}:approved"),
    op("replace", value={"stamp": "x"}),
    op("add", value={WARRANTY: {"approved": "x"}}),
]


@honours("RFC7644-3.5.2-12", "RFC7644-3.5.2.2-9")
@pytest.mark.parametrize("operation", READ_ONLY)
def test_a_readonly_attribute_is_the_servers(machines: Scim, operation: Json) -> None:
    path = create(machines, **START)
    before = machines.get(path).body
    reply = machines.patch(path, op("add", "ready", True), operation)
    assert reply.fault == (400, "mutability")
    assert "readOnly" in reply.body["detail"]
    assert machines.get(path).body == before


REQUIRED = [
    (op("remove", "name"), "mutability"),
    (op("remove", "owners"), "mutability"),
    (op("remove", 'owners[value eq "x"]'), "mutability"),
    (op("replace", "owners", []), "mutability"),
    (op("remove", "owners", [{"value": "x"}]), "mutability"),
    (op("remove", 'owners[value eq "x"].value'), "mutability"),
    (op("remove", "maker.company"), "mutability"),
    (op("replace", "maker", {"company": None}), "mutability"),
    (op("remove", 'parts[value eq "p"].value'), "mutability"),
    (op("remove", f"{WARRANTY}:years"), "mutability"),
    (op("replace", 'parts[value eq "p"]', {"type": "x"}), "invalidValue"),
    (op("add", "parts", [{"type": "x"}]), "invalidValue"),
    (op("replace", "name", ""), "invalidValue"),
]


@honours("RFC7644-3.5.2.2-8")
@pytest.mark.parametrize(("operation", "scim_type"), REQUIRED)
def test_what_is_required_stays(machines: Scim, operation: Json, scim_type: str) -> None:
    path = create(machines, **START)
    before = machines.get(path).body
    reply = machines.patch(path, op("add", "ready", True), operation)
    assert reply.fault == (400, scim_type)
    assert "required" in reply.body["detail"]
    assert machines.get(path).body == before


def test_an_extension_needs_what_it_requires(machines: Scim) -> None:
    path = create(machines)
    terms, years = op("add", f"{WARRANTY}:terms", "x"), op("add", f"{WARRANTY}:years", 3)
    assert machines.patch(path, terms).fault == (400, "invalidValue")
    assert machines.patch(path, terms, years).status == 200
    assert observed(machines, path)[WARRANTY] == {"terms": "x", "years": 3}
    # All of it can go: what it requires, it requires only while it is there.
    assert machines.patch(path, op("remove", WARRANTY)).status == 200
    assert machines.patch(path, op("remove", WARRANTY)).status == 200
    assert machines.get(path).body["schemas"] == [MACHINE]


@honours("RFC7644-3.5.2.2-8")
@pytest.mark.parametrize(
    "operation",
    [
        op("remove", PLATE),
        op("remove", f"{PLATE}:number"),
        op("remove", f'schemas[value eq "{PLATE}"]'),
        {"op": "replace", "value": {PLATE: None}},
    ],
)
def test_a_required_extension_stays(machines: Scim, operation: Json) -> None:
    body = {"schemas": [CONTRACT, PLATE], "subject": "s", PLATE: {"number": "8"}}
    path = f"/Contracts/{machines.post('/Contracts', body).body['id']}"
    before = machines.get(path).body
    assert machines.patch(path, operation).fault == (400, "mutability")
    assert machines.get(path).body == before


def row(ids: str, operation: Json, *, id: str, **changes: Json) -> object:
    marks = honours(*(f"RFC7644-{each}" for each in ids.split()))
    return pytest.param(operation, changes, marks=marks, id=id)


SIMPLE = [
    row("3.5.2.1-6", op("add", "tags", ["green"]), tags=["red", "Blue", "green"], id="add"),
    row("3.5.2.1-6", op("add", "tags", "green"), tags=["red", "Blue", "green"], id="add-bare"),
    row("3.5.2.1-10", op("add", "tags", ["blue"]), id="add-in-another-case"),
    row("3.5.2.1-10", op("add", "codes", ["C"]), id="add-exactly-what-is-there"),
    row("3.5.2.1-6", op("add", "sizes", [2, 3]), sizes=[1, 2, 3], id="add-numbers"),
    row("3.5.2.2-4", op("remove", 'tags[value eq "blue"]'), tags=["red"], id="remove"),
    row("3.5.2.2-4", op("remove", 'codes[value eq "c"]'), codes=["C"], id="remove-exactly"),
    row("3.5.2.2-4", op("remove", "sizes[value ge 1]"), sizes=UNSET, id="remove-all-by-filter"),
    row("3.5.2.2-4", op("remove", "tags", ["BLUE", "x"]), tags=["red"], id="remove-named"),
    row("3.5.2.2-4", op("remove", "sizes", [True, 2]), sizes=[1], id="true-is-not-1"),
    row("3.5.2.2-3", op("remove", "tags"), tags=UNSET, id="remove-all"),
    row("3.5.2.3-3", op("replace", "tags", ["x"]), tags=["x"], id="replace-all"),
    row("3.5.2.3-7", op("replace", 'tags[value eq "red"]', "x"), tags=["x", "Blue"], id="one"),
    row(
        "3.5.2.1-6",
        op("add", "maker.sites", ["Ulm", "bonn"]),
        maker={**START["maker"], "sites": ["Bonn", "Ulm"]},
        id="add-to-an-array-in-an-object",
    ),
    row(
        "3.5.2.3-3",
        op("replace", "maker.sites", ["Ulm"]),
        maker={**START["maker"], "sites": ["Ulm"]},
        id="replace-an-array-in-an-object",
    ),
    row(
        "3.5.2.2-6",
        op("remove", "maker.sites"),
        maker={"company": "X", "country": "DE"},
        id="remove-an-array-in-an-object",
    ),
    row(
        "3.5.2.1-6",
        op("add", f"{WARRANTY}:notes", ["m"]),
        id="add-in-an-extension",
        **{WARRANTY: {**START[WARRANTY], "notes": ["n", "m"]}},
    ),
    row(
        "3.5.2.2-4",
        op("remove", f'{WARRANTY}:notes[value eq "n"]'),
        id="remove-in-an-extension",
        **{WARRANTY: {"years": 2, "issued": "2025"}},
    ),
    row(
        "3.5.2-23",
        op("replace", f'{PLATE}:screws[value eq "t"].primary', True),
        id="primary-in-an-extension",
        **{
            PLATE: {
                "number": "7",
                "screws": [{"value": "s", "primary": False}, {"value": "t", "primary": True}],
            }
        },
    ),
    row(
        "3.5.2.2-5",
        op("remove", f'{PLATE}:screws[value eq "s"]'),
        id="records-in-an-extension",
        **{PLATE: {"number": "7", "screws": [{"value": "t"}]}},
    ),
    row(
        "3.5.2.1-16",
        op("add", f'{PLATE}:screws[value eq "s"].type', "x"),
        id="sub-attribute-of-a-record-in-an-extension",
        **{
            PLATE: {
                "number": "7",
                "screws": [{"value": "s", "primary": True, "type": "x"}, {"value": "t"}],
            }
        },
    ),
]


@pytest.mark.parametrize(("operation", "changes"), SIMPLE)
def test_arrays_of_simple_values_and_in_extensions(
    machines: Scim, operation: Json, changes: dict[str, Any]
) -> None:
    path = create(machines, **START)
    before = machines.get(path).body["meta"]
    assert machines.patch(path, operation).status == 200
    expected = {key: value for key, value in {**START, **changes}.items() if value is not UNSET}
    assert observed(machines, path) == expected
    assert (machines.get(path).body["meta"] != before) == bool(changes)
