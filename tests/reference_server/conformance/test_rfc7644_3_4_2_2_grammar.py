"""RFC 7644 section 3.4.2.2, Figure 1: what is a filter, and what is refused and how."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Any

import pytest

from reference_server import filters

if TYPE_CHECKING:
    from conftest import Scim

honours = pytest.mark.honours

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@pytest.fixture
def people(scim: Scim) -> Scim:
    scim.user(
        "bjensen",
        name={"givenName": "Barbara", "familyName": "O'Malley"},
        active=True,
        nickName='say "hi" \\ a/b \u00e9\U0001f600\t',
        emails=[{"value": "b@example.com", "type": "work"}],
        **{ENTERPRISE: {"department": "Tours", "manager": {"value": "26118915"}}},
    )
    scim.user("jsmith", title="Dr", active=False, nickName=") or (title pr")
    return scim


def found(scim: Scim, text: str) -> list[str]:
    reply = scim.get("/Users", filter=text)
    assert reply.status == 200, reply.body
    return [each["userName"] for each in reply.body["Resources"]]


def row(ids: str, text: str, who: str) -> Any:  # noqa: ANN401 - as of pytest.param
    marks = honours(*(f"RFC7644-3.4.2.2-{each}" for each in ids.split()))
    return pytest.param(text, who.split(), marks=marks, id=text)


B, J, BOTH = "bjensen", "jsmith", "bjensen jsmith"

READ = [
    # attributes and literals
    row("5 36", 'userName eq "bjensen"', B),
    row("5 36", "active eq true", B),
    row("5 36", "active eq false", J),
    row("5 36", "title eq null", B),
    row("5", 'meta.created gt "2011-05-13T04:42:34Z"', BOTH),
    row("36", r'nickName eq "say \"hi\" \\ a\/b \u00e9\ud83d\ude00\t"', B),
    row("36", 'nickName eq "say \\"hi\\" \\\\ a/b \u00c9\U0001f600\\u0009"', B),
    row("36", r'nickName co "\u0022HI\u0022 \u005c"', B),
    row("36", 'nickName eq ") or (title pr"', J),
    row("36", 'nickName co "]"', ""),
    # names without regard to case
    row("6", 'USERNAME eq "bjensen"', B),
    row("6", 'Name.FAMILYname co "malley"', B),
    row("6", 'EMAILS[TYPE eq "work"]', B),
    row("6", 'emails.Type eq "work"', B),
    row("7", 'userName Eq "bjensen"', B),
    row("7", 'userName CO "MITH"', J),
    row("7", 'title PR oR userName sW "b"', BOTH),
    row("7", 'title Pr AND active EQ false and Not (userName EW "x")', J),
    row("7", 'userName gE "j" And userName Lt "k"', J),
    # paths
    row("37", f'{USER}:userName eq "bjensen"', B),
    row("37", f'{USER}:name.givenName eq "barbara"', B),
    row("37", f'{USER}:emails.type eq "work"', B),
    row("37", f'{USER}:emails[type eq "work"]', B),
    row("37", f'{ENTERPRISE}:department eq "tours"', B),
    row("37", f'{ENTERPRISE}:manager.value eq "26118915"', B),
    row("37", f"{ENTERPRISE}:manager pr", B),
    row("37", f"not ({ENTERPRISE}:department pr)", J),
    row("37 6", f'{USER.upper()}:USERNAME eq "bjensen"', B),
    row("44", 'name.givenName eq "Barbara"', B),
    row("44", 'emails.value eq "b@example.com"', B),
    # blanks
    row("35", '  userName   eq   "bjensen"  ', B),
    row("35", '( userName eq "bjensen" )or( title pr )', BOTH),
    row("35", "(" * 20 + "title pr" + ")" * 20, J),
]


@pytest.mark.parametrize(("text", "who"), READ)
def test_a_filter_is_read_as_the_grammar_says(people: Scim, text: str, who: list[str]) -> None:
    assert found(people, text) == who


def bad(ids: str, text: str, position: int) -> Any:  # noqa: ANN401 - as of pytest.param
    marks = honours(*(f"RFC7644-3.4.2.2-{each}" for each in ids.split()))
    return pytest.param(text, position, marks=marks, id=text or "empty")


REFUSED = [
    bad("8", "", 1),
    bad("8", "   ", 4),
    bad("8", "()", 2),
    bad("9", "userName", 9),
    bad("9", "userName eq", 12),
    bad("9", 'eq "x"', 4),
    bad("9", '"x" eq userName', 1),
    bad("9", "pr title", 4),
    bad("9", 'title pr "x"', 10),
    bad("35", '(userName eq "a"', 17),
    bad("35", 'userName eq "a")', 16),
    bad("35", 'emails[type eq "a"', 19),
    bad("35", 'emails type eq "a"]', 8),
    bad("35", '(emails[type eq "a")]', 20),
    bad("35", 'userName eq "a" and', 20),
    bad("35", 'and userName eq "a"', 5),
    bad("35", 'userName eq "a" and or title pr', 24),
    bad("35", 'userName eq eq "a"', 13),
    bad("35", "userName sw bjensen", 13),
    bad("35", "userName eq 'bjensen'", 13),
    bad("35", 'userName eq "bjensen', 13),
    bad("35", 'userName eq "a" title pr', 17),
    bad("35", 'userName eq "a" xor title pr', 17),
    bad("35", 'userName eq "a"and title pr', 16),
    bad("35", 'userName = "a"', 10),
    bad("35", 'userName=="a"', 1),
    bad("35", "not title pr", 5),
    bad("35", "not", 4),
    bad("35", 'title pr, userName eq "a"', 7),
    bad("35", "title pr;", 7),
    bad("35", 'userName eq "a" && title pr', 17),
    bad("35", 'emails[type eq "work"] .value pr', 24),
    bad("35", 'emails[type eq "work"]. value pr', 24),
    bad("35", 'userName eq\u00a0"a"', 10),
    bad("36", "userName eq undefined", 13),
    bad("36", "userName eq NaN", 13),
    bad("36", "userName gt -", 13),
    bad("36", "userName eq 05", 14),
    bad("36", "userName eq .5", 13),
    bad("36", "userName eq 5.", 14),
    bad("36", 'userName eq ["x"]', 13),
    bad("36", 'userName eq {"x":1}', 13),
    bad("36", r'userName eq "\x41"', 14),
    bad("36", 'userName eq "a\nb"', 15),
    bad("36", r'userName eq "\ud800"', 21),
    bad("37", 'a.b.c eq "x"', 1),
    bad("37", 'name.givenName.x eq "x"', 1),
    bad("37", f'{USER}. userName eq "x"', 1),
    bad("37", f'{USER}.userName eq "x"', 1),
    bad("37", f"{ENTERPRISE} pr", 1),
    bad("37", ':userName eq "x"', 1),
    bad("37", "userName. pr", 1),
    bad("38", '1name eq "x"', 1),
    bad("38", '-name eq "x"', 1),
    bad("38", "_name pr", 1),
    bad("38", "na*me pr", 1),
    bad("38", "n\u00e4me pr", 1),
    bad("38", "title pr and 9 pr", 14),
    bad("44", 'name eq "x"', 1),
    bad("44", "title pr or addresses co 5", 13),
    bad("47", 'userName regex "x"', 10),
    bad("47", 'title pr or userName like "x"', 22),
    bad("47", "userName present", 10),
    bad("51", 'noSuchAttr eq "x"', 1),
    bad("51", "title pr or noSuchAttr pr", 13),
    bad("51", "not pr", 1),
    bad("51", 'name.noSuch eq "x"', 1),
    bad("51", 'urn:example:none:userName eq "x"', 1),
    bad("51", f'{ENTERPRISE}:userName eq "x"', 1),
]


@pytest.mark.parametrize(("text", "position"), REFUSED)
def test_what_is_no_filter_is_refused_at_the_place_where_it_goes_wrong(
    people: Scim, text: str, position: int
) -> None:
    reply = people.get("/Users", filter=text)
    assert reply.fault == (400, "invalidFilter")
    assert reply.body["schemas"] == [ERROR]
    assert "Resources" not in reply.body
    assert f"character {position}:" in reply.body["detail"]


@honours("RFC7644-3.4.2.2-47", "RFC7644-3.4.2.2-48")
def test_the_refusal_names_the_operator_that_is_not_supported(people: Scim) -> None:
    detail = people.get("/Users", filter='userName regex "x"').body["detail"]
    assert "'regex' is not supported" in detail
    assert "'like' is not" in people.get("/Users", filter='userName LIKE "x"').body["detail"]
    assert "expected an attribute name" in people.get("/Users", filter="").body["detail"]
    assert "expected an operator" in people.get("/Users", filter="title").body["detail"]


@pytest.mark.parametrize("name", ["noSuch", "name.noSuch", f"{ENTERPRISE}:noSuch.x", "NoSuch.y"])
@honours("RFC7644-3.4.2.2-51")
def test_the_refusal_names_the_attribute_as_it_was_written(people: Scim, name: str) -> None:
    for text in (f"{name} pr", f'{name} eq "x"', f'title pr or {name}[value eq "x"]'):
        detail = people.get("/Users", filter=text).body["detail"]
        assert repr(name) in detail


@honours("RFC7644-3.4.2.2-38")
def test_names_may_hold_digits_hyphens_underscores_and_the_dollar_of_ref(full: Scim) -> None:
    gadget = {"schemas": ["urn:example:params:scim:schemas:2.0:Gadget"], "name": "g"}
    made = full.post("/Gadgets", {**gadget, "colour-code_2$": "x"})
    full.post("/Gadgets", {**gadget, "name": "h"})
    reply = full.get("/Gadgets", filter='Colour-Code_2$ eq "x"')
    assert reply.ids == [made.body["id"]]
    group = full.group("g", [full.user()])
    assert full.get("/Groups", filter='members.$ref co "/Users/"').ids == [group[8:]]


@honours("RFC7644-3.4.2.2-1")
def test_the_configuration_announces_filters(scim: Scim) -> None:
    announced = scim.get("/ServiceProviderConfig").body["filter"]
    assert announced["supported"] is True
    assert announced["maxResults"] > 0


@honours("RFC7644-3.4.2.2-35")
def test_brackets_nest_to_a_limit_and_not_beyond(people: Scim) -> None:
    for opening in ("(", "not ("):
        depth = filters.MAX_DEPTH - 1
        deep = opening * depth + "title pr" + ")" * depth
        assert people.get("/Users", filter=deep).status == 200
        deeper = people.get("/Users", filter=f"({deep})")
        assert deeper.fault == (400, "invalidFilter")
        assert "deep" in deeper.body["detail"]
    depth = filters.MAX_DEPTH - 2
    within = "(" * depth + "type pr" + ")" * depth
    assert people.get("/Users", filter=f"emails[{within}]").status == 200
    assert people.get("/Users", filter=f"emails[({within})]").fault == (400, "invalidFilter")


@honours("RFC7644-3.4.2.2-35")
def test_filters_have_a_greatest_length(people: Scim) -> None:
    text = 'title eq "' + "x" * (filters.MAX_LENGTH - 11) + '"'
    assert people.get("/Users", filter=text).status == 200
    assert people.get("/Users", filter=f"{text} ").fault == (400, "invalidFilter")
    many = " or ".join(['userName eq "bjensen"'] * 700)
    assert found(people, many) == ["bjensen"]
