"""Every cause is proven: some log names it, and what is right beside it does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from idp_profiles.diagnosis.explaining import explain
from idp_profiles.diagnosis.rules import causes
from tests.idp_profiles.diagnosis.faults import read_by_support
from tests.idp_profiles.diagnosis.histories import HISTORIES
from tests.idp_profiles.diagnosis.histories import Exchanges
from tests.idp_profiles.diagnosis.histories import assign
from tests.idp_profiles.diagnosis.logs import har
from tests.idp_profiles.diagnosis.logs import played
from tests.idp_profiles.diagnosis.logs import scene


def _two(idp: str, *deviations: str) -> Exchanges:
    """Two people get the application, one after the other."""
    made = scene(idp, *deviations)
    for person in made.stage.people[:2]:
        assign(made, person)
    return made.mock.exchanges


def _twice(idp: str, *deviations: str) -> Exchanges:
    """Two jobs give one person the application."""
    first = scene(idp, *deviations)
    assign(first, first.stage.person)
    again = scene(idp, send=first.send)
    assign(again, first.stage.person)
    return (*first.mock.exchanges, *again.mock.exchanges)


def _kept() -> Exchanges:
    made = scene("jumpcloud", "member-remove-ignored")
    made.play("group-member-remove")
    group = next(e for e in made.mock.exchanges if e.request.target.startswith("/Groups/"))
    return (*made.mock.exchanges, read_by_support(made.send, group.request.target))


def _renamed() -> Exchanges:
    """One of two people is given the name of the other."""
    made = scene("entra")
    one, other = made.stage.people[:2]
    made.mock.assign(one)
    made.mock.assign(other)
    made.mock.rename(one, other.user_name)
    return made.mock.exchanges


def _scenario(idp: str, scenario_id: str, *deviations: str) -> Callable[[], Exchanges]:
    return lambda: played(idp, scenario_id, *deviations).mock.exchanges


PLAYED: dict[str, Callable[[], Exchanges]] = {
    "filter-refused": _scenario("entra", "create-group", "group-filter-unsupported"),
    "finds-strangers": lambda: _two("jumpcloud", "filter-ignored"),
    "members-lost": _scenario("okta", "group-change-put", "group-put-ignores-members"),
    "members-kept": _kept,
    "member-path": _scenario("okta", "group-members-change-patch", "member-remove-path-refused"),
    "urn-path": _scenario("entra", "manager-set-default", "patch-urn-path-refused"),
    "value-path": _scenario("entra", "add-multivalued-absent", "patch-value-paths-refused"),
    "pathless": _scenario("okta", "deactivate-user-oin", "patch-pathless-refused"),
    "put-refused": _scenario("jumpcloud", "update", "put-refuses-id"),
    "active-as-text": _scenario("okta", "update-profile", "active-as-string"),
    "media-type": _scenario("okta", "create-user", "accept-scim-json-refused"),
    "create-refused": _scenario("okta", "create-user", "create-refuses-groups"),
    "server-error": _scenario("okta", "import-users", "users-list-500"),
    "lookup-blind": lambda: _twice("entra", "filter-finds-nothing"),
    "name-taken": _renamed,
    "accepted-only": _scenario("entra", "update-many-default", "patch-answers-202"),
    "write-without-reply": _scenario("jumpcloud", "update", "put-answers-204"),
    "reply-malformed": _scenario("jumpcloud", "update", "emails-as-object"),
}


@pytest.mark.parametrize("cause", PLAYED)
def test_a_server_that_deviates_is_told_by_its_cause(cause: str, tmp_path: Path) -> None:
    found = explain(har(tmp_path / "log", PLAYED[cause]()))
    assert found.findings[0].cause == cause


LOOK = "GET /scim/v2/Users?filter=userName%20eq%20%22a%40b.example%22 HTTP/1.1"
POST = "POST /scim/v2/Users HTTP/1.1"
PATCH = "PATCH /scim/v2/Users/11 HTTP/1.1"
READ = "GET /scim/v2/Users/11 HTTP/1.1"
DROP = "DELETE /scim/v2/Users/11 HTTP/1.1"
FIRST = "GET /scim/v2/Users?startIndex=1&count=100 HTTP/1.1"
PAGE = "GET /scim/v2/Users?startIndex=101&count=100 HTTP/1.1"
GROUP = "POST /scim/v2/Groups HTTP/1.1"

# What an access log shows in a few lines: the cause, and the requests with their status.
LINES: dict[str, tuple[tuple[str, int], ...]] = {
    "redirected": ((LOOK, 302),),
    "lookup-fails": ((LOOK, 500),),
    "lookup-404": ((LOOK, 404),),
    "lookup-blind": ((LOOK, 200), (POST, 409)),
    "lost-reply": ((LOOK, 200), (POST, 499), (LOOK, 200), (POST, 409)),
    "twin": ((LOOK, 200), (POST, 201), (LOOK, 200), (POST, 201)),
    "invisible-after-disable": ((PATCH, 200), (LOOK, 200), (POST, 409)),
    "hidden-after-disable": ((PATCH, 200), (READ, 404)),
    "credentials-rotated": ((LOOK, 200), (LOOK, 401)),
    "credentials-wrong": ((LOOK, 403), (LOOK, 403)),
    "rate-limited": ((LOOK, 200), (LOOK, 429), (LOOK, 429), (LOOK, 429), (LOOK, 200)),
    "unavailable": ((READ, 200), (READ, 503)),
    "timed-out": ((LOOK, 200), (POST, 408)),
    "gateway-page": ((READ, 502),),
    "wrong-url": ((POST, 404),),
    "method-refused": ((PATCH, 405),),
    "page-loop": ((PAGE, 200), (PAGE, 200), (PAGE, 200)),
    "conflict": ((POST, 409),),
    "name-taken": ((PATCH, 409),),
    "forbidden": ((LOOK, 200), (POST, 201), (PATCH, 403), (LOOK, 200)),
    "gone": ((READ, 404),),
    "refused": ((PATCH, 428),),
    "accepted-only": ((PATCH, 202),),
    "change-refused": ((PATCH, 400),),
    "create-refused": ((LOOK, 200), (POST, 400)),
}


def lines(requests: tuple[tuple[str, int], ...], agent: str = "curl", more: str = "") -> str:
    head = "192.0.2.1 - - [22/Nov/2026:09:00:00 +0000]"
    return "\n".join(f'{head} "{line}" {code} 9 "-" "{agent}"{more}' for line, code in requests)


def told(text: str, path: Path) -> list[str]:
    (path / "log").write_text(text, encoding="utf-8")
    return [finding.cause for finding in explain(path / "log").findings]


@pytest.mark.parametrize("cause", LINES)
def test_a_few_lines_of_an_access_log_are_told_by_their_cause(cause: str, tmp_path: Path) -> None:
    assert told(lines(LINES[cause]), tmp_path)[:1] == [cause]


# Each is a right neighbour of a cause above, or was mended before the log ended.
HARMLESS: dict[str, tuple[tuple[str, int], ...]] = {
    "created-after-look-up": ((LOOK, 200), (POST, 201)),
    "created-again-after-delete": ((LOOK, 200), (POST, 201), (DROP, 204), (LOOK, 200), (POST, 201)),
    "read-after-delete": ((DROP, 204), (READ, 404)),
    "deleted-twice": ((DROP, 204), (DROP, 404)),
    "token-renewed": ((LOOK, 200), (LOOK, 401), (LOOK, 200)),
    "limited-once": ((LOOK, 200), (LOOK, 429), (LOOK, 200)),
    "busy-once": ((LOOK, 200), (LOOK, 503), (LOOK, 200), (POST, 201)),
    "went-on-after-404": ((LOOK, 404), (POST, 201)),
    "created-then-matched": ((POST, 409), (LOOK, 200)),
    "two-pages": ((PAGE, 200), (PAGE, 200)),
    "imported-every-hour": ((FIRST, 200), (PAGE, 200)) * 5,
    "not-modified": ((READ, 304),),
    "two-groups": ((GROUP, 201), (GROUP, 201)),
    "no-bulk": (("POST /scim/v2/Bulk HTTP/1.1", 200),),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_right_or_was_mended_is_no_cause(name: str, tmp_path: Path) -> None:
    assert told(lines(HARMLESS[name]), tmp_path) == []


@pytest.mark.parametrize(("seconds", "expected"), [("31.204", ["slow"]), ("0.312", [])])
def test_slow_replies_are_told_where_the_log_has_times(
    seconds: str, expected: list[str], tmp_path: Path
) -> None:
    assert told(lines(((LOOK, 200),), more=f" {seconds}"), tmp_path) == expected
    assert told(lines(((LOOK, 200),), more=f' "-" rt={seconds}'), tmp_path) == expected


def test_a_value_array_that_is_refused_is_told(tmp_path: Path) -> None:
    body = {"Operations": [{"op": "remove", "path": "members", "value": [{"value": "1"}]}]}
    request = {
        "method": "PATCH",
        "url": "https://x.example/scim/v2/Groups/1",
        "headers": [],
        "postData": {"text": json.dumps(body)},
    }
    entry = {"request": request, "response": {"status": 400, "content": {"text": "{}"}}}
    (tmp_path / "log").write_text(json.dumps({"log": {"entries": [entry]}}), encoding="utf-8")
    (finding,) = explain(tmp_path / "log").findings
    assert (finding.cause, str(finding.sure)) == ("member-array", "likely")


@pytest.mark.parametrize(("total", "expected"), [(150, ["page-loop"]), (100, []), ("²", [])])
def test_a_page_that_is_promised_and_empty_is_told(
    total: object, expected: list[str], tmp_path: Path
) -> None:
    """Behind the last page an empty one is right; within the total it is not."""
    reply = {"totalResults": total, "startIndex": 101, "itemsPerPage": 0, "Resources": []}
    url = "https://x.example/scim/v2/Users?startIndex=101&count=100"
    request = {"method": "GET", "url": url, "headers": []}
    entry = {
        "request": request,
        "response": {"status": 200, "content": {"text": json.dumps(reply)}},
    }
    (tmp_path / "log").write_text(json.dumps({"log": {"entries": [entry]}}), encoding="utf-8")
    found = [each.cause for each in explain(tmp_path / "log").findings]
    assert [each for each in found if each == "page-loop"] == expected


def test_every_cause_is_proven_by_a_log() -> None:
    proven = {*PLAYED, *LINES, "member-array", "slow", "unexplained"}
    proven |= {history.har for history in HISTORIES}
    assert {cause["id"] for cause in causes()} - proven == set()


def test_a_form_that_went_through_elsewhere_is_no_suspect(tmp_path: Path) -> None:
    """The same capital letters were accepted in another PATCH: they are not at fault."""
    made = scene("entra", "active-text-refused")
    made.play("disable-user-default")
    (alone,) = explain(har(tmp_path / "log", made.mock.exchanges)).findings
    # The server says which value it means, which clears the spelling of the operation.
    assert (str(alone.sure), alone.suspects) == ("likely", ())
    silent = har(tmp_path / "log", made.mock.exchanges).read_text(encoding="utf-8")
    silent = re.sub(r"invalidValue", "", silent)
    (tmp_path / "log").write_text(silent, encoding="utf-8")
    (unsaid,) = explain(tmp_path / "log").findings
    assert (str(unsaid.sure), unsaid.suspects) == (
        "possible",
        ("`active` as text", "operations in capitals"),
    )
    made.play("incremental-update-known-user")
    silent = har(tmp_path / "log", made.mock.exchanges).read_text(encoding="utf-8")
    (tmp_path / "log").write_text(silent.replace("invalidValue", ""), encoding="utf-8")
    (proven,) = explain(tmp_path / "log").findings
    assert (str(proven.sure), proven.suspects) == ("likely", ())
