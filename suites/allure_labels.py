"""Titles, links and severities in Allure, taken from the requirement of a case."""

from __future__ import annotations

import json

import allure

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
    dialect = f" ({record.dialect})" if record.dialect else ""
    allure.dynamic.title(f"{requirement.id}{dialect}: {record.title}")
    allure.dynamic.description(requirement.wording)
    allure.dynamic.severity(SEVERITY[requirement.judgement])
    allure.dynamic.epic(requirement.idp or record.suite)
    allure.dynamic.feature(requirement.feature or requirement.document)
    for source in links_of(requirement):
        title, _, where = source.partition(": ")
        if where.startswith("http"):
            allure.dynamic.link(where.split(" ")[0], name=title)


def attach(record: CaseRecord) -> None:
    """Attach the exchanges of the finished case, secrets masked."""
    if record.log is not None and record.log.entries:
        text = json.dumps(record.log.evidence(None), indent=2, ensure_ascii=False)
        allure.attach(text, name="exchanges", attachment_type=allure.attachment_type.JSON)
