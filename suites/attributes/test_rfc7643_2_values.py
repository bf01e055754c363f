"""RFC 7643 sections 2.3 to 3.1: what a server may take or refuse, and how it writes references."""

from __future__ import annotations

import pytest

from suites.attributes import odd
from suites.attributes.published import published
from suites.attributes.showing import shows
from suites.bench import Discovery
from suites.client import Seen
from suites.expect import expect
from suites.making.world import World
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

_STALE = 'W/"scimproof-stale"'


@requirement("RFC7643-2.3.2-1", needs=("patch",), proof=("patch-boolean-kept-as-text",))
def test_a_word_is_no_boolean(experiment: Experiment, reading: Reading) -> None:
    """A PATCH of `active` with the word "False" is refused, or the word is not kept as a text."""
    done = experiment(odd.patched)
    reading(f'"False" as the value of active is answered with {done.word.status}')
    expect(done.word).no_server_error()
    for seen in (done.word, done.after):
        found = value_at(seen.object(), "active")
        shows(seen, holds=not isinstance(found, str), wanted="a boolean", came=found)


@requirement("RFC7643-2.3.6-3", proof=("create-unpadded-certificate-500",))
def test_padding_may_be_left_away(
    definitions: Definitions, experiment: Experiment, reading: Reading
) -> None:
    """A certificate in base64 without padding is taken or refused."""
    if definitions.known and definitions.attribute("x509Certificates.value") is None:
        raise NotOffered("the server's schema of users has no x509Certificates")
    made = experiment(odd.unpadded)
    reading(f"base64 without padding is answered with {made.reply.status}")
    expect(made.reply).no_server_error()


@requirement("RFC7643-2.3.7-9", proof=("create-group-with-stranger-500",))
def test_a_reference_may_be_checked(experiment: Experiment, reading: Reading) -> None:
    """A group with a member who does not exist is taken or refused."""
    reply: Seen = experiment(odd.with_stranger)
    reading(f"a member who does not exist is answered with {reply.status}")
    expect(reply).no_server_error()


@requirement("RFC7643-2.4-8", proof=("patch-display-of-value-500",))
def test_a_display_may_be_immutable(experiment: Experiment, reading: Reading) -> None:
    """A PATCH of the display of an e-mail is taken or refused."""
    done = experiment(odd.patched)
    reading(f"a PATCH of the display of an e-mail is answered with {done.display.status}")
    expect(done.display).no_server_error()


def _is_normal(told: str) -> bool:
    """Return whether scheme and host are in lower case and the path has no dots to resolve."""
    scheme, _, rest = told.rpartition("://")
    host, _, path = rest.partition("/") if scheme else ("", "", told)
    small = (scheme, host) == (scheme.lower(), host.lower())
    return small and not {".", ".."} & {*path.split("/")}


@requirement("RFC7643-2.4-10", proof=("member-refs-not-normal",))
def test_references_are_in_normal_form(world: World) -> None:
    """The `$ref` of a member has scheme and host in lower case, and no dot segments."""
    found = [(each, str(told)) for each in world.groups for told in each.values("members.$ref")]
    if not found:
        raise NotOffered("the members of groups have no $ref, which is optional")
    for each, told in found:
        shows(each.reply, holds=_is_normal(told), wanted="the normal form", came=told)


@requirement("RFC7643-2.4-17", proof=("schemas-badges-without-parts",))
def test_what_is_not_defined_has_the_usual_parts(experiment: Experiment) -> None:
    """An array of an extension without subAttributes takes value, type, display and primary."""
    tries = experiment(odd.of_extensions)
    if not tries:
        raise NotOffered("no extension has a complex array without subAttributes")
    for path, made in tries:
        expect(made.reply).success()
        expect(made.after).status(200).filled(f"{path}[0].value")


@requirement("RFC7643-3.1-4", proof=("schemas-list-id-writable",))
def test_schemas_may_list_common_attributes(discovery: Discovery, reading: Reading) -> None:
    """An id or `meta` among the attributes in /Schemas is readOnly, as in section 3.1."""
    listed = [each for each in published(discovery) if each.path.lower() in ("id", "meta")]
    reading(f"schemas list {'the' if listed else 'no'} common attributes")
    wrong = [f"{a.schema} {a.path}" for a in listed if str(a.said("mutability")) != "readOnly"]
    shows(discovery.schemas, holds=not wrong, wanted="readOnly", came=[*wrong])


@pytest.fixture
def lettered(scim: Scim, calm_user: Made, world: World) -> tuple[Made, Seen]:
    """A user whose version holds letters, as it is now."""
    for made in (calm_user, *world.users[:4]):
        seen = scim.get(made)
        tag = (seen.header("ETag") or "").removeprefix("W/")
        if seen.status == 200 and tag.swapcase() != tag:
            return made, seen
    raise NotOffered("the versions of this server hold no letters")


@requirement("RFC7643-3.1-36", proof=("if-match-overlooks-case",))
def test_a_version_has_case(scim: Scim, lettered: tuple[Made, Seen]) -> None:
    """A PUT with the version in the other case in If-Match is refused."""
    made, seen = lettered
    tag = seen.header("ETag") or ""
    weak = "W/" if tag.startswith("W/") else ""
    other = weak + tag.removeprefix("W/").swapcase()
    body = {name: value for name, value in seen.object().items() if name != "meta"}
    reply = scim.put(made, body, headers={"If-Match": other})
    if reply.status < 300 and scim.put(made, body, headers={"If-Match": _STALE}).status < 300:
        raise NotOffered("the server does not look at If-Match, which RFC7644-3.14-9 judges")
    expect(reply).status(409, 412)
