"""RFC 7644 section 3.1: what resources and messages are, and that they mean what they say."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

import pytest

from suites.bench import Discovery
from suites.client import SCIM_JSON
from suites.client import USER_URN
from suites.client import Seen
from suites.control import needed
from suites.control import short_list
from suites.expect import expect
from suites.http.conftest import Replies
from suites.http.conftest import failed
from suites.making.bodies import Body
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.schemas.listed import listing
from suites.scim_fixtures import Experiment
from suites.values import items
from suites.values import strings
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

API = "urn:ietf:params:scim:api:"
LIST_URN = f"{API}messages:2.0:ListResponse"
KEYS = ("multiValued", "required", "mutability", "returned")


@pytest.fixture
def echoed(experiment: Experiment) -> dict[str, Seen]:
    """A user who is created, read, sent back with another displayName, and read again."""

    def run(lab: Lab) -> dict[str, Seen]:
        made = lab.user(key="echo")
        read = lab.read(made)
        body = {**read.object(), "displayName": "Another name"}
        put = lab.scim.put(made, body)
        return {"create": made.reply, "read": read, "put": put, "after": lab.read(made)}

    return experiment(run, key="a representation sent back")


@pytest.fixture
def listed(experiment: Experiment) -> Seen:
    """A list of users."""
    return experiment(
        lambda lab: short_list(partial(lab.scim.get, "/Users")), key="a list of users"
    )


@pytest.mark.parametrize("what", ["create", "read"])
@requirement("RFC7644-3.1-1", proof=("replies-as-plain-json",))
def test_a_resource_is_scim_json(what: str, echoed: Replies) -> None:
    """A resource is sent as application/scim+json."""
    if not echoed[what].content:
        raise NotOffered("the answer has no body")
    expect(needed(echoed[what])).media_type(SCIM_JSON)


@requirement("RFC7644-3.1-1", proof=("replies-as-plain-json",))
def test_a_list_is_scim_json(listed: Seen) -> None:
    """A list is sent as application/scim+json."""
    expect(needed(listed)).media_type(SCIM_JSON)


@requirement("RFC7644-3.1-1", proof=("errors-as-problem-json",))
def test_an_error_is_scim_json(errors: Replies) -> None:
    """An error is sent as application/scim+json."""
    expect(failed(errors["nobody"], "RFC7644-3.12-13")).media_type(SCIM_JSON)


@requirement("RFC7644-3.1-4", proof=("schemas-without-multi-valued",))
def test_a_schema_tells_the_characteristics(discovery: Discovery) -> None:
    """The schema of users says of each attribute whether it is plural, required, and so on."""
    every = listing(discovery.schemas)
    mine = next((each for each in every if value_at(each, "id") == USER_URN), None)
    if mine is None:
        raise NotOffered("/Schemas has no schema of users")
    lacking = [
        f"{value_at(each, 'name')}.{key}"
        for each in items(value_at(mine, "attributes"))
        for key in KEYS
        if value_at(each, key) is None
    ]
    expect(discovery.schemas).holds(
        lambda: not lacking, "every characteristic", lambda: f"without {', '.join(lacking[:6])}"
    )


@requirement("RFC7644-3.1-6", proof=("list-without-schemas",))
def test_a_list_says_that_it_is_a_message(listed: Seen) -> None:
    """A list has the schema of a message of the protocol."""
    expect(needed(listed)).holds(
        lambda: any(each.startswith(API) for each in strings(value_at(listed.object(), "schemas"))),
        f"a schema that begins with {API}",
        lambda: str(value_at(listed.object(), "schemas")),
    )


@requirement("RFC7644-3.1-6", proof=("errors-without-schemas",))
def test_an_error_says_that_it_is_a_message(errors: Replies) -> None:
    """An error has the schema of a message of the protocol."""
    reply = failed(errors["twice"], "RFC7644-3.3-12")
    expect(reply).holds(
        lambda: any(each.startswith(API) for each in strings(value_at(reply.object(), "schemas"))),
        f"a schema that begins with {API}",
        lambda: str(value_at(reply.object(), "schemas")),
    )


@requirement("RFC7644-3.1-7", proof=("schemas-list-messages",))
def test_messages_are_not_among_the_schemas(discovery: Discovery) -> None:
    """/Schemas lists no schema of a message."""
    every = listing(discovery.schemas)
    names = [str(value_at(each, "id")) for each in every]
    expect(discovery.schemas).holds(
        lambda: not [each for each in names if each.lower().startswith(API)],
        "no schema of a message",
        lambda: str([each for each in names if each.lower().startswith(API)]),
    )


@requirement("RFC7644-3.1-7", proof=("unknown-schema-200",))
def test_the_schema_of_a_message_is_not_found(scim: Scim) -> None:
    """GET /Schemas with the URI of a message gives no schema."""
    expect(scim.get(f"/Schemas/{quote(LIST_URN, safe=':')}")).refused()


@requirement("RFC7644-3.1-8", proof=("put-refuses-own-representation", "put-display-name-ignored"))
def test_a_representation_can_be_sent_back(echoed: Replies) -> None:
    """PUT takes a whole representation as it was read, with one value changed."""
    expect(echoed["put"]).success()
    if value_at(echoed["read"].object(), "displayName") is None:
        raise NotOffered("the server keeps no displayName")
    expect(echoed["after"]).status(200).exactly("displayName", "Another name")


@requirement("RFC7644-3.1-10", proof=("get-hides-names",))
def test_the_answer_to_a_create_shows_what_is_read_later(
    echoed: Replies, definitions: Definitions
) -> None:
    """What the answer to a create shows is what is read after it."""
    told = _told(echoed, "create", definitions)
    expect(echoed["read"]).status(200).unchanged(told, but=("meta",))


@requirement("RFC7644-3.1-10", proof=("put-answers-stale",))
def test_the_answer_to_an_update_is_not_the_former_state(
    echoed: Replies, definitions: Definitions
) -> None:
    """The answer to a PUT shows no value from before it."""
    expect(echoed["after"]).status(200).unchanged(_told(echoed, "put", definitions), but=("meta",))


def _told(echoed: Replies, answer: str, definitions: Definitions) -> Body:
    """Return what an answer shows, without what is returned only on request."""
    reply = echoed[answer]
    if not reply.object() or not 200 <= reply.status < 300:
        raise NotOffered("the answer shows no resource")

    def lasts(name: str) -> bool:
        known = definitions.attribute(name)
        return known is None or known.returned in ("always", "default")

    return {name: value for name, value in reply.object().items() if lasts(name)}
