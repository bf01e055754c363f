"""The page in a real browser: what an engineer sees, and what an attacker does not get."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from typing import Any
from typing import TypeAlias
from urllib.parse import urlsplit

import pytest

from reference_server import Application
from reference_server import Credential
from reference_server import Request
from reference_server import Response
from reference_server import create_app
from reference_server.http_adapter import Server
from reference_server.products import create_product
from tests.browser import Browser

# What came out of a JSON reader.
Json: TypeAlias = Any

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WORD = "s3cret-token"

Serve = Callable[[Application], Server]


@pytest.fixture
def serve() -> Iterator[Serve]:
    with ExitStack() as started:
        yield lambda app: started.enter_context(Server(app))


@pytest.fixture
def url(serve: Serve) -> str:
    """A server with a page, empty."""
    return serve(create_app(credentials=[Credential("bearer", WORD)], page=True)).url


def call(url: str, method: str, path: str, body: Json = None, word: str = WORD) -> Json:
    """Send a request as an identity provider does; return what the answer holds, or its status."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    headers = {"Authorization": f"Bearer {word}", "Content-Type": "application/scim+json"}
    content = json.dumps(body).encode() if body is not None else None
    connection.request(method, parts.path + path, content, headers)
    reply = connection.getresponse()
    text = reply.read()
    connection.close()
    return json.loads(text) if reply.status < 300 and text else reply.status


def user(url: str, name: str, **attributes: Json) -> str:
    body = {"schemas": [USER], "userName": name, **attributes}
    return str(call(url, "POST", "/Users", body)["id"])


def group(url: str, name: str, *members: str) -> str:
    body = {"schemas": [GROUP], "displayName": name, "members": [{"value": m} for m in members]}
    return str(call(url, "POST", "/Groups", body)["id"])


def rows(section: str) -> str:
    return f"document.querySelectorAll('#{section} .rows > li').length"


def test_an_engineer_signs_in_and_sees_what_the_idp_does(browser: Browser, url: str) -> None:
    ada = user(url, "ada@example.com", displayName="Ada Lovelace")
    group(url, "Engineering", ada)
    browser.sign_in(f"{url}/page", WORD)
    browser.until(f"{rows('people')} === 1 && {rows('groups')} === 1 && {rows('requests')} === 2")
    assert "Ada Lovelace" in browser.text("#people")
    assert "1 member" in browser.text("#groups")
    # While somebody looks, the identity provider goes on.
    user(url, "grace@example.com")
    change = {"op": "replace", "value": {"active": False}}
    call(url, "PATCH", f"/Users/{ada}", {"schemas": [PATCH], "Operations": [change]})
    # Sooner than the page would look by itself.
    come = f"{rows('people')} === 2 && {rows('requests')} === 4"
    browser.until(f"{come} && document.querySelector('#people .inactive') !== null", seconds=12)
    assert "Ada Lovelace\nada@example.com\ninactive" in browser.text("#people .inactive")
    assert browser.text("#requests li:first-child .method") == "PATCH"
    browser.click("#requests li:first-child .line")
    browser.until("document.querySelector('#requests .detail pre') !== null")
    detail = browser.text("#requests .detail")
    assert '"active": false' in detail
    assert "Authorization: Bearer [hidden]" in detail
    browser.click("#people .inactive .line")
    browser.until("document.querySelector('#people .detail pre') !== null")
    assert f'"id": "{ada}"' in browser.text("#people .detail")
    assert WORD not in browser.run("document.documentElement.outerHTML")
    assert browser.complaints == []


def test_a_row_that_is_open_stays_open_when_it_changes(browser: Browser, url: str) -> None:
    ada = user(url, "ada", displayName="Before")
    browser.sign_in(f"{url}/page", WORD)
    browser.until(f"{rows('people')} === 1")
    browser.click("#people .line")
    browser.until("document.querySelector('#people .detail pre') !== null")
    after = {"schemas": [USER], "userName": "ada", "displayName": "After"}
    call(url, "PUT", f"/Users/{ada}", after)
    browser.until("document.querySelector('#people .detail pre')?.innerText.includes('After')")
    assert "Before" not in browser.text("#people")


# The page looks again and again; this counts how often, and lets it hurry.
COUNT_TURNS = """
window.turns = 0;
window.really = setTimeout;
window.setTimeout = (turn) => { turns += 1; return really(turn, 50); };
"""


def test_lists_and_requests_can_be_searched_and_stopped(browser: Browser, url: str) -> None:
    for name in ("ada", "grace", "barbara"):
        user(url, name)
    call(url, "GET", "/Users/nobody")
    browser.sign_in(f"{url}/page", WORD)
    browser.until(f"{rows('people')} === 3 && {rows('requests')} === 4")
    seen = "[...document.querySelectorAll('#{} .rows > li:not([hidden])')].length"
    browser.write("#people .find", "BARB")
    browser.until(f"{seen.format('people')} === 1")
    browser.click("#refused")
    browser.until(f"{seen.format('requests')} === 1")
    browser.click("#refused")
    browser.write("#requests .find", "post")
    browser.until(f"{seen.format('requests')} === 3")
    browser.run(COUNT_TURNS)
    browser.click("#pause")
    assert browser.text("#state") == "paused"
    browser.until("turns >= 2")  # what was asked before has been answered
    user(url, "late")
    browser.run("turns = 0")
    browser.until("turns >= 3")
    assert browser.run(rows("requests")) == 4
    browser.click("#pause")
    browser.until(f"{rows('requests')} === 5 && {rows('people')} === 4")


def test_more_people_than_fit_come_when_asked_for(browser: Browser, url: str) -> None:
    for number in range(120):
        user(url, f"u{number}")
    browser.sign_in(f"{url}/page", WORD)
    browser.until(f"{rows('people')} === 100")
    assert browser.text("#people .count") == "120"
    browser.click("#people .more")
    browser.until(f"{rows('people')} === 120")
    assert browser.run("document.querySelector('#people .more').hidden")


def test_a_wrong_token_is_told_and_a_right_one_opens(browser: Browser, url: str) -> None:
    browser.open(f"{url}/page")
    browser.write("#secret", "wrong")
    browser.click("form button")
    browser.until("document.querySelector('.complaint')?.innerText.includes('none of the secrets')")
    browser.write("#secret", WORD)
    browser.click("form button")
    browser.until("document.querySelector('#state.live') !== null")
    assert browser.run("location.pathname") == "/scim/v2/page"


def test_signing_out_closes_the_page(browser: Browser, url: str) -> None:
    browser.sign_in(f"{url}/page", WORD)
    assert browser.run("document.cookie") == ""
    browser.click("header .member button")
    browser.until("document.querySelector('#secret') !== null")
    browser.open(f"{url}/page")
    assert browser.run("document.querySelector('#people')") is None


def test_a_session_that_ends_elsewhere_is_told(browser: Browser, url: str) -> None:
    browser.sign_in(f"{url}/page", WORD)
    browser.run(
        "fetch(document.body.dataset.path + '/sign-out', {method: 'POST', redirect: 'manual',"
        "body: new URLSearchParams({token: document.body.dataset.token})})"
    )
    browser.until("document.querySelector('#state').innerText === 'signed out'")
    assert "Load the page again" in browser.text("#banner")


MARKUP = [
    "<script>alert('a')</script>",
    "<img src=x onerror=alert('b')>",
    "</script><script>alert('c')</script>",
    "\"><svg onload=alert('d')>",
    "' autofocus onfocus=alert('e') '",
    "javascript:alert('f')",
    "{{constructor.constructor('alert(1)')()}}",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<style>*{display:none}</style>",
    "<!--",
    "\u2028alert('g')\u2029",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert('h')>",
]


def test_no_name_of_anything_runs_as_script(browser: Browser, serve: Serve) -> None:
    tenant = "<img src=x onerror=alert('tenant')>"
    app = create_app(credentials=[Credential("bearer", WORD)], page=True, tenant=tenant)
    url = serve(app).url
    for number, text in enumerate(MARKUP):
        more = {"displayName": text, "title": text, "emails": [{"value": text}], "timezone": text}
        group(url, text, user(url, f"{number}{text}", **more))
    browser.sign_in(f"{url}/page", WORD)
    browser.until(f"{rows('people')} === {len(MARKUP)} && {rows('requests')} === {2 * len(MARKUP)}")
    browser.run("for (const line of document.querySelectorAll('.line')) line.click()")
    browser.until(f"document.querySelectorAll('.detail pre').length >= {4 * len(MARKUP)}")
    shown = browser.text()
    for text in MARKUP[:-2]:
        assert text in shown
    assert (browser.dialogs, browser.complaints) == ([], [])
    tags = "[...document.querySelectorAll('main *')].map(e => e.localName)"
    found = set(browser.run(tags))
    assert not found & {"script", "img", "svg", "iframe", "style", "math", "mglyph"}
    assert tenant in browser.text("h1")


def test_no_request_runs_as_script(browser: Browser, url: str) -> None:
    browser.sign_in(f"{url}/page", WORD)
    parts = urlsplit(url)
    for text in MARKUP[:-2]:
        spaceless = text.replace(" ", "/")
        request = (
            f"GET /scim/v2/{spaceless}?{spaceless}={spaceless} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"X-Markup: {text}\r\nUser-Agent: {text}\r\nContent-Length: {len(text)}\r\n"
            f"Content-Type: {text}\r\nConnection: close\r\n\r\n{text}"
        )
        with socket.create_connection((parts.hostname, parts.port), timeout=20) as client:
            client.sendall(request.encode())
            assert client.recv(100)
    browser.until(f"{rows('requests')} >= 8")
    browser.run("for (const line of document.querySelectorAll('.line')) line.click()")
    browser.until(f"document.querySelectorAll('.detail h3').length === 2 * {rows('requests')}")
    assert "X-Markup: <script>alert('a')</script>" in browser.text("#requests")
    assert (browser.dialogs, browser.complaints) == ([], [])


def test_what_cannot_be_seen_is_written_out(browser: Browser, url: str) -> None:
    user(url, "ad\u202egro.elpmaxe@a", displayName="a\u0000\u200bb")
    browser.sign_in(f"{url}/page", WORD)
    browser.until(f"{rows('people')} === 1")
    shown = browser.text("#people .rows")
    assert "a\\u{0}\\u{200b}b" in shown
    assert "ad\\u{202e}gro.elpmaxe@a" in shown


INJECTED = """
document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.hacked=1'>" +
  "<a id=bad href='javascript:window.hacked=2'>x</a>");
const script = document.createElement("script");
script.textContent = "window.hacked=3";
document.body.append(script);
document.querySelector("#bad").click();
"""


def test_markup_that_got_in_all_the_same_would_not_run(browser: Browser, url: str) -> None:
    browser.sign_in(f"{url}/page", WORD)
    browser.run(INJECTED)
    refused = "fetch('https://evil.example/').then(() => 'sent', () => 'refused')"
    assert browser.run(refused) == "refused"
    assert browser.run("typeof window.hacked") == "undefined"
    assert any("Content Security Policy" in each for each in browser.complaints)


EVIL = """<!doctype html><title>evil</title><iframe src="{page}"></iframe>
<form id="act" method="post" action="{page}/act" target="out"><input name="action" value="rotate">
<input name="token" value=""></form>
<form id="sign-in" method="post" action="{page}/sign-in" target="out2">
<input name="secret" value="{word}"></form>
<iframe name="out"></iframe><iframe name="out2"></iframe>
<script>for (const form of document.forms) form.submit();</script>
"""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_another_site_can_neither_read_nor_send_nor_frame(
    browser: Browser, serve: Serve, name: str
) -> None:
    """The first is another port of the same site, so that cookies go along; the second is not."""
    seen: list[tuple[str, int]] = []
    app = create_app(credentials=[Credential("bearer", WORD)], page=True)
    inner = app.handle

    def noted(request: Request) -> Response:
        reply = inner(request)
        seen.append((f"{request.method} {request.path.rpartition('/')[2]}", reply.status))
        return reply

    url = serve(Application("/scim/v2", noted)).url
    html = EVIL.format(page=f"{url}/page", word=WORD).encode()
    content = (("Content-Type", "text/html"),)
    evil = serve(Application("", lambda _: Response(200, content, html)))
    browser.sign_in(f"{url}/page", WORD)
    seen.clear()
    browser.open(evil.url.replace("127.0.0.1", name) + "/")
    for _ in range(200):
        if {"POST act", "POST sign-in"} <= {each for each, _ in seen}:
            break
        browser.run("new Promise((done) => setTimeout(done, 20))")
    sent = {each: status for each, status in seen if each.startswith("POST")}
    assert sent == {"POST act": 403, "POST sign-in": 403}
    for mode in ("cors", "no-cors"):
        question = f"fetch('{url}/page/people', {{credentials: 'include', mode: '{mode}'}})"
        assert browser.run(f"{question}.then(() => 'read', () => 'refused')") == "refused"
    assert browser.run("(() => { try { frames[0].document } catch { return 'closed' } })()")
    browser.open(f"{url}/page")
    browser.until("document.querySelector('#state.live') !== null")


CLIPPED = """[...document.querySelectorAll('#PART .line, #PART .line :not(.chip)')]
  .filter((each) => Math.max(each.getBoundingClientRect().right, each.scrollWidth) > innerWidth)
  .map((each) => each.className)"""


def test_a_phone_shows_one_part_at_a_time(browser: Browser, url: str) -> None:
    group(url, "g" * 200, user(url, "u" * 200 + "@example.com", displayName="n" * 200))
    call(url, "GET", f"/Users?filter={'x' * 300}")
    browser.size(320, 640, phone=True)
    browser.sign_in(f"{url}/page", WORD)
    browser.until(f"{rows('people')} === 1 && {rows('requests')} === 3")
    parts = "[...document.querySelectorAll('main > section')]"
    visible = f"{parts}.filter((each) => each.offsetHeight).map((each) => each.id)"
    for part in ("groups", "requests", "people"):
        browser.click(f"nav [data-of={part}]")
        assert browser.run(visible) == [part]
        assert browser.run("document.documentElement.scrollWidth <= innerWidth")
        assert browser.run(CLIPPED.replace("PART", part)) == []
    assert browser.run("document.querySelector('nav [data-of=settings]').hidden")


# The ratio of luminances that WCAG 2.2 asks for, of every text against what is behind it.
CONTRAST = """(() => {
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((each) => each / 255)
    .map((each) => each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4)
    .reduce((sum, each, at) => sum + each * [.2126, .7152, .0722][at], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(each).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
    if (!own || !element.offsetHeight) continue;
    const [one, two] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
    if (ratio < 4.5) poor.push(`${element.className || element.localName} ${ratio.toFixed(2)}`);
  }
  return poor;
})()"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everything_can_be_read(browser: Browser, serve: Serve, dark: bool) -> None:
    product = create_product("clockify")
    product.show_page()
    url = serve(product).url
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        call(url, method, "/scim/v2/Users")
    browser.colours(dark=dark)
    browser.open(f"{url}/page")
    assert browser.run(CONTRAST) == []
    browser.sign_in(f"{url}/page", product.keys["owner"])
    browser.until(f"{rows('requests')} === 5 && {rows('people')} > 3")
    browser.click("#requests .line")
    browser.click("#settings .parts button.danger")
    browser.until("document.querySelector('#requests .detail pre') !== null")
    assert browser.run(CONTRAST) == []
    browser.click("dialog button[value=yes]")
    browser.until("!document.querySelector('#settings .once').hidden")
    assert browser.run(CONTRAST) == []


def test_the_owner_of_a_product_switches_scim_on(browser: Browser, serve: Serve) -> None:
    product = create_product("clockify")
    product.show_page()
    url = serve(product).url
    browser.sign_in(f"{url}/page", product.keys["owner"])
    assert "simulated" in browser.text(".subtitle")
    browser.until("document.querySelector('#settings .parts button.danger') !== null")
    browser.until(f"{rows('groups')} === 2")
    browser.click("#settings .parts button.danger")
    browser.until("document.querySelector('dialog').open")
    assert "will be deleted" in browser.text("dialog")
    browser.click("dialog button[value=no]")
    browser.until("!document.querySelector('dialog').open")
    assert call(url, "GET", "/scim/v2/Users") in (401, 404)
    browser.click("#settings .parts button.danger")
    browser.click("dialog button[value=yes]")
    browser.until("!document.querySelector('#settings .once').hidden")
    copied = "[...document.querySelectorAll('#settings .once code')].map(e => e.innerText)"
    base, token = browser.run(copied)
    assert base == f"{url}/scim/v2"
    assert call(url, "GET", "/scim/v2/Users", word=token)["totalResults"] > 0
    browser.until(f"{rows('groups')} === 0")
    browser.until(
        "document.querySelector('#settings .parts button.danger').innerText === 'New token'"
    )
    # One question at a time, however quickly somebody clicks.
    browser.run("for (const each of document.querySelectorAll('.parts .danger')) each.click()")
    assert "Make a new token?" in browser.text("dialog")
    browser.click("dialog button[value=no]")
    browser.until("!document.querySelector('#settings .parts button.danger').disabled")
    # Another token: the first is dead, and what was shown once is not shown again.
    browser.click("#settings .parts button.danger")
    browser.click("dialog button[value=yes]")
    browser.until("document.querySelectorAll('#settings .once code').length === 1")
    (fresh,) = browser.run(copied)
    assert call(url, "GET", "/scim/v2/Users", word=token) == 401
    assert call(url, "GET", "/scim/v2/Users", word=fresh)["totalResults"] > 0
    browser.open(f"{url}/page")
    browser.until("document.querySelector('#settings .parts button.danger') !== null")
    assert fresh not in browser.run("document.documentElement.outerHTML")
    assert browser.complaints == []


def test_an_admin_of_a_product_sees_that_only_owners_may(browser: Browser, serve: Serve) -> None:
    product = create_product("clockify")
    product.show_page()
    browser.sign_in(f"{serve(product).url}/page", product.keys["admin"])
    browser.until("document.querySelectorAll('#settings .part').length === 2")
    assert browser.run("document.querySelector('#settings button:not([aria-label])')") is None
    assert "Only an owner" in browser.text("#settings")


def test_a_user_of_a_product_does_not_see_the_requests(browser: Browser, serve: Serve) -> None:
    product = create_product("clockify")
    product.show_page()
    browser.sign_in(f"{serve(product).url}/page", product.keys["user"])
    browser.until(f"{rows('people')} === 1")
    assert browser.run("document.querySelector('#requests').offsetHeight") == 0
    assert browser.run("fetch('/page/requests').then((reply) => reply.status)") == 403
