"""Every step that the profile can send: its name, how sure its wire form is, who says so.

All of it is read from the code. The order of the headers follows from the library below it.
"""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.step_table import Row
from idp_profiles.step_table import StepTable

_CODE = Certainty.CODE
_OK, _CREATED, _EXISTS, _GONE = (200,), (200, 201), (409,), (404,)
_WRITTEN, _DELETED = (200, 204), (200, 204)

_CONFIG: Row = ("read the server's features", _CODE, "base", _OK)
_CREATE: Row = ("create the user", _CODE, "users models mapping", _CREATED)
_PUT: Row = ("replace the user", _CODE, "users models mapping", _WRITTEN)
_GROUP: Row = ("create the group", _CODE, "groups models mapping", _CREATED)
_ADD: Row = ("add the members", _CODE, "groups models", _WRITTEN)
_READ: Row = ("read the group", _CODE, "groups", _OK)

TABLE = StepTable(
    {
        "user-create": (_CONFIG, _CREATE),
        "user-create-conflict": (
            (*_CREATE[:3], _EXISTS),
            ("look up the user", _CODE, "users", _OK),
        ),
        "user-update": (_PUT,),
        "user-update-gone": ((*_PUT[:3], _GONE), _CREATE),
        "user-deactivate": (_PUT,),
        "user-reactivate": (_PUT,),
        "user-delete": (("delete the user", _CODE, "users", _DELETED),),
        "group-create": (_GROUP, _ADD),
        "group-create-put": (_GROUP, _ADD),
        "group-create-conflict": (
            (*_GROUP[:3], _EXISTS),
            ("look up the group", _CODE, "groups", _OK),
            _ADD,
        ),
        "group-update": (("change the group", _CODE, "groups models", _WRITTEN), _READ),
        "group-update-put": (
            ("replace the group", _CODE, "groups models", _WRITTEN),
            # Only where the PUT was refused, in AWS mode.
            ("replace name and external id", _CODE, "groups models", _WRITTEN),
            _READ,
        ),
        "group-compare": (_READ, ("mend the members", _CODE, "groups models", _WRITTEN)),
        "group-member-add": (("add the member", _CODE, "groups models", _WRITTEN),),
        "group-member-remove": (("remove the member", _CODE, "groups models", _WRITTEN),),
        "group-delete": (("delete the group", _CODE, "groups", _DELETED),),
        "full-sync": (
            ("list the users", _CODE, "users sync", _OK),
            ("list the groups", _CODE, "groups sync", _OK),
            # Only users in whom something differs.
            _PUT,
            _READ,
        ),
    }
)
step = TABLE.step
