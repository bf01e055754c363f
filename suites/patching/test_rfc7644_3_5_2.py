"""RFC 7644 section 3.5.2: what a PATCH says, and how it is answered."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.expect import ERROR_URN
from suites.expect import expect
from suites.patching.changes import Change
from suites.patching.changes import Operation
from suites.patching.conftest import Changed
from suites.patching.steps import replace
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Reading
from suites.values import strings
from suites.verbs import PATCH_URN
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

Staff = tuple[Made, ...]

NOBODY = "/Users/5f0c4b1e-0000-4000-8000-5c1390000000"
ATOMIC = "patch-not-atomic"
JUDGES = {"no match": "RFC7644-3.5.2.3-9", "required": "RFC7644-3.5.2.2-8"}


def _same(user: Made) -> Operation:
    """Return an operation that changes nothing, should the server take what it must not."""
    return replace("displayName", user.value("displayName"))


def _refused(scim: Scim, user: Made, body: Json) -> None:
    """Expect that a PATCH whose body is wrong as a whole is refused."""
    __tracebackhide__ = True
    expect(scim.client.send("PATCH", user.path, body=body)).scim_error(400)


def _failed(change: Change, judge: str) -> Change:
    """Return a change whose last operation has to fail, unless the server takes it."""
    told = ERROR_URN in strings(change.reply.object().get("schemas"))
    if change.reply.status < 300 and not told:
        raise Blocked("the operation that has to fail was taken", by=judge)
    return change


# -- the request


@requirement("RFC7644-3.5.2-1", proof=("config-denies-patch",), needs=())
def test_a_server_without_patch_says_so(
    scim: Scim, calm_user: Made, features: Capabilities
) -> None:
    """A server that announces no PATCH answers it with 501 or another refusal."""
    if features.announced("patch") is not False:
        raise NotOffered("the server does not say that it has no PATCH")
    expect(scim.patch(calm_user, _same(calm_user))).refused(501, 404, 405, 403)


@pytest.mark.parametrize("op", ["move", "copy", "test"])
@requirement("RFC7644-3.5.2-3", proof=("patch-unknown-op-ignored",))
def test_operations_of_json_patch_are_refused(op: str, scim: Scim, calm_user: Made) -> None:
    """The operations that only JSON Patch has are refused."""
    reply = scim.patch(calm_user, {**_same(calm_user), "op": op, "from": "displayName"})
    expect(reply).scim_error(400)


@requirement("RFC7644-3.5.2-3", proof=("patch-index-ignored",))
def test_an_index_is_no_path(scim: Scim, calm_user: Made) -> None:
    """A path with the index of a value is refused."""
    calm_user.kept("emails.value")
    reply = scim.patch(calm_user, replace("emails[0].value", calm_user.value("emails[0].value")))
    expect(reply).scim_error(400)


@requirement("RFC7644-3.5.2-4", proof=("patch-without-schemas-500",))
def test_a_patch_names_its_message(scim: Scim, calm_user: Made, reading: Reading) -> None:
    """A PATCH whose body has no `schemas` is refused, or read leniently."""
    body: Json = {"Operations": [_same(calm_user)]}
    reply = scim.client.send("PATCH", calm_user.path, body=body)
    reading(f"a PATCH without schemas is answered with {reply.status}")
    expect(reply).no_server_error()


@pytest.mark.parametrize("operations", [None, []], ids=["missing", "empty"])
@requirement("RFC7644-3.5.2-5", proof=("patch-without-operations-accepted",))
def test_a_patch_has_operations(operations: Json, scim: Scim, calm_user: Made) -> None:
    """A PATCH without any operation is refused."""
    body: dict[str, Json] = {"schemas": [PATCH_URN]}
    _refused(scim, calm_user, body if operations is None else {**body, "Operations": operations})


@requirement("RFC7644-3.5.2-5", proof=("patch-operations-object-accepted",))
def test_operations_are_an_array(scim: Scim, calm_user: Made) -> None:
    """A PATCH whose one operation stands in no array is refused."""
    _refused(scim, calm_user, {"schemas": [PATCH_URN], "Operations": _same(calm_user)})


@requirement("RFC7644-3.5.2-6", proof=("patch-unknown-op-ignored",))
def test_an_operation_has_an_op(scim: Scim, calm_user: Made) -> None:
    """An operation without `op` is refused."""
    operation = _same(calm_user)
    del operation["op"]
    expect(scim.patch(calm_user, operation)).scim_error(400)


@requirement("RFC7644-3.5.2-7", proof=("patch-many-operations-refused", "patch-replace-ignored"))
def test_the_three_operations_work(targeted: Changed) -> None:
    """An add, a replace and a remove work together in one request."""
    change = targeted["three"].on("title", "displayName", "userType")
    expect(change.reply).success()
    expect(change.after).status(200).has("title", "Head").has("displayName", "Another Name").absent(
        "userType"
    )


@requirement("RFC7644-3.5.2-7", proof=("patch-capital-op-ignored",))
def test_a_capital_in_op_is_understood_or_refused(targeted: Changed, reading: Reading) -> None:
    """An `op` with a capital letter is done as if it had none, or refused."""
    change = targeted["capital"].on("locale")
    reading(f"an op with a capital letter is answered with {change.reply.status}")
    if change.reply.status < 300:
        expect(change.after).status(200).has("locale", "de-DE")
    else:
        expect(change.reply).refused()


# -- one after the other, or none


@requirement(
    "RFC7644-3.5.2-21",
    proof=(
        "patch-operations-reversed",
        "patch-first-operation-only",
        "patch-many-operations-refused",
    ),
)
def test_operations_are_done_in_order(targeted: Changed) -> None:
    """Each operation works on what the one before it left."""
    change = targeted["order"].on("nickName")
    expect(change.reply).success()
    expect(change.after).status(200).has("nickName", "Second")


@requirement("RFC7644-3.5.2-24", proof=(ATOMIC,))
def test_a_patch_of_a_group_is_atomic(joined: Changed) -> None:
    """A request of which the second operation fails does not add the member of the first."""
    change = _failed(joined["half"].on("members"), JUDGES["no match"])
    expect(change.after).status(200).members(change.members())


@pytest.mark.parametrize("step", list(JUDGES))
@requirement("RFC7644-3.5.2-25", proof=(ATOMIC,))
def test_a_failed_patch_leaves_no_trace(step: str, targeted: Changed) -> None:
    """After a request of which an operation fails the user is as before, and so is its version."""
    change = _failed(targeted[step].on("title"), JUDGES[step])
    expect(change.after).status(200).unchanged(change.before)


@requirement("RFC7644-3.5.2-26", proof=("errors-with-status-200",))
def test_a_failed_patch_has_the_status_of_a_failure(targeted: Changed) -> None:
    """A request of which an operation fails has a status of the 400 class."""
    change = _failed(targeted["no match"].on("title"), JUDGES["no match"])
    expect(change.reply).refused()


@requirement("RFC7644-3.5.2-27", proof=("errors-without-schemas", "errors-as-text"))
def test_a_failed_patch_is_explained(targeted: Changed) -> None:
    """A PATCH that fails is answered with a SCIM error message."""
    change = _failed(targeted["no match"].on("title"), JUDGES["no match"])
    expect(change.reply).refused().scim_error(change.reply.status)


# -- the answer


@requirement(
    "RFC7644-3.5.2-28",
    proof=("patch-answers-202", "patch-answers-empty-200", "patch-answers-old-state"),
)
def test_a_patch_is_answered_with_the_resource(targeted: Changed, reading: Reading) -> None:
    """A PATCH that succeeds gives 200 with the resource as it is now, or 204."""
    change = targeted["order"]
    if change.reply.status == 501:
        raise Blocked("the PATCH did not succeed", by="RFC7644-3.5.2.3-2", entry=change.reply.entry)
    if change.reply.status == 400:
        change.on("nickName")  # which a server need not keep or let clients change
    reading(f"a PATCH is answered with {change.reply.status}")
    expect(change.reply).status(200, 204)
    if change.reply.status == 200:
        expect(change.reply).json_object().unchanged(change.after.object())


@requirement("RFC7644-3.5.2-29", proof=("patch-user-answers-204+etag-header-left-out",))
def test_a_204_has_suitable_headers(targeted: Changed, features: Capabilities) -> None:
    """A 204 to a PATCH has no body, and an ETag where the server has versions."""
    change = targeted["order"]
    if change.reply.status != 204:
        raise NotOffered("the server answers PATCH with the resource")
    expect(change.reply).no_body()
    if features.announced("etag"):
        expect(change.reply).header("ETag")


@requirement("RFC7644-3.5.2-30", proof=("patch-attributes-answered-204",))
def test_attributes_are_answered(scim: Scim, user: Made) -> None:
    """A PATCH that asks for attributes is answered with 200 and with those attributes."""
    user.kept("displayName", "name.familyName")
    operation = replace("displayName", "Another Name")
    reply = scim.patch(user, operation, attributes="userName")
    if reply.status == 501:
        raise Blocked("the PATCH did not succeed", by="RFC7644-3.5.2.3-2", entry=reply.entry)
    expect(reply).status(200).has("userName", user.value("userName")).filled("id")
    expect(reply).lacks("name").lacks("displayName")


@requirement("RFC7644-3.5.2-31", proof=("patch-missing-204", "not-found-as-400"))
def test_nobody_is_changed(scim: Scim, definitions: Definitions) -> None:
    """A PATCH on an id that nobody has gives 404."""
    name = definitions.changeable("displayName", "nickName", "title")
    expect(scim.patch(NOBODY, replace(name, "Nobody"))).scim_error(404)


@requirement("RFC7644-3.5.2-32", proof=("patch-taken-name-ignored",))
def test_a_name_that_is_taken_is_refused(scim: Scim, calm_user: Made, staff: Staff) -> None:
    """A PATCH that gives a user the userName of another is refused, and changes nothing."""
    before = scim.get(calm_user).object()
    reply = scim.patch(calm_user, replace("userName", staff[0].value("userName")))
    # A server may allow no other userName at all.
    expect(reply).scim_error(400, 409).warn_at_most().scim_type("uniqueness", "mutability")
    expect(scim.get(calm_user)).unchanged(before)
