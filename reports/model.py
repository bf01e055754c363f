"""What a run found, as values: verdicts, results and the report that holds them.

Each value writes itself with `to_json` and comes back with `from_json`; the file format that they
form together is published in `report.schema.json`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from dataclasses import is_dataclass
from enum import StrEnum
from functools import cache
from functools import partial
from typing import TYPE_CHECKING
from typing import Self
from typing import cast

from . import reading
from .contradictions import Contradiction
from .reading import Json
from .reading import ReportError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMAT = "scimproof-report/1"


class Verdict(StrEnum):
    """What a case found out about the target."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"
    WAIVED = "waived"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"

    @property
    def badness(self) -> int:
        """How much worse this verdict is than a skip, which is 0."""
        return _FROM_WORST_TO_BEST[::-1].index(self)

    @classmethod
    def worst(cls, verdicts: Iterable[Verdict]) -> Verdict | None:
        """Return the worst of several verdicts, or None when there are none."""
        return max(verdicts, key=lambda verdict: verdict.badness, default=None)

    @classmethod
    def tally(cls, verdicts: Iterable[Verdict]) -> dict[str, int]:
        """Return how often each verdict occurs, the ones that never do included."""
        counted = Counter(verdicts)
        return {verdict.value: counted[verdict] for verdict in cls}


# A skip is the best of all: one judged case beside it is what the reader wants to know about.
_FROM_WORST_TO_BEST = (
    Verdict.ERROR,
    Verdict.FAIL,
    Verdict.INCONCLUSIVE,
    Verdict.WARN,
    Verdict.WAIVED,
    Verdict.PASS,
    Verdict.SKIP,
)


_IS_JSON = "is JSON"  # said of a member that needs no looking through
_PLAIN = frozenset({str, int, float, bool, type(None)})


def as_json(value: object) -> Json:
    """Return a value of this module, or plain data in it, as JSON types."""
    if type(value) in _PLAIN:  # most of a report is: asked first, since a report has much of it
        return cast(Json, value)
    if is_dataclass(value) and not isinstance(value, type):
        return {**_as_object(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json(member) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(member) for member in value]
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise ReportError(f"a {type(value).__name__} cannot be part of a report")


def _as_object(value: DataclassInstance) -> dict[str, Json]:
    return {
        name: as_json(getattr(value, name)) if is_ours else [*getattr(value, name)]
        for name, is_ours in _members(type(value))
    }


@cache
def _members(kind: type[DataclassInstance]) -> tuple[tuple[str, bool], ...]:
    """Return the names of a value's members, and whether they are anything but JSON already."""
    return tuple((each.name, _IS_JSON not in each.metadata) for each in fields(kind))


def _verdict(data: Mapping[str, Json]) -> Verdict:
    name = reading.text(data, "verdict")
    try:
        return Verdict(name)
    except ValueError:
        raise ReportError(f"{name!r} is no verdict") from None


def _maybe_verdict(data: Mapping[str, Json]) -> Verdict | None:
    return None if data.get("verdict") is None else _verdict(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one case found: its verdict and everything a reader needs to act on it.

    `case` is the pytest node id. `dialect` None means that the result holds for every dialect of
    the IdP. `evidence` are the exchanges of the case, in the order they happened. `rfc` says where
    the RFC stands on what an IdP needs: it `asks` for the same (the results of the requirements in
    `rests_on` tell whether it is broken), the need is `beyond` what the RFC asks, or the RFC leaves
    it `open`; None for a requirement of the RFC. `product` is the product whose promise was tried;
    `simulated` says that it was scimproof's own simulation of it, which proves nothing about the
    product itself. `scope` says what an IdP stops for: this `object`, or the whole `job`; None
    where it goes on or nothing is known. `waiver` is the entry of the target file that took a
    verdict back: its reason, and owner, link, expires, cause or requirement where given.
    """

    case: str
    requirement: str
    level: str
    suite: str
    title: str
    verdict: Verdict
    idp: str | None = None
    dialect: str | None = None
    scenario: str | None = None
    certainty: str | None = None
    feature: str | None = None
    rfc: str | None = None
    rests_on: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    expected: str | None = None
    actual: str | None = None
    consequence: str | None = None
    hint: str | None = None
    reproduce: str | None = None
    evidence: tuple[Json, ...] = field(default=(), metadata={_IS_JSON: True})
    links: tuple[str, ...] = ()
    blocked_by: str | None = None
    seconds: float = 0.0
    product: str | None = None
    simulated: bool = False
    scope: str | None = None
    waiver: Mapping[str, Json] | None = None

    def to_json(self) -> dict[str, Json]:
        """Return this result as JSON types; its exchanges are not copied."""
        return _as_object(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the result that `to_json` wrote; raises ReportError for anything else."""
        needed, optional = partial(reading.text, data), partial(reading.maybe_text, data)
        return cls(
            case=needed("case"),
            requirement=needed("requirement"),
            level=needed("level"),
            suite=needed("suite"),
            title=needed("title"),
            verdict=_verdict(data),
            idp=optional("idp"),
            dialect=optional("dialect"),
            scenario=optional("scenario"),
            certainty=optional("certainty"),
            feature=optional("feature"),
            rfc=optional("rfc"),
            rests_on=reading.texts(data, "rests_on") if "rests_on" in data else (),
            expected=optional("expected"),
            actual=optional("actual"),
            consequence=optional("consequence"),
            hint=optional("hint"),
            reproduce=optional("reproduce"),
            blocked_by=optional("blocked_by"),
            notes=reading.texts(data, "notes"),
            evidence=reading.items(data, "evidence"),
            links=reading.texts(data, "links"),
            seconds=reading.number(data, "seconds"),
            product=optional("product"),
            simulated=reading.flag(data, "simulated"),
            scope=optional("scope"),
            waiver=reading.maybe_mapping(data, "waiver"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the suites; `started` is ISO 8601 in UTC.

    `versions` names what decided the verdicts, so that a reader can repeat the run: `catalogue`,
    one entry for each profile, `python`. Empty in reports of earlier versions.
    """

    id: str
    version: str
    started: str
    seconds: float
    seed: int
    options: Mapping[str, Json] = field(default_factory=dict)
    interrupted: bool = False
    versions: Mapping[str, Json] = field(default_factory=dict)

    def to_json(self) -> dict[str, Json]:
        """Return this run as JSON types."""
        return _as_object(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the run that `to_json` wrote; raises ReportError for anything else."""
        return cls(
            id=reading.text(data, "id"),
            version=reading.text(data, "version"),
            started=reading.text(data, "started"),
            seconds=reading.number(data, "seconds"),
            seed=reading.integer(data, "seed"),
            options=reading.mapping(data, "options"),
            interrupted=reading.flag(data, "interrupted"),
            versions=reading.mapping(data, "versions"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was tested. `url` carries no credentials.

    A capability is `{"value": …, "origin": "announced" | "probed" | "configured" | "unknown"}`.
    `trouble` is the one reason why the target could not be reached.
    """

    url: str | None
    capabilities: Mapping[str, Json] = field(default_factory=dict)
    software: str | None = None
    simulated: bool = False
    trouble: str | None = None

    def to_json(self) -> dict[str, Json]:
        """Return this target as JSON types."""
        return _as_object(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the target that `to_json` wrote; raises ReportError for anything else."""
        return cls(
            url=reading.maybe_text(data, "url"),
            capabilities=reading.mapping(data, "capabilities"),
            software=reading.maybe_text(data, "software"),
            simulated=reading.flag(data, "simulated"),
            trouble=reading.maybe_text(data, "trouble"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One feature of an IdP's admin console; verdict None means that it was not checked."""

    name: str
    verdict: Verdict | None
    label: str
    results: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the feature that was written; raises ReportError for anything else."""
        return cls(
            name=reading.text(data, "name"),
            verdict=_maybe_verdict(data),
            label=reading.text(data, "label"),
            results=reading.texts(data, "results"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One line of an IdP's own checklist; verdict None means that a person has to look."""

    text: str
    verdict: Verdict | None = None
    results: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the item that was written; raises ReportError for anything else."""
        return cls(
            text=reading.text(data, "text"),
            verdict=_maybe_verdict(data),
            results=reading.texts(data, "results"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IdpSummary:
    """What one IdP, in one dialect, can do with the target."""

    idp: str
    title: str
    dialect: str
    dialect_title: str
    verdict: Verdict | None
    features: tuple[Feature, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return this summary as JSON types."""
        return _as_object(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the summary that `to_json` wrote; raises ReportError for anything else."""
        return cls(
            idp=reading.text(data, "idp"),
            title=reading.text(data, "title"),
            dialect=reading.text(data, "dialect"),
            dialect_title=reading.text(data, "dialect_title"),
            verdict=_maybe_verdict(data),
            features=tuple(map(Feature.from_json, reading.objects(data, "features"))),
            checklist=tuple(map(ChecklistItem.from_json, reading.objects(data, "checklist"))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureOutline:
    """One console feature as the profile lists it.

    `dialects` empty means all. `decisive` names the scenarios whose traffic decides whether the
    feature rests on assumptions; empty means every one that passes.
    """

    name: str
    dialects: tuple[str, ...] = ()
    decisive: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IdpOutline:
    """The admin console of one IdP, as the caller describes it.

    `dialects` are pairs (key, title); `checklist` pairs a text with the requirements behind it.
    `partial` says that the run was narrowed or ended early, so that no feature was checked whole;
    `simulated` that the target is a simulation of scimproof's own, which every label then says.
    """

    idp: str
    title: str
    dialects: tuple[tuple[str, str], ...]
    features: tuple[FeatureOutline, ...]
    checklist: tuple[tuple[str, tuple[str, ...]], ...] = ()
    partial: bool = False
    simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one run has to say about one target.

    `transcript` is what proves the file of all exchanges beside the report: `file`, `sha256`,
    `lines`, `bytes`; None when there is none. `waivers` are those of the target file, each with
    its `state`: used, unused, needless or expired.
    """

    run: Run
    target: Target
    results: tuple[Result, ...]
    idps: tuple[IdpSummary, ...] = ()
    coverage: Mapping[str, Json] = field(default_factory=dict)
    created: int = 0
    left_behind: tuple[Json, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    transcript: Mapping[str, Json] | None = None
    waivers: tuple[Json, ...] = ()

    @property
    def summary(self) -> dict[str, int]:
        """How often each verdict occurs among the results."""
        return Verdict.tally(result.verdict for result in self.results)

    def to_json(self) -> dict[str, Json]:
        """Return the report as JSON types, in the order of the published format."""
        data = _as_object(self)
        counts = as_json(self.summary)
        head: dict[str, Json] = {"format": FORMAT, "run": data.pop("run")}
        return {**head, "target": data.pop("target"), "summary": counts, **data}

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        """Return the report that `to_json` wrote; raises ReportError for anything else."""
        if data.get("format") != FORMAT:
            raise ReportError(f"the format must be {FORMAT!r}, found {data.get('format')!r}")
        return cls(
            run=Run.from_json(reading.mapping(data, "run")),
            target=Target.from_json(reading.mapping(data, "target")),
            results=tuple(map(Result.from_json, reading.objects(data, "results"))),
            idps=tuple(map(IdpSummary.from_json, reading.objects(data, "idps"))),
            coverage=reading.mapping(data, "coverage"),
            created=reading.integer(data, "created"),
            left_behind=reading.items(data, "left_behind"),
            contradictions=tuple(
                map(Contradiction.from_json, reading.objects(data, "contradictions"))
            ),
            transcript=reading.maybe_mapping(data, "transcript"),
            waivers=reading.items(data, "waivers"),
        )
