"""Deviations that keep a promise in the usual case, and break it in a corner of it."""

from __future__ import annotations

from .departure import rule

CORNERS = (
    rule(
        "standard-plan-has-scim",
        "Let SCIM be switched on in the Standard plan, too.",
        "CLK-ENABLE-2",
        lesser_plans=frozenset({"STANDARD_2021", "STANDARD_YEAR_2021"}),
    ),
    rule(
        "token-back-after-off",
        "Give the former token again when SCIM is switched off and on.",
        "CLK-ENABLE-3",
        token_new_after_off=False,
    ),
    rule(
        "empty-groups-kept",
        "Keep groups without people when SCIM is switched on.",
        "CLK-ENABLE-5",
        empty_groups_deleted=False,
    ),
    rule(
        "names-in-ascii",
        "Put question marks for letters beyond ASCII in the names of people.",
        "CLK-USER-2",
        names_in_every_script=False,
    ),
    rule(
        "second-deactivation-ignored",
        "Leave somebody active whom SCIM deactivates for the second time.",
        "CLK-USER-4",
        returners_can_leave=False,
    ),
    rule(
        "time-zone-forgotten-on-return",
        "Forget that somebody chose a time zone when SCIM activates them again.",
        "CLK-USER-5",
        time_zone_kept_on_return=False,
    ),
    rule(
        "time-zone-reset-when-unsent",
        "Reset the time zone of somebody of whom SCIM writes none.",
        "CLK-USER-5",
        time_zone_kept_unsent=False,
    ),
    rule(
        "inactive-keys-open-the-workspace",
        "Refuse an inactive user's key where the user is asked for, and let it into the workspace.",
        "CLK-USER-10",
        inactive_keys_dead_inside=False,
    ),
    rule(
        "others-demoted",
        "Make users of the admins whom SCIM never sent.",
        "CLK-USER-11",
        others_keep_roles=False,
    ),
    rule(
        "others-locked-out",
        "Refuse the API keys of everybody but owners whom SCIM never sent.",
        "CLK-USER-11",
        others_keep_keys=False,
    ),
    rule(
        "deleted-groups-stay-away",
        "Keep a group out whose name one had that SCIM deleted.",
        "CLK-GROUP-1",
        groups_may_return=False,
    ),
    rule(
        "last-members-stay",
        "Keep the last member in a group.",
        "CLK-GROUP-2",
        last_members_removed=False,
    ),
    rule(
        "group-names-escaped",
        "Show the names of groups with the signs of HTML escaped.",
        "CLK-GROUP-3",
        group_names_verbatim=False,
    ),
    rule(
        "unsent-people-not-locked",
        "Let people change their name and leave whom SCIM never sent.",
        *("CLK-LOCK-1", "CLK-LOCK-2"),
        locks_bind_unsent=False,
    ),
    rule(
        "reactivating-unlocked",
        "Let admins activate somebody whom SCIM deactivated.",
        "CLK-LOCK-4",
        reactivating_locked=False,
    ),
    rule(
        "inviting-unlocked",
        "Let admins invite people on the team page.",
        "CLK-LOCK-4",
        inviting_locked=False,
    ),
    rule(
        "invited-people-deletable",
        "Let admins delete people who are invited, which revokes the invitation.",
        *("CLK-LOCK-5", "CLK-LOCK-4"),
        invited_people_locked=False,
    ),
    rule(
        "refused-changes-made",
        "Refuse to change types and roles, and change them.",
        *("CLK-LOCK-6", "CLK-LOCK-7"),
        refused_is_not_done=False,
    ),
    rule(
        "admins-demotable",
        "Let admins be made users.",
        "CLK-LOCK-7",
        demoting_locked=False,
    ),
)
