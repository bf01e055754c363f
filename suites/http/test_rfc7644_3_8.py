"""RFC 7644 section 3.8: media types and the encoding of texts."""

from __future__ import annotations

from codecs import BOM_UTF8
from functools import partial

import pytest

from idp_profiles.model import Json
from suites.client import SCIM_JSON
from suites.client import Seen
from suites.control import short_list
from suites.control import succeeding
from suites.control import works
from suites.expect import expect
from suites.making.bodies import plain_user
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.values import named_by_server
from suites.values import value_at
from suites.verbs import Scim
from suites.verdicts import NotOffered

PLAIN_JSON = "application/json"
CAPITALS = "Application/SCIM+JSON"
FAMILY = "Zoë Ñandú 東京"
EMOJI = "Grüße 🙂"

Replies = dict[str, Seen]


@pytest.fixture
def written(experiment: Experiment) -> Replies:
    """A user with letters of many scripts, created and replaced under several media types."""

    def run(lab: Lab) -> Replies:
        made = lab.plain_user(key="letters", displayName=FAMILY)
        read = lab.read(made)
        body: Json = {**read.object(), "displayName": EMOJI}

        def put(kind: str) -> Seen:
            return lab.scim.put(made, body, headers={"Content-Type": kind})

        charset = put(f"{SCIM_JSON}; charset=utf-8")
        return {
            "read": read,
            "charset": charset,
            "after": lab.read(made),
            "capitals": put(CAPITALS),
            "plain": put(PLAIN_JSON),
            "text": put("text/plain"),
        }

    return experiment(run, key="letters and media types")


def _shown(written: Replies, when: str) -> Seen:
    """Return the user as read at a time, where the server keeps what the texts are in."""
    expect(written[when]).status(200)
    if value_at(written[when].object(), "displayName") is None:
        raise NotOffered("the server keeps no displayName of a user")
    if named_by_server(written[when].object()):
        raise NotOffered("the server makes the displayName of a user itself")
    return written[when]


def _put(written: Replies, scim: Scim, name: str = "charset") -> Seen:
    """Return a PUT under a media type; raises Blocked where one in the usual spelling fails too."""
    read = written["read"]
    return succeeding(written[name], lambda: scim.put(read.entry.target, read.object()))


@pytest.fixture
def accepted(experiment: Experiment) -> Replies:
    """The same list asked for with several Accept headers."""

    def run(lab: Lab) -> Replies:
        kinds = {"scim": SCIM_JSON, "json": PLAIN_JSON, "any": "*/*", "none": None}
        return {
            name: short_list(partial(lab.scim.get, "/Users", headers={"Accept": kind}))
            for name, kind in kinds.items()
        }

    return experiment(run, key="Accept headers")


def _listed(accepted: Replies, header: str) -> Seen:
    """Return the list under a header; raises Blocked where none shows a list."""

    def plain() -> Seen:
        return next(filter(works, accepted.values()), accepted["scim"])

    return succeeding(accepted[header], plain)


@requirement("RFC7644-3.8-1", proof=("charset-parameter-refused",))
def test_texts_in_utf_8_are_kept(written: Replies, scim: Scim) -> None:
    """A text in UTF-8, sent as such, is read back as it was."""
    expect(_put(written, scim)).success()
    expect(_shown(written, "after")).exactly("displayName", EMOJI)


@requirement("RFC7644-3.8-2", proof=("bodies-read-as-latin-1", "create-mangles-unicode"))
def test_utf_8_is_the_default(written: Replies) -> None:
    """A text whose encoding is not named is read as UTF-8."""
    expect(_shown(written, "read")).exactly("displayName", FAMILY)


@requirement(
    "RFC7644-3.8-6", proof=("accept-scim-json-refused", "replies-as-plain-json", "replies-as-text")
)
def test_scim_json_is_sent_to_who_accepts_it(accepted: Replies) -> None:
    """`Accept: application/scim+json` is answered with that type."""
    reply = _listed(accepted, "scim")
    expect(reply).status(200).media_type(SCIM_JSON).json_object().holds(
        lambda: not reply.content.startswith(BOM_UTF8),
        "JSON without a byte order mark (RFC 8259 section 8.1)",
        lambda: "one before the body",
    )


@requirement("RFC7644-3.8-7", proof=("accept-json-refused", "replies-as-text"))
def test_json_is_sent_to_who_accepts_it(accepted: Replies) -> None:
    """`Accept: application/json` is answered with JSON."""
    expect(_listed(accepted, "json")).status(200).media_type(PLAIN_JSON, SCIM_JSON).json_object()


@pytest.mark.parametrize("header", ["any", "none"])
@requirement("RFC7644-3.8-8", proof=("replies-as-plain-json",))
def test_scim_json_is_the_default(header: str, accepted: Replies) -> None:
    """Whoever names no type is sent application/scim+json."""
    expect(_listed(accepted, header)).status(200).media_type(SCIM_JSON)


@requirement("RFC7644-3.8-9", proof=("scim-json-refused", "scim-json-not-read"))
def test_scim_json_is_read(lab: Lab, scim: Scim) -> None:
    """A new user sent as application/scim+json is created."""

    def post(kind: str) -> Seen:
        body = lab.user_bodies(plain_user(lab.people.person()))[0]
        return scim.post("/Users", body, headers={"Content-Type": kind})

    expect(succeeding(post(SCIM_JSON), partial(post, PLAIN_JSON))).success()


@requirement("RFC7644-3.8-9", proof=("charset-parameter-refused",))
def test_a_charset_does_no_harm(written: Replies, scim: Scim, reading: Reading) -> None:
    """A body of type application/scim+json that names its charset is read as well."""
    for name, kind in (("plain", PLAIN_JSON), ("text", "text/plain")):
        reading(f"a body of type {kind} is {'read' if written[name].status < 300 else 'refused'}")
    expect(_put(written, scim)).success()


@requirement("RFC7644-3.8-9", proof=("media-type-has-case",))
def test_a_media_type_has_no_case(written: Replies, scim: Scim) -> None:
    """A body whose media type is written in capitals is read as well (RFC 9110 section 8.3.1)."""
    expect(_put(written, scim, "capitals")).warn_at_most().success()
