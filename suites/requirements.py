"""The requirement catalogue: one checkable sentence per id, with its source and judgement."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from functools import cache
from importlib.resources import files
from typing import Any
from typing import TypeVar

import pytest

MARK = "scim_requirement"
JUDGEMENTS = ("fail", "warn", "note")
LEVELS = ("MUST", "SHOULD", "MAY", "STATEMENT", "NEEDS", "WANTS", "TEST", "PROMISE")
ROLES = ("server", "client", "both")
STANCES = ("asks", "beyond", "open")  # where the RFC stands on what an IdP needs
NOT_TESTABLE = "not-testable"
TESTABLE = ("black-box", "needs-config", NOT_TESTABLE)
# What a server need not have; `tenants` means that the target names two of them.
FEATURES = (
    *("bulk", "changePassword", "cursor", "enterprise", "etag", "filter", "groups", "me", "patch"),
    *("rootQuery", "search", "sort", "tenants"),
)

Function = TypeVar("Function", bound=Callable[..., Any])


class CatalogueError(Exception):
    """A catalogue file or an id used in a case is wrong: our own mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One entry of the catalogue.

    `level` is the RFC keyword, or for an IdP `NEEDS` (it stops otherwise), `WANTS` (it goes on)
    and `TEST` (an assertion of the IdP's own test file). `document` names section or sheet part,
    `sources` the keys of the IdP facts (or an RFC), `feature` the part of the admin console
    (of an entry of an RFC: `security` where it belongs to that suite as well).
    `judges` names the verbs of the IdP whose plain working this requirement is about: a case that
    cannot get past such a verb while preparing points here.

    `rfc` says where the RFC stands on an IdP's need, the second dimension of its verdict: it `asks`
    for the same (`rests_on` names the entries that do), it is `beyond` what the RFC asks, so that a
    refusal is no violation, or the RFC leaves it `open`. `tolerances` names what the reference
    server accepts beyond the RFC for it.

    An entry of an RFC has more: `title` is the section's, `role` says who has to follow it,
    `testable` whether a test over the wire can tell and `how` it would, `reason` why it cannot,
    `depends_on` which optional features it needs. `same_as` names the entry that says the same,
    `covered_by` the one whose cases show this one as well; `judgement_reason` says why a judgement
    is not the usual one of its level.

    A promise of a `product` is tried with each of `idps`; with none where no IdP takes part.
    `not_achievable` says of an IdP why the promise cannot come true with it, whatever the product
    does: that is never counted as covered.
    """

    id: str
    level: str
    judgement: str
    wording: str
    document: str
    sources: tuple[str, ...] = ()
    feature: str | None = None
    idp: str | None = None
    consequence: str | None = None
    hint: str | None = None
    link: str | None = None
    judges: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    rfc: str | None = None
    rests_on: tuple[str, ...] = ()
    tolerances: tuple[str, ...] = ()
    title: str | None = None
    area: str | None = None
    role: str | None = None
    testable: str | None = None
    how: str | None = None
    reason: str | None = None
    depends_on: tuple[str, ...] = ()
    same_as: str | None = None
    covered_by: str | None = None
    judgement_reason: str | None = None
    product: str | None = None
    idps: tuple[str, ...] = ()
    not_achievable: Mapping[str, str] = field(default_factory=dict)


_LISTS = ("sources", "judges", "dialects", "depends_on", "rests_on", "tolerances", "idps")
_CHOICES: dict[str, tuple[str | None, ...]] = {
    "level": LEVELS,
    "judgement": JUDGEMENTS,
    "role": (*ROLES, None),
    "testable": (*TESTABLE, None),
    "rfc": (*STANCES, None),
}


@cache
def catalogue() -> dict[str, Requirement]:
    """Return every requirement by id; raises CatalogueError on a double id or a bad value."""
    entries: dict[str, Requirement] = {}
    for file in sorted(files("suites").joinpath("catalogue").iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".json"):
            continue
        for entry in _read(file.read_text(encoding="utf-8"), file.name):
            if entry.id in entries:
                raise CatalogueError(f"{file.name}: id {entry.id!r} is used twice")
            entries[entry.id] = entry
    for entry in entries.values():
        if entry.same_as is not None and not _is_first(entry.same_as, entries):
            raise CatalogueError(f"{entry.id}: same_as {entry.same_as!r} is not an original entry")
        if entry.covered_by is not None and entry.covered_by not in entries:
            raise CatalogueError(f"{entry.id}: covered_by {entry.covered_by!r} is no entry")
    return entries


def _is_first(requirement_id: str, entries: dict[str, Requirement]) -> bool:
    """Return whether an id exists and does not itself point at another entry."""
    return requirement_id in entries and entries[requirement_id].same_as is None


def _read(text: str, name: str) -> list[Requirement]:
    document = json.loads(text)
    return [_entry({**document["shared"], **raw}, name) for raw in document["requirements"]]


def _entry(raw: dict[str, Any], file: str) -> Requirement:
    """Return one entry; raises CatalogueError for whatever is not as the fields above say."""
    where = f"{file}: {raw.get('id')}"
    unknown = set(raw) - {each.name for each in fields(Requirement)}
    if unknown:
        raise CatalogueError(f"{where}: unknown field {', '.join(sorted(unknown))}")
    try:
        entry = Requirement(**{**raw, **{key: tuple(raw.get(key, ())) for key in _LISTS}})
    except TypeError as problem:
        raise CatalogueError(f"{where}: {problem}") from None
    for name, allowed in _CHOICES.items():
        if getattr(entry, name) not in allowed:
            raise CatalogueError(f"{where}: unknown {name} {getattr(entry, name)!r}")
    strange = set(entry.depends_on) - set(FEATURES)
    if strange:
        raise CatalogueError(f"{where}: unknown feature {', '.join(sorted(strange))}")
    if (entry.testable == NOT_TESTABLE) != (entry.reason is not None):
        raise CatalogueError(f"{where}: a reason is for what is not testable, and only for that")
    if (entry.idps or entry.not_achievable) and (entry.product is None or entry.idp is not None):
        raise CatalogueError(f"{where}: idps are for the promises of a product, and only for them")
    if set(entry.idps) & set(entry.not_achievable):
        raise CatalogueError(f"{where}: what an IdP cannot achieve is not tried with it")
    return entry


def judged_products() -> tuple[str, ...]:
    """Return the products that the catalogue has promises of."""
    found = (entry.product for entry in catalogue().values() if entry.product)
    return tuple(dict.fromkeys(found))


def judged_idps() -> tuple[str, ...]:
    """Return the identity providers that the catalogue has requirements of."""
    return tuple(dict.fromkeys(entry.idp for entry in catalogue().values() if entry.idp))


def by_id(requirement_id: str) -> Requirement:
    """Return one requirement; raises CatalogueError for an id that the catalogue lacks."""
    try:
        return catalogue()[requirement_id]
    except KeyError:
        raise CatalogueError(f"no requirement {requirement_id!r} in the catalogue") from None


@cache
def judge_of(idp: str, verb: str, dialect: str = "") -> str | None:
    """Return the id of the requirement that judges a verb of an IdP, if there is one.

    Where the dialects differ it is the one of `dialect`.
    """
    mine = [entry for entry in catalogue().values() if entry.idp == idp and verb in entry.judges]
    of_dialect = [entry.id for entry in mine if dialect in entry.dialects]
    return next(iter([*of_dialect, *(entry.id for entry in mine)]), None)


Proof = tuple[str, ...] | dict[str, tuple[str, ...]]


def requirement(
    requirement_id: str,
    *,
    proof: Proof,
    dialects: tuple[str, ...] | None = None,
    needs: tuple[str, ...] | None = None,
    idps: tuple[str, ...] | None = None,
) -> Callable[[Function], Function]:
    """Mark a case with the requirement it checks and the deviations that must make it fail.

    `proof` names the deviations, per dialect where they differ, and at least one. `needs` are the
    optional features without which the case is skipped: None means those of the catalogue's
    `depends_on`, an empty tuple that the case runs on every server. `dialects` are the IdP dialects
    the case runs in: None runs those of the catalogue, an empty tuple runs once because the
    traffic is the same in all of them. `idps` are, of a product's promise, the IdPs that the case
    runs with: None means those of the catalogue. Its `proof` may differ by IdP.
    """
    _check_mark(requirement_id, proof, needs or ())

    def mark(function: Function) -> Function:
        marker = getattr(pytest.mark, MARK)
        settings = {"proof": proof, "dialects": dialects, "needs": needs, "idps": idps}
        marked: Function = marker(requirement_id, **settings)(function)
        return marked

    return mark


def _check_mark(requirement_id: str, proof: Proof, needs: tuple[str, ...]) -> None:
    every = proof.values() if isinstance(proof, dict) else [proof]
    if not every or not all(every):
        raise CatalogueError(f"{requirement_id}: a case has to name a deviation that makes it fail")
    if set(needs) - set(FEATURES):
        raise CatalogueError(f"{requirement_id}: unknown feature in {needs}")
