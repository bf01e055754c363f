"""The known wire forms in which versions differ, per scenario; the default is first."""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.model import Certainty
from idp_profiles.profile import Variant
from idp_profiles.step_table import form

from .steps import TABLE

_OTHERS: Mapping[str, tuple[Variant, ...]] = {
    "user-create-conflict": (
        form(
            "unquoted",
            Certainty.CODE,
            "users release-2025-10",
            "the name without quotes, as versions before 2025.10 send it",
            user_filter="unquoted",
        ),
    ),
    "group-update": (
        form(
            "with-schemas",
            Certainty.INFERRED,
            "models",
            "a PATCH with schemas, as the model means it",
            patch_schemas="sent",
        ),
    ),
}


def variants_of(scenario: str) -> tuple[Variant, ...]:
    """Return the known wire forms of a scenario, the default first."""
    return (TABLE.default_form(scenario), *_OTHERS.get(scenario, ()))
