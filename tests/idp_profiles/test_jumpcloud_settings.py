"""What the mock JumpCloud imports, which settings it takes, and whether its facts agree."""

# ruff: noqa: ANN401 # JSON of any shape

from __future__ import annotations

from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from tests.idp_profiles.desks import Desk
from tests.idp_profiles.plays import stage_of

NAME = "jumpcloud"
STAGE = stage_of({"department": "Tests"})
ANN, BOB, CY = STAGE.people
EMPTY = {"totalResults": 0, "Resources": []}
GENERAL = "There was a problem activating identity management"


def shown(user_id: str = "u1", **more: Any) -> dict[str, Any]:
    return {"id": user_id, "userName": "x", "active": True, **more}


def listed(*resources: dict[str, Any]) -> dict[str, Any]:
    return {"totalResults": len(resources), "Resources": list(resources)}


def bound(**settings: Any) -> Desk:
    """JumpCloud with Ann bound to the app."""
    desk = Desk(NAME, (200, EMPTY), (201, shown()), **settings)
    assert desk.mock.bind(ANN).ok
    desk.answer((200, shown()))
    return desk


# -- import


def user(number: int) -> dict[str, Any]:
    return {"id": f"u{number}", "userName": f"u{number}", "emails": [{"value": f"m{number}@x.y"}]}


def test_an_import_reads_page_after_page() -> None:
    first, second = [user(n) for n in range(100)], [user(n) for n in range(100, 150)]
    desk = Desk(
        NAME,
        (200, {"totalResults": 150, "Resources": first}),
        (200, {"totalResults": 150, "Resources": second}),
    )
    assert desk.mock.import_users().ok
    assert desk.lines == [
        "GET /Users?startIndex=1&count=100",
        "GET /Users?startIndex=101&count=100",
    ]
    assert len(desk.idp.imported.users) == 150


def test_an_import_goes_on_by_what_it_read_and_ends_at_an_empty_page() -> None:
    desk = Desk(
        NAME,
        (200, {"totalResults": 9, "Resources": [user(1), user(2)]}),
        (200, {"totalResults": 9, "Resources": []}),
        switches={"import_count": "10"},
    )
    assert desk.mock.import_users().ok
    assert desk.lines[1] == "GET /Users?startIndex=3&count=10"
    assert desk.idp.imported.errors == ("totalResults is 9, but only 2 users came",)


def test_an_import_brings_new_people_only_and_no_plus_signs() -> None:
    plus = {**user(1), "emails": [{"value": "a+b@x.y"}]}
    known = {**user(2), "emails": [{"value": "else@x.y"}, {"value": ANN.email, "primary": True}]}
    plain = {"id": "u3", "userName": "c@x.y"}
    desk = bound()
    desk.answer((200, listed(plus, known, plain)))
    assert desk.mock.import_users().ok
    result = desk.idp.imported
    assert (result.users, result.known) == ((plain,), (ANN.email,))
    assert result.errors == ("the user name of 'a+b@x.y' would hold a +",)


@pytest.mark.parametrize("total", ["3", None, True, 1.5])
def test_an_import_needs_a_whole_number_of_results(total: Any) -> None:
    outcome = Desk(NAME, (200, {"totalResults": total, "Resources": [user(1)]})).mock.import_users()
    assert outcome.console.startswith("The users of the application could not be imported")
    assert outcome.stopped is not None
    assert outcome.stopped.scope == "job"


def test_an_import_of_nonsense_ends() -> None:
    desk = Desk(NAME, (200, {"totalResults": 2, "Resources": ["x", 5]}))
    assert desk.mock.import_users().ok
    assert desk.idp.imported.users == ()


# -- settings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dialect": "x"}, "no dialect 'x'; known: custom"),
        ({"switches": {"ech": "photos"}}, "no switch 'ech'; did you mean 'echo'"),
        ({"switches": {"echo": "all"}}, "no value 'all'; known: photos, nothing"),
        ({"toggles": {"x": True}}, "no toggle 'x'; known: manage_groups"),
        ({"auth_mode": "x"}, "no mode 'x'; known: bearer, api-key"),
        ({"auth_mode": "api-key"}, "no source shows the header"),
        ({"credential": Credential("basic", "p", "u")}, "takes a bearer token, no 'basic'"),
        ({"credential": Credential("header", "Token abc")}, "always puts 'Bearer '"),
        ({"credential": Credential("bearer", "a\nb")}, "line break"),
        ({"credential": Credential("bearer", "ż")}, "no HTTP header can carry"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Desk(NAME, (200, EMPTY), **settings)


def test_a_verbatim_bearer_header_is_sent_as_the_form_would() -> None:
    desk = Desk(NAME, (200, EMPTY), credential=Credential("header", "bearer abc"))
    desk.mock.import_users()
    assert ("Authorization", "Bearer abc") in desk.sent[0].headers
    assert desk.idp.secrets == {"bearer abc", "abc"}


# -- the facts


def test_every_source_of_every_fact_is_listed() -> None:
    profile = load(NAME)
    facts = profile.facts
    used = {
        *(key for quirk in facts.quirks for key in quirk.sources),
        *(key for never in facts.never_sent for key in never.sources),
        *(key for mode in facts.auth_modes for key in mode.sources),
        *(key for one in profile.scenarios.values() for s in one.steps for key in s.sources),
        *(key for one in profile.scenarios.values() for v in one.variants for key in v.sources),
    }
    assert used - set(facts.sources) == set()
    assert all(step.sources for one in profile.scenarios.values() for step in one.steps)


def test_every_scenario_belongs_to_a_feature_of_the_console() -> None:
    profile = load(NAME)
    # Histories are made of many sequences, none of them their own.
    played = {one.feature for one in profile.scenarios.values()}
    assert played | {"Histories"} == set(profile.features)


def test_only_captured_bodies_at_a_known_place_are_better_than_inferred() -> None:
    known = {
        (step.scenario, step.name)
        for one in load(NAME).scenarios.values()
        for step in one.steps
        if step.certainty is not Certainty.INFERRED
    }
    assert known == {
        ("provision-new", "create the user"),
        ("provision-existing", "replace the user"),
        ("update", "replace the user"),
    }
