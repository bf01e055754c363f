"""RFC 7644 section 5: userNames are prepared and compared as RFC 7613 says (PRECIS)."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass

import pytest

from suites.client import Seen
from suites.expect import expect
from suites.making.lab import Lab
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

# Full-width forms of the letters of a word are these letters for who compares userNames.
WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in "wide"}


@dataclass(frozen=True, slots=True)
class Spelled:
    """A user, another create with the userName in another spelling, and a search by that."""

    user: Made
    twin: Seen
    found: Seen | None


def _spelled(lab: Lab, word: str, other: str, *, search: bool) -> Spelled:
    """Create a user with a word in the userName, and once more with the other spelling."""
    login = f"{word}.{lab.people.person().user_name}"
    try:
        made = lab.plain_user(key=word, userName=login)
    except Blocked as problem:
        if login.isascii():
            raise
        lab.plain_user(key="in ASCII")  # blocks the case where this is refused too
        raise NotOffered(f"the server takes no userName beyond ASCII ({problem.reason})") from None
    if not unicodedata.normalize("NFC", str(made.value("userName"))).lower().startswith(word):
        raise NotOffered("the server does not keep such a userName as it is")
    alias = login.replace(word, other, 1)
    twin = lab.scim.post("/Users", {**made.sent, "userName": alias})
    text = f"userName eq {json.dumps(alias, ensure_ascii=False)}"
    return Spelled(made, twin, lab.scim.get("/Users", filter=text) if search else None)


@pytest.fixture
def composed(experiment: Experiment, features: Capabilities) -> Spelled:
    """A userName with a letter that is one character, and the same as a letter and an accent."""
    word, search = "zoë", features.has("filter")
    other = unicodedata.normalize("NFD", word)
    return experiment(
        lambda lab: _spelled(lab, word, other, search=search), key="a decomposed userName"
    )


@pytest.fixture
def wide(experiment: Experiment, features: Capabilities) -> Spelled:
    """A userName in plain letters, and the same in full-width ones."""
    word, search = "wide", features.has("filter")
    return experiment(
        lambda lab: _spelled(lab, word, word.translate(WIDE), search=search),
        key="a userName in full width",
    )


@requirement("RFC7644-5-1", proof=("user-names-compared-by-code-point",))
def test_a_decomposed_user_name_is_taken(composed: Spelled) -> None:
    """A userName that differs from another in its form of Unicode alone is refused as taken."""
    _refused(composed)


@requirement("RFC7644-5-1", proof=("user-names-compared-by-code-point",))
def test_a_user_name_in_full_width_is_taken(wide: Spelled) -> None:
    """A userName that differs from another in the width of letters alone is refused."""
    _refused(wide)


def _refused(spelled: Spelled) -> None:
    __tracebackhide__ = True
    # Who prepares the name may also refuse it for what is in it.
    expect(spelled.twin).refused(400, 409)


@requirement("RFC7644-5-1", needs=("filter",), proof=("user-names-compared-by-code-point",))
def test_a_decomposed_user_name_is_found(composed: Spelled) -> None:
    """A filter on userName finds the user in the other form of Unicode as well."""
    _found(composed)


@requirement("RFC7644-5-1", needs=("filter",), proof=("user-names-compared-by-code-point",))
def test_a_user_name_in_full_width_is_found(wide: Spelled) -> None:
    """A filter on userName finds the user by full-width letters as well."""
    _found(wide)


def _found(spelled: Spelled) -> None:
    __tracebackhide__ = True
    if spelled.found is None:
        raise NotOffered("the server has no filters")
    if spelled.found.status == 400:
        expect(spelled.found).scim_error(400)
    else:
        expect(spelled.found).finds(spelled.user, among=[spelled.user])
