"""RFC 7643 section 3.1: the attributes that every resource has."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from functools import partial
from urllib.parse import quote
from urllib.parse import urlsplit

from suites.attributes import creating
from suites.attributes.conftest import Creates
from suites.attributes.conftest import Replaced
from suites.attributes.conftest import Specimen
from suites.attributes.showing import shows
from suites.client import Seen
from suites.crud.lives import create
from suites.expect import expect
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.making.world import World
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.target.model import Target
from suites.values import items
from suites.values import moment
from suites.values import quoted
from suites.values import text
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verbs import deletable
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

Specimens = tuple[Specimen, ...]
Steps = dict[str, Replaced]
CLOCKS = timedelta(days=1)  # by which the clocks of client and server may differ
META = ("meta.resourceType", "meta.created", "meta.lastModified", "meta.location", "meta.version")


@requirement("RFC7643-3.1-1", proof=("meta-left-out", "entitlement-without-id"))
def test_every_resource_has_id_and_meta(specimens: Specimens) -> None:
    """A resource of each type has an id and `meta`."""
    for each in specimens:
        found = all(value_at({**each.document}, name) for name in ("id", "meta"))
        wanted = f"id and meta of a {each.type}"
        shows(each.seen, holds=found, wanted=wanted, came=[*each.document])


@requirement("RFC7643-3.1-2", proof=("meta-without-location", "meta-without-resource-type"))
def test_a_new_user_gets_id_and_meta(creates: Creates) -> None:
    """The server gives a new user an id, a resource type, dates and a location."""
    seen = expect(creates["least"].made().after).status(200).filled("id")
    for path in META[:4]:
        seen.filled(path)


@requirement("RFC7643-3.1-6", proof=("list-without-id", "create-without-id"))
def test_an_id_is_in_every_representation(scim: Scim, creates: Creates, calm_user: Made) -> None:
    """The reply to a create and every listed user have an id that is a text."""
    made = creates["least"].made()
    if made.reply.object():
        expect(made.reply).filled("id")
    listed = scim.get("/Users", count=2)
    expect(listed).status(200).holds(
        lambda: all(value_at(each, "id") for each in items(value_at(listed.object(), "Resources"))),
        "an id in each resource",
        lambda: "a resource without one",
    )


@requirement("RFC7643-3.1-7", proof=("group-ids-repeat-user-ids",))
def test_no_two_resources_have_the_same_id(world: World) -> None:
    """The ids of users and groups are all different."""
    ids = [each.id for each in (*world.users, *world.groups)]
    last = world.groups[-1] if world.groups else world["ada"]
    expect(last.reply).holds(
        lambda: len(set(ids)) == len(ids), "different ids", lambda: text([*sorted(ids)])
    )


@requirement("RFC7643-3.1-8", proof=("put-answers-another-id",))
def test_an_id_stays_when_the_user_changes(replaced: Steps) -> None:
    """A user that is replaced has the id it had."""
    change = replaced["read only"].on("id")
    for seen in change.sights:
        expect(seen).exactly("id", change.before["id"])


@requirement("RFC7643-3.1-9", proof=("ids-reused",))
def test_an_id_is_not_given_again(lab: Lab) -> None:
    """A new user does not get the id of one who was deleted."""
    gone = lab.plain_user(key="gone")
    lab.scim.delete(gone)
    new = lab.plain_user(key="new")
    expect(new.reply).holds(lambda: new.id != gone.id, "another id", lambda: new.id)


@requirement("RFC7643-3.1-9", proof=("ids-are-user-names",))
def test_an_id_does_not_come_back_with_the_name(lab: Lab, reading: Reading) -> None:
    """Another person with the userName of a deleted user does not get that user's id.

    Whether a deleted user may be brought back is left open: one who has the old id and the old
    date of creation is taken for the same resource, and noted.
    """
    gone = lab.plain_user(key="gone")
    deleted = deletable(lab.scim.delete(gone))
    if not 200 <= deleted.status < 300:
        raise Blocked("a user could not be deleted", by="RFC7644-3.6-6", entry=deleted.entry)
    name = str(gone.sent["userName"])
    new = create(
        lab, "new", {**lab.user_bodies(plain_user(lab.people.person()))[0], "userName": name}
    )
    if new.reply.status == 409:
        reason = "the userName of a deleted user was still taken"
        raise Blocked(reason, by="RFC7644-3.6-5", entry=new.reply.entry)
    seen, came = new.after, new.made.id if new.made else ""
    created = value_at(seen.object(), "meta.created")
    if came == gone.id != name and created and created == gone.value("meta.created"):
        reading("who is created with the userName of a deleted user is the deleted user")
        return
    wanted = expect(seen) if created or came == name else expect(seen).warn_at_most()
    wanted.holds(lambda: came != gone.id, "another id", lambda: came)


@requirement("RFC7643-3.1-10", proof=("create-takes-id",))
def test_the_server_makes_the_id(creates: Creates) -> None:
    """An id that the client chooses is ignored when a user is created."""
    made = creates["own id"].unusual()
    expect(made.reply).success()
    for seen in made.sights:
        found = value_at(seen.object(), "id")
        shows(seen, holds=found != creating.OWN_ID, wanted="an id of the server's", came=found)


@requirement("RFC7643-3.1-12", proof=("create-id-says-bulkid",))
def test_no_id_holds_the_word_bulkid(specimens: Specimens) -> None:
    """The word `bulkId` is in no id."""
    for each in specimens:
        found = value_at({**each.document}, "id")
        shows(each.seen, holds="bulkId" not in str(found), wanted="no bulkId in an id", came=found)


@requirement("RFC7643-3.1-13", needs=(), proof=("ids-overlook-case",))
def test_an_id_has_case(scim: Scim, calm_user: Made) -> None:
    """An id with its letters in the other case names nobody."""
    other = calm_user.id.swapcase()
    if other == calm_user.id:
        raise NotOffered("the ids of this server hold no letters")
    expect(scim.get(f"/Users/{quote(other, safe='')}")).status(404)


@requirement("RFC7643-3.1-14", proof=("put-answers-another-id",))
def test_an_id_cannot_be_changed(replaced: Steps, reading: Reading) -> None:
    """A PUT with another id is refused, or leaves the id as it was."""
    change = replaced["id"].on("id")
    reading(f"a PUT with another id is answered with {change.reply.status}")
    expect(change.reply).status(200, 204, 400)
    for seen in change.sights:
        expect(seen).exactly("id", change.before["id"])


@requirement("RFC7643-3.1-15", proof=("attributes-hide-id", "excluded-attributes-hide-id"))
def test_an_id_is_always_shown(scim: Scim, calm_user: Made) -> None:
    """The id is shown where `attributes` does not name it and where it is excluded."""
    expect(scim.get(calm_user, attributes="userName")).status(200).exactly("id", calm_user.id)
    expect(scim.get(calm_user, excludedAttributes="id")).status(200).exactly("id", calm_user.id)


@requirement("RFC7643-3.1-17", proof=("create-drops-external-id", "external-ids-in-lower-case"))
def test_an_external_id_is_the_clients(scim: Scim, calm_user: Made) -> None:
    """An externalId is shown as the client gave it; one that is dropped is warned of."""
    if not any(name == "externalId" for name in calm_user.sent):
        raise NotOffered("the server's schema of users has no externalId")
    seen = scim.get(calm_user)
    # What is posted may be ignored (RFC 7644 section 3.3), though a client then cannot match.
    verdict = expect(seen) if value_at(seen.object(), "externalId") else expect(seen).warn_at_most()
    verdict.exactly("externalId", calm_user.sent["externalId"])


@requirement("RFC7643-3.1-18", proof=("external-id-made-up",))
def test_the_server_sets_no_external_id(creates: Creates) -> None:
    """A user who was created without externalId has none."""
    expect(creates["least"].made().after).status(200).absent("externalId")


@requirement("RFC7643-3.1-20", proof=("external-id-unique",))
def test_two_users_may_have_the_same_external_id(lab: Lab, calm_user: Made) -> None:
    """A second user with an externalId that is taken is created."""
    given = calm_user.kept("externalId").value("externalId")
    body = creating.plain(lab, externalId=given)
    expect(creating.tried(lab, body, controlled=True).unusual().reply).success()


@requirement("RFC7643-3.1-21", proof=("filter-without-case-exact",))
def test_an_external_id_has_case(scim: Scim, world: World) -> None:
    """A filter with the externalId in the other case finds nobody."""
    given = str(world["ada"].kept("externalId").value("externalId"))
    same = [each for each in world.users if each.value("externalId") == given.swapcase()]
    found = scim.find(f"externalId eq {quoted(given.swapcase())}")
    expect(found).finds(*same, among=world.users)


@requirement("RFC7643-3.1-22", proof=("put-drops-external-id",))
def test_an_external_id_can_be_changed(replaced: Steps) -> None:
    """A PUT with another externalId gives the user that one."""
    change = replaced["read only"].on("externalId")
    expect(change.reply).success()
    expect(change.after).exactly("externalId", change.sent["externalId"])


@requirement(
    "RFC7643-3.1-23", proof=("filter-finds-nothing", "filter-ignored", "search-result-without-id")
)
def test_an_external_id_finds_its_user(scim: Scim, world: World) -> None:
    """A filter with an externalId finds the user who has it."""
    given = str(world["ada"].kept("externalId").value("externalId"))
    found = scim.find(f"externalId eq {quoted(given)}")
    wanted = [each for each in world.users if each.value("externalId") == given]
    expect(found).finds(*wanted, among=world.users)


@requirement("RFC7643-3.1-24", proof=("put-takes-meta",))
def test_meta_cannot_be_changed(replaced: Steps) -> None:
    """A PUT with a `meta` of the client's leaves type, creation and location as they were."""
    change = replaced["read only"]
    expect(change.reply).success()
    for seen in change.sights:
        for path in ("meta.resourceType", "meta.created", "meta.location"):
            expect(seen).exactly(path, value_at({**change.before}, path))


@requirement("RFC7643-3.1-25", proof=("attributes-show-meta", "attributes-show-whole-complex"))
def test_meta_is_returned_by_default(scim: Scim, calm_user: Made) -> None:
    """Without `attributes` there is `meta`; else what is named of it and no more."""
    expect(scim.get(calm_user)).status(200).filled("meta")
    expect(scim.get(calm_user, attributes="userName")).status(200).lacks("meta")
    part = scim.get(calm_user, attributes="meta.lastModified")
    expect(part).status(200).filled("meta.lastModified").lacks("meta.created")


@requirement("RFC7643-3.1-26", proof=("create-takes-meta", "create-refuses-meta"))
def test_the_meta_of_a_client_is_ignored(creates: Creates) -> None:
    """A user who is created with `meta` gets another from the server."""
    made = creates["own id"].unusual()
    expect(made.reply).success()
    for seen in made.sights:
        for path in META:
            given = value_at({"meta": creating.FALSE_META}, path)
            found = value_at(seen.object(), path)
            shows(seen, holds=found != given, wanted=f"{path} of the server's own", came=found)


@requirement(
    "RFC7643-3.1-27", proof=("meta-resource-type-plural", "entitlement-resource-type-wrong")
)
def test_the_resource_type_is_named(specimens: Specimens) -> None:
    """`meta.resourceType` is the name of the type of each resource."""
    for each in specimens:
        named = value_at({**each.document}, "meta.resourceType")
        shows(each.seen, holds=named == each.type, wanted=f"the type {each.type}", came=named)


@requirement("RFC7643-3.1-28", proof=("filter-resource-type-overlooks-case",))
def test_the_resource_type_has_case(scim: Scim, world: World) -> None:
    """A filter with the name of the resource type in the other case finds nobody."""
    name = world["ada"].value("userName")
    found = scim.find(f'userName eq {quoted(name)} and meta.resourceType eq "uSER"')
    expect(found).finds(among=world.users)


@requirement("RFC7643-3.1-29", proof=("created-in-1970", "dates-as-numbers"))
def test_created_is_the_time_of_creation(creates: Creates) -> None:
    """`meta.created` of a new user is about now."""
    seen = creates["least"].made().after
    made = moment(value_at(seen.object(), "meta.created"))
    expect(seen).status(200).holds(
        lambda: made is not None and abs(datetime.now(UTC) - made) < CLOCKS,
        "a date of today",
        lambda: text(value_at(seen.object(), "meta.created")),
    )


@requirement("RFC7643-3.1-30", proof=("created-moves",))
def test_created_does_not_move(replaced: Steps) -> None:
    """`meta.created` is the same after an update."""
    change = replaced["read only"].on("meta.created")
    expect(change.reply).success()
    expect(change.after).exactly("meta.created", value_at({**change.before}, "meta.created"))


@requirement("RFC7643-3.1-31", proof=("last-modified-stays",))
def test_last_modified_moves(replaced: Steps) -> None:
    """`meta.lastModified` is later after an update."""
    change = replaced["read only"].on("meta.lastModified")
    before = value_at({**change.before}, "meta.lastModified")
    if "." not in str(before):
        raise NotOffered("the server's dates hold no fraction of a second")
    old, new = moment(before), moment(value_at(change.after.object(), "meta.lastModified"))
    expect(change.after).holds(
        lambda: old is not None and new is not None and new > old,
        f"a date after {before}",
        lambda: text(value_at(change.after.object(), "meta.lastModified")),
    )


@requirement("RFC7643-3.1-32", proof=("last-modified-of-new-later",))
def test_a_new_user_was_modified_at_its_creation(creates: Creates) -> None:
    """`meta.lastModified` of a new user is the time of its creation."""
    seen = creates["least"].made().after
    made = moment(value_at(seen.object(), "meta.created"))
    expect(seen).status(200).holds(
        lambda: made == moment(value_at(seen.object(), "meta.lastModified")),
        f"lastModified {text(value_at(seen.object(), 'meta.created'))}",
        lambda: text(value_at(seen.object(), "meta.lastModified")),
    )


@requirement("RFC7643-3.1-33", proof=("content-location-differs",))
def test_content_location_is_the_one_in_meta(scim: Scim, calm_user: Made) -> None:
    """A Content-Location header, where there is one, leads to the location in `meta`."""
    seen = scim.get(calm_user)
    place = urlsplit(seen.header("Content-Location") or "").path
    told = urlsplit(str(value_at(seen.object(), "meta.location") or "")).path
    expect(seen).status(200).holds(
        lambda: not place or told.endswith(place) or place.endswith(told),
        f"Content-Location {told}",
        lambda: place,
    )


@requirement("RFC7643-3.1-34", proof=("meta-location-broken",))
def test_the_location_is_where_the_user_is(scim: Scim, calm_user: Made, target: Target) -> None:
    """GET on the path of `meta.location` gives the user."""
    told = str(calm_user.kept("meta.location").value("meta.location"))
    base = urlsplit(target.url).path.rstrip("/")
    path = urlsplit(told).path.removeprefix(base)
    seen = scim.get(path if path.startswith("/") else f"/{path}")
    expect(seen).status(200).exactly("id", calm_user.id)


@requirement("RFC7643-3.1-35", proof=("etag-differs-from-version",))
def test_the_version_is_the_etag(scim: Scim, calm_user: Made) -> None:
    """`meta.version` of a user is its ETag."""
    expect(scim.get(calm_user)).status(200).filled("meta.version").etag()


@requirement("RFC7643-3.1-38", proof=("etag-weak-in-lower-case",))
def test_a_weak_version_is_marked_by_a_capital(scim: Scim, calm_user: Made) -> None:
    """A version that is no quoted text begins with `W/` before the quoted text."""
    seen = scim.get(calm_user)
    told = partial(_version_of, seen)
    expect(seen).status(200).holds(
        lambda: told().removeprefix("W/").startswith('"') and told().endswith('"'),
        'a version such as "1" or W/"1"',
        told,
    )


def _version_of(seen: Seen) -> str:
    return str(value_at(seen.object(), "meta.version") or seen.header("ETag") or "")
