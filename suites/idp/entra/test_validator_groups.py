"""Microsoft's SCIM Validator (reconstructed): groups and their members."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from idp_profiles.entra.tool_values import Values
from idp_profiles.entra.tool_values import folded
from idp_profiles.entra.tool_values import group_body
from idp_profiles.model import Json
from idp_profiles.wire import equals
from reports import Verdict
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import formed
from .conftest import object_id
from .tool_run import CREATED
from .tool_run import PATCHED
from .tool_run import Answer
from .tool_run import ToolRun

pytestmark = pytest.mark.usefixtures("groups_offered")

CREATE, MISSING = "ENTRA-VAL-19", "00000000-0000-4000-8000-000000000000"
GONE = (200, 202, 204)


@dataclass(frozen=True, slots=True)
class Circle:
    """A group: its id, its name and its externalId."""

    id: str
    name: str
    external_id: str = ""


@pytest.fixture
def run(entra: Replay, bench: Bench) -> ToolRun:
    """The Validator at work in this case."""
    return ToolRun(entra, bench, entra.idp.validator)


@pytest.fixture
def circle(bench: Bench, people: Registry, crew: tuple[Account, ...]) -> Circle:
    """A group with a member; shared, for cases that only read.

    The Validator's own is empty, which cannot tell who leaves the members out.
    """

    def make() -> Circle:
        name, other = people.unique("circle"), people.unique("decoy")
        client = bench.client(bench.shared.journal)
        formed(client, other)
        return Circle(formed(client, name, (crew[0].id,)), name)

    return bench.shared.once("entra-validator-circle", bench.log, make)


@pytest.fixture
def empty(run: ToolRun, people: Registry) -> Circle:
    """A group of the case's own, created as the Validator does."""
    name = people.unique("ring")
    external_id = object_id(name)
    answer = run.send(run.tool.create("/Groups", group_body(name, external_id)))
    return Circle(run.id_of(answer, "/Groups", "displayName", name, CREATE), name, external_id)


# -- look-ups


def _without_members(run: ToolRun, group: Answer) -> None:
    """Expect a group without its members; that the key is gone is what the Validator adds."""
    __tracebackhide__ = True
    expect(group).lacks("members")
    shown = group.json()
    if isinstance(shown, dict) and any(key.lower() == "members" for key in shown):
        run.entra.note(
            "members is there without a value, which the RFC takes for the same as absence; "
            "the Validator is reported to fail it"
        )


@requirement(
    "ENTRA-VAL-14",
    proof=("excluded-attributes-ignored", "group-excluded-attributes-ignored", "group-get-404"),
    dialects=(),
)
def test_a_group_is_read_without_members(run: ToolRun, circle: Circle) -> None:
    """A group that is read by id without its members does not show them."""
    group = run.send(run.tool.read("/Groups", circle.id, excludedAttributes="members"))
    expect(group).status(200).has("id", circle.id).has("displayName", circle.name)
    _without_members(run, group)


@requirement(
    "ENTRA-VAL-15",
    proof=("group-excluded-attributes-ignored", "group-filter-finds-nothing"),
    dialects=(),
)
def test_a_group_is_found_without_members(run: ToolRun, circle: Circle) -> None:
    """A group that is found by name without its members does not show them."""
    asked = run.tool.find("/Groups", "displayName", circle.name, excludedAttributes="members")
    found = run.send(asked)
    expect(found).list_response("totalResults").has("totalResults", 1)
    expect(found.first()).has("id", circle.id)
    _without_members(run, found.first())


@requirement(
    "ENTRA-VAL-16",
    proof=("group-filter-finds-nothing", "group-filter-unsupported", "group-filter-ignored"),
    dialects=(),
)
def test_a_group_is_found(run: ToolRun, circle: Circle) -> None:
    """A filter by displayName finds the one group of that name."""
    found = run.send(run.tool.find("/Groups", "displayName", circle.name))
    expect(found).list_response("totalResults").has("totalResults", 1)
    expect(found.first()).has("id", circle.id).has("displayName", circle.name)


@requirement("ENTRA-VAL-17", proof=("empty-search-404", "group-filter-ignored"), dialects=())
@pytest.mark.usefixtures("circle")
def test_an_unknown_group_finds_nothing(run: ToolRun, people: Registry) -> None:
    """A filter by a displayName that no group has is answered 200 with no group."""
    found = run.send(run.tool.find("/Groups", "displayName", people.unique("nothing")))
    expect(found).list_response("totalResults").has("totalResults", 0)


@requirement("ENTRA-VAL-18", proof=("group-filter-case-sensitive",), dialects=())
def test_a_group_is_found_in_another_case(run: ToolRun, bench: Bench, circle: Circle) -> None:
    """A filter by the displayName in capitals finds the group, unless the schema gives it case."""
    found = run.send(run.tool.find("/Groups", "displayName", circle.name.upper()))
    wanted = expect(found)
    known = bench.definitions().attribute("displayName", "Group")
    if known is not None and known.case_exact:
        wanted.note_at_most()
    wanted.list_response("totalResults").has("totalResults", 1)


# -- create and delete


@requirement(
    "ENTRA-VAL-19",
    proof=("group-create-501", "group-create-refuses-external-id", "group-name-truncated"),
    dialects=(),
)
def test_a_group_is_created(run: ToolRun, people: Registry) -> None:
    """A group with a name and an externalId is created and found by its name."""
    name = people.unique("a-ring-with-a-long-name")
    created = run.send(run.tool.create("/Groups", group_body(name, object_id(name))))
    expect(created).status(*CREATED)
    found = run.send(run.tool.find("/Groups", "displayName", name))
    expect(found).list_response("totalResults").has("totalResults", 1)
    expect(found.first()).has("displayName", name).filled("id").lacks("members")


@requirement("ENTRA-VAL-20", proof=("group-twin-500", "group-twin-as-200"), dialects=())
def test_a_second_group_of_one_name_is_409(run: ToolRun, empty: Circle) -> None:
    """A second group of one name is answered 409, or is a group of its own as the RFC allows."""
    answer = run.send(run.tool.create("/Groups", group_body(empty.name, empty.external_id)))
    if answer.status == 201 and answer.at("id") not in (None, empty.id):
        raise Mismatch(
            expected="409 to a displayName that is taken",
            actual="201 with a second group, which the RFC allows and the Validator fails",
            entry=answer.entry,
            at_most=Verdict.PASS,
        )
    expect(answer).status(409)


@requirement("ENTRA-VAL-25", proof=("group-delete-ignored", "group-delete-refused"), dialects=())
def test_a_deleted_group_is_404(run: ToolRun, empty: Circle) -> None:
    """A group that is deleted is not there any more when read by id."""
    expect(run.send(run.tool.delete("/Groups", empty.id))).status(*GONE)
    expect(run.send(run.tool.read("/Groups", empty.id))).status(404)


@requirement("ENTRA-VAL-31", proof=("not-found-as-400",), dialects=())
def test_an_unknown_group_cannot_be_deleted(run: ToolRun) -> None:
    """The deletion of a group that never was is answered 404."""
    expect(run.send(run.tool.delete("/Groups", MISSING))).status(404)


@requirement("ENTRA-VAL-32", proof=("not-found-as-400",), dialects=())
def test_a_group_cannot_be_deleted_twice(run: ToolRun, empty: Circle) -> None:
    """The second deletion of a group is answered 404."""
    run.send(run.tool.delete("/Groups", empty.id))
    expect(run.send(run.tool.delete("/Groups", empty.id))).status(404)


# -- changes


def _patched(run: ToolRun, group: Circle, *operations: Json) -> Answer:
    """Send a PATCH, and return the group as it is read then."""
    __tracebackhide__ = True
    expect(run.send(run.tool.patch("/Groups", group.id, operations))).status(*PATCHED)
    return run.send(run.tool.read("/Groups", group.id))


@requirement("ENTRA-VAL-21", proof=("patch-pathless-refused", "group-patch-501"), dialects=())
def test_the_external_id_of_a_group_is_replaced(run: ToolRun, empty: Circle) -> None:
    """A group is given another externalId without a path."""
    before = run.send(run.tool.read("/Groups", empty.id))
    if before.at("externalId") != empty.external_id:
        raise NotOffered("the server keeps no externalId of groups")
    values: Values = {"externalId": object_id(f"{empty.name} later")}
    after = _patched(run, empty, *folded("replace", values))
    expect(after).status(200).has("externalId", values["externalId"])


@requirement(
    "ENTRA-VAL-22",
    proof=("patch-pathless-refused", "group-rename-ignored", "group-rename-refused"),
    dialects=(),
)
def test_a_group_is_renamed_without_a_path(run: ToolRun, empty: Circle, people: Registry) -> None:
    """A group that is renamed without a path is found by its new name."""
    name = people.unique("renamed")
    _patched(run, empty, *folded("replace", {"displayName": name}))
    found = run.send(run.tool.find("/Groups", "displayName", name))
    expect(found).list_response("totalResults").has("totalResults", 1)
    expect(found.first()).has("id", empty.id)


@requirement(
    "ENTRA-VAL-23",
    proof=("members-replace-refused", "members-replace-ignored", "members-path-replace-refused"),
    dialects=(),
)
def test_a_member_is_put_in_by_replace(
    run: ToolRun, empty: Circle, crew: tuple[Account, ...]
) -> None:
    """A replace of members gives an empty group its first one."""
    members: Json = [{"value": crew[0].id}]
    operation: Json = {"op": "replace", "path": "members", "value": members}
    expect(_patched(run, empty, operation)).status(200).members([crew[0].id])


@requirement(
    "ENTRA-VAL-24",
    proof=("member-remove-ignored", "member-remove-removes-all", "member-remove-path-refused"),
    dialects=(),
)
def test_one_of_two_members_is_removed(
    run: ToolRun, look: ScimClient, people: Registry, crew: tuple[Account, ...]
) -> None:
    """A remove that selects one of two members leaves the other."""
    name = people.unique("pair")
    pair = Circle(formed(look, name, (crew[0].id, crew[1].id)), name)
    operation: Json = {"op": "remove", "path": f"members[{equals('value', crew[0].id)}]"}
    expect(_patched(run, pair, operation)).status(200).members([crew[1].id])


@requirement(
    "ENTRA-VAL-30",
    proof=("patch-first-operation-only", "member-remove-ignored", "patch-operations-reversed"),
    dialects=(),
)
def test_a_member_comes_and_goes_at_once(
    run: ToolRun, empty: Circle, crew: tuple[Account, ...]
) -> None:
    """A member who is added and removed in one request is none afterwards."""
    after = _patched(
        run,
        empty,
        {"op": "add", "path": "members", "value": [{"value": crew[0].id}]},
        {"op": "remove", "path": f"members[{equals('value', crew[0].id)}]"},
    )
    expect(after).status(200).members([])
