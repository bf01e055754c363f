from __future__ import annotations

import json
from pathlib import Path

import pytest

from idp_profiles import load
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import Entry
from idp_profiles.mapping import carrying
from idp_profiles.model import Credential
from idp_profiles.model import Json
from idp_profiles.model import Person
from idp_profiles.onelogin.templates import user_body
from suites.target.every_user import beneath
from suites.target.every_user import by_path
from suites.target.model import Target
from suites.target.model import load_target

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
KEY = Credential("bearer", "token-of-test")


def person(**attributes: object) -> Person:
    return Person(
        user_name="ann@example.com",
        given_name="Ann",
        family_name="Lee",
        email="ann@example.com",
        display_name="Ann Lee",
        idp_id="1",
        password="",
        attributes=attributes,  # type: ignore[arg-type]  # plain values
    )


def test_a_required_attribute_goes_before_the_template() -> None:
    target = Target(
        url="http://localhost",
        credential=KEY,
        required_attributes={"title": "Engineer", f"{ENTERPRISE}:department": "Research"},
        user_template={"title": "Guide", "userType": "Guest", ENTERPRISE: {"division": "Tours"}},
    )
    assert target.every_user == {
        "title": "Engineer",
        "userType": "Guest",
        ENTERPRISE: {"division": "Tours", "department": "Research"},
    }


def test_what_a_case_says_goes_before_what_goes_out_with_every_user() -> None:
    mails: list[Json] = [{"value": "a"}]
    body: dict[str, Json] = {"schemas": [USER], "userName": "ann", "title": "Chief"}
    body["emails"] = mails
    wanted: dict[str, Json] = {
        "title": "Engineer",
        "emails": [{"value": "b"}],
        "name": {"middleName": "Q"},
        ENTERPRISE: {"department": "Research"},
    }
    assert beneath(body, wanted) == {
        "schemas": [USER, ENTERPRISE],
        "userName": "ann",
        "title": "Chief",
        "emails": [{"value": "a"}],
        "name": {"middleName": "Q"},
        ENTERPRISE: {"department": "Research"},
    }


def test_a_body_that_lists_no_schemas_on_purpose_goes_on_listing_none() -> None:
    assert "schemas" not in beneath({"userName": "ann"}, {ENTERPRISE: {"department": "Research"}})


def test_parts_of_a_user_become_paths() -> None:
    user: dict[str, Json] = {
        "schemas": [USER],
        "name": {"middleName": "Q"},
        ENTERPRISE: {"manager": {"value": "7"}},
        "roles": [{"value": "x"}],
    }
    assert by_path(user) == {
        "name.middleName": "Q",
        f"{ENTERPRISE}:manager.value": "7",
        "roles": [{"value": "x"}],
    }


@pytest.mark.parametrize(
    ("attributes", "title"), [({}, "Engineer"), ({"jobTitle": "Chief"}, "Chief")]
)
def test_what_a_person_has_goes_before_a_default(attributes: dict[str, object], title: str) -> None:
    mapping = AttributeMapping(
        entries=(Entry(path="title", source="jobTitle"), Entry(path="locale", constant="en-US"))
    )
    wishes = {"TITLE": "Engineer", "userType": "Guest", "locale": "de-DE"}
    body = carrying(mapping, wishes).body(person(**attributes), "create")
    assert body == {"userType": "Guest", "title": title, "locale": "en-US"}


def test_what_a_mapping_carries_is_not_carried_twice() -> None:
    mapping = AttributeMapping(entries=(Entry(path="title", source="jobTitle"),))
    once = carrying(mapping, {"title": "Engineer", "userType": "Guest"})
    assert carrying(once, {"title": "Engineer", "userType": "Guest"}) == once


def test_a_template_gets_the_value_where_an_empty_parameter_would_be() -> None:
    idp = load("onelogin").start(
        dialect="provisioner", credential=KEY, switches={"template": "v2-odd"}
    )
    made = idp.carrying({f"{ENTERPRISE}:department": "Research", "title": "Engineer"})
    body = user_body(made, person(), "true")
    assert body["title"] == "Engineer"
    extension = body[ENTERPRISE]
    assert isinstance(extension, dict)
    assert extension["department"] == "Research"


def test_the_keys_come_from_a_file_and_from_the_environment(tmp_path: Path) -> None:
    file = tmp_path / "target.toml"
    file.write_text(
        'url = "https://scim.example.com"\nexisting_users = ["ann"]\n'
        '[user_template]\nuserType = "Guest"\n[capabilities]\ncreateUsers = false\n',
        encoding="utf-8",
    )
    environment = {"SCIM_TOKEN": "x-token", "SCIM_EXISTING_USERS": json.dumps(["ben", "cem"])}
    target = load_target(url=None, target_file=str(file), token_file=None, environment=environment)
    assert target is not None
    assert target.existing_users == ("ben", "cem")
    assert target.user_template == {"userType": "Guest"}
    assert target.capabilities == {"createUsers": False}
