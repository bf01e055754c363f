"""Made-up people for a run by hand: unique on the target, and nobody's address."""

from __future__ import annotations

import secrets

from .model import Group
from .model import Person
from .profile import Stage

_GIVEN = ("Ada", "Bjarne", "Chloé", "Dong-hyun", "Eszter", "Femi")
_FAMILY = ("Almeida", "Björk", "Costa", "Diallo", "Eriksen", "Fontaine")


def made_up_stage(people: int, *, domain: str = "example.com") -> Stage:
    """Return a stage whose names all carry the same fresh random prefix."""
    prefix = f"scimproof-{secrets.token_hex(4)}"
    first = f"{prefix}-renamed@{domain}"
    return Stage(
        people=tuple(_person(prefix, number, domain) for number in range(1, people + 1)),
        group=Group(f"{prefix} team", idp_id=f"00g{secrets.token_hex(8)}"),
        new_user_name=first,
        new_email=first,
        new_given_name="Zoë",
        new_group_name=f"{prefix} squad",
        new_password=f"S-{secrets.token_urlsafe(12)}!",
    )


def _person(prefix: str, number: int, domain: str) -> Person:
    login = f"{prefix}-{number}@{domain}"
    given, family = _GIVEN[number % len(_GIVEN)], _FAMILY[number % len(_FAMILY)]
    return Person(
        user_name=login,
        given_name=given,
        family_name=family,
        email=login,
        display_name=f"{given} {family}",
        idp_id=f"00u{secrets.token_hex(8)}",
        # Eight characters with a symbol, as the captures show it.
        password=f"{secrets.token_hex(3)}T!",
        attributes={
            "department": "Testing",
            "employeeNumber": f"{number:04d}",
            "title": "Tester",
            # The range that is reserved for examples.
            "phone": f"+1-555-555-{100 + number % 100:04d}",
            "streetAddress": f"{number} Example Street",
            "locality": "Springfield",
            "region": "XX",
            "postalCode": "00000",
            "country": "US",
        },
    )
