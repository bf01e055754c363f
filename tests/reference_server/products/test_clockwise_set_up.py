"""Setting the simulated Clockwise up: its root, its people and keys, its settings, its page."""

from __future__ import annotations

import pytest

from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.page.views import Refusal
from reference_server.products import create_product
from reference_server.products import products
from tests.reference_server.products.clockwise_talk import Talk


def test_clockwise_is_one_of_the_products() -> None:
    assert "clockwise" in products()


def test_the_root_of_the_simulation_says_that_it_is_one_to_anybody() -> None:
    talk = Talk(connected=False)
    answer = talk.call("GET", "/simulation/v1", who="")
    assert (answer.status, answer.body["simulation"]) == (200, "clockwise")


def test_the_set_up_gives_base_url_and_token_once() -> None:
    talk = Talk(connected=False)
    made = talk.connect()
    assert made.status == 201
    assert made.body["baseUrl"] == "http://clockwise.test/scim/v2"
    assert made.body["tokenType"] == "OAuth Bearer Token"
    assert len(made.body["token"]) > 30
    assert "token" not in talk.call("GET", "/simulation/v1/directory").body


@pytest.mark.parametrize("who", ["admin", "it", "user", "free"])
def test_only_an_admin_of_both_sides_connects_rotates_and_removes(who: str) -> None:
    talk = Talk()
    for method, path in (
        ("POST", "/simulation/v1/directory"),
        ("POST", "/simulation/v1/directory/token"),
        ("DELETE", "/simulation/v1/directory"),
    ):
        body: dict[str, Json] | None = {"type": "okta"} if path.endswith("y") else None
        answer = talk.call(method, path, body if method == "POST" else None, who=who)
        assert (answer.status, "admin" in answer.body["message"]) == (403, True), (method, path)


def test_a_second_directory_is_refused() -> None:
    assert Talk().connect("onelogin").status == 409


def test_an_unknown_kind_of_directory_is_refused() -> None:
    assert Talk(connected=False).connect("fax").status == 400


def test_the_panel_adds_people_until_a_directory_is_connected() -> None:
    talk = Talk(connected=False)
    assert talk.call("POST", "/admin/v1/members", {"email": "a@example.com"}).status == 201
    talk.connect()
    refused = talk.call("POST", "/admin/v1/members", {"email": "b@example.com"})
    assert (refused.status, "identity provider" in refused.body["message"]) == (403, True)


@pytest.mark.parametrize(
    "path",
    [
        "/admin/v1/organization",
        "/admin/v1/members",
        "/admin/v1/directory/users",
        "/admin/v1/directory/groups",
        "/admin/v1/directory/events",
        "/simulation/v1/settings",
        "/simulation/v1/directory",
    ],
)
def test_what_an_admin_sees_nobody_else_does(path: str) -> None:
    talk = Talk()
    assert talk.call("GET", path, who="admin").status == 200
    assert talk.call("GET", path, who="user").status == 403
    assert talk.call("GET", path, who="no such key").status == 401
    assert talk.call("GET", path, who="").status == 401


def test_an_admin_hands_out_the_key_of_somebody_else() -> None:
    talk = Talk()
    user = talk.call("GET", "/admin/v1/me", who="user").body["id"]
    path = f"/simulation/v1/members/{user}/key"
    assert talk.call("GET", path).body["key"] == talk.product.keys["user"]
    assert talk.call("GET", path, who="user").status == 403
    assert talk.call("GET", "/simulation/v1/members/nobody/key").status == 404


def test_wrong_paths_methods_and_bodies_are_refused_in_words() -> None:
    talk = Talk()
    assert talk.call("GET", "/admin/v1/nothing").status == 404
    assert talk.call("PATCH", "/admin/v1/members").status == 405
    assert talk.call("POST", "/simulation/v1/sign-up", {}).status == 400
    assert talk.call("POST", "/simulation/v1/sign-up", {"email": "nobody"}).status == 400
    assert talk.call("PUT", "/simulation/v1/blocking", {"group": 3}).status == 400
    broken = Request(
        "POST",
        "/simulation/v1/sign-up",
        "",
        (("X-Api-Key", talk.product.keys["owner"]), ("Content-Type", "application/json")),
        b"{",
    )
    assert talk.product.handle(broken).status == 400
    assert talk.product.handle(Request("GET", "/elsewhere")).status == 404


def test_settings_are_shown_and_changed_and_wrong_ones_refused() -> None:
    talk = Talk()
    path = "/simulation/v1/settings"
    shown = talk.call("PUT", path, {"at_threshold": "switch", "threshold": 3}).body
    assert (shown["at_threshold"], shown["threshold"]) == ("switch", 3)
    assert talk.call("GET", path).body == shown
    assert "owner_key" not in shown
    for wrong in (
        {"at_threshold": "never"},
        {"threshold": 0},
        {"threshold": True},
        {"threshold": "10"},
        {"edition": ["accounts"]},
        {"owner_key": "x"},
        {"unknown": 1},
    ):
        assert talk.call("PUT", path, wrong).status == 400, wrong


def test_a_setting_that_there_is_not_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="plan"):
        create_product("clockwise", settings={"plan": "enterprise"})


def test_the_key_of_the_owner_can_be_chosen() -> None:
    talk = Talk(owner_key="chosen-by-me")
    assert talk.product.keys["owner"] == "chosen-by-me"
    assert talk.call("GET", "/admin/v1/me", who="chosen-by-me").status == 200


def test_the_page_lets_admins_in_and_connects() -> None:
    talk = Talk(connected=False)
    page = talk.product.page_view()
    assert "simulated" in page.subtitle
    assert page.sign_in(talk.product.keys["user"]) is None
    owner = page.sign_in(talk.product.keys["owner"])
    assert owner is not None
    assert page.is_in(owner)
    made = page.act(owner, "connect okta", "https://clockwise.test")
    shown = {each.label: each.value for each in made.shown_once}
    assert shown["Base URL"] == "https://clockwise.test/scim/v2"
    talk.token = shown["OAuth Bearer Token"]
    assert talk.token in page.secrets()
    talk.push("new@example.com")
    talk.form("Crew")
    people = page.people(owner, 0, 2)
    assert (people.total, people.rows[0].name, people.rows[0].status) == (
        6,
        "new@example.com",
        "pending",
    )
    assert [each.name for each in page.groups(owner, 0, 10).rows] == ["Crew"]
    page.act(owner, "rotate", "")
    assert talk.scim("GET", "/Users").status == 401
    page.act(owner, "disconnect", "")
    assert page.groups(owner, 0, 10).total == 0


def test_the_page_shows_one_person_or_group_and_no_secret() -> None:
    talk = Talk()
    page = talk.product.page_view()
    owner = page.sign_in(talk.product.keys["owner"])
    assert owner is not None
    talk.push("new@example.com")
    group = talk.form("Crew")
    waiting = page.people(owner, 0, 1).rows[0]
    for identifier in (owner.id, waiting.id, group):
        record = page.record(owner, identifier)
        assert isinstance(record, dict)
        assert not set(page.secrets()) & set(map(str, record.values()))
    assert page.record(owner, "nobody") is None
    settings = page.settings(owner, "https://clockwise.test")
    assert not any(talk.token in str(each) for each in settings)


def test_the_page_offers_the_set_up_to_whom_it_is_for() -> None:
    talk = Talk(connected=False)
    page = talk.product.page_view()
    owner = page.sign_in(talk.product.keys["owner"])
    admin = page.sign_in(talk.product.keys["admin"])
    assert owner is not None
    assert admin is not None
    assert "connect okta" in [each.name for each in page.settings(owner, "")[0].actions]
    shown = page.settings(admin, "")[0]
    assert shown.actions == ()
    assert "identity provider" in shown.note
    talk.connect()
    offered = [each.name for each in page.settings(owner, "")[0].actions]
    assert offered == ["rotate", "disconnect"]


def test_the_page_refuses_who_may_not_and_what_it_never_offered() -> None:
    talk = Talk()
    page = talk.product.page_view()
    admin = page.sign_in(talk.product.keys["admin"])
    assert admin is not None
    with pytest.raises(Refusal, match="identity provider"):
        page.act(admin, "disconnect", "")
    with pytest.raises(Refusal, match="no action"):
        page.act(admin, "format the disk", "")
    with pytest.raises(Refusal, match="no action"):
        page.act(admin, "connect fax", "")
