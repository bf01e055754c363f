"""How Clockify's help page sets up each IdP, and where its API is."""

from __future__ import annotations

from suites.products.kit import Kit
from suites.products.kit import SetUp
from suites.products.kit import bearer
from suites.products.kit import verbatim

from .probe import ClockifyProbe

BARE, PREFIXED, TWICE, STRIPPED = "bare", "Bearer", "Bearer Bearer", "Bearer, typed and taken off"

KIT = Kit(
    name="clockify",
    title="Clockify",
    probe=ClockifyProbe,
    set_ups={
        # Catalogue app SCIM 2.0 Test App (Header Auth): what is typed is the header.
        "okta": SetUp(
            dialect="oin",
            auth_mode="test-app-header",
            forms={PREFIXED: verbatim("Bearer "), BARE: verbatim("")},
        ),
        # Non-gallery application; the Secret Token is the word Bearer, a blank and the token. What
        # becomes of the word is not established, so most cases use what every server takes.
        "entra": SetUp(
            dialect="default",
            forms={STRIPPED: bearer, TWICE: bearer},
            form_switches={
                STRIPPED: {"secret_token": "strip-bearer"},
                TWICE: {"secret_token": "verbatim"},
            },
        ),
        # Custom application: Base URL and token.
        "jumpcloud": SetUp(dialect="custom", forms={PREFIXED: bearer}),
        # Named as a possible IdP, without a guide: the usual set-up.
        "google": SetUp(dialect="catalogue", forms={PREFIXED: bearer}),
    },
)
