"""What the page shows of Clockify, and what one may do there."""

from __future__ import annotations

import pytest

from reference_server.page import views
from tests.reference_server.products.clockify_probes import ANNA
from tests.reference_server.products.clockify_probes import UMA
from tests.reference_server.products.clockify_talk import Talk

ORIGIN = "https://clockify.test"


@pytest.fixture
def talk() -> Talk:
    return Talk()


def member(talk: Talk, label: str) -> views.Member:
    found = view(talk).sign_in(talk.product.keys[label])
    assert found is not None
    return found


def view(talk: Talk) -> views.View:
    return talk.product.page_view()


def scim(talk: Talk, label: str) -> views.Section:
    return view(talk).settings(member(talk, label), ORIGIN)[1]


def offered(talk: Talk, label: str) -> list[str]:
    return [each.name for each in scim(talk, label).actions]


def test_it_says_whose_page_it_is_and_that_it_is_a_simulation(talk: Talk) -> None:
    assert view(talk).title == "Cool Company"
    assert "simulated" in view(talk).subtitle


def test_a_key_signs_in_whoever_has_it_for_as_long_as_it_is_good(talk: Talk) -> None:
    uma = member(talk, "user")
    assert (uma.name, uma.role, uma.may_watch) == ("Uma User", "user", False)
    assert view(talk).is_in(uma)
    assert view(talk).sign_in("wrong") is None
    talk.set(talk.switch_on().person(UMA)["id"], active=False)
    assert not view(talk).is_in(uma)
    assert view(talk).sign_in(talk.product.keys["user"]) is None


def test_somebody_whose_role_changed_signs_in_anew(talk: Talk) -> None:
    uma = member(talk, "user")
    path = f"users/{uma.id}/role"
    assert talk.simulated("PUT", path, body={"role": "WORKSPACE_ADMIN"}).status == 200
    assert not view(talk).is_in(uma)
    assert member(talk, "user").may_watch


def test_those_who_manage_see_the_team_and_others_themselves(talk: Talk) -> None:
    talk.switch_on().provision("anna", timezone="Asia/Tokyo")
    everybody = view(talk).people(member(talk, "admin"), 0, 50)
    assert everybody.total == len(everybody.rows) == 6
    first, invited, *_ = everybody.rows
    assert (first.name, first.status, first.display) == (ANNA, "active", "Anna Example")
    assert ("time zone", "Asia/Tokyo") in first.facts
    assert invited.status == "pending"
    assert [each.name for each in view(talk).people(member(talk, "user"), 0, 50).rows] == [UMA]
    some = view(talk).people(member(talk, "owner"), 4, 50)
    assert (some.total, len(some.rows)) == (6, 2)


def test_groups_are_shown_with_the_names_of_their_members(talk: Talk) -> None:
    found = view(talk).groups(member(talk, "owner"), 0, 50)
    assert [(each.name, each.size, each.members) for each in found.rows] == [
        ("Developers", 2, ("Adam Admin", "Uma User")),
        ("Designers", 2, ("Uma User", "Liam Limited")),
    ]
    own = view(talk).groups(member(talk, "limited"), 0, 50)
    assert [each.name for each in own.rows] == ["Designers"]


def test_records_are_shown_to_those_who_may_see_them_and_without_secrets(talk: Talk) -> None:
    uma, group = member(talk, "user"), talk.groups()["Developers"]["id"]
    shown = view(talk).record(uma, uma.id)
    assert isinstance(shown, dict)
    assert shown["email"] == UMA
    assert talk.product.keys["user"] not in str(shown)
    assert view(talk).record(uma, member(talk, "owner").id) is None
    assert view(talk).record(uma, "nobody") is None
    assert view(talk).record(uma, group) is not None
    assert view(talk).record(member(talk, "limited"), group) is None


def test_the_owner_switches_scim_on_and_sees_the_token_once(talk: Talk) -> None:
    owner = member(talk, "owner")
    assert offered(talk, "owner") == ["switch-on"]
    done = view(talk).act(owner, "switch-on", ORIGIN)
    url, token = (each.value for each in done.shown_once)
    assert url == f"{ORIGIN}/scim/v2"
    assert token not in repr(done)
    talk.token = token
    assert talk.scim("GET", "/Users").status == 200
    assert offered(talk, "owner") == ["rotate", "switch-off"]
    assert token in view(talk).secrets()
    assert token not in str(view(talk).settings(owner, ORIGIN))
    assert url in str(scim(talk, "owner"))


def test_the_owner_rotates_and_switches_off(talk: Talk) -> None:
    owner = member(talk, "owner")
    talk.switch_on()
    [token] = view(talk).act(owner, "rotate", ORIGIN).shown_once
    assert talk.scim("GET", "/Users").status == 401
    talk.token = token.value
    assert talk.scim("GET", "/Users").status == 200
    assert not view(talk).act(owner, "switch-off", ORIGIN).shown_once
    assert talk.scim("GET", "/Users").status == 401
    assert offered(talk, "owner") == ["switch-on"]


@pytest.mark.parametrize("label", ["admin", "user", "limited"])
@pytest.mark.parametrize("action", ["switch-on", "rotate", "switch-off"])
def test_nobody_else_is_offered_it_or_can_do_it(talk: Talk, label: str, action: str) -> None:
    if action != "switch-on":
        talk.switch_on()
    assert offered(talk, label) == []
    assert "owner" in scim(talk, label).note
    with pytest.raises(views.Refusal, match="owner"):
        view(talk).act(member(talk, label), action, ORIGIN)


def test_an_action_that_there_is_not_is_refused(talk: Talk) -> None:
    with pytest.raises(views.Refusal, match="no action 'explode'"):
        view(talk).act(member(talk, "owner"), "explode", ORIGIN)


def test_a_plan_without_scim_offers_none() -> None:
    talk = Talk(settings={"plan": "FREE"})
    assert offered(talk, "owner") == []
    assert "Enterprise" in scim(talk, "owner").note


def test_the_secrets_are_those_of_everybody(talk: Talk) -> None:
    assert set(talk.product.keys.values()) <= set(view(talk).secrets())
