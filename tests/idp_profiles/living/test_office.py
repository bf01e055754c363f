"""The office: people and groups by name, what the IdP does about them, what is kept."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from idp_profiles.living.office import Office
from idp_profiles.living.opening import has_engine
from idp_profiles.living.opening import open_office
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Person
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import AppSend
from idp_profiles.transport import Send
from reference_server import Credential as ServerCredential
from reference_server import create_app
from reference_server.wsgi import wsgi_app

OLD, NEW = "token-of-the-office-1", "token-of-the-office-2"
ANNA, BEN = "anna.berg@example.com", "ben@example.com"
LIVING = [name for name in ("okta", "entra") if has_engine(name)]


@pytest.fixture
def send() -> Send:
    known = [ServerCredential("bearer", each) for each in (OLD, NEW)]
    return AppSend(wsgi_app(create_app(credentials=known, base_path="/scim/v2")), "/scim/v2")


@pytest.fixture
def open_(send: Send) -> Callable[..., Office]:
    def make(name: str, **settings: Any) -> Office:
        return open_office(name, send=send, credential=Credential("bearer", OLD), **settings)

    return make


@pytest.fixture
def users(send: Send) -> Callable[[], dict[str, bool]]:
    return lambda: {each["userName"]: each["active"] for each in found(send, "/Users")}


def found(send: Send, target: str) -> list[Any]:
    headers = (("Authorization", f"Bearer {OLD}"),)
    reply = send(Request("GET", target, headers, None, Step("look", Certainty.TEST, ())))
    resources: list[Any] = json.loads(reply.body)["Resources"]
    return resources


@pytest.mark.parametrize("name", LIVING)
def test_people_and_groups_go_through_their_lives_by_name(
    open_: Any, users: Any, send: Send, name: str
) -> None:
    office = open_(name)
    office.group("Sales", ANNA, BEN)
    office.assign("Sales")
    assert office.settle().in_step
    assert users() == {ANNA: True, BEN: True}
    office.rename_group("sales", "Revenue")
    office.leave("Revenue", BEN)
    office.change(ANNA, familyName="Lund", department="Sales")
    assert office.settle().in_step
    assert users() == {ANNA: True, BEN: False}
    (group,) = found(send, "/Groups")
    assert (group["displayName"], len(group["members"])) == ("Revenue", 1)
    office.dissolve("Revenue")
    office.settle()
    assert users() == {ANNA: False, BEN: False}
    assert found(send, "/Groups") == []


def test_who_works_in_cycles_does_nothing_before_the_cycle(open_: Any, users: Any) -> None:
    entra = open_("entra")
    turn = entra.assign(ANNA)
    assert (turn.title, turn.handled, turn.in_step) == ("noted", (), False)
    assert users() == {}
    turn = entra.cycle()
    assert turn.ok
    assert turn.title == "initial cycle"
    assert users() == {ANNA: True}


def test_who_works_at_once_has_done_it_already(open_: Any, users: Any) -> None:
    okta = open_("okta")
    turn = okta.assign(ANNA)
    assert (turn.ok, [each.name for each in turn.handled]) == (True, [ANNA])
    assert users() == {ANNA: True}


def test_names_are_made_up_from_the_user_name(open_: Any) -> None:
    office = open_("entra")
    office.assign(ANNA)
    office.hire("carl", department="Sales", givenName="Karl")
    anna, carl = office.directory.people
    assert (anna.given_name, anna.family_name, anna.email) == ("Anna", "Berg", ANNA)
    assert (carl.given_name, carl.email) == ("Karl", "carl@example.com")
    assert dict(carl.attributes) == {"department": "Sales"}


def test_a_person_may_be_given_whole(open_: Any, users: Any) -> None:
    person = Person(
        user_name=ANNA,
        given_name="Anna",
        family_name="Berg",
        email=ANNA,
        display_name="Anna Berg",
        idp_id="00u1",
    )
    office = open_("okta")
    office.assign(person)
    office.block(person)
    assert users() == {ANNA: False}


def test_an_address_that_was_the_user_name_follows_it(open_: Any) -> None:
    office = open_("entra")
    office.hire(ANNA)
    office.rename(ANNA, "lund@example.com")
    office.change("lund@example.com", email="else@example.com")
    office.rename("lund@example.com", "anna.lund@example.com")
    (anna,) = office.directory.people
    assert (anna.user_name, anna.email) == ("anna.lund@example.com", "else@example.com")


def test_a_manager_is_named_by_user_name(open_: Any, send: Send) -> None:
    office = open_("entra")
    office.assign(ANNA, BEN)
    office.change(BEN, manager=ANNA)
    assert office.settle().in_step
    by_name = {each["userName"]: each for each in found(send, "/Users")}
    extension = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert by_name[BEN][extension]["manager"]["value"] == by_name[ANNA]["id"]


def test_who_comes_back_after_an_end_is_somebody_new(open_: Any) -> None:
    office = open_("entra")
    office.hire(ANNA)
    (before,) = office.directory.people
    office.delete(ANNA)
    office.hire(ANNA)
    (deleted, after) = office.directory.people
    assert deleted == before
    assert after.idp_id != before.idp_id
    office.block(ANNA)
    assert office.directory.state(after.idp_id) == "blocked"
    assert office.directory.state(before.idp_id) == "deleted"


@pytest.mark.parametrize("name", LIVING)
def test_the_keys_of_two_offices_are_equal(open_: Any, name: str) -> None:
    keys = []
    for _ in range(2):
        office = open_(name)
        office.hire(ANNA)
        office.group("Sales")
        keys.append((office.directory.people[0].idp_id, office.directory.groups[0].idp_id))
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 2


@pytest.mark.parametrize(
    ("verb", "words", "complaint"),
    [
        ("assign", ["Nobody"], "nobody is called 'Nobody'"),
        ("block", ["x@example.com"], "nobody is called 'x@example.com'"),
        ("hire", [ANNA], "somebody called 'anna.berg@example.com' already"),
        ("rename", [ANNA, BEN], "somebody called 'ben@example.com' already"),
        ("unblock", [ANNA], "anna.berg@example.com is enabled: unblock does not fit"),
        ("restore", [ANNA], "is enabled: restore does not fit"),
        ("group", ["sales"], "a group 'sales' already"),
        ("rename_group", ["Sales", "Crew"], "a group 'Crew' already"),
        ("join", ["Nowhere", ANNA], "no group 'Nowhere'"),
        ("change", [ANNA], "say what changes"),
        ("on_demand", [ANNA, BEN], "no group 'anna.berg@example.com'"),
        ("wait", ["soon"], "no length of time"),
        ("cycle", [], "okta has no cycle"),
        ("restart", [], "okta has no restart"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_changes_nothing(
    open_: Any, verb: str, words: list[str], complaint: str
) -> None:
    office = open_("okta" if complaint.startswith("okta") else "entra")
    office.hire(ANNA)
    office.hire(BEN)
    office.group("Sales")
    office.group("Crew")
    before = office.directory.watermark
    with pytest.raises(ValueError, match=complaint):
        getattr(office, verb)(*words)
    assert office.directory.watermark == before


@pytest.mark.parametrize("field", ["user_name", "userName", "password"])
def test_some_fields_are_not_changed_in_passing(open_: Any, field: str) -> None:
    office = open_("entra")
    office.hire(ANNA)
    with pytest.raises(ValueError, match="no field that is set like this"):
        office.change(ANNA, **{field: "x"})


def test_nobody_is_hired_when_one_of_the_names_fits_nothing(open_: Any) -> None:
    office = open_("entra")
    with pytest.raises(ValueError, match="nobody is called 'Nobody'"):
        office.assign(ANNA, "Nobody")
    assert office.directory.people == ()


def test_a_lost_reply_makes_no_twin(open_: Any, users: Any) -> None:
    entra = open_("entra")
    entra.faults.lose(at="POST /Users", times=1)
    entra.assign(ANNA)
    turn = entra.cycle()
    assert (turn.ok, ANNA in turn.why) == (False, True)
    turn = entra.cycle()
    assert (turn.ok, turn.why) == (True, "")
    assert users() == {ANNA: True}


def test_an_admin_pauses_and_goes_on(open_: Any, users: Any) -> None:
    entra = open_("entra")
    entra.assign(ANNA)
    assert entra.pause().title == "pause"
    entra.wait("2h")
    assert users() == {}
    entra.resume()
    assert users() == {ANNA: True}


def test_one_person_and_one_group_are_provisioned_on_demand(open_: Any, send: Send) -> None:
    entra = open_("entra")
    entra.group("Sales", ANNA, BEN)
    entra.assign("Sales")
    entra.on_demand(ANNA)
    entra.on_demand("Sales", ANNA)
    assert [each["userName"] for each in found(send, "/Users")] == [ANNA]
    (group,) = found(send, "/Groups")
    assert len(group["members"]) == 1


def test_broken_links_are_matched_again(open_: Any, send: Send, users: Any) -> None:
    entra = open_("entra")
    entra.assign(ANNA)
    entra.cycle()
    entra.sweep()  # behind the IdP's back
    entra.change(ANNA, department="Sales")
    assert not entra.cycle().ok
    assert entra.restart(reset_links=True).ok
    assert users() == {ANNA: True}


def test_another_token_is_used_after_a_rotation(open_: Any) -> None:
    entra = open_("entra")
    entra.assign(ANNA)
    entra.cycle()
    entra.rotate(NEW)
    entra.change(ANNA, department="Sales")
    assert entra.cycle().ok
    assert dict(entra.exchanges[-1].request.headers)["Authorization"] == f"Bearer {NEW}"


@pytest.mark.parametrize("name", LIVING)
def test_what_was_created_is_swept_whatever_is_on_the_line(
    open_: Any, users: Any, send: Send, name: str
) -> None:
    office = open_(name)
    office.group("Sales", ANNA)
    office.assign("Sales")
    office.settle()
    office.faults.down()
    assert dict(office.ledger.created) == {"/Users": 1, "/Groups": 1}
    assert office.sweep() == ()
    assert (users(), found(send, "/Groups")) == ({}, [])
    assert not office.ledger.created


@pytest.mark.parametrize("name", LIVING)
def test_a_long_history_is_taken_up_again(
    open_: Any, users: Any, tmp_path: Path, name: str
) -> None:
    office = open_(name)
    office.assign(ANNA, BEN)
    office.settle()
    office.block(BEN)
    office.save(tmp_path / "office.json")
    text = (tmp_path / "office.json").read_text(encoding="utf-8")
    assert OLD not in text
    again = open_(name)
    again.load(tmp_path / "office.json")
    assert again.to_json() == office.to_json()
    again.settle()
    assert users() == {ANNA: True, BEN: False}
    assert again.sweep() == ()
    assert users() == {}


@pytest.mark.parametrize(
    "wrong",
    [
        "[]",
        "{}",
        '{"format": "scimproof-office/1", "idp": "okta"}',
        '{"format": "scimproof-office/1", "idp": "entra"}',
        '{"format": "scimproof-office/1", "idp": "entra", "engine": {}, "created": []}',
        '{"format": "scimproof-office/1", "idp": "entra", "engine": null, "created": 1}',
    ],
)
def test_what_is_no_state_changes_nothing(open_: Any, tmp_path: Path, wrong: str) -> None:
    office = open_("entra")
    office.assign(ANNA)
    office.cycle()
    before = office.to_json()
    (tmp_path / "wrong.json").write_text(wrong, encoding="utf-8")
    with pytest.raises(ValueError, match="state"):
        office.load(tmp_path / "wrong.json")
    assert office.to_json() == before
