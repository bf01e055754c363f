"""The RFC requirements that JumpCloud's traffic needs."""

from __future__ import annotations

RELIES_ON = (
    # Representation: ids are texts, null and the empty list say "no value", order is free.
    "RFC7643-2.5-1",
    "RFC7643-2.5-2",
    "RFC7643-2.5-3",
    "RFC7643-3-5",
    "RFC7643-3-8",
    "RFC7643-3.1-6",
    "RFC7643-3.1-7",
    "RFC7643-3.1-8",
    "RFC7643-3.1-12",
    "RFC7643-4.1.1-1",
    "RFC7643-4.1.1-3",
    "RFC7643-4.2-2",
    "RFC7643-4.2-9",
    # Authentication.
    "RFC7644-2-7",
    "RFC7644-3.12-11",
    # Create.
    "RFC7644-3.3-1",
    "RFC7644-3.3-2",
    "RFC7644-3.3-8",
    # Read, look up, import.
    "RFC7644-3.4.1-1",
    "RFC7644-3.4.1-2",
    "RFC7644-3.4.2-4",
    "RFC7644-3.4.2-5",
    "RFC7644-3.4.2-7",
    "RFC7644-3.4.2-9",
    "RFC7644-3.4.2-10",
    "RFC7644-3.4.2-11",
    "RFC7644-3.4.2.2-4",
    "RFC7644-3.4.2.2-12",
    "RFC7644-3.4.2.4-5",
    "RFC7644-3.4.2.4-9",
    "RFC7644-3.4.2.4-13",
    "RFC7644-3.4.2.4-14",
    "RFC7644-3.4.2.4-15",
    # Replace: the only update of users.
    "RFC7644-3.5.1-4",
    "RFC7644-3.5.1-13",
    "RFC7644-3.5.1-15",
    # PATCH: groups only.
    "RFC7644-3.5.2-4",
    "RFC7644-3.5.2-5",
    "RFC7644-3.5.2-11",
    "RFC7644-3.5.2-28",
    "RFC7644-3.5.2.1-6",
    "RFC7644-3.5.2.1-10",
    "RFC7644-3.5.2.1-11",
    "RFC7644-3.5.2.1-13",
    "RFC7644-3.5.2.2-4",
    "RFC7644-3.5.2.2-11",
    "RFC7644-3.5.2.2-16",
    "RFC7644-3.5.2.3-2",
    # Delete: users and groups.
    "RFC7644-3.6-2",
    "RFC7644-3.6-3",
    "RFC7644-3.6-6",
    # Format and errors.
    "RFC7644-3.8-1",
    "RFC7644-3.8-6",
    "RFC7644-3.8-7",
    "RFC7644-3.8-9",
    "RFC7644-3.12-1",
    "RFC7644-3.12-13",
)
