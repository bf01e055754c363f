"""What `scimproof list` shows: requirements, cases, scenarios, deviations and tolerances."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import asdict

import idp_profiles
from idp_profiles.model import Json

from .requirements import Requirement
from .requirements import catalogue

Line = dict[str, Json]

# The fields of a requirement by which a list can be narrowed, each an option of the command.
NARROWING = ("idp", "level", "judgement", "role", "testable", "area")


def requirements(begins: str = "", **wanted: tuple[str, ...]) -> list[Requirement]:
    """Return the requirements whose id begins so and whose fields have one of the wanted values."""
    return [
        entry
        for entry in catalogue().values()
        if _is_part(entry.id, begins)
        and all(getattr(entry, field) in values for field, values in wanted.items() if values)
    ]


def _is_part(requirement_id: str, begins: str) -> bool:
    """Return whether an id belongs to a prefix: `RFC7644-3.5` has 3.5.2 in it, and not 3.50."""
    rest = requirement_id.removeprefix(begins)
    return not begins or (rest != requirement_id and rest[:1] in ("", "-", "."))


def coverage() -> dict[str, str]:
    """Return what there is for each requirement: cases, or the reason why there are none."""
    from .proving.case_list import (
        all_cases,  # collects with pytest, which other listings need not wait for
    )
    from .proving.coverage import states

    return {state.requirement.id: state.text for state in states(all_cases())}


def brief(entry: Requirement) -> Line:
    """Return what a line of text says of a requirement."""
    return {
        "id": entry.id,
        "level": entry.level,
        "judgement": entry.judgement,
        "place": entry.feature or entry.area,
        "wording": entry.wording,
    }


def complete(entry: Requirement) -> Line:
    """Return all that the catalogue says of a requirement, without what it leaves empty."""
    return {key: value for key, value in asdict(entry).items() if value not in (None, ())}


def cases() -> list[Line]:
    """Return every case with the requirement it checks and the deviations that prove it."""
    from .proving.case_list import (
        all_cases,  # collects with pytest, which other listings need not wait for
    )

    return [
        {"case": case.name, "requirement": case.requirement, "proof": list(case.proof)}
        for case in all_cases()
    ]


def scenarios() -> list[Line]:
    """Return every scenario of every mock IdP."""
    return [
        {
            "idp": name,
            "scenario": scenario.id,
            "dialects": ",".join(scenario.dialects),
            "title": scenario.title,
        }
        for name in idp_profiles.PROFILES
        for scenario in idp_profiles.load(name).scenarios.values()
    ]


def deviations() -> list[Line]:
    """Return every misbehaviour of the reference server that a user can ask for."""
    from reference_server import deviations  # loads every deviation, only when they are asked for

    found = [deviations.get(name) for name in deviations.names()]
    of_protocol: list[Line] = [
        {
            "product": None,
            "name": each.name,
            "summary": each.summary,
            "violates": list(each.violates),
            "stops": list(each.stops),
            "legal": each.legal,
            "source": each.source,
        }
        for each in found
    ]
    return of_protocol + _of_products()


def _of_products() -> list[Line]:
    """Return the misbehaviours of the simulated products, each by its product."""
    from reference_server import products  # loaded only when they are asked for, as above

    return [
        {"product": product, "name": each.name, "summary": each.summary}
        for product in products.products()
        for each in products.product_deviations(product)
    ]


def tolerances() -> list[Line]:
    """Return what the reference server accepts beyond the RFCs."""
    from reference_server import tolerances  # the server is loaded only when it is asked for

    return [{"name": name, "summary": tolerances.describe(name)} for name in tolerances.names()]


LISTS: Mapping[str, Callable[[], list[Line]]] = {
    "cases": cases,
    "scenarios": scenarios,
    "deviations": deviations,
    "tolerances": tolerances,
}
