"""RFC 7644 section 5: userName and password as internationalized texts (RFC 7613)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Scim

USER = "urn:ietf:params:scim:schemas:core:2.0:User"

honours = pytest.mark.honours

# Pairs that section 3.2 of RFC 7613 (UsernameCaseMapped) makes equal.
SAME_NAMES = [
    pytest.param("andr\u00e9", "andre\u0301", id="composed-and-decomposed"),
    pytest.param("\uff42\uff4a\uff45\uff4e", "bjen", id="full-width"),
    pytest.param("\uff76\uff9e", "\u30ac", id="half-width-katakana"),
    pytest.param("BJensen", "bjensen", id="case"),
    pytest.param("\u0130x", "i\u0307x", id="dotted-capital-i"),
    pytest.param("STRASSE", "stra\u00dfe", id="sharp-s"),
    pytest.param("\u03a3\u039f\u03a6\u039f\u03a3", "\u03c3\u03bf\u03c6\u03bf\u03c2", id="sigma"),
    pytest.param("\u1e9b\u0323", "\u1e9b\u0323".upper(), id="case-of-several-marks"),
    pytest.param("\u1100\u1161", "\uac00", id="hangul"),
]


@honours("RFC7644-5-1")
@pytest.mark.parametrize(("one", "other"), SAME_NAMES)
def test_user_names_that_are_equal_are_one(scim: Scim, one: str, other: str) -> None:
    path = scim.user(one)
    body = {"schemas": [USER], "userName": other}
    assert scim.post("/Users", body).fault == (409, "uniqueness")
    second = scim.user("second")
    assert scim.put(second, body).fault == (409, "uniqueness")
    for form in (one, other):
        assert scim.get("/Users", filter=f'userName eq "{form}"').ids == [path[7:]]
        assert scim.get("/Users", filter=f'userName ne "{form}"').ids == [second[7:]]
    assert scim.get(path).body["userName"] == one
    assert scim.put(path, body).status == 200


@honours("RFC7644-5-1")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("bjensen", "b jensen", id="blank"),
        pytest.param("andre", "andr\u00e9", id="accent"),
        pytest.param("x2", "x\u00b2", id="superscript-is-no-width"),
        pytest.param("fi", "\ufb01x", id="ligature"),
        pytest.param("scope", "\u0455\u0441\u043e\u0440\u0435", id="other-script"),
    ],
)
def test_user_names_that_differ_are_two(scim: Scim, one: str, other: str) -> None:
    first, second = scim.user(one), scim.user(other)
    assert scim.get("/Users", filter=f'userName eq "{one}"').ids == [first[7:]]
    assert scim.get("/Users", filter=f'userName eq "{other}"').ids == [second[7:]]


@honours("RFC7644-5-1")
def test_parts_of_user_names_are_compared_in_the_same_form(scim: Scim) -> None:
    path = scim.user("andre\u0301@example.com")
    for condition in ('sw "ANDR\u00c9"', 'co "dr\u00e9@"', 'ew "\uff0ecom"', 'sw "andre\u0301"'):
        assert scim.get("/Users", filter=f"userName {condition}").ids == [path[7:]]


# Section 4.2 (OpaqueString): composed, blanks of all kinds equal; case and width matter.
@honours("RFC7644-5-2")
@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        pytest.param("caf\u00e9", "cafe\u0301", True, id="composed-and-decomposed"),
        pytest.param("my pass", "my\u00a0pass", True, id="no-break-space"),
        pytest.param("my pass", "my\u3000pass", True, id="ideographic-space"),
        pytest.param("secret", "Secret", False, id="case"),
        pytest.param("secret", "\uff53ecret", False, id="width"),
        pytest.param("secret", "secret ", False, id="blank-at-the-end"),
    ],
)
def test_passwords_are_compared_as_prepared(scim: Scim, one: str, other: str, equal: bool) -> None:
    # A password is never shown; but setting the one that is there changes no version.
    path = scim.user(password=one)
    before = scim.get(path).body["meta"]
    body = {"schemas": [USER], "userName": "bjensen", "password": other}
    assert (scim.put(path, body).body["meta"] == before) == equal
