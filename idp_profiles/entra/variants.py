"""The known wire forms of the steps that sources leave open, per scenario; the default is first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from idp_profiles.model import Certainty
from idp_profiles.profile import Variant
from idp_profiles.step_table import form

from .mappings import CORE_MAPPING
from .mappings import OBJECT_ID_MAPPING
from .names import FLAG
from .steps import TABLE

_DOC, _WILD, _INFERRED = Certainty.DOC, Certainty.WILD, Certainty.INFERRED
_FLAGGED = (FLAG,)


def _flag_forms() -> tuple[Variant, ...]:
    bare = form(
        "flag-on-request-line",
        _INFERRED,
        "D2",
        "the flag of the Tenant URL goes out with every request",
        flag_on_request_line="yes",
    )
    valued = form(
        "flag-with-value-on-request-line",
        _INFERRED,
        "D2 W27",
        "the flag goes out with every request, spelled with =true",
        flag_on_request_line="yes",
        tenant_url="?aadOptscim062020=true",
    )
    return replace(bare, dialects=_FLAGGED), replace(valued, dialects=_FLAGGED)


_ON_REQUEST_LINE = _flag_forms()
_REMOVAL_FORMS = (
    form(
        "empty-text",
        _WILD,
        "W2 C2",
        "a replace by an empty text, as Microsoft's tests do it",
        manager_removal="empty-text",
    ),
    form(
        "empty-value",
        _WILD,
        "W2 C2",
        "a replace by an object whose value is an empty text",
        manager_removal="empty-value",
    ),
)

_OTHERS: Mapping[str, tuple[Variant, ...]] = {
    "test-connection": (
        form(
            "bearer-typed",
            _INFERRED,
            "W20 W21 W22 W26",
            "the admin typed the word Bearer, and it goes out twice",
            secret_token="verbatim",  # noqa: S106 # the name of a switch
        ),
        form(
            "bearer-typed-and-stripped",
            _INFERRED,
            "W22 W44",
            "the admin typed the word Bearer, and Entra takes it off",
            secret_token="strip-bearer",  # noqa: S106 # the name of a switch
        ),
        form("users-only", _INFERRED, "D1", "no group is asked for", probe_groups="off"),
        form(
            "without-adscimversion",
            _INFERRED,
            "D1",
            "the header Adscimversion is missing, as in all samples",
            adscimversion="absent",
        ),
        form("percent-blanks", _INFERRED, "D1", "blanks of a filter are %20", blanks="percent"),
        *_ON_REQUEST_LINE,
    ),
    "oauth-token-body": (
        form(
            "both",
            _DOC,
            "D1",
            "the credentials stand in header and body",
            credentials_in="both",
        ),
    ),
    "create-user": (
        form(
            "manager-bare-string",
            _WILD,
            "W10",
            "the extension carries the manager's id as a text",
            manager_in_post="yes",
        ),
        form(
            "explicit-nulls",
            _DOC,
            "D1",
            "an old sample sends null for unset attributes; another page contradicts it",
            unset_attributes="null",
        ),
        replace(
            form("external-id-object-id", _WILD, "W20", "externalId is mapped to the object id"),
            mapping=OBJECT_ID_MAPPING,
        ),
        replace(
            form("no-enterprise", _INFERRED, "D1", "nothing is mapped to the extension"),
            mapping=CORE_MAPPING,
        ),
        *_ON_REQUEST_LINE,
    ),
    "update-many-flag": (
        form(
            "extension-as-object",
            _WILD,
            "onyx",
            "the extension's URN is a key that holds an object",
            extension_keys="object",
        ),
        *_ON_REQUEST_LINE,
    ),
    "manager-set-default": (
        form(
            "with-reference-check",
            _DOC,
            "D1 D15",
            "a filter by id and manager comes first",
            reference_check="on",
        ),
        form(
            "doc-array",
            _DOC,
            "D1",
            "the path is manager and the value an array with $ref",
            manager_form="array-with-ref",
        ),
        form("object", _WILD, "W2", "the value is an object", manager_form="object"),
    ),
    "manager-remove": _REMOVAL_FORMS,
    "disable-user-default": (
        form(
            "add-op",
            _WILD,
            "W12",
            "the operation is Add, as if the server had returned no active",
            active_op="Add",
        ),
        form(
            "boolean",
            _DOC,
            "D1",
            "the value is a boolean, as the main tutorial prints it",
            active_value="boolean",
        ),
    ),
    "enable-user-default": (
        form(
            "boolean",
            _INFERRED,
            "D1 W8",
            "the value is a boolean, as the main tutorial prints it for disabling",
            active_value="boolean",
        ),
    ),
    "create-group": (
        form(
            "empty-members",
            _WILD,
            "W14",
            "the body has an empty array of members",
            group_post_members="empty-array",
        ),
        form(
            "legacy-schema-uri",
            _DOC,
            "D1 D2",
            "schemas lists the old URI too; another page calls that repaired since 2018",
            group_schemas="legacy",
        ),
    ),
    "group-add-member-default": (
        form(
            "with-reference-check",
            _WILD,
            "W15",
            "a filter by id and member comes before each new member",
            reference_check="on",
        ),
        form("no-ref", _WILD, "W9 W11", "the elements carry no $ref", member_ref="absent"),
        form("five-at-once", _DOC, "D14", "five members in one PATCH", members_per_patch="5"),
        form("all-at-once", _DOC, "D14", "twenty members in one PATCH", members_per_patch="20"),
    ),
    "group-add-members-flag": (
        form("one-by-one", _INFERRED, "D2", "one member in each PATCH", members_per_patch="1"),
        form("five-at-once", _INFERRED, "D14", "five in one PATCH", members_per_patch="5"),
        form("all-at-once", _INFERRED, "D14", "twenty in one PATCH", members_per_patch="20"),
    ),
    "group-remove-member-default": (
        form("with-ref", _DOC, "D1", "each element carries $ref: null", removal_ref="null"),
    ),
    "group-remove-member-flag": _ON_REQUEST_LINE,
}


def variants_of(scenario: str) -> tuple[Variant, ...]:
    """Return the known wire forms of a scenario, the default first."""
    return (TABLE.default_form(scenario), *_OTHERS.get(scenario, ()))
