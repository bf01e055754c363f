"""The people and teams of one lane: equal in every run with the same seed, but for the run's id."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from random import Random

from idp_profiles.model import Json
from idp_profiles.model import Person

from .plan import Tenant
from .plan import Wishes
from .plan import tag_of

_GIVEN = "Ada Björn Chloé Dmitri Elena Farid Grace Hiro Ines Jonas Kavya Luca Mei Nora Omar Priya"
_FAMILY = "Almeida Brandt Costa Dubois Eriksen Fischer Garcia Hansen Ivanova Jansen Khan Lindqvist"
_TOWNS = "Porto Leipzig Lyon Utrecht Aarhus Graz Cork Turku Gdynia Malmö"
DEPARTMENTS = ("Engineering", "Finance", "Sales", "Support", "Legal", "People", "Research")
TITLES = ("Analyst", "Engineer", "Manager", "Specialist", "Director", "Assistant")

NewKey = Callable[[str, str], str]


def names_of(lane: int, tenant: Tenant) -> list[int]:
    """Return the numbers of a lane's people."""
    return list(range(lane, tenant.people, tenant.lanes))


def teams_of(lane: int, tenant: Tenant) -> list[int]:
    """Return the numbers of a lane's teams; with fewer teams than lanes some have none."""
    return list(range(lane, tenant.groups, tenant.lanes))


def team_name(number: int, tenant: Tenant, wishes: Wishes) -> str:
    """Return the name of a team."""
    return f"{tag_of(tenant, wishes)}-team{number + 1}"


def user_name(number: int, tenant: Tenant, wishes: Wishes) -> str:
    """Return the user name of a person."""
    return f"{tag_of(tenant, wishes)}-p{number + 1}@{wishes.domain}"


def person(
    number: int, tenant: Tenant, wishes: Wishes, new_key: NewKey, *, manager: str = ""
) -> Person:
    """Return a person with a dozen attributes, as directories have them."""
    chosen = Random(f"{wishes.seed}/{tenant.number}/{number}")  # noqa: S311 - not secret
    login = user_name(number, tenant, wishes)
    given, family = chosen.choice(_GIVEN.split()), chosen.choice(_FAMILY.split())
    return Person(
        user_name=login,
        given_name=given,
        family_name=family,
        email=login,
        display_name=f"{given} {family}",
        idp_id=new_key("person", login),
        password=f"Aa1!{chosen.getrandbits(48):012x}",
        attributes={**_described(number, chosen), **({"manager": manager} if manager else {})},
    )


def _described(number: int, chosen: Random) -> Mapping[str, Json]:
    """Return source attributes by the names that the profiles' mappings know."""
    phone = f"+1-555-01{number % 100:02d}"  # a number that is set aside for fiction
    street = f"{chosen.randrange(1, 200)} Harbour Road"
    return {
        **placed(chosen),
        "employeeNumber": str(100_000 + number),
        "phone": phone,
        "telephoneNumber": phone,
        "streetAddress": street,
        "city": chosen.choice(_TOWNS.split()),
        "postalCode": f"{chosen.randrange(10_000, 99_999)}",
        "country": "US",
    }


def placed(chosen: Random) -> dict[str, Json]:
    """Return department and title, as a mover gets new ones."""
    title = chosen.choice(TITLES)
    return {"department": chosen.choice(DEPARTMENTS), "title": title, "jobTitle": title}


def other_family_name(before: str, chosen: Random) -> str:
    """Return another family name, as somebody gets who marries."""
    return chosen.choice([each for each in _FAMILY.split() if each != before])
