"""What the second tenant of the target file tries with the resources of the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from idp_profiles.model import Json
from suites.client import GROUP_URN
from suites.client import Seen
from suites.making.lab import Lab
from suites.reach.connection import authorization
from suites.security.visits import CHANGED
from suites.target.model import OtherTenant
from suites.values import items
from suites.values import quoted
from suites.values import value_at
from suites.verbs import Changes
from suites.verbs import Made
from suites.verdicts import NotOffered

_MISSING = (401, 403, 404, 410)


@dataclass(frozen=True, slots=True)
class Trespass:
    """A user of ours, what the other tenant was answered about it, and the user after that."""

    user: Made
    reads: tuple[Seen, ...]
    searches: tuple[Seen, ...]
    after: Seen


@dataclass(frozen=True, slots=True)
class Referred:
    """A user of the other tenant before and after a group of ours names it, and the group."""

    known: Mapping[str, Json]
    group: Seen
    user: Seen


def holds_name(reply: Seen, user: Made) -> bool:
    """Return whether a reply shows the user, whose name nobody else has."""
    name = str(user.value("userName")).lower()
    return 200 <= reply.status < 300 and name in reply.content.decode(errors="replace").lower()


def trespass(lab: Lab) -> Trespass:
    """Read, seek and change a user of ours as the other tenant, below both base URLs."""
    other, user = _other(lab), lab.plain_user()
    headers: Changes = {"Authorization": authorization(other.credential)}
    text = f"userName eq {quoted(user.value('userName'))}"
    reads, searches = [], []
    for base in _bases(lab, other):
        reads.append(lab.scim.get(f"{base}{user.path}", headers=headers))
        searches.append(lab.scim.get(f"{base}/Users", headers=headers, filter=text))
        # A tenant may have a user of its own with the same id, which is not ours to change.
        if reads[-1].status in _MISSING or holds_name(reads[-1], user):
            _change(lab, user, f"{base}{user.path}", headers)
    return Trespass(user, tuple(reads), tuple(searches), lab.read(user))


def _change(lab: Lab, user: Made, place: str, headers: Changes) -> None:
    change: Json = {"op": "replace", "path": "displayName", "value": CHANGED}
    lab.scim.patch(place, change, headers=headers)
    lab.scim.delete(place, headers=headers)


def _bases(lab: Lab, other: OtherTenant) -> list[str]:
    return [lab.target.url] if other.url == lab.target.url else [lab.target.url, other.url]


def _other(lab: Lab) -> OtherTenant:
    if lab.target.other_tenant is None:
        raise NotOffered("the target has no second tenant")
    return lab.target.other_tenant


def refer(lab: Lab) -> Referred:
    """Let a group of ours have a user of the other tenant as member."""
    other = _other(lab)
    headers: Changes = {"Authorization": authorization(other.credential)}
    known = _somebody(lab, other, headers)
    identifier = str(known.get("id"))
    place = f"/Users/{quote(identifier, safe='')}"
    if lab.scim.get(place).status == 200:
        raise NotOffered("both tenants have a user of the same id")
    name = lab.people.unique("group")
    body: Json = {
        "schemas": [GROUP_URN],
        "displayName": name,
        "members": [{"value": identifier}],
    }
    made = lab.scim.post("/Groups", body)
    group = value_at(made.object(), "id")
    shown = lab.scim.get(f"/Groups/{quote(str(group), safe='')}") if group else made
    return Referred(known, shown, lab.scim.get(f"{other.url}{place}", headers=headers))


def _somebody(lab: Lab, other: OtherTenant, headers: Changes) -> dict[str, Json]:
    """Return a user of the other tenant; raises NotOffered where it has none."""
    listed = lab.scim.get(
        f"{other.url}/Users", headers=headers, count=1, attributes="userName,displayName"
    )
    found = [e for e in items(value_at(listed.object(), "Resources")) if isinstance(e, dict)]
    if not found:
        raise NotOffered("the second tenant has no user to refer to")
    return found[0]
