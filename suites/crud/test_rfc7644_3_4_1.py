"""RFC 7644 section 3.4.1: reading a resource by its id."""

from __future__ import annotations

from urllib.parse import quote

from suites.client import USER_URN
from suites.crud.conftest import Missing
from suites.crud.lives import Life
from suites.crud.lives import ends_alike
from suites.crud.lives import place_of
from suites.expect import expect
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Reading
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered


@requirement("RFC7644-3.4.1-1", proof=("get-refused-501", "create-id-differs"), needs=())
def test_a_user_is_read_by_its_id(scim: Scim, calm_user: Made) -> None:
    """GET /Users/{id} gives the user with this id."""
    expect(scim.get(calm_user)).status(200).resource(USER_URN).has("id", calm_user.id)


@requirement("RFC7644-3.4.1-1", proof=("group-get-404",))
def test_a_group_is_read_by_its_id(scim: Scim, calm_group: Made) -> None:
    """GET /Groups/{id} gives the group with this id."""
    expect(scim.get(calm_group)).status(200).has("id", calm_group.id)


@requirement("RFC7644-3.4.1-1", proof=("schema-by-id-404", "schema-by-id-in-list"), needs=())
def test_a_schema_is_read_by_its_id(scim: Scim, definitions: Definitions) -> None:
    """GET /Schemas/{id} gives the schema with this id."""
    if definitions.schema(USER_URN) is None:
        raise NotOffered("/Schemas does not list the schema of users, which RFC7644-4-4 judges")
    expect(scim.get(f"/Schemas/{quote(USER_URN, safe=':')}")).status(200).has("id", USER_URN)


@requirement("RFC7644-3.4.1-2", proof=("get-hides-emails", "get-hides-names"))
def test_a_read_shows_what_was_stored(
    scim: Scim, calm_user: Made, definitions: Definitions
) -> None:
    """GET of a user gives 200 with the attributes that the server keeps."""
    found = expect(scim.get(calm_user)).status(200).has("id", calm_user.id)
    paths = ("userName", "displayName", "name.familyName", "name.givenName")
    found.keeps(calm_user.stored, paths=[each for each in paths if _shown(definitions, each)])
    if _shown(definitions, "emails") and _shown(definitions, "emails.value"):
        for value in calm_user.values("emails.value"):
            found.holds_value("emails", value=value)


@requirement(
    "RFC7644-3.4.1-3",
    proof=(
        *("get-missing-as-500", "get-missing-as-200-empty", "not-found-as-400"),
        *("not-found-as-html", "not-found-empty", "not-found-status-mismatch"),
    ),
)
def test_an_unknown_user_is_not_found(missing: Missing) -> None:
    """GET of a user with an id that nobody has gives 404 with an error message."""
    expect(missing.get).scim_error(404)


@requirement("RFC7644-3.4.1-3", proof=("get-missing-as-500", "delete-ignored"))
def test_a_user_who_was_deleted_is_not_found(life: Life) -> None:
    """GET of a user who was deleted gives 404 with an error message."""
    expect(life.after("GET")).scim_error(404)


@requirement("RFC7644-3.4.1-4", proof=("etag-differs-from-version",))
def test_the_etag_of_a_read_is_the_version(scim: Scim, calm_user: Made, reading: Reading) -> None:
    """Where a read has an ETag, it is the version in `meta`."""
    user = expect(seen := scim.get(calm_user)).status(200)
    tag, version = seen.header("ETag"), user.at("meta.version")
    reading(f"a read has {'an' if tag else 'no'} ETag")
    user.holds(
        lambda: tag is None or version is None or tag == version,
        f"an ETag of {version}",
        lambda: str(tag),
    )


@requirement("RFC7644-3.4.1-4", proof=("get-location-is-endpoint",), needs=())
def test_the_location_of_a_read_is_that_of_the_body(
    scim: Scim, calm_user: Made, reading: Reading
) -> None:
    """Where a read has a Location, it is the location in `meta`."""
    user = expect(seen := scim.get(calm_user)).status(200)
    header, body = seen.header("Location"), user.at("meta.location")
    reading(f"a read has {'a' if header else 'no'} Location")
    user.holds(
        lambda: None in (header, body) or ends_alike(place_of(header), place_of(body)),
        f"a Location of {body}",
        lambda: str(header),
    )


def _shown(definitions: Definitions, path: str) -> bool:
    """Return whether an attribute is in a read that does not ask for it."""
    found = definitions.attribute(path)
    return found is None or found.returned in ("always", "default")
