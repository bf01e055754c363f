"""Titles, links and severities in Allure, taken from the requirement of a case."""

from __future__ import annotations

import json

import allure

from reports.summary import SIMULATED

from .results import CaseRecord
from .results import links_of

SEVERITY = {
    "fail": allure.severity_level.CRITICAL,
    "warn": allure.severity_level.NORMAL,
    "note": allure.severity_level.MINOR,
}


def label(record: CaseRecord) -> None:
    """Tell Allure what the running case is about."""
    requirement = record.requirement
    allure.dynamic.title(f"{requirement.id}{_where(record)}: {record.title}")
    allure.dynamic.description(requirement.wording)
    allure.dynamic.severity(SEVERITY[requirement.judgement])
    allure.dynamic.epic(requirement.idp or requirement.product or record.suite)
    if record.simulated:
        allure.dynamic.tag(SIMULATED)
        allure.dynamic.label(SIMULATED, "true")
    allure.dynamic.feature(requirement.feature or requirement.document)
    for source in links_of(requirement):
        title, _, where = source.rpartition(": ")
        if where.startswith("http"):
            allure.dynamic.link(where.split(" ")[0], name=title or None)


def _where(record: CaseRecord) -> str:
    """Return the identity provider or the dialect, and that a product was simulated."""
    simulated = SIMULATED if record.simulated else None
    parts = [part for part in (record.provider or record.dialect, simulated) if part]
    return f" ({', '.join(parts)})" if parts else ""


def attach(record: CaseRecord) -> None:
    """Attach the exchanges of the finished case, secrets masked."""
    if record.log is not None and record.log.entries:
        text = json.dumps(record.log.evidence(None), indent=2, ensure_ascii=False)
        allure.attach(text, name="exchanges", attachment_type=allure.attachment_type.JSON)
