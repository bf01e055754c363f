"""Entra's Update Users: addresses and numbers, each selected by its type, and all else."""

from __future__ import annotations

import pytest

from idp_profiles.changed_person import changed_person
from idp_profiles.model import Json
from idp_profiles.model import Person
from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import judge_of
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Needs
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from .conftest import Account
from .conftest import Team
from .conftest import hire
from .conftest import nickname
from .creating import described
from .entries import NUMBER
from .entries import Selected
from .entries import held
from .entries import keeps
from .entries import mail
from .entries import selected
from .entries import shows
from .entries import shows_not
from .linked import MANY
from .linked import extended
from .linked import require
from .linked import tried

HEADS = ("emails", "phoneNumbers", "addresses")
# What other clients maintain and Entra's default mapping does not hold.
FOREIGN: dict[str, Json] = {"locale": "en-US", "timezone": "Europe/Vienna", "nickName": "Babs"}
KNOWN = {"jobTitle": "Engineer", "preferredLanguage": "en-GB"}
STORED: dict[str, Json] = {"title": "Engineer", "preferredLanguage": "en-GB"}
KEPT = ("userName", "name", "displayName", "externalId", *FOREIGN)
EXTENSION: dict[str, Json] = {"department": "Testing", "costCenter": "4711"}


@pytest.fixture
def updatable(entra: Replay, bench: Bench, people: Registry) -> None:
    """Block the case on a server that refuses every update, which is judged elsewhere."""
    require(entra, tried(entra, bench, people))


@requirement(
    "ENTRA-UPDATE-14",
    proof=("patch-filter-hits-all", "patch-value-paths-refused", "patch-part-replaces-selected"),
)
@pytest.mark.usefixtures("updatable")
@pytest.mark.parametrize("head", HEADS)
def test_a_value_is_changed_where_a_filter_selects_it(
    entra: Replay, look: ScimClient, people: Registry, needs: Needs, head: str
) -> None:
    """A path with a filter on the type changes a part of that value, and no other value."""
    one = selected(head, people)
    needs(f"{head}.{one.part}", f"{head}.type")
    made, before = _holding(entra, look, people, one)
    entra.act.update(made.person, MANY[entra.setup.dialect], **{one.source: one.new})
    user = expect(look.user(made.id)).status(200)
    shows(user, head, {**one.of(before), one.part: one.new})
    shows_not(user, head, {one.part: one.old})
    keeps(user, one, before)


@requirement(
    "ENTRA-UPDATE-15",
    proof=(
        *("patch-add-no-match-refused", "patch-add-no-match-ignored"),
        *("patch-add-no-match-untyped", "patch-add-no-match-hits-all"),
    ),
)
@pytest.mark.usefixtures("updatable")
@pytest.mark.parametrize("head", HEADS)
def test_a_value_that_is_not_there_is_made(
    entra: Replay, look: ScimClient, people: Registry, needs: Needs, head: str
) -> None:
    """An Add to a value selected by a type that the user has none of makes it, in one piece."""
    one = selected(head, people)
    needs(f"{head}.{one.part}", f"{head}.type")
    person = described(people)
    made = hire(entra, look, person, **{head: one.others()})
    before = look.user(made.id).object()
    if not all(held(before, head, each) for each in one.beside):
        raise NotOffered(f"the server does not keep several {head} as they are sent")
    changes = {one.source: one.new, **{source: value for _, source, value in one.also}}
    entra.act.update(person, "add-multivalued-absent", **changes)
    user = expect(look.user(made.id)).status(200)
    shows(user, head, one.with_part(one.new))
    keeps(user, one, before)


@requirement(
    "ENTRA-UPDATE-16",
    proof={
        "default": ("patch-filter-hits-all", "patch-extension-replaced-whole"),
        "flag": ("patch-pathless-replace-drops-others", "patch-extension-replaced-whole"),
    },
)
@pytest.mark.usefixtures("updatable")
def test_an_update_loses_nothing(entra: Replay, look: ScimClient, people: Registry) -> None:
    """What an update does not name stays: other addresses, and what Entra does not map."""
    address = mail(people)
    person = changed_person(described(people, **KNOWN), {"email": address.old})
    made = _with_foreign_values(entra, look, person, address)
    before = look.user(made.id).object()
    _update_in_turn(entra, person, address)
    after = expect(look.user(made.id)).status(200).keeps(before, paths=KEPT)
    after.keeps(before, paths=(f"{ENTERPRISE_URN}:costCenter",))
    keeps(after, address, before)
    keeps(after, NUMBER, before)


@requirement("ENTRA-UPDATE-16", proof=("patch-clears-memberships",), dialects=())
@pytest.mark.usefixtures("updatable", "groups_offered")
def test_an_update_leaves_the_groups(entra: Replay, pushed: Team, look: ScimClient) -> None:
    """A member of a group whose attributes are updated is a member of it afterwards."""
    person = pushed.staff[0].person
    entra.watched(entra.mock.update(person, MANY["default"], display_name="Somebody Changed"))
    expect(look.group(pushed.id)).status(200).members(pushed.member_ids)


@requirement(
    "ENTRA-UPDATE-19",
    proof=("patch-remove-ignored", "patch-selected-remove-takes-all", "patch-remove-value-refused"),
    dialects=("default",),
)
@pytest.mark.usefixtures("updatable")
def test_a_removed_address_is_gone(
    entra: Replay, look: ScimClient, people: Registry, definitions: Definitions, needs: Needs
) -> None:
    """A Remove of the work address, its value beside it, leaves the private one."""
    needs("emails.value", "emails.type")
    if (emails := definitions.attribute("emails")) is not None and emails.required:
        raise NotOffered("the server's users need an e-mail address")
    one = mail(people)
    person = changed_person(described(people), {"email": one.old})
    made = hire(entra, look, person, emails=[one.with_part(one.old), *one.others()])
    before = look.user(made.id).object()
    entra.act.remove_value(person, 'emails[type eq "work"].value', one.old)
    user = expect(look.user(made.id)).status(200)
    shows_not(user, "emails", {"value": one.old})
    keeps(user, one, before)


def _holding(
    entra: Replay, look: ScimClient, people: Registry, one: Selected
) -> tuple[Account, dict[str, Json]]:
    """Create somebody with a value and others beside it; return how the server shows them."""
    person = changed_person(described(people), {one.source: one.old})
    values: list[Json] = [{"primary": True, **one.with_part(one.old)}, *one.others()]
    made = hire(entra, look, person, **{one.head: values})
    before = look.user(made.id).object()
    if not held(before, one.head, {one.part: one.old, "type": one.type}):
        raise NotOffered(f"the server keeps no {one.head} as they are sent")
    return made, before


def _with_foreign_values(
    entra: Replay, look: ScimClient, person: Person, address: Selected
) -> Account:
    """Create a person as another client would, with the extension where the server takes it."""
    emails: list[Json] = [address.with_part(address.old), *address.others()]
    numbers = NUMBER.others()
    held_too: dict[str, Json] = {"emails": emails, "phoneNumbers": numbers, **STORED, **FOREIGN}
    for more in ({**held_too, **extended(**EXTENSION)}, held_too, {"emails": emails}):
        reply = look.create_user(person, externalId=nickname(person), **more)
        if reply.status in (200, 201):
            made = Account(person, str(reply.object().get("id")))
            entra.idp.link(person, made.id)
            return made
    by = judge_of("entra", "assign")
    raise Blocked(f"POST /Users answered {reply.status}", by=by, entry=reply.entry)


def _update_in_turn(entra: Replay, person: Person, address: Selected) -> None:
    """Change plain attributes, the address and the extension; whether it works is judged above."""
    scenario = MANY[entra.setup.dialect]
    turns: tuple[dict[str, Json], ...] = (
        {"jobTitle": "Architect", "preferredLanguage": "de-DE"},
        {"email": address.new},
        {"department": "Tours"},
    )
    for changes in turns:
        entra.watched(entra.mock.update(person, scenario, **changes))
