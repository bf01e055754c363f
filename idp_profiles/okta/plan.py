"""Okta's manual QA plan for OIN submissions, and the RFC requirements that the traffic needs."""

from __future__ import annotations

from idp_profiles.profile import ChecklistItem

# The points of the plan that shape traffic, with the requirements whose verdicts show them; a point
# without any has to be looked at by hand.
CHECKLIST = (
    ChecklistItem(
        "Assigning a user who exists in the app links it and updates its profile.", ("OKTA-LINK-1",)
    ),
    ChecklistItem("Empty values can be pushed without an error.", ("OKTA-UPD-6",)),
    ChecklistItem("Users of a group that is assigned to the app are created.", ("OKTA-CREATE-14",)),
    ChecklistItem(
        "Users of a group whose assignment is removed are deactivated.", ("OKTA-DEACT-1",)
    ),
    ChecklistItem("A changed password is accepted, and the old one is refused afterwards."),
    ChecklistItem("An import brings active users only.", ("OKTA-IMP-3",)),
    ChecklistItem("A group without members can be pushed.", ("OKTA-PUSH-5",)),
    ChecklistItem("Push Now overwrites the memberships in the app.", ("OKTA-MEM-4", "OKTA-MEM-6")),
    ChecklistItem("Push Now works for a group that is empty.", ("OKTA-MEM-5",)),
    ChecklistItem("Unlinking a pushed group can delete the group in the app.", ("OKTA-DEL-1",)),
    ChecklistItem("Unlinking a pushed group can leave the group in the app."),
    ChecklistItem(
        "A paused group push sends nothing, and a resumed one sends the memberships.",
        ("OKTA-DEL-2",),
    ),
    ChecklistItem(
        "A group of the app can be linked, and takes the name of Okta's group.", ("OKTA-LINK-3",)
    ),
    ChecklistItem("A group of the app can be linked and keeps its own name."),
    ChecklistItem("Wrong credentials are refused.", ("OKTA-CONN-4",)),
    ChecklistItem("Disabling provisioning stops all traffic."),
)

RELIES_ON = (
    # Representation: what Okta reads back.
    "RFC7643-2.1-2",
    "RFC7643-2.4-1",
    "RFC7643-3-5",
    "RFC7643-3.1-2",
    "RFC7643-3.1-6",
    "RFC7643-3.1-7",
    "RFC7643-3.1-8",
    "RFC7643-3.1-12",
    "RFC7643-4.1.1-1",
    "RFC7643-4.1.1-3",
    "RFC7643-4.1.1-4",
    "RFC7643-4.1.1-5",
    "RFC7643-4.1.1-6",
    "RFC7643-4.1.1-26",
    "RFC7643-4.1.1-35",
    "RFC7643-4.1.2-32",
    "RFC7643-4.2-2",
    "RFC7643-4.2-9",
    "RFC7643-4.2-10",
    # Authentication.
    "RFC7644-2-7",
    "RFC7644-3.12-11",
    # Create.
    "RFC7644-3.3-1",
    "RFC7644-3.3-2",
    "RFC7644-3.3-7",
    "RFC7644-3.3-8",
    "RFC7644-3.3-12",
    # Read, look up, import.
    "RFC7644-3.4.1-1",
    "RFC7644-3.4.1-2",
    "RFC7644-3.4.1-3",
    "RFC7644-3.4.2-4",
    "RFC7644-3.4.2-5",
    "RFC7644-3.4.2-7",
    "RFC7644-3.4.2-9",
    "RFC7644-3.4.2-10",
    "RFC7644-3.4.2-11",
    "RFC7644-3.4.2.2-4",
    "RFC7644-3.4.2.2-12",
    "RFC7644-3.4.2.2-49",
    "RFC7644-3.4.2.4-5",
    "RFC7644-3.4.2.4-9",
    "RFC7644-3.4.2.4-13",
    "RFC7644-3.4.2.4-14",
    "RFC7644-3.4.2.4-15",
    "RFC7644-3.4.2.4-17",
    # Replace.
    "RFC7644-3.5.1-4",
    "RFC7644-3.5.1-13",
    "RFC7644-3.5.1-15",
    "RFC7644-3.5.1-18",
    # PATCH: paths, path-less values, members.
    "RFC7644-3.5.2-4",
    "RFC7644-3.5.2-5",
    "RFC7644-3.5.2-8",
    "RFC7644-3.5.2-11",
    "RFC7644-3.5.2-21",
    "RFC7644-3.5.2-24",
    "RFC7644-3.5.2-28",
    "RFC7644-3.5.2-31",
    "RFC7644-3.5.2.1-6",
    "RFC7644-3.5.2.1-10",
    "RFC7644-3.5.2.1-11",
    "RFC7644-3.5.2.1-13",
    "RFC7644-3.5.2.2-4",
    "RFC7644-3.5.2.2-10",
    "RFC7644-3.5.2.2-11",
    "RFC7644-3.5.2.3-1",
    "RFC7644-3.5.2.3-2",
    "RFC7644-3.5.2.3-3",
    "RFC7644-3.5.2.3-6",
    # Delete: groups only.
    "RFC7644-3.6-2",
    "RFC7644-3.6-6",
    # Format and errors.
    "RFC7644-3.8-1",
    "RFC7644-3.8-6",
    "RFC7644-3.8-9",
    "RFC7644-3.12-1",
    "RFC7644-3.12-2",
    "RFC7644-3.12-3",
    "RFC7644-3.12-13",
    "RFC7644-3.12-14",
)
