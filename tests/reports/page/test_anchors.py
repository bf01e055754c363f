from __future__ import annotations

import pytest

from reports.page.anchors import Anchors


@pytest.mark.parametrize(
    "name", ["RFC7644-3.5.2-3", "OKTA-PUSH-2", "SEC-AUTH-1", "RFC7643-4.1.2-25"]
)
def test_the_first_place_of_a_requirement_has_its_id(name: str) -> None:
    anchors = Anchors()
    assert anchors.requirement(name) == name
    assert anchors.known(name) == name
    assert anchors.requirement(name) == "entry-1"


@pytest.mark.parametrize(
    "name",
    [
        'C-x"><img',
        "__proto__",
        "constructor",
        "rfc7644-3",
        "RFC7644",
        "RFC7644-",
        "RFC7644-3 onclick=x",
        "RFC7644-3\n",
        "A" * 10_000 + "-1",
        "",
        "\u202eRFC7644-3",
        "RFC\u0967-3",
    ],
)
def test_what_does_not_look_like_a_requirement_gets_a_number(name: str) -> None:
    assert Anchors().requirement(name) == "entry-1"
    assert not Anchors().known(name)


def test_causes_and_identity_providers_keep_their_names_when_they_look_like_ours() -> None:
    anchors = Anchors()
    assert anchors.cause("C-3f9a2b1c") == "C-3f9a2b1c"
    assert anchors.cause('C-3f"x') == "entry-1"
    assert anchors.idp("okta") == "okta"
    assert anchors.idp("my-idp-2") == "my-idp-2"
    assert anchors.idp("Okta") == "entry-2"


@pytest.mark.parametrize("name", ["findings", "search", "coverage", "run", "idp"])
def test_no_identity_provider_takes_a_place_of_the_page_itself(name: str) -> None:
    assert Anchors().idp(name) == "entry-1"


def test_a_number_that_somebody_took_is_left_out() -> None:
    anchors = Anchors()
    assert anchors.idp("entry-1") == "entry-1"
    assert anchors.number() == "entry-2"
