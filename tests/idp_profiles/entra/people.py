"""Who plays in the selftests of the Entra profile, and what a canned server answers about them."""

# ruff: noqa: ANN401 # JSON of any shape, and fixtures whose classes no test can import

from __future__ import annotations

from dataclasses import replace
from typing import Any

from idp_profiles.model import Outcome
from idp_profiles.model import Person

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
EMPTY = (200, {"totalResults": 0, "Resources": []})
SERVICE = "SystemForCrossDomainIdentityManagementServiceIncompatible"

ANN = Person(
    user_name="ann@example.com",
    given_name="Ann",
    family_name="Lee",
    email="ann@example.com",
    display_name="Ann Lee",
    idp_id="o-1",
)
BOB = replace(ANN, user_name="bob@example.com", idp_id="o-2")
# What a server returns that has all of Ann as she was sent.
KEPT: dict[str, Any] = {
    "id": "u-1",
    "userName": "ann@example.com",
    "active": True,
    "displayName": "Ann Lee",
    "emails": [{"type": "work", "value": "ann@example.com"}],
    "name": {"givenName": "Ann", "familyName": "Lee"},
    "externalId": "ann",
}


def found(resource: dict[str, Any], *more: dict[str, Any]) -> tuple[int, Any]:
    return (200, {"totalResults": 1 + len(more), "Resources": [resource, *more]})


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in KEPT.items() if name != key}


def linked(desk: Any, *people: tuple[Person, str]) -> Any:
    for person, user_id in people or ((ANN, "u-1"),):
        desk.idp.link(person, user_id)
    return desk


def stop(outcome: Outcome) -> tuple[str, str]:
    assert outcome.stopped is not None
    return outcome.console.partition(":")[0], outcome.stopped.scope
