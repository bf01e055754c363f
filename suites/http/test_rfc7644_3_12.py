"""RFC 7644 section 3.12: what an error looks like, and the status it comes with."""

from __future__ import annotations

import pytest

from suites.client import Seen
from suites.control import running
from suites.expect import expect
from suites.http.conftest import Replies
from suites.http.conftest import failed
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

URN = "urn:ietf:params:scim:api:messages:2.0:Error"
SHAPES = ("nobody", "broken", "twice")
KINDS = (
    "invalidFilter",
    "tooMany",
    "uniqueness",
    "mutability",
    "invalidSyntax",
    "invalidPath",
    "noTarget",
    "invalidValue",
    "invalidVers",
    "sensitive",
)
# Who judges that a request of this kind fails at all.
FAILS = {"nobody": "RFC7644-3.12-13", "broken": "RFC7644-3.12-10", "twice": "RFC7644-3.3-12"}


def _error(errors: Replies, shape: str) -> Seen:
    return failed(errors[shape], FAILS.get(shape, "RFC7644-3.12-10"))


@pytest.mark.parametrize("shape", SHAPES)
@requirement("RFC7644-3.12-1", proof=("errors-as-text",))
def test_an_error_has_a_body_in_json(shape: str, errors: Replies) -> None:
    """An error comes with a JSON object as its body."""
    expect(_error(errors, shape)).json_object()


@requirement("RFC7644-3.12-1", proof=("not-found-as-html", "not-found-empty"))
def test_an_endpoint_that_is_not_there_has_a_body_in_json(errors: Replies) -> None:
    """The error of an endpoint that does not exist is JSON as well."""
    # What answers there may be a web server in front, which knows nothing of SCIM.
    reply = failed(errors["nowhere"], "RFC7644-3.12-13")
    expect(reply).warn_at_most().json_object()


@requirement("RFC7644-3.12-1", proof=("unauthorized-as-html",))
def test_a_wrong_credential_is_answered_in_json(knocks: Replies) -> None:
    """The error of a wrong credential is JSON as well."""
    reply = failed(knocks["wrong"], "RFC7644-2-4")
    expect(reply).warn_at_most().json_object()


@pytest.mark.parametrize("shape", SHAPES)
@requirement("RFC7644-3.12-2", proof=("errors-without-schemas", "errors-in-own-format"))
def test_an_error_says_that_it_is_one(shape: str, errors: Replies) -> None:
    """The body of an error names the schema of errors."""
    expect(_json(errors, shape)).holds(
        lambda: value_at(errors[shape].object(), "schemas") == [URN],
        f"the schema {URN}",
        lambda: str(value_at(errors[shape].object(), "schemas")),
    )


@pytest.mark.parametrize("shape", SHAPES)
@requirement("RFC7644-3.12-3", proof=("error-status-as-number",))
def test_the_status_of_an_error_is_a_text(shape: str, errors: Replies) -> None:
    """The body of an error repeats the HTTP status, as a text."""
    reply = _json(errors, shape)
    expect(reply).exactly("status", str(reply.status))


@requirement("RFC7644-3.12-3", proof=("not-found-status-mismatch",))
def test_the_status_in_the_body_is_the_one_of_http(errors: Replies) -> None:
    """The body of an error does not name another status than HTTP does."""
    reply = _json(errors, "nobody")
    expect(reply).holds(
        lambda: str(value_at(reply.object(), "status")) == str(reply.status),
        f"the status {reply.status}",
        lambda: str(value_at(reply.object(), "status")),
    )


@pytest.mark.parametrize("shape", ["twice"])
@requirement("RFC7644-3.12-4", proof=("scim-type-of-own-invention",))
def test_a_scim_type_is_one_of_the_rfc(shape: str, errors: Replies) -> None:
    """The scimType of an error, where there is one, is a keyword of the RFC."""
    reply = _json(errors, shape)
    if value_at(reply.object(), "scimType") is None:
        raise NotOffered("the error has no scimType, which is optional")
    expect(reply).scim_type(*KINDS)


@pytest.mark.parametrize("shape", SHAPES)
@requirement("RFC7644-3.12-5", proof=("error-detail-as-array",))
def test_a_detail_is_a_text(shape: str, errors: Replies) -> None:
    """The detail of an error, where there is one, is a text to be read."""
    reply = _json(errors, shape)
    if value_at(reply.object(), "detail") is None:
        raise NotOffered("the error has no detail, which is optional")
    expect(reply).explained()


@pytest.mark.parametrize("way", ["broken", "broken put"])
@requirement("RFC7644-3.12-10", proof=("errors-with-status-200",))
def test_a_body_that_is_no_json_is_answered_400(way: str, errors: Replies) -> None:
    """A body that cannot be parsed gives 400."""
    expect(errors[way]).status(400)


@requirement("RFC7644-3.12-10", proof=("broken-json-500",))
def test_broken_json_does_not_break_the_server(errors: Replies) -> None:
    """A new user whose JSON ends too early gives 400 and no server error."""
    expect(errors["broken"]).status(400)


@requirement("RFC7644-3.12-10", proof=("wrong-values-500", "wrong-values-as-422"))
def test_a_value_of_the_wrong_type_is_answered_400(errors: Replies, reading: Reading) -> None:
    """A value of the wrong type gives 400 where the server does not overlook it."""
    reply = errors["wrong type"]
    if 200 <= reply.status < 300:
        reading("a value of the wrong type is overlooked")
        return
    expect(reply).status(400)


@pytest.mark.parametrize("who", ["wrong", "none"])
@requirement("RFC7644-3.12-11", proof=("unauthorized-as-403", "unauthorized-as-500"))
def test_whoever_is_not_let_in_is_answered_401(who: str, knocks: Replies) -> None:
    """A missing or wrong credential gives 401."""
    expect(running(knocks[who], lambda: knocks["right"])).status(401)


@requirement("RFC7644-3.12-13", proof=("not-found-as-400", "get-missing-as-500"))
def test_a_resource_that_is_not_there_is_answered_404(errors: Replies) -> None:
    """A user whom nobody has created is answered 404."""
    expect(errors["nobody"]).status(404)


@requirement("RFC7644-3.12-13", proof=("unknown-endpoint-200", "not-found-as-400"))
def test_an_endpoint_that_is_not_there_is_answered_404(errors: Replies) -> None:
    """An endpoint that the server does not have is answered 404."""
    expect(errors["nowhere"]).status(404)


@requirement("RFC7644-3.12-14", proof=("duplicate-as-400", "duplicate-as-500"))
def test_a_duplicate_is_answered_409(errors: Replies) -> None:
    """A userName that is taken is refused with 409."""
    expect(_error(errors, "twice")).status(409)


@requirement("RFC7644-3.12-18", needs=(), proof=("config-denies-patch+patch-answers-405",))
def test_an_operation_that_is_not_supported_is_answered_501(
    features: Capabilities, scim: Scim, calm_user: Made
) -> None:
    """A server without PATCH answers 501 to it."""
    if features.has("patch"):
        raise NotOffered("the server has PATCH")
    expect(scim.patch(calm_user, {"op": "remove", "path": "nickName"})).status(501)


@requirement("RFC7644-3.12-33", needs=(), proof=("put-answers-another-id",))
def test_another_id_in_a_put_is_refused_or_ignored(
    scim: Scim, user: Made, reading: Reading
) -> None:
    """A PUT with another id is refused with `mutability`, or answered with the id as it was."""
    reply = scim.put(user, {**user.stored, "id": "scimproof-another-id"})
    if 400 <= reply.status < 500:
        reading("another id in a PUT is refused")
        expect(reply).scim_type("mutability", "invalidValue")
        return
    reading("another id in a PUT is ignored")
    expect(reply).success()
    if reply.object():
        expect(reply).exactly("id", user.id)


def _json(errors: Replies, shape: str) -> Seen:
    """Return an error that is a JSON object; one that is not is for another case to judge."""
    reply = _error(errors, shape)
    if not reply.object():
        raise Blocked("the error is no JSON object", by="RFC7644-3.12-1", entry=reply.entry)
    return reply
