"""Deviations of Clockify: each is a departure from the rules, or wraps what answers.

They are apart from those of the protocol: a server may speak SCIM without a fault and still break
every promise that its product makes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from reference_server.messages import Handler

from . import wrappers
from .corners import CORNERS
from .departure import Departure
from .departure import Wrap
from .departure import rule
from .departure import unlock
from .departure import wrapped
from .rules import Lock
from .rules import Rules

_LATE = timedelta(minutes=1)


def departed(rules: Rules, names: Iterable[str]) -> tuple[Rules, Wrap]:
    """Return the rules with the named departures, and what goes around the handler."""
    wraps: list[Wrap] = []
    for name in names:
        found = _BY_NAME[name]
        rules = found.of(rules)
        if found.wrap is not None:
            wraps.append(found.wrap)

    def wrap(handle: Handler) -> Handler:
        for each in wraps:
            handle = each(handle)
        return handle

    return rules, wrap


_SWITCHING = (
    rule(
        "admins-switch-scim-on",
        "Let admins switch SCIM on.",
        "CLK-ENABLE-1",
        owners_only=False,
    ),
    rule(
        "any-plan-has-scim",
        "Let SCIM be switched on in every plan.",
        "CLK-ENABLE-2",
        enterprise_only=False,
    ),
    rule(
        "token-never-changes",
        "Give the same token at each switching on and rotation, made from the workspace's name.",
        "CLK-ENABLE-3",
        new_token_each_time=False,
    ),
    rule(
        "token-shown-again",
        "Show the token whenever somebody looks at the settings.",
        "CLK-ENABLE-3",
        token_shown_once=False,
    ),
    rule(
        "rotated-token-works-on",
        "Let the token before a rotation in.",
        "CLK-ENABLE-3",
        rotation_ends_old_token=False,
    ),
    rule(
        "switched-off-token-works-on",
        "Let the token in after SCIM was switched off.",
        "CLK-ENABLE-3",
        switching_off_ends_token=False,
    ),
    rule(
        "base-url-without-version",
        "Give a base URL that ends in /scim.",
        "CLK-ENABLE-4",
        base_url_has_path=False,
    ),
    rule(
        "groups-kept",
        "Keep the groups when SCIM is switched on.",
        *("CLK-ENABLE-5", "CLK-GROUP-7"),
        groups_deleted=False,
    ),
    rule(
        "group-ids-reused",
        "Give a group that comes back through SCIM the id that one of its name had before.",
        "CLK-ENABLE-6",
        groups_new_each_time=False,
    ),
    rule(
        "names-changed-at-switching-on",
        "Take names from the e-mail addresses as soon as SCIM is switched on.",
        "CLK-USER-2",
        names_kept_at_switch=False,
    ),
    rule(
        "directory-pulled",
        "Add somebody of the directory whom the identity provider never sent.",
        "CLK-USER-7",
        nobody_pulled=False,
    ),
    rule(
        "members-unseen",
        "Show over SCIM nobody who was in the workspace before.",
        "CLK-USER-6",
        members_seen=False,
    ),
    rule(
        "bare-token-refused",
        "Refuse the token without the word Bearer.",
        *("CLK-AUTH-1", "CLK-IDP-OKTA-2"),
        token_forms=("bearer",),
    ),
    rule(
        "bearer-token-refused",
        "Refuse the token behind the word Bearer.",
        *("CLK-AUTH-1", "CLK-IDP-OKTA-2", "CLK-IDP-ENTRA-1"),
        token_forms=("header",),
    ),
    rule(
        "repeated-bearer-refused",
        "Refuse the token behind the word Bearer twice.",
        *("CLK-AUTH-1", "CLK-IDP-ENTRA-1"),
        repeated_bearer=False,
    ),
    wrapped(
        "connection-test-refused",
        "Refuse to list users and groups, as the identity provider's connection test does.",
        *("CLK-ENABLE-7", "CLK-IDP-JC-1", "CLK-IDP-OKTA-1", "CLK-IDP-ENTRA-1"),
        wrap=wrappers.refuse_lists,
    ),
)

_USERS = (
    rule(
        "users-not-created",
        "Keep a user that SCIM creates out of the workspace.",
        "CLK-USER-1",
        users_created=False,
    ),
    rule(
        "users-created-as-invitations",
        "Only invite a user that SCIM creates.",
        "CLK-USER-1",
        users_active_at_once=False,
    ),
    rule(
        "names-ignored",
        "Keep the names that people have in the workspace.",
        "CLK-USER-2",
        names_followed=False,
    ),
    rule(
        "names-changed-at-second-request",
        "Leave the name as it is at the first provisioning request for somebody.",
        "CLK-USER-2",
        names_followed_at_first=False,
    ),
    rule(
        "emails-ignored",
        "Keep the e-mail addresses that people have in the workspace.",
        "CLK-USER-3",
        emails_followed=False,
    ),
    rule(
        "deactivation-ignored",
        "Leave somebody active whom SCIM deactivates.",
        *("CLK-USER-4", "CLK-USER-8", "CLK-USER-10"),
        deactivation_followed=False,
    ),
    rule(
        "reactivation-ignored",
        "Leave somebody inactive whom SCIM activates again.",
        "CLK-USER-4",
        reactivation_followed=False,
    ),
    rule(
        "deactivation-removes",
        "Remove somebody from the workspace whom SCIM deactivates.",
        *("CLK-USER-4", "CLK-USER-8"),
        deactivation_keeps=False,
    ),
    rule(
        "status-changes-late",
        "Follow a change of status after a minute.",
        *("CLK-USER-4", "CLK-USER-10"),
        status_delay=_LATE,
    ),
    rule(
        "time-zone-ignored",
        "Never take the time zone from SCIM.",
        "CLK-USER-5",
        time_zone_taken=False,
    ),
    rule(
        "time-zone-overwritten",
        "Take the time zone from SCIM even when somebody chose one in the product.",
        "CLK-USER-5",
        time_zone_by_hand_kept=False,
    ),
    rule(
        "time-zone-locked",
        "Let nobody choose a time zone while SCIM is on.",
        "CLK-USER-5",
        time_zone_free=False,
    ),
    wrapped(
        "emails-find-nobody",
        "Find nobody over SCIM by e-mail address.",
        "CLK-USER-6",
        wrap=wrappers.find_nobody_by("emails"),
    ),
    wrapped(
        "user-names-find-nobody",
        "Find nobody over SCIM by userName.",
        "CLK-USER-6",
        wrap=wrappers.find_nobody_by("username"),
    ),
    rule(
        "inactive-users-frozen",
        "Ignore changes of somebody who is inactive, so that nobody can be anonymised.",
        "CLK-USER-8",
        inactive_updated=False,
    ),
    rule(
        "removal-ignored",
        "Keep somebody in the workspace whom SCIM deletes.",
        *("CLK-USER-8", "CLK-USER-10"),
        removal_followed=False,
    ),
    rule(
        "users-capped",
        "Let no more than a hundred people into the workspace.",
        "CLK-USER-9",
        most_users=100,
    ),
    rule(
        "inactive-keys-work-on",
        "Let the API key of an inactive user in.",
        *("CLK-USER-10", "CLK-USER-4"),
        inactive_keys_dead=False,
    ),
    rule(
        "removed-keys-work-on",
        "Let the API key of a removed user in.",
        "CLK-USER-10",
        removed_keys_dead=False,
    ),
    rule(
        "others-deactivated",
        "Deactivate everybody but owners and admins whom SCIM never sent.",
        *("CLK-USER-11", "CLK-USER-7"),
        others_left_alone=False,
    ),
)

_GROUPS = (
    rule(
        "groups-not-created",
        "Keep a group that SCIM creates out of the workspace.",
        *("CLK-GROUP-1", "CLK-GROUP-4", "CLK-GROUP-7", "CLK-LOCK-9"),
        groups_created=False,
    ),
    rule(
        "groups-not-deleted",
        "Keep a group that SCIM deletes.",
        "CLK-GROUP-1",
        groups_removed=False,
    ),
    rule(
        "members-not-added",
        "Let nobody into a group whom SCIM adds to it.",
        *("CLK-GROUP-2", "CLK-GROUP-7"),
        members_added=False,
    ),
    rule(
        "members-not-removed",
        "Keep somebody in a group whom SCIM removes from it.",
        "CLK-GROUP-2",
        members_removed=False,
    ),
    rule(
        "group-names-ignored",
        "Keep a group's first name.",
        "CLK-GROUP-3",
        group_names_followed=False,
    ),
    rule(
        "renamed-groups-doubled",
        "Make a second group when one is renamed, and leave the first.",
        "CLK-GROUP-3",
        renamed_in_place=False,
    ),
    rule(
        "address-named-groups-ignored",
        "Keep a group out whose name is an e-mail address.",
        "CLK-GROUP-4",
        address_names_taken=False,
    ),
    rule(
        "group-of-everyone-made",
        "Put each user that SCIM creates into a group that nobody pushed.",
        "CLK-GROUP-5",
        no_group_of_its_own=False,
    ),
)

_LOCKS = (
    unlock("own-name-unlocked", "Let people change their own name.", Lock.OWN_NAME),
    unlock("leaving-unlocked", "Let people leave on their own.", Lock.LEAVING),
    unlock("joining-unlocked", "Let people join automatically.", Lock.JOINING),
    unlock("adding-users-unlocked", "Let admins add users.", Lock.ADDING_USERS),
    unlock("updating-users-unlocked", "Let admins update users.", Lock.UPDATING_USERS),
    unlock("deleting-users-unlocked", "Let admins delete users.", Lock.DELETING_USERS),
    unlock("invitations-revocable", "Let invitations be revoked.", Lock.REVOKING_INVITATIONS),
    unlock("types-unlocked", "Let limited users become regular ones.", Lock.CHANGING_TYPES),
    unlock("roles-unlocked", "Let roles be changed.", Lock.CHANGING_ROLES),
    unlock("creating-groups-unlocked", "Let admins create groups.", Lock.CREATING_GROUPS),
    unlock("updating-groups-unlocked", "Let admins update groups.", Lock.UPDATING_GROUPS),
    unlock("deleting-groups-unlocked", "Let admins delete groups.", Lock.DELETING_GROUPS),
    rule(
        "owners-not-locked",
        "Lock nothing for the owner.",
        *(f"CLK-LOCK-{number}" for number in range(4, 9)),
        locks_bind_owners=False,
    ),
    rule(
        "locks-without-reason",
        "Refuse what is locked without saying why.",
        *(f"CLK-LOCK-{number}" for number in range(1, 9)),
        locks_say_why=False,
    ),
    wrapped(
        "scim-locked-too",
        "Refuse what the identity provider wants to change as well.",
        "CLK-LOCK-9",
        wrap=wrappers.refuse_writes,
    ),
)

DEVIATIONS: tuple[Departure, ...] = (*_SWITCHING, *_USERS, *_GROUPS, *_LOCKS, *CORNERS)
_BY_NAME = {each.name: each for each in DEVIATIONS}
