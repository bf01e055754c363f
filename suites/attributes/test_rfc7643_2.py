"""RFC 7643 sections 1 and 2: values, their types, arrays, and what is unassigned."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import urlsplit

import pytest

from idp_profiles.model import Json
from suites.attributes import creating
from suites.attributes import others
from suites.attributes.conftest import Creates
from suites.attributes.conftest import Replaced
from suites.attributes.conftest import Specimen
from suites.attributes.creating import Tried
from suites.attributes.showing import shows
from suites.bench import Discovery
from suites.expect import expect
from suites.making.completing import check_refusal
from suites.making.world import World
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Reading
from suites.target.model import Target
from suites.values import items
from suites.values import named_by_server
from suites.values import quoted
from suites.values import value_at
from suites.values import values_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

Specimens = tuple[Specimen, ...]
Steps = dict[str, Replaced]
_URI = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_DATE_TIME = r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
_WITH_TIME = r".*\d-\d\d-\d\d.\d\d:\d\d.*"
_BASE64 = re.compile(r"[A-Za-z0-9+/_\s-]*={0,2}\s*")


@requirement("RFC7643-1.1-1", proof=("create-requires-display-name",))
def test_only_required_attributes_are_needed(creates: Creates, definitions: Definitions) -> None:
    """A user with nothing but userName and what the server says it requires is created."""
    made = creates["least"]
    check_refusal(made.reply, made.sent, definitions)
    expect(made.reply).success()


@requirement("RFC7643-1.1-2", proof=("resource-types-in-quotes",))
def test_quotation_marks_are_no_part_of_a_literal(specimens: Specimens) -> None:
    """The name of a resource type has no quotation marks in it."""
    for each in specimens:
        found = str(value_at({**each.document}, "meta.resourceType"))
        shows(each.seen, holds='"' not in found, wanted="no quotation mark", came=found)


@requirement("RFC7643-1.2-2", proof=("create-takes-arrays-for-text",))
def test_a_singular_attribute_holds_one_value(creates: Creates) -> None:
    """A displayName that is sent as an array is refused, or does not stay one."""
    made = creates["array"]
    expect(made.reply).no_server_error()
    for seen in made.sights:
        found = value_at(seen.object(), "displayName")
        shows(seen, holds=not isinstance(found, list), wanted="one value", came=found)


@requirement("RFC7643-1.2-3", proof=("emails-first-only",))
def test_several_values_are_kept(calm_user: Made, scim: Scim) -> None:
    """A user with two e-mails has both, and one without has none."""
    sent = items(calm_user.sent.get("emails"))
    if len(sent) < 2:
        why = "the server has no multi-valued emails"
        raise NotOffered(calm_user.unless_refused(why, "emails[1]"))
    found = items(value_at(scim.get(calm_user).object(), "emails"))
    shows(calm_user.reply, holds=len(found) == len(sent), wanted="two e-mails", came=found)


@requirement("RFC7643-2-1", proof=("put-refuses-own-representation", "put-display-name-ignored"))
def test_each_attribute_is_taken_or_ignored_by_itself(replaced: Steps) -> None:
    """A PUT that changes displayName, `meta` and groups changes displayName."""
    change = replaced["read only"].on("displayName")
    expect(change.reply).success()
    expect(change.after).status(200).has("displayName", change.sent["displayName"])


@requirement("RFC7643-2.1-1", proof=("create-names-have-case",))
def test_attribute_names_have_no_case(creates: Creates, definitions: Definitions) -> None:
    """A user whose attribute names are spelled in other capitals is created with all of them."""
    made = creates["capitals"].unusual()
    expect(made.reply).success()
    seen = expect(made.after).status(200).has("userName", made.sent["USERNAME"])
    if _takes_display_names(definitions):
        seen.has("displayName", made.sent["displayname"])


@requirement(
    "RFC7643-2.3-2",
    proof=(
        "user-ids-as-numbers",
        "active-as-string",
        "dates-without-time",
        "entitlement-names-as-objects",
    ),
)
def test_values_have_the_types_of_their_schema(
    specimens: Specimens, definitions: Definitions
) -> None:
    """Each value of a resource has the JSON type of the attribute in the server's schemas."""
    if not definitions.known:
        raise NotOffered("the server does not publish its schemas")
    for each in specimens:
        faults = definitions.shape(each.type).faults({**each.document})
        shows(each.seen, holds=not faults, wanted=f"a {each.type} as defined", came=[*faults])


@requirement("RFC7643-2.3.1-1", proof=("create-mangles-unicode",))
def test_a_text_holds_any_letter(creates: Creates, definitions: Definitions) -> None:
    """A displayName in several scripts with an emoji is shown as it was sent."""
    made = creates["words"].unusual()
    if named_by_server(made.after.object()) or not _takes_display_names(definitions):
        raise NotOffered("no client sets the displayName of a user of this server")
    expect(made.reply).success()
    expect(made.after).status(200).has("displayName", creating.WORDS)


@requirement("RFC7643-2.3.1-3", proof=("email-type-off-list-500",))
def test_values_off_the_list_may_be_refused(creates: Creates, reading: Reading) -> None:
    """An e-mail with a type that is not among the canonical ones is taken or refused."""
    made = creates["off list"]
    reading(f"a type off the list of canonical values is answered with {made.reply.status}")
    expect(made.reply).status(200, 201, 400)


@requirement("RFC7643-2.3.2-1", proof=("active-as-string",))
def test_a_boolean_is_a_literal(specimens: Specimens) -> None:
    """`active` and `primary` are true or false, and no text."""
    for each in specimens:
        document: Json = {**each.document}
        for path in ("active", "emails.primary", "phoneNumbers.primary"):
            for found in values_at(document, path):
                shows(each.seen, holds=isinstance(found, bool), wanted="a boolean", came=found)


@requirement("RFC7643-2.3.4-1", proof=("config-numbers-with-fraction",))
def test_an_integer_has_no_fraction(discovery: Discovery) -> None:
    """The limits of filters and bulk requests are written without fraction or exponent."""
    document = discovery.config.object()
    for path in ("filter.maxResults", "bulk.maxOperations", "bulk.maxPayloadSize"):
        for found in values_at(document, path):
            shows(discovery.config, holds=type(found) is int, wanted="an integer", came=found)


def _dates(specimens: Specimens, pattern: str) -> None:
    for each in specimens:
        for path in ("meta.created", "meta.lastModified"):
            for found in values_at({**each.document}, path):
                good = isinstance(found, str) and re.fullmatch(pattern, found) is not None
                shows(each.seen, holds=good, wanted=f"a dateTime in {path}", came=found)


@requirement("RFC7643-2.3.5-1", proof=("dates-with-blank",))
def test_a_date_is_an_xsd_date_time(specimens: Specimens) -> None:
    """The dates in `meta` are written as xsd:dateTime."""
    _dates(specimens, _DATE_TIME)


@requirement("RFC7643-2.3.5-2", proof=("dates-without-time",))
def test_a_date_has_a_time(specimens: Specimens) -> None:
    """The dates in `meta` have a time of day."""
    _dates(specimens, _WITH_TIME)


@requirement("RFC7643-2.3.5-3", proof=("dates-as-numbers",))
def test_a_date_is_a_text(specimens: Specimens) -> None:
    """The dates in `meta` are JSON strings."""
    _dates(specimens, r"(?s).*")


@requirement("RFC7643-2.3.6-1", proof=("certificates-in-hex",))
def test_a_binary_is_base64(certified: Tried) -> None:
    """A certificate is shown in base64."""
    for found in values_at(certified.after.object(), "x509Certificates.value"):
        good = isinstance(found, str) and _decodes(found)
        shows(certified.after, holds=good, wanted="a text in base64", came=found)


def _decodes(value: str) -> bool:
    plain = re.sub(r"\s", "", value).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return _BASE64.fullmatch(value) is not None


@requirement("RFC7643-2.3.6-4", proof=("certificates-as-bytes",))
def test_a_binary_is_a_text(certified: Tried) -> None:
    """A certificate is shown as a JSON string."""
    for entry in items(value_at(certified.after.object(), "x509Certificates")):
        found = value_at(entry, "value")
        shows(certified.after, holds=isinstance(found, str), wanted="a text", came=found)


@requirement("RFC7643-2.3.7-2", proof=("references-with-blanks",))
def test_a_reference_is_a_uri(specimens: Specimens) -> None:
    """The references of a resource are URIs, absolute or relative."""
    paths = ("meta.location", "members.$ref", "groups.$ref", "profileUrl", "photos.value")
    for each in specimens:
        for path in paths:
            for found in values_at({**each.document}, path):
                good = isinstance(found, str) and _URI.fullmatch(found) is not None
                shows(each.seen, holds=good, wanted=f"a URI in {path}", came=found)


@requirement("RFC7643-2.3.8-2", proof=("create-needs-schemas-first",))
def test_attributes_come_in_any_order(creates: Creates) -> None:
    """A user whose attributes are sent in another order is created all the same."""
    made = creates["backwards"].unusual()
    expect(made.reply).success()
    expect(made.after).status(200).has("userName", made.sent["userName"])


@requirement("RFC7643-2.3.8-4", proof=("schemas-nest-complex",))
def test_no_complex_attribute_is_in_another(discovery: Discovery, definitions: Definitions) -> None:
    """No sub-attribute in the schema of a resource type is complex."""
    faults = [
        part.path
        for kind in definitions.types
        if not others.is_about(kind)  # a Schema may hold complex inside complex (section 7)
        for each in definitions.every(kind.name)
        for part in each.parts
        if part.type == "complex"
    ]
    shows(discovery.schemas, holds=not faults, wanted="simple sub-attributes", came=[*faults])


@requirement("RFC7643-2.3.8-4", proof=("create-takes-objects-for-text",))
def test_a_part_of_a_name_is_no_object(creates: Creates) -> None:
    """A familyName that is sent as an object is refused, or not shown as one."""
    made = creates["object"]
    expect(made.reply).no_server_error()
    for seen in made.sights:
        found = value_at(seen.object(), "name.familyName")
        shows(seen, holds=not isinstance(found, dict), wanted="a text or none", came=found)


@requirement("RFC7643-2.4-1", proof=("emails-as-object",))
def test_one_value_is_an_array_too(creates: Creates) -> None:
    """The e-mail of a user who has one is shown in an array."""
    seen = creates["least" if not creates["untyped"].taken else "untyped"].made().after
    found = value_at(seen.object(), "emails")
    good = found is None or isinstance(found, list)
    shows(seen, holds=good, wanted="an array of e-mails", came=found)


@requirement("RFC7643-2.4-2", proof=("members-as-bare-ids",))
def test_an_array_is_of_one_kind(specimens: Specimens) -> None:
    """E-mails and members are objects, each of them."""
    for each in specimens:
        for name in ("emails", "phoneNumbers", "addresses", "members", "groups"):
            for found in items(value_at({**each.document}, name)):
                good = isinstance(found, dict)
                shows(each.seen, holds=good, wanted=f"objects in {name}", came=found)


@requirement("RFC7643-2.4-5", proof=("email-types-lost",))
def test_the_type_of_a_value_is_kept(calm_user: Made, scim: Scim) -> None:
    """Each e-mail of a user has the type that it was given."""
    seen = scim.get(calm_user.kept("emails"))
    for entry in items(calm_user.sent.get("emails")):
        value, kind = value_at(entry, "value"), value_at(entry, "type")
        if value in values_at(seen.object(), "emails.value"):
            expect(seen).holds_value("emails", value=value, type=kind)


@requirement("RFC7643-2.4-6", proof=("create-keeps-two-primaries",))
def test_one_value_at_most_is_primary(creates: Creates, reading: Reading) -> None:
    """A user who is created with two primary e-mails is refused, or has one at most."""
    made = creates["primaries"]
    reading(f"two primary e-mails are answered with {made.reply.status}")
    expect(made.reply).no_server_error()
    for seen in made.sights:
        first = [each for each in values_at(seen.object(), "emails.primary") if each is True]
        shows(seen, holds=len(first) <= 1, wanted="one primary e-mail at most", came=[*first])


@requirement("RFC7643-2.4-7", proof=("primary-assumed",))
def test_a_value_is_not_primary_by_itself(calm_user: Made, scim: Scim) -> None:
    """An e-mail that was not said to be primary is not shown as such beside one that was."""
    seen = scim.get(calm_user.kept("emails[1].value"))
    first = [each for each in values_at(seen.object(), "emails.primary") if each is True]
    shows(seen, holds=len(first) <= 1, wanted="one primary e-mail at most", came=[*first])


@requirement("RFC7643-2.4-9", proof=("create-drops-emails",))
def test_the_value_is_what_matters(scim: Scim, calm_user: Made, definitions: Definitions) -> None:
    """An e-mail that was sent is in `value`."""
    said = definitions.attribute("emails")
    if said is not None and said.returned in ("never", "request"):
        raise NotOffered("the server's schema of users says that emails are not shown unasked")
    if "emails" not in calm_user.sent:
        raise NotOffered("the server's schema of users has no emails")
    expect(scim.get(calm_user)).email(str(value_at({**calm_user.sent}, "emails[0].value")))


@requirement("RFC7643-2.4-12", proof=("create-requires-type-in-emails",))
def test_a_value_needs_no_type(creates: Creates, reading: Reading) -> None:
    """An e-mail without type is taken, and may be given one."""
    made = creates["untyped"].unusual()
    expect(made.reply).success()
    found = value_at(made.after.object(), "emails[0].type")
    reading(f"an e-mail without type is shown with {found or 'none'}")


@requirement("RFC7643-2.4-13", proof=("email-value-once",))
def test_a_value_may_have_two_types(creates: Creates) -> None:
    """An e-mail that is sent with two types is shown with both."""
    made = creates["types"].unusual()
    expect(made.reply).success()
    expect(made.after).status(200).holds_value("emails", type="work").holds_value(
        "emails", type="home"
    )


@requirement("RFC7643-2.4-14", proof=("email-pairs-kept",))
def test_a_pair_of_type_and_value_is_shown_once(creates: Creates) -> None:
    """An e-mail that is sent twice with the same type is refused, or shown once."""
    made = creates["twice"]
    expect(made.reply).no_server_error()
    for seen in made.sights:
        found = values_at(seen.object(), "emails.value")
        shows(seen, holds=len(found) <= 1, wanted="the e-mail once", came=found)


@requirement(
    "RFC7643-2.5-3",
    proof=(
        "put-refuses-empty-arrays",
        "put-empty-array-keeps",
    ),
)
def test_an_empty_array_makes_unassigned(replaced: Steps) -> None:
    """A PUT with an empty array for phoneNumbers leaves the user without any."""
    change = replaced["empty"].on("phoneNumbers")
    expect(change.reply).success()
    expect(change.after).status(200).absent("phoneNumbers")


@pytest.mark.parametrize("path", ["nickName", "phoneNumbers"])
@requirement("RFC7643-2.5-4", proof=("filter-pr-ignored",))
def test_what_is_unassigned_is_not_present(path: str, scim: Scim, replaced: Steps) -> None:
    """A filter for presence does not find the user whose attribute was unassigned."""
    change = replaced["id"].on("userName")
    if change.before.get(path):
        raise NotOffered(f"the server did not unassign {path}")
    name = change.before["userName"]
    found = scim.find(f"userName eq {quoted(name)} and {path} pr")
    if found.status in (400, 501):
        raise NotOffered("the server refuses this filter")
    expect(found).status(200).nobody()


@requirement("RFC7643-2.3.7-8", proof=("member-refs-broken",))
def test_a_reference_leads_somewhere(scim: Scim, world: World, target: Target) -> None:
    """GET on the `$ref` of a member gives the member, or says why not."""
    base = urlsplit(target.url).path.rstrip("/")
    entry = items(world["crew"].kept("members").value("members"))[0]
    told = value_at(entry, "$ref")
    if not isinstance(told, str):
        raise NotOffered("the members of groups have no $ref, which is optional")
    path = f"/{urlsplit(told).path.removeprefix(base).lstrip('/')}"
    seen = scim.get(path)
    expect(seen).status(200).exactly("id", value_at(entry, "value"))


@requirement("RFC7643-2.3.7-7", proof=("member-refs-as-urns",))
def test_a_reference_to_a_resource_is_http(world: World) -> None:
    """The `$ref` of a member is an http URI or a relative reference."""
    for each in world.groups:
        for found in each.values("members.$ref"):
            good = urlsplit(str(found)).scheme.lower() in ("http", "https", "")
            shows(each.reply, holds=good, wanted="an http URI or a relative one", came=found)


def _takes_display_names(definitions: Definitions) -> bool:
    """Tell whether a client may set displayName, as far as the server says (RFC 7643 section 7)."""
    found = definitions.attribute("displayName")
    return not definitions.known or (found is not None and found.writable)
