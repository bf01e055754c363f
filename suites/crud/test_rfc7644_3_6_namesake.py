"""RFC 7644 section 3.6: a new user has nothing of a deleted one of the same name."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.crud.lives import Posted
from suites.crud.lives import create
from suites.expect import expect
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import text
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import deletable
from suites.verdicts import Blocked

FORMER = "recreated-with-former-profile"


@dataclass(frozen=True, slots=True)
class Namesakes:
    """A user with values of its own, its deletion, and a plain user of the same name after it."""

    first: Made
    gone: Seen
    second: Posted

    def after(self, path: str) -> Seen:
        """Return the second user, where the first had a value at a path and is no more."""
        self.first.kept(path)
        deleted = deletable(self.gone)
        if not 200 <= deleted.status < 300:
            reason = f"the deletion answered {deleted.status}"
            raise Blocked(reason, by="RFC7644-3.6-6", entry=deleted.entry)
        if self.second.read is None:
            reason = f"the create of a namesake answered {self.second.reply.status}"
            raise Blocked(reason, by="RFC7644-3.6-4", entry=self.second.reply.entry)
        return self.second.read


@pytest.fixture
def namesakes(experiment: Experiment) -> Namesakes:
    """Two users of one name, one after the other."""

    def run(lab: Lab) -> Namesakes:
        plain = plain_user(lab.people.person())
        # Nobody else has these, so that they are no defaults of the server's either.
        own: dict[str, Json] = {
            "externalId": lab.people.unique("X"),
            "title": lab.people.unique("title"),
            "roles": [{"value": lab.people.unique("role")}],
        }
        less = {name: value for name, value in own.items() if name != "roles"}
        wanted = lab.user_bodies({**plain, **own}, {**plain, **less}, plain)
        first = lab.reread(lab.make("Users", "first", wanted))
        gone = lab.scim.delete(first)
        return Namesakes(first, gone, create(lab, "namesake", lab.user_bodies(plain)[0]))

    return experiment(run, key="two users of one name, one after the other")


@requirement("RFC7643-3.1-18", proof=(FORMER,))
def test_a_namesake_has_no_former_external_id(namesakes: Namesakes) -> None:
    """A new user without externalId does not get that of a deleted user of the same name."""
    _has_not(namesakes, "externalId")


@pytest.mark.parametrize("path", ["title", "roles.value"])
@requirement("RFC7644-3.6-4", proof=(FORMER,))
def test_a_namesake_has_nothing_of_the_former(path: str, namesakes: Namesakes) -> None:
    """A new user does not get the title and the roles of a deleted user of the same name."""
    _has_not(namesakes, path)


def _has_not(namesakes: Namesakes, path: str) -> None:
    __tracebackhide__ = True
    seen = namesakes.after(path)
    former = namesakes.first.values(path)
    found = [each for each in values_at(seen.object(), path) if each in former]
    expect(seen).status(200).holds(
        lambda: not found, f"no {path} of the user who was deleted", lambda: text([*found])
    )
