"""The RFC requirements that Google's traffic needs: users only."""

from __future__ import annotations

RELIES_ON = (
    "RFC7643-3-5",
    "RFC7643-3.1-6",
    "RFC7643-3.1-7",
    "RFC7643-3.1-8",
    "RFC7643-3.1-12",
    "RFC7643-4.1.1-1",
    "RFC7643-4.1.1-3",
    "RFC7644-2-7",
    "RFC7644-3.12-11",
    "RFC7644-3.3-1",
    "RFC7644-3.3-2",
    "RFC7644-3.3-7",
    "RFC7644-3.3-8",
    "RFC7644-3.4.2-4",
    "RFC7644-3.4.2-5",
    "RFC7644-3.4.2-7",
    "RFC7644-3.4.2-11",
    "RFC7644-3.4.2.2-4",
    "RFC7644-3.4.2.2-12",
    # startIndex without count.
    "RFC7644-3.4.2.4-5",
    "RFC7644-3.4.2.4-11",
    "RFC7644-3.5.1-4",
    "RFC7644-3.5.1-13",
    "RFC7644-3.5.1-15",
    "RFC7644-3.5.2-4",
    "RFC7644-3.5.2-5",
    "RFC7644-3.5.2-11",
    "RFC7644-3.5.2-28",
    "RFC7644-3.5.2.3-2",
    "RFC7644-3.6-2",
    "RFC7644-3.6-6",
    "RFC7644-3.8-1",
    # application/json, asked for or not.
    "RFC7644-3.8-7",
    "RFC7644-3.8-9",
    "RFC7644-3.12-1",
    # What the requirements of the suite rest on beside these.
    "RFC7644-2-4",
    "RFC7644-3.2-4",
    "RFC7644-3.2-7",
    "RFC7644-3.6-3",
    "RFC7644-3.6-4",
)
