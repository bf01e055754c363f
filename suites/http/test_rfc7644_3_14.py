"""RFC 7644 section 3.14: versions of resources, and the lost update that they prevent."""

from __future__ import annotations

import re

import pytest

from idp_profiles.model import Json
from suites.client import Seen
from suites.expect import expect
from suites.http.conftest import Race
from suites.http.conftest import Races
from suites.http.conftest import tag_of
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import value_at
from suites.verbs import deletable
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

METHODS = ("PUT", "PATCH", "DELETE")
CHANGES = "RFC7644-3.14-5"

Replies = dict[str, Seen]


@pytest.fixture
def versions(experiment: Experiment) -> Replies:
    """A user who is created, read under conditions, and replaced."""

    def run(lab: Lab) -> Replies:
        made = lab.plain_user(key="versions")
        read = lab.read(made)
        known = tag_of(read) or '"none"'
        again = lab.scim.get(made, headers={"If-None-Match": known})
        name = lab.definitions.changeable("displayName", "nickName", "title")
        body = {**read.object(), name: "Another name"}
        replaced = lab.scim.put(made, body)
        changed = lab.read(made)
        current = tag_of(changed) or '"none"'
        return {
            "create": made.reply,
            "read": read,
            "unchanged": again,
            "replace": replaced,
            "changed": changed,
            "not the old one": lab.scim.get(made, headers={"If-None-Match": known}),
            "one of two": lab.scim.put(made, body, headers={"If-Match": f'"none", {current}'}),
            "any": lab.scim.put(made, body, headers={"If-Match": "*"}),
        }

    return experiment(run, key="versions of a user")


@requirement("RFC7644-3.14-2", proof=("etag-weak-in-lower-case",))
def test_an_etag_is_written_as_http_wants_it(versions: Replies, reading: Reading) -> None:
    """An ETag is a text in quotation marks, with W/ in front where it is weak."""
    tag = _tag(versions["read"])
    reading("ETags are weak" if tag.upper().startswith("W/") else "ETags are strong")
    expect(versions["read"]).holds(
        lambda: re.fullmatch(r'(?:W/)?"[^"]*"', tag) is not None,
        'an ETag such as W/"1" or "1"',
        lambda: tag,
    )


@requirement("RFC7644-3.14-3", proof=("etag-header-left-out",))
def test_a_resource_that_is_read_has_an_etag(versions: Replies) -> None:
    """GET of a resource gives its version in the ETag header."""
    expect(versions["read"]).status(200).header("ETag")


@pytest.mark.parametrize("step", ["create", "replace"])
@requirement("RFC7644-3.14-3", proof=("etag-header-left-out",))
def test_a_resource_that_is_written_has_an_etag(step: str, versions: Replies) -> None:
    """The answer to a create or an update that shows a version gives it in the ETag header."""
    reply = versions[step]
    if not reply.object() or not 200 <= reply.status < 300:
        raise NotOffered("the answer shows no resource")
    told = expect(reply)
    if value_at(reply.object(), "meta.version") is None:
        told.warn_at_most()
    told.header("ETag")


@requirement("RFC7644-3.14-4", proof=("meta-version-left-out", "etag-differs-from-version"))
def test_the_etag_is_the_version_in_meta(versions: Replies) -> None:
    """The ETag header and `meta.version` are the same."""
    expect(versions["read"]).etag()


@requirement(CHANGES, proof=("etag-never-changes",))
def test_the_etag_changes_with_the_resource(versions: Replies) -> None:
    """A resource that was changed has another ETag than before."""
    old, new = _tag(versions["read"]), _changed(versions)
    expect(versions["changed"]).holds(
        lambda: tag_of(new) != old, f"another ETag than {old}", lambda: str(tag_of(new))
    )


@requirement("RFC7644-3.14-7", proof=("if-none-match-ignored",))
def test_an_unchanged_resource_is_not_sent_again(versions: Replies) -> None:
    """If-None-Match with the current ETag gives 304 without a body."""
    _tag(versions["read"])
    expect(versions["unchanged"]).status(304).no_body()


@requirement("RFC7644-3.14-7", proof=("not-modified-without-etag",))
def test_what_is_not_sent_again_names_its_version(versions: Replies) -> None:
    """A 304 has the ETag that the resource has (RFC 9110 section 15.4.5)."""
    if versions["unchanged"].status != 304 or versions["read"].header("ETag") is None:
        raise NotOffered("the server shows no ETag, or sends what the client has")
    expect(versions["unchanged"]).warn_at_most().header("ETag")


@requirement("RFC7644-3.14-7", proof=("not-modified-always",))
def test_a_changed_resource_is_sent_again(versions: Replies) -> None:
    """If-None-Match with the ETag from before a change gives the resource."""
    if _tag(versions["read"]) == tag_of(_changed(versions)):
        raise Blocked("the ETag does not change with the resource", by=CHANGES)
    expect(versions["not the old one"]).status(200).filled("id")


@requirement("RFC7644-3.14-9", proof=("if-match-current-refused",))
def test_an_update_of_the_current_version_succeeds(races: Races) -> None:
    """If-Match with the current ETag lets an update through."""
    race = _race(races, "PUT")
    told = expect(race.current)
    if _tag(race.before).startswith("W/"):
        # HTTP compares strongly here (RFC 7232 section 3.1); the RFC's example has a weak ETag.
        told.warn_at_most()
    told.success()


@pytest.mark.parametrize("method", METHODS)
@requirement("RFC7644-3.14-9", proof=("if-match-ignored",))
def test_an_update_of_a_former_version_is_refused(method: str, races: Races) -> None:
    """If-Match with an ETag from before somebody else's change is refused."""
    expect(_raced(races, method).stale).refused()


@pytest.mark.parametrize("method", METHODS)
@requirement("RFC7644-3.14-9", proof=("if-match-ignored", "if-match-answered-too-late"))
def test_no_update_is_lost(method: str, races: Races) -> None:
    """What somebody else changed is still there after a change under a former ETag."""
    race = _raced(races, method)
    expect(race.after).status(200).unchanged(race.between.object())


@requirement("RFC7644-3.14-9", proof=("if-match-ignored-by-patch",), needs=("etag", "patch"))
def test_a_refused_patch_makes_no_version(races: Races) -> None:
    """After a PATCH under a former ETag the resource has the version that it had before."""
    race = _raced(races, "PATCH")
    expect(race.after).status(200).has("meta.version", tag_of(race.between))


@pytest.mark.parametrize("method", METHODS)
@requirement("RFC7644-3.12-15", proof=("if-match-failed-as-400", "if-match-failed-as-409"))
def test_a_former_version_is_answered_412(method: str, races: Races) -> None:
    """A change under a former ETag is refused with 412."""
    race = _raced(races, method)
    if race.stale.status < 400:
        raise NotOffered("a former version is not refused at all, which RFC7644-3.14-9 judges")
    expect(deletable(race.stale) if method == "DELETE" else race.stale).status(412)


@requirement("RFC7644-3.14-9", proof=("if-match-list-refused",))
def test_the_current_version_may_be_one_of_several(versions: Replies, races: Races) -> None:
    """If-Match with a list of ETags lets an update through where one is the current one."""
    _tag(versions["changed"])
    if not 200 <= _race(races, "PUT").current.status < 300:
        raise NotOffered("the server refuses the current ETag alone, which another case judges")
    expect(versions["one of two"]).warn_at_most().success()


@requirement("RFC7644-3.14-10", proof=("if-match-asterisk-refused",))
def test_any_version_will_do(versions: Replies) -> None:
    """If-Match with an asterisk lets an update of an existing resource through."""
    expect(versions["any"]).success()


def _tag(reply: Seen) -> str:
    tag = tag_of(reply)
    if reply.status != 200 or tag is None:
        raise Blocked("the resource shows no version", by="RFC7644-3.14-3", entry=reply.entry)
    return tag


def _changed(versions: Replies) -> Seen:
    """Return the user after the change; Blocked where nothing changed."""
    old, new = (_shown(versions[n]) for n in ("read", "changed"))
    if versions["changed"].status != 200 or old == new:
        reply = versions["replace"]
        raise Blocked("PUT does not change the user", by="RFC7644-3.5.1-5", entry=reply.entry)
    return versions["changed"]


def _shown(reply: Seen) -> list[Json]:
    return [value_at(reply.object(), each) for each in ("displayName", "nickName", "title")]


def _race(races: Races, method: str) -> Race:
    race = races[method]
    if race is None:
        raise NotOffered("the server has no PATCH")
    return race


def _raced(races: Races, method: str) -> Race:
    """Return a race in which the first change was made and moved the version on."""
    race = _race(races, method)
    if _tag(race.before) == tag_of(race.between):
        reason = "the version is the same after a change, or there was none"
        raise Blocked(reason, by=CHANGES, entry=race.current.entry)
    return race
