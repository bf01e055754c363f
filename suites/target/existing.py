"""The users who are there already and whom the target file lets a run read, but never change."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field
from urllib.parse import quote

from idp_profiles.model import Json
from suites.client import ScimClient
from suites.client import Seen
from suites.reach.leafing import Endless
from suites.reach.leafing import leafed
from suites.values import items
from suites.values import value_at
from suites.verbs import Made

_PAGE, _PAGES = 100, 20  # what is leafed through where a server finds nobody by a filter


@dataclass(frozen=True, slots=True)
class Existing:
    """A user of `existing_users` as the server shows it."""

    id: str
    user_name: str
    resource: Mapping[str, Json] = field(repr=False)
    seen: Seen = field(repr=False, compare=False)

    def made(self, key: str) -> Made:
        """Return the user in the shape of one that a case made, to be a member of its groups."""
        return Made(
            kind="Users", id=self.id, key=key, sent={}, stored=self.resource, reply=self.seen
        )


def find(client: ScimClient, names: Sequence[str]) -> tuple[Existing, ...]:
    """Return those of these userNames whom the server has, looked up by filter, else in its list.

    Raises Blocked on transport trouble.
    """
    found: dict[str, Existing] = {}
    for name in names:
        hit = _of(client.users_named(name)).get(name.casefold())
        if hit is not None:
            found[name] = hit
    missing = [name for name in names if name not in found]
    if missing:
        listed = _listed(client, {name.casefold() for name in missing})
        found |= {name: listed[name.casefold()] for name in missing if name.casefold() in listed}
    return tuple(found[name] for name in names if name in found)


def _listed(client: ScimClient, wanted: set[str]) -> dict[str, Existing]:
    """Return the wanted of the users whom the server lists, page by page."""
    known: dict[str, Existing] = {}

    def ask(start: int) -> tuple[Seen, int, Json]:
        seen = client.send("GET", f"/Users?startIndex={start}&count={_PAGE}")
        shown = len(items(value_at(seen.object(), "Resources")))
        return seen, shown, value_at(seen.object(), "totalResults")

    with suppress(Endless):  # whoever is further behind is not found
        for seen in leafed(ask, _PAGES):
            known |= {name: each for name, each in _of(seen).items() if name in wanted}
            if wanted <= known.keys():
                break
    return known


def _of(seen: Seen) -> dict[str, Existing]:
    """Return the users of a list by their names in small letters."""
    found: dict[str, Existing] = {}
    for user in items(value_at(seen.object(), "Resources")) if seen.status == 200 else ():
        name, user_id = value_at(user, "userName"), value_at(user, "id")
        if isinstance(user, dict) and isinstance(name, str) and isinstance(user_id, str | int):
            found[name.casefold()] = Existing(str(user_id), name, user, seen)
    return found


def path_of(user: Existing) -> str:
    """Return where a user is, relative to the base URL."""
    return f"/Users/{quote(user.id, safe='', errors='surrogatepass')}"
