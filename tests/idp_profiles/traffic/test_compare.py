"""A recording of a mock IdP shows no difference; one of a deviating sender shows its deviation."""

from __future__ import annotations

# ruff: noqa: ANN401 # JSON of any shape
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from idp_profiles import load
from idp_profiles.made_up import made_up_stage
from idp_profiles.model import Request
from idp_profiles.traffic.comparison import Comparison
from idp_profiles.traffic.comparison import compare
from idp_profiles.traffic.file import read
from idp_profiles.traffic.recorded import Content
from idp_profiles.traffic.recorded import RecordedReply
from tests.idp_profiles.traffic.booth import Twist
from tests.idp_profiles.traffic.booth import in_body
from tests.idp_profiles.traffic.booth import in_headers
from tests.idp_profiles.traffic.booth import in_operations
from tests.idp_profiles.traffic.booth import in_target
from tests.idp_profiles.traffic.booth import record
from tests.sizes import sample

_ORDER = 'order of the members of Operations[members[value eq "{...}"]]'
# What sends nothing, or prepares with requests that the IdP itself would not send.
NOT_PLAYED = {
    *("suspend-or-delete-user", "group-unlink-leave", "group-members-large"),
    *("match-existing-group", "oauth-token-header", "oauth-token-body", "wif-token"),
    *("custom-extension-attribute", "gallery-pagination"),
}


def playable(name: str, *dialects: str) -> list[Any]:
    return [
        pytest.param(name, dialect, scenario.id, id=f"{name}-{dialect}-{scenario.id}")
        for scenario in load(name).scenarios.values()
        for dialect in (dialects or [one.key for one in load(name).dialects])
        if dialect in scenario.dialects and scenario.id not in NOT_PLAYED
    ]


EVERY = (*playable("okta", "oin", "aiw"), *playable("entra", "default", "flag"))
CHOSEN = sample([str(one.id) for one in EVERY], 3)
SCENARIOS = [one for one in EVERY if one.id in CHOSEN]


def compared(path: Path, name: str, *dialects: str) -> Comparison:
    profile = load(name)
    keys = dialects or tuple(one.key for one in profile.dialects)
    return compare(read(path), profile, keys)


def said(found: Comparison) -> list[str]:
    return [one.difference.sentence for one in found.findings]


@pytest.mark.parametrize(
    ("name", "dialect", "scenario"),
    SCENARIOS,
)
def test_a_recording_of_the_mock_idp_shows_no_difference(
    tmp_path: Path, name: str, dialect: str, scenario: str
) -> None:
    path = tmp_path / "recording.jsonl"
    record(path, name, dialect, scenario)
    found = compared(path, name, dialect)
    assert said(found) == []
    assert all(one.scenario for one in found.stretches)


@pytest.mark.parametrize(
    ("name", "dialect", "scenario"),
    [
        ("okta", "oin", "deactivate-user-oin"),
        ("okta", "oin", "group-members-change-patch"),
        ("okta", "aiw", "deactivate-user-aiw"),
        ("okta", "aiw", "group-change-put"),
        ("okta", "governance", "entitlement-assign"),
        ("entra", "default", "disable-user-default"),
        ("entra", "default", "group-remove-member-default"),
        ("entra", "flag", "disable-user-flag"),
        ("entra", "flag", "enable-user-flag"),
        ("jumpcloud", "custom", "update"),
        ("google", "", "suspend"),
        ("onelogin", "", "suspend-put"),
        ("keycloak", "", "user-reactivate"),
    ],
)
def test_the_scenario_of_the_last_stretch_is_named(
    tmp_path: Path, name: str, dialect: str, scenario: str
) -> None:
    path = tmp_path / "recording.jsonl"
    dialect = dialect or load(name).dialects[0].key
    record(path, name, dialect, scenario)
    found = compared(path, name, dialect)
    last = found.stretches[-1]
    assert said(found) == []
    assert scenario in {last.scenario, *last.others}


@pytest.mark.parametrize(
    ("name", "scenario", "dialect"),
    [
        ("okta", "deactivate-user-aiw", "aiw"),
        ("okta", "deactivate-user-oin", "oin"),
        ("entra", "update-many-flag", "flag"),
        ("entra", "update-many-default", "default"),
    ],
)
def test_the_dialect_that_fits_is_found(
    tmp_path: Path, name: str, scenario: str, dialect: str
) -> None:
    path = tmp_path / "recording.jsonl"
    record(path, name, dialect, scenario)
    assert compared(path, name).dialect == dialect
    other = next(one for one in ("aiw", "oin", "flag", "default") if one != dialect)
    if other in [one.key for one in load(name).dialects]:
        assert said(compared(path, name, other)) != []


def swapped(members: dict[str, Any]) -> dict[str, Any]:
    return dict(reversed(members.items()))


def in_the_end(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [*headers[1:], headers[0]]


def respelled(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(k.lower() if k == "Authorization" else k, v) for k, v in headers]


def without_accept(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in headers if pair[0] != "Accept"]


def another_scheme(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(k, v.replace("Bearer ", "bearer ")) for k, v in headers]


def plus_sign(request: Request) -> Request:
    return replace(request, target=request.target.replace("%20", "+"))


def patch_as_put(request: Request) -> Request:
    if request.method != "PATCH":
        return request
    body = b'{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"p@example.com"}'
    return replace(request, method="PUT", body=body)


def renamed(old: str, new: str) -> Any:
    return lambda body: {new if key == old else key: value for key, value in body.items()}


@pytest.mark.parametrize(
    ("name", "dialect", "scenario", "twist", "place"),
    [
        pytest.param(
            *("okta", "oin", "deactivate-user-oin"),
            in_operations(lambda one: {**one, "op": "Replace"}),
            ("body", "Operations.op", '"replace"', '"Replace"'),
            id="op-in-capitals",
        ),
        pytest.param(
            *("okta", "oin", "deactivate-user-oin"),
            in_operations(lambda one: {"op": "replace", "value": {"active": "False"}}),
            ("body", "Operations[].value.active", "false", '"False"'),
            id="boolean-as-text",
        ),
        pytest.param(
            *("okta", "oin", "deactivate-user-oin"),
            in_operations(lambda one: {"op": "replace", "path": "active", "value": False}),
            ("body", "Operations", "replace without a path", "replace active"),
            id="path-where-none-is-sent",
        ),
        pytest.param(
            *("okta", "oin", "group-members-change-patch"),
            in_operations(lambda one: swapped(one) if one["op"] == "remove" else one),
            (
                "body",
                'order of the members of Operations[members[value eq "{...}"]]',
                "op, path",
                "path, op",
            ),
            id="members-of-an-operation-in-another-order",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_target("%40", "@"),
            ("target", "encoding of the parameter filter", "%40", "@"),
            id="at-sign-not-encoded",
        ),
        pytest.param(
            *("okta", "aiw", "create-user"),
            in_target("&startIndex=1&count=100", "&count=100&startIndex=1"),
            ("target", "order of the parameters", "startIndex, count", "count, startIndex"),
            id="parameters-in-another-order",
        ),
        pytest.param(
            *("okta", "aiw", "create-user"),
            in_target("count=100", "count=20"),
            ("target", "parameter count", "=100", "=20"),
            id="another-page-size",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_target("count=100", "count=100&attributes=userName"),
            ("target", "parameters", "count", "attributes"),
            id="one-parameter-more",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_body("POST", lambda body: {**body, "active": 1}),
            ("body", "active", "true", "a number"),
            id="another-json-type",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_body("POST", renamed("userName", "username")),
            ("body", "spelling of userName", "userName", "username"),
            id="member-spelled-otherwise",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_body("POST", lambda body: {k: v for k, v in body.items() if k != "userName"}),
            ("body", "userName", "a text", "nothing there"),
            id="member-missing",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_body("POST", lambda body: {**body, "nonsense": [1]}),
            ("body", "nonsense", "nothing there", "a list"),
            id="member-nobody-knows",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_headers(in_the_end),
            ("header", "order", "accept, ", ", accept"),
            id="headers-in-another-order",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_headers(respelled),
            ("header", "spelling of a name", "Authorization", "authorization"),
            id="header-spelled-otherwise",
        ),
        pytest.param(
            *("okta", "oin", "create-user"),
            in_headers(another_scheme),
            ("header", "Authorization scheme", "Bearer", "bearer"),
            id="scheme-spelled-otherwise",
        ),
        pytest.param(
            *("okta", "aiw", "update-profile"),
            in_headers(without_accept),
            ("header", "Accept", "application/scim+json", "not sent"),
            id="header-missing",
        ),
        pytest.param(
            *("okta", "aiw", "update-profile"),
            in_headers(lambda headers: [*headers, ("X-Own", "1")]),
            ("header", "X-Own", "not sent", "[redacted]"),
            id="header-more",
        ),
        pytest.param(
            *("okta", "oin", "deactivate-user-oin", patch_as_put),
            ("method", "", "PATCH", "PUT"),
            id="put-in-place-of-patch",
        ),
        pytest.param(
            *("entra", "default", "update-many-default"),
            in_operations(lambda one: {**one, "op": str(one["op"]).lower()}),
            ("body", "Operations.op", '"Replace"', '"replace"'),
            id="entra-op-in-small-letters",
        ),
        pytest.param(
            *("entra", "default", "create-user"),
            in_target("%40", "@"),
            ("target", "encoding of the parameter filter", "%40", "@"),
            id="entra-at-sign-not-encoded",
        ),
        pytest.param(
            *("entra", "flag", "disable-user-flag"),
            in_operations(lambda one: {**one, "path": "Active"}),
            ("body", "Operations[Active].path", '"active"', '"Active"'),
            id="entra-path-spelled-otherwise",
        ),
        pytest.param(
            *("entra", "default", "create-user"),
            in_body("POST", lambda body: {**body, "schemas": body["schemas"][:1]}),
            ("body", "schemas", "core:2.0:User", "core:2.0:User"),
            id="entra-schemas-without-the-extension",
        ),
    ],
)
def test_a_deviating_sender_shows_exactly_its_deviation(
    tmp_path: Path,
    name: str,
    dialect: str,
    scenario: str,
    twist: Twist,
    place: tuple[str, str, str, str],
) -> None:
    path = tmp_path / "recording.jsonl"
    record(path, name, dialect, scenario, twist=twist)
    found = compared(path, name, dialect)
    differing = {(one.difference.part, one.difference.where) for one in found.findings}
    assert differing == {place[:2]}, said(found)
    for one in found.findings:
        assert place[2] in one.difference.profile
        assert place[3] in one.difference.recording


@pytest.mark.parametrize(
    ("name", "dialect", "scenario", "settings", "variant"),
    [
        ("okta", "oin", "push-group-create-patch", {"group_lookup": "off"}, "without-lookup"),
        ("okta", "oin", "create-user", {"blanks": "plus"}, "filter-plus-encoding"),
        ("entra", "default", "disable-user-default", {"active_value": "boolean"}, ""),
        ("entra", "flag", "group-remove-member-flag", {"flag_on_request_line": "yes"}, ""),
    ],
)
def test_a_known_variant_is_no_difference_and_is_named(
    tmp_path: Path,
    name: str,
    dialect: str,
    scenario: str,
    settings: dict[str, str],
    variant: str,
) -> None:
    path = tmp_path / "recording.jsonl"
    record(path, name, dialect, scenario, switches=settings)
    found = compared(path, name, dialect)
    assert said(found) == []
    assert variant in found.stretches[-1].scenario
    assert "(" in found.stretches[-1].scenario


def test_a_request_that_no_scenario_knows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    twist = in_target("/Users?", "/Me?")
    record(path, "okta", "oin", "test-credentials", twist=twist)
    found = compared(path, "okta", "oin")
    assert [one.scenario for one in found.stretches] == [""]
    assert "GET /Me" in said(found)[0]


def test_a_person_with_fewer_attributes_is_no_deviation(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    stage = made_up_stage(3)
    people = tuple(
        replace(person, display_name="", given_name="", attributes={}) for person in stage.people
    )
    record(path, "okta", "oin", "update-profile", stage=replace(stage, people=people))
    assert said(compared(path, "okta", "oin")) == []


def test_other_attributes_than_the_scenarios_own_may_change(tmp_path: Path) -> None:
    """Entra sends what differs; which attribute that is, is the customer's matter."""
    path = tmp_path / "recording.jsonl"
    stage = replace(made_up_stage(2), new_email="somebody.else@example.com", new_given_name="Q")
    twist = in_body(
        "PATCH",
        lambda body: {
            **body,
            "Operations": [one for one in body["Operations"] if one["path"] != "displayName"],
        },
    )
    record(path, "entra", "default", "update-many-default", twist=twist, stage=stage)
    assert said(compared(path, "entra", "default")) == []


def test_a_request_repeated_after_a_refusal_is_no_deviation(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    record(path, "okta", "oin", "create-user")
    recording = read(path)
    lookup = recording.entries[0]
    assert lookup.reply is not None
    refused = replace(lookup, reply=replace(lookup.reply, status=429))
    again = replace(recording, entries=(refused, refused, *recording.entries))
    assert said(compare(again, load("okta"), ["oin"])) == []


def test_a_request_that_is_missing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    record(path, "okta", "oin", "create-user")
    recording = read(path)
    # The profile looks for the person before it creates the account.
    assert [one.method for one in recording.entries] == ["GET", "POST"]
    without = replace(recording, entries=recording.entries[1:])
    found = compare(without, load("okta"), ["oin"])
    assert [(one.number, one.difference.part) for one in found.findings] == [(2, "request")]
    assert found.findings[0].difference.recording == "nothing"
    assert found.findings[0].difference.profile.startswith("GET /Users?filter=")


def test_a_request_too_many_is_told(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    record(path, "okta", "oin", "create-user")
    recording = read(path)
    lookup, create = recording.entries
    more = replace(lookup, number=7, method="GET", target="/Groups/id-9?attributes=id")
    found = compare(replace(recording, entries=(lookup, more, create)), load("okta"), ["oin"])
    assert [(one.number, one.difference.part) for one in found.findings] == [(7, "request")]
    assert "GET /Groups/id-9" in found.findings[0].difference.recording


def test_whatever_was_recorded_a_comparison_ends(tmp_path: Path) -> None:
    """Replies of any kind, and no replies, are no reason to break off."""
    path = tmp_path / "recording.jsonl"
    record(path, "entra", "default", "group-remove-member-default")
    recording = read(path)
    replies = [
        None,
        *(RecordedReply(status, (), Content()) for status in (200, 204, 404, 500, 777)),
        *(
            RecordedReply(200, (), Content("json", 1, body))
            for body in (None, 7, [], {}, {"id": 5}, {"Resources": 3}, {"Resources": [None]})
        ),
        RecordedReply(200, (), Content("hidden", 1, why="no JSON")),
    ]
    for at, reply in enumerate(replies):
        entries = tuple(replace(one, reply=reply) for one in recording.entries)
        found = compare(replace(recording, entries=entries), load("entra"), ["default"])
        assert found.stretches, at


def test_what_went_elsewhere_is_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "recording.jsonl"
    record(path, "okta", "oin", "create-user")
    recording = read(path)
    token = replace(recording.entries[0], elsewhere=True)
    found = compare(replace(recording, entries=(token, *recording.entries)), load("okta"), ["oin"])
    assert (found.left_out, said(found)) == (1, [])
