"""People who are named by their user name alone: the rest of them is made up."""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.changed_person import changed_person
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.profile import Wishes
from idp_profiles.wished_person import wished_person

_FIELDS = {
    name.replace("_", ""): name
    for name in ("user_name", "given_name", "family_name", "email", "display_name")
}


def newcomer(user_name: str, key: str, details: Mapping[str, Json]) -> Person:
    """Return a new person, with names made up from the user name where none is given.

    Somebody without an @ gets an address at example.com, so that no mail reaches anybody.
    """
    local, at, _ = user_name.partition("@")
    names = [part.capitalize() for part in local.replace("_", ".").split(".") if part]
    wishes = Wishes(
        user_name=user_name,
        given_name=str(details.get("given_name") or (names[0] if names else "Somebody")),
        family_name=str(details.get("family_name") or " ".join(names[1:])),
        email=user_name if at else f"{local}@example.com",
    )
    return changed_person(wished_person(wishes, key), details)


def details_of(pairs: Mapping[str, Json]) -> dict[str, Json]:
    """Return changes with the names of fields in our spelling: `givenName` is `given_name`.

    Any other name is that of a source attribute, such as `department`. Raises ValueError for a
    user name and a password, which nobody changes in passing.
    """
    found = {_field(name): value for name, value in pairs.items()}
    for name in {"user_name", "password"} & found.keys():
        raise ValueError(f"{name} is no field that is set like this")
    return found


def _field(name: str) -> str:
    return _FIELDS.get(name.lower().replace("_", "").replace("-", ""), name)
