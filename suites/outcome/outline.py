"""What the report needs to know beyond the results: each console, and what was checked."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence
from typing import Any

import idp_profiles
from idp_profiles import Profile
from idp_profiles.model import Json
from reports import FeatureOutline
from reports import IdpOutline
from reports import Result
from reports import Verdict
from suites.requirements import NOT_TESTABLE
from suites.requirements import Requirement
from suites.requirements import catalogue

_SETUP = "needs-config"


def outlines(results: Iterable[Result], *, partial: bool) -> tuple[IdpOutline, ...]:
    """Return the admin console of each IdP that was replayed; promises of a product are others."""
    replayed = [result for result in results if result.idp and result.product is None]
    simulated = any(result.simulated for result in replayed)
    names = dict.fromkeys(result.idp for result in replayed if result.idp)
    return tuple(_outline(name, partial=partial, simulated=simulated) for name in names)


def _outline(name: str, *, partial: bool, simulated: bool) -> IdpOutline:
    profile = idp_profiles.load(name)
    known = [entry for entry in catalogue().values() if entry.idp == name]
    titles = tuple((dialect.key, dialect.title) for dialect in profile.dialects)
    features = tuple(
        FeatureOutline(
            name=feature, dialects=_dialects(feature, known), decisive=_decisive(profile, feature)
        )
        for feature in profile.features
    )
    checklist = tuple((item.text, item.requirement_ids) for item in profile.facts.checklist)
    return IdpOutline(
        idp=name,
        title=profile.title,
        dialects=titles,
        features=features,
        checklist=checklist,
        partial=partial,
        simulated=simulated,
    )


def _dialects(feature: str, known: list[Requirement]) -> tuple[str, ...]:
    """Return the dialects in which any requirement of a feature holds."""
    found = [d for entry in known if entry.feature == feature for d in entry.dialects]
    return tuple(dict.fromkeys(found))


def _decisive(profile: Profile[Any], feature: str) -> tuple[str, ...]:
    """Return the sequences that a feature is about: others only prepare or come after."""
    return tuple(each.id for each in profile.scenarios.values() if each.feature == feature)


def coverage(results: Sequence[Result]) -> dict[str, Json]:
    """Return which requirements were checked, and which were not with the reason.

    What cannot be checked from outside is named for the documents that the results speak of, and
    what cannot come true with an IdP for the products; neither counts as checked. `not_selected`
    are the requirements that this run did not ask for, of the RFCs, of security and consistency,
    and of the IdPs and products that it tried; `needs_setup` those that only a server set up for
    them can show. `shown_by` names the requirement whose cases show another one as well.
    """
    checked: dict[str, Json] = {}
    skipped: dict[str, Json] = {}
    for result in results:
        if result.verdict is Verdict.SKIP:
            skipped.setdefault(result.requirement, result.actual or "")
        elif result.verdict in (Verdict.INCONCLUSIVE, Verdict.ERROR):
            skipped.setdefault(result.requirement, f"{result.verdict}: {result.actual or ''}")
        else:
            checked[result.requirement] = True
    products = {each.product for each in results if each.product}
    promises: dict[str, Json] = {"promises": _promises(products)} if products else {}
    judged = {*checked, *skipped}
    shown_by = _shown_by(judged)
    left = [entry for entry in _in_play(results) if entry.id not in {*judged, *shown_by}]
    return {
        "checked": [*sorted(checked)],
        "skipped": {key: why for key, why in skipped.items() if key not in checked},
        "not_achievable": _not_achievable(products),
        "not_checkable": _not_checkable({_catalogue(each) for each in judged}),
        "not_selected": [*sorted(entry.id for entry in left if entry.testable != _SETUP)],
        "needs_setup": [*sorted(entry.id for entry in left if entry.testable == _SETUP)],
        "shown_by": shown_by,
        **promises,
    }


def _shown_by(judged: Collection[str]) -> dict[str, Json]:
    """Return the requirements without a result that another one's cases show, with that one."""
    found: dict[str, Json] = {}
    for entry in catalogue().values():
        if entry.id in judged:
            continue
        shown = next((each for each in _others(entry) if each in judged), None)
        if shown is not None:
            found[entry.id] = shown
    return found


def _others(entry: Requirement) -> Iterator[str]:
    """Return the entries that say the same as one or show it, and those that these point at."""
    for other in (entry.same_as, entry.covered_by):
        if other is not None:
            yield other
            further = catalogue()[other]
            yield from filter(None, (further.same_as, further.covered_by))


def _in_play(results: Sequence[Result]) -> Iterator[Requirement]:
    """Return what a run of these IdPs and products could have checked."""
    idps = {each.idp for each in results if each.product is None} | {None}
    products = {each.product for each in results} | {None}
    for entry in catalogue().values():
        if entry.testable != NOT_TESTABLE and entry.idp in idps and entry.product in products:
            yield entry


def _promises(products: Collection[str]) -> dict[str, Json]:
    """Return what the products promise, by requirement, in the catalogue's words."""
    return {each.id: each.wording for each in catalogue().values() if each.product in products}


def _not_achievable(products: Collection[str]) -> dict[str, Json]:
    """Return the promises that cannot come true with an IdP, and why, by IdP."""
    return {
        entry.id: {**entry.not_achievable}
        for entry in catalogue().values()
        if entry.product in products and entry.not_achievable
    }


def _not_checkable(documents: Collection[str]) -> dict[str, Json]:
    return {
        entry.id: entry.reason
        for entry in catalogue().values()
        if entry.testable == NOT_TESTABLE
        and entry.role != "client"
        and _catalogue(entry.id) in documents
    }


def _catalogue(requirement_id: str) -> str:
    return requirement_id.partition("-")[0]
