"""Entra's Create Users: the values that a new user has, and unusual ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from idp_profiles.model import Json
from suites.client import ENTERPRISE_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.idp.accounts import with_names
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Needs
from suites.verdicts import NotOffered

from .creating import described
from .creating import plainest_of
from .creating import user_of
from .custom import announced
from .custom import extending
from .custom import if_announced
from .entries import shows

NUMBERS = {"work": "telephoneNumber", "mobile": "mobile", "fax": "facsimileTelephoneNumber"}
ADDRESS = {
    "streetAddress": "streetAddress",
    "locality": "city",
    "region": "state",
    "postalCode": "postalCode",
    "country": "country",
}


@pytest.fixture
def creatable(entra: Replay, bench: Bench, people: Registry) -> None:
    """Block the case where Entra's plainest create is refused, which is judged elsewhere."""
    entra.arranged(plainest_of(entra, bench, people).outcome, "assign")


@requirement(
    "ENTRA-CREATE-6", proof=("create-drops-external-id", "external-ids-in-lower-case"), dialects=()
)
@pytest.mark.usefixtures("creatable")
def test_the_external_id_comes_back(entra: Replay, look: ScimClient, people: Registry) -> None:
    """A mail nickname with capitals, or an object id, is the externalId letter for letter."""

    def check(form: Replay) -> None:
        person = described(people, mailNickname=people.unique("Nick.Name"))
        form.act.assign(person)
        by_id = any(entry.source == "idp_id" for entry in form.idp.mapping.entries)
        wanted = person.idp_id if by_id else person.attributes["mailNickname"]
        expect(look.user(user_of(form, person))).status(200).exactly("externalId", wanted)

    forms = ("default", "external-id-object-id")
    every_form(entra, "create-user", check, only=lambda name: name in forms)


@requirement("ENTRA-CREATE-7", proof=("types-lost", "phone-numbers-masked"), dialects=())
@pytest.mark.usefixtures("creatable")
def test_numbers_arrive_under_their_types(
    entra: Replay, look: ScimClient, people: Registry, needs: Needs
) -> None:
    """Telephone, mobile and fax number arrive, each under its type."""
    needs("phoneNumbers.value", "phoneNumbers.type")
    person = described(people, *NUMBERS.values())
    entra.act.assign(person)
    user = expect(look.user(user_of(entra, person))).status(200)
    for kind, source in NUMBERS.items():
        shows(user, "phoneNumbers", {"type": kind, "value": person.attributes[source]})


@requirement(
    "ENTRA-CREATE-7",
    proof=("types-lost", "short-addresses-refused", "create-refuses-addresses"),
    dialects=(),
)
@pytest.mark.usefixtures("creatable")
def test_the_address_arrives_under_its_type(
    entra: Replay, look: ScimClient, people: Registry, needs: Needs
) -> None:
    """A mailing address without a country arrives under the type work."""
    needs("addresses.locality", "addresses.type")
    parts = {part: source for part, source in ADDRESS.items() if part != "country"}
    person = described(people, *parts.values())
    entra.act.assign(person)
    wanted = {part: person.attributes[source] for part, source in parts.items()}
    user = expect(look.user(user_of(entra, person))).status(200)
    shows(user, "addresses", {"type": "work", **wanted})


@requirement(
    "ENTRA-CREATE-8",
    proof=(
        *("enterprise-dropped", "enterprise-refused-listed", "extension-at-top"),
        "enterprise-texts-as-numbers",
    ),
    dialects=(),
)
@pytest.mark.usefixtures("creatable", "enterprise_offered")
def test_the_enterprise_extension_arrives(
    entra: Replay, look: ScimClient, people: Registry, enterprise_announced: bool
) -> None:
    """Department and employee number arrive as texts under the URN of the extension."""
    person = described(people, "department", "employeeNumber")
    with if_announced(enterprise_announced):
        entra.act.assign(person)
        user = expect(look.user(user_of(entra, person))).status(200)
        for name in ("department", "employeeNumber"):
            user.has(f"{ENTERPRISE_URN}:{name}", person.attributes[name])


@requirement("ENTRA-CREATE-8", proof=("digits-lose-zeros",), dialects=())
@pytest.mark.usefixtures("creatable", "enterprise_offered")
def test_a_number_keeps_its_zeros(
    entra: Replay, look: ScimClient, people: Registry, enterprise_announced: bool
) -> None:
    """An employee number that begins with zeros keeps them: it is a text."""
    person = described(people, employeeNumber="001001")
    with if_announced(enterprise_announced):
        entra.act.assign(person)
        user = expect(look.user(user_of(entra, person))).status(200)
        user.has(f"{ENTERPRISE_URN}:employeeNumber", "001001")


@requirement("ENTRA-CREATE-12", proof=("enterprise-refused-unlisted",), dialects=())
@pytest.mark.usefixtures("creatable")
def test_an_extension_that_schemas_does_not_list_arrives(
    entra: Replay,
    look: ScimClient,
    people: Registry,
    definitions: Definitions,
    enterprise_announced: bool,
) -> None:
    """An extension that `schemas` does not list, as Entra sends custom ones, is kept."""
    own = announced(definitions)
    if own is None and not enterprise_announced:
        raise NotOffered("the server announces no extension of users")
    made = _with_custom(entra, people, own) if own else _with_department(entra, look, people)
    expect(look.user(made)).status(200).has(own or f"{ENTERPRISE_URN}:department", "green")


@requirement(
    "ENTRA-CREATE-16", proof=("create-mangles-unicode", "create-escapes-html"), dialects=()
)
@pytest.mark.usefixtures("creatable")
def test_unusual_letters_are_kept(entra: Replay, look: ScimClient, people: Registry) -> None:
    """Names with an apostrophe, an ampersand and letters outside ASCII are kept."""
    person = replace(described(people), given_name="Zoë", family_name="O'Neill & Łukasz 李")
    entra.act.assign(person)
    user = expect(with_names(look.user(user_of(entra, person)), by="ENTRA-CREATE-4")).status(200)
    user.has("name.givenName", "Zoë").has("name.familyName", "O'Neill & Łukasz 李")


@requirement("ENTRA-CREATE-18", proof=("active-text-refused",), dialects=())
def test_a_text_makes_a_new_user_active(look: ScimClient, people: Registry) -> None:
    """A POST whose `active` is the text "True" makes a user who is active."""
    reply = look.create_user(people.person(), active="True")
    made = expect(reply).status(201, 200).filled("id")
    expect(look.user(str(made.at("id")))).status(200).not_inactive()


def _with_custom(entra: Replay, people: Registry, path: str) -> str:
    """Assign somebody with a value in an extension of the server's own; return the id."""
    form, person = extending(entra, path), described(people, custom="green")
    form.act.assign(person)
    return user_of(form, person)


def _with_department(entra: Replay, look: ScimClient, people: Registry) -> str:
    """Create somebody with an enterprise extension that `schemas` does not list; return the id."""
    entra.note("shown by the enterprise extension: the server announces none of its own")
    unlisted: dict[str, Json] = {ENTERPRISE_URN: {"department": "green"}}
    reply = expect(look.create_user(people.person(), **unlisted)).status(201, 200)
    return str(reply.at("id"))
