"""Okta's SPEC test, which every app must pass before it is published: its 12 requests."""

from __future__ import annotations

import pytest

from idp_profiles.okta.official import SPEC
from reports import Verdict
from suites.conftest import Bench
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.verdicts import Blocked
from suites.verdicts import Mismatch

from .conftest import Account
from .official_file import OfficialFile
from .official_file import drawn

TRIES = 3  # of reading the first listed user, who may be deleted by another case meanwhile
SECONDS = 0.6


@pytest.fixture
def spec(okta: Replay, bench: Bench, people: Registry, crew: tuple[Account, ...]) -> OfficialFile:
    """The SPEC test on a server that has at least one user, as it asks for."""
    del crew
    return OfficialFile(okta, bench, drawn(bench, people))


def _create(spec: OfficialFile) -> None:
    """Send request 6, which is judged elsewhere; raises Blocked."""
    reply = spec.send(SPEC[5])
    if reply.status not in (200, 201):
        came = f"POST /Users answered {reply.status}"
        raise Blocked(came, by="OKTA-SPEC-6", entry=spec.okta.last_entry())


@requirement(
    "OKTA-SPEC-1",
    proof=("list-hides-names", "list-without-schemas", "list-counts-as-strings", "active-omitted"),
    dialects=(),
)
def test_one_user_is_listed(spec: OfficialFile, crew: tuple[Account, ...]) -> None:
    """Request 1: one user is listed, whole, with integer counts."""
    spec.passes_on_the_first(SPEC[0], crew)


@requirement("OKTA-SPEC-2", proof=("get-hides-emails", "get-hides-names"), dialects=())
def test_the_listed_user_is_read(spec: OfficialFile, crew: tuple[Account, ...]) -> None:
    """Request 2: the first listed user is read by id."""
    for _ in range(TRIES - 1):
        spec.send(SPEC[0])
        if spec.send(SPEC[1]).status != 404:
            break
    spec.passes_on_the_first(SPEC[1], crew)


@requirement("OKTA-SPEC-3", proof=("empty-search-404", "filter-ignored"), dialects=())
def test_an_unknown_login_finds_nobody(spec: OfficialFile) -> None:
    """Request 3: an unknown userName finds nobody."""
    spec.passes(SPEC[2])


@requirement(
    "OKTA-SPEC-4",
    proof=("not-found-as-html", "not-found-without-detail", "get-missing-as-200-empty"),
    dialects=(),
)
def test_an_unknown_id_is_404(spec: OfficialFile) -> None:
    """Request 4: an unknown id is answered 404 with a SCIM error."""
    spec.passes(SPEC[3])


@requirement("OKTA-SPEC-5", proof=("empty-search-404", "filter-ignored"), dialects=())
def test_a_new_login_is_free(spec: OfficialFile) -> None:
    """Request 5: a new userName is not taken."""
    spec.passes(SPEC[4])


@requirement(
    "OKTA-SPEC-6",
    proof=("plain-json-refused", "create-inactive", "create-drops-name", "create-answers-200"),
    dialects=(),
)
def test_a_user_is_created(spec: OfficialFile) -> None:
    """Request 6: a POST as application/json creates the user."""
    spec.passes(SPEC[5])


@requirement("OKTA-SPEC-7", proof=("create-drops-name", "create-id-differs"), dialects=())
def test_the_created_user_is_read_back(spec: OfficialFile) -> None:
    """Request 7: the created user is read back."""
    _create(spec)
    spec.passes(SPEC[6])


@requirement("OKTA-SPEC-8", proof=("duplicate-as-400", "duplicates-allowed"), dialects=())
def test_the_same_post_is_409(spec: OfficialFile) -> None:
    """Request 8: the same POST again is answered 409."""
    _create(spec)
    spec.passes(SPEC[7])


@requirement("OKTA-SPEC-9", proof=("empty-search-404", "filter-unsupported"), dialects=())
def test_a_lookup_in_capitals_is_200(spec: OfficialFile) -> None:
    """Request 9: a lookup in capitals is answered 200, whatever it finds."""
    spec.passes(SPEC[8])


@requirement("OKTA-SPEC-10", proof=("groups-list-404", "groups-list-501"), dialects=())
@pytest.mark.usefixtures("groups_offered")
def test_groups_are_listed(spec: OfficialFile) -> None:
    """Request 10: GET /Groups is answered 200."""
    spec.passes(SPEC[9])


@requirement("OKTA-SPEC-13", proof=("groups-slow",), dialects=())
@pytest.mark.usefixtures("groups_offered")
@pytest.mark.scim_undisturbed
def test_groups_are_listed_quickly(spec: OfficialFile) -> None:
    """Request 10: GET /Groups takes less than 600 ms; off loopback the network has a part in it."""
    spec.send(SPEC[9])
    entry = spec.okta.last_entry()
    if entry is not None and entry.seconds >= SECONDS:
        on_loopback = spec.bench.connection.target.on_loopback
        raise Mismatch(
            expected=f"an answer within {SECONDS * 1000:.0f} ms",
            actual=f"{entry.seconds * 1000:.0f} ms",
            entry=entry,
            at_most=None if on_loopback else Verdict.WARN,
        )


@requirement(
    "OKTA-SPEC-11",
    proof=("any-token-accepted", "unauthorized-as-403", "unauthorized-as-html"),
    dialects=(),
)
def test_a_wrong_credential_is_401(spec: OfficialFile) -> None:
    """Request 11: a wrong credential is answered 401 with a SCIM error."""
    spec.bench.log.wrong = ("non-token",)
    spec.passes(SPEC[10])


@requirement(
    "OKTA-SPEC-12",
    proof=("not-found-status-mismatch", "errors-without-schemas", "not-found-as-html"),
    dialects=(),
)
def test_a_made_up_id_is_404(spec: OfficialFile) -> None:
    """Request 12: a made-up id is answered 404 with a SCIM error and its status."""
    spec.passes(SPEC[11])
