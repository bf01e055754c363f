"""The person whom somebody asks for by hand."""

from __future__ import annotations

from .model import Person
from .profile import Wishes


def wished_person(wishes: Wishes, idp_id: str) -> Person:
    """Return that person, with names made up from the login where none is given."""
    local = wishes.user_name.partition("@")[0]
    given, family = wishes.given_name or local.capitalize(), wishes.family_name or "Example"
    return Person(
        user_name=wishes.user_name,
        given_name=given,
        family_name=family,
        email=wishes.email or wishes.user_name,
        display_name=wishes.display_name or f"{given} {family}",
        idp_id=idp_id,
    )
