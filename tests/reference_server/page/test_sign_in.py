"""Signing in on the page: who gets in, for how long, and what a browser cannot be made to do."""

from __future__ import annotations

from datetime import UTC
from datetime import datetime
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from reference_server import Access
from reference_server import Application
from reference_server import Client
from reference_server import Credential
from reference_server import OAuth
from reference_server import Request
from reference_server import create_app
from reference_server.authentication import Gate
from reference_server.memory_store import MemoryStore
from reference_server.messages import Response
from reference_server.messages import joined
from reference_server.page.page import Page
from reference_server.page.plain import PlainView
from reference_server.page.sessions import IDLE_SECONDS
from reference_server.page.sessions import MOST_SECONDS
from reference_server.tolerances import Tolerances
from tests.reference_server.page.visitor import FORM
from tests.reference_server.page.visitor import Visitor
from tests.reference_server.page.visitor import signed_in

if TYPE_CHECKING:
    from conftest import Json

READS = ("/people", "/groups", "/requests", "/request?number=1", "/record?id=x", "/settings")
COOKIE = "scimproof-page"


def app_with(*credentials: Credential, **options: Json) -> Application:
    given = credentials or (Credential("bearer", "secret"),)
    return create_app(credentials=given, page=True, **options)


class Seconds:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def timed(seconds: Seconds) -> Application:
    """A server whose page has a clock of its own."""
    gate = Gate([Credential("bearer", "secret")], lambda: datetime.now(UTC), Tolerances.without(()))
    view = PlainView(MemoryStore(()), (), gate, base_path="", tenant="default")
    return Application("", Page(view, "/page", clock=seconds).beside(lambda _: Response(404)))


def test_a_stranger_sees_a_form_and_nothing_else() -> None:
    app = app_with()
    app.handle(Request("GET", "/scim/v2/Users", headers=(("Authorization", "Bearer secret"),)))
    stranger = Visitor(app)
    answer = stranger.get()
    assert answer.status == 200
    assert 'action="/scim/v2/page/sign-in"' in answer.text
    assert "data-token" not in answer.text
    for place in READS:
        refused = stranger.get(place)
        assert (refused.status, set(refused.json)) == (401, {"message"})
    for place in ("/act", "/sign-out"):
        assert stranger.post(place, {"token": "", "action": "x"}).status in (401, 303)


def test_the_token_opens_the_page() -> None:
    visitor = Visitor(app_with())
    answer = visitor.sign_in("  secret\r\n")  # as it is copied
    assert (answer.status, answer.header("Location")) == (303, "/scim/v2/page")
    assert "data-token" in visitor.get().text
    for place in ("/people", "/groups", "/requests", "/settings"):
        assert visitor.get(place).status == 200


def test_the_cookie_is_kept_from_scripts_other_sites_and_other_paths() -> None:
    visitor = Visitor(app_with(base_path="/acme/scim/v2"))
    cookie = visitor.sign_in().cookies[0]
    name, _, rest = cookie.partition("=")
    value, *attributes = rest.split("; ")
    assert name == COOKIE
    assert len(value) >= 43
    wanted = {"Path=/acme/scim/v2/page", "HttpOnly", "SameSite=Strict", f"Max-Age={MOST_SECONDS}"}
    assert set(attributes) == wanted


def test_behind_https_the_cookie_is_secure() -> None:
    app = app_with()
    visitor = Visitor(app, https=True)
    cookie = visitor.sign_in().cookies[0]
    assert cookie.startswith(f"__Secure-{COOKIE}=")
    assert cookie.endswith("; Secure; Max-Age=28800")
    assert visitor.is_in
    # What came over http counts for nothing there, for anybody on the way may have set it.
    other = signed_in(app)
    other.https = True
    assert not other.is_in


@pytest.mark.parametrize("host", ["", "x y", None])
@pytest.mark.parametrize("spoken", ["https", "HTTPS", " https , http"])
def test_behind_https_it_is_secure_whatever_the_host_is(host: str | None, spoken: str) -> None:
    visitor = Visitor(app_with())
    headers = {"Host": host, "X_Forwarded_Proto": spoken, "Origin": None}
    answer = visitor.post("/sign-in", {"secret": "secret"}, **headers)
    assert "; Secure; " in answer.cookies[0]


def test_two_servers_on_one_machine_have_two_cookies() -> None:
    one, two = Visitor(app_with()), Visitor(app_with())
    one.host, two.host = "localhost:8080", "localhost:8081"
    names = {each.sign_in().cookies[0].partition("=")[0] for each in (one, two)}
    assert names == {f"{COOKIE}-8080", f"{COOKIE}-8081"}
    assert one.is_in
    assert two.is_in


@pytest.mark.parametrize("host", ["x:1;Path=/", "x:99999999", "", "x:٣", "x: 80"])
def test_a_strange_host_puts_nothing_into_the_cookie(host: str) -> None:
    visitor = Visitor(app_with())
    visitor.host = host
    answer = visitor.post("/sign-in", {"secret": "secret"}, Origin=None)
    assert answer.cookies[0].startswith(f"{COOKIE}=")


@pytest.mark.parametrize("secret", ["", "wrong", "Secret", "secret2", "Bearer secret", "\0", "ä"])
def test_a_wrong_token_opens_nothing(secret: str) -> None:
    visitor = Visitor(app_with())
    answer = visitor.sign_in(secret)
    assert (answer.status, answer.cookies) == (403, [])
    assert "none of the secrets" in answer.text
    assert not visitor.is_in


def test_each_kind_of_credential_opens_the_page_by_its_secret() -> None:
    kinds = (
        Credential("bearer", "first"),
        Credential("header", "Custom second"),
        Credential("basic", "thïrd", user="okta"),
        Credential("bearer", "fourth", access=Access.READ),
    )
    app = app_with(*kinds)
    for each in kinds:
        assert signed_in(app, each.secret).is_in
    assert ">okta<" in signed_in(app, "thïrd").get().text
    assert "may read" in signed_in(app, "fourth").get().text


def test_a_credential_for_ones_own_user_shows_no_others() -> None:
    app = app_with(Credential("bearer", "own", account="bjensen", access=Access.OWN))
    assert Visitor(app).sign_in("own").status == 403


def test_an_expired_credential_opens_nothing_and_one_that_expires_closes() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    ends = now[0] + timedelta(hours=1)
    app = app_with(Credential("bearer", "secret", expires=ends), clock=lambda: now[0])
    visitor = signed_in(app)
    assert visitor.is_in
    now[0] = ends
    assert not visitor.is_in
    assert visitor.sign_in().status == 403


def test_an_access_token_opens_the_page_while_it_lasts() -> None:
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    client = Client(id="idp", secret="client secret")  # noqa: S106 - made up
    oauth = OAuth(clients=(client,))
    app = app_with(oauth=oauth, clock=lambda: now[0])
    body = b"grant_type=client_credentials&client_id=idp&client_secret=client+secret"
    headers = (("Content-Type", FORM),)
    reply = app.handle(Request("POST", f"/scim/v2{oauth.path}", headers=headers, body=body))
    word = joined(reply.body).decode().partition('"access_token":')[2].split('"')[1]
    visitor = signed_in(app, word)
    assert visitor.is_in
    assert word not in visitor.get("/requests").text + visitor.get("/request?number=1").text
    assert "client secret" not in visitor.get("/request?number=1").text
    now[0] += timedelta(days=30)
    assert not visitor.is_in


def test_after_some_wrong_tries_one_has_to_wait(timed: Application, seconds: Seconds) -> None:
    inside, stranger = signed_in(timed), Visitor(timed)
    statuses = [stranger.sign_in(f"guess {number}").status for number in range(14)]
    assert statuses == [403] * 10 + [429] * 4
    # The right one would tell a guesser as much as a wrong one.
    answer = stranger.sign_in("secret")
    assert (answer.status, answer.header("Retry-After"), answer.cookies) == (429, "6", [])
    assert "Try again in 6 s" in answer.text
    assert inside.is_in
    seconds.now += 6
    assert stranger.sign_in("secret").status == 303
    assert [stranger.sign_in("x").status for _ in range(2)] == [403, 429]


def test_a_flood_of_wrong_tokens_gains_ten_tries_a_minute(
    timed: Application, seconds: Seconds
) -> None:
    stranger = Visitor(timed)
    compared = 0
    for number in range(3_000):
        compared += stranger.sign_in(f"guess {number}").status == 403
        seconds.now += 0.2
    assert compared == 10 + 100 - 1
    seconds.now -= 3_600  # a clock that is set back gives nothing away
    assert stranger.sign_in("x").status == 429


def test_however_long_one_waits_there_are_only_ten_at_once(
    timed: Application, seconds: Seconds
) -> None:
    seconds.now += 86_400
    stranger = Visitor(timed)
    assert [stranger.sign_in("x").status for _ in range(11)] == [403] * 10 + [429]


def test_right_tokens_are_not_counted(timed: Application) -> None:
    assert {Visitor(timed).sign_in().status for _ in range(50)} == {303}


def test_a_session_ends_when_nobody_looks(timed: Application, seconds: Seconds) -> None:
    visitor = signed_in(timed)
    seconds.now += IDLE_SECONDS - 1
    assert visitor.is_in
    seconds.now += IDLE_SECONDS
    assert not visitor.is_in


def test_a_session_ends_however_much_it_is_used(timed: Application, seconds: Seconds) -> None:
    visitor = signed_in(timed)
    for _ in range(int(MOST_SECONDS / 600) - 1):
        seconds.now += 600
        assert visitor.is_in
    seconds.now += 600
    assert not visitor.is_in
    answer = visitor.get()
    assert "sign-in" in answer.text
    assert answer.cookies[0].startswith(f"{COOKIE}=; ")  # of no more use to anybody


def test_there_are_only_so_many_sessions(timed: Application) -> None:
    visitors = [signed_in(timed) for _ in range(120)]
    assert [each.is_in for each in visitors] == [False] * 20 + [True] * 100


def test_a_session_that_was_planted_before_is_not_taken_over() -> None:
    app = app_with()
    visitor = Visitor(app)
    visitor.jar[COOKIE] = "planted"
    visitor.sign_in()
    assert visitor.jar[COOKIE] != "planted"
    other = Visitor(app)
    other.jar[COOKIE] = "planted"
    assert not other.is_in


def test_signing_in_again_ends_the_session_before() -> None:
    app = app_with()
    visitor = signed_in(app)
    before = dict(visitor.jar)
    visitor.sign_in()
    assert visitor.jar != before
    old = Visitor(app)
    old.jar = before
    assert not old.is_in


@pytest.mark.parametrize("value", ["", "x", "null", "../..", "a" * 10_000, "ä", '"', "\ud800"])
def test_a_made_up_cookie_opens_nothing(value: str) -> None:
    visitor = Visitor(app_with())
    visitor.jar[COOKIE] = value
    assert visitor.get("/people").status == 401


def test_of_two_cookies_none_counts() -> None:
    app = app_with()
    visitor = signed_in(app)
    mine = visitor.jar[COOKIE]
    for cookie in (f"{COOKIE}=x; {COOKIE}={mine}", f"{COOKIE}={mine};{COOKIE}={mine}"):
        assert visitor.get("/people", Cookie=cookie).status == 401
    assert visitor.get("/people", Cookie=f"a=b; {COOKIE}={mine}; c").status == 200
    assert visitor.get("/people", Cookie=f" ; =; {COOKIE}").status == 401


def test_signing_out_needs_the_token_of_the_page_and_ends_the_session() -> None:
    visitor = signed_in(app_with())
    kept = dict(visitor.jar)
    for wrong in ("", "x", "ä"):
        assert visitor.post("/sign-out", {"token": wrong}).status == 403
    assert visitor.is_in
    answer = visitor.post("/sign-out", {"token": visitor.token})
    assert (answer.status, answer.header("Location")) == (303, "/scim/v2/page")
    assert "Max-Age=0" in answer.cookies[0]
    visitor.jar = kept
    assert not visitor.is_in


FOREIGN = [
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": None, "Origin": "https://evil.example"},
    {"Sec_Fetch_Site": None, "Origin": "null"},
    {"Sec_Fetch_Site": None, "Origin": ""},
    {"Sec_Fetch_Site": None, "Origin": "http://scim.example.com.evil.example"},
    {"Sec_Fetch_Site": None, "Origin": "http://scim.example.com:8080"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("place", ["/sign-in", "/sign-out", "/act"])
def test_another_site_can_send_nothing(place: str, headers: dict[str, str | None]) -> None:
    visitor = signed_in(app_with())
    fields = {"secret": "secret", "token": visitor.token, "action": "x"}
    answer = visitor.post(place, fields, **headers)
    assert (answer.status, answer.cookies) == (403, [])
    assert "another site" in answer.text
    assert visitor.is_in


def test_who_is_no_browser_says_nothing_of_its_site() -> None:
    visitor = Visitor(app_with())
    answer = visitor.post("/sign-in", {"secret": "secret"}, Origin=None, Sec_Fetch_Site=None)
    assert answer.status == 303


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"secret=" + b"x" * 1_000_000, FORM, 413),
        (b"secret=secret", "application/json", 415),
        (b"secret=secret", "text/plain", 415),
        (b"secret=secret", None, 415),
        (b"secret=\xff", FORM, 400),
        (b"secret=%ff", FORM, 400),
        (b"&".join(b"a=b" for _ in range(50)), FORM, 400),
        (b"", FORM, 403),
        (b"secret=wrong&secret=secret", FORM, 403),
        (b"secret=secret", f"{FORM}; charset=UTF-8", 303),
    ],
)
def test_a_form_is_read_strictly(body: bytes, content_type: str | None, status: int) -> None:
    visitor = Visitor(app_with())
    assert visitor.send("POST", "/sign-in", body, Content_Type=content_type).status == status
