"""How long a server took for each kind of request, and how many requests a scenario needs.

A percentile is by nearest rank: the shortest duration that at least so many of 100 requests did
not exceed, so it is always a duration that was measured.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from reports import view
from reports.model import Report
from reports.model import Result
from reports.reading import Json
from reports.wording import wording

from .diagram_rows import scenario_of

_SAYS = wording("latency")
OPERATIONS: tuple[str, ...] = tuple(
    [
        f"{verb}-{kind}"
        for kind in ("user", "group")
        for verb in ("create", "read", "search", "list", "replace", "change", "delete")
    ]
    + ["discovery", "bulk", "other"]
)
_KINDS = {"users": "user", "groups": "group"}
_DISCOVERY = ("serviceproviderconfig", "resourcetypes", "schemas")
_VERBS = {"POST": "create", "GET": "read", "PUT": "replace", "PATCH": "change", "DELETE": "delete"}
_ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_WITHOUT_HEADERS = "-"

Exchange = Mapping[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The durations of one kind of request, in milliseconds."""

    name: str
    label: str
    count: int
    p50: float
    p95: float
    slowest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioLoad:
    """How many requests of an identity provider's scenario a run holds, in how many results."""

    idp: str
    dialect: str | None
    scenario: str
    requests: int
    results: int

    @property
    def per_result(self) -> float:
        """How many requests a result has on average."""
        return self.requests / self.results if self.results else 0.0


def operations(report: Report) -> tuple[Operation, ...]:
    """Return the durations of each kind of request that was answered, in a fixed order."""
    durations: dict[str, list[float]] = {}
    for exchange in distinct(report.results):
        took = _milliseconds(exchange)
        if took is not None:
            durations.setdefault(operation_of(exchange), []).append(took)
    return tuple(_operation(name, durations[name]) for name in OPERATIONS if name in durations)


def scenarios(report: Report) -> tuple[ScenarioLoad, ...]:
    """Return how many requests each scenario took, those with most requests a result first."""
    groups: dict[tuple[str, str | None, str], list[Result]] = {}
    for result in report.results:
        carried = {scenario_of(each) for each in view.exchanges(result)} - {""}
        for scenario in carried if result.idp is not None else ():
            groups.setdefault((result.idp or "", result.dialect, scenario), []).append(result)
    loads = [_load(key, results) for key, results in groups.items()]
    return tuple(
        sorted(
            loads, key=lambda each: (-each.per_result, each.idp, each.scenario, each.dialect or "")
        )
    )


def requests(report: Report) -> int:
    """Return how many requests a report shows."""
    return sum(1 for _ in distinct(report.results))


def explanation(report: Report) -> tuple[str, ...]:
    """Return what the durations mean, in sentences."""
    where = "local" if is_local(report) else "network"
    return (_SAYS(where), _SAYS("percentile"))


def is_local(report: Report) -> bool:
    """Tell whether the server ran in this process or on this machine."""
    try:
        host = urlsplit(report.target.url or "").hostname
    except ValueError:
        return False
    return host is None or host in _ON_THIS_MACHINE


def percentile(durations: Sequence[float], share: int) -> float:
    """Return the nearest-rank percentile of durations in rising order; there must be one."""
    return durations[max(1, math.ceil(share * len(durations) / 100)) - 1]


def operation_of(exchange: Exchange) -> str:
    """Return the kind of a request, from its method and its target."""
    request = view.part(exchange, "request")
    method, target = request.get("method"), request.get("target")
    if not isinstance(method, str) or not isinstance(target, str):
        return "other"
    path, _, query = target[:2_000].partition("?")
    parts = [each.lower() for each in path.split("/") if each]
    place = next((n for n, each in enumerate(parts) if each in _KINDS), None)
    if place is None:
        return _without_resource(parts, method)
    return _with_resource(_KINDS[parts[place]], method, parts[place + 1 :], query)


def _without_resource(parts: Sequence[str], method: str) -> str:
    if method == "GET" and any(each in _DISCOVERY for each in parts):
        return "discovery"
    return "bulk" if method == "POST" and parts[-1:] == ["bulk"] else "other"


def _with_resource(kind: str, method: str, below: Sequence[str], query: str) -> str:
    verb = _VERBS.get(method)
    if verb is None or len(below) > 1:
        return "other"
    if method == "POST":
        return f"search-{kind}" if list(below) == [".search"] else f"create-{kind}"
    if method == "GET" and not below:
        is_search = any(each.startswith("filter=") for each in query.split("&"))
        return f"search-{kind}" if is_search else f"list-{kind}"
    return f"{verb}-{kind}" if below else "other"


def distinct(results: Iterable[Result]) -> Iterator[Exchange]:
    """Yield each exchange once, although several results may show the same.

    Two exchanges of one result are always two. Of different results they are one when method,
    target, status, duration and what the headers tell are equal: case, date and length. An
    exchange that is shown without headers was made by another case, which shows it in full.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    outlined: dict[tuple[object, ...], list[Exchange]] = {}
    full: set[tuple[object, ...]] = set()
    for result in results:
        mine: Counter[tuple[object, ...]] = Counter()
        for exchange in view.exchanges(result):
            key, told = _key(exchange)
            if told == _WITHOUT_HEADERS:
                outlined.setdefault(key, [exchange])
                continue
            full.add(key)
            mine[key, told] += 1
            if mine[key, told] > seen[key, told]:
                seen[key, told] += 1
                yield exchange
    for key, members in outlined.items():
        if key not in full:
            yield from members


def _key(exchange: Exchange) -> tuple[tuple[object, ...], str]:
    request, response = view.part(exchange, "request"), view.part(exchange, "response")
    key = (
        str(request.get("method")),
        str(request.get("target")),
        str(response.get("status")),
        str(exchange.get("milliseconds")),
    )
    told = [*_headers(request, "x-scimproof-case"), *_headers(response, "date", "content-length")]
    has_headers = bool(request.get("headers") or response.get("headers"))
    return key, " ".join(told) if has_headers else _WITHOUT_HEADERS


def _headers(message: Mapping[str, Json], *names: str) -> Iterator[str]:
    headers = message.get("headers")
    for each in headers if isinstance(headers, list) else ():
        if isinstance(each, list) and len(each) == 2 and str(each[0]).lower() in names:
            yield str(each[1])


def _milliseconds(exchange: Exchange) -> float | None:
    """Return how long an answered request took."""
    took = exchange.get("milliseconds")
    status = view.part(exchange, "response").get("status")
    if not isinstance(took, int | float) or isinstance(took, bool) or status is None:
        return None
    return float(took) if math.isfinite(took) and took >= 0 else None


def _operation(name: str, durations: list[float]) -> Operation:
    durations.sort()
    return Operation(
        name=name,
        label=_SAYS(f"operations.{name}"),
        count=len(durations),
        p50=percentile(durations, 50),
        p95=percentile(durations, 95),
        slowest=durations[-1],
    )


def _load(key: tuple[str, str | None, str], results: Sequence[Result]) -> ScenarioLoad:
    idp, dialect, scenario = key
    carried = sum(1 for each in distinct(results) if scenario_of(each) == scenario)
    return ScenarioLoad(
        idp=idp, dialect=dialect, scenario=scenario, requests=carried, results=len(results)
    )
