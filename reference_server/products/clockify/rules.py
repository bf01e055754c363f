"""Rules: what the documentation promises of the product, each as one switch.

As they stand here the product does what is documented; a deviation turns one of them over. The
ids are those of the documented behaviours, as in the suite's catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum


class Lock(Enum):
    """What nobody can do in the product while SCIM is on, and where it is done instead."""

    OWN_NAME = "CLK-LOCK-1", "Your name comes from SCIM: change it in the identity provider."
    LEAVING = "CLK-LOCK-2", "SCIM manages who is in this workspace: nobody can leave on their own."
    JOINING = "CLK-LOCK-3", "SCIM manages who is in this workspace: joining automatically is off."
    ADDING_USERS = "CLK-LOCK-4", "Users come through SCIM: add them in the identity provider."
    UPDATING_USERS = "CLK-LOCK-4", "Users come through SCIM: update them in the identity provider."
    DELETING_USERS = "CLK-LOCK-4", "Users come through SCIM: remove them in the identity provider."
    REVOKING_INVITATIONS = "CLK-LOCK-5", "Invitations cannot be revoked while SCIM is on."
    CHANGING_TYPES = "CLK-LOCK-6", "Limited users cannot become regular ones while SCIM is on."
    CHANGING_ROLES = "CLK-LOCK-7", "Roles cannot be changed here while SCIM is on."
    CREATING_GROUPS = (
        "CLK-LOCK-8",
        "Groups come through SCIM: create them in the identity provider.",
    )
    UPDATING_GROUPS = (
        "CLK-LOCK-8",
        "Groups come through SCIM: change them in the identity provider.",
    )
    DELETING_GROUPS = (
        "CLK-LOCK-8",
        "Groups come through SCIM: delete them in the identity provider.",
    )

    @property
    def reason(self) -> str:
        """What somebody who tries it is told."""
        return self.value[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """One set of rules; the defaults are the documentation's."""

    # Switching SCIM on.
    owners_only: bool = True  # CLK-ENABLE-1
    enterprise_only: bool = True  # CLK-ENABLE-2
    lesser_plans: frozenset[str] = frozenset()  # CLK-ENABLE-2: others that have SCIM
    new_token_each_time: bool = True  # CLK-ENABLE-3
    token_new_after_off: bool = True  # CLK-ENABLE-3
    token_shown_once: bool = True  # CLK-ENABLE-3
    rotation_ends_old_token: bool = True  # CLK-ENABLE-3
    switching_off_ends_token: bool = True  # CLK-ENABLE-3
    base_url_has_path: bool = True  # CLK-ENABLE-4
    groups_deleted: bool = True  # CLK-ENABLE-5
    empty_groups_deleted: bool = True  # CLK-ENABLE-5
    groups_new_each_time: bool = True  # CLK-ENABLE-6
    members_seen: bool = True  # CLK-USER-6: existing members can be matched
    names_kept_at_switch: bool = True  # CLK-USER-2
    nobody_pulled: bool = True  # CLK-USER-7
    token_forms: tuple[str, ...] = ("bearer", "header")  # CLK-AUTH-1
    repeated_bearer: bool = True  # CLK-AUTH-1

    # Users that SCIM sends.
    users_created: bool = True  # CLK-USER-1
    users_active_at_once: bool = True  # CLK-USER-1
    most_users: int | None = None  # CLK-USER-9
    names_followed: bool = True  # CLK-USER-2
    names_followed_at_first: bool = True  # CLK-USER-2
    names_in_every_script: bool = True  # CLK-USER-2
    emails_followed: bool = True  # CLK-USER-3
    emails_name_users: bool = True  # CLK-USER-6: what matches is the e-mail, as the IdP chose
    deactivation_followed: bool = True  # CLK-USER-4
    reactivation_followed: bool = True  # CLK-USER-4
    returners_can_leave: bool = True  # CLK-USER-4: and are deactivated once more
    deactivation_keeps: bool = True  # CLK-USER-4, CLK-USER-8: inactive, not gone
    status_delay: timedelta = timedelta(0)  # CLK-USER-4, CLK-USER-10
    time_zone_taken: bool = True  # CLK-USER-5
    time_zone_by_hand_kept: bool = True  # CLK-USER-5
    time_zone_kept_on_return: bool = True  # CLK-USER-5
    time_zone_kept_unsent: bool = True  # CLK-USER-5
    inactive_updated: bool = True  # CLK-USER-8: anonymising comes after deactivating
    removal_followed: bool = True  # CLK-USER-8
    inactive_keys_dead: bool = True  # CLK-USER-10
    inactive_keys_dead_inside: bool = True  # CLK-USER-10: wherever they are shown
    removed_keys_dead: bool = True  # CLK-USER-10
    others_left_alone: bool = True  # CLK-USER-11
    others_keep_roles: bool = True  # CLK-USER-11
    others_keep_keys: bool = True  # CLK-USER-11

    # Groups that SCIM sends.
    groups_created: bool = True  # CLK-GROUP-1
    groups_removed: bool = True  # CLK-GROUP-1
    groups_may_return: bool = True  # CLK-GROUP-1: another group under the name of one deleted
    members_added: bool = True  # CLK-GROUP-2
    members_removed: bool = True  # CLK-GROUP-2
    last_members_removed: bool = True  # CLK-GROUP-2
    group_names_followed: bool = True  # CLK-GROUP-3
    renamed_in_place: bool = True  # CLK-GROUP-3
    group_names_verbatim: bool = True  # CLK-GROUP-3
    address_names_taken: bool = True  # CLK-GROUP-4: a distribution list is a group like any other
    no_group_of_its_own: bool = True  # CLK-GROUP-5

    # What is locked meanwhile.
    locks: frozenset[Lock] = frozenset(Lock)  # CLK-LOCK-1 to CLK-LOCK-8
    locks_bind_owners: bool = True  # CLK-LOCK-4 to CLK-LOCK-8
    locks_say_why: bool = True  # CLK-LOCK-1 to CLK-LOCK-8
    locks_bind_unsent: bool = True  # CLK-LOCK-1, CLK-LOCK-2: also people whom SCIM did not send
    reactivating_locked: bool = True  # CLK-LOCK-4
    inviting_locked: bool = True  # CLK-LOCK-4
    invited_people_locked: bool = True  # CLK-LOCK-5: deleting them revokes the invitation
    refused_is_not_done: bool = True  # CLK-LOCK-6, CLK-LOCK-7
    demoting_locked: bool = True  # CLK-LOCK-7
    time_zone_free: bool = True  # CLK-USER-5: the one setting that stays with the user
