"""Servers that do what the RFC allows and Entra copes with: users who are created and updated.

Loaded as a pytest plugin by `test_legal_entra_user_servers.py`: every case about these runs in this
process against each mixture of variations, which is registered as a deviation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

import pytest

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import dump
from reference_server.deviations.documents import objects
from reference_server.deviations.documents import parse
from reference_server.deviations.documents import text_of
from reference_server.deviations.documents import value_of
from reference_server.deviations.writes import any_operation
from reference_server.deviations.writes import gives
from reference_server.deviations.writes import path
from reference_server.deviations.writes import skip_operations
from reference_server.messages import Handler
from reference_server.messages import Response
from suites.requirements import MARK
from tests.suites import legal_servers

USERS = shaping.on("GET POST PUT PATCH", "Users")
WRITE = shaping.on("POST PUT", "Users")
PATCH = shaping.on("PATCH", "Users", one=True)
LACKING = ("phoneNumbers", "addresses", "nickName", "preferredLanguage")


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server: what it does otherwise, and how cases end that do not pass, by their id."""

    ways: tuple[registry.Wrap, ...]
    otherwise: dict[str, str] = field(default_factory=dict)

    def wrap(self, handle: Handler) -> Handler:
        """Do everything that the variations do, the last one outermost."""
        for way in self.ways:
            handle = way(handle)
        return handle


def attributes_of_its_own(handle: Handler) -> Handler:
    """Show attributes and an extension that Entra does not know."""

    def edit(user: Document) -> None:
        user.update({"x_tenant": {"id": 7}, "urn:acme:1.0:User": {"score": 1.5}})

    return shaping.edit_resources(handle, USERS, edit)


def no_external_id(handle: Handler) -> Handler:
    """Take an externalId of a user and keep none, which is optional (RFC 7643 section 3.1)."""
    whole = shaping.edit_requests(handle, WRITE, lambda user: drop(user, "externalId"))
    return skip_operations(whole, PATCH, gives("externalId"))


def numbers_in_one_form(handle: Handler) -> Handler:
    """Show telephone numbers as tel: URIs without separators (RFC 7643 section 4.1.2)."""

    def edit(user: Document) -> None:
        for each in objects(user.get("phoneNumbers", [])):
            each["value"] = "tel:+" + re.sub(r"\D", "", text_of(each, "value"))

    return shaping.edit_resources(handle, USERS, edit)


def addresses_formatted(handle: Handler) -> Handler:
    """Make `formatted` of an address out of its other parts."""

    def edit(user: Document) -> None:
        for each in objects(user.get("addresses", [])):
            each["formatted"] = ", ".join(text_of(each, name) for name in ("locality", "country"))

    return shaping.edit_resources(handle, USERS, edit)


def few_attributes(handle: Handler) -> Handler:
    """Have none of some optional attributes: they are ignored, and are no target of a PATCH."""

    def forget(reply: Response) -> Response:
        document = parse(reply.body) or {}
        for schema in (document, *objects(document.get("Resources", []))):
            known = objects(schema.get("attributes", []))
            if known:
                schema["attributes"] = [one for one in known if one.get("name") not in LACKING]
        return replace(reply, body=dump(document))

    def lacking(operation: Document) -> bool:
        named = {re.split(r"[.\[]", path(operation))[0]}
        named |= {key.lower() for each in objects(value_of(operation, "value")) for key in each}
        return bool(named & {name.lower() for name in LACKING})

    shown = shaping.change_replies(handle, shaping.on("GET", "Schemas"), forget)
    whole = shaping.edit_requests(shown, WRITE, lambda user: drop(user, *LACKING))
    wrong = shaping.on("PATCH", "Users", one=True, body=any_operation(lacking))
    return shaping.refuse(whole, wrong, 400, "There is no such attribute.", "invalidPath")


def no_discovery(handle: Handler) -> Handler:
    """Have none of the discovery endpoints."""
    missing = shaping.on("GET", "ResourceTypes Schemas ServiceProviderConfig")
    return shaping.refuse(handle, missing, 404, "There is nothing here.")


# Each variation is in one mixture: a run against each would take a minute.
LEGAL = {
    "users-told-oddly": Legal(
        (
            attributes_of_its_own,
            legal_servers.another_address_comes_first,
            legal_servers.active_is_shown_when_false,
            legal_servers.no_resources_when_nothing_matches,
            legal_servers.patch_answers_204,
            legal_servers.keys_in_lower_case,
        ),
        # Entra activates whom it is not shown to be active.
        {"ENTRA-UPDATE-21": "warn"},
    ),
    "users-kept-in-own-form": Legal(
        (
            no_external_id,
            numbers_in_one_form,
            addresses_formatted,
            legal_servers.values_in_lower_case,
        ),
        {"ENTRA-CREATE-6": "warn", "ENTRA-UPDATE-21": "warn"},
    ),
    "users-of-few-attributes": Legal(
        (few_attributes, legal_servers.users_cannot_be_deleted),
        {
            "ENTRA-CREATE-7": "skip",
            "ENTRA-UPDATE-6": "skip",
            "ENTRA-UPDATE-8": "skip",
            "ENTRA-UPDATE-14": "skip",
            "ENTRA-UPDATE-15": "skip",
            "ENTRA-UPDATE-22": "skip",
            "ENTRA-UPDATE-23": "skip",
        },
    ),
    "users-of-a-bare-server": Legal((no_discovery, legal_servers.busy_now_and_then)),
}


# -- the plugin


def pytest_configure() -> None:
    """Make every variation known to the embedded server."""
    for name, entry in LEGAL.items():
        registry.deviation(name, area="legal")(entry.wrap)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each case against every mixture."""
    if metafunc.definition.get_closest_marker(MARK) is not None:
        metafunc.parametrize("deviation", [*LEGAL])
