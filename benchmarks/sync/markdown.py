"""The report of a run as Markdown: the verdict first, then tables."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

_NOT_GOOD = "Not everything is as it should be: the last column of the tenants says what is not."
_FEW = 5
_PHASES = {"initial": "First load", "day": "Day of changes"}


def as_markdown(report: Mapping[str, Any]) -> str:
    """Return the report for readers."""
    parts = [
        ["# Load from many identity providers", ""],
        _summary(report),
        _phases(report),
        _tenants(report["tenants"]),
        _requests(report["requests"]),
        _errors(report["errors"]),
        _workers(report["workers"]),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _summary(report: Mapping[str, Any]) -> list[str]:
    verdict, tenants = report["verdict"], report["tenants"]
    lines = [f"The endpoint {verdict['text']}."] if verdict else []
    if len(tenants) > 1 and verdict:
        lines[0] += " That is the tenant of which least is shown."
    people = sum(each["people"] for each in tenants)
    span = report["first_load_seconds"]
    took = "was not completed" if span is None else f"took {span:,.1f} s"
    number = "one tenant" if len(tenants) == 1 else f"{len(tenants)} tenants"
    lines.append(f"The first load of {number} with {people:,} people in all {took}.")
    if report["throttled"]:
        lines.append(
            f"{report['throttled']:,} replies asked for less (429, or 503 with Retry-After); the "
            f"lines were held for {report['held_seconds']:,.1f} s in all."
        )
    if any(each["busy"] for each in report["workers"]):
        lines.append(
            "A worker had no processor time left, so that the rates are those of the sending "
            "machine; add workers to see those of the endpoint."
        )
    broken = [f"{each['name']} was broken off: {each['why']}" for each in tenants if each["why"]]
    lines += broken[:_FEW]
    good = "Everybody was provisioned." if report["good"] else _NOT_GOOD
    return [*lines, good, ""]


def _phases(report: Mapping[str, Any]) -> list[str]:
    rows = [
        [
            title,
            f"{phase['count']:,}",
            f"{phase['seconds']:,.1f}",
            f"{phase['rate']:,}",
            f"{phase['busiest_second']:,}",
            *_times(phase),
            _share(phase),
        ]
        for name, title in _PHASES.items()
        if (phase := report["phases"][name])["count"]
    ]
    heads = ["", "requests", "seconds", "a second", "busiest second", *_TIMES, "errors"]
    return _table(heads, rows)


_TIMES = ("p50 ms", "p95 ms", "p99 ms")


def _times(figures: Mapping[str, Any]) -> list[str]:
    return [f"{figures[part]:,.1f}" for part in ("p50", "p95", "p99")]


def _share(figures: Mapping[str, Any]) -> str:
    return f"{figures['failed']:,} ({100 * figures['error_rate']:.2f} %)"


def _tenants(tenants: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [
        [
            each["name"],
            each["idp"],
            f"{each['synced']:,} of {each['people']:,}",
            _counted(each),
            "" if each["initial_seconds"] is None else f"{each['initial_seconds']:,.1f} s",
            f"{each['rate']:,}",
            each["sustained"]["text"],
            _outcome(each),
        ]
        for each in tenants
    ]
    heads = ["tenant", "IdP", "users synced", "the server counts", "time to full sync"]
    return ["## Tenants", "", *_table([*heads, "requests a second", "rate", ""], rows)]


def _counted(tenant: Mapping[str, Any]) -> str:
    if tenant["counted"] is None:
        return f"not counted: {tenant['counted_how']}" if tenant["counted_how"] else "not counted"
    right = "as synced" if tenant["verified"] else f"but {tenant['users']:,} were made"
    first, end = tenant["counted_first"], tenant["counted"]
    shown = f"{end:,}" if first is None else f"{first:,}, {end:,} at the end"
    return f"{shown}, {right} ({tenant['counted_how']})"


def _outcome(tenant: Mapping[str, Any]) -> str:
    """Return in words what else happened to a tenant."""
    said = [f"broken off: {tenant['why']}"] if tenant["why"] else []
    if tenant["later"]:
        said.append(f"the IdP came {tenant['later']} times again for what had failed")
    if tenant["waiting"]:
        said.append(f"{tenant['waiting']:,} not in step at the end")
    if tenant["throttled"]:
        said.append(f"{tenant['throttled']:,} times asked to wait")
    if tenant["cleaning_seconds"] is not None:
        said.append(f"{tenant['deleted']:,} deleted in {tenant['cleaning_seconds']:,.1f} s")
    if tenant["left_behind"]:
        said.append("left behind: " + ", ".join(tenant["left_behind"]))
    return "; ".join(said)


def _requests(requests: Iterable[Mapping[str, Any]]) -> list[str]:
    rows = [
        [
            _PHASES[each["phase"]],
            f"`{each['request']}`",
            f"{each['count']:,}",
            *_times(each),
            _share(each),
        ]
        for each in requests
    ]
    heads = ["", "request", "number", *_TIMES, "errors"]
    return ["## Requests", "", *_table(heads, rows)]


def _errors(errors: Sequence[Mapping[str, Any]]) -> list[str]:
    if not errors:
        return []
    rows = [[f"`{each['request']}`", each["why"], f"{each['count']:,}"] for each in errors]
    return ["## Errors", "", *_table(["request", "answer", "number"], rows)]


def _workers(workers: Iterable[Mapping[str, Any]]) -> list[str]:
    rows = [
        [
            each["name"],
            ", ".join(each["tenants"]),
            f"{each['cpu']:.0f} %",
            "lost" if each["lost"] else "",
        ]
        for each in workers
    ]
    return ["## Workers", "", *_table(["worker", "tenants", "most of a core", ""], rows)]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [*("| " + " | ".join(map(_cell, line)) + " |" for line in lines), ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
