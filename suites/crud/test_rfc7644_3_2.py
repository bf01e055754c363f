"""RFC 7644 section 3.2: endpoints and the methods that they take."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.bench import Discovery
from suites.crud.conftest import Missing
from suites.crud.lives import Life
from suites.crud.lives import Posted
from suites.expect import expect
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Reading
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered


@requirement("RFC7644-3.2-1", proof=("users-list-500", "resource-types-endpoint-wrong"))
def test_users_are_at_their_endpoint(
    scim: Scim, discovery: Discovery, definitions: Definitions
) -> None:
    """Users are at /Users, and /ResourceTypes says so."""
    _at(scim, discovery, definitions, "User", "/Users")


@requirement(
    "RFC7644-3.2-1",
    proof=("groups-list-404", "groups-list-501", "resource-types-endpoint-wrong"),
    needs=("groups",),
)
def test_groups_are_at_their_endpoint(
    scim: Scim, discovery: Discovery, definitions: Definitions
) -> None:
    """Groups are at /Groups, and /ResourceTypes says so."""
    _at(scim, discovery, definitions, "Group", "/Groups")


@requirement("RFC7644-3.2-1", proof=("users-list-shows-groups",))
def test_users_alone_are_at_their_endpoint(scim: Scim, world: World) -> None:
    """The list at /Users has no resource of another type."""
    reply = scim.get("/Users", count=len(world.users) + len(world.groups))
    types = set(values_at(reply.object(), "Resources.meta.resourceType"))
    expect(reply).status(200).holds(
        lambda: types <= {"User"}, "users alone", lambda: str(sorted(map(str, types)))
    )


@requirement("RFC7644-3.2-2", proof=("resource-types-endpoint-wrong",))
def test_endpoints_are_plurals(discovery: Discovery, definitions: Definitions) -> None:
    """The endpoint of each resource type is the plural of its name."""
    if not definitions.types:
        raise NotOffered("the server lists no resource types")
    odd = {
        each.name: each.endpoint
        for each in definitions.types
        if each.endpoint.strip("/").lower() not in _plurals(each.name.lower())
    }
    expect(discovery.types).holds(lambda: not odd, "plurals of the names", lambda: str(odd))


@requirement("RFC7644-3.2-4", proof=("get-refused-501", "users-list-500"))
def test_one_user_and_several_can_be_read(scim: Scim, calm_user: Made) -> None:
    """GET reads one user, a list of users, and a part of a user."""
    expect(scim.get(calm_user)).status(200).has("id", calm_user.id)
    expect(scim.get("/Users", count=1)).status(200).list_response()
    part = expect(scim.get(calm_user, attributes="userName")).status(200)
    part.has("userName", calm_user.value("userName"))


@requirement("RFC7644-3.2-6", proof=("put-creates",))
def test_a_put_creates_nobody(missing: Missing) -> None:
    """PUT to an id that nobody has is refused, with 404."""
    reply = missing.on("PUT")
    expect(reply).refused().warn_at_most().status(404)


@requirement(
    "RFC7644-3.2-9",
    proof=("get-refused-501", "put-refused-501", "delete-refused", "patch-user-refused-501"),
)
def test_users_take_every_method(life: Life, features: Capabilities) -> None:
    """/Users answers GET, POST, PUT and DELETE, and PATCH where there is PATCH."""
    for method in _methods(features):
        expect(life.replies[method]).success()


@requirement(
    "RFC7644-3.2-10",
    proof=("group-get-404", "group-put-501", "group-delete-refused", "group-patch-501"),
)
def test_groups_take_every_method(group_life: Life, features: Capabilities) -> None:
    """/Groups answers GET, POST, PUT and DELETE, and PATCH where there is PATCH."""
    for method in _methods(features):
        expect(group_life.replies[method]).success()


@requirement("RFC7644-3.2-15", proof=("bulk-refused-501",))
def test_bulk_requests_are_taken(lab: Lab, scim: Scim) -> None:
    """POST to /Bulk carries out a request of one operation."""
    body = lab.user_bodies(plain_user(lab.people.person()))[0]
    create: Json = {"method": "POST", "path": "/Users", "bulkId": "scimproof1", "data": {**body}}
    expect(scim.bulk(create)).status(200).json_object()


@requirement("RFC7644-3.2-17", proof=("unknown-endpoint-200",))
def test_an_unknown_endpoint_does_not_exist(scim: Scim) -> None:
    """GET on an endpoint that the RFC does not know gives 404 with an error message."""
    expect(scim.get("/ScimproofNoSuchEndpoint")).scim_error(404)


@requirement("RFC7644-3.2-18", proof=("users-as-xml",))
def test_what_comes_back_is_json(posted: Posted, life: Life) -> None:
    """The bodies of replies to POST, GET and PUT are JSON objects."""
    for reply in (posted.reply, posted.after, life.replies["PUT"]):
        if reply.content.strip():
            expect(reply).json_object()


@requirement("RFC7644-3.2-18", proof=("not-found-as-html", "errors-as-text"))
def test_an_error_is_json(missing: Missing) -> None:
    """The body of a reply that tells of an error is a JSON object."""
    if not missing.get.content.strip():
        raise NotOffered("the error has no body, which RFC7644-3.4.1-3 judges")
    expect(missing.get).json_object()


@requirement("RFC7644-3.2-19", proof=("errors-with-status-200", "get-missing-as-200-empty"))
def test_a_failure_shows_in_the_status_line(missing: Missing, reading: Reading) -> None:
    """A request that fails is answered with a status of the 400 or 500 class."""
    reading(f"what is not there is answered with {missing.get.status}")
    expect(missing.get).holds(
        lambda: missing.get.status >= 400,
        "a status of 400 or more",
        lambda: str(missing.get.status),
    )


@requirement("RFC7644-3.2-20", proof=("not-found-status-mismatch", "not-found-empty"))
def test_a_failure_shows_in_the_body(missing: Missing) -> None:
    """The body of an error repeats the status of the reply, as a text."""
    expect(missing.get).scim_error(missing.get.status)


def _at(
    scim: Scim, discovery: Discovery, definitions: Definitions, name: str, endpoint: str
) -> None:
    listed = definitions.type(name)
    if definitions.types and listed is None:
        raise NotOffered(f"the server lists no resource type {name}")
    expect(scim.get(endpoint, count=1)).status(200).list_response()
    if listed is not None:
        expect(discovery.types).holds(
            lambda: f"/{listed.endpoint.strip('/')}".endswith(endpoint),
            f"the endpoint {endpoint}",
            lambda: listed.endpoint,
        )


def _plurals(name: str) -> set[str]:
    return {f"{name}s", f"{name}es", f"{name[:-1]}ies", name if name.endswith("s") else f"{name}s"}


def _methods(features: Capabilities) -> tuple[str, ...]:
    return ("POST", "GET", "PUT", *(("PATCH",) if features.has("patch") else ()), "DELETE")
