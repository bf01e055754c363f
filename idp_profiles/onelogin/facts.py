"""What is known about OneLogin's SCIM 2.0 client, as frozen values with their sources."""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.profile import Facts
from idp_profiles.profile import NeverSent
from idp_profiles.profile import Quirk
from idp_profiles.profile import Switch
from idp_profiles.source_list import sources_of

from .authentication import AUTH_MODES
from .plan import RELIES_ON
from .templates import TEMPLATES

FEATURES = (
    "API Connection: Enable",
    "Create user",
    "Update user",
    "Suspend user",
    "Delete user",
    "Groups",
    "Sync Logins",
    "Histories",
)

# The User-Agent is there and empty; Content-Type goes out with every method. What the admin writes
# into the box for custom headers takes the place of these.
HEADERS = (("Authorization", ""), ("User-Agent", ""), ("Content-Type", ""))

_DOC, _CODE, _WILD, _INFERRED = (
    Certainty.DOC,
    Certainty.CODE,
    Certainty.WILD,
    Certainty.INFERRED,
)

# The open points, and the admin's choices; the first value is the default.
SWITCHES = (
    Switch("template", tuple(TEMPLATES), "the SCIM JSON Template, unless one is given as mapping"),
    Switch("active_text", ("word", "digit"), "what {$user.active} makes: true or 1"),
    Switch(
        "content_type",
        ("application/scim+json", "application/json"),
        "the Content-Type: as a custom header says, or without one",
    ),
    Switch("user_agent", ("empty", "OneLogin SCIM"), "the User-Agent: empty, or a custom header"),
    Switch("stray_marks", ("on", "off"), "a stray & after a filter, a stray ? after an id"),
    Switch("on_removal", ("suspend", "delete", "nothing"), "what happens when access is removed"),
    Switch("on_suspension", ("suspend", "nothing"), "what happens when a user is suspended"),
    Switch("suspension", ("put", "patch"), "the form of a suspension"),
    Switch("member_removal", ("list", "filter"), "the form of a removal from a group"),
    Switch("sync_count", ("100", "2", "10", "1000"), "the page size of Sync Logins: unknown"),
)

# Each kind of change can wait for an admin's approval.
TOGGLES = {"approve_create": False, "approve_update": False, "approve_delete": False}

QUIRKS = (
    Quirk(
        "template",
        "The admin writes the body of a user; what the template lacks is never sent.",
        _DOC,
        ("docker", "living", "keepnet"),
    ),
    Quirk("empty-user-agent", "The User-Agent is empty.", _WILD, ("log",)),
    Quirk(
        "stray-marks",
        "A stray & follows the filter and a stray ? an id; blanks are +.",
        _WILD,
        ("log",),
    ),
    Quirk("wild-urns", "Templates list URNs that no RFC has.", _WILD, ("log", "scimdev")),
    Quirk("object-email", "emails may be one object instead of a list.", _CODE, ("django",)),
    Quirk("active-text", "active may be a text, since macros make texts.", _DOC, ("keepnet",)),
    Quirk(
        "names-in-reply",
        "A reply needs id, name.givenName and name.familyName.",
        _DOC,
        ("zabbix",),
    ),
    Quirk(
        "enable-by-get",
        "The connection test is one look-up of nobody: an empty list or 404 is success.",
        _DOC,
        ("calls",),
    ),
    Quirk(
        "membership-only",
        "A server without PATCH for groups loses the memberships, users keep working.",
        _WILD,
        ("log",),
    ),
    Quirk(
        "reply-type",
        "The guide wants application/json on all replies.",
        _DOC,
        ("calls",),
    ),
    Quirk("approval", "Create, update and delete can wait for an approval.", _DOC, ("harness",)),
)

NEVER_SENT = (
    NeverSent("DELETE /Groups/{id}", ("calls",)),
    NeverSent("PUT /Groups/{id}", ("calls",)),
    NeverSent("groups inside a user", ("kb",)),
)

FACTS = Facts(
    sources=sources_of("idp_profiles.onelogin"),
    headers=HEADERS,
    limits={},
    auth_modes=AUTH_MODES,
    switches=SWITCHES,
    quirks=QUIRKS,
    never_sent=NEVER_SENT,
    relies_on=RELIES_ON,
)
