"""Every step that the profile can send: its name, how sure its wire form is, who says so.

Certainty is decided per step. Only the look-up and the create are in the live traces; the order of
the look-up's parameters is not, because the traced server sorted them.
"""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.step_table import StepTable

_WILD, _INFERRED = Certainty.WILD, Certainty.INFERRED
_OK, _CREATED, _GONE, _PATCHED = (200,), (201,), (204,), (200, 204)

TABLE = StepTable(
    {
        "probe": (("check the credentials", _WILD, "authn", _OK),),
        "provision-new": (
            ("look up the user", _WILD, "trace agent", _OK),
            ("create the user", _WILD, "trace agent", _CREATED),
        ),
        "provision-existing": (
            ("look up the user", _WILD, "trace", _OK),
            # By PATCH in a variant, which may be answered 204.
            ("replace the user", _INFERRED, "trace", _PATCHED),
        ),
        "update": (("replace the user", _INFERRED, "about", _OK),),
        "update-patch": (("change the user", _INFERRED, "about", _PATCHED),),
        "suspend": (("suspend the user", _INFERRED, "adobe", _PATCHED),),
        "reactivate": (
            ("look up the user", _INFERRED, "trace", _OK),
            ("reactivate the user", _INFERRED, "trace", _PATCHED),
        ),
        "delete": (("delete the user", _INFERRED, "authn", _GONE),),
    }
)
step = TABLE.step
