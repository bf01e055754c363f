"""RFC 7643 section 5: the features that the configuration announces are there."""

from __future__ import annotations

from suites.client import Seen
from suites.discovery.writing import NEW_NAME
from suites.discovery.writing import Handled
from suites.expect import expect
from suites.making.world import World
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import items
from suites.values import member
from suites.values import quoted
from suites.values import value_at
from suites.verbs import Made
from suites.verbs import Scim
from suites.verdicts import NotOffered

_MISSING = (403, 404, 405, 501)
_MOST = "filter.maxResults"


def _only(features: Capabilities, name: str, *, announced: bool) -> None:
    """Skip the case unless the configuration says this of a feature."""
    if features.announced(name) is not announced:
        word = "announce" if announced else "deny"
        raise NotOffered(f"the configuration does not {word} {name}")


def _is_there(reply: Seen) -> None:
    """Expect any answer but that there is no such thing, or that it broke."""
    __tracebackhide__ = True
    good = reply.status not in _MISSING and reply.status < 500
    expect(reply).holds(lambda: good, "what is announced", lambda: f"status {reply.status}")


@requirement("RFC7643-5-20", needs=(), proof=("patch-user-refused-501", "patch-replace-ignored"))
def test_an_announced_patch_changes_a_user(features: Capabilities, handled: Handled) -> None:
    """Where PATCH is announced, it changes the displayName of a user."""
    _only(features, "patch", announced=True)
    handled.made.kept("displayName")
    expect(handled.renamed).success()
    expect(handled.after).status(200).has("displayName", NEW_NAME)


@requirement("RFC7643-5-20", needs=(), proof=("config-denies-patch+patch-replace-ignored",))
def test_a_denied_patch_does_not_pretend(
    features: Capabilities, handled: Handled, reading: Reading
) -> None:
    """Where PATCH is denied, it is refused, or changes a user all the same."""
    _only(features, "patch", announced=False)
    handled.made.kept("displayName")
    reading(f"PATCH is denied, and answered with {handled.renamed.status}")
    if 200 <= handled.renamed.status < 300:
        expect(handled.after).status(200).has("displayName", NEW_NAME)


@requirement("RFC7643-5-20", needs=(), proof=("bulk-refused-501",))
def test_announced_bulk_requests_are_taken(features: Capabilities, scim: Scim) -> None:
    """Where bulk requests are announced, one that deletes nobody is answered as such."""
    _only(features, "bulk", announced=True)
    _is_there(scim.bulk({"method": "DELETE", "path": "/Users/scimproof-nobody"}))


@requirement(
    "RFC7643-5-20",
    needs=(),
    proof=("filter-unsupported", "filter-ignored", "filter-finds-nothing"),
)
def test_an_announced_filter_finds_a_user(features: Capabilities, scim: Scim, world: World) -> None:
    """Where filters are announced, one by userName, externalId or displayName finds its user."""
    _only(features, "filter", announced=True)
    names = ("userName", "externalId", "displayName")
    if not any(map(world["ada"].has, names)):
        raise NotOffered("the server shows no name of a user")
    for path in names:
        if world["ada"].has(path):
            wanted = str(world["ada"].value(path))
            found = scim.find(f"{path} eq {quoted(wanted)}")
            if found.status == 200:
                break
    expect(found).status(200).finds(*world.equal(path, wanted), among=world.users)


@requirement("RFC7643-5-20", needs=(), proof=("config-denies-filter+filter-ignored",))
def test_a_denied_filter_does_not_pretend(
    features: Capabilities, scim: Scim, world: World, reading: Reading
) -> None:
    """Where filters are denied, one is refused, or applied all the same."""
    _only(features, "filter", announced=False)
    name = quoted(world["ada"].value("userName"))
    found = scim.get("/Users", filter=f"userName eq {name}")
    reading(f"filters are denied, and answered with {found.status}")
    ids = {member(each, "id") for each in items(value_at(found.object(), "Resources"))}
    others = ids - {world["ada"].id}
    # A parameter that is not known is often overlooked, and no sentence forbids it.
    expect(found).warn_at_most().holds(
        lambda: found.status >= 400 or not others, "a refusal or that user", lambda: "others too"
    )


@requirement(
    "RFC7643-5-20",
    needs=(),
    proof=("config-announces-too-much", "sort-ignored", "sort-order-ignored"),
)
def test_announced_sorting_sorts(features: Capabilities, scim: Scim, world: World) -> None:
    """Where sorting is announced, users come in another order upwards than downwards."""
    _only(features, "sort", announced=True)
    orders = []
    for order in ("ascending", "descending"):
        seen = scim.get("/Users", sortBy="userName", sortOrder=order)
        _is_there(seen)
        orders.append([member(each, "id") for each in items(value_at(seen.object(), "Resources"))])
    if min(map(len, orders)) < 2:
        raise NotOffered("the server lists fewer than two users at once")
    differ = orders[0] != orders[1]
    expect(seen).holds(lambda: differ, "another order downwards", lambda: "the same order")


@requirement("RFC7643-5-20", needs=(), proof=("config-limits-zero",))
def test_announced_features_have_room(features: Capabilities, config: Seen) -> None:
    """Where bulk requests or filters are announced, none of their limits is zero."""
    limits = {"bulk": ("bulk.maxOperations", "bulk.maxPayloadSize"), "filter": (_MOST,)}
    for name, paths in limits.items():
        found = [value_at(config.object(), path) for path in paths if features.announced(name)]
        # Some mean by it that there is no limit, which the text has no word for.
        good = not any(value == 0 and not isinstance(value, bool) for value in found)
        expect(config).warn_at_most().holds(
            lambda good=good: good,  # type: ignore[misc]  # a lambda with a default has no type of its own
            f"limits of {name} above zero",
            lambda found=found: f"{found}",  # type: ignore[misc]  # as above
        )


@requirement("RFC7643-5-20", needs=(), proof=("etag-header-left-out",))
def test_announced_etags_are_sent(features: Capabilities, scim: Scim, calm_user: Made) -> None:
    """Where ETags are announced, a user who is read has one."""
    _only(features, "etag", announced=True)
    expect(scim.get(calm_user)).status(200).header("ETag")


@requirement("RFC7643-5-20", needs=(), proof=("password-patch-refused+password-put-refused",))
def test_an_announced_change_of_password_is_taken(features: Capabilities, handled: Handled) -> None:
    """Where changing of passwords is announced, one is taken by PATCH or PUT."""
    _only(features, "changePassword", announced=True)
    last = handled.passwords[-1]
    if last.status == 400 and value_at(last.object(), "scimType") == "invalidValue":
        raise NotOffered("the server refuses this password")
    good = any(200 <= each.status < 300 for each in handled.passwords)
    expect(last).holds(lambda: good, "a new password", lambda: f"status {last.status}")
