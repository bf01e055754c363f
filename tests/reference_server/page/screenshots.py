"""Pictures of the page for the documentation: `python -m tests.reference_server.page.screenshots`.

What they show is real: a mock IdP that lives provisions a server, and a browser looks on.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from reference_server import Credential
from reference_server import create_app
from reference_server.http_adapter import Server
from reference_server.products import create_product
from suites.own_tests import make_office
from tests.browser import Browser
from tests.browser import chromium
from tests.browser import running

WORD = "a-token-of-this-session"
STAFF = (
    ("ada.lovelace", "Analyst"),
    ("grace.hopper", "Rear Admiral"),
    ("edsger.dijkstra", "Professor"),
    ("barbara.liskov", "Architect"),
    ("alan.kay", "Fellow"),
)


def main(folder: str = "docs/images") -> int:
    """Take all pictures; return the exit status."""
    if chromium() is None:
        print("scimproof: there is no Chromium on this machine", file=sys.stderr)  # noqa: T201 - a command
        return 1
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, running(Path(place)) as browser:
        browser.call("Emulation.setTimezoneOverride", timezoneId="UTC")
        _plain_server(browser, target)
        browser.forget()
        _clockify(browser, target)
    return 0


def _plain_server(browser: Browser, target: Path) -> None:
    app = create_app(credentials=[Credential("bearer", WORD)], page=True)
    with Server(app) as server:
        _provision("okta", server.url, WORD)
        url = f"{server.url}/page"
        browser.size(1280, 860)
        browser.colours(dark=False)
        browser.sign_in(url, WORD)
        browser.until("document.querySelector('#people .inactive') !== null")
        _open_request(browser, "PATCH")
        browser.picture(target / "page.png")
        browser.colours(dark=True)
        browser.picture(target / "page-dark.png")
        browser.size(390, 844, scale=2, phone=True)
        browser.open(url)
        browser.until("document.querySelector('#people .inactive') !== null")
        browser.picture(target / "page-phone.png")


def _clockify(browser: Browser, target: Path) -> None:
    product = create_product("clockify")
    product.show_page()
    with Server(product) as server:
        browser.size(1280, 1180)
        browser.colours(dark=False)
        browser.sign_in(f"{server.url}/page", product.keys["owner"])
        browser.click("#settings .parts button.danger")
        browser.click("dialog button[value=yes]")
        browser.until("!document.querySelector('#settings .once').hidden")
        token = browser.run("[...document.querySelectorAll('.once code')].at(-1).innerText")
        _provision("entra", server.url + product.scim_path, token)
        browser.until("document.querySelectorAll('#groups .rows > li').length === 2")
        browser.until("document.querySelectorAll('#people .rows > li').length > 8")
        browser.run("scrollTo(0, 0)")
        browser.picture(target / "page-clockify.png")


def _provision(idp: str, url: str, token: str) -> None:
    """Let an identity provider live for a while."""
    office = make_office(idp, url, token)
    names = [f"{name}@example.com" for name, _ in STAFF]
    for name, title in zip(names, (title for _, title in STAFF), strict=True):
        office.hire(name, title=title)
    office.group("Engineering", *names[:4])
    office.group("Compilers", *names[1:3])
    office.assign(*names, "Engineering", "Compilers")
    office.settle()
    office.rename(names[4], "alan.c.kay@example.com")
    office.settle()
    office.block(names[2])
    office.settle()


def _open_request(browser: Browser, method: str) -> None:
    rows = "[...document.querySelectorAll('#requests .line')]"
    browser.run(f"{rows}.find((each) => each.innerText.includes('{method}')).click()")
    browser.until("document.querySelector('#requests .detail pre') !== null")
    browser.run("scrollTo(0, 0)")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
