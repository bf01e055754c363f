from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reports import Json
from reports import Result
from reports import Verdict
from reports.findings import outcomes
from reports.findings.signatures import Signature
from reports.findings.signatures import signature
from reports.findings.titles import seen
from reports.findings.titles import title
from reports.wording import wording

MakeResult = Callable[..., Result]
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e"
ERROR: Json = {"schemas": [], "status": "400", "scimType": "invalidValue", "detail": "no emails"}


def exchange(
    method: str, target: str, status: int | None = 200, *, sent: Json = None, came: Json = None
) -> dict[str, Json]:
    headers: list[Json] = [["Accept", "application/scim+json"], ["Authorization", "[redacted]"]]
    reply: Json = None if status is None else {"status": status, "headers": [], "body": came}
    return {
        "shows": False,
        "request": {"method": method, "target": target, "headers": headers, "body": sent},
        "response": reply,
    }


def patch(op: str, path: str | None, value: Json = None) -> Json:
    operation: dict[str, Json] = {"op": op, "value": value}
    if path is not None:
        operation["path"] = path
    return {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]}


def user(identifier: str = "u1", **attributes: Json) -> dict[str, Json]:
    core: list[Json] = ["urn:ietf:params:scim:schemas:core:2.0:User"]
    return {"schemas": core, "id": identifier, **attributes}


def found(*resources: Json) -> Json:
    return {"schemas": ["list"], "totalResults": len(resources), "Resources": list(resources)}


@pytest.fixture
def about(result: MakeResult) -> Callable[..., Signature]:
    def make(*exchanges: dict[str, Json], **given: Any) -> Signature:  # noqa: ANN401 - any field
        return signature(finding(result, *exchanges, **given))

    return make


def finding(result: MakeResult, *exchanges: dict[str, Json], **given: Any) -> Result:  # noqa: ANN401 - any field
    evidence = (*exchanges[:-1], exchanges[-1] | {"shows": True})
    return result(Verdict.FAIL, **{"idp": "okta", "evidence": evidence, **given})


MADE = exchange("POST", "/Users", 201, came=user(active=True))
OFF = exchange("PATCH", "/Users/u1", 200, sent=patch("replace", "active", value=False))
READ = exchange("GET", "/Users/u1", 200, came=user(active=True))


def test_a_write_that_a_read_does_not_show_decides(about: Callable[..., Signature]) -> None:
    seen_in = about(MADE, OFF, READ, expected="active false", actual="true")
    assert seen_in.outcome == "ignored"
    assert (seen_in.shape.act, seen_in.shape.line) == ("deactivate", "PATCH /Users/{id}")
    assert seen_in.shape.detail == "replace active false"


def test_a_reply_that_says_what_a_read_does_not_show_is_another_thing(
    about: Callable[..., Signature],
) -> None:
    told = exchange(
        "PATCH", "/Users/u1", 200, sent=patch("replace", "active", False), came=user(active=False)
    )
    assert about(MADE, told, READ, expected="active false").outcome == "stale"


def test_a_deleted_group_decides_however_it_is_looked_at(about: Callable[..., Signature]) -> None:
    group: Json = {"schemas": ["group"], "id": "g1", "displayName": "crew"}
    made = exchange("POST", "/Groups", 201, came=group)
    deleted = exchange("DELETE", "/Groups/g1", 204)
    looks = (
        exchange("GET", "/Groups/g1", 200, came=group),
        exchange("GET", "/Groups?filter=displayName%20eq%20%22crew%22", 200, came=found(group)),
        exchange("PUT", "/Groups/g1", 200, sent=group, came=group),
        exchange("DELETE", "/Groups/g1", 204),
    )
    keys = {about(made, deleted, look, expected="status 404").key for look in looks}
    assert len(keys) == 1


def test_a_person_who_still_shows_a_deleted_group_is_no_group_that_is_still_there(
    about: Callable[..., Signature],
) -> None:
    deleted = exchange("DELETE", "/Groups/g1", 204)
    shows = exchange("GET", "/Users/u1", 200, came=user(groups=[{"value": "g1"}]))
    assert about(deleted, shows, expected="no groups").outcome == "left"


def test_a_write_on_another_resource_decides_nothing(about: Callable[..., Signature]) -> None:
    other = exchange("PATCH", "/Groups/g1", 204, sent=patch("add", "members", [{"value": "u1"}]))
    shown = exchange(
        "GET", "/Users?filter=userName eq", 200, came=found(user(groups=[{"value": "g1"}]))
    )
    seen_in = about(MADE, OFF, other, shown, expected="no active user", actual="one who is active")
    assert seen_in.shape.act == "deactivate"


@pytest.mark.parametrize(
    ("status", "expected", "outcome"),
    [
        pytest.param(400, "success", "refused", id="refused"),
        pytest.param(500, "success", "crashed", id="crashed"),
        pytest.param(500, "status 400", "crashed", id="crashed-where-refused-is-right"),
        pytest.param(None, "success", "silent", id="no-reply"),
        pytest.param(201, "status 400", "accepted", id="accepted"),
        pytest.param(201, "id in the reply", "reply", id="reply"),
        pytest.param(422, "status 400", "odd", id="odd-error"),
        pytest.param(202, "status 201", "odd", id="odd-success"),
        pytest.param(406, "success", "shut", id="shut"),
        pytest.param(406, "status 404", "shut", id="shut-where-an-error-is-right"),
        pytest.param(401, "status 401 with a header", "reply", id="asked-for-401"),
    ],
)
def test_how_a_request_went(
    about: Callable[..., Signature], status: int | None, expected: str, outcome: str
) -> None:
    assert about(exchange("POST", "/Users", status), expected=expected).outcome == outcome


def test_a_status_that_stops_the_idp_is_one_thing_for_all_its_needs(
    about: Callable[..., Signature],
) -> None:
    said = "POST /Users was answered with 200; Okta goes on after 201 only"
    keys = {
        about(exchange("POST", "/Users", 200), requirement=name, actual=said).key
        for name in ("OKTA-CREATE-1", "OKTA-CREATE-2")
    }
    assert len(keys) == 1


def test_what_was_made_and_is_not_there_is_one_thing(about: Callable[..., Signature]) -> None:
    missing = exchange("GET", "/Users/u1", 404, came={"status": "404"})
    placed = MADE | {
        "response": {"status": 201, "headers": [["location", "https://a.test/Users/u1"]]}
    }
    keys = {about(MADE, missing).key, about(placed, missing, expected="success").key}
    assert len(keys) == 1
    assert about(missing, expected="success").outcome == "refused"
    deleted = exchange("DELETE", "/Users/u1", 204)
    assert about(MADE, deleted, missing, expected="success").outcome == "refused"


def test_an_attribute_of_the_wrong_type_is_one_thing_whatever_was_asked(
    about: Callable[..., Signature],
) -> None:
    wrong = user(active="true")
    keys = {
        about(exchange("GET", "/Users/u1", came=wrong), expected="active true").key,
        about(exchange("GET", "/Users?count=2", came=found(wrong)), expected="active true").key,
        about(MADE, OFF, exchange("GET", "/Users/u1", came=wrong), expected="active false").key,
    }
    assert len(keys) == 1


def test_an_attribute_that_is_never_shown_is_told_from_one_of_the_wrong_type(
    about: Callable[..., Signature],
) -> None:
    look = exchange("GET", "/Users/u1", came=user())
    assert about(MADE, OFF, look, expected="active false", actual="null").outcome == "unshown"


def test_an_attribute_that_nobody_asked_for_is_told_by_its_name(
    about: Callable[..., Signature],
) -> None:
    look = exchange(
        "GET", "/Users/u1?attributes=userName", came=user(userName="ada", groups=[{"value": "g"}])
    )
    given: dict[str, Any] = {"idp": None, "expected": "userName alone", "actual": "groups"}
    assert (about(look, **given).outcome, about(look, **given).attribute) == ("unasked", "groups")


def test_a_text_that_does_not_lock_out_is_told_from_a_boolean(
    about: Callable[..., Signature],
) -> None:
    texts = [
        exchange("PATCH", "/Users/u1", 200, sent=patch("replace", "active", value))
        for value in ("False", "false", False)
    ]
    upper, lower, plain = (about(MADE, each, READ, expected="active false") for each in texts)
    assert upper.key == lower.key != plain.key
    assert upper.by_text
    assert not plain.by_text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(patch("add", "members"), patch("remove", "members"), id="operation"),
        pytest.param(
            patch("replace", "members"), patch("replace", None, {"members": []}), id="path"
        ),
    ],
)
def test_requests_that_differ_in_what_matters_are_kept_apart(
    about: Callable[..., Signature], one: Json, other: Json
) -> None:
    keys = {about(exchange("PATCH", "/Groups/1", 400, sent=each)).key for each in (one, other)}
    assert len(keys) == 2


def test_refusals_with_different_complaints_are_kept_apart(about: Callable[..., Signature]) -> None:
    phones: Json = {"status": "400", "detail": "phoneNumbers are texts"}
    keys = {about(exchange("POST", "/Users", 400, came=body)).key for body in (ERROR, phones)}
    assert len(keys) == 2


def test_requirements_of_the_rfc_are_kept_apart(about: Callable[..., Signature]) -> None:
    keys = {
        about(exchange("POST", "/Users", 201), idp=None, requirement=name, expected="a body").key
        for name in ("RFC7644-3.3-1", "RFC7644-3.3-2")
    }
    assert len(keys) == 2


def test_nothing_of_one_run_gets_into_a_signature(about: Callable[..., Signature]) -> None:
    def look(run: str, port: int) -> Signature:
        made = exchange("POST", "/Users", 201, came=user(f"{run}-id"))
        body = patch("replace", f'emails[value eq "{run}@example.com"].value', run)
        refused = exchange(
            "PATCH",
            f"/Users/{run}-id",
            400,
            sent=body,
            came={"status": "400", "detail": f"'{run}' at http://127.0.0.1:{port} is no value"},
        )
        return about(made, refused, expected="success", actual=f"400 ({run})")

    assert look("abc123", 4000) == look("def456", 5000)


def test_words_of_a_server_get_into_no_signature(result: MakeResult) -> None:
    hostile: dict[str, Json] = {
        HOSTILE: HOSTILE,
        "detail": HOSTILE,
        "scimType": HOSTILE,
        "id": HOSTILE,
    }
    shapes = (
        exchange("POST", "/Users", 400, came=hostile),
        exchange("GET", f"/Users/{HOSTILE}?attributes={HOSTILE}", 200, came=hostile | user()),
        exchange(HOSTILE, f"/{HOSTILE}/x", 400, sent=patch(HOSTILE, HOSTILE)),
        exchange("PATCH", "/Users/1", 400, sent=patch(HOSTILE, f"a[{HOSTILE}].b", HOSTILE)),
        exchange("PATCH", "/Users/1", 400, sent=patch("add", None, {HOSTILE: 1})),
    )
    for shape in shapes:
        given = finding(result, shape, actual=HOSTILE, title="A case", expected="success")
        about_it = signature(given)
        assert "alert" not in about_it.text
        for text in (title(about_it, given), seen(about_it)):
            assert not any(sign in text for sign in ("\x1b", "\u202e", "alert"))


def test_a_finding_without_exchanges_is_about_its_requirement(result: MakeResult) -> None:
    one, other = (result(Verdict.FAIL, requirement=name) for name in ("CON-1", "CON-2"))
    assert signature(one).key != signature(other).key


@pytest.mark.parametrize(
    "strange",
    [
        {"request": None, "response": None},
        {"request": {"method": 5, "target": None, "body": []}, "response": {"status": "x"}},
        {"request": {"method": "PATCH", "target": "/Users/1", "body": {"Operations": [None]}}},
        {"request": {"method": "GET", "target": "/Users", "headers": [None, ["a"]]}},
        {"request": {"method": "POST", "target": "//"}, "response": {"status": 401, "headers": 1}},
        {"response": {"status": 200, "body": {"Resources": [None, 3], "id": []}}},
    ],
)
def test_a_strange_exchange_breaks_nothing(result: MakeResult, strange: Json) -> None:
    given = result(Verdict.FAIL, evidence=(strange,), idp="okta")
    assert title(signature(given), given)
    assert seen(signature(given)) is not None


def test_every_outcome_has_its_words() -> None:
    words, found_names = wording("causes"), vars(outcomes).items()
    names = {value for name, value in found_names if name.isupper() and isinstance(value, str)}
    assert len(names) > 12
    assert {name for name in names if f"outcome.{name}" not in words} == set()
    assert {name for name in names if f"seen.{name}" not in words} == set()
