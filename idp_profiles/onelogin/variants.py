"""The known wire forms of the steps that sources leave open, per scenario; the default is first."""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.model import Certainty
from idp_profiles.profile import Variant
from idp_profiles.step_table import form

from .steps import TABLE

_DOC, _CODE, _WILD, _INFERRED = (
    Certainty.DOC,
    Certainty.CODE,
    Certainty.WILD,
    Certainty.INFERRED,
)

_TEMPLATES = (
    form(
        "wild-urns",
        _WILD,
        "log",
        "the template lists URNs that no RFC has",
        template="v2-wild-urns",
    ),
    form(
        "object-email",
        _CODE,
        "django oldschema",
        "the template of SCIM 1.0: emails is one object",
        template="v1-object-email",
    ),
    form(
        "odd",
        _DOC,
        "keepnet",
        "the template has id null, active as a text and a manager as in SCIM 1.1",
        template="v2-odd",
    ),
)
_CLEAN = form("clean-urls", _INFERRED, "log", "no stray ? and & in the URLs", stray_marks="off")
_OTHERS: Mapping[str, tuple[Variant, ...]] = {
    "provision-new": (
        *_TEMPLATES,
        form(
            "odd-digit",
            _INFERRED,
            "keepnet",
            "the same template, where active is the text 1",
            template="v2-odd",
            active_text="digit",
        ),
        form(
            "custom-user-agent",
            _DOC,
            "docker",
            "a custom header gives a User-Agent",
            user_agent="OneLogin SCIM",
        ),
        form(
            "plain-json",
            _INFERRED,
            "docker portswigger",
            "the Content-Type without a custom header",
            content_type="application/json",
        ),
        _CLEAN,
    ),
    "provision-existing": _TEMPLATES,
    "update": (*_TEMPLATES, _CLEAN),
    "group-member-remove": (
        form(
            "filter",
            _INFERRED,
            "calls",
            "the member is named by a filter in the path",
            member_removal="filter",
        ),
    ),
    "sync-logins": (
        form(
            "small-pages",
            _INFERRED,
            "calls",
            "paging is not established: two users a page bring about several pages",
            sync_count="2",
        ),
    ),
    "suspend-put": (
        form(
            "patch",
            _INFERRED,
            "summaries",
            "a PATCH of active instead of the whole template",
            suspension="patch",
        ),
    ),
}


def variants_of(scenario: str) -> tuple[Variant, ...]:
    """Return the known wire forms of a scenario, the default first."""
    return (TABLE.default_form(scenario), *_OTHERS.get(scenario, ()))
