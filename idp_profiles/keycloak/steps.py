"""Every step that the profile can send: its name, how sure its wire form is, who says so."""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.step_table import Row
from idp_profiles.step_table import StepTable

_CODE = Certainty.CODE
_WRITTEN = (200, 204)
_USER: Row = ("send the user", _CODE, "client users", _WRITTEN)
_GROUP: Row = ("send the group", _CODE, "client groups", _WRITTEN)

TABLE = StepTable(
    {
        "user-create": (("create the user", _CODE, "client users events", (201,)),),
        "user-update": (_USER,),
        "user-deactivate": (_USER,),
        "user-reactivate": (_USER,),
        "user-delete": (("delete the user", _CODE, "client events", _WRITTEN),),
        "group-create": (("create the group", _CODE, "client groups events", (201,)),),
        "group-update": (_GROUP,),
        "group-member-add": (_GROUP, (*_USER[:2], "events users", _WRITTEN)),
        "group-empty": (_GROUP, (*_USER[:2], "events users", _WRITTEN)),
        "group-delete": (("delete the group", _CODE, "client events", _WRITTEN),),
        "full-sync": (_USER, _GROUP),
    }
)
step = TABLE.step
