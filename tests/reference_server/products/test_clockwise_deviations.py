"""Each deviation of the simulated Clockwise shows, and only where it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files

import pytest

from reference_server import deviations as protocol
from reference_server.products import create_product
from reference_server.products import product_deviations
from tests.reference_server.products.clockwise_talk import Talk


def _address_waits(talk: Talk) -> bool:
    talk.push("new@example.com")
    return talk.plan("new@example.com") == "pending"


def _admin_is_kept(talk: Talk) -> bool:
    admin = talk.email("admin")
    talk.push(admin, name="Other Name")
    return talk.name(admin) == "Ben Admin"


def _attributes_change(talk: Talk) -> bool:
    user = talk.push("new@example.com")
    talk.set(user, name={"givenName": "Pat", "familyName": "Changed"})
    entry = talk.listed("new@example.com")
    return entry is not None and entry["last_name"] == "Changed"


def _bearer_gets_in(talk: Talk) -> bool:
    return talk.scim("GET", "/Users").status == 200


def _unlisted_is_blocked(talk: Talk) -> bool:
    group = talk.form("Everyone")
    talk.call("PUT", "/simulation/v1/blocking", {"group": group})
    return talk.call("GET", "/admin/v1/me", who="user").status == 403


def _blocking_wants_a_group(talk: Talk) -> bool:
    return talk.call("PUT", "/simulation/v1/blocking", {"group": "none"}).status == 403


def _stranger_cannot_connect(talk: Talk) -> bool:
    talk.call("DELETE", "/simulation/v1/directory")
    return all(talk.connect(who=who).status == 403 for who in ("admin", "it", "user", "free"))


def _teams_cannot_connect(talk: Talk) -> bool:
    talk.call("DELETE", "/simulation/v1/directory")
    talk.call("PUT", "/simulation/v1/settings", {"subscription": "teams"})
    return talk.connect().status == 403


def _owner_connects(talk: Talk) -> bool:
    return bool(talk.token)


def _free_member_is_paid(talk: Talk) -> bool:
    email = talk.email("free")
    talk.push(email)
    return talk.plan(email) == "paid"


def _group_is_listed(talk: Talk) -> bool:
    talk.form("Everyone")
    return "Everyone" in talk.groups()


def _group_ends(talk: Talk) -> bool:
    talk.scim("DELETE", f"/Groups/{talk.form('Everyone')}")
    return talk.groups() == {}


def _state_of_inactive(talk: Talk) -> str | None:
    user = talk.push("new@example.com")
    talk.set(user, active=False)
    entry = talk.listed("new@example.com")
    return entry["state"] if entry else None


def _inactive_goes(talk: Talk) -> bool:
    return _state_of_inactive(talk) is None


def _inactive_stays_if_wanted(talk: Talk) -> bool:
    talk.call("PUT", "/simulation/v1/settings", {"inactive": "keep"})
    return _state_of_inactive(talk) == "inactive"


def _leaver_is_free(talk: Talk) -> bool:
    email = talk.email("free")
    user = talk.push(email)
    talk.scim("DELETE", f"/Users/{user}")
    return talk.plan(email) == "free"


def _lock_has_a_reason(talk: Talk) -> bool:
    answer = talk.call("POST", "/admin/v1/members", {"email": "x@example.com"})
    return answer.status != 403 or "identity provider" in answer.body["message"]


def _panel_is_locked(talk: Talk) -> bool:
    return talk.call("POST", "/admin/v1/members", {"email": "x@example.com"}).status == 403


def _panel_opens_again(talk: Talk) -> bool:
    talk.call("DELETE", "/simulation/v1/directory")
    return talk.call("POST", "/admin/v1/members", {"email": "x@example.com"}).status == 201


def _capitals_match(talk: Talk) -> bool:
    email = talk.email("free")
    talk.push(email.upper())
    return talk.plan(email) == "paid"


def _email_matches(talk: Talk) -> bool:
    email = talk.email("free")
    talk.push(email, user_name="somebody.else@example.com")
    return talk.plan(email) == "paid"


def _name_is_googles(talk: Talk) -> bool:
    email = talk.email("free")
    talk.push(email, name="Other Name")
    return talk.name(email) == "Eve Free"


def _others_become_free(talk: Talk) -> bool:
    talk.push_many(11)
    return talk.plan(talk.email("user")) == "free"


def _pushed_become_paid(talk: Talk) -> bool:
    email = talk.email("free")
    talk.push(email)
    talk.push_many(10)
    return talk.plan(email) == "paid"


def _stranger_is_free(talk: Talk) -> bool:
    body = {"email": "stranger@example.com"}
    return bool(talk.call("POST", "/simulation/v1/sign-up", body).body["plan"] == "free")


def _ten_are_a_trial(talk: Talk) -> bool:
    talk.push_many(10)
    return not talk.call("GET", "/admin/v1/organization").body["switched"]


def _eleven_switch(talk: Talk) -> bool:
    talk.push_many(11)
    return bool(talk.call("GET", "/admin/v1/organization").body["switched"])


def _trial_leaves_others(talk: Talk) -> bool:
    talk.push_many(1)
    return talk.plan(talk.email("user")) == "paid"


def _user_is_listed(talk: Talk) -> bool:
    talk.push("new@example.com")
    return talk.listed("new@example.com") is not None


def _admins_address_is_kept(talk: Talk) -> bool:
    admin = talk.email("admin")
    talk.set(talk.push(admin), emails=[{"value": "other@example.com", "primary": True}])
    return talk.email("admin") == admin


def _unlisted_admins_become_free(talk: Talk) -> bool:
    talk.push_many(11)
    return talk.plan(talk.email("admin")) == "free"


def _late_comers_are_paid(talk: Talk) -> bool:
    talk.push_many(12)
    email = talk.email("free")
    talk.push(email)
    return talk.plan(email) == "paid"


def _listed_get_in_again(talk: Talk) -> bool:
    body = {"group": talk.form("Everyone")}
    talk.call("PUT", "/simulation/v1/blocking", body)
    blocked = talk.call("GET", "/admin/v1/me", who="user").status == 403
    talk.push("dan.paid@example.com")
    return blocked and talk.call("GET", "/admin/v1/me", who="user").status == 200


def _panel_stays_locked(talk: Talk) -> bool:
    talk.push()
    return _panel_is_locked(talk)


PROBES: dict[str, Callable[[Talk], bool]] = {
    "clockwise-address-forgotten": _address_waits,
    "clockwise-admin-addresses-updated": _admins_address_is_kept,
    "clockwise-admins-keep-paid": _unlisted_admins_become_free,
    "clockwise-admins-updated": _admin_is_kept,
    "clockwise-attributes-kept": _attributes_change,
    "clockwise-bare-token-wanted": _bearer_gets_in,
    "clockwise-block-ignored": _unlisted_is_blocked,
    "clockwise-block-without-group": _blocking_wants_a_group,
    "clockwise-blocked-for-ever": _listed_get_in_again,
    "clockwise-every-admin-sets-up": _stranger_cannot_connect,
    "clockwise-every-subscription": _teams_cannot_connect,
    "clockwise-group-push-needed": _free_member_is_paid,
    "clockwise-groups-ignored": _group_is_listed,
    "clockwise-groups-stay": _group_ends,
    "clockwise-inactive-deleted": _inactive_stays_if_wanted,
    "clockwise-inactive-kept": _inactive_goes,
    "clockwise-late-comers-free": _late_comers_are_paid,
    "clockwise-leavers-keep-seats": _leaver_is_free,
    "clockwise-lock-unexplained": _lock_has_a_reason,
    "clockwise-matched-by-capitals": _capitals_match,
    "clockwise-matched-by-username": _email_matches,
    "clockwise-names-from-scim": _name_is_googles,
    "clockwise-nobody-added": _free_member_is_paid,
    "clockwise-others-keep-paid": _others_become_free,
    "clockwise-panel-locked-at-once": _panel_opens_again,
    "clockwise-panel-open": _panel_is_locked,
    "clockwise-panel-opens-with-users": _panel_stays_locked,
    "clockwise-pushed-stay-free": _pushed_become_paid,
    "clockwise-set-up-refused": _owner_connects,
    "clockwise-strangers-paid": _stranger_is_free,
    "clockwise-threshold-one-early": _ten_are_a_trial,
    "clockwise-threshold-one-late": _eleven_switch,
    "clockwise-trial-frees-others": _trial_leaves_others,
    "clockwise-users-ignored": _user_is_listed,
}
# What has to be set for the difference to be seen.
SETTINGS = {
    "clockwise-admins-updated": {"edition": "accounts"},
    "clockwise-admin-addresses-updated": {"edition": "accounts"},
}


def _talk(name: str, *deviations: str) -> Talk:
    """Return a product, with a directory unless it refuses one."""
    settings = SETTINGS.get(name, {})
    talk = Talk(*deviations, connected=False, **settings)
    talk.token = (talk.connect().body or {}).get("token", "")
    return talk


@pytest.mark.parametrize("name", PROBES)
def test_the_right_product_passes_the_probe(name: str) -> None:
    assert PROBES[name](_talk(name))


@pytest.mark.parametrize("name", PROBES)
def test_the_deviation_fails_the_probe(name: str) -> None:
    assert not PROBES[name](_talk(name, name))


def test_every_deviation_has_a_probe() -> None:
    assert {each.name for each in product_deviations("clockwise")} == set(PROBES)


def test_a_deviation_breaks_promises_that_there_are() -> None:
    text = files("suites").joinpath("catalogue", "clockwise.json").read_text(encoding="utf-8")
    known = {each["id"] for each in json.loads(text)["requirements"]}
    for each in product_deviations("clockwise"):
        assert each.violates
        assert set(each.violates) <= known, each.name


def test_a_deviation_says_in_a_sentence_what_goes_wrong() -> None:
    for each in product_deviations("clockwise"):
        assert each.summary[0].isupper()
        assert each.summary.endswith(".")


def test_deviations_of_the_product_are_none_of_the_protocol() -> None:
    own = {each.name for each in product_deviations("clockwise")}
    assert not own & set(protocol.names())


def test_deviations_of_both_kinds_can_be_mixed() -> None:
    talk = Talk("clockwise-panel-open", "deactivate-ignored")
    user = talk.push("new@example.com")
    talk.set(user, active=False)
    assert talk.listed("new@example.com") is not None
    assert talk.call("POST", "/admin/v1/members", {"email": "x@example.com"}).status == 201


def test_two_deviations_of_the_product_can_be_mixed() -> None:
    talk = Talk("clockwise-panel-open", "clockwise-strangers-paid")
    answer = talk.call("POST", "/admin/v1/members", {"email": "x@example.com"})
    assert (answer.status, answer.body["plan"]) == (201, "paid")


def test_an_unknown_deviation_is_refused_with_close_names() -> None:
    with pytest.raises(ValueError, match="clockwise-panel-open"):
        create_product("clockwise", deviations=["clockwise-panel-opne"])
