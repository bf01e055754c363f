"""Who has a paid seat in the simulated Clockwise, by who is listed and by how many are."""

from __future__ import annotations

import pytest

from tests.reference_server.products.clockwise_talk import Talk


@pytest.mark.parametrize(
    ("reading", "count", "switched"),
    [
        ("trial", 9, False),
        ("trial", 10, False),
        ("trial", 11, True),
        ("switch", 9, False),
        ("switch", 10, True),
        ("switch", 11, True),
    ],
)
def test_the_number_of_users_decides_in_both_readings(
    reading: str, count: int, switched: bool
) -> None:
    talk = Talk(at_threshold=reading)
    talk.push_many(count - 1)
    talk.push(talk.email("free"))
    shown = talk.call("GET", "/admin/v1/organization").body
    assert (shown["pushed"], shown["switched"]) == (count, switched)
    assert talk.plan(talk.email("free")) == "paid"
    assert talk.plan(talk.email("user")) == ("free" if switched else "paid")


def test_another_threshold_can_be_set() -> None:
    talk = Talk(threshold=2)
    talk.push_many(3)
    assert talk.plan(talk.email("user")) == "free"


def test_nothing_changes_for_anybody_when_a_directory_is_connected() -> None:
    before, after = Talk(connected=False), Talk()
    assert [each["plan"] for each in before.people()] == [each["plan"] for each in after.people()]


def test_who_falls_out_of_the_list_after_the_switch_is_free() -> None:
    talk = Talk(threshold=1)
    email = talk.email("user")
    user = talk.push(email)
    talk.push_many(2)
    assert talk.plan(email) == "paid"
    talk.scim("DELETE", f"/Users/{user}")
    assert talk.plan(email) == "free"


def test_who_is_inactive_does_not_count_and_has_no_seat() -> None:
    talk = Talk(at_threshold="switch", inactive="keep")
    users = talk.push_many(9)
    talk.set(users[0], active=False)
    talk.push(talk.email("free"))
    assert talk.call("GET", "/admin/v1/organization").body["pushed"] == 9
    assert talk.plan(talk.email("user")) == "paid"


def test_an_address_that_waits_is_shown_as_pending_until_somebody_signs_up() -> None:
    talk = Talk()
    talk.push("new@example.com")
    assert talk.plan("new@example.com") == "pending"
    signed = talk.call(
        "POST",
        "/simulation/v1/sign-up",
        {"email": "New@Example.com", "firstName": "Nell", "lastName": "New"},
    )
    assert (signed.status, signed.body["plan"], signed.body["name"]) == (201, "paid", "Nell New")
    assert [each["plan"] for each in talk.people() if each["plan"] == "pending"] == []


def test_nobody_signs_up_twice() -> None:
    talk = Talk()
    body = {"email": talk.email("free").upper()}
    assert talk.call("POST", "/simulation/v1/sign-up", body).status == 409


def test_accounts_come_from_the_directory_in_the_edition_that_says_so() -> None:
    talk = Talk(edition="accounts")
    user = talk.push("new@example.com", name="Nell New")
    assert (talk.plan("new@example.com"), talk.name("new@example.com")) == ("paid", "Nell New")
    talk.set(
        user,
        userName="newer@example.com",
        emails=[{"value": "newer@example.com", "primary": True}],
    )
    assert talk.name("new@example.com") is None
    assert talk.plan("newer@example.com") == "paid"


def test_two_accounts_never_have_one_address() -> None:
    talk = Talk(edition="accounts")
    taken = talk.email("free")
    user = talk.push("new@example.com")
    talk.set(user, emails=[{"value": taken, "primary": True}])
    assert [each["email"] for each in talk.people()].count(taken) == 1
    assert (talk.plan(taken), talk.plan("new@example.com")) == ("paid", "free")


def test_an_admin_keeps_address_and_name_in_the_edition_with_attributes() -> None:
    talk = Talk(edition="accounts")
    admin = talk.email("admin")
    user = talk.push(admin, name="Other Name")
    talk.set(user, title="Chief")
    shown = next(each for each in talk.people() if each["email"] == admin)
    assert (shown["name"], shown["title"], shown["role"]) == ("Ben Admin", "", "admin")


def test_who_is_blocked_gets_in_again_once_listed() -> None:
    talk = Talk()
    group = talk.form("Everyone")
    email = talk.email("user")
    assert talk.call("PUT", "/simulation/v1/blocking", {"group": group}).status == 200
    assert talk.call("GET", "/admin/v1/me", who="user").status == 403
    talk.push(email)
    assert talk.call("GET", "/admin/v1/me", who="user").status == 200


def test_admins_of_the_plan_are_never_blocked() -> None:
    talk = Talk()
    talk.call("PUT", "/simulation/v1/blocking", {"group": talk.form("Everyone")})
    for who in ("owner", "admin"):
        assert talk.call("GET", "/admin/v1/me", who=who).status == 200


def test_blocking_ends_with_its_group_and_with_the_directory() -> None:
    talk = Talk()
    group = talk.form("Everyone")
    talk.call("PUT", "/simulation/v1/blocking", {"group": group})
    talk.scim("DELETE", f"/Groups/{group}")
    assert talk.call("GET", "/admin/v1/me", who="user").status == 200
    talk.call("PUT", "/simulation/v1/blocking", {"group": talk.form("Again")})
    assert talk.call("GET", "/admin/v1/me", who="user").status == 403
    talk.call("DELETE", "/simulation/v1/directory")
    assert talk.call("GET", "/admin/v1/me", who="user").status == 200
