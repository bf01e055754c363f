"""The 47 named sequences: what has to be there first, and what Entra then does."""

from __future__ import annotations

from collections.abc import Mapping

from idp_profiles.profile import Scenario

from . import group_scenarios
from . import user_scenarios
from .behaviour import Entra
from .scenario_table import scenario_of

SCENARIOS: Mapping[str, Scenario[Entra]] = {
    row.id: scenario_of(row) for row in (*user_scenarios.ROWS, *group_scenarios.ROWS)
}
