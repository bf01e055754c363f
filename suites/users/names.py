"""Users who are to get a userName that is missing, empty, new or another user's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.crud.lives import create
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.schemas.definitions import Definitions
from suites.values import quoted
from suites.values import value_at
from suites.verbs import Made


@dataclass(frozen=True, slots=True)
class Named:
    """One attempt to give a user a name: the reply, and the user after it unless it was refused."""

    reply: Seen
    after: Seen | None

    @property
    def name(self) -> Json:
        """The userName of the user after it, None where there is no user."""
        return None if self.after is None else value_at(self.after.object(), "userName")


@dataclass(frozen=True, slots=True)
class Names:
    """The attempts, the user whose name others are to get, and the one who is to get it."""

    first: Made
    second: Made
    tried: Mapping[str, Named]
    renamed: Named
    new: str
    definitions: Definitions
    old: Seen | None  # a search for the name that the user had, where there are filters


def run(lab: Lab, features: Capabilities) -> Names:
    """Make two users, send one request for each wrong name, and a right one; some 26 requests."""
    first, second = lab.plain_user(key="first"), lab.plain_user(key="second")
    name = str(first.value("userName"))
    tried = {
        "none": _posted(lab, None),
        "empty": _posted(lab, ""),
        "capitals": _posted(lab, name.swapcase()),
        "put none": _put(lab, second, None),
        "put taken": _put(lab, second, name),
        "put capitals": _put(lab, lab.plain_user(key="third"), name.swapcase()),
    }
    if features.has("patch"):
        operation: dict[str, Json] = {"op": "replace", "path": "userName", "value": name}
        tried["patch taken"] = _after(lab, second, lab.scim.patch(second, operation))
        fourth, capitals = lab.plain_user(key="fourth"), {**operation, "value": name.swapcase()}
        tried["patch capitals"] = _after(lab, fourth, lab.scim.patch(fourth, capitals))
    new = lab.people.person().user_name
    renamed = _put(lab, second, new)
    old = None
    if features.has("filter"):
        old = lab.scim.get("/Users", filter=f"userName eq {quoted(second.value('userName'))}")
    return Names(first, second, tried, renamed, new, lab.definitions, old)


def _posted(lab: Lab, name: str | None) -> Named:
    posted = create(lab, "another", _named(lab, plain_user(lab.people.person()), name))
    return Named(posted.reply, posted.read)


def _put(lab: Lab, made: Made, name: str | None) -> Named:
    return _after(lab, made, lab.scim.put(made, _named(lab, made.sent, name)))


def _after(lab: Lab, made: Made, reply: Seen) -> Named:
    return Named(reply, lab.read(made) if 200 <= reply.status < 300 else None)


def _named(lab: Lab, body: Mapping[str, Json], name: str | None) -> dict[str, Json]:
    """Return a body with another userName; None takes it out, whatever the target file wants."""
    whole = lab.user_bodies(dict(body))[0]
    rest = {key: value for key, value in whole.items() if key != "userName"}
    return rest if name is None else {**rest, "userName": name}
