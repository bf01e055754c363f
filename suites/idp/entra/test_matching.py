"""Entra's matching: who exists is found by a filter, linked, and brought up to date."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import replace

import pytest

from idp_profiles.model import Json
from idp_profiles.model import Outcome
from idp_profiles.model import Person
from suites.client import ScimClient
from suites.client import Seen
from suites.conftest import Bench
from suites.expect import expect
from suites.expect import value_at
from suites.idp.look_alikes import much_joined
from suites.idp.look_alikes import put_into_two_groups
from suites.idp.look_alikes import unlike_others
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.values import items
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import created
from .conftest import nickname
from .conftest import object_id
from .linked import require
from .linked import tried

HOME = "home"
NOT_FOUND = ("empty-search-404", "empty-search-204")


@dataclass(frozen=True, slots=True)
class Linked:
    """A person whom Entra has met in the app, and a bystander; the users before and after."""

    person: Person
    id: str
    outcome: Outcome
    before: dict[str, Json]
    after: Seen
    named: Seen  # who has the userName after it
    bystander: dict[str, Json]
    bystander_after: Seen


@pytest.fixture
def linked(entra: Replay, bench: Bench, people: Registry) -> Linked:
    """Somebody with another displayName and without externalId, linked; shared, to be read only."""

    def make() -> Linked:
        maker, client = entra.on(bench.shared.journal), bench.client(bench.shared.journal)
        person, other = people.person(), people.person()
        more: dict[str, Json] = {"nickName": "Babs", "displayName": "Somebody Else"}
        user_id = created(client, person, **more)
        other_id = created(client, other, nickName="Benny")
        client.settle()
        before, bystander = client.user(user_id).object(), client.user(other_id).object()
        outcome = maker.mock.assign(person)
        after, named = client.user(user_id), client.users_named(person.user_name)
        return Linked(
            *(person, user_id, outcome, before, after, named),
            *(bystander, client.user(other_id)),
        )

    return bench.shared.once(f"entra-setup-linked-{entra.setup.dialect}", bench.log, make)


def _found(entra: Replay, outcome: Outcome, person: Person, user_id: str) -> None:
    """Take a look-up as what the case is about: it finds this user; raises Mismatch."""
    entra.judged(outcome)
    found = entra.idp.user_id(person)
    if found != user_id:
        raise Mismatch(
            expected=f"the user with the id {user_id}",
            actual=f"the user with the id {found}",
            entry=entra.last_entry(),
        )


@requirement(
    "ENTRA-MATCH-1",
    proof=(
        *("filter-finds-nothing", "search-result-without-id", "filter-unsupported"),
        "list-without-id",
    ),
    dialects=(),
)
def test_a_user_is_found_by_user_name(entra: Replay, assigned: Account) -> None:
    """The filter by userName finds the user."""
    fresh = entra.again()
    _found(fresh, fresh.mock.match(assigned.person), assigned.person, assigned.id)


@requirement("ENTRA-MATCH-2", proof=("filter-by-user-name-only",), dialects=())
def test_a_user_is_found_by_external_id(entra: Replay, assigned: Account, look: ScimClient) -> None:
    """The filter by externalId finds the user."""
    _kept(look, assigned, "externalId", nickname(assigned.person))
    fresh = entra.again(switches={"matching": "externalId"})
    _found(fresh, fresh.mock.match(assigned.person), assigned.person, assigned.id)


@requirement(
    "ENTRA-MATCH-3", proof=("filter-by-user-name-only", "filter-brackets-refused"), dialects=()
)
def test_a_user_is_found_by_work_address(
    entra: Replay, assigned: Account, look: ScimClient
) -> None:
    """The filter by the work e-mail address finds the user."""
    _kept(look, assigned, 'emails[type eq "work"].value', assigned.person.email)
    fresh = entra.again(switches={"matching": "email"})
    _found(fresh, fresh.mock.match(assigned.person), assigned.person, assigned.id)


@requirement(
    "ENTRA-MATCH-3", proof=("filter-brackets-mix-values", "filter-brackets-ignored"), dialects=()
)
def test_a_home_address_is_no_work_address(
    entra: Replay, assigned: Account, look: ScimClient, people: Registry
) -> None:
    """Who has the address as the home address is no second match."""
    other = people.person()
    emails: Json = [
        {"value": other.email, "type": "work", "primary": True},
        {"value": assigned.person.email, "type": HOME},
    ]
    reply = look.create_user(other, emails=emails)
    entries = items(value_at(reply.object(), "emails"))
    if reply.status not in (200, 201) or len(entries) < 2:
        raise NotOffered("the server keeps no home address beside a work address")
    fresh = entra.again(switches={"matching": "email"})
    _found(fresh, fresh.mock.match(assigned.person), assigned.person, assigned.id)


def _kept(look: ScimClient, account: Account, path: str, value: Json) -> None:
    """Go on where the user has this value; raises NotOffered."""
    look.settle()
    user = look.user(account.id).object()
    if path.startswith("emails["):
        entries = items(value_at(user, "emails"))
        kept = any(value_at(e, "type") == "work" and value_at(e, "value") == value for e in entries)
    else:
        kept = value_at(user, path) == value
    if not kept:
        raise NotOffered(f"the server keeps no {path} of a user who is created with one")


@requirement("ENTRA-MATCH-4", proof=("filter-by-user-name-only", "empty-search-404"), dialects=())
def test_the_second_attribute_is_asked_for(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """Who is not found by userName is found by externalId."""
    person = replace(people.person(), idp_id=object_id(people.unique("guid")))
    former = replace(person, user_name=people.person().user_name)
    user_id = created(look, former, externalId=person.idp_id)
    _kept(look, Account(former, user_id), "externalId", person.idp_id)
    fresh = entra.again(switches={"matching": "userName-externalId"})
    _found(fresh, fresh.mock.match(person), person, user_id)


@requirement("ENTRA-MATCH-5", proof=("filter-case-sensitive",), dialects=())
def test_a_user_is_found_in_capitals(entra: Replay, assigned: Account) -> None:
    """The filter by userName finds the user in other capitals."""
    entra.again().given.match(assigned.person)
    fresh = entra.again()
    shouting = replace(assigned.person, user_name=assigned.person.user_name.upper())
    _found(fresh, fresh.mock.match(shouting), shouting, assigned.id)


@requirement("ENTRA-MATCH-6", proof=(*NOT_FOUND, "filter-ignored"), dialects=())
def test_who_is_not_there_is_not_found(entra: Replay, assigned: Account, people: Registry) -> None:
    """Nobody is found by a userName or externalId that nobody has."""
    del assigned
    for matching in ("mapping", "externalId"):
        form = entra.again(switches={"matching": matching})
        outcome = form.watched(form.mock.match(people.person()))
        reply = outcome.exchanges[-1].reply
        if reply is not None and matching != "mapping" and reply.status in (400, 501):
            continue  # a filter that is not supported, which is judged elsewhere
        # Whoever stops as it should has seen an empty list: nothing else makes a match fail so.
        if outcome.ok or reply is None or reply.status != 200 or not reply.body.strip():
            raise Mismatch(
                expected="200 with an empty list",
                actual=_came(outcome),
                entry=form.last_entry(),
            )


def _came(outcome: Outcome) -> str:
    if outcome.ok:
        return "somebody"
    reply = outcome.exchanges[-1].reply
    return f"status {reply.status}" if reply is not None else "no reply"


@requirement(
    "ENTRA-MATCH-7",
    proof=("filter-finds-nothing", "patch-replace-ignored", "patch-refused-501"),
)
def test_who_exists_is_linked_and_brought_up_to_date(
    entra: Replay, linked: Linked, bench: Bench, people: Registry
) -> None:
    """An existing user stays the only one and gets the directory's displayName."""
    if value_at(linked.after.object(), "displayName") != linked.person.display_name:
        trial = tried(entra, bench, people)
        if trial.lowered:  # operations with a capital are refused, which is judged elsewhere
            require(entra, trial)
    entra.judged(linked.outcome)
    expect(linked.named).matches(linked.id)
    shown = value_at(linked.before, "displayName")
    if shown is None:
        raise NotOffered("the server keeps no displayName of a user")
    expect(linked.after).status(200).has("displayName", linked.person.display_name)


@requirement(
    "ENTRA-MATCH-8",
    proof=("patch-loses-unnamed",),
)
def test_linking_changes_nothing_else(entra: Replay, linked: Linked) -> None:
    """At the first contact the names, the nickname and other users stay as they are."""
    outcome = entra.watched(linked.outcome)
    if outcome.stopped is not None:
        raise Blocked(f"nobody was linked: {outcome.stopped.because}", by="ENTRA-MATCH-7")
    mapped = ("displayName", "externalId", "name.formatted", "meta")
    expect(linked.after).status(200).unchanged(linked.before, but=mapped)
    expect(linked.bystander_after).status(200).unchanged(linked.bystander, but=("meta",))


@requirement("ENTRA-MATCH-9", proof=("filter-prefix",), dialects=())
def test_a_longer_name_is_no_second_match(
    entra: Replay, assigned: Account, look: ScimClient, people: Registry
) -> None:
    """Somebody whose userName only begins like the person's is not found."""
    longer = replace(people.person(), user_name=f"{assigned.person.user_name}.longer")
    created(look, longer)
    fresh = entra.again()
    _found(fresh, fresh.mock.match(assigned.person), assigned.person, assigned.id)


@requirement(
    "ENTRA-MATCH-9", proof=("filter-underscores-work", "filter-overlooks-accents"), dialects=()
)
def test_a_similar_name_is_no_second_match(
    entra: Replay, look: ScimClient, people: Registry
) -> None:
    """People whose userName differs by one letter, an accent or the domain are not found."""
    person = unlike_others(look, people)
    user_id = created(look, person)
    fresh = entra.again()
    _found(fresh, fresh.mock.match(person), person, user_id)


@requirement(
    "ENTRA-MATCH-1",
    proof=("list-repeats-users-of-groups", "list-repeats-users-with-addresses"),
    dialects=(),
)
def test_who_has_much_is_one_match(entra: Replay, look: ScimClient, people: Registry) -> None:
    """A user with two addresses, in two groups, is found once."""
    person, addresses = much_joined(people)
    user_id = created(look, person, **addresses)
    put_into_two_groups(look, people, user_id)
    fresh = entra.again()
    _found(fresh, fresh.mock.match(person), person, user_id)
