"""How Clockwise's help pages set up each IdP, and where the simulation has its API."""

from __future__ import annotations

from suites.products.kit import Kit
from suites.products.kit import SetUp
from suites.products.kit import bearer

from .probe import ClockwiseProbe

TOKEN = "OAuth Bearer Token"  # noqa: S105 - what the set-up guides call it

KIT = Kit(
    name="clockwise",
    title="Clockwise",
    probe=ClockwiseProbe,
    set_ups={
        # The app whose credentials are an OAuth Bearer Token.
        "okta": SetUp(dialect="oin", auth_mode="test-app-bearer", forms={TOKEN: bearer}),
        # The standard template: base URL and bearer token.
        "onelogin": SetUp(dialect="provisioner", forms={TOKEN: bearer}),
    },
    api_path="/admin",
    first_look="/v1/me",
)
