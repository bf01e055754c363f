"""The RFC requirements that the extension's traffic needs."""

from __future__ import annotations

RELIES_ON = (
    "RFC7643-3-5",
    "RFC7643-3.1-2",
    "RFC7643-3.1-6",
    "RFC7643-4.1.1-1",
    "RFC7643-4.2-2",
    "RFC7643-4.2-9",
    "RFC7644-2-7",
    "RFC7644-3.3-1",
    "RFC7644-3.3-2",
    "RFC7644-3.3-7",
    "RFC7644-3.3-8",
    "RFC7644-3.5.1-4",
    "RFC7644-3.5.1-13",
    "RFC7644-3.5.1-15",
    "RFC7644-3.5.2-5",
    "RFC7644-3.5.2-11",
    "RFC7644-3.5.2.2-4",
    "RFC7644-3.5.2.3-2",
    "RFC7644-3.6-2",
    "RFC7644-3.6-6",
    "RFC7644-3.8-1",
)
