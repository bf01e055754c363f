"""What the mock authentik does: believe the server's features, link, mend, retry, give up."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.model import Group
from idp_profiles.model import Reply
from idp_profiles.model import Trouble
from tests.idp_profiles.authentik_plays import CONFIG
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.plays import stage_of

NAME = "authentik"
PROFILE = load(NAME)
ANN, BOB, CY = stage_of({}).people
TEAM = Group("Team", (ANN, BOB), "pk-1")


def shown(resource_id: Any = "u1", **more: Any) -> dict[str, Any]:
    return {"id": resource_id, **more}


def listed(*resources: Any, total: int | None = None) -> dict[str, Any]:
    return {"totalResults": len(resources) if total is None else total, "Resources": resources}


def desk_with(*answers: Any, config: Any = CONFIG, **settings: Any) -> Desk:
    return Desk(NAME, (200, config), *answers, **settings)


def provisioned(**settings: Any) -> Desk:
    """authentik with Ann, Bob and Cy in the app."""
    desk = desk_with(*[(201, shown(f"u{n}")) for n in (1, 2, 3)], **settings)
    for person in (ANN, BOB, CY):
        assert desk.mock.assign(person).ok
    desk.answer((200, shown("g1")))
    return desk


def grouped(**settings: Any) -> Desk:
    """The same with Ann and Bob in a group."""
    desk = provisioned(**settings)
    assert desk.mock.push_group(TEAM).ok
    desk.answer((200, {}))
    return desk


def without(*path: str) -> dict[str, Any]:
    config = copy.deepcopy(CONFIG)
    place = config
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    return config


# -- the server's features


def test_the_features_are_asked_for_once_an_hour() -> None:
    desk = provisioned()
    assert desk.mock.deactivate(ANN).ok
    desk.idp.let_an_hour_pass()
    desk.answer((200, CONFIG), (200, shown()))
    assert desk.mock.reactivate(ANN).ok
    assert desk.lines == ["GET /ServiceProviderConfig", "PUT /Users/u1"]


@pytest.mark.parametrize(
    "answer",
    [
        (404, None),
        (401, {"detail": "no"}),
        (500, None),
        (204, None),
        (200, "<html>"),
        Trouble("Nothing listens."),
        (200, without("sort")),
        (200, without("bulk", "maxOperations")),
        (200, without("authenticationSchemes")),
        (200, {**CONFIG, "authenticationSchemes": [{"type": "oauth2"}]}),
        (200, {**CONFIG, "patch": {"supported": "perhaps"}}),
    ],
)
def test_without_a_whole_configuration_nothing_counts_as_supported(answer: Any) -> None:
    desk = Desk(NAME, answer, (201, shown()), (201, shown("g1")), (200, {}))
    assert desk.mock.assign(ANN).ok
    assert desk.mock.push_group(Group("Team", (ANN,), "pk-1")).ok
    assert desk.body(2)["members"] == [{"value": "u1"}]


def test_a_busy_server_is_asked_for_its_features_again() -> None:
    desk = Desk(NAME, (503, None), (200, CONFIG), (201, shown()))
    outcome = desk.mock.assign(ANN)
    assert (outcome.ok, outcome.waited) == (True, 15)
    assert [line.partition(" ")[0] for line in desk.lines] == ["GET", "GET", "POST"]


@pytest.mark.parametrize(
    ("dialect", "path", "method"),
    [
        ("default", "/ServiceProviderConfig", "PATCH"),
        ("slack", "/ServiceProviderConfig", "PATCH"),
        ("aws", "/ServiceProviderConfig", "PUT"),
        ("salesforce", "/ServiceProviderConfigs", "PATCH"),
    ],
)
def test_the_mode_decides_path_and_verb(dialect: str, path: str, method: str) -> None:
    desk = desk_with((201, shown("g1")), (200, {}), dialect=dialect)
    assert desk.mock.push_group(Group("Team", (), "pk-1")).ok
    assert desk.mock.rename_group(TEAM, "Squad").ok
    assert (desk.lines[0], desk.sent[2].method) == (f"GET {path}", method)


def test_slack_mode_looks_up_though_the_server_says_it_cannot() -> None:
    config = {**CONFIG, "filter": {"supported": False}}
    answers = [(409, {}), (200, listed(shown("old")))]
    assert desk_with(*answers, config=config, dialect="slack").mock.assign(ANN).ok
    outcome = desk_with(*answers, config=config).mock.assign(ANN)
    assert (outcome.ok, len(outcome.exchanges)) == (False, 2)
    assert "due to error: 409" in outcome.console


@pytest.mark.parametrize(("most", "sizes"), [(0, [2]), (1, [1, 1]), (2, [2]), (100, [2])])
def test_operations_are_chunked_by_what_a_bulk_request_may_hold(
    most: int, sizes: list[int]
) -> None:
    config = {**CONFIG, "bulk": {"supported": False, "maxOperations": most}}
    desk = provisioned(config=config)
    assert desk.mock.push_group(TEAM).ok
    assert [len(json.loads(one.body or b"")["Operations"]) for one in desk.sent[1:]] == sizes


@pytest.mark.parametrize("said", [1, 1.0, "1"])
def test_a_number_may_be_written_as_a_text(said: Any) -> None:
    config = {**CONFIG, "bulk": {"supported": False, "maxOperations": said}}
    desk = provisioned(config=config)
    assert desk.mock.push_group(TEAM).ok
    assert [len(json.loads(one.body or b"")["Operations"]) for one in desk.sent[1:]] == [1, 1]
    assert desk.idp.features is not None
    assert not desk.idp.features.fallback


@pytest.mark.parametrize("said", ["many", 0.5, None])
def test_a_number_that_is_none_makes_the_configuration_useless(said: Any) -> None:
    desk = desk_with((201, shown()), config={**CONFIG, "bulk": {"maxOperations": said}})
    assert desk.mock.assign(ANN).ok
    assert desk.idp.features is not None
    assert desk.idp.features.fallback


# -- users


def test_the_first_hit_is_taken_over_and_then_updated_by_put() -> None:
    desk = desk_with((409, {}), (200, listed(shown("old"), shown("other"))), (200, shown("old")))
    assert desk.mock.assign(ANN).ok
    assert desk.idp.user_id(ANN) == "old"
    assert desk.mock.assign(ANN).ok
    assert desk.lines[-1] == "PUT /Users/old"


def test_a_conflict_without_a_hit_stays_one() -> None:
    outcome = desk_with((409, {"detail": "taken"}), (200, listed())).mock.assign(ANN)
    assert outcome.console == f"Failed to sync {ANN.user_name} due to error: taken"


def test_quotes_in_a_name_are_not_escaped() -> None:
    odd = replace(ANN, user_name='a"b\\c d')
    desk = desk_with((409, {}), (200, listed(shown("old"))))
    assert desk.mock.assign(odd).ok
    assert desk.lines[-1] == "GET /Users?filter=userName+eq+%22a%22b%5Cc+d%22"


def test_an_unchanged_user_is_not_sent() -> None:
    desk = desk_with((201, shown()))
    assert desk.mock.assign(ANN).ok
    desk.answer((200, {**desk.body(), "id": "u1", "meta": {}}))
    assert desk.mock.assign(ANN).ok
    assert desk.lines == ["PUT /Users/u1"]
    assert desk.mock.assign(ANN).ok
    assert desk.lines == ["PUT /Users/u1"]
    assert desk.mock.deactivate(ANN).ok
    assert desk.body()["active"] is False


def test_a_user_who_is_gone_is_created_again_each_time() -> None:
    desk = provisioned()
    for number in (7, 8):
        desk.answer((404, None), (201, shown(f"u{number}")))
        assert desk.mock.update(ANN, display_name=f"Ann {number}").ok
        assert [line.partition(" ")[0] for line in desk.lines] == ["PUT", "POST"]
        assert "id" not in desk.body()
        assert desk.idp.user_id(ANN) == f"u{number}"


@pytest.mark.parametrize("status", [204, 404])
def test_who_is_gone_already_is_no_error(status: int) -> None:
    desk = provisioned()
    desk.answer((status, None))
    assert desk.mock.delete(ANN).ok
    assert (desk.lines, desk.idp.user_id(ANN)) == (["DELETE /Users/u1"], None)
    assert desk.mock.delete(ANN).ok
    assert len(desk.sent) == 1


@pytest.mark.parametrize(("user_id", "kept"), [("a b", "a b"), (7, "7")])
def test_an_id_may_be_a_text_or_a_number(user_id: Any, kept: str) -> None:
    desk = desk_with((201, shown(user_id)))
    assert desk.mock.assign(ANN).ok
    assert desk.idp.user_id(ANN) == kept


@pytest.mark.parametrize(
    "answer", [(201, {}), (201, shown("")), (201, shown(None)), (201, shown(0)), (204, None)]
)
def test_a_create_without_an_id_stops_the_whole_sync(answer: Any) -> None:
    outcome = desk_with(answer).mock.assign(ANN)
    assert outcome.stopped is not None
    assert outcome.stopped.scope == "job"
    assert outcome.console.startswith("Stopping sync due to error: Error SCIM Response")


def test_a_data_uri_is_no_photo_and_a_name_splits_at_its_first_blank() -> None:
    desk = desk_with((201, shown()))
    person = replace(ANN, display_name="Ann van Dyk", attributes={"avatar": "https://x.example/a"})
    assert desk.mock.assign(person).ok
    body = desk.body()
    assert body["photos"] == [{"value": "https://x.example/a", "type": "photo"}]
    assert body["name"] == {"formatted": "Ann van Dyk", "familyName": "van Dyk", "givenName": "Ann"}
    assert desk.mock.update(ANN, avatar="data:image/png;base64,AA", display_name="Ann", email="").ok
    body = desk.body()
    assert (body["photos"], body["emails"], body["name"]["familyName"]) == ([], [], "")


def test_what_the_model_does_not_know_is_dropped_from_a_mapping() -> None:
    rows = [
        {"path": "title", "source": "display_name"},
        {"path": "userName", "source": "user_name"},
        {"path": "urn:example:x:y", "constant": "z"},
    ]
    desk = desk_with((201, shown()), mapping={"attribute": rows})
    assert desk.mock.assign(ANN).ok
    assert list(desk.body()) == ["userName", "title", "schemas", "externalId"]


# -- groups


def test_who_was_linked_elsewhere_is_written_without_a_create() -> None:
    desk = desk_with((200, shown()))
    desk.idp.link(ANN, "u9")
    assert desk.mock.assign(ANN).ok
    desk.idp.link_group(TEAM, "g9")
    desk.answer((200, {}))
    assert desk.mock.rename_group(TEAM, "Squad").ok
    assert desk.lines[:2] == ["PATCH /Groups/g9", "GET /Groups/g9"]


def test_only_members_who_have_an_account_are_pushed() -> None:
    desk = desk_with((201, shown("u1")), (201, shown("g1")), (200, {}))
    assert desk.mock.assign(ANN).ok
    assert desk.mock.push_group(TEAM).ok
    (operation,) = desk.body()["Operations"]
    assert operation == {"op": "add", "path": "members", "value": [{"value": "u1"}]}


def test_a_group_that_is_gone_is_created_again() -> None:
    desk = grouped()
    desk.answer((404, None), (201, shown("g2")), (200, {}))
    assert desk.mock.rename_group(TEAM, "Squad").ok
    assert desk.lines == ["PATCH /Groups/g1", "POST /Groups", "PATCH /Groups/g2"]


def test_a_group_shown_without_members_is_not_mended() -> None:
    desk = grouped()
    desk.answer((200, {}), (200, shown("g1")))
    assert desk.mock.rename_group(TEAM, "Squad").ok
    assert desk.lines == ["PATCH /Groups/g1", "GET /Groups/g1"]


def test_a_group_shown_with_an_empty_list_is_mended() -> None:
    desk = grouped()
    desk.answer((200, {}), (200, shown("g1", members=[])), (204, None))
    assert desk.mock.rename_group(TEAM, "Squad").ok
    assert [one["op"] for one in desk.body()["Operations"]] == ["add", "add"]


def test_without_features_a_refused_write_of_members_falls_back_to_patch() -> None:
    desk = Desk(NAME, (404, None), (201, shown("u1")), (201, shown("u2")), (201, shown("g1")))
    for act in (desk.mock.assign(ANN), desk.mock.assign(BOB)):
        assert act.ok
    assert desk.mock.push_group(Group("Team", (), "pk-1")).ok
    desk.answer((501, None), (501, None), (200, {}))
    assert desk.mock.add_members(TEAM, ANN).ok
    assert [one.method for one in desk.sent] == ["PUT", "PATCH", "PATCH"]
    assert desk.body()["Operations"][0]["path"] == "members"


def test_a_group_that_was_never_pushed_has_no_memberships_to_change() -> None:
    desk = provisioned()
    assert desk.mock.add_members(TEAM, CY).ok
    assert desk.sent == []


def test_refused_members_are_shown() -> None:
    desk = grouped()
    desk.answer((409, {"detail": "member already"}))
    outcome = desk.mock.add_members(TEAM, CY)
    assert outcome.console == "Failed to sync Team due to error: member already"


# -- everything


def test_lists_are_read_from_an_index_until_all_are_seen() -> None:
    desk = desk_with(
        (200, listed(shown("a", emails=[]), shown("b", emails=[]), total=3)),
        (200, listed(shown("c", emails=[{"value": ANN.email}]), total=3)),
        (200, listed(shown("g", displayName="Team"))),
    )
    desk.idp.person(ANN)
    desk.idp.set_members(TEAM)
    assert desk.mock.discover().ok
    assert desk.lines[1:] == ["GET /Users", "GET /Users?startIndex=3", "GET /Groups"]
    assert (desk.idp.user_id(ANN), desk.idp.group_id(TEAM)) == ("c", "g")


@pytest.mark.parametrize(
    "answer",
    [
        (200, listed(total=5)),
        (200, {"totalResults": 1}),
        (200, {"Resources": []}),
        (200, listed(shown("a"))),
        (204, None),
    ],
)
def test_a_list_that_cannot_be_read_stops_the_sync(answer: Any) -> None:
    outcome = desk_with(answer).mock.full_sync()
    assert outcome.stopped is not None
    assert (outcome.stopped.scope, len(outcome.exchanges)) == ("job", 2)


def test_one_refused_user_stops_no_other() -> None:
    desk = desk_with(
        (200, listed()), (200, listed()), (400, {"detail": "bad"}), (201, shown()), (201, shown())
    )
    for person in (ANN, BOB, CY):
        desk.idp.person(person)
    outcome = desk.mock.full_sync()
    assert (outcome.ok, len(outcome.exchanges)) == (False, 6)
    assert outcome.console == f"Failed to sync {ANN.user_name} due to transient error: bad"


# -- when things go wrong


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_gets_the_task_again(status: int) -> None:
    desk = provisioned()
    desk.answer((status, None), (status, None), (200, shown()))
    outcome = desk.mock.deactivate(ANN)
    assert (outcome.ok, desk.slept) == (True, [15, 30])


def test_a_server_that_stays_busy_is_given_up() -> None:
    desk = provisioned()
    desk.answer((429, None))
    outcome = desk.mock.deactivate(ANN)
    assert (outcome.ok, len(desk.sent), outcome.waited) == (False, 4, 105)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 405, 412, 500, 501])
def test_any_other_error_is_shown_and_not_repeated(status: int) -> None:
    desk = provisioned()
    desk.answer((status, {"detail": "why not"}))
    outcome = desk.mock.deactivate(ANN)
    assert (outcome.ok, len(desk.sent)) == (False, 1)
    assert outcome.console == f"Failed to sync {ANN.user_name} due to transient error: why not"


def test_every_error_brings_the_task_back_where_the_switch_says_so() -> None:
    desk = provisioned(switches={"task_retries": "every-error"})
    desk.answer((500, None), Trouble("Gone."), (200, shown()))
    assert desk.mock.deactivate(ANN).ok


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{"])
def test_a_success_must_hold_json(body: bytes) -> None:
    desk = provisioned()
    desk.answer(Reply(200, "OK", (), body))
    outcome = desk.mock.deactivate(ANN)
    assert outcome.stopped is not None
    assert "PUT /Users/u1" in outcome.stopped.because


def test_a_broken_connection_is_trouble_and_shown() -> None:
    desk = provisioned()
    desk.answer(Trouble("Nothing listens."))
    outcome = desk.mock.deactivate(ANN)
    assert outcome.trouble == "Nothing listens."
    assert outcome.console.endswith("due to transient error: Failed to send request")
