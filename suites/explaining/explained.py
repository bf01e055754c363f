"""Links what a log shows to the requirements that are about it, and to the commands that check it.

The link is data, cause by cause; where a cause says nothing of an IdP, the requirement that judges
the request in question stands in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from idp_profiles.diagnosis.model import Finding


@cache
def links() -> Mapping[str, Mapping[str, Any]]:  # Any: JSON of our own, checked by a selftest
    """Return what is known of causes and of moves."""
    text = files("suites.explaining").joinpath("explained.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = json.loads(text)
    return found


def requirements_of(finding: Finding) -> tuple[str, ...]:
    """Return the ids of the requirements that a finding is about, those of its IdP first."""
    known = links()["causes"].get(finding.cause, {})
    about_groups = "group" in finding.move or "members" in finding.move
    own = known.get(f"{finding.idp}/group") if about_groups else None
    own = own or known.get(finding.idp) or ()
    judged = links()["moves"].get(finding.idp, {}).get(finding.move)
    return tuple(dict.fromkeys([*(own or filter(None, [judged])), *known.get("any", ())]))


def commands_of(finding: Finding) -> tuple[str, ...]:
    """Return the commands that play the step again and check the requirement, ready to paste."""
    replay = finding.replay
    found = []
    if replay.scenario:
        more = [("--dialect", replay.dialect), ("--variant", replay.variant)]
        options = "".join(f" {name} {value}" for name, value in more if value)
        found.append(
            f"scimproof idp {finding.idp} --scenario {replay.scenario}{options} --url $SCIM_URL"
        )
    ids = requirements_of(finding)
    if ids:
        idp = f" --idp {finding.idp}" if ids[0].startswith(f"{finding.idp.upper()}-") else ""
        found.append(f"scimproof run{idp} --only {ids[0]} --url $SCIM_URL")
    return tuple(found)
