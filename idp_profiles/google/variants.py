"""The known wire forms of the steps that sources leave open, per scenario; the default is first."""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.model import Certainty
from idp_profiles.profile import Variant
from idp_profiles.step_table import form

from .steps import TABLE

_INFERRED = Certainty.INFERRED

_BY_PUT = form(
    "put", _INFERRED, "adobe", "the whole user in a PUT instead of a PATCH", lifecycle="put"
)
_OTHERS: Mapping[str, tuple[Variant, ...]] = {
    "provision-new": (
        form(
            "start-index-first",
            _INFERRED,
            "trace",
            "startIndex stands before the filter: the traced server sorts what it logs",
            lookup_order="start-first",
        ),
        form(
            "filter-plus-encoding", _INFERRED, "trace", "blanks of the filter are +", blanks="plus"
        ),
        form(
            "get-without-content-type",
            _INFERRED,
            "scimitar",
            "only requests with a body have a Content-Type",
            get_content_type="off",
        ),
        form(
            "with-accept",
            _INFERRED,
            "agent",
            "an Accept header that asks for application/json",
            accept="application/json",
        ),
    ),
    "provision-existing": (
        form(
            "patch",
            _INFERRED,
            "about",
            "a PATCH of every mapped attribute: what follows the look-up is not in the trace",
            update="patch",
        ),
    ),
    "update": (
        form(
            "patch",
            _INFERRED,
            "about",
            "a PATCH of what changed, as in update-patch",
            update="patch",
        ),
    ),
    "suspend": (_BY_PUT,),
    "reactivate": (_BY_PUT,),
}


def variants_of(scenario: str) -> tuple[Variant, ...]:
    """Return the known wire forms of a scenario, the default first."""
    return (TABLE.default_form(scenario), *_OTHERS.get(scenario, ()))
