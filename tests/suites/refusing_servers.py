"""A pytest plugin: servers that refuse one thing, as deviations of our own server."""

from __future__ import annotations

from functools import partial

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import text_of
from reference_server.deviations.documents import value_of
from reference_server.deviations.queries import parameter
from reference_server.messages import Handler
from reference_server.messages import Request
from suites.reach import embedded

MOST = 1000


def _known(request: Request) -> bool:
    return request.header("Authorization") is not None


def _refused(handle: Handler, when: shaping.When, detail: str, kind: str) -> Handler:
    return shaping.refuse(handle, lambda asked: _known(asked) and when(asked), 400, detail, kind)


@registry.deviation("names-want-a-part", area="legal")
def names_want_a_part(handle: Handler) -> Handler:
    """Refuse a user whose name lacks `formatted`, which nothing announces."""

    def wrong(body: Document) -> bool:
        name = value_of(body, "name")
        return isinstance(name, dict) and not text_of(name, "formatted")

    when = shaping.on("POST", "Users", one=False, body=wrong)
    return _refused(handle, when, "Field 'formatted' is required: name", "invalidValue")


@registry.deviation("members-want-a-reference", area="legal")
def members_want_a_reference(handle: Handler) -> Handler:
    """Refuse a group whose members lack `$ref`, which nothing announces."""

    def wrong(body: Document) -> bool:
        return any("$ref" not in each for each in objects(value_of(body, "members")))

    when = shaping.on("POST", "Groups", one=False, body=wrong)
    return _refused(handle, when, "Field '$ref' is required: members", "invalidValue")


@registry.deviation("groups-want-members", area="legal")
def groups_want_members(handle: Handler) -> Handler:
    """Refuse a group without members, which nothing announces."""
    when = shaping.on("POST", "Groups", one=False, body=lambda body: not value_of(body, "members"))
    return _refused(handle, when, "Field 'members' is required", "invalidValue")


@registry.deviation("paths-without-filters", area="legal")
def paths_without_filters(handle: Handler) -> Handler:
    """Refuse every path of a PATCH that has a filter in it."""

    def wrong(body: Document) -> bool:
        return any("[" in text_of(each, "path") for each in objects(body.get("Operations")))

    when = shaping.on("PATCH", "Users Groups", body=wrong)
    return _refused(handle, when, "There are no such paths here.", "invalidPath")


@registry.deviation("counts-limited", area="legal")
def counts_limited(handle: Handler) -> Handler:
    """Refuse to give more than a thousand on a page."""

    def wrong(request: Request) -> bool:
        return int(parameter(request, "count") or 0) > MOST

    return _refused(handle, wrong, "count must be <= 1000", "invalidValue")


@registry.deviation("searches-at-the-root-alone", area="legal")
def searches_at_the_root_alone(handle: Handler) -> Handler:
    """Have /.search at the root, and at no endpoint."""

    def meant(request: Request) -> bool:
        return request.path.endswith(("/Users/.search", "/Groups/.search"))

    return shaping.refuse(handle, meant, 404, "There is nothing of that name.")


@registry.deviation("no-third-address", area="legal")
def no_third_address(handle: Handler) -> Handler:
    """Refuse to add an e-mail to others."""

    def wrong(body: Document) -> bool:
        found = objects(body.get("Operations"))
        return any(each.get("op") == "add" and each.get("path") == "emails" for each in found)

    return _refused(handle, shaping.on("PATCH", "Users", body=wrong), "Enough.", "invalidValue")


@registry.deviation("one-address-a-user", area="legal")
def one_address_a_user(handle: Handler) -> Handler:
    """Refuse a user with two e-mails."""

    def wrong(body: Document) -> bool:
        return len(objects(value_of(body, "emails"))) > 1

    when = shaping.on("POST", "Users", one=False, body=wrong)
    return _refused(handle, when, "One address is enough.", "invalidValue")


embedded.start = partial(embedded.start, sockets=False)
