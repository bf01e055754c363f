"""The RFC requirements that authentik's traffic needs."""

from __future__ import annotations

RELIES_ON = (
    # The service provider configuration, with every member that the model wants.
    "RFC7644-4-2",
    "RFC7643-5-5",
    "RFC7643-5-6",
    "RFC7643-5-7",
    "RFC7643-5-8",
    "RFC7643-5-9",
    "RFC7643-5-11",
    "RFC7643-5-12",
    "RFC7643-5-14",
    "RFC7643-5-15",
    "RFC7643-5-16",
    "RFC7643-5-17",
    "RFC7643-5-21",
    "RFC7643-5-24",
    "RFC7643-5-25",
    # Representation: what is read back.
    "RFC7643-3-5",
    "RFC7643-3.1-2",
    "RFC7643-3.1-6",
    "RFC7643-3.1-7",
    "RFC7643-3.1-8",
    "RFC7643-4.1.1-1",
    "RFC7643-4.2-2",
    "RFC7643-4.2-9",
    "RFC7643-4.2-10",
    "RFC7643-7-33",
    # Authentication.
    "RFC7644-2-7",
    "RFC7644-3.12-11",
    # Create, and the 409 of what is there already.
    "RFC7644-3.3-1",
    "RFC7644-3.3-2",
    "RFC7644-3.3-7",
    "RFC7644-3.3-8",
    "RFC7644-3.3-12",
    # Read, look up, list from an index without a count.
    "RFC7644-3.4.1-1",
    "RFC7644-3.4.2-4",
    "RFC7644-3.4.2-5",
    "RFC7644-3.4.2-7",
    "RFC7644-3.4.2-11",
    "RFC7644-3.4.2.2-4",
    "RFC7644-3.4.2.2-12",
    "RFC7644-3.4.2.4-5",
    "RFC7644-3.4.2.4-11",
    "RFC7644-3.4.2.4-13",
    "RFC7644-3.4.2.4-14",
    # Replace.
    "RFC7644-3.5.1-4",
    "RFC7644-3.5.1-13",
    "RFC7644-3.5.1-15",
    # PATCH: members one by one, the whole group without a path.
    "RFC7644-3.5.2-5",
    "RFC7644-3.5.2-11",
    "RFC7644-3.5.2-21",
    "RFC7644-3.5.2-28",
    "RFC7644-3.5.2.1-6",
    "RFC7644-3.5.2.1-10",
    "RFC7644-3.5.2.1-11",
    "RFC7644-3.5.2.3-1",
    "RFC7644-3.5.2.3-2",
    # Delete.
    "RFC7644-3.6-2",
    "RFC7644-3.6-3",
    "RFC7644-3.6-4",
    "RFC7644-3.6-6",
    "RFC7644-3.6-7",
    "RFC7644-3.6-9",
    # Format and errors.
    "RFC7644-3.8-1",
    "RFC7644-3.8-6",
    "RFC7644-3.12-1",
)
