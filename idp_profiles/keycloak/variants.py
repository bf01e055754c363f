"""The known wire forms that an admin chooses between, per scenario; the default is first."""

from __future__ import annotations

from idp_profiles.model import Certainty
from idp_profiles.profile import Variant
from idp_profiles.step_table import form

from .steps import TABLE

_USERS = ("user-update", "user-deactivate", "user-reactivate")
_GROUPS = ("group-update", "group-member-add", "group-empty")


def variants_of(scenario: str) -> tuple[Variant, ...]:
    """Return the known wire forms of a scenario, the default first."""
    forms = [TABLE.default_form(scenario)]
    # The order of an operation's members is the library's and has not been read.
    if scenario in _USERS:
        note = "users by PATCH, with active as a text"
        forms.append(form("patch", Certainty.INFERRED, "users", note, user_update="patch"))
    if scenario in _GROUPS:
        note = "groups by PATCH, with the whole list of members"
        forms.append(form("patch", Certainty.INFERRED, "groups", note, group_update="patch"))
    if scenario == "group-update":
        both = {"group_update": "patch", "members": "typed"}
        note = "members with a type, as newer code sends them"
        forms.append(form("typed", Certainty.CODE, "groups", note, members="typed"))
        note = "the same by PATCH, without $ref"
        forms.append(form("typed-patch", Certainty.INFERRED, "groups", note, **both))
    return tuple(forms)
