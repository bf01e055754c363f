"""Deviations: the ways in which a product could break a promise, each one rule with another value.

They are the product's own, apart from those of the protocol; the sentence is what users read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from typing import Any

from reference_server.products.product import ProductDeviation

from .rules import Rules


@dataclass(frozen=True, slots=True)
class _Departure:
    summary: str
    violates: tuple[str, ...]
    changes: Mapping[str, Any]


def _departure(summary: str, *violates: str, **changes: Any) -> _Departure:  # noqa: ANN401 - values of rules
    return _Departure(summary, violates, changes)


_ALL = {
    "clockwise-address-forgotten": _departure(
        "Forget an address that has no account when it is pushed.",
        "CWS-MATCH-2",
        addresses_wait=False,
    ),
    "clockwise-admin-addresses-updated": _departure(
        "Keep the names of Admin users, and update their e-mail addresses.",
        "CWS-FEAT-2",
        admins_keep_their_addresses=False,
    ),
    "clockwise-admins-keep-paid": _departure(
        "Leave admins of the plan paid when everybody else is moved to free.",
        "CWS-PLAN-2",
        switch_frees_admins=False,
    ),
    "clockwise-admins-updated": _departure(
        "Update the attributes of Admin users like those of everybody.",
        "CWS-FEAT-2",
        admins_keep_their_attributes=False,
    ),
    "clockwise-attributes-kept": _departure(
        "Accept updates of attributes and keep the old ones.",
        "CWS-FEAT-1",
        updates_are_applied=False,
    ),
    "clockwise-bare-token-wanted": _departure(
        "Want the token without the word Bearer in front of it.",
        "CWS-ENABLE-2",
        token_is_bearer=False,
    ),
    "clockwise-block-ignored": _departure(
        "Let everybody in who is not listed, although they are to be blocked.",
        "CWS-BLOCK-1",
        unlisted_are_blocked=False,
    ),
    "clockwise-block-without-group": _departure(
        "Block whoever is not listed without a group that was pushed.",
        "CWS-BLOCK-1",
        blocking_needs_a_group=False,
    ),
    "clockwise-blocked-for-ever": _departure(
        "Keep somebody blocked whom the identity provider lists again.",
        "CWS-BLOCK-1",
        listed_get_in_again=False,
    ),
    "clockwise-every-admin-sets-up": _departure(
        "Let anybody with an account connect a directory.",
        "CWS-ENABLE-1",
        both_roles_needed=False,
    ),
    "clockwise-every-subscription": _departure(
        "Offer provisioning to customers who are not on Enterprise.",
        "CWS-ENABLE-1",
        enterprise_only=False,
    ),
    "clockwise-group-push-needed": _departure(
        "Give seats only to people who are in a group that was pushed.",
        "CWS-ENABLE-1",
        seats_need_no_group=False,
    ),
    "clockwise-groups-ignored": _departure(
        "Accept groups that are pushed and keep none.",
        "CWS-FEAT-1",
        groups_are_taken_in=False,
    ),
    "clockwise-groups-stay": _departure(
        "Keep a group that the identity provider has removed.",
        "CWS-FEAT-1",
        groups_can_leave=False,
    ),
    "clockwise-inactive-deleted": _departure(
        "Delete users who become inactive although they are to be kept.",
        "CWS-FEAT-1",
        inactive_is_deleted=True,
    ),
    "clockwise-inactive-kept": _departure(
        "Keep users who become inactive although they are to be deleted.",
        "CWS-FEAT-1",
        inactive_is_deleted=False,
    ),
    "clockwise-late-comers-free": _departure(
        "Leave whoever is pushed after everybody was moved on the free plan.",
        "CWS-PLAN-2",
        switch_pays_late_comers=False,
    ),
    "clockwise-leavers-keep-seats": _departure(
        "Leave a seat that came from the directory with somebody who has left it.",
        "CWS-FEAT-1",
        leaving_ends_the_seat=False,
    ),
    "clockwise-lock-unexplained": _departure(
        "Refuse to add somebody in the admin panel without saying why.",
        "CWS-LOCK-1",
        lock_says_why=False,
    ),
    "clockwise-matched-by-capitals": _departure(
        "Match addresses only when their capitals are the same.",
        "CWS-MATCH-1",
        matches_by="exact-email",
    ),
    "clockwise-matched-by-username": _departure(
        "Match accounts by the userName in place of the e-mail address.",
        "CWS-MATCH-1",
        matches_by="username",
    ),
    "clockwise-names-from-scim": _departure(
        "Take names from the directory although they come from Google.",
        "CWS-MATCH-3",
        names_stay_google=False,
    ),
    "clockwise-nobody-added": _departure(
        "Leave whoever is pushed during the trial without a seat.",
        "CWS-PLAN-1",
        trial_adds_the_pushed=False,
    ),
    "clockwise-others-keep-paid": _departure(
        "Leave the paid seats of everybody who is not listed after the switch.",
        "CWS-PLAN-2",
        switch_frees_the_others=False,
    ),
    "clockwise-panel-locked-at-once": _departure(
        "Refuse to add people in the panel although no identity provider is in use.",
        "CWS-LOCK-1",
        panel_is_open_before=False,
    ),
    "clockwise-panel-open": _departure(
        "Let admins add people in the panel while an identity provider is in use.",
        "CWS-LOCK-1",
        panel_is_locked=False,
    ),
    "clockwise-panel-opens-with-users": _departure(
        "Add people in the admin panel once the identity provider has sent somebody.",
        "CWS-LOCK-1",
        panel_stays_locked=False,
    ),
    "clockwise-pushed-stay-free": _departure(
        "Leave the people who were pushed on the free plan after the switch.",
        "CWS-PLAN-2",
        switch_pays_the_listed=False,
    ),
    "clockwise-set-up-refused": _departure(
        "Refuse the set-up also to an admin of the identity provider and of the plan.",
        "CWS-ENABLE-1",
        both_roles_suffice=False,
    ),
    "clockwise-strangers-paid": _departure(
        "Give a paid seat to whoever signs up, listed or not.",
        "CWS-MATCH-1",
        strangers_are_free=False,
    ),
    "clockwise-threshold-one-early": _departure(
        "Move everybody one user before the number that the documentation says.",
        "CWS-PLAN-1",
        threshold_shift=-1,
    ),
    "clockwise-threshold-one-late": _departure(
        "Move everybody one user after the number that the documentation says.",
        "CWS-PLAN-2",
        threshold_shift=1,
    ),
    "clockwise-trial-frees-others": _departure(
        "Take the paid seats of people who are not pushed already during the trial.",
        "CWS-PLAN-1",
        trial_keeps_paid_members=False,
    ),
    "clockwise-users-ignored": _departure(
        "Accept users who are pushed and keep none.",
        "CWS-FEAT-1",
        users_are_taken_in=False,
    ),
}

DEVIATIONS = tuple(
    ProductDeviation(name, each.summary, each.violates) for name, each in _ALL.items()
)


def departed(names: tuple[str, ...]) -> Rules:
    """Return the rules with some departures from them."""
    changes = [item for name in names for item in _ALL[name].changes.items()]
    return replace(Rules(), **dict(changes))
