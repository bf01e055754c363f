"""The known wire forms of the steps that sources leave open, per scenario; the default is first."""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.model import Certainty
from idp_profiles.profile import Variant
from idp_profiles.step_table import form

from .mappings import SMALL_MAPPING
from .steps import TABLE

_DOC, _WILD, _INFERRED = Certainty.DOC, Certainty.WILD, Certainty.INFERRED

# What every request has open, shown once where nothing is set up yet and once on a real user.
_WIRE = (
    form(
        "plain-json",
        _INFERRED,
        "infisical",
        "Content-Type and Accept are application/json; a receiver read both",
        content_type="application/json",
        accept="application/json",
    ),
    form("no-user-agent", _INFERRED, "bodies", "no User-Agent at all", user_agent="none"),
    form("empty-user-agent", _INFERRED, "bodies", "an empty User-Agent", user_agent="empty"),
    form("filter-plus-encoding", _INFERRED, "custom", "blanks of the filter are +", blanks="plus"),
)

_OTHERS: Mapping[str, tuple[Variant, ...]] = {
    "test-connection": (
        *_WIRE,
        form(
            "without-read",
            _INFERRED,
            "bodies",
            "the test user is not read between POST and PUT",
            read_created="off",
        ),
    ),
    "test-connection-groups": (
        form(
            "rename",
            _INFERRED,
            "trouble",
            "the test run's update is a rename instead of a new member",
            test_group_update="rename",
        ),
    ),
    "provision-new": (
        *_WIRE,
        Variant(
            name="small-mapping",
            mapping=SMALL_MAPPING,
            certainty=_DOC,
            sources=("console",),
            note="every optional attribute is left out in the console",
        ),
    ),
    "provision-existing": (
        form(
            "without-echo",
            _INFERRED,
            "bodies",
            "the PUT returns nothing that only the application knows",
            echo="nothing",
        ),
    ),
    "update": (
        form("without-read", _INFERRED, "bodies", "no GET before the PUT", read_before_put="off"),
    ),
    "group-create": (
        form(
            "members-in-post",
            _INFERRED,
            "infisical",
            "the POST lists the members with display, and the PATCH repeats them",
            members_in_post="listed",
        ),
    ),
    "group-member-add": (
        form(
            "repeated",
            _WILD,
            "repeats infisical",
            "the same member is added a second time",
            member_add="twice",
        ),
    ),
    "group-member-remove": (
        form(
            "path-filter",
            _INFERRED,
            "infisical",
            "P2: the member is named by a filter in the path",
            member_removal="path-filter",
        ),
        form(
            "full-put",
            _INFERRED,
            "infisical",
            "P3: the group is replaced with those who stay",
            member_removal="full-put",
        ),
    ),
    "group-put-p3": (
        form(
            "with-display",
            _INFERRED,
            "infisical",
            "each member has a display; a receiver demanded it",
            put_display="on",
        ),
    ),
    "group-rename": (
        form(
            "pathless",
            _INFERRED,
            "infisical",
            "a replace without path whose value repeats the id",
            rename="pathless",
        ),
    ),
    "import": (
        form(
            "count-first",
            _INFERRED,
            "import",
            "count stands before startIndex",
            import_order="count-first",
        ),
        form(
            "small-pages",
            _INFERRED,
            "import",
            "the page size is not known: two users a page bring about several pages",
            import_count="2",
        ),
    ),
}


def variants_of(scenario: str) -> tuple[Variant, ...]:
    """Return the known wire forms of a scenario, the default first."""
    return (TABLE.default_form(scenario), *_OTHERS.get(scenario, ()))
