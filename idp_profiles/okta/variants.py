"""The known wire forms of the steps that sources leave open, per scenario; the default is first."""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.mapping import AttributeMapping
from idp_profiles.model import Certainty
from idp_profiles.profile import Variant

from .mappings import ENTERPRISE_MAPPING
from .mappings import MINIMUM_MAPPING
from .names import CATALOG
from .steps import STEPS

_DOC, _TEST, _WILD, _INFERRED = (
    Certainty.DOC,
    Certainty.TEST,
    Certainty.WILD,
    Certainty.INFERRED,
)


def _form(
    name: str,
    certainty: Certainty,
    sources: str,
    note: str,
    *,
    mapping: AttributeMapping | None = None,
    dialects: tuple[str, ...] = (),
    **switches: str,
) -> Variant:
    return Variant(
        name=name,
        switches=switches,
        mapping=mapping,
        certainty=certainty,
        sources=tuple(sources.split()),
        note=note,
        dialects=dialects,
    )


_CREATE = (
    _form(
        "mapped-minimum",
        _WILD,
        "rostr",
        "displayName, locale and the e-mail's type vanish when their mappings are deleted",
        mapping=MINIMUM_MAPPING,
    ),
    _form(
        "enterprise-extension",
        _WILD,
        "rostr",
        "enterprise attributes are nested under their URN, which schemas lists",
        mapping=ENTERPRISE_MAPPING,
    ),
    _form(
        "enterprise-unlisted",
        _INFERRED,
        "rostr",
        "enterprise attributes are nested under their URN, which schemas does not list",
        mapping=ENTERPRISE_MAPPING,
        enterprise_urn="unlisted",
    ),
    _form(
        "filter-plus-encoding", _DOC, "ref18", "blanks of the filter are plus signs", blanks="plus"
    ),
)

_OVERLAY = _form(
    "changed-only",
    _INFERRED,
    "concept",
    "only what changed is laid over the GET's answer, so that a hidden attribute stays missing",
    overlay="changed",
)
_FULL = _form(
    "with-profile",
    _INFERRED,
    "ref20",
    "a lookup comes first, and the profile follows",
    reassign="full",
)
_NO_LOOKUP = _form(
    "without-lookup", _WILD, "flask", "no lookup before the POST, as in 2021", group_lookup="off"
)
_EMPTY_POST = _form(
    "empty-post", _DOC, "ref20", "the POST holds no members yet", members_in_post="empty"
)
_NO_NAME = _form(
    "without-name", _WILD, "flask", "no PATCH of the name, as in 2021", name_patch="never"
)
_BY_PAGE = _form(
    "by-items-per-page",
    _INFERRED,
    "ref20",
    "the import goes on by itemsPerPage when a server returns fewer than asked for",
    page_advance="itemsPerPage",
)

_OTHERS: Mapping[str, tuple[Variant, ...]] = {
    "create-user": _CREATE,
    "update-profile": (_OVERLAY,),
    "rename-user": (_OVERLAY,),
    "push-empty-values": (
        _form("null", _INFERRED, "plan", "a cleared attribute is null", cleared="null"),
        _form("missing", _INFERRED, "plan", "a cleared attribute is left out", cleared="missing"),
    ),
    "reactivate-user-oin": (_FULL,),
    "reactivate-user-aiw": (
        _form("with-lookup", _INFERRED, "ref20", "a lookup comes first", reassign="full"),
    ),
    "sync-password-oin": (
        _form(
            "path",
            _INFERRED,
            "ref20",
            "the operation has the path",
            password_patch="path",  # noqa: S106 # the name of a switch
        ),
    ),
    "import-users": (_BY_PAGE,),
    "import-groups": (_BY_PAGE,),
    "push-group-create-patch": (
        _NO_LOOKUP,
        _EMPTY_POST,
        _NO_NAME,
        _form(
            "as-captured-2021",
            _WILD,
            "flask",
            "neither lookup nor PATCH of the name",
            group_lookup="off",
            name_patch="never",
        ),
    ),
    "push-group-create-put": (_NO_LOOKUP,),
    "push-empty-group": (
        _NO_LOOKUP,
        _form("without-name", _WILD, "flask", _NO_NAME.note, dialects=CATALOG, name_patch="never"),
    ),
    "group-members-change-patch": (
        _form(
            "with-name",
            _DOC,
            "ref20",
            "the name goes out with each change of members",
            name_patch="every-change",
        ),
    ),
    "group-members-replace-patch": (
        _form(
            "pathless-members",
            _WILD,
            "meta100 tealium",
            "the complete list in a replace without path; two vendors report it",
            full_replace="pathless",
        ),
    ),
}


def variants_of(scenario: str) -> tuple[Variant, ...]:
    """Return the known wire forms of a scenario, the default first."""
    steps = STEPS[scenario]
    certainty = Certainty.weakest(*(step.certainty for step in steps)) if steps else _DOC
    sources = tuple(dict.fromkeys(key for step in steps for key in step.sources))
    default = Variant(
        name="default",
        certainty=certainty,
        sources=sources,
        note="as the sheet's sources show it first",
    )
    return (default, *_OTHERS.get(scenario, ()))
