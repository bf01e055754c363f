"""Every step that the profile can send: its name, how sure its wire form is, who says so.

Certainty is decided per step. A documented call with a stray mark that is seen elsewhere only, or
with a body that is worked out from its length, is inferred.
"""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.step_table import StepTable

_DOC, _WILD, _INFERRED = Certainty.DOC, Certainty.WILD, Certainty.INFERRED
_OK, _FOUND, _CREATED = (200,), (200, 404), (201, 200)
_GONE, _PATCHED = (204, 200), (200, 204)

TABLE = StepTable(
    {
        "enable": (("look for nobody", _WILD, "calls log", _FOUND),),
        "provision-new": (
            ("look up the user", _WILD, "log calls", _FOUND),
            ("create the user", _INFERRED, "calls log", _CREATED),
        ),
        "provision-existing": (
            ("look up the user", _WILD, "log calls", _FOUND),
            ("replace the user", _WILD, "log", _OK),
        ),
        "update": (("replace the user", _WILD, "log", _OK),),
        "group-read": (("read the groups", _DOC, "calls", _OK),),
        "group-create": (("create the group", _INFERRED, "calls", _CREATED),),
        "group-member-add": (("add the member", _INFERRED, "log", _PATCHED),),
        "group-member-remove": (("remove the member", _INFERRED, "calls", _PATCHED),),
        "group-member-remove-filter": (("remove the member", _INFERRED, "calls", _PATCHED),),
        "suspend-put": (("suspend the user", _INFERRED, "harness", _OK),),
        "suspend-patch": (("suspend the user", _INFERRED, "summaries", _PATCHED),),
        "delete": (("delete the user", _INFERRED, "calls harness", _GONE),),
        "sync-logins": (("list users", _INFERRED, "calls clockwise", _OK),),
    }
)
step = TABLE.step
