"""A user with a password that changes, and every view of the user in which it must not be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from idp_profiles.model import Json
from suites.client import Seen
from suites.crud.lives import create
from suites.expect import expect
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.values import is_empty
from suites.values import member
from suites.values import quoted
from suites.verbs import Made
from suites.verdicts import NotOffered

_MASK = re.compile(r"[*•·xX.#-]+")


@dataclass(frozen=True, slots=True)
class Secret:
    """The passwords that were set, the replies to the writes, and the views of the user."""

    words: tuple[str, ...]
    writes: Mapping[str, Seen]
    views: Mapping[str, Seen]
    last: Seen

    def write(self, name: str) -> Seen:
        """Return the reply to a write; raises NotOffered where it was not sent."""
        return _found(self.writes, name)

    def view(self, name: str) -> Seen:
        """Return a view of the user; raises NotOffered where it was not asked for."""
        return _found(self.views, name)


def run(lab: Lab, features: Capabilities) -> Secret:
    """Create a user with a password, change it, and look at the user; some 12 requests."""
    words = tuple(lab.people.password() for _ in range(4))
    body = lab.user_bodies(plain_user(lab.people.person()))[0]
    posted = create(lab, "secretive", {**body, "password": words[0]})
    made = posted.made or lab.plain_user()  # whose password is set by what follows
    writes = {"POST": posted.reply}
    writes["PUT"] = lab.scim.put(made, {**made.sent, "password": words[1]})
    if features.has("patch"):
        operation: Json = {"op": "replace", "path": "password", "value": words[2]}
        writes["PATCH"] = lab.scim.patch(made, operation)
        pathless: Json = {"op": "replace", "value": {"password": words[3]}}
        writes["PATCH without path"] = lab.scim.patch(made, pathless)
    last = lab.read(made)
    return Secret(words, writes, {"GET": last, **_views(lab, made, features, words)}, last)


def _views(lab: Lab, made: Made, features: Capabilities, words: tuple[str, ...]) -> dict[str, Seen]:
    named = f"userName eq {quoted(made.value('userName'))}"
    found = {"GET with attributes": lab.scim.get(made, attributes="userName,password")}
    if features.has("filter"):
        found["list"] = lab.scim.get("/Users", filter=named)
        found["right"] = lab.scim.get(
            "/Users", filter=f"{named} and password eq {quoted(words[-1])}"
        )
        found["wrong"] = lab.scim.get(
            "/Users", filter=f"{named} and password eq {quoted(words[0])}"
        )
    if features.has("search"):
        wanted: Json = ["userName", "password"]
        found["search"] = lab.scim.search(filter=named, attributes=wanted)
    return found


def hidden(seen: Seen, words: tuple[str, ...]) -> None:
    """Expect that no password is shown: no attribute of that name, and none of the words."""
    __tracebackhide__ = True
    clear = [word for word in words if word.encode() in seen.content]
    expect(seen).holds(lambda: not clear, "no password", lambda: "the password that was set")
    shown = [value for value in _passwords(seen.object()) if not is_empty(value)]
    if all(_MASK.fullmatch(str(value)) for value in shown):
        masked = expect(seen).warn_at_most()
        masked.holds(lambda: not shown, "no `password`", lambda: "a `password` that is masked")
    expect(seen).holds(lambda: not shown, "no `password`", lambda: "a value in `password`")


def _passwords(value: Json) -> Iterator[Json]:
    """Yield every value of a member `password`, however deep."""
    if isinstance(value, dict):
        yield member(value, "password")
        for each in value.values():
            yield from _passwords(each)
    for each in value if isinstance(value, list) else ():
        yield from _passwords(each)


def _found(replies: Mapping[str, Seen], name: str) -> Seen:
    if name not in replies:
        raise NotOffered("the server has no PATCH, filters or /.search")
    return replies[name]
