"""What is known about Google Workspace's SCIM 2.0 client, as frozen values with their sources."""

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

FEATURES = (
    "Set up auto-provisioning",
    "Create users",
    "Update users",
    "Deprovisioning: suspend",
    "Deprovisioning: delete",
    "Histories",
)

# Accept is not established and goes out by a switch only.
HEADERS = (
    ("Authorization", ""),
    ("Content-Type", "application/json"),
    ("User-Agent", "Google-Auto-Provisioning"),
)

_DOC, _WILD, _INFERRED = Certainty.DOC, Certainty.WILD, Certainty.INFERRED
_HOUR, _DAY = 3600, 86400

LIMITS = {
    # "Every few hours": the figure is ours.
    "sync_interval": Limit(3 * _HOUR, "seconds between syncs", ("about",)),
    "1d": Limit(_DAY, "seconds until an account is suspended", ("adobe",)),
    "7d": Limit(7 * _DAY, "seconds until an account is suspended", ("adobe",)),
    "30d": Limit(30 * _DAY, "seconds until an account is suspended", ("adobe",)),
}
# "Within 24 hours" is the next sync; the others are the figures above.
DELAYS = {"within-24h": 0, **{key: LIMITS[key].value for key in ("1d", "7d", "30d")}}

# The open points, and the admin's choices; the first value is the default.
SWITCHES = (
    Switch("app_off_after", tuple(DELAYS), "how long after the app was turned off for a user"),
    Switch("suspended_after", tuple(DELAYS), "how long after a user was suspended"),
    Switch("deleted_after", tuple(DELAYS), "how long after a user was deleted"),
    Switch("update", ("put", "patch"), "the verb of an attribute change: A or B"),
    Switch("lifecycle", ("patch", "put"), "the verb of a suspension and its end: B or A"),
    Switch("blanks", ("percent", "plus"), "blanks in a filter: %20 or +"),
    Switch(
        "lookup_order", ("filter-first", "start-first"), "the order of the look-up's parameters"
    ),
    Switch("get_content_type", ("on", "off"), "a Content-Type with GET and DELETE"),
    Switch("accept", ("none", "application/json", "application/scim+json"), "the Accept header"),
)

TOGGLES: dict[str, bool] = {}

QUIRKS = (
    Quirk(
        "application-json",
        "The Content-Type is application/json and cannot be changed.",
        _WILD,
        ("agent", "scimitar"),
    ),
    Quirk("user-agent", "The User-Agent has no version.", _WILD, ("agent", "scimitar")),
    Quirk(
        "old-urn",
        "schemas lists the core URN of SCIM 1.0 before that of 2.0.",
        _WILD,
        ("trace",),
    ),
    Quirk("no-count", "The look-up has startIndex and no count.", _WILD, ("trace",)),
    Quirk(
        "delays",
        "A suspension reaches the app within a day, or after 1, 7 or 30 days.",
        _DOC,
        ("adobe",),
    ),
    Quirk("batches", "Changes wait for a sync that runs every few hours.", _DOC, ("about",)),
    Quirk("archived", "Archived users are left out of every sync.", _DOC, ("about",)),
    Quirk(
        "borrowed-app",
        "Only apps of the catalogue have auto-provisioning, so a map may be another app's.",
        _DOC,
        ("ory", "cloudflare"),
    ),
    Quirk(
        "later-sync",
        "What failed is logged and tried again at a later sync.",
        _INFERRED,
        ("ory",),
    ),
)

NEVER_SENT = (
    NeverSent("any request to /Groups", ("posse", "usersonly")),
    NeverSent("any request for an archived user", ("about",)),
    NeverSent("count in the look-up of a user", ("trace",)),
)

FACTS = Facts(
    sources=sources_of("idp_profiles.google"),
    headers=HEADERS,
    limits=LIMITS,
    auth_modes=AUTH_MODES,
    switches=SWITCHES,
    quirks=QUIRKS,
    never_sent=NEVER_SENT,
    relies_on=RELIES_ON,
)
