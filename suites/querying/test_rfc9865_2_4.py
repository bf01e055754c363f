"""RFC 9865 section 2.4: paging by cursor beside paging by index."""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.making.world import World
from suites.querying.cursors import SIZE
from suites.querying.cursors import cursor_of
from suites.querying.pages import Page
from suites.querying.pages import listed
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import caseless
from suites.values import member
from suites.values import value_at
from suites.verdicts import NotOffered

# Pages shift while others write.
pytestmark = pytest.mark.scim_undisturbed


@pytest.fixture
def both(pagination: dict[str, Json]) -> dict[str, Json]:
    """What is said of paging, by a server that says that it has both methods."""
    for name in ("cursor", "index"):
        if member(pagination, name) is not True:
            raise NotOffered(f"ServiceProviderConfig does not say that lists are paged by {name}")
    return pagination


@requirement("RFC9865-2.4-1", proof=("cursor-overlooks-start-index",))
def test_start_index_chooses_paging_by_index(both: dict[str, Json], page: Page) -> None:
    """A startIndex gives the page that starts there, though the server has cursors too."""
    expect(page(startIndex=SIZE + 1, count=SIZE)).status(200).exactly("startIndex", SIZE + 1)


@requirement("RFC9865-2.4-2", proof=("start-index-left-out", "config-default-paging-wrong"))
def test_there_is_a_default_method_of_paging(
    both: dict[str, Json], page: Page, world: World, reading: Reading
) -> None:
    """A page that nobody chose a method for is one of the default method, announced or not."""
    reply = page(count=SIZE)
    if len(listed(reply)) >= len(world.users):
        raise NotOffered("the page holds everybody")
    shown = _methods(reply)
    named = caseless(member(both, "defaultPaginationMethod"))
    wanted = {str(named)} if named in ("cursor", "index") else {"cursor", "index"}
    reading(f"pages are by {' and '.join(sorted(shown)) or 'nothing'} by default")
    expect(reply).status(200).holds(
        lambda: bool(shown & wanted),
        f"a page by {' or '.join(sorted(wanted))}",
        lambda: f"a page by {' and '.join(sorted(shown)) or 'no method'}",
    )


def _methods(reply: Seen) -> set[str]:
    """Return by which methods the page behind a page can be asked for."""
    shown = {"cursor"} if cursor_of(reply) is not None else set()
    return shown | ({"index"} if value_at(reply.object(), "startIndex") is not None else set())
