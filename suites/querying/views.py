"""Parts of a resource, as `attributes` and `excludedAttributes` ask for them."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.making import bodies
from suites.making.lab import Lab
from suites.making.world import World
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.values import is_empty
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# Reads one user with these parameters.
View: TypeAlias = Callable[..., Seen]
Always: TypeAlias = frozenset[str]


@pytest.fixture
def always(definitions: Definitions) -> Always:
    """What may be shown unasked, in small letters: what the schema returns always, and `meta`.

    Whether `meta` is shown where nobody asks for it is judged with `meta` itself.
    """
    named = {
        each.path.partition(".")[0] for each in definitions.every() if each.returned == "always"
    }
    return frozenset({"id", "schemas", "meta", *(name.lower() for name in named)})


@pytest.fixture
def view(world: World, experiment: Experiment) -> View:
    """Reads the user with the most attributes, each view once per worker."""
    ada = world["ada"]

    def ask(**query: Json) -> Seen:
        return experiment(lambda lab: lab.scim.get(ada, headers=None, **query), key=f"view {query}")

    return ask


def shown(body: Json) -> set[str]:
    """Return the names of the attributes that have a value, in small letters."""
    found = body if isinstance(body, dict) else {}
    return {name.lower() for name, value in found.items() if not is_empty(value)}


def expect_only(reply: Seen, always: Always, *names: str) -> None:
    """Expect these attributes and none beside them but those that are shown unasked."""
    wanted = {name.lower() for name in names}
    expect(reply).status(200, 201).holds(
        lambda: wanted | {"id"} <= shown(reply.object()) <= wanted | always,
        f"{sorted(wanted)} and what is always returned",
        lambda: f"{sorted(shown(reply.object()))}",
    )


def expect_without(reply: Seen, made: Made, always: Always, *names: str) -> None:
    """Expect all that the server shows of a user but these attributes."""
    gone = {name.lower() for name in names} - always
    rest = shown(dict(made.stored)) - gone - {"meta"}
    expect(reply).status(200).holds(
        lambda: rest <= shown(reply.object()) and not gone & shown(reply.object()),
        f"all but {sorted(gone)}",
        lambda: f"{sorted(shown(reply.object()))}",
    )


@dataclass(frozen=True, slots=True)
class Written:
    """The replies to a create, a replace and a change, and the user of the last two afterwards."""

    replies: Mapping[str, Seen]
    after: Mapping[str, Json]

    def reply(self, verb: str) -> Seen:
        """Return a reply that shows a user; skips where the server answers without a body."""
        if verb not in self.replies:
            raise NotOffered("the server has no PATCH")
        found = self.replies[verb]
        if found.status == 501:
            raise Blocked(f"the {verb} did not succeed", by="RFC7644-3.5.2.3-2", entry=found.entry)
        if 200 <= found.status < 300 and not found.content:
            raise NotOffered(f"the server answers {verb} without a body")
        return found


def write(lab: Lab, *, with_patch: bool, **query: Json) -> Written:
    """Create a user, and replace and change another, each time asking for the same part of it."""
    name = lab.definitions.changeable("displayName", "title", "nickName")
    new = bodies.changed(bodies.plain_user(lab.people.person()), {name: "First"})
    made = lab.plain_user(**{name: "First"})
    replies = {
        "POST": lab.scim.post("/Users", lab.user_bodies(new)[0], headers=None, **query),
        "PUT": lab.scim.put(made, {**made.sent, name: "Other"}, headers=None, **query),
    }
    if with_patch:
        change: Json = {"op": "replace", "path": name, "value": "Third"}
        replies["PATCH"] = lab.scim.patch(made, change, headers=None, **query)
    return Written(replies, lab.reread(made).stored)
