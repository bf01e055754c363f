"""Every step that the profile can send: its name, how sure its wire form is, who says so.

Certainty is decided per step. A step whose sources have several tags counts as the weakest.
"""

from __future__ import annotations

from typing import TypeAlias

from idp_profiles.model import Certainty
from idp_profiles.model import Step

_Row: TypeAlias = tuple[str, Certainty, str, tuple[int, ...]]

_DOC, _TEST, _WILD, _INFERRED = (
    Certainty.DOC,
    Certainty.TEST,
    Certainty.WILD,
    Certainty.INFERRED,
)
_OK, _FOUND, _CREATED, _PATCHED = (200,), (200, 404), (201,), (200, 204)

_TABLE: dict[str, tuple[_Row, ...]] = {
    "test-credentials": (
        ("probe users", _WILD, "rostr ref18", _OK),
        ("probe groups", _WILD, "delinea rostr", _OK),
    ),
    "save-provisioning-settings": (("probe users", _WILD, "rostr", _OK),),
    "create-user": (
        ("look up the user", _DOC, "ref20", _FOUND),
        ("create the user", _WILD, "ref20 flask rostr", _CREATED),
    ),
    "create-user-group-assignment": (
        ("look up the user", _WILD, "flask", _FOUND),
        ("create the user", _WILD, "flask", _CREATED),
    ),
    "link-existing-user-aiw": (
        ("look up the user", _DOC, "ref20", _FOUND),
        ("read the user", _WILD, "firezone", _OK),
        ("replace the user", _WILD, "firezone rostr", _OK),
    ),
    "link-existing-user-oin": (
        ("look up the user", _DOC, "ref20", _FOUND),
        # Linking, activating and pushing are documented; their order on the wire is not.
        ("activate the user", _INFERRED, "ref20 plan", _PATCHED),
        ("read the user", _INFERRED, "ref20 plan", _OK),
        ("replace the user", _INFERRED, "ref20 plan", _OK),
    ),
    "create-user-conflict": (
        ("look up the user", _DOC, "ref20", _FOUND),
        ("create the user", _DOC, "ref20", (409,)),
    ),
    "update-profile": (
        ("read the user", _DOC, "ref20", _OK),
        ("replace the user", _WILD, "ref20 ref18 rostr firezone", _OK),
    ),
    "rename-user": (
        ("read the user", _DOC, "ref20", _OK),
        ("replace the user", _WILD, "ref20 connect workshop", _OK),
    ),
    "push-empty-values": (
        ("read the user", _DOC, "ref20", _OK),
        # That empty values are pushed is in the QA plan; how they look is not written anywhere.
        ("replace the user", _INFERRED, "plan", _OK),
    ),
    "deactivate-user-oin": (("deactivate the user", _WILD, "ref20 flask", _PATCHED),),
    "deactivate-user-aiw": (
        ("read the user", _WILD, "ref20 rostr firezone", _OK),
        ("replace the user", _WILD, "rostr firezone", _OK),
    ),
    "reactivate-user-oin": (
        ("look up the user", _INFERRED, "ref20", _FOUND),
        ("activate the user", _WILD, "ref20 workshop crud", _PATCHED),
        ("read the user", _INFERRED, "ref20", _OK),
        ("replace the user", _INFERRED, "ref20", _OK),
    ),
    "reactivate-user-aiw": (
        ("look up the user", _INFERRED, "ref20", _FOUND),
        ("read the user", _TEST, "ref20 crud", _OK),
        ("replace the user", _INFERRED, "ref20 crud", _OK),
    ),
    # The verbs are documented; the shape of the body is not.
    "sync-password-oin": (("set the password", _INFERRED, "ref20", _PATCHED),),
    "sync-password-aiw": (
        ("read the user", _DOC, "ref20", _OK),
        ("replace the user", _INFERRED, "ref20 ref18", _OK),
    ),
    "suspend-or-delete-user": (),
    "provision-user-backlog": (
        ("look up the user", _WILD, "rostr", _FOUND),
        ("create the user", _WILD, "rostr", _CREATED),
        ("replace the user", _WILD, "rostr", _OK),
    ),
    "import-users": (
        ("list users", _DOC, "ref20", _OK),
        ("list more users", _DOC, "ref20", _OK),
        ("list groups", _DOC, "ref20", _OK),
    ),
    "import-groups": (
        ("list groups", _DOC, "ref20 kbegp", _OK),
        ("list more groups", _DOC, "ref20", _OK),
    ),
    "push-group-create-patch": (
        ("look up the group", _DOC, "ref20", _OK),
        ("create the group", _WILD, "ref20 flask", _CREATED),
        ("send the group's name", _WILD, "meta113 ref20", _PATCHED),
        ("add members", _WILD, "flask scimsdk419", _PATCHED),
    ),
    "push-group-create-put": (
        ("look up the group", _WILD, "rostr", _OK),
        ("create the group", _WILD, "rostr sid247", _CREATED),
        ("read the group", _WILD, "rostr", _OK),
        ("replace the group", _WILD, "rostr sid247", _OK),
    ),
    "push-empty-group": (
        ("create the group", _WILD, "rostr plan sid247", _CREATED),
        ("read the group", _WILD, "rostr", _OK),
        ("replace the group", _WILD, "rostr sid247", _OK),
    ),
    "group-members-change-patch": (
        ("send the group's name", _DOC, "ref20", _PATCHED),
        ("change members", _WILD, "ref20 ref18 flask scimsdk419", _PATCHED),
    ),
    "group-members-replace-patch": (("replace members", _TEST, "ref20 ref18 plan", _PATCHED),),
    "group-members-large": (("add members", _WILD, "oinold docs2540 polis4080", _PATCHED),),
    "group-change-put": (
        ("read the group", _WILD, "ref20 rostr scimgw95", _OK),
        ("replace the group", _WILD, "ref20 ref18 rostr scimgw95", _OK),
    ),
    "group-rename-patch": (("rename the group", _DOC, "ref20", _PATCHED),),
    "group-link-existing": (
        ("list groups", _DOC, "kbegp", _OK),
        ("send the group's name", _INFERRED, "plan kbpushops", _PATCHED),
        ("add members", _INFERRED, "plan", _PATCHED),
    ),
    # No scenario of its own: the same linking as the PUT template would do it.
    "group-link-existing-put": (
        ("list groups", _DOC, "kbegp", _OK),
        ("read the group", _INFERRED, "plan", _OK),
        ("replace the group", _INFERRED, "plan", _OK),
    ),
    "group-delete": (("delete the group", _DOC, "ref20 ref18", (204,)),),
    "group-unlink-leave": (),
    "rate-limit": (("create the user", _DOC, "concept", _CREATED),),
    "entitlement-discovery": (
        ("read the resource types", _WILD, "entitle entwork", _OK),
        ("read the schemas", _WILD, "entitle entwork", _OK),
        ("read the entitlements", _WILD, "entitle entwork", _OK),
    ),
    "entitlement-assign": (
        ("read the user", _INFERRED, "entwork", _OK),
        ("replace the user", _WILD, "entwork entitle", _OK),
    ),
    "import-user-schema": (
        ("read the resource types", _DOC, "oinauth", _OK),
        ("read the schemas", _DOC, "oinauth", _OK),
    ),
}

STEPS: dict[str, tuple[Step, ...]] = {
    scenario: tuple(
        Step(name, certainty, tuple(sources.split()), scenario, accepts)
        for name, certainty, sources, accepts in rows
    )
    for scenario, rows in _TABLE.items()
}


def step(scenario: str, name: str) -> Step:
    """Return one step of a scenario; raises KeyError for a step that the table does not have."""
    for candidate in STEPS[scenario]:
        if candidate.name == name:
            return candidate
    raise KeyError(f"{scenario} has no step {name!r}")
