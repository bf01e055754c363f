"""RFC 7643 section 5: what the configuration of a server says, and in which form."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.client import Seen
from suites.discovery.entries import is_address
from suites.discovery.entries import is_text
from suites.discovery.writing import Written
from suites.discovery.writing import of
from suites.expect import expect
from suites.making.world import World
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import text
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

SCHEMES = "authenticationSchemes"
MOST = 1000  # users that a case asks for at once
_KNOWN = ("oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest")


@requirement("RFC7643-5-2", proof=("discovery-writable", "config-changed-by-put"))
def test_the_configuration_cannot_be_changed(config: Seen, written: dict[str, Written]) -> None:
    """A PUT on /ServiceProviderConfig changes nothing, and is refused."""
    done = of(written, "ServiceProviderConfig")
    expect(done.reply).holds(lambda: not done.changed, "no change", lambda: "the change is shown")
    # All of it is readOnly, and what is readOnly in a PUT is ignored (RFC 7644 section 3.5.1).
    expect(done.reply).warn_at_most().refused()


@requirement("RFC7643-5-3", proof=("config-id-as-number",))
def test_the_configuration_may_have_an_id(config: Seen, reading: Reading) -> None:
    """An id of the configuration, which it need not have, is a text."""
    found = value_at(config.object(), "id")
    reading(f"the configuration has {'no id' if found is None else 'an id'}")
    good = found is None or isinstance(found, str)
    expect(config).holds(lambda: good, "no id or a text", lambda: text(found))


@requirement("RFC7643-5-4", proof=("config-documentation-no-address",))
def test_the_documentation_has_an_address(config: Seen) -> None:
    """A documentationUri, where there is one, is the address of a web page."""
    found = value_at(config.object(), "documentationUri")
    good = not found or is_address(found)
    expect(config).holds(lambda: good, "an http address", lambda: text(found))


@requirement("RFC7643-5-6", proof=("config-booleans-as-text", "config-features-as-booleans"))
def test_patch_is_announced_or_not(config: Seen) -> None:
    """`patch.supported` of the configuration is true or false."""
    expect(config).boolean("patch.supported")


@requirement("RFC7643-5-8", proof=("config-booleans-as-text", "config-features-as-booleans"))
def test_bulk_is_announced_or_not(config: Seen) -> None:
    """`bulk.supported` of the configuration is true or false."""
    expect(config).boolean("bulk.supported")


@requirement("RFC7643-5-12", proof=("config-booleans-as-text", "config-without-features"))
def test_filters_are_announced_or_not(config: Seen) -> None:
    """`filter.supported` of the configuration is true or false."""
    expect(config).boolean("filter.supported")


@requirement("RFC7643-5-15", proof=("config-booleans-as-text", "config-without-features"))
def test_passwords_are_announced_or_not(config: Seen) -> None:
    """`changePassword.supported` of the configuration is true or false."""
    expect(config).boolean("changePassword.supported")


@requirement("RFC7643-5-17", proof=("config-booleans-as-text", "config-features-as-booleans"))
def test_sorting_is_announced_or_not(config: Seen) -> None:
    """`sort.supported` of the configuration is true or false."""
    expect(config).boolean("sort.supported")


@requirement("RFC7643-5-19", proof=("config-without-etag", "config-booleans-as-text"))
def test_etags_are_announced_or_not(config: Seen) -> None:
    """`etag.supported` of the configuration is true or false."""
    expect(config).boolean("etag.supported")


def _number(config: Seen, path: str) -> None:
    """Expect a number; whether it is written as an integer has a case of its own."""
    __tracebackhide__ = True
    found = value_at(config.object(), path)
    good = isinstance(found, int | float) and not isinstance(found, bool) and found >= 0
    expect(config).holds(lambda: good, f"an integer in {path}", lambda: text(found))


@requirement("RFC7643-5-9", proof=("config-without-limits", "config-limits-as-text"))
def test_the_number_of_operations_is_limited(config: Seen) -> None:
    """`bulk.maxOperations` of the configuration is a number."""
    _number(config, "bulk.maxOperations")


@requirement("RFC7643-5-10", proof=("config-without-limits", "config-limits-as-text"))
def test_the_size_of_a_payload_is_limited(config: Seen) -> None:
    """`bulk.maxPayloadSize` of the configuration is a number."""
    _number(config, "bulk.maxPayloadSize")


@requirement("RFC7643-5-13", proof=("config-without-limits", "config-limits-as-text"))
def test_the_number_of_results_is_limited(config: Seen) -> None:
    """`filter.maxResults` of the configuration is a number."""
    _number(config, "filter.maxResults")


@requirement("RFC7643-5-13", proof=("config-max-results-exceeded",))
def test_no_list_is_longer_than_announced(config: Seen, scim: Scim, world: World) -> None:
    """A list of users with a large `count` holds no more of them than `filter.maxResults`."""
    most = value_at(config.object(), "filter.maxResults")
    if not isinstance(most, int) or not 0 < most <= MOST:
        raise NotOffered(f"filter.maxResults {text(most)} is out of what can be asked for")
    seen = scim.get("/Users", count=most + 1)
    listed = items(value_at(seen.object(), "Resources"))
    few = len(listed) <= most
    # It stands among the options of filters, though it speaks of any response.
    reply = expect(seen).warn_at_most().status(200)
    reply.holds(lambda: few, f"{most} at most", lambda: str(len(listed)))


@requirement(
    "RFC7643-5-21", proof=("config-without-authentication-schemes", "config-schemes-empty")
)
def test_there_are_authentication_schemes(config: Seen) -> None:
    """The configuration has authenticationSchemes, one or more."""
    found = value_at(config.object(), SCHEMES)
    expect(config).holds(lambda: isinstance(found, list), f"{SCHEMES}", lambda: text(found))
    # A server that asks nobody for a credential has none to name.
    expect(config).warn_at_most().filled(SCHEMES)


@requirement("RFC7643-5-21", proof=("config-schemes-as-names",))
def test_an_authentication_scheme_is_an_object(config: Seen) -> None:
    """Each of the authenticationSchemes is an object."""
    found = items(value_at(config.object(), SCHEMES))
    good = all(isinstance(each, dict) for each in found)
    expect(config).holds(lambda: good, "objects", lambda: text(found))


@requirement("RFC7643-5-22", proof=("config-needs-token",))
def test_authentication_schemes_are_public(config: Seen, scim: Scim) -> None:
    """The authenticationSchemes can be read without authentication."""
    seen = scim.get("/ServiceProviderConfig", headers={"Authorization": None})
    expect(seen).status(200)
    if value_at(config.object(), SCHEMES):
        expect(seen).filled(SCHEMES)


def _schemes(config: Seen) -> list[Json]:
    found = [each for each in items(value_at(config.object(), SCHEMES)) if isinstance(each, dict)]
    if not found:
        raise NotOffered("the configuration names no authentication scheme")
    return [*found]


def _each_has(config: Seen, name: str) -> None:
    """Expect a text of each of the authentication schemes."""
    __tracebackhide__ = True
    for each in _schemes(config):
        found = value_at(each, name)
        expect(config).holds(lambda f=found: is_text(f), f"a {name}", lambda e=each: text(e))  # type: ignore[misc]  # a lambda with a default has no type of its own


@requirement("RFC7643-5-23", proof=("config-schemes-without-type",))
def test_a_scheme_has_a_type(config: Seen, reading: Reading) -> None:
    """Each of the authenticationSchemes has a type."""
    _each_has(config, "type")
    for each in _schemes(config):
        kind = value_at(each, "type")
        if kind not in _KNOWN:
            reading(f"the type of an authentication scheme is {kind}, which the RFC does not name")


@requirement("RFC7643-5-24", proof=("config-schemes-without-name",))
def test_a_scheme_has_a_name(config: Seen) -> None:
    """Each of the authenticationSchemes has a name."""
    _each_has(config, "name")


@requirement("RFC7643-5-25", proof=("config-schemes-without-description",))
def test_a_scheme_has_a_description(config: Seen) -> None:
    """Each of the authenticationSchemes has a description."""
    _each_has(config, "description")


def _addresses(config: Seen, name: str) -> None:
    __tracebackhide__ = True
    for each in _schemes(config):
        found = value_at(each, name)
        good = not found or is_address(found)
        expect(config).holds(lambda g=good: g, "an http address", lambda e=each: text(e))  # type: ignore[misc]  # as above


@requirement("RFC7643-5-26", proof=("config-schemes-spec-no-address",))
def test_a_specification_has_an_address(config: Seen) -> None:
    """The specUri of an authentication scheme, where there is one, is an address."""
    _addresses(config, "specUri")


@requirement("RFC7643-5-27", proof=("config-schemes-help-no-address",))
def test_the_help_for_a_scheme_has_an_address(config: Seen) -> None:
    """The documentationUri of an authentication scheme, where there is one, is an address."""
    _addresses(config, "documentationUri")
