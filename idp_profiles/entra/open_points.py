"""What the sources leave open, as switches, and what an admin can tick, as toggles."""

from __future__ import annotations

from idp_profiles.profile import Switch

from .mappings import MATCHINGS
from .roles import FORMS

# The first value is the default.
SWITCHES = (
    Switch(
        "secret_token",
        ("plain", "verbatim", "strip-bearer"),
        "what becomes of the word Bearer that an admin types before the token",
    ),
    Switch(
        "tenant_url",
        ("?aadOptscim062020", "/?aadOptscim062020", "?aadOptscim062020=true"),
        "how the admin spells the flag at the end of the Tenant URL",
    ),
    Switch("flag_on_request_line", ("no", "yes"), "whether requests carry the flag"),
    Switch(
        "credentials_in",
        ("as-set", "both"),
        "client credentials in header and body at once, whatever is set up",
    ),
    Switch("adscimversion", ("sent", "absent"), "the header Adscimversion"),
    Switch("blanks", ("plus", "percent"), "blanks in a filter: + or %20"),
    Switch("probe_groups", ("on", "off"), "the connection test asks for a group too"),
    Switch("matching", ("mapping", *MATCHINGS), "the matching attributes of users, in order"),
    Switch("group_matching", ("displayName", "externalId"), "the matching attribute of groups"),
    Switch("roles", FORMS, "the expression that app roles are mapped by"),
    Switch("unset_attributes", ("omit", "null"), "what a POST says of attributes without value"),
    Switch("manager_in_post", ("no", "yes"), "the manager as a text inside the POST"),
    Switch("manager_form", ("bare-string", "object", "array-with-ref"), "the value of a manager"),
    Switch(
        "manager_removal", ("filter", "empty-text", "empty-value"), "how a manager is taken away"
    ),
    Switch("reference_check", ("off", "on"), "a filter by id and reference before a reference"),
    Switch(
        "extension_keys",
        ("paths", "object"),
        "attributes of an extension in a value without path: full paths, or under the URN",
    ),
    Switch("active_value", ("text", "boolean"), "the value of active in a job without the flag"),
    Switch("active_op", ("by-answer", "Add", "Replace"), "the op of a change of active"),
    Switch("member_ref", ("null", "absent"), "$ref beside a new member's value"),
    Switch("removal_ref", ("absent", "null"), "$ref beside a removed member's value"),
    Switch(
        "members_per_patch",
        ("as-shown", "1", "5", "20", "100"),
        "members in one PATCH; the samples show one, two in the flagged form",
    ),
    Switch("group_post_members", ("absent", "empty-array"), "members in the POST of a group"),
    Switch("group_schemas", ("core", "legacy"), "the schemas of a new group"),
    Switch("retry_after", ("ignored", "honoured"), "Retry-After of a 429"),
    Switch("licence", ("p1", "none"), "without Entra ID P1 or P2 only users are provisioned"),
)

# Not choices but texts that an admin enters; the default is empty.
TEXTS = (
    Switch("token_endpoint", ("",), "the URL of the application's token endpoint"),
    Switch("scope", ("",), "the scopes that a token is asked for"),
)

TOGGLES = {
    "provision_groups": True,
    "skip_out_of_scope_deletions": False,
}
