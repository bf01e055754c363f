"""Rules: what the product promises, each as one value that a deviation can break.

The ids are those of the help pages' statements: CWS-PLAN-1 and so on.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The promises as they are kept; each departure is one field with another value."""

    # CWS-FEAT-1: create users, update user attributes, deactivate users, group push.
    users_are_taken_in: bool = True
    updates_are_applied: bool = True
    leaving_ends_the_seat: bool = True
    groups_are_taken_in: bool = True
    groups_can_leave: bool = True
    # CWS-FEAT-1, as the directory service does it: who becomes inactive is deleted, unless told
    # to keep them; None leaves it to the setting.
    inactive_is_deleted: bool | None = None
    # CWS-FEAT-2: attributes of Admin users cannot be updated.
    admins_keep_their_attributes: bool = True
    admins_keep_their_addresses: bool = True
    # CWS-ENABLE-1: Enterprise only; an admin of the IdP who is an admin of the plan; no push
    # groups and no custom attributes are needed.
    enterprise_only: bool = True
    both_roles_needed: bool = True
    both_roles_suffice: bool = True
    seats_need_no_group: bool = True
    # CWS-ENABLE-2: the token type is an OAuth Bearer Token.
    token_is_bearer: bool = True
    # CWS-LOCK-1: nobody is added in the admin panel while an IdP is in use.
    panel_is_locked: bool = True
    panel_stays_locked: bool = True
    panel_is_open_before: bool = True
    lock_says_why: bool = True
    # CWS-PLAN-1 and CWS-PLAN-2: the threshold, moved by so many users.
    threshold_shift: int = 0
    trial_adds_the_pushed: bool = True
    trial_keeps_paid_members: bool = True
    switch_pays_the_listed: bool = True
    switch_frees_the_others: bool = True
    switch_frees_admins: bool = True
    switch_pays_late_comers: bool = True
    # CWS-MATCH-1: by e-mail, whatever its capitals.
    matches_by: str = "email"
    strangers_are_free: bool = True
    # CWS-MATCH-2: an address without an account waits for its owner to sign up.
    addresses_wait: bool = True
    # CWS-MATCH-3: names come from Google where only licences come from the directory.
    names_stay_google: bool = True
    # CWS-BLOCK-1: who is not listed can be blocked, once there is a push group.
    unlisted_are_blocked: bool = True
    listed_get_in_again: bool = True
    blocking_needs_a_group: bool = True
