"""What is known about Okta's SCIM 2.0 client, as frozen values with their sources."""

from __future__ import annotations

import json
from importlib.resources import files

from idp_profiles.model import Certainty
from idp_profiles.model import Source
from idp_profiles.profile import Facts
from idp_profiles.profile import Limit
from idp_profiles.profile import NeverSent
from idp_profiles.profile import Quirk
from idp_profiles.profile import Switch

from .authentication import AUTH_MODES
from .plan import CHECKLIST
from .plan import RELIES_ON

FEATURES = (
    "Test API Credentials",
    "Import",
    "Create Users",
    "Update User Attributes",
    "Deactivate Users",
    "Sync Password",
    "Push Groups: create",
    "Push Groups: members",
    "Push Groups: rename",
    "Push Groups: delete",
    "Rate limiting",
    "Entitlements",
    "Import User Schema",
    "Okta's own tests",
    "Histories",
)

# The order and values of the 2018 reference, which a dump of real PUTs confirms. `Content-Type`
# goes out with every method but GET, and so also with a DELETE that has no body.
HEADERS = (
    ("Accept", "application/scim+json"),
    ("Accept-Charset", "utf-8"),
    ("Content-Type", "application/scim+json; charset=utf-8"),
    ("User-Agent", "Okta SCIM Client 1.0.0"),
    ("Authorization", ""),
    ("Connection", "Keep-Alive"),
    ("Accept-Encoding", "gzip,deflate"),
)

_DOC, _TEST, _WILD, _INFERRED = (
    Certainty.DOC,
    Certainty.TEST,
    Certainty.WILD,
    Certainty.INFERRED,
)

LIMITS = {
    "timeout": Limit(60, "seconds without a byte", ("faq", "faqold", "docs2540")),
    "page_size": Limit(100, "resources", ("ref20",)),
    "probe_count": Limit(2, "resources", ("rostr", "ref18")),
    "member_chunk_min": Limit(100, "member changes in one PATCH", ("oinold",)),
    "member_chunk_max": Limit(1000, "member changes in one PATCH", ("oinold",)),
    "rate_limit_wait": Limit(300, "seconds without Retry-After", ("concept",)),
    "rate_limit_factor": Limit(2, "times the wait before", ("concept",)),
    "rate_limit_attempts": Limit(10, "attempts", ("concept",)),
    "entitlement_description": Limit(1000, "characters", ("entitle",)),
}

# The open points; the first value is the default.
SWITCHES = (
    Switch("group_lookup", ("on", "off"), "a lookup by name before a group is created"),
    Switch("members_in_post", ("full", "empty"), "the members inside the POST of a group"),
    Switch(
        "name_patch",
        ("after-create", "every-change", "never"),
        "when the group's name goes out in a PATCH of its own",
    ),
    Switch("full_replace", ("path", "pathless"), "the form of a complete member list"),
    Switch("reassign", ("patch", "full"), "re-assignment: activation alone, or with the profile"),
    Switch("password_patch", ("pathless", "path"), "the form of the password PATCH"),
    Switch("cleared", ("empty", "null", "missing"), "how a cleared attribute is sent"),
    Switch("missing_user", ("fail", "create"), "a 404 on the read before a PUT"),
    Switch("page_advance", ("count", "itemsPerPage"), "how far an import goes on"),
    Switch("enterprise_urn", ("listed", "unlisted"), "the extension's URN in schemas"),
    Switch("blanks", ("percent", "plus"), "blanks in a filter: %20 or +"),
    Switch("overlay", ("profile", "changed"), "what a profile update lays over the GET's answer"),
    Switch("member_chunk", ("100",), "member changes in one PATCH, 100 to 1000"),
)

TOGGLES = {
    "create_users": True,
    "update_users": True,
    "deactivate_users": True,
    "sync_password": True,
    "import_groups": False,
    "push_memberships_immediately": True,
    "rename_app_groups": True,
    "exclude_username_updates": False,
}

QUIRKS = (
    Quirk(
        "password-always",
        "A new user carries a random password of about 8 characters, which may break a policy.",
        _WILD,
        ("ref20", "zitadel", "flask"),
    ),
    Quirk(
        "groups-empty-array",
        "A new or linked user carries groups: [] although the attribute is readOnly.",
        _WILD,
        ("ref20", "firezone", "rostr"),
    ),
    Quirk(
        "echo-of-meta",
        "A PUT returns id, meta and every unknown attribute that the GET delivered.",
        _WILD,
        ("firezone", "ref18"),
    ),
    Quirk(
        "pathless-replace",
        "Changes of active and of a group's name use replace without path.",
        _WILD,
        ("ref20", "meta113"),
    ),
    Quirk(
        "id-in-value",
        "A group's rename repeats the id inside value.",
        _WILD,
        ("ref20", "ref18", "meta113"),
    ),
    Quirk(
        "no-member-type",
        "Members have value and display only.",
        _WILD,
        ("ref20", "scimsdk419"),
    ),
    Quirk(
        "display-null",
        "The PUT template returns display: null where the server gave none.",
        _WILD,
        ("scimgw95",),
    ),
    Quirk(
        "members-twice",
        "A new group can carry its members in the POST and again in the next request.",
        _WILD,
        ("flask", "rostr"),
    ),
    Quirk(
        "error-must-be-json",
        "An error body that is not JSON is shown as a parser message that hides the cause.",
        _WILD,
        ("meta100", "rostr"),
    ),
    Quirk(
        "no-put-fallback",
        "A refused PATCH is not repeated as PUT; a task for the admin is opened.",
        _WILD,
        ("blog1956",),
    ),
    Quirk("bodies-not-logged", "Okta keeps no SCIM bodies in its System Log.", _DOC, ("kbbody",)),
    Quirk(
        "same-group",
        "One group for assignment and push is unsupported.",
        _DOC,
        ("kbpushtrouble",),
    ),
    Quirk(
        "only-assigned-members",
        "Only members who are assigned, active and provisioned are pushed.",
        _DOC,
        ("ref20", "kbpushpre", "kbpushtrouble"),
    ),
    Quirk(
        "import-groups-400",
        "Ticking Import Groups can make the save fail with 400 until Okta enables a feature.",
        _WILD,
        ("airmason",),
    ),
    Quirk(
        "null-auth-error",
        "A wrong base URL or an unreachable host is shown as 'Error authenticating: null'.",
        _WILD,
        ("gitlab",),
    ),
    Quirk(
        "lowercase-keys",
        "resources, startindex, itemsperpage and totalresults are read in lower case too.",
        _DOC,
        ("ref18",),
    ),
    Quirk(
        "test-delays",
        "The official CRUD run waits 20 to 40 seconds for a change to arrive.",
        _TEST,
        ("crud", "testguide"),
    ),
)

NEVER_SENT = (
    NeverSent("DELETE /Users/{id}", ("ref20",)),
    NeverSent("POST /.search", ("faq",)),
    NeverSent("/Bulk", ("faq",)),
    NeverSent("/Me", ("faq",)),
    NeverSent("GET /ServiceProviderConfig", ("faq", "rostr")),
    NeverSent("a filter on meta.lastModified", ("faq",)),
    NeverSent("GET /Schemas outside governance and schema import", ("faq", "oinauth")),
    NeverSent("GET /ResourceTypes outside governance and schema import", ("faq", "oinauth")),
    NeverSent("any request when a user is suspended", ("ref20",)),
)

FACTS = Facts(
    sources={
        key: Source(key, row["title"], Certainty(row["kind"]), row["where"])
        for key, row in json.loads(
            files("idp_profiles.okta").joinpath("sources.json").read_text(encoding="utf-8")
        ).items()
    },
    headers=HEADERS,
    limits=LIMITS,
    auth_modes=AUTH_MODES,
    switches=SWITCHES,
    quirks=QUIRKS,
    never_sent=NEVER_SENT,
    relies_on=RELIES_ON,
    checklist=CHECKLIST,
)
