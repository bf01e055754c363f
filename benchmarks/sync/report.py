"""The report of a run: everything as JSON, and what a reader wants first as Markdown."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import asdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .figures import Figures
from .figures import Tally
from .figures import merged
from .markdown import as_markdown
from .plan import Tenant
from .plan import Wishes
from .tenant_sync import DAY
from .tenant_sync import INITIAL
from .tenant_sync import Course
from .verdicts import Sustained
from .verdicts import sustained
from .verdicts import worst

FORMAT = "scimproof-sync/1"
_PARTS = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
_BUSY = 90.0  # per cent of a core: above it Locust warns, too


@dataclass(frozen=True, slots=True)
class Worker:
    """One process that sent: its name, and the most of a core that it took, in per cent."""

    name: str
    cpu: float
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of one tenant in the end; a worker that was lost may have told nothing."""

    tenant: Tenant
    worker: str
    course: Mapping[str, Any]
    figures: Figures
    sustained: Sustained

    @property
    def lost(self) -> bool:
        """Whether nobody told how it ended."""
        return self.course["state"] not in ("done", "ended")

    @property
    def verified(self) -> bool | None:
        """Whether the server counts what the replies said was made; None when it does not count."""
        course = self.course
        pairs = [(course["counted_first"], course["synced"]), (course["counted"], course["users"])]
        known = [(counted, made) for counted, made in pairs if counted is not None]
        more = course["unsure"]
        return all(made <= counted <= made + more for counted, made in known) if known else None

    @property
    def good(self) -> bool:
        """Whether everybody was provisioned, counted right and cleaned up."""
        course = self.course
        in_step = course["state"] == "done" and not course["waiting"]
        return in_step and self.verified is not False and not course["left_behind"]


def results_of(
    tenants: Sequence[Tenant],
    wishes: Wishes,
    words: Mapping[int, Mapping[str, Any]],
    worker_of: Mapping[int, str],
) -> list[Result]:
    """Return the result of each tenant that was given to a worker."""
    found = []
    for tenant in tenants:
        word, worker = words.get(tenant.number), worker_of.get(tenant.number, "")
        if word is None and not worker:
            continue
        figures = Figures.from_json(word["figures"]) if word else Figures()
        course = word["course"] if word else _unknown()
        found.append(Result(tenant, worker, course, figures, sustained(tenant, figures, wishes)))
    return found


def _unknown() -> dict[str, Any]:
    return asdict(Course(state="unknown", why="its worker was lost"))


def document(
    results: Sequence[Result], wishes: Wishes, workers: Sequence[Worker], about: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the whole report as JSON types."""
    most = worst(each.sustained for each in results)
    return {
        "format": FORMAT,
        "run": {**about, "wishes": asdict(wishes)},
        "good": bool(results) and all(each.good for each in results),
        "verdict": None if most is None else asdict(most),
        "first_load_seconds": _span(results),
        "phases": {phase: _phase(results, phase) for phase in (INITIAL, DAY)},
        "requests": _requests(results),
        "errors": _errors(results),
        "throttled": sum(each.figures.throttled for each in results),
        "held_seconds": round(sum(each.figures.held_seconds for each in results), 3),
        "tenants": [_tenant(each) for each in results],
        "workers": [
            {**asdict(each), "busy": each.cpu > _BUSY, "tenants": _names(results, each.name)}
            for each in workers
        ],
    }


def _names(results: Sequence[Result], worker: str) -> list[str]:
    return [each.tenant.name for each in results if each.worker == worker]


def _span(results: Sequence[Result]) -> float | None:
    """Return the seconds from the first tenant's begin to the end of the last one's first load."""
    if not results or any(each.course["initial_seconds"] is None for each in results):
        return None
    begin = min(each.course["began"] for each in results)
    ends = [each.course["began"] + each.course["initial_seconds"] for each in results]
    return round(float(max(ends) - begin), 3)


def _phase(results: Sequence[Result], phase: str) -> dict[str, Any]:
    """Return a phase of all tenants; its seconds are those from its first to its last reply."""
    whole = merged(each.figures.of(phase) for each in results)
    seconds: Counter[int] = Counter()
    for each in results:
        seconds.update({at: sum(two) for at, two in each.figures.by_second(phase).items()})
    spans = [each.figures.spans[phase] for each in results if phase in each.figures.spans]
    length = max((end for _, end in spans), default=0) - min((at for at, _ in spans), default=0)
    return {
        **_figures(whole),
        "seconds": round(length, 3),
        "rate": round(whole.count / length, 1) if length else 0.0,
        "busiest_second": max(seconds.values(), default=0),
    }


def _figures(tally: Tally) -> dict[str, Any]:
    shown = {name: round(tally.percentile(part), 2) for name, part in _PARTS.items()}
    share = tally.failed / tally.count if tally.count else 0.0
    return {"count": tally.count, "failed": tally.failed, "error_rate": round(share, 6), **shown}


def _requests(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return the figures of every shape of request in each phase."""
    keys = sorted({key for each in results for key in each.figures.tallies}, reverse=True)
    found = []
    for phase, name in keys:
        parts = [t for each in results if (t := each.figures.tallies.get((phase, name)))]
        found.append({"phase": phase, "request": name, **_figures(merged(parts))})
    return found


def _errors(results: Sequence[Result]) -> list[dict[str, Any]]:
    found: Counter[tuple[str, str]] = Counter()
    for each in results:
        for (_, name), tally in each.figures.tallies.items():
            for why, number in tally.errors.items():
                found[name, why] += number
    return [
        {"request": name, "why": why, "count": number}
        for (name, why), number in found.most_common()
    ]


def _tenant(result: Result) -> dict[str, Any]:
    tenant, load = result.tenant, result.figures.of(INITIAL)
    begin, end = result.figures.spans.get(INITIAL, (0.0, 0.0))
    return {
        "name": tenant.name,
        "idp": tenant.idp,
        "url": tenant.place.url,
        "worker": result.worker,
        "people": tenant.people,
        "teams": tenant.groups,
        "at_once": tenant.lanes,
        **result.course,
        "verified": result.verified,
        "good": result.good,
        "rate": round(load.count / (end - begin), 1) if end > begin else 0.0,
        "sustained": asdict(result.sustained),
        "throttled": result.figures.throttled,
        "held_seconds": round(result.figures.held_seconds, 3),
        "initial": _figures(load),
        "day": _figures(result.figures.of(DAY)),
    }


def write(folder: Path, report: Mapping[str, Any]) -> str:
    """Write `sync.json` and `sync.md` into a folder; return the Markdown."""
    folder.mkdir(parents=True, exist_ok=True)
    text = as_markdown(report)
    (folder / "sync.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    (folder / "sync.md").write_text(text, encoding="utf-8")
    return text
