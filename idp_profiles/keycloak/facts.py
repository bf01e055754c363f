"""What is known about mitodl/keycloak-scim, as frozen values with their sources."""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.profile import Facts
from idp_profiles.profile import Limit
from idp_profiles.profile import NeverSent
from idp_profiles.profile import Quirk
from idp_profiles.profile import Switch
from idp_profiles.source_list import sources_of

from .authentication import AUTH_MODES
from .plan import RELIES_ON

FEATURES = ("User propagation", "Group propagation", "Full sync", "Histories")

# What the code sets. What the HTTP library below it adds has not been read.
HEADERS = (("Authorization", ""), ("Content-Type", ""))

_CODE, _INFERRED = Certainty.CODE, Certainty.INFERRED

LIMITS = {
    "timeout": Limit(5, "seconds for connecting and for an answer", ("client",)),
    "tries": Limit(10, "times that a request is sent when the network fails", ("client",)),
    # The retry library's default, which the code takes over.
    "backoff": Limit(500, "milliseconds before a second try, then 1.5 times as many", ("client",)),
}

SWITCHES = (
    Switch("content_type", ("application/scim+json", "application/json"), "the Content-Type"),
    Switch("user_update", ("put", "patch"), "how users are changed"),
    Switch("group_update", ("put", "patch"), "how groups are changed"),
    Switch("members", ("ref", "typed"), "members with $ref, or as newer code sends them"),
)

TOGGLES: dict[str, bool] = {}

QUIRKS = (
    Quirk("no-look-up", "Nothing is looked up before a POST.", _CODE, ("client",)),
    Quirk(
        "ignored",
        "What the server refuses is logged and not repeated; a deleted object is forgotten in "
        "any case.",
        _CODE,
        ("client",),
    ),
    Quirk(
        "read-back",
        "The reply to a POST must show id, userName, displayName and active (a group's: id and "
        "displayName), or the link is lost and no change is sent ever after.",
        _CODE,
        ("client", "users", "groups"),
    ),
    Quirk("string-active", "A PATCH says active as a text.", _CODE, ("users",)),
    Quirk("few-in-patch", "A PATCH of a user has no names and no e-mail.", _CODE, ("users",)),
    Quirk(
        "null-members",
        "The PATCH of an empty group removes members with a null value.",
        _CODE,
        ("groups",),
    ),
    Quirk("relative-ref", "The $ref of a member is relative: Users/ID.", _CODE, ("groups",)),
    Quirk(
        "two-requests",
        "A membership sends the whole group, and then the user.",
        _CODE,
        ("events",),
    ),
    Quirk(
        "typed-members",
        "Newer code gives members the type User, and no $ref in a PATCH.",
        _CODE,
        ("groups",),
    ),
    Quirk("verified", "Users without a verified e-mail address do not count.", _CODE, ("events",)),
    Quirk("order", "The order of the members of a body follows the code.", _INFERRED, ("users",)),
)

NEVER_SENT = (
    NeverSent("a look-up of one user or group", ("client",)),
    NeverSent("a filter", ("client",)),
    NeverSent("the e-mail address of a user in a PATCH", ("users",)),
)

FACTS = Facts(
    sources=sources_of("idp_profiles.keycloak"),
    headers=HEADERS,
    limits=LIMITS,
    auth_modes=AUTH_MODES,
    switches=SWITCHES,
    quirks=QUIRKS,
    never_sent=NEVER_SENT,
    relies_on=RELIES_ON,
)
