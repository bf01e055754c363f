"""RFC 7644 section 3.7: bulk requests, and what the reply says of their operations."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from suites.bulk.jobs import Ran
from suites.bulk.jobs import Result
from suites.bulk.jobs import creating
from suites.expect import expect
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import member
from suites.values import strings
from suites.values import text
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

RESPONSE_URN = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
FOUR = ("create", "replace", "patch", "delete")
FAILING = ("nameless", "unknown", "half", "gone")


@requirement("RFC7644-3.7-1", needs=(), proof=("bulk-not-announced-404",))
def test_a_server_without_bulk_says_so(features: Capabilities, lab: Lab, scim: Scim) -> None:
    """A server that has no bulk requests answers 501 to one."""
    if features.has("bulk"):
        raise NotOffered("the server has bulk requests")
    body = lab.user_bodies(plain_user(lab.people.person()))[0]
    expect(scim.bulk(creating("Users", "scimproof-new", body))).status(501)


@requirement("RFC7644-3.7-2", proof=("bulk-post-not-done", "bulk-post-refused"))
def test_a_bulk_job_creates(four: Ran) -> None:
    """A POST in a bulk job creates a user."""
    four.of("create").success()
    expect(four.shown("create")).status(200).has("userName", four.sent("create", "userName"))


@requirement("RFC7644-3.7-2", proof=("bulk-put-ignored",))
def test_a_bulk_job_replaces(four: Ran) -> None:
    """A PUT in a bulk job replaces a user."""
    four.of("replace").success()
    sent = four.sent("replace", "displayName")
    expect(four.shown("replace")).status(200).has("displayName", sent)


@requirement("RFC7644-3.7-2", needs=("bulk", "patch"), proof=("bulk-patch-ignored",))
def test_a_bulk_job_patches(four: Ran) -> None:
    """A PATCH in a bulk job changes a user; its data is a whole PATCH message."""
    four.of("patch").success()
    sent = four.sent("patch", "Operations[0].value")
    expect(four.shown("patch")).status(200).has("displayName", sent)


@requirement("RFC7644-3.7-2", proof=("bulk-delete-ignored",))
def test_a_bulk_job_deletes(four: Ran) -> None:
    """A DELETE in a bulk job deletes a user."""
    four.of("delete").success()
    expect(four.shown("delete")).refused()


@requirement("RFC7644-3.7-4", proof=("bulk-as-list-response", "bulk-without-schemas"))
def test_the_reply_is_a_bulk_response(four: Ran) -> None:
    """The reply to a bulk request has the schema of bulk responses."""
    reply = four.job.done().reply
    expect(reply).holds(
        lambda: RESPONSE_URN in strings(value_at(reply.object(), "schemas")),
        f"the schema {RESPONSE_URN}",
        lambda: text(value_at(reply.object(), "schemas")),
    )


@requirement("RFC7644-3.7-6", proof=("bulk-echoes-fail-on-errors",))
def test_the_reply_has_no_fail_on_errors(four: Ran) -> None:
    """The reply to a bulk request does not repeat failOnErrors."""
    expect(four.job.done().reply).absent("failOnErrors")


@requirement("RFC7644-3.7-7", proof=("bulk-results-misnamed", "bulk-results-as-object"))
def test_the_reply_has_operations(four: Ran) -> None:
    """The reply to a bulk request has an array Operations."""
    reply = four.job.done().reply
    expect(reply).holds(
        lambda: isinstance(value_at(reply.object(), "Operations"), list),
        "an array Operations",
        lambda: text(reply.object()),
    )


@pytest.mark.parametrize("name", FOUR)
@requirement("RFC7644-3.7-8", proof=("bulk-method-left-out",))
def test_a_result_names_the_method(name: str, four: Ran) -> None:
    """The result of an operation has its method."""
    result = four.of(name)
    method = four.job.operations[name]["method"]
    result.shows(member(result.value, "method") == method, f"the method {method}")


@pytest.mark.parametrize("name", FOUR[1:])
@requirement("RFC7644-3.7-15", proof=("bulk-location-left-out", "bulk-location-is-endpoint"))
def test_a_result_has_the_location(name: str, four: Ran) -> None:
    """The result of a PUT, PATCH or DELETE has the address of the resource."""
    _leads_to(four.of(name), str(four.job.operations[name]["path"]))


@requirement("RFC7644-3.7-15", proof=("bulk-location-left-out", "bulk-location-is-endpoint"))
def test_the_result_of_a_create_has_the_location(four: Ran) -> None:
    """The result of a POST has the address of the new resource."""
    shown = value_at(four.shown("create").object(), "id")
    _leads_to(four.of("create"), f"/Users/{shown}")


@pytest.mark.parametrize("name", FAILING[1:])
@requirement("RFC7644-3.7-15", proof=("bulk-location-left-out-of-errors",))
def test_the_result_of_a_failure_has_the_location(name: str, troubled: Ran) -> None:
    """The result of a PUT, PATCH or DELETE that failed has the address, too."""
    _leads_to(troubled.of(name).failed(), str(troubled.job.operations[name]["path"]))


@requirement("RFC7644-3.7-15", proof=("bulk-failed-post-with-location",))
def test_a_failed_create_has_no_location(troubled: Ran) -> None:
    """The result of a POST that failed has no location."""
    result = troubled.of("nameless").failed()
    result.shows(not member(result.value, "location"), "no location", mildly=True)


@pytest.mark.parametrize("name", FAILING)
@requirement("RFC7644-3.7-16", proof=("bulk-response-left-out-of-errors",))
def test_a_failure_comes_with_a_response(name: str, troubled: Ran, reading: Reading) -> None:
    """The result of an operation that failed has a response."""
    result = troubled.of(name).failed()
    if result.response is result.value:
        reading("an error is shown beside the status of a bulk result (erratum 7916)")
    result.shows(bool(result.response), "a response")


@pytest.mark.parametrize("name", FOUR[:3])
@requirement("RFC7644-3.7-17", proof=("bulk-error-as-response-of-success",))
def test_a_response_to_a_success_is_the_resource(name: str, four: Ran, reading: Reading) -> None:
    """The result of an operation that succeeded has the resource as its response, or nothing."""
    result = four.of(name)
    if not member(result.value, "response"):
        reading("the results of a bulk job leave out the resources")
        return
    reading("the results of a bulk job show the resources")
    shown = value_at(result.response, "id")
    result.shows(shown == value_at(four.shown(name).object(), "id"), "the resource as response")


@pytest.mark.parametrize("name", FOUR)
@requirement("RFC7644-3.7-18", proof=("bulk-status-left-out", "bulk-status-as-number"))
def test_the_status_of_a_success_is_a_text(name: str, four: Ran, reading: Reading) -> None:
    """The status of an operation that succeeded is an HTTP status as a text."""
    _tells_its_status(four.of(name), reading)


@pytest.mark.parametrize("name", FAILING)
@requirement("RFC7644-3.7-18", proof=("bulk-status-in-words", "bulk-status-as-number"))
def test_the_status_of_a_failure_is_a_text(name: str, troubled: Ran, reading: Reading) -> None:
    """The status of an operation that failed is an HTTP status as a text."""
    _tells_its_status(troubled.of(name), reading)


@pytest.mark.parametrize("name", FAILING)
@requirement(
    "RFC7644-3.7-19",
    proof=("bulk-error-as-text", "bulk-error-without-schemas", "bulk-error-with-other-status"),
)
def test_the_response_to_a_failure_is_an_error(name: str, troubled: Ran) -> None:
    """The response in the result of an operation that failed is a SCIM error."""
    result = troubled.of(name).failed()
    if not result.response:
        raise NotOffered("the result has no response, which RFC7644-3.7-16 judges")
    schemas = strings(value_at(result.response, "schemas"))
    result.shows("urn:ietf:params:scim:api:messages:2.0:Error" in schemas, "an error message")
    status = value_at(result.response, "status")
    result.shows(
        result.response is result.value or status == str(result.code),
        f'"status": "{result.code}" in the response',
    )


@requirement("RFC7644-3.7-25", proof=("bulk-id-left-out", "bulk-id-made-anew"))
def test_a_new_resource_comes_with_its_bulk_id(four: Ran) -> None:
    """The result of a POST has the bulkId that was sent."""
    result, sent = four.of("create"), four.job.operations["create"]["bulkId"]
    result.shows(member(result.value, "bulkId") == sent, f'"bulkId": {text(sent)}')


def _leads_to(result: Result, path: str) -> None:
    leads = result.place.endswith((path, unquote(path)))
    result.shows(leads, f"a location that leads to {path}")


def _tells_its_status(result: Result, reading: Reading) -> None:
    """Expect "201" or, as an example of section 3.7.2 has it, {"code": "201"}."""
    found = member(result.value, "status")
    if isinstance(found, dict):
        reading("the status of a bulk result is an object with a code")
        found = member(found, "code")
    known = result.code is not None and 100 <= result.code < 600
    result.shows(known, "an HTTP status")
    result.shows(isinstance(found, str), "a status that is a text", mildly=True)
