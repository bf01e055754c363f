"""Writes on discovery documents, and the writes on a user that the configuration announces."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from idp_profiles.model import Json
from suites.bench import Discovery
from suites.client import Seen
from suites.making.lab import Lab
from suites.schemas.listed import listing
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import NotOffered

NEW_NAME = "Scimproof Announced"
_MARK = "https://scimproof.example.com/"


@dataclass(frozen=True, slots=True)
class Written:
    """One PUT on a discovery document, and whether the document shows it after that."""

    reply: Seen
    changed: bool


@dataclass(frozen=True, slots=True)
class Handled:
    """A user with the replies to a PATCH, to a read after it, and to new passwords."""

    made: Made
    renamed: Seen
    after: Seen
    passwords: tuple[Seen, ...]


def write(discovery: Discovery, lab: Lab) -> dict[str, Written]:
    """Replace one document of each kind by itself with a change, which is taken back if taken."""
    config = discovery.config.object()
    done = {}
    if discovery.config.status == 200 and config:
        path = "/ServiceProviderConfig"
        done["ServiceProviderConfig"] = _replaced(lab, path, config, "documentationUri")
    for kind, seen in (("ResourceTypes", discovery.types), ("Schemas", discovery.schemas)):
        for entry in _first(seen):
            path = f"/{kind}/{quote(str(entry['id']), safe=':')}"
            done[kind] = _replaced(lab, path, entry, "description")
    return done


def of(written: Mapping[str, Written], kind: str) -> Written:
    """Return what a PUT on one kind of document did."""
    if kind not in written:
        raise NotOffered(f"no entry of /{kind} has an id by which it could be addressed")
    return written[kind]


def _first(seen: Seen) -> Iterator[Mapping[str, Json]]:
    named = [each for each in listing(seen) if isinstance(each, dict) and each.get("id")]
    yield from named[:1]


def _replaced(lab: Lab, path: str, document: Mapping[str, Json], name: str) -> Written:
    reply = lab.scim.put(path, {**document, name: _MARK})
    if not 200 <= reply.status < 300:
        return Written(reply, changed=False)
    changed = value_at(lab.scim.get(path).object(), name) == _MARK
    if changed:
        lab.scim.put(path, {**document})
    return Written(reply, changed)


def handle(lab: Lab) -> Handled:
    """Rename a user by PATCH, read it, and set its password: by PUT where PATCH is refused."""
    made = lab.user(key="announced")
    rename: Json = {"op": "replace", "path": "displayName", "value": NEW_NAME}
    renamed = lab.scim.patch(made, rename)
    after = lab.read(made)
    secret = lab.people.password()
    change: Json = {"op": "replace", "path": "password", "value": secret}
    passwords = [lab.scim.patch(made, change)]
    if not 200 <= passwords[0].status < 300:
        body = {name: value for name, value in after.object().items() if name != "meta"}
        passwords.append(lab.scim.put(made, {**body, "password": secret}))
    return Handled(made, renamed, after, tuple(passwords))
