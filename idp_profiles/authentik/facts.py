"""What is known about authentik's SCIM client, as frozen values with their sources."""

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

FEATURES = ("Sync users", "Sync groups", "Full sync", "Histories")

# In the order of the HTTP library: the session's own first, what signs the request last. Which
# encodings it offers depends on what is installed beside it; these two are always there.
HEADERS = (
    ("User-Agent", "authentik@2025.10.0"),
    ("Accept-Encoding", "gzip, deflate"),
    ("Accept", "application/scim+json"),
    ("Connection", "keep-alive"),
    ("Content-Type", "application/scim+json"),
    ("Authorization", ""),
)

_CODE, _WILD, _INFERRED = Certainty.CODE, Certainty.WILD, Certainty.INFERRED

LIMITS = {
    "config_cache": Limit(3600, "seconds that the server's features are kept", ("base",)),
    # That tasks are run again is in the code; how often and when is the framework's, not read.
    "tries": Limit(4, "times that a task is run", ("sync",)),
    "backoff": Limit(15, "seconds before the second run, then doubled", ("sync",)),
}

# The points in which versions differ; the first value is the current one.
SWITCHES = (
    Switch("user_filter", ("quoted", "unquoted"), "quotes round the name in the filter on users"),
    Switch("patch_schemas", ("left-out", "sent"), "schemas in the PATCH without a path"),
    Switch("task_retries", ("busy", "every-error"), "what brings a task back: 429 and 503, or all"),
)

TOGGLES: dict[str, bool] = {}

QUIRKS = (
    Quirk(
        "config-first",
        "The service provider configuration is asked for first and kept for an hour. Any error, or "
        "one missing feature, makes authentik believe that nothing optional is supported.",
        _CODE,
        ("base", "models"),
    ),
    Quirk(
        "no-look-up",
        "Users and groups are created without a look-up; only a 409 brings one.",
        _CODE,
        ("users", "groups"),
    ),
    Quirk(
        "unquoted-filter",
        "Before 2025.10 the name in the filter on users stood without quotes; quotes in a name "
        "are never escaped.",
        _CODE,
        ("users", "release-2025-10"),
    ),
    Quirk("put-always", "Users are sent by PUT, also where PATCH is supported.", _CODE, ("users",)),
    Quirk(
        "create-again",
        "A 404 to an update drops the link and creates again, so a server without PUT that says "
        "404 gets a new user each time.",
        _WILD,
        ("sync", "loop"),
    ),
    Quirk(
        "no-schemas",
        "The PATCH without a path has no schemas member; the PATCH of members has one.",
        _CODE,
        ("groups", "models"),
    ),
    Quirk(
        "whole-group",
        "A group is changed by one replace without a path: the whole group with id and schemas.",
        _CODE,
        ("groups", "pathless"),
    ),
    Quirk(
        "members-one-by-one",
        "Every member is an operation of its own, and removing has no filter in the path; "
        "bulk.maxOperations bounds the operations of one PATCH.",
        _CODE,
        ("groups",),
    ),
    Quirk(
        "members-again",
        "Without PATCH the members are in the POST, and a PATCH adds them right after.",
        _CODE,
        ("groups", "again"),
    ),
    Quirk(
        "mended-members",
        "After each update the group is read and differing members are mended by PATCH, also "
        "where PATCH is not supported.",
        _CODE,
        ("groups",),
    ),
    Quirk("json", "Every success but 204 must hold JSON.", _CODE, ("base",)),
    Quirk("type-other", "The e-mail address has the type other.", _CODE, ("mapping",)),
    Quirk(
        "content-type",
        "GET and DELETE have a Content-Type too.",
        _CODE,
        ("base",),
    ),
    Quirk(
        "header-order",
        "The order of the headers and the offered encodings are those of the HTTP library.",
        _INFERRED,
        ("session",),
    ),
)

NEVER_SENT = (
    NeverSent("a PATCH of a user", ("users", "loop")),
    NeverSent("a look-up before a create", ("users", "groups")),
    NeverSent("a filter in the path of a PATCH", ("groups",)),
    NeverSent("count in a list", ("users", "groups")),
    NeverSent("a bulk request", ("groups",)),
)

FACTS = Facts(
    sources=sources_of("idp_profiles.authentik"),
    headers=HEADERS,
    limits=LIMITS,
    auth_modes=AUTH_MODES,
    switches=SWITCHES,
    quirks=QUIRKS,
    never_sent=NEVER_SENT,
    relies_on=RELIES_ON,
)
