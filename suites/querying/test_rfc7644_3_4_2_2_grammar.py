"""RFC 7644 section 3.4.2.2: how a filter is written, and what is done with a wrong one."""

from __future__ import annotations

import json

import pytest

from suites.client import ENTERPRISE_URN
from suites.client import USER_URN
from suites.expect import expect
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.querying.conftest import Ask
from suites.querying.conftest import Texts
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import quoted
from suites.verdicts import NotOffered

NOBODY = 'userName eq "scimproof nobody"'


def _refused(ask: Ask, text: str) -> None:
    __tracebackhide__ = True
    # Table 9 has this scimType for it, but section 3.12 calls scimType optional.
    expect(ask(text)).scim_error(400).warn_at_most().scim_type("invalidFilter")


@requirement("RFC7644-3.4.2.2-1", proof=("config-denies-filter+filter-ignored",), needs=())
def test_filters_that_are_not_supported_are_refused(ask: Ask, features: Capabilities) -> None:
    """A server without filters answers one with an error, not with everybody."""
    if features.announced("filter") is not False:
        raise NotOffered("the server does not say that it has no filters")
    expect(ask(NOBODY)).refused(400, 403, 404, 501)


# -- names and operators


@pytest.mark.parametrize("name", ["username", "USERNAME", "UserName"])
@requirement("RFC7644-3.4.2.2-6", proof=("filter-names-have-case", "filter-finds-nothing"))
def test_names_have_no_case(name: str, ask: Ask, world: World) -> None:
    """An attribute name finds the same in whatever case it is written."""
    value = world["ada"].value("userName")
    expect(ask(f"{name} eq {quoted(value)}")).finds(world["ada"], among=world.users)


@pytest.mark.parametrize("operator", ["Eq", "EQ"])
@requirement("RFC7644-3.4.2.2-7", proof=("filter-operators-have-case", "filter-finds-nothing"))
def test_operators_have_no_case(operator: str, ask: Ask, world: World) -> None:
    """A comparison finds the same in whatever case its operator is written."""
    value = world["ada"].value("userName")
    expect(ask(f"userName {operator} {quoted(value)}")).finds(world["ada"], among=world.users)


@requirement("RFC7644-3.4.2.2-7", proof=("filter-operators-have-case", "filter-ignored"))
def test_logical_operators_have_no_case(ask: Ask, world: World) -> None:
    """`PR`, `CO`, `And`, `OR` and `NOT` are operators as well."""
    name, texts = world["cyd"].value("userName"), Texts(world, str.__contains__)
    others = [each for each in texts.sure if each.key != "cyd"]
    # One thing at a time: how `not` goes with `or` is judged elsewhere.
    reply = ask(f"displayName CO {quoted(texts.part)} And NOT (userName Eq {quoted(name)})")
    expect(reply).finds(*others, among=world.users, perhaps=texts.by_case)
    titled = {each.key: each for each in (world["cyd"], *world.having("title"))}
    reply = ask(f"userName Eq {quoted(name)} OR title PR")
    expect(reply).finds(*titled.values(), among=world.users)


@requirement("RFC7644-3.4.2.2-8", proof=("filter-empty-500",))
def test_an_empty_filter_is_refused_or_none(ask: Ask, reading: Reading) -> None:
    """An empty filter is refused with 400, or taken for none."""
    reply = ask("")
    reading(f"an empty filter is {'taken for none' if reply.status == 200 else 'refused'}")
    expect(reply).status(200, 400)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("userName", id="name-alone"),
        pytest.param("userName eq", id="without-value"),
        pytest.param('eq "x"', id="without-name"),
    ],
)
@requirement("RFC7644-3.4.2.2-9", proof=("filter-broken-finds-everybody", "filter-broken-as-404"))
def test_half_an_expression_is_refused(text: str, ask: Ask) -> None:
    """A filter without attribute, operator or value gives 400 invalidFilter."""
    _refused(ask, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"({NOBODY}", id="bracket-not-closed"),
        pytest.param(f"{NOBODY})", id="bracket-not-opened"),
        pytest.param(f"{NOBODY} and", id="and-without-right-side"),
        pytest.param(f"or {NOBODY}", id="or-without-left-side"),
        pytest.param('userName eq eq "x"', id="operator-twice"),
        pytest.param(f"{NOBODY} title", id="text-behind"),
        pytest.param('userName eq "x', id="quotation-not-closed"),
        pytest.param('emails[type eq "work"', id="square-bracket-not-closed"),
    ],
)
@requirement(
    "RFC7644-3.4.2.2-35",
    proof=("filter-broken-finds-nobody", "filter-broken-500", "filter-broken-as-invalid-value"),
)
def test_what_does_not_follow_the_grammar_is_refused(text: str, ask: Ask) -> None:
    """A filter against the grammar gives 400 invalidFilter."""
    _refused(ask, text)


@requirement("RFC7644-3.4.2.2-38", proof=("filter-broken-500",))
def test_a_name_that_begins_with_a_digit_is_none(ask: Ask, reading: Reading) -> None:
    """`1name eq` is refused with 400, or finds nobody."""
    reply = ask('1name eq "x"')
    reading(f"a name that is none is answered with {reply.status}")
    if reply.status == 200:
        expect(reply).matches()
    expect(reply).status(200, 400)


# -- values


@requirement("RFC7644-3.4.2.2-36", proof=("filter-escapes-not-read",))
def test_escapes_are_those_of_json(ask: Ask, world: World) -> None:
    """A value with escaped quotation marks and backslashes finds the text that it stands for."""
    name = world["dot"].kept("nickName").value("nickName")
    wanted = world.equal("nickName", name)
    expect(ask(f"nickName eq {json.dumps(name)}")).finds(*wanted, among=world.users)


@pytest.mark.parametrize("ascii_only", [True, False], ids=["escaped", "literal"])
@requirement("RFC7644-3.4.2.2-36", proof=("filter-letters-ascii", "filter-finds-nothing"))
def test_letters_of_all_languages_are_found(*, ascii_only: bool, ask: Ask, world: World) -> None:
    r"""Letters beyond ASCII are found as they are and as `\u00e9`."""
    title = world["eve"].kept("title").value("title")
    wanted = world.equal("title", title)
    reply = ask(f"title eq {json.dumps(title, ensure_ascii=ascii_only)}")
    expect(reply).finds(*wanted, among=world.users)


@requirement("RFC7644-3.4.2.2-36", proof=("filter-boolean-finds-nothing",))
def test_true_is_a_value(ask: Ask, world: World) -> None:
    """`active eq true` finds those who are active."""
    expect(ask("active eq true")).finds(*world.equal("active", True), among=world.users)


@requirement("RFC7644-3.4.2.2-36", proof=("filter-null-500",))
def test_null_is_a_value(ask: Ask, world: World, reading: Reading) -> None:
    """`nickName eq null` is a comparison; whom it finds is left open."""
    reply = ask("nickName eq null")
    expect(reply).finds(among=world.users, perhaps=[*world.lacking("nickName")])
    reading(f"`eq null` finds {reply.object().get('totalResults')} user(s)")


@requirement("RFC7644-3.4.2.2-45", proof=("active-by-default+filter-boolean-finds-nothing",))
def test_a_default_is_found_as_it_was_shown(ask: Ask, world: World) -> None:
    """A default that the server gave `active` is the value that a filter compares."""
    hal = world["hal"]
    if hal.value("active") is not True:
        raise NotOffered("the server does not show a new user as active by default")
    reply = ask(f"active eq true and userName eq {quoted(hal.value('userName'))}")
    expect(reply).finds(hal, among=world.users)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('active eq "yes"', id="text-for-boolean"),
        pytest.param('meta.created gt "abc"', id="text-for-date"),
    ],
)
@requirement("RFC7644-3.4.2.2-52", proof=("filter-broken-500", "filter-broken-finds-everybody"))
def test_a_value_of_another_type_finds_nobody(text: str, ask: Ask, world: World) -> None:
    """A comparison value of the wrong type gives 400, or finds nobody."""
    _nobody_or_refused(ask, text, world)


@requirement("RFC7644-3.4.2.2-51", proof=("filter-broken-finds-everybody", "filter-broken-500"))
def test_an_unknown_attribute_finds_nobody(ask: Ask, world: World) -> None:
    """A filter on an attribute that no user has gives 400, or finds nobody."""
    _nobody_or_refused(ask, 'scimproofNothing eq "x"', world)


def _nobody_or_refused(ask: Ask, text: str, world: World) -> None:
    __tracebackhide__ = True
    reply = ask(text)
    if reply.status == 200:
        expect(reply).finds(among=world.users)
    else:
        expect(reply).scim_error(400)


# -- paths


@pytest.mark.parametrize("path", ["userName", "name.familyName"])
@requirement("RFC7644-3.4.2.2-37", proof=("filter-urn-refused", "filter-finds-nothing"))
def test_a_path_may_begin_with_the_schema(path: str, ask: Ask, world: World) -> None:
    """A core attribute is found with the URN of its schema before it."""
    value = world["ada"].kept(path).value(path)
    reply = ask(f"{USER_URN}:{path} eq {quoted(value)}")
    expect(reply).finds(*world.equal(path, value), among=world.users)


@requirement(
    "RFC7644-3.4.2.2-37",
    proof=("filter-urn-refused", "filter-finds-nothing"),
    needs=("filter", "enterprise"),
)
def test_an_attribute_of_an_extension_is_found(ask: Ask, world: World) -> None:
    """An attribute of an extension is found by its URN."""
    path = f"{ENTERPRISE_URN}:department"
    value = world["ada"].kept(path).value(path)
    expect(ask(f"{path} eq {quoted(value)}")).finds(*world.equal(path, value), among=world.users)


@requirement("RFC7644-3.4.2.2-37", proof=("filter-broken-finds-everybody", "filter-broken-500"))
def test_a_path_has_two_names_at_most(ask: Ask, world: World) -> None:
    """`name.givenName.first` is no path: it gives 400, or finds nobody."""
    _nobody_or_refused(ask, 'name.givenName.first eq "Ada"', world)


@requirement("RFC7644-3.4.2.2-44", proof=("filter-finds-nothing", "filter-by-user-name-only"))
def test_a_part_of_a_complex_attribute_is_named(ask: Ask, world: World) -> None:
    """`name.givenName eq` compares that part of the name."""
    name = world["ada"].kept("name.givenName").value("name.givenName")
    wanted = world.equal("name.givenName", name)
    expect(ask(f"name.givenName eq {quoted(name)}")).finds(*wanted, among=world.users)


@requirement("RFC7644-3.4.2.2-44", proof=("filter-finds-nothing", "filter-sub-attribute-needed"))
def test_emails_stand_for_their_values(ask: Ask, world: World) -> None:
    """`emails co`, as in an example of the text, compares the addresses."""
    part = f"ada.{world.tag}@"
    found = world.whose("emails.value", lambda value: part in value)
    expect(ask(f"emails co {quoted(part)}")).finds(*found, among=world.users)


# -- refusals, and case


@requirement("RFC7644-3.4.2.2-47", proof=("filter-broken-finds-everybody", "filter-broken-500"))
def test_an_unknown_operator_is_refused(ask: Ask) -> None:
    """An operator that does not exist gives 400 invalidFilter with an explanation."""
    reply = ask('userName regex "x"')
    expect(reply).scim_error(400, scim_type="invalidFilter").explained()


@requirement("RFC7644-3.4.2.2-48", proof=("filter-refusal-unexplained",))
def test_the_refusal_names_the_operator(ask: Ask) -> None:
    """The explanation of a refused operator names it."""
    expect(ask('userName regex "x"')).status(400).explained("regex")


@pytest.mark.parametrize("operator", ["eq", "co", "sw", "ew"])
@requirement("RFC7644-3.4.2.2-49", proof=("filter-texts-have-case", "filter-finds-nothing"))
def test_texts_without_case_are_found_in_any(operator: str, ask: Ask, world: World) -> None:
    """A userName, which has no case, is found in capitals."""
    name = str(world["ben"].value("userName"))
    expect(ask(f"userName {operator} {quoted(name.upper())}")).finds(
        world["ben"], among=world.users
    )


@pytest.mark.parametrize("operator", ["eq", "co", "sw", "ew"])
@requirement("RFC7644-3.4.2.2-49", proof=("filter-overlooks-case", "filter-finds-nothing"))
def test_texts_with_case_are_found_in_theirs(operator: str, ask: Ask, world: World) -> None:
    """An externalId, which has case, is not found in another."""
    ada, ben = world["ada"].kept("externalId"), world["ben"].kept("externalId")
    if ada.value("externalId") == ben.value("externalId"):
        raise NotOffered("the server alters the case of an externalId")
    reply = ask(f"externalId {operator} {quoted(ada.value('externalId'))}")
    expect(reply).finds(ada, among=world.users)
