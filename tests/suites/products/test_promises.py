"""What counts as shown, as refused and as done; and how the probe reads a product's own API."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

import pytest

from suites.evidence import CaseLog
from suites.evidence import Unmasked
from suites.products import promises
from suites.products.api import ProductApi
from suites.products.api import api_target
from suites.products.clockify.probe import ClockifyProbe
from suites.products.probe import Probe
from suites.products.probe import Shown
from suites.reach.connection import Connection
from suites.reach.connection import Patience
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

Answer = Callable[[dict[str, Any]], tuple[int, Any]]
Environ = dict[str, Any]


def probe(answer: Answer, *, simulated: bool = False, shared: bool = False) -> ClockifyProbe:
    def app(environ: Environ, start: Any) -> Iterable[bytes]:  # noqa: ANN401 - of WSGI
        status, body = answer(environ)
        start(f"{status} X", [("Content-Type", "application/json")])
        return [json.dumps(body).encode()]

    target = api_target("http://127.0.0.1/api", "k")
    # Waiting is counted and takes no time.
    patience = Patience(target.wait_budget, lambda seconds: None)
    connection = Connection(target, app=app, patience=patience)
    log = CaseLog("x", Unmasked(), lambda line: None)
    api = ProductApi(connection, log, header="X-Api-Key", key="k", shared=shared)
    return ClockifyProbe(api, "w", simulated)


def people(count: int, most: int) -> Answer:
    everybody = [
        {"id": str(n), "name": "N", "email": f"p{n}@example.com", "status": "ACTIVE"}
        for n in range(count)
    ]

    def answer(environ: Environ) -> tuple[int, Any]:
        query = parse_qs(environ["QUERY_STRING"])
        size = min(most, int(query["page-size"][0]))
        begin = (int(query["page"][0]) - 1) * size
        return 200, everybody[begin : begin + size]

    return answer


@pytest.mark.parametrize("most", [50, 100, 200, 5000])
@pytest.mark.parametrize("count", [0, 1, 50, 199, 200, 201, 420])
def test_all_pages_are_read_however_many_people_one_holds(count: int, most: int) -> None:
    assert len(probe(people(count, most)).users().value) == count


def test_the_status_is_that_of_the_membership_in_the_workspace() -> None:
    memberships = [
        {"membershipType": "PROJECT", "targetId": "w", "membershipStatus": "ACTIVE"},
        {"membershipType": "WORKSPACE", "targetId": "other", "membershipStatus": "ACTIVE"},
        {"membershipType": "WORKSPACE", "targetId": "w", "membershipStatus": "INACTIVE"},
    ]
    user = {"id": "1", "name": "N", "email": "A@b.c", "status": "ACTIVE"}
    found = probe(lambda _: (200, [{**user, "memberships": memberships}])).member("a@B.c")
    assert found.value is not None
    assert found.value.status == "INACTIVE"
    without = probe(lambda _: (200, [{**user, "memberships": None}])).member("a@b.c")
    assert without.value is not None
    assert without.value.status == "ACTIVE"


@pytest.mark.parametrize("body", [{"message": "no"}, "text", None, 7])
def test_what_is_no_list_blocks_the_case(body: object) -> None:
    with pytest.raises(Blocked, match="without a list"):
        probe(lambda _: (200, body)).groups()


def test_a_refused_list_blocks_the_case() -> None:
    with pytest.raises(Blocked, match="answered 403"):
        probe(lambda _: (403, [])).users()


def test_what_the_product_itself_cannot_be_asked_is_done_by_hand() -> None:
    asked: list[str] = []

    def answer(environ: Environ) -> tuple[int, Any]:
        asked.append(environ["PATH_INFO"])
        return 200, {}

    plain = probe(answer)
    for act in (plain.leave, plain.rotate, plain.switch_on, plain.switch_off, plain.invitations):
        with pytest.raises(NotOffered, match="by hand: "):
            act()
    with pytest.raises(NotOffered, match="by hand: "):
        plain.set_time_zone("Europe/Paris")
    with pytest.raises(NotOffered, match="by hand: "):
        plain.key_of("1")
    assert asked == []


def test_in_a_shared_workspace_scim_itself_is_left_alone() -> None:
    asked: list[str] = []

    def answer(environ: Environ) -> tuple[int, Any]:
        asked.append(environ["PATH_INFO"])
        return 200, {}

    shared = probe(answer, simulated=True, shared=True)
    for act in (shared.rotate, shared.switch_on, shared.switch_off):
        with pytest.raises(NotOffered, match="by hand: "):
            act()
    with pytest.raises(NotOffered, match="by hand: "):
        shared.set_plan("FREE")
    assert asked == []
    shared.leave()
    assert len(asked) == 1


def test_everything_of_the_interface_is_by_hand_unless_a_product_has_it() -> None:
    bare = Probe()
    acts: list[Callable[[], object]] = [
        *(bare.users, bare.groups, bare.has_access, bare.me, bare.leave, bare.switch_on),
        *(bare.rotate, bare.switch_off, bare.invitations),
        *(lambda: bare.rename_self("x"), lambda: bare.set_time_zone("x"), lambda: bare.join("x")),
        *(lambda: bare.add_user("x"), lambda: bare.set_status("x", "y"), lambda: bare.key_of("x")),
        *(lambda: bare.rename_user("x", "y"), lambda: bare.remove_user("x")),
        *(lambda: bare.set_type("x", "y"), lambda: bare.set_role("x", "y")),
        *(lambda: bare.revoke_invitation("x"), lambda: bare.create_group("x")),
        *(lambda: bare.rename_group("x", "y"), lambda: bare.delete_group("x")),
        *(lambda: bare.add_to_group("x", "y"), lambda: bare.take_from_group("x", "y")),
    ]
    for act in acts:
        with pytest.raises(NotOffered, match=r"^by hand: \w.{10,}"):
            act()


def reply(status: int, body: object) -> Any:  # noqa: ANN401 - a Seen
    return probe(lambda _: (status, body)).create_group("x")


@pytest.mark.parametrize("status", [400, 403, 409, 422])
def test_a_refusal_with_a_reason_is_one_whatever_its_number(status: int) -> None:
    promises.refused(reply(status, {"message": "SCIM manages groups.", "code": 501}), "it")


@pytest.mark.parametrize("status", [200, 201, 204, 302])
def test_what_is_no_refusal_is_a_mismatch(status: int) -> None:
    with pytest.raises(Mismatch, match=f"status {status}"):
        promises.refused(reply(status, {"message": "Done."}), "it")


@pytest.mark.parametrize("status", [401, 404, 405, 500, 503])
def test_what_shows_neither_that_it_was_done_nor_refused_accuses_nobody(status: int) -> None:
    with pytest.raises(Blocked, match=f"status {status} neither does nor refuses it"):
        promises.refused(reply(status, {"message": "Not here."}), "it")


def test_a_product_that_throttles_again_and_again_blocks_the_case() -> None:
    with pytest.raises(Blocked, match="answered 429 again and again: the server throttles"):
        promises.refused(reply(429, {"message": "Not now."}), "it")


@pytest.mark.parametrize(
    "body",
    [
        {"error": "SCIM is on."},
        {"error": {"message": "SCIM is on."}},
        {"detail": "SCIM is on."},
        {"errors": ["SCIM is on."]},
        {"errors": [{"message": "SCIM is on."}]},
        {"message": "", "reason": "SCIM is on."},
    ],
)
def test_a_reason_is_one_wherever_the_product_says_it(body: object) -> None:
    promises.refused(reply(403, body), "it")
    assert promises.reason_of(reply(403, body)) == "SCIM is on."


@pytest.mark.parametrize(
    "body",
    [{}, {"message": ""}, {"error": "  "}, {"code": 501}, {"errors": []}, {"errors": [{}]}, []],
)
def test_a_refusal_without_reason_is_a_mismatch(body: object) -> None:
    with pytest.raises(Mismatch, match="without a message"):
        promises.refused(reply(403, body), "it")


def test_what_is_not_done_says_why() -> None:
    assert promises.done(reply(201, {}), "it").status == 201
    with pytest.raises(Mismatch, match=r"status 403 \(No\.\)"):
        promises.done(reply(403, {"message": "No."}), "it")


def test_a_look_is_repeated_until_the_time_is_over() -> None:
    entry = reply(200, {}).entry
    values = iter([1, 2, 3])
    seen = promises.shown(
        lambda: Shown(next(values), entry), lambda value: value == 3, "three", str, within=5
    )
    assert seen == 3
    with pytest.raises(Mismatch, match="expected three, got 1"):
        promises.shown(lambda: Shown(1, entry), lambda value: value == 3, "three", str)
