"""Every step that the profile can send: its name, how sure its wire form is, who says so.

Certainty is decided per step. A step whose sources have several tags counts as the weakest: a
captured body at an inferred place is an inferred step.
"""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.step_table import StepTable

_WILD, _INFERRED = Certainty.WILD, Certainty.INFERRED
_OK, _CREATED, _GONE, _PATCHED = (200,), (201, 200), (204, 200), (200, 204)
_GONE_OR_REFUSED = (204, 200, 404, 405, 501)

TABLE = StepTable(
    {
        "test-connection": (
            ("look up the test user", _INFERRED, "custom infisical", _OK),
            ("create the test user", _INFERRED, "bodies custom infisical", _CREATED),
            ("read the test user", _INFERRED, "bodies", _OK),
            ("replace the test user", _INFERRED, "bodies currents", _OK),
            ("delete the test user", _INFERRED, "custom", _GONE),
        ),
        "test-connection-no-delete": (
            # An application that does delete leaves nothing to do.
            ("delete the test user", _INFERRED, "custom", _GONE_OR_REFUSED),
            ("deactivate the test user", _INFERRED, "custom bodies snipe", _OK),
        ),
        "test-connection-groups": (
            ("look up the test group", _INFERRED, "custom infisical", _OK),
            ("create the test group", _INFERRED, "custom trouble infisical", _CREATED),
            ("update the test group", _INFERRED, "trouble repeats infisical", _PATCHED),
            ("delete the test group", _INFERRED, "custom trouble", _GONE),
        ),
        "provision-new": (
            ("look up the user", _INFERRED, "custom infisical", _OK),
            ("create the user", _WILD, "bodies", _CREATED),
        ),
        "provision-existing": (
            ("look up the user", _INFERRED, "custom awssso infisical", _OK),
            ("replace the user", _WILD, "bodies awssso", _OK),
        ),
        "update": (
            ("read the user", _INFERRED, "bodies", _OK),
            ("replace the user", _WILD, "bodies currents", _OK),
        ),
        "deactivate": (
            ("deactivate the user", _INFERRED, "custom bitwarden currents infisical", _OK),
        ),
        "reactivate": (
            ("look up the user", _INFERRED, "bitwarden", _OK),
            ("reactivate the user", _INFERRED, "bitwarden", _OK),
        ),
        "delete": (("delete the user", _INFERRED, "custom", _GONE),),
        "group-create": (
            ("look up the group", _INFERRED, "heap infisical", _OK),
            ("create the group", _INFERRED, "heap bitwarden infisical", _CREATED),
            ("add members", _INFERRED, "repeats infisical", _PATCHED),
        ),
        # Method, op and list are seen; the path's text is not, so the step is inferred.
        "group-member-add": (
            (
                "add members",
                _INFERRED,
                "repeats infisical unimoni bwgroups awspatch",
                _PATCHED,
            ),
        ),
        "group-member-remove": (("remove members", _INFERRED, "unimoni infisical", _PATCHED),),
        "group-member-remove-p2": (("remove members", _INFERRED, "infisical", _PATCHED),),
        "group-put-p3": (("replace the group", _INFERRED, "infisical", _OK),),
        "group-rename": (("rename the group", _INFERRED, "heap infisical", _PATCHED),),
        "group-unbind": (("deactivate the user", _INFERRED, "heap", _OK),),
        "group-delete": (
            ("delete the group", _INFERRED, "heap", _GONE),
            ("deactivate the user", _INFERRED, "heap", _OK),
        ),
        "import": (("list users", _INFERRED, "import", _OK),),
        "integration-off": (),
    }
)
step = TABLE.step
