"""Every step that the profile can send: its name, how sure its wire form is, who says so.

Certainty is decided per step. A step whose wire form rests on several tags counts as the weakest.
"""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.step_table import Row
from idp_profiles.step_table import StepTable

_DOC, _CODE, _WILD, _INFERRED = (
    Certainty.DOC,
    Certainty.CODE,
    Certainty.WILD,
    Certainty.INFERRED,
)
# Microsoft's own gallery test takes 200 for a create; 404 on a delete means that it is done.
_OK, _CREATED, _PATCHED, _GONE = (200,), (201, 200), (200, 204), (204, 200, 202, 404)

_FIND: Row = ("look up the user", _DOC, "D1 W6", _OK)
_READ: Row = ("read the user", _DOC, "D1 D3", _OK)
_FIND_GROUP: Row = ("look up the group", _DOC, "D1", _OK)
_READ_GROUP: Row = ("read the group", _DOC, "D1 D11 W16", _OK)


def _update(certainty: Certainty, sources: str) -> tuple[Row, ...]:
    return (_READ, ("update the user", certainty, sources, _PATCHED))


TABLE = StepTable(
    {
        "test-connection": (
            ("probe users", _DOC, "D1 D5 W3", _OK),
            # Documented as a random group; the query string is nobody's.
            ("probe groups", _INFERRED, "D1 W1", _OK),
        ),
        "schema-discovery": (("read the schemas", _DOC, "D1 C2", _OK),),
        "oauth-token-header": (
            ("get a token", _DOC, "D1 D14 W1", _OK),
            ("probe users", _DOC, "D1", _OK),
        ),
        # The option is documented, the order of the parameters is not.
        "oauth-token-body": (("get a token", _INFERRED, "D1 W1", _OK),),
        "wif-token": (
            ("get a token", _DOC, "C3 D1", _OK),
            ("look up the user", _DOC, "C3 D1", _OK),
        ),
        "create-user": (
            ("look up the user", _DOC, "D1 D3 W6", _OK),
            ("create the user", _DOC, "D1 D3 D8", _CREATED),
        ),
        "match-two-attributes": (
            ("look up the user", _WILD, "W6 D9", _OK),
            ("create the user", _WILD, "W6 D9", _CREATED),
        ),
        "match-by-email": (("look up the user", _INFERRED, "D1", _OK),),
        "match-existing-then-patch": (
            ("look up the user", _DOC, "D3 W6", _OK),
            ("update the user", _WILD, "D3 W6 W12 W9", _PATCHED),
        ),
        "match-case": (("look up the user", _WILD, "W2 C1", _OK),),
        "incremental-update-known-user": _update(_DOC, "D1 D11 W5"),
        "update-many-default": _update(_DOC, "D2 D1"),
        "update-many-flag": _update(_DOC, "D2"),
        "add-single-default": _update(_DOC, "D2"),
        "add-single-flag": _update(_DOC, "D2"),
        "add-multivalued-absent": _update(_WILD, "W9 W13 W36 W20"),
        "remove-multivalued": (("remove a value of the user", _WILD, "W9 D8 D9", _PATCHED),),
        "rename-username": _update(_DOC, "D1"),
        "custom-extension-attribute": _update(_WILD, "D9 D2 W24"),
        "manager-set-default": (
            ("check the manager", _DOC, "D1 D15", _OK),
            ("set the manager", _WILD, "W9 D3 W40", _PATCHED),
        ),
        # Both forms were seen; that the flagged job sends them is concluded from the lower case.
        "manager-set-flag": (("set the manager", _INFERRED, "W9", _PATCHED),),
        "manager-remove": (("remove the manager", _INFERRED, "W11", _PATCHED),),
        "disable-user-default": (
            _READ,
            ("disable the user", _DOC, "D2 D3 W33 W23", _PATCHED),
        ),
        "disable-user-flag": (_READ, ("disable the user", _DOC, "D2", _PATCHED)),
        "enable-user-default": (
            ("look up the user", _DOC, "D1 D3 W35", _OK),
            # That a PATCH comes is seen; the text "True" is concluded from "False".
            ("enable the user", _INFERRED, "D1 D3 W8", _PATCHED),
        ),
        "enable-user-flag": (
            ("look up the user", _DOC, "D1 D3 W35", _OK),
            ("enable the user", _INFERRED, "D2 W8", _PATCHED),
        ),
        "hard-delete-user": (("delete the user", _DOC, "D3 W7", _GONE),),
        "role-single-create": (_FIND, ("create the user", _DOC, "D9", _CREATED)),
        "role-single-patch": _update(_INFERRED, "D9 W2"),
        "role-complex-create": (_FIND, ("create the user", _DOC, "D9", _CREATED)),
        "role-complex-patch": _update(_WILD, "D9 W9"),
        "role-assertive-patch": _update(_DOC, "D9"),
        "create-group": (_FIND_GROUP, ("create the group", _DOC, "D1 W14", (201, 200))),
        "match-existing-group": (
            ("look up the group", _WILD, "D1 W12", _OK),
            ("update the group", _WILD, "D1 W12", _PATCHED),
        ),
        "match-group-external-id": (("look up the group", _WILD, "D9 W2 W12", _OK),),
        "read-group": (_READ_GROUP,),
        "group-add-member-default": (
            _READ_GROUP,
            ("check the member", _WILD, "W15 D1", _OK),
            ("add members", _DOC, "D1 W34", _PATCHED),
        ),
        "group-add-members-flag": (_READ_GROUP, ("add members", _INFERRED, "D2", _PATCHED)),
        "group-remove-member-default": (
            _READ_GROUP,
            ("remove members", _DOC, "D2 D1 W9 W39", _PATCHED),
        ),
        "group-remove-member-flag": (_READ_GROUP, ("remove members", _DOC, "D2", _PATCHED)),
        "rename-group": (_READ_GROUP, ("rename the group", _DOC, "D1", _PATCHED)),
        # The request is documented; that an unassigned group is deleted too is in a test only.
        "delete-group": (("delete the group", _CODE, "D1 C2", _GONE),),
        "provision-on-demand-user": (
            ("probe users", _INFERRED, "D5", _OK),
            ("look up the user", _INFERRED, "D5", _OK),
            ("create the user", _INFERRED, "D5 D2", _CREATED),
            ("update the user", _INFERRED, "D5 D2", _PATCHED),
        ),
        "provision-on-demand-group": (
            ("look up the group", _INFERRED, "D5", _OK),
            ("create the group", _INFERRED, "D5", (201, 200)),
            ("update the group", _INFERRED, "D5", _PATCHED),
            ("add members", _INFERRED, "D5", _PATCHED),
        ),
        "validator-replace-attributes": (("replace attributes", _WILD, "W29 W2", _PATCHED),),
        "validator-group-add-member": (("replace members", _WILD, "W2", _PATCHED),),
        "gallery-pagination": (("read a page", _CODE, "C2", _OK),),
    }
)

step = TABLE.step
