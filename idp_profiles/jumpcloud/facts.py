"""What is known about JumpCloud's SCIM 2.0 client, as frozen values with their sources."""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.profile import Facts
from idp_profiles.profile import NeverSent
from idp_profiles.profile import Quirk
from idp_profiles.profile import Switch
from idp_profiles.source_list import sources_of

from .authentication import AUTH_MODES
from .plan import RELIES_ON

FEATURES = (
    "Test Connection and Activate",
    "Create users",
    "Update users",
    "Deactivate users",
    "Delete users",
    "Manage user groups",
    "Manage group membership",
    "Import users",
    "Histories",
)

# Neither order nor names are established but Authorization; an empty value is filled in from a
# switch, and Content-Type goes out with a body only.
HEADERS = (("Authorization", ""), ("Content-Type", ""), ("Accept", ""), ("User-Agent", ""))

_DOC, _WILD, _INFERRED = (
    Certainty.DOC,
    Certainty.WILD,
    Certainty.INFERRED,
)

# The open points; the first value is the default.
SWITCHES = (
    Switch(
        "content_type",
        ("application/scim+json", "application/json"),
        "the Content-Type of requests",
    ),
    Switch("accept", ("application/scim+json", "application/json"), "the Accept of requests"),
    Switch(
        "user_agent",
        ("Go-http-client/1.1", "Go-http-client/2.0", "empty", "none"),
        "the User-Agent: a guess from two habits of Go programs, empty, or missing",
    ),
    Switch("blanks", ("percent", "plus"), "blanks in a filter: %20 or +"),
    Switch(
        "base_url_slash",
        ("removed", "left"),
        "a slash at the end of the Base URL that the admin leaves, which gives //Users",
    ),
    Switch("read_created", ("on", "off"), "a GET of the test user between its POST and PUT"),
    Switch("read_before_put", ("on", "off"), "a GET before an update"),
    Switch("echo", ("photos", "nothing"), "what only the application knows and a PUT returns"),
    Switch("test_group_update", ("add-member", "rename"), "the update of the test group"),
    Switch("members_in_post", ("none", "listed"), "the members inside the POST of a group"),
    Switch("member_add", ("once", "twice"), "how often the same member is added"),
    Switch(
        "member_removal",
        ("value-list", "path-filter", "full-put"),
        "the form of a removal: P1, P2 or P3",
    ),
    Switch("put_display", ("off", "on"), "display beside value in the members of a PUT"),
    Switch("rename", ("path", "pathless"), "the form of a group's rename"),
    Switch("import_order", ("start-first", "count-first"), "the order of the paging parameters"),
    Switch("import_count", ("100", "2", "10", "50", "1000"), "the page size of an import: unknown"),
)

TOGGLES = {"manage_groups": True}

QUIRKS = (
    Quirk("null-multivalue", "emails may be null in a PUT.", _WILD, ("bodies",)),
    Quirk("empty-arrays", "addresses and phoneNumbers may be empty lists.", _WILD, ("bodies",)),
    Quirk(
        "schemas-order",
        "A PUT lists the enterprise URN first; a POST lists it without any such attribute.",
        _WILD,
        ("bodies",),
    ),
    Quirk(
        "echo",
        "Attributes that only the application knows, such as photos, come back in a PUT.",
        _INFERRED,
        ("bodies",),
    ),
    Quirk("tel-uri", "A telephone number is a tel: URI.", _WILD, ("bodies",)),
    Quirk("string-id", "An id that is a number breaks the activation.", _DOC, ("trouble",)),
    Quirk(
        "base-url-slash",
        "A slash at the end of the Base URL breaks the requests.",
        _DOC,
        ("trouble", "awssso"),
    ),
    Quirk(
        "password-expiry",
        "active means not suspended and password not expired: an expired password deactivates.",
        _DOC,
        ("bitwarden",),
    ),
    Quirk("alphabetical-keys", "The keys of users and groups are sorted.", _WILD, ("bodies",)),
    Quirk(
        "repeat-member-add",
        "A member who is in the group already is added again; the answer must be success.",
        _WILD,
        ("repeats", "infisical"),
    ),
    Quirk(
        "no-user-patch-needed",
        "Users are never patched: GET, POST, PUT and DELETE are enough.",
        _DOC,
        ("currents",),
    ),
    Quirk(
        "no-discovery-needed",
        "ServiceProviderConfig may be missing.",
        _WILD,
        ("nodisco", "infguide"),
    ),
    Quirk(
        "create-answer-200",
        "200 to a POST, and 200 with an empty object to a DELETE, are good enough.",
        _INFERRED,
        ("infisical", "repeats"),
    ),
    Quirk(
        "activation-error-generic",
        "One general message covers every failed activation, a blocked network included.",
        _WILD,
        ("snipe",),
    ),
    Quirk(
        "attribute-choice",
        "The newer console lets an admin leave out single optional attributes.",
        _DOC,
        ("console",),
    ),
    Quirk(
        "test-again",
        "Every later change of an active configuration runs the test again.",
        _DOC,
        ("custom",),
    ),
    Quirk("empty-groups", "A group without members is never created.", _DOC, ("heap",)),
    Quirk(
        "takes-over",
        "A user with the same name, or a group with the same name, is taken over.",
        _DOC,
        ("heap", "awssso"),
    ),
    Quirk(
        "plus-in-import",
        "Imported users get the part before the @ as user name; a + in it breaks the import.",
        _DOC,
        ("currents",),
    ),
)

NEVER_SENT = (
    NeverSent("PATCH /Users/{id}", ("currents",)),
    NeverSent("any group request while group management is off", ("heap", "awssso")),
    NeverSent("POST /Groups for a group without members", ("heap",)),
    NeverSent("DELETE /Groups/{id} when a group is unbound", ("heap",)),
    NeverSent("any request for a staged user", ("devguide",)),
    NeverSent("any request once the integration is off", ("import",)),
    NeverSent("custom SCIM attributes", ("vanta",)),
)

FACTS = Facts(
    sources=sources_of("idp_profiles.jumpcloud"),
    headers=HEADERS,
    limits={},
    auth_modes=AUTH_MODES,
    switches=SWITCHES,
    quirks=QUIRKS,
    never_sent=NEVER_SENT,
    relies_on=RELIES_ON,
)
