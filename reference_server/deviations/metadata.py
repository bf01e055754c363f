"""Deviations of `meta` and `schemas`: what a resource says about itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from datetime import timedelta
from urllib.parse import urlsplit
from urllib.parse import urlunsplit

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Response

from .documents import ENTERPRISE
from .documents import Document
from .documents import drop
from .documents import objects
from .registry import deviation
from .shaping import change_replies
from .shaping import edit_resources
from .shaping import on
from .shaping import with_header

_ANY = on("GET POST PUT PATCH", "Users Groups")
_USERS = on("GET POST PUT PATCH", "Users")
_DATES = ("created", "lastModified")
_ELSEWHERE = "internal-7.example.net:8080"


@deviation("meta-left-out", area="metadata")
def meta_left_out(handle: Handler) -> Handler:
    """Leave `meta` out of resources."""
    return edit_resources(handle, _ANY, lambda resource: drop(resource, "meta"))


@deviation("meta-without-resource-type", area="metadata")
def meta_without_resource_type(handle: Handler) -> Handler:
    """Leave the resourceType out of `meta`."""
    return edit_resources(handle, _ANY, lambda resource: drop(_meta(resource), "resourceType"))


@deviation("meta-resource-type-plural", area="metadata")
def meta_resource_type_plural(handle: Handler) -> Handler:
    """Give the endpoint as resourceType, such as Users."""

    def plural(resource: Document) -> None:
        if "resourceType" in _meta(resource):
            _meta(resource)["resourceType"] = f"{_meta(resource)['resourceType']}s"

    return edit_resources(handle, _ANY, plural)


@deviation("meta-without-location", area="metadata")
def meta_without_location(handle: Handler) -> Handler:
    """Leave the location out of `meta`."""
    return edit_resources(handle, _ANY, lambda resource: drop(_meta(resource), "location"))


@deviation("location-of-another-host", area="metadata")
def location_of_another_host(handle: Handler) -> Handler:
    """Give the locations of the host behind a proxy, which no client can reach."""

    def header(reply: Response) -> Response:
        location = reply.header("Location")
        return with_header(reply, "Location", _moved(location)) if location else reply

    def body(resource: Document) -> None:
        if isinstance(_meta(resource).get("location"), str):
            _meta(resource)["location"] = _moved(str(_meta(resource)["location"]))

    return edit_resources(change_replies(handle, _ANY, header), _ANY, body)


@deviation("member-refs-of-another-host", area="metadata")
def member_refs_of_another_host(handle: Handler) -> Handler:
    """Give the references of members on the host behind a proxy, which no client can reach."""

    def move(resource: Document) -> None:
        for each in objects(resource.get("members")):
            if isinstance(each.get("$ref"), str):
                each["$ref"] = _moved(str(each["$ref"]))

    return edit_resources(handle, _ANY, move)


@deviation("dates-as-numbers", area="metadata")
def dates_as_numbers(handle: Handler) -> Handler:
    """Give the dates in `meta` as seconds since 1970."""
    return _edit_dates(handle, lambda date: int(date.timestamp()))


@deviation("dates-without-time", area="metadata")
def dates_without_time(handle: Handler) -> Handler:
    """Give the dates in `meta` without the time of day."""
    return _edit_dates(handle, lambda date: date.date().isoformat())


@deviation("dates-with-blank", area="metadata")
def dates_with_blank(handle: Handler) -> Handler:
    """Write a blank between day and time in the dates in `meta`, as data bases do."""
    return _edit_dates(handle, lambda date: date.strftime("%Y-%m-%d %H:%M:%S"))


@deviation("created-moves", area="metadata")
def created_moves(handle: Handler) -> Handler:
    """Move `meta.created` with each update."""

    def move(resource: Document) -> None:
        if "created" in _meta(resource):
            _meta(resource)["created"] = _meta(resource).get("lastModified")

    return edit_resources(handle, _ANY, move)


@deviation("last-modified-stays", area="metadata")
def last_modified_stays(handle: Handler) -> Handler:
    """Keep `meta.lastModified` as it was at first, whatever is updated."""

    def stay(resource: Document) -> None:
        if "lastModified" in _meta(resource):
            _meta(resource)["lastModified"] = _meta(resource).get("created")

    return edit_resources(handle, _ANY, stay)


@deviation("last-modified-of-new-later", area="metadata")
def last_modified_of_new_later(handle: Handler) -> Handler:
    """Say that a resource which was never modified was modified a second after its creation."""

    def later(resource: Document) -> None:
        meta = _meta(resource)
        if meta.get("created") and meta.get("created") == meta.get("lastModified"):
            date = datetime.fromisoformat(str(meta["created"])) + timedelta(seconds=1)
            meta["lastModified"] = date.isoformat().replace("+00:00", "Z")

    return edit_resources(handle, _ANY, later)


@deviation("schemas-as-text", area="metadata")
def schemas_as_text(handle: Handler) -> Handler:
    """Give the schemas of a user as one text in place of an array."""

    def text(resource: Document) -> None:
        given = resource.get("schemas")
        if isinstance(given, list) and given:
            resource["schemas"] = given[0]

    return edit_resources(handle, _USERS, text)


@deviation("schemas-repeated", area="metadata")
def schemas_repeated(handle: Handler) -> Handler:
    """List the first schema of a user twice."""
    return _edit_schemas(handle, lambda given: [*given, *given[:1]])


@deviation("schemas-list-unknown", area="metadata")
def schemas_list_unknown(handle: Handler) -> Handler:
    """List a schema in users that the resource type does not have."""
    return _edit_schemas(handle, lambda given: [*given, "urn:example:internal:2.0:Account"])


@deviation("schemas-without-extension", area="metadata")
def schemas_without_extension(handle: Handler) -> Handler:
    """Leave the enterprise URN out of the schemas of a user who has such attributes."""
    return _edit_schemas(handle, lambda given: [each for each in given if each != ENTERPRISE])


@deviation("extension-at-top", area="metadata")
def extension_at_top(handle: Handler) -> Handler:
    """Show the enterprise attributes of a user beside the core ones."""

    def flatten(user: Document) -> None:
        for each in objects(user.pop(ENTERPRISE, None)):
            user.update(each)

    return edit_resources(handle, _USERS, flatten)


@deviation("external-id-made-up", area="metadata")
def external_id_made_up(handle: Handler) -> Handler:
    """Give a user who has no externalId the id for one."""

    def make_up(user: Document) -> None:
        if "id" in user:
            user.setdefault("externalId", user["id"])

    return edit_resources(handle, _USERS, make_up)


@deviation("email-types-lost", area="metadata")
def email_types_lost(handle: Handler) -> Handler:
    """Leave out of users what kind of address each of the emails is."""

    def lose(user: Document) -> None:
        for each in objects(user.get("emails")):
            drop(each, "type")

    return edit_resources(handle, _USERS, lose)


@deviation("email-plus-part-cut", area="metadata")
def email_plus_part_cut(handle: Handler) -> Handler:
    """Cut what follows a plus sign out of the emails of users."""

    def cut(user: Document) -> None:
        for each in objects(user.get("emails")):
            local, at, domain = str(each.get("value") or "").partition("@")
            if at:
                each["value"] = f"{local.partition('+')[0]}@{domain}"

    return edit_resources(handle, _USERS, cut)


def _meta(resource: Document) -> Document:
    found = resource.get("meta")
    return found if isinstance(found, dict) else {}


def _moved(location: str) -> str:
    return urlunsplit(urlsplit(location)._replace(scheme="http", netloc=_ELSEWHERE))


def _edit_dates(handle: Handler, change: Callable[[datetime], Json]) -> Handler:
    def edit(resource: Document) -> None:
        meta = _meta(resource)
        for name in _DATES:
            if isinstance(meta.get(name), str):
                meta[name] = change(datetime.fromisoformat(str(meta[name])))

    return edit_resources(handle, _ANY, edit)


def _edit_schemas(handle: Handler, change: Callable[[list[Json]], list[Json]]) -> Handler:
    def edit(user: Document) -> None:
        given = user.get("schemas")
        if isinstance(given, list):
            user["schemas"] = change(given)

    return edit_resources(handle, _USERS, edit)
