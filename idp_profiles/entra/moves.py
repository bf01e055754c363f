"""The moves that scenarios are made of: who plays, preparations, and what Entra does."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace

from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.model import Script
from idp_profiles.profile import Stage

from .behaviour import Entra
from .names import ENTERPRISE
from .roles import Role

# What the directory holds of everybody, unless the stage says something else.
_USUAL: dict[str, Json] = {
    "jobTitle": "Engineer",
    "preferredLanguage": "en-GB",
    "physicalDeliveryOfficeName": "18/2111",
    "streetAddress": "1 Example Street",
    "city": "Bratislava",
    "state": "BL",
    "postalCode": "81101",
    "country": "SK",
    "telephoneNumber": "+421 2 5550 1000",
    "mobile": "+421 905 550 100",
    "facsimileTelephoneNumber": "+421 2 5550 1001",
    "employeeNumber": "1001",
    "department": "Testing",
}
ROLE_A, ROLE_B = "Reader", "Writer"


# -- who plays


def somebody(person: Person) -> Person:
    """Return a person with all that a directory usually holds."""
    return replace(person, attributes={**_USUAL, **person.attributes})


def first(stage: Stage) -> Person:
    """Return the person whom a scenario is about."""
    return somebody(stage.person)


def boss(stage: Stage) -> Person:
    """Return the manager of the first person."""
    return somebody(stage.people[1])


def crowd(stage: Stage) -> tuple[Person, ...]:
    """Return everybody."""
    return tuple(somebody(person) for person in stage.people)


def shouting(stage: Stage) -> Person:
    """Return the first person with the user name in capitals."""
    person = first(stage)
    return replace(person, user_name=person.user_name.upper())


def unreachable(stage: Stage) -> Person:
    """Return the first person without an e-mail address and a mobile number."""
    person = first(stage)
    others = {key: value for key, value in person.attributes.items() if key != "mobile"}
    return replace(person, email="", attributes=others)


def changed(stage: Stage) -> dict[str, Json]:
    """Return new values for the attributes that the documented samples change."""
    return {
        "display_name": f"{stage.new_given_name} Changed",
        "email": stage.new_email,
        "given_name": stage.new_given_name,
        "family_name": "Changed",
        "mailNickname": stage.new_email.partition("@")[0],
        "physicalDeliveryOfficeName": "20/0001",
        "employeeNumber": "2002",
    }


def flag_changed(stage: Stage) -> dict[str, Json]:
    """Return new values for what the flagged sample changes: the same, without two."""
    left_out = {"mailNickname", "physicalDeliveryOfficeName"}
    return {key: value for key, value in changed(stage).items() if key not in left_out}


def roles_of(person: Person, *names: str) -> tuple[Role, ...]:
    """Return app roles with ids that are equal in every run."""
    seed = uuid.uuid5(uuid.NAMESPACE_URL, person.user_name)
    return tuple(Role(name, str(uuid.uuid5(seed, name))) for name in names)


# -- what has to be there first


def no_preparation(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Prepare nothing."""
    del idp, stage
    yield from ()


def assigned(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the first person an account."""
    yield idp.assign(first(stage))


def assigned_unreachable(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the first person an account without e-mail address and mobile number."""
    yield idp.assign(unreachable(stage))


def with_boss(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the manager an account."""
    yield idp.assign(boss(stage))


def both_assigned(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the first person and the manager accounts."""
    yield idp.assign(boss(stage))
    yield idp.assign(first(stage))


def managed(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the first person an account and a manager."""
    yield from both_assigned(idp, stage)
    yield idp.set_manager(first(stage), boss(stage))


def unlinked(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Make an account that Entra then knows nothing of."""
    yield idp.assign(first(stage))
    idp.forget(first(stage))


def unlinked_and_poorer(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Make an account with another display name and without a department, and forget it."""
    person = first(stage)
    others = {key: value for key, value in person.attributes.items() if key != "department"}
    yield idp.assign(replace(person, display_name="Somebody Else", attributes=others))
    idp.forget(person)


def unassigned(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the first person an account and take the person out of scope again."""
    yield idp.assign(first(stage))
    yield idp.unassign(first(stage))


def with_role(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the first person an account that holds one role as its primary one."""
    idp.map_roles("single")
    person = first(stage)
    yield idp.grant_roles(person, roles_of(person, ROLE_B), "role-single-create")


def custom_assigned(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the first person an account with a value in a custom extension."""
    if custom_source(idp):
        person = first(stage)
        attributes = {**person.attributes, custom_source(idp): "one"}
        yield idp.assign(replace(person, attributes=attributes))


def everybody(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give everybody an account."""
    for person in crowd(stage):
        yield idp.assign(person)


def group_made(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Provision the group, without members."""
    yield idp.push_group(stage.group)


def group_unlinked(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Make a group in the app that Entra then knows nothing of."""
    yield idp.push_group(stage.group)
    idp.forget_group(stage.group)


def foreign_group(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Make a group of that name in the app that carries no externalId."""
    yield idp.make_foreign_group(stage.group)


def group_and_people(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give everybody an account and provision the group, without members."""
    yield from everybody(idp, stage)
    yield idp.push_group(stage.group)


def group_filled(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Provision the group with everybody in it."""
    yield from group_and_people(idp, stage)
    yield idp.add_members(stage.group, stage.people)


# -- what Entra does


def change_custom(idp: Entra, stage: Stage) -> Script | None:
    """Change the value in a custom extension, when the mapping has one."""
    source = custom_source(idp)
    if not source:
        return None
    return idp.update(first(stage), "custom-extension-attribute", **{source: "two"})


def custom_source(idp: Entra) -> str:
    """Return the source of the first attribute that goes to a custom extension, '' without one."""
    for entry in idp.mapping.entries:
        extended = entry.path.lower().startswith("urn:")
        if extended and not entry.path.startswith(ENTERPRISE) and entry.source:
            return entry.source
    return ""


def grant(idp: Entra, stage: Stage, form: str, scenario: str, *names: str) -> Script:
    """Map roles by an expression and assign some of them to the first person."""
    idp.map_roles(form)
    person = first(stage)
    return idp.grant_roles(person, roles_of(person, *names), scenario)


def token(idp: Entra, location: str) -> Script | None:
    """Ask for a token, when there is an endpoint to ask."""
    return idp.get_token(location) if idp.has_token_endpoint else None


def identity(idp: Entra, stage: Stage) -> Script | None:
    """Trade an assertion for a token, when there is an endpoint to ask."""
    return idp.exchange_identity(first(stage)) if idp.has_token_endpoint else None


def match_two(idp: Entra, stage: Stage) -> Script:
    """Assign somebody who is found by neither of two matching attributes."""
    idp.match_by("userName-externalId")
    return idp.assign(first(stage), scenario="match-two-attributes")


def match_by(idp: Entra, stage: Stage, matching: str) -> Script:
    """Look the first person up by other matching attributes than the mapping's."""
    idp.match_by(matching)
    return idp.match(first(stage), "match-by-email")


def match_group_by_id(idp: Entra, stage: Stage) -> Script:
    """Look the group up by its externalId."""
    idp.match_groups_by("externalId")
    return idp.match_group(stage.group)


def become_reachable(idp: Entra, stage: Stage) -> Script:
    """Give the first person the e-mail address and the mobile number that were missing."""
    person = first(stage)
    return idp.update(
        person,
        "add-multivalued-absent",
        email=person.email,
        mobile=person.attributes["mobile"],
    )


def soft_deleted(idp: Entra, stage: Stage) -> Iterator[Script]:
    """Give the first person an account and delete the person in the directory."""
    yield idp.assign(first(stage))
    yield idp.soft_delete(first(stage))


def validator_replace(idp: Entra, stage: Stage) -> Script:
    """Replace the names of the first person by new ones, as the Validator does."""
    person = replace(first(stage), given_name=stage.new_given_name, family_name="Changed")
    return idp.validator_replace(person)
