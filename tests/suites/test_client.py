from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest
import requests

from idp_profiles.model import Credential
from idp_profiles.model import Person
from idp_profiles.transport import Trouble
from reports import Redactor
from suites.cleanup.journal import Journal
from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.consistency.parallel import at_once
from suites.evidence import CaseLog
from suites.evidence import RawExchange
from suites.evidence import curl
from suites.expect import expect
from suites.manners.patience import RETRIES
from suites.reach.connection import Connection
from suites.reach.connection import Patience
from suites.reach.connection import Throttle
from suites.reach.connection import authorization
from suites.target.model import Target
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

Json: TypeAlias = Any
Answer: TypeAlias = tuple[int, dict[str, str], bytes]
Starter: TypeAlias = Callable[[Callable[[str, str, bytes], Answer]], str]
CREDENTIAL = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
PERSON = Person(
    user_name="bjensen@example.com",
    given_name="Barbara",
    family_name="Jensen",
    email="bjensen@example.com",
    display_name="Barbara Jensen",
    idp_id="00u1",
)


class Bench:
    """A client with its log, its journal and a clock that only counts."""

    def __init__(self, url: str, **settings: Json) -> None:
        self.slept: list[float] = []
        self.asked: list[tuple[str, str, bytes]] = []
        self.target = Target(url=url, credential=CREDENTIAL, **settings)
        patience = Patience(self.target.wait_budget, self.slept.append)
        self.connection = Connection(self.target, patience=patience)
        self.log = CaseLog("case", Redactor([CREDENTIAL.secret]), lambda line: None)
        self.journal = Journal(None, owner="w")
        self.client = ScimClient(self.connection, self.log, self.journal, case_id="X-1")


@pytest.fixture
def bench(answering: Starter) -> Iterator[Callable[..., Bench]]:
    """Make a bench whose server gives these answers one after the other, the last for ever."""
    made: list[Bench] = []

    def start(*answers: Answer, **settings: Json) -> Bench:
        left, number = list(answers), len(made)

        def answer(method: str, path: str, body: bytes) -> Answer:
            made[number].asked.append((method, path, body))
            return left.pop(0) if len(left) > 1 else left[0]

        made.append(Bench(answering(answer), **settings))
        return made[number]

    yield start
    for each in made:
        each.connection.close()


def reply(status: int, body: Json = None, **headers: str) -> Answer:
    content = b"" if body is None else json.dumps(body).encode()
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, content


Make: TypeAlias = Callable[..., Bench]


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(bench: Make, status: int) -> None:
    made = bench(reply(status, Retry_After="7"), reply(200, {}))
    assert made.client.user("1").status == 200
    assert made.slept == [7.0]


def test_a_server_that_never_relents_is_asked_a_bounded_number_of_times(bench: Make) -> None:
    made = bench(reply(429, Retry_After="1"))
    with pytest.raises(Blocked, match=r"GET /Users/1 was answered 429 .* throttles the run") as end:
        made.client.user("1")
    assert end.value.entry is not None
    assert end.value.entry.status == 429
    assert made.slept == [1.0] * RETRIES
    assert len(made.asked) == RETRIES + 1


def test_a_stranger_who_is_refused_too_often_sees_it(bench: Make) -> None:
    made = bench(reply(429, Retry_After="1"))
    assert made.client.send("GET", "/Users", headers=(("Authorization", "x"),)).status == 429


def test_a_create_that_is_throttled_for_good_is_known_as_refused(bench: Make) -> None:
    made = bench(reply(429, Retry_After="1"))
    with pytest.raises(Blocked, match="throttles"):
        made.client.create_user(PERSON)
    assert [item.refused for item in made.journal.items] == [True]


def test_waits_have_a_budget(bench: Make) -> None:
    made = bench(reply(429, Retry_After="9"), wait_budget=10)
    with pytest.raises(Blocked, match=r"asks to wait 9 s, and of the wait budget of 10 s only 1"):
        made.client.user("1")


@pytest.mark.parametrize("pause", ["", "soon", "-1", "1.5", "²", "Wed, 21 Oct 2026 47:28:00 GMT"])
@pytest.mark.parametrize("status", [429, 503])
def test_where_no_pause_is_told_it_grows(bench: Make, pause: str, status: int) -> None:
    busy = reply(status, Retry_After=pause)
    made = bench(busy, busy, busy, reply(200, {}))
    assert made.client.user("1").status == 200
    assert made.slept == [1.0, 2.0, 4.0]


def test_a_503_that_asks_for_nothing_and_stays_is_the_answer(bench: Make) -> None:
    made = bench(reply(503))
    assert made.client.user("1").status == 503
    with pytest.raises(Blocked, match="wait budget"):
        bench(reply(503), wait_budget=0.5).client.user("1")


def test_no_pause_is_told_as_zero_for_ever(bench: Make) -> None:
    made = bench(reply(429, Retry_After="0"))
    with pytest.raises(Blocked, match="throttles"):
        made.client.user("1")
    assert made.slept == [0.0, 0.5, 1.0]


def test_a_wait_may_be_told_as_a_date(bench: Make) -> None:
    until = formatdate(time.time() + 30, usegmt=True)
    made = bench(reply(503, Retry_After=until), reply(200, {}), wait_budget=60)
    assert made.client.user("1").status == 200
    (slept,) = made.slept
    assert 20 < slept <= 30


def test_after_a_date_that_is_over_the_request_is_repeated_at_once(bench: Make) -> None:
    over = "Wed, 21 Oct 2015 07:28:00 GMT"
    made = bench(reply(429, Retry_After=over), reply(200, {}))
    assert made.client.user("1").status == 200
    assert sum(made.slept) == 0


def test_a_wait_beyond_all_numbers_blocks(bench: Make) -> None:
    made = bench(reply(503, Retry_After="9" * 400))
    with pytest.raises(Blocked, match="wait budget"):
        made.client.user("1")


def test_an_impatient_request_takes_the_429(bench: Make) -> None:
    made = bench(reply(429, Retry_After="1"))
    assert made.client.impatient("GET", "/Users", ()).status == 429
    assert made.slept == []


def test_a_read_is_repeated_while_the_server_settles(bench: Make) -> None:
    made = bench(reply(404), reply(404), reply(200, {"active": True}), settle=20)
    expect(made.client.user("1")).status(200).has("active", True)
    assert len(made.asked) == 3
    assert [entry.status for entry in made.log.entries] == [404, 404, 200]


def test_a_read_is_not_repeated_for_ever(bench: Make) -> None:
    made = bench(reply(404), settle=0.05)
    before = time.monotonic()
    with pytest.raises(Mismatch, match="expected status 200, got 404"):
        expect(made.client.user("1")).status(200)
    assert len(made.asked) >= 2
    assert time.monotonic() - before < 10


def test_a_read_is_asked_once_where_nothing_settles(bench: Make) -> None:
    made = bench(reply(404), reply(200, {}))
    with pytest.raises(Mismatch):
        expect(made.client.user("1")).status(200)
    assert len(made.asked) == 1


def test_a_write_is_never_repeated(bench: Make) -> None:
    made = bench(reply(500), reply(201, {}), settle=20)
    with pytest.raises(Mismatch):
        expect(made.client.create_user(PERSON)).status(201)
    assert [method for method, _, _ in made.asked] == ["POST"]


def test_a_redirect_is_an_answer_like_any_other(bench: Make) -> None:
    made = bench(reply(302, Location="https://login.example.com/"))
    assert made.client.user("1").status == 302
    assert len(made.asked) == 1


def test_required_attributes_go_where_their_paths_lead(bench: Make) -> None:
    wanted = {
        "title": "Engineer",
        "name.honorificPrefix": "Dr",
        f"{ENTERPRISE_URN}:department": "Tours",
        "active": False,
    }
    made = bench(reply(201, {"id": "1"}), required_attributes=wanted)
    made.client.create_user(PERSON)
    body = json.loads(made.asked[0][2])
    assert body["title"] == "Engineer"
    assert body["name"] == {
        "givenName": "Barbara",
        "familyName": "Jensen",
        "honorificPrefix": "Dr",
    }
    assert body[ENTERPRISE_URN] == {"department": "Tours"}
    assert body["schemas"] == [USER_URN, ENTERPRISE_URN]
    assert body["active"] is False


def test_what_a_case_asks_for_goes_before_what_the_server_requires(bench: Make) -> None:
    made = bench(reply(201, {"id": "1"}), required_attributes={"title": "Engineer"})
    made.client.create_user(PERSON, title="Guide")
    assert json.loads(made.asked[0][2])["title"] == "Guide"


def test_a_name_in_a_search_is_quoted_and_encoded(bench: Make) -> None:
    made = bench(reply(200, {}))
    made.client.users_named('a"b\\c&d ü')
    query = "userName%20eq%20%22a%5C%22b%5C%5Cc%26d%20%C3%BC%22"
    assert made.asked[0][1] == f"/Users?filter={query}"


def test_an_id_is_one_segment_of_the_path(bench: Make) -> None:
    made = bench(reply(200, {}))
    made.client.user("a/b?c")
    assert made.asked[0][1] == "/Users/a%2Fb%3Fc"


def test_creates_are_journalled_with_their_ids(bench: Make) -> None:
    made = bench(reply(201, {"id": "7"}))
    made.client.create_group("team")
    assert [(item.kind, item.name, item.id) for item in made.journal.items] == [
        ("Groups", "team", "7")
    ]


@pytest.mark.parametrize(("wanted", "sent"), [(True, "X-1"), (False, None)])
def test_the_case_header_can_be_switched_off(bench: Make, wanted: bool, sent: str | None) -> None:
    made = bench(reply(200, {}), case_header=wanted)
    made.client.user("1")
    assert dict(made.log.entries[0].request_headers).get("X-Scimproof-Case") == sent


def test_neither_netrc_nor_proxies_change_what_is_sent(
    bench: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login evil password evil", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    made = bench(reply(200, {"ok": True}))
    assert made.client.user("1").object() == {"ok": True}


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_object_reads_as_an_empty_one(bench: Make, body: bytes) -> None:
    made = bench((200, {}, body))
    assert made.client.user("1").object() == {}


def test_a_refused_connection_blocks_in_one_sentence() -> None:
    made = Bench("http://127.0.0.1:1")
    with pytest.raises(Blocked) as caught:
        made.client.user("1")
    assert caught.value.reason == ("transport trouble at GET /Users/1: the connection was refused")
    (entry,) = made.log.entries
    assert (entry.status, entry is caught.value.entry) == (None, True)


def test_silence_blocks_after_the_time_out(answering: Starter) -> None:
    held = threading.Event()

    def answer(method: str, path: str, body: bytes) -> Answer:
        held.wait(10)
        return reply(200, {})

    made = Bench(answering(answer), timeout=0.1)
    with pytest.raises(Blocked, match="no reply in time"):
        made.client.user("1")
    held.set()
    made.connection.close()


def test_secrets_are_masked_where_they_are_recorded(bench: Make) -> None:
    made = bench(reply(200, {"echo": CREDENTIAL.secret, "password": "pw-of-a-person"}))
    made.client.user("1")
    shown = repr(made.log.entries)
    assert CREDENTIAL.secret not in shown
    assert "pw-of-a-person" not in shown


def test_requests_keep_their_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    throttle = Throttle(4)
    # Nobody waits here: each takes the moment after the one that the former took.
    assert [throttle.claim() for _ in range(4)] == [0.0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(
    ("credential", "value"),
    [
        (Credential("bearer", "abc"), "Bearer abc"),
        (Credential("header", "SSWS abc"), "SSWS abc"),
        (Credential("basic", "pä:ss", "me"), "Basic bWU6cMOkOnNz"),
    ],
)
def test_each_kind_of_credential_has_its_header(credential: Credential, value: str) -> None:
    assert authorization(credential) == value


def test_trouble_of_the_client_is_an_oserror() -> None:
    # The deletion at the end relies on it.
    with pytest.raises(OSError, match="127") as caught:
        Bench("http://127.0.0.1:1").client.raw("DELETE", "/Users/1")
    assert isinstance(caught.value, requests.RequestException)


def test_a_literal_target_is_sent_as_it_is_written(bench: Callable[..., Bench]) -> None:
    made = bench((404, {}, b"{}"))
    reply = made.client.literal("GET", "/Users/%2e%2e/../x%00")
    assert reply.status == 404
    assert made.asked[0][1].endswith("/Users/%2e%2e/../x%00")
    assert made.log.entries[0].target == "/Users/%2e%2e/../x%00"


def test_a_literal_request_without_a_reply_is_transport_trouble(
    bench: Callable[..., Bench],
) -> None:
    made = bench((200, {}, b""))
    made.connection._send = refuse  # type: ignore[assignment]  # stands for a server that is gone
    with pytest.raises(Blocked, match="transport trouble at GET /Users"):
        made.client.literal("GET", "/Users")


def refuse(_request: object) -> None:
    raise Trouble("gone")


def test_a_target_that_is_an_address_goes_to_another_tenant(bench: Callable[..., Bench]) -> None:
    first, other = bench((200, {}, b"1")), bench((200, {}, b"2"))
    reply = first.client.send("GET", f"{other.target.url}/Users")
    assert reply.content == b"2"
    assert first.asked == []
    assert curl(reply.entry, first.target.url, "Bearer $SCIM_TOKEN").count("http://") == 1


def test_requests_at_once_are_all_recorded_once(bench: Callable[..., Bench]) -> None:
    made = bench((200, {}, b"{}"))
    sent = [partial(made.client.send, "GET", f"/Users/{n}") for n in range(6)]
    replies = at_once(*sent)
    assert [reply.entry.target for reply in replies] == [f"/Users/{n}" for n in range(6)]
    assert [entry.n for entry in made.log.entries] == [1, 2, 3, 4, 5, 6]
    assert {entry.target for entry in made.log.entries} == {f"/Users/{n}" for n in range(6)}


def test_what_one_of_several_threads_raises_is_raised() -> None:
    def fail() -> int:
        raise Blocked("in the way")

    with pytest.raises(Blocked, match="in the way"):
        at_once(lambda: 1, fail)
    assert at_once(lambda: 1, lambda: 2) == [1, 2]


class TestTogether:
    """Reads that do not depend on each other."""

    def answers(self, method: str, path: str, body: bytes) -> Answer:
        if path.endswith("/1"):  # the first is answered last
            time.sleep(0.05)
        return 200, {}, json.dumps({"id": path.rpartition("/")[2]}).encode()

    @pytest.mark.parametrize("seconds", [0.0, 1.0], ids=["quick", "slow"])
    def test_replies_and_evidence_are_in_the_order_asked(
        self, answering: Starter, seconds: float
    ) -> None:
        bench = Bench(answering(self.answers))
        bench.client.send("GET", "/Users/0")
        bench.log.entries[-1] = replace(bench.log.entries[-1], seconds=seconds)
        targets = [f"/Users/{n}" for n in range(1, 5)]
        seen = bench.client.together(targets)
        assert [each.object()["id"] for each in seen] == ["1", "2", "3", "4"]
        assert [each.target for each in bench.log.entries] == ["/Users/0", *targets]
        assert [each.n for each in bench.log.entries] == [1, 2, 3, 4, 5]

    def test_trouble_with_one_blocks_the_case_and_is_evidence(self) -> None:
        bench = Bench("http://127.0.0.1:9")
        raw = RawExchange(method="GET", target="/", headers=(), body=None, reply=None, seconds=1.0)
        bench.log.record(raw)
        with pytest.raises(Blocked, match="GET /Users/1"):
            bench.client.together(["/Users/1", "/Users/2"])
        assert bench.log.entries[-1].error is not None


def test_a_read_whose_time_went_by_while_others_were_looked_at_is_made_once_more(
    bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    late = (404, {}, b"{}")
    made = bench(late, (200, {}, b'{"id": "1"}'), settle=60.0)
    seen = made.client.send("GET", "/Users/1")
    now = time.monotonic
    monkeypatch.setattr("suites.client.time.monotonic", lambda: now() + 61)
    assert seen.refresh()
    assert seen.status == 200
    assert not seen.refresh()
