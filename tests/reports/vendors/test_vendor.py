from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reports import ReportError
from reports.vendors.vendor import Statement
from reports.vendors.vendor import read_vendor
from reports.vendors.vendor import vendor_schema


def test_a_statement_has_the_date_of_the_file_or_one_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_text(
        'product = "Acme"\nstated = 2026-11-01\n[facts]\nsso_available = false\n'
        'plan = {says = "Business", stated = 2026-10-12}\n[idps.okta]\nsso = true\n',
        "utf-8",
    )
    vendor = read_vendor(file)
    assert vendor.facts == {
        "sso_available": Statement("no", "2026-11-01"),
        "plan": Statement("Business", "2026-10-12"),
    }
    assert vendor.idps["okta"].sso == Statement("yes", "2026-11-01")
    assert (vendor.by, vendor.employees) == ("", None)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("product = ", "is not TOML"),
        ('product = "A"', "'stated' is a required property"),
        ('product = "A"\nstated = 2026-11-01T00:00:00Z', "at stated"),
        ('product = "A"\nstated = 2026-11-01\nprize = "9"', "prize"),
        ('product = "A"\nstated = 2026-11-01\nemployees = 0', "at employees"),
        ('product = "A"\nstated = 2026-11-01\n[idps."../x"]\nsso = "y"', "at idps"),
        ('product = "A"\nstated = 2026-11-01\n[facts]\nplan = 7', "at facts.plan"),
    ],
)
def test_a_bad_vendor_file_is_refused_in_one_sentence(
    tmp_path: Path, text: str, complaint: str
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ReportError) as refused:
        read_vendor(file)
    assert complaint in str(refused.value)
    assert "bad.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_vendor_file_that_is_missing_or_huge_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="cannot read"):
        read_vendor(tmp_path / "none.toml")
    (tmp_path / "huge.toml").write_text("#" * 300_000, "utf-8")
    with pytest.raises(ReportError, match="larger than"):
        read_vendor(tmp_path / "huge.toml")


def test_the_published_schema_is_one_and_names_every_fact_of_the_card() -> None:
    schema: Any = vendor_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]["facts"]["properties"]) == {
        *("plan", "price", "sso_required_first", "sso_available", "sso_protocol"),
        *("documentation", "prerequisites", "plan_requirement", "contractors"),
        *("sessions", "licences"),
    }
