"""The peculiarities of Entra's traffic, and what it never sends."""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.profile import NeverSent
from idp_profiles.profile import Quirk

_DOC, _CODE, _WILD, _INFERRED = (
    Certainty.DOC,
    Certainty.CODE,
    Certainty.WILD,
    Certainty.INFERRED,
)


def _quirk(key: str, certainty: Certainty, sources: str, text: str) -> Quirk:
    return Quirk(key, text, certainty, tuple(sources.split()))


QUIRKS = (
    _quirk("capital-ops", _DOC, "D1", "A job without the flag writes Add, Replace and Remove."),
    _quirk(
        "text-boolean",
        _DOC,
        "D2 W33",
        'A job without the flag disables with the text "False"; one page prints a boolean.',
    ),
    _quirk(
        "remove-with-values",
        _DOC,
        "D1 D2 W39 W4",
        "A job without the flag removes members with a value array; only these are to go.",
    ),
    _quirk("bare-manager", _WILD, "W9 W10", "The manager is the bare text of an id."),
    _quirk(
        "manager-must-be-rfc",
        _WILD,
        "W37 W5",
        "A manager that is returned in any form but the RFC's makes the user unreadable.",
    ),
    _quirk(
        "dotted-keys",
        _DOC,
        "D2",
        "The flagged job folds attributes into one operation whose keys are paths.",
    ),
    _quirk(
        "urn-object-in-value",
        _WILD,
        "onyx",
        "One project saw the extension's URN as a key that holds an object.",
    ),
    _quirk(
        "add-by-filter",
        _WILD,
        "W9 W13 W36",
        "Add goes to an entry selected by a filter that is not there yet.",
    ),
    _quirk(
        "boolean-as-text-in-filter", _DOC, "D9 W2", 'roles[primary eq "True"] is a path of PATCH.'
    ),
    _quirk("disabled-stay-visible", _DOC, "D1 W35", "Disabled users must be found and read."),
    _quirk("groups-probed", _WILD, "W1", "A 404 on /Groups fails Test Connection."),
    _quirk("no-user-agent", _WILD, "W4", "No User-Agent is sent; one report only."),
    _quirk(
        "adscimversion",
        _INFERRED,
        "W41 W42",
        "A header Adscimversion is sent; the spelling of its value is not established.",
    ),
    _quirk("plus-for-blanks", _WILD, "W5", "Blanks in a filter are plus signs; a trace of 2018."),
    _quirk("case-blind", _WILD, "W2 C1", "userName has to be found in another letter case."),
    _quirk(
        "flag-changes-patch-only",
        _INFERRED,
        "D2",
        "The flag is documented for PATCH; that all else stays as it is, is concluded.",
    ),
    _quirk("flag-not-on-demand", _DOC, "D2", "Provisioning on demand does not follow the flag."),
    _quirk("urn-not-listed", _DOC, "D9", "A custom extension's URN is missing from schemas."),
    _quirk("empty-not-sent", _DOC, "D8", "A value that became empty is not sent."),
    _quirk("roles-empty-array", _DOC, "D1", "A new user carries roles: []."),
    _quirk("members-never-read", _DOC, "D1 W16", "Members are written and never read."),
    _quirk("memberships-kept", _DOC, "D3", "A restored user's memberships are not sent again."),
    _quirk("no-delete-after-unassign", _DOC, "D3 W7", "An unassigned user gets no DELETE."),
    _quirk(
        "rewrite-of-changed-values",
        _WILD,
        "D1 W5",
        "A value that was stored in another form is sent again in every evaluation.",
    ),
    _quirk(
        "too-many-requests",
        _WILD,
        "W17 W18 W19",
        "Whether Retry-After counts is contradicted; it is taken as not honoured.",
    ),
    _quirk(
        "replace-on-members",
        _WILD,
        "W43",
        "One tenant sent a lower-case replace on members for each user, and only the last stayed.",
    ),
    _quirk(
        "special-characters", _DOC, "D8", "Filters fail for special characters in matching values."
    ),
    _quirk(
        "validator-is-not-the-service",
        _WILD,
        "W29 W2",
        "The SCIM Validator sends other forms of PATCH than a job without the flag.",
    ),
    _quirk(
        "group-gone-when-unassigned",
        _CODE,
        "C2",
        "An unassigned group is deleted, and created anew when it is assigned again.",
    ),
)

NEVER_SENT = (
    NeverSent("PUT", ("D1",)),
    NeverSent("/Bulk", ("D1",)),
    NeverSent("POST /.search", ("D1",)),
    NeverSent("any operator but eq and and", ("D1",)),
    NeverSent("two matching attributes in one filter", ("W6", "D9")),
    NeverSent("startIndex and count, outside the gallery test", ("D1", "C2")),
    NeverSent("members inside the POST of a group", ("D1",)),
    NeverSent("a read of the members of a group", ("D1", "W16")),
    NeverSent("DELETE /Users/{id} after an unassignment", ("D3", "W7")),
    NeverSent("a value that became empty", ("D8",)),
    NeverSent("entitlements", ("D1",)),
    NeverSent("GET /Schemas for a plain non-gallery application", ("D1",)),
    NeverSent("a refused PATCH again as PUT", ("D1",)),
)
