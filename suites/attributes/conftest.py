"""What the cases of attributes share: users made in unusual ways, changed, and as they look."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pytest

from idp_profiles.model import Json
from suites.attributes import creating
from suites.attributes import nulls
from suites.attributes import others
from suites.attributes.creating import Tried
from suites.attributes.creating import tried
from suites.client import Seen
from suites.making.lab import Lab
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.values import items
from suites.values import value_at
from suites.verbs import Made
from suites.verdicts import NotOffered

Creates = dict[str, Tried]
# What every server takes that takes a plain user.
_LEGAL = frozenset(
    {"least", "own id", "backwards", "capitals", "words", "types", "untyped", "password"}
)


@dataclass(frozen=True, slots=True)
class Specimen:
    """One resource as a list or a read shows it, with the name of its resource type."""

    type: str
    seen: Seen
    document: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Replaced:
    """One PUT: the body, the reply, and the user before and after it."""

    before: Mapping[str, Json]
    sent: Mapping[str, Json]
    reply: Seen
    after: Seen

    @property
    def sights(self) -> Iterator[Seen]:
        """The reply, unless it is empty or a refusal, and the user as it was read."""
        if self.reply.status == 200:
            yield self.reply
        yield self.after

    def on(self, *paths: str) -> Replaced:
        """Return itself where the user had values at these paths."""
        lost = [path for path in paths if value_at(dict(self.before), path) in (None, "", [])]
        if lost:
            raise NotOffered(f"the server keeps no {' and no '.join(lost)} of a user")
        return self


@pytest.fixture
def creates(experiment: Experiment) -> Creates:
    """Plain users that are created with something unusual in them."""

    def run(lab: Lab) -> Creates:
        mails = partial(creating.mails, lab)
        plain = partial(creating.plain, lab)
        wanted = {
            "least": creating.least(lab),
            "own id": plain(id=creating.OWN_ID, meta=creating.FALSE_META),
            "backwards": creating.backwards(lab),
            "capitals": creating.in_capitals(lab),
            "array": plain(displayName=["One", "Two"]),
            "object": plain(name={"familyName": {"value": "Doe"}}),
            "words": plain(displayName=creating.WORDS),
            "no mail": plain(emails=None),
            "primaries": plain(emails=mails(("one", "work"), ("two", "home"), primary=True)),
            "twice": plain(emails=mails(("a", "work"), ("a", "work"))),
            "types": plain(emails=mails(("a", "work"), ("a", "home"))),
            "untyped": plain(emails=mails(("a", None))),
            "password": plain(password=lab.people.password()),
            "off list": plain(emails=mails(("a", "scimproof"))),
        }
        return {name: tried(lab, body, controlled=name in _LEGAL) for name, body in wanted.items()}

    return experiment(run, key="users created in unusual ways")


@pytest.fixture
def certified(definitions: Definitions, experiment: Experiment) -> Tried:
    """A user with a certificate."""
    if definitions.known and definitions.attribute("x509Certificates.value") is None:
        raise NotOffered("the server's schema of users has no x509Certificates")
    given: list[Json] = [{"value": creating.CERTIFICATE}]
    made = experiment(
        lambda lab: tried(lab, creating.plain(lab, x509Certificates=given)),
        key="a user with a certificate",
    )
    if not made.taken or value_at(made.after.object(), "x509Certificates") in (None, []):
        raise NotOffered("the server keeps no x509Certificates of a user")
    return made


@pytest.fixture
def extended(features: Capabilities, experiment: Experiment) -> Tried:
    """A user with an enterprise attribute, whose schemas name the extension first."""
    features.check(("enterprise",))
    return experiment(
        lambda lab: tried(lab, creating.extended(lab), controlled=True), key="an extended user"
    )


@pytest.fixture
def replaced(experiment: Experiment) -> dict[str, Replaced]:
    """A user that is replaced by itself with changes, one after the other."""

    def run(lab: Lab) -> dict[str, Replaced]:
        made = lab.user()
        meta: Json = creating.FALSE_META
        groups: Json = [{"value": creating.OWN_ID}]
        steps: dict[str, dict[str, Json]] = {
            "read only": {
                "displayName": "Another Name",
                "externalId": lab.people.unique("Another-X"),
                "meta": meta,
                "groups": groups,
            },
            "null": {_to_clear(lab, made): None},
            "empty": {"phoneNumbers": []},
            "id": {"id": creating.OWN_ID},
        }
        before: Mapping[str, Json] = made.stored
        done = {}
        for name, changes in steps.items():
            done[name] = _replace(lab, made, before, changes)
            before = done[name].after.object() or before
        return done

    return experiment(run, key="users replaced with changes")


def _to_clear(lab: Lab, made: Made) -> str:
    """Return an attribute that the user has and may be without."""
    free = nulls.optional(lab.definitions, *nulls.SINGLE)
    return next((name for name in free if made.has(name)), nulls.SINGLE[0])


def _replace(
    lab: Lab, made: Made, before: Mapping[str, Json], changes: Mapping[str, Json]
) -> Replaced:
    body: dict[str, Json] = {
        name: value for name, value in before.items() if name not in ("meta", "groups")
    }
    body.update(changes)
    reply = lab.scim.put(made, body)
    return Replaced(before, body, reply, lab.read(made))


@pytest.fixture
def specimens(
    definitions: Definitions, experiment: Experiment, world: World
) -> tuple[Specimen, ...]:
    """Resources of every type: users and groups of the world, of other types those listed."""
    listed = experiment(others.lists)
    found = (
        Specimen(each.name, listed[each.name], document)
        for each in definitions.types
        if others.is_custom(each) and each.name in listed
        for document in items(value_at(listed[each.name].object(), "Resources"))
        if isinstance(document, dict)
    )
    return (*_of_world(world), *found)


def _of_world(world: World) -> Iterator[Specimen]:
    for made in (*world.users, *world.groups):
        kind = "User" if made.kind == "Users" else "Group"
        yield Specimen(kind, made.reply, made.stored)
