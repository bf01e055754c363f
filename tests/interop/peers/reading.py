"""Reads the report of a run: the verdicts that are no pass, and trouble of another sort."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from pathlib import Path

from .findings import Finding
from .findings import Json
from .findings import Outcome
from .findings import steady

# What a judge says of its own or of what it could not judge is part of the finding.
_WITH_REASON = ("skip", "inconclusive", "error")


def report_of(folder: Path) -> Json:
    """Read the report of a run."""
    return json.loads((folder / "report.json").read_text("utf-8"))


def reading(reports: Iterable[Json]) -> tuple[Outcome, list[str]]:
    """Read the reports on one server: what is no pass, how many of each, and trouble."""
    everything = list(reports)
    results = [result for report in everything for result in report["results"]]
    other = [result for result in results if result["verdict"] != "pass"]
    counts = Counter(f"{result['suite']}: {result['verdict']}" for result in results)
    trouble = [] if len(results) > len(other) else ["  no verdict is pass"]
    # Where a create had no clear answer there may be nothing to delete: that has no id.
    left = [each for report in everything for each in report["left_behind"] if each["id"]]
    trouble += [f"  left behind: {each['type']} {each['id']}" for each in left]
    if any(report["run"]["interrupted"] for report in everything):
        trouble.append("  the run was interrupted")
    trouble += [
        f"  an error of the suite: {result['requirement']} {result['actual']}"
        for result in other
        if result["verdict"] == "error"
    ]
    outcome = Outcome(
        frozenset(_finding(each) for each in other), counts=counts, features=_features(everything)
    )
    return outcome, trouble


def _features(reports: Iterable[Json]) -> dict[str, dict[str, str]]:
    """Return what is said of each feature of a console, by dialect."""
    found: dict[str, dict[str, str]] = {}
    for idp in (idp for report in reports for idp in report["idps"]):
        for feature in idp["features"]:
            row = found.setdefault(f"{idp['title']}: {feature['name']}", {})
            row[idp["dialect"]] = feature["label"]
    return found


def _finding(result: Mapping[str, Json]) -> Finding:
    by_dialect = result["suite"] == "idp"
    about = (result["dialect"] or "every dialect") if by_dialect else result["title"]
    reason = result["verdict"] in _WITH_REASON
    return Finding(
        result["requirement"],
        about,
        result["verdict"],
        steady(result["actual"] or "") if reason else "",
        _story(result),
    )


def _story(result: Mapping[str, Json]) -> str:
    lines = [f"expected {result['expected']}, got {result['actual']}"]
    lines += [result["reproduce"]] if result["reproduce"] else []
    return "\n".join(lines)
