"""The results of a bulk job are found, whatever their order and form."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from idp_profiles.model import Json
from suites.bulk.jobs import Job
from suites.bulk.jobs import Result
from suites.bulk.jobs import creating
from suites.bulk.jobs import deleting
from suites.client import Seen
from suites.evidence import Entry
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

OPERATIONS = {
    "new": creating("Users", "a", {}),
    "other": creating("Groups", "b", {}),
    "gone": deleting("/Users/7"),
}


def seen(status: int, body: Json) -> Seen:
    response = requests.Response()
    response.status_code = status
    response._content = json.dumps(body).encode()
    shown: dict[str, Any] = {"n": 1, "method": "POST", "target": "/Bulk", "request_headers": ()}
    return Seen(response, Entry(**shown, request_body=None, status=status), lambda: None)


def job(*results: Json, status: int = 200) -> Job:
    return Job(OPERATIONS, seen(status, {"Operations": list(results)}))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("201", 201),
        (404, 404),
        ({"code": "412"}, 412),
        ({"code": 412}, 412),
        ("created", None),
        (None, None),
        (True, None),
    ],
)
def test_a_status_is_read_in_each_form(value: Json, code: int | None) -> None:
    assert Result(seen(200, {}), "new", {"status": value}).code == code


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("https://h/v2/Users/7", "7"),
        ("/v2/Users/7/", "7"),
        ("Users/a%2Fb", "a/b"),
        ("https://h/v2/Users", ""),
        (None, ""),
    ],
)
def test_an_id_is_read_from_a_location(location: Json, found: str) -> None:
    assert Result(seen(200, {}), "new", {"location": location}).id == found


def test_results_are_found_in_any_order() -> None:
    gone: Json = {"method": "DELETE", "location": "https://h/Users/7", "status": "204"}
    found = job({"bulkId": "b", "status": "409"}, gone, {"bulkId": "a", "status": "201"})
    assert [found.of(name).code for name in OPERATIONS] == [201, 409, 204]


def test_a_result_without_a_mark_is_found_by_its_place_if_none_is_missing() -> None:
    complete = job({"status": "201"}, {"status": "409"}, {"status": "204"})
    assert [complete.of(name).code for name in OPERATIONS] == [201, 409, 204]
    with pytest.raises(Blocked, match="no result of 'new'"):
        job({"status": "409"}, {"status": "204"}).of("new")


def test_a_job_that_was_refused_says_nothing_of_its_operations() -> None:
    with pytest.raises(Blocked, match="as a whole was answered 400"):
        job(status=400).of("new")
    with pytest.raises(NotOffered, match="'patch'"):
        job().of("patch")


def test_an_operation_is_refused_alone_or_with_the_job() -> None:
    job(status=400).refused("new")
    job({"bulkId": "a", "status": "409"}).refused("new", 409)
    with pytest.raises(Mismatch, match="the status 400 in the result of 'new'"):
        job({"bulkId": "a", "status": "201"}).refused("new", 400)


def test_an_error_is_found_in_the_response_or_beside_the_status() -> None:
    error: dict[str, Json] = {"schemas": ["urn:…:Error"], "detail": "No."}
    assert Result(seen(200, {}), "new", {"status": "400", "response": error}).response == error
    beside: Json = {"status": "400", **error}
    assert Result(seen(200, {}), "new", beside).response is beside
    assert Result(seen(200, {}), "new", {"status": "400"}).response is None
