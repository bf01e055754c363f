"""Setting up a mock Entra: every setting is checked, and what does not fit is named.

Client credentials are a credential of the kind `oauth2-client-credentials` or `oauth2-jwt-bearer`
(user: the client id); the switches `token_endpoint` and `scope` go before what it says of them. A
credential of the kind `jwt` is the key for the tokens of a blank secret.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from collections.abc import Mapping
from pathlib import Path

from idp_profiles.choices import chosen_dialect
from idp_profiles.choices import chosen_toggles
from idp_profiles.mapping import AttributeMapping
from idp_profiles.mapping import load_mapping
from idp_profiles.model import Credential
from idp_profiles.model import Json

from .behaviour import Entra
from .mappings import MAPPING
from .names import DIALECTS
from .open_points import TOGGLES
from .settings import checked_switches
from .signing import signing
from .tenant import Tenant


def start(
    *,
    dialect: str,
    credential: Credential,
    auth_mode: str | None = None,
    switches: Mapping[str, str] | None = None,
    toggles: Mapping[str, bool] | None = None,
    mapping: AttributeMapping | Mapping[str, Json] | Path | None = None,
    app_name: str = "scimproof",  # no text of Entra's names the app
    seed: int = 0,
    clock: Callable[[], float] = time.time,
) -> Entra:
    """Return a mock Entra; raises ValueError naming the setting that does not fit."""
    chosen = checked_switches(switches or {})
    tenant = Tenant(
        dialect=chosen_dialect(dialect, DIALECTS),
        signing=signing(credential, auth_mode, chosen, clock),
        switches=chosen,
        toggles=chosen_toggles(toggles or {}, TOGGLES),
        mapping=MAPPING if mapping is None else load_mapping(mapping),
        seed=seed,
    )
    return Entra(tenant)
