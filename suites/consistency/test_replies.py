"""Replies that belong to what was asked: many creates at the same moment, each answered for one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.consistency.parallel import at_once
from suites.consistency.races import done
from suites.crud.lives import place_of
from suites.expect import expect
from suites.making import bodies
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import value_at
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

MANY = 8
_BUSY = (409, 412, 423, 429, 503)


@dataclass(frozen=True, slots=True)
class Created:
    """One create: the name that was sent, the reply, and the user whom it leads to."""

    name: Json
    reply: Seen
    read: Seen | None


Creates = tuple[Created, ...]


@pytest.fixture
def creates(race: Experiment) -> Creates:
    """Different users who are created at the same moment, each read by the id in its reply."""

    def run(lab: Lab) -> Creates:
        plain = [bodies.plain_user(lab.people.person()) for _ in range(MANY)]
        sent = [lab.user_bodies(each)[0] for each in plain]
        replies = at_once(*(partial(lab.scim.post, "/Users", each) for each in sent))
        reads = [_read(lab, each) if done(each) else None for each in replies]
        names = [each["userName"] for each in sent]
        return tuple(Created(*each) for each in zip(names, replies, reads, strict=True))

    return race(run, key="many creates")


def _read(lab: Lab, reply: Seen) -> Seen | None:
    shown = value_at(reply.object(), "id")
    place = place_of(reply.header("Location")).rpartition("/")[2]
    found = shown if isinstance(shown, str) and shown else place
    return lab.look("Users", found) if found else None


@requirement("CON-RACE-10", proof=("create-replies-crossed",))
def test_each_create_is_answered_with_its_own_user(creates: Creates) -> None:
    """Users who are created at the same moment: each reply shows and leads to the one it made."""
    made = [each for each in creates if done(each.reply)]
    if not made:
        _none_made(creates)
    for each in made:
        if value_at(each.reply.object(), "userName") is not None:
            expect(each.reply).has("userName", each.name)
        if each.read is not None and each.read.status == 200:  # CON-READ-1 judges others
            expect(each.read).has("userName", each.name)


def _none_made(creates: Creates) -> None:
    """Raise why there is nothing to judge: the server was busy, or creates nobody."""
    statuses = [each.reply.status for each in creates]
    reason = f"all were refused: {', '.join(map(str, statuses))}"
    if all(each in _BUSY for each in statuses):
        raise NotOffered(reason)
    raise Blocked(reason, by="RFC7644-3.3-7", entry=creates[0].reply.entry)
