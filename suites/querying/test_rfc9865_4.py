"""RFC 9865 section 4: what ServiceProviderConfig says of paging."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.bench import Discovery
from suites.client import Seen
from suites.expect import expect
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.querying.cursors import Replies
from suites.querying.cursors import misuse
from suites.querying.pages import listed
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.values import caseless
from suites.values import member
from suites.values import text
from suites.verdicts import NotOffered

Said = dict[str, Json]
METHODS = ("config-cursor-as-text", "config-paging-methods-left-out")


@requirement("RFC9865-4-1", needs=(), proof=("config-without-pagination",))
def test_paging_by_cursor_is_announced(
    discovery: Discovery, features: Capabilities, world: World
) -> None:
    """ServiceProviderConfig has `pagination` where lists are paged by cursor."""
    features.check(("cursor",))
    expect(discovery.config).status(200).filled("pagination")


@requirement(
    "RFC9865-4-3", needs=(), proof=("config-cursor-as-text", "config-paging-methods-left-out")
)
def test_it_is_said_whether_there_are_cursors(pagination: Said, discovery: Discovery) -> None:
    """The `cursor` of `pagination` is true or false."""
    expect(discovery.config).boolean("pagination.cursor")


@requirement(
    "RFC9865-4-4", needs=(), proof=("config-cursor-as-text", "config-paging-methods-left-out")
)
def test_it_is_said_whether_there_are_indexes(pagination: Said, discovery: Discovery) -> None:
    """The `index` of `pagination` is true or false."""
    expect(discovery.config).boolean("pagination.index")


@requirement("RFC9865-4-5", needs=(), proof=("config-default-paging-unknown",))
def test_the_default_method_is_one_of_two(pagination: Said, discovery: Discovery) -> None:
    """The `defaultPaginationMethod`, where it is there, is cursor or index."""
    found = caseless(_told(pagination, "defaultPaginationMethod"))
    expect(discovery.config).holds(
        lambda: found in ("cursor", "index"), "cursor or index", lambda: text(found)
    )


@requirement("RFC9865-4-6", needs=(), proof=("config-page-sizes-zero",))
def test_the_default_size_of_a_page_is_positive(pagination: Said, discovery: Discovery) -> None:
    """The `defaultPageSize`, where it is there, is a positive integer."""
    _positive(pagination, "defaultPageSize", discovery.config)


@requirement("RFC9865-4-6", proof=("config-page-sizes-too-small",))
def test_a_page_is_not_larger_than_the_default(
    pagination: Said, world: World, experiment: Experiment
) -> None:
    """A page by cursor without count holds no more than `defaultPageSize`."""
    _told(pagination, "defaultPageSize")
    reply = experiment(lambda lab: lab.scim.get("/Users", cursor=""), key="a page without count")
    _within(pagination, "defaultPageSize", reply)


@requirement("RFC9865-4-7", needs=(), proof=("config-page-sizes-zero",))
def test_the_largest_size_of_a_page_is_positive(pagination: Said, discovery: Discovery) -> None:
    """The `maxPageSize`, where it is there, is a positive integer."""
    _positive(pagination, "maxPageSize", discovery.config)


@requirement("RFC9865-4-7", proof=("config-page-sizes-too-small",))
def test_no_page_is_larger_than_the_maximum(
    pagination: Said, misused: Replies, world: World
) -> None:
    """A page by cursor of a very large count holds no more than `maxPageSize`."""
    _told(pagination, "maxPageSize")
    _within(pagination, "maxPageSize", misuse(misused, "too large"))


@requirement("RFC9865-4-8", needs=(), proof=("config-page-sizes-zero",))
def test_the_life_of_a_cursor_is_positive(pagination: Said, discovery: Discovery) -> None:
    """The `cursorTimeout`, where it is there, is a positive number of seconds."""
    _positive(pagination, "cursorTimeout", discovery.config)


def _told(pagination: Said, name: str) -> Json:
    """Return what is said of paging under a name; skips where nothing is, as it may."""
    found = member(pagination, name)
    if found is None:
        raise NotOffered(f"`pagination` has no {name}, as it may")
    return found


def _positive(pagination: Said, name: str, config: Seen) -> None:
    found = _told(pagination, name)
    expect(config).holds(
        lambda: type(found) is int and found > 0, "a positive integer", lambda: text(found)
    )


def _within(pagination: Said, name: str, reply: Seen) -> None:
    most = _told(pagination, name)
    if not isinstance(most, int) or most < 1:
        raise NotOffered(f"the {name} is no positive integer")
    if reply.status == 400:
        raise NotOffered("the server refuses such a count, as it may")
    expect(reply).status(200).holds(
        lambda: len(listed(reply)) <= most,
        f"{most} resources at most",
        lambda: str(len(listed(reply))),
    )
