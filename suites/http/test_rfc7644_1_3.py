"""RFC 7644 section 1.3: the base of all addresses of the server."""

from __future__ import annotations

from suites.expect import expect
from suites.requirements import requirement
from suites.verbs import Made
from suites.verdicts import NotOffered


@requirement("RFC7644-1.3-1", proof=("location-of-base-with-query",))
def test_the_base_of_a_location_has_no_query(calm_user: Made) -> None:
    """What stands before /Users in a location has no query."""
    location = calm_user.value("meta.location")
    told = [each for each in (location, calm_user.reply.header("Location")) if each is not None]
    if not told:
        raise NotOffered("the server tells no location")
    bases = [str(each).partition("/Users")[0] for each in told]
    expect(calm_user.reply).holds(
        lambda: not any("?" in each for each in bases), "no query", lambda: str(told)
    )
