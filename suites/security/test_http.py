"""What headers do for browsers and caches."""

from __future__ import annotations

from functools import partial

from suites.client import Seen
from suites.control import needed
from suites.control import short_list
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.security.odd import SCRIPT
from suites.security.odd import all_of
from suites.security.odd import by_odd_ids
from suites.security.visits import Replies
from suites.verbs import Made
from suites.verbs import Scim

FOREIGN = "https://scimproof.invalid"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def _from_elsewhere(lab: Lab) -> Replies:
    preflight = {
        "Origin": FOREIGN,
        "Authorization": None,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    return {
        "read": lab.scim.get("/Users", headers={"Origin": FOREIGN}, count=1),
        "null": lab.scim.get("/Users", headers={"Origin": "null"}, count=1),
        "preflight": lab.scim.options("/Users", headers=preflight),
    }


def _allowed(reply: Seen) -> str | None:
    """Return the origin that a reply lets read with credentials, of those that were sent."""
    origin = (reply.header("Access-Control-Allow-Origin") or "").strip()
    with_credentials = (reply.header("Access-Control-Allow-Credentials") or "").strip().lower()
    return origin if origin in (FOREIGN, "null") and with_credentials == "true" else None


@requirement("SEC-HTTP-1", proof=("cors-reflects-origin", "cors-allows-null", "cors-in-preflight"))
def test_foreign_pages_do_not_read_with_credentials(experiment: Experiment) -> None:
    """No reply lets any origin read together with the visitor's credentials."""
    for reply in experiment(_from_elsewhere).values():
        expect(reply).holds(
            lambda reply=reply: _allowed(reply) is None,  # type: ignore[misc]  # a lambda with a default has no type of its own
            "no such permission",
            lambda reply=reply: f"{_allowed(reply)} may read with credentials",  # type: ignore[misc]  # as above
        )


def _rules(reply: Seen) -> set[str]:
    """Return the directives of Cache-Control in small letters."""
    return {each.strip().lower() for each in (reply.header("Cache-Control") or "").split(",")}


def _is_closed(rules: set[str]) -> bool:
    return any(each.partition("=")[0] in ("no-store", "no-cache", "private") for each in rules)


def _is_shared(rules: set[str]) -> bool:
    """Return whether shared caches may serve a reply to others without asking again."""
    if _is_closed(rules):
        return False
    lives = any(each.startswith("s-maxage=") and each != "s-maxage=0" for each in rules)
    return lives or ("public" in rules and "max-age=0" not in rules)


@requirement("SEC-HTTP-2", proof=("replies-public", "replies-kept-by-proxies"))
def test_shared_caches_do_not_keep_people(scim: Scim, calm_user: Made, reading: Reading) -> None:
    """A user and a list of users may not be kept by shared caches."""
    reads = (partial(scim.get, calm_user), partial(short_list, partial(scim.get, "/Users")))
    for read in reads:
        reply = needed(read())
        rules = _rules(reply)
        if not _is_closed(rules):
            reading("personal data is not marked as not to be stored")
        expect(reply).holds(
            lambda rules=rules: not _is_shared(rules),  # type: ignore[misc]  # as above
            "neither public nor s-maxage",
            lambda reply=reply: f"Cache-Control: {reply.header('Cache-Control')}",  # type: ignore[misc]  # as above
        )


def _no_page(reply: Seen) -> None:
    __tracebackhide__ = True
    kind = (reply.header("Content-Type") or "").partition(";")[0].strip().lower()
    expect(reply).holds(
        lambda: kind != "text/html" or SCRIPT.encode() not in reply.content,
        "JSON, or a page without the script",
        lambda: f"{kind or 'no Content-Type'} with {SCRIPT}",
    )


@requirement("SEC-HTTP-3", proof=("pages-for-browsers",))
def test_a_stored_script_is_no_page(scim: Scim, scripted: Made) -> None:
    """A user whose nickName is a script is not shown as a page, not even to a browser."""
    _no_page(scripted.reply)
    _no_page(scim.get(scripted, headers={"Accept": BROWSER}))


@requirement("SEC-HTTP-3", proof=("not-found-reflects-html",))
def test_a_script_in_an_id_is_no_page(experiment: Experiment) -> None:
    """An error does not send a script in the path back as a page."""
    _no_page(experiment(by_odd_ids)["script"])


@requirement("SEC-HTTP-4", proof=("session-cookie-set",))
def test_a_cookie_is_out_of_reach_of_scripts(experiment: Experiment) -> None:
    """Whatever cookie is set has HttpOnly."""
    for reply in all_of(experiment(_from_elsewhere)):
        cookie = reply.header("Set-Cookie") or ""
        expect(reply).holds(
            lambda cookie=cookie: not cookie or "httponly" in cookie.lower(),  # type: ignore[misc]  # as above
            "no cookie, or one with HttpOnly",
            lambda: "a cookie without HttpOnly",
        )
