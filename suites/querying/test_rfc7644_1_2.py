"""RFC 7644 section 1.2: percent-encoding, in the filters of clients and in locations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import caseless
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# What a server that decodes too often, or too seldom, takes for another one of these.
TEXTS = {
    "plus": "Ada+Ben",
    "blank": "Ada Ben",
    "percent": "Ada%20Ben",
    "signs": "Ada & Ben = #1? 🙂",
}
URI = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")


@dataclass(frozen=True, slots=True)
class Found:
    """Users whose names have such letters, and what a filter on each name finds."""

    users: Mapping[str, Made]
    replies: Mapping[str, Seen]
    missing: Mapping[str, Blocked]

    def expect(self, key: str) -> None:
        """Expect that the filter on a name finds those who have it, and nobody else."""
        __tracebackhide__ = True
        if key in self.missing:
            problem = self.missing[key]
            raise Blocked(problem.reason, by=problem.by, entry=problem.entry)
        asked = self.users[key].kept("displayName").value("displayName")
        if not str(asked).startswith(TEXTS[key]):
            raise NotOffered(f"the server does not keep {TEXTS[key]!r} as it is")
        every = [*self.users.values()]
        same = [e for e in every if caseless(e.value("displayName")) == caseless(asked)]
        expect(self.replies[key]).finds(*same, among=every)


@pytest.fixture
def by_name(experiment: Experiment) -> Found:
    """Four users whose names have to be encoded in a query, each found by the name."""

    def run(lab: Lab) -> Found:
        users, missing = {}, {}
        for key, text in TEXTS.items():
            try:
                made = lab.plain_user(key=key, displayName=f"{text} {lab.people.tag}")
            except Blocked as problem:
                missing[key] = problem
            else:
                users[key] = made if made.has("displayName") else lab.reread(made)
        lab.scim.client.settle()
        names = {key: each.value("displayName") for key, each in users.items()}
        asked = {
            key: lab.scim.find(f"displayName eq {json.dumps(name, ensure_ascii=False)}")
            for key, name in names.items()
            if key != "blank"
        }
        return Found(users, asked, missing)

    return experiment(run, key="names that need encoding")


@pytest.mark.parametrize("key", ["plus", "percent"])
@requirement("RFC7644-1.2-1", proof=("filter-percent-decoded-twice",))
def test_a_filter_is_decoded_once(key: str, by_name: Found) -> None:
    """A plus sign and a percent sign in an encoded filter stand for themselves."""
    by_name.expect(key)


@requirement("RFC7644-1.2-1", proof=("filter-cut-at-ampersand", "filter-letters-ascii"))
def test_signs_of_urls_are_part_of_an_encoded_filter(by_name: Found) -> None:
    """An encoded ampersand, equals sign, number sign, question mark and emoji are text."""
    by_name.expect("signs")


@requirement("RFC7644-1.2-1", needs=(), proof=("location-with-blanks",))
def test_locations_are_encoded(calm_user: Made) -> None:
    """A location has no blanks and no letters beyond ASCII as they are."""
    location = calm_user.value("meta.location")
    told = [each for each in (location, calm_user.reply.header("Location")) if each is not None]
    if not told:
        raise NotOffered("the server tells no location")
    expect(calm_user.reply).holds(
        lambda: all(URI.fullmatch(str(each)) for each in told), "a URI", lambda: f"{told}"
    )
