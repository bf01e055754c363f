from __future__ import annotations

import hashlib
import json
import shutil
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

import idp_profiles
from suites.outcome import versions
from suites.requirements import catalogue

ROOT = Path(idp_profiles.__file__).parent


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "okta"
    shutil.copytree(ROOT / "okta", folder)
    return folder


def test_the_requirements_are_counted_and_hashed() -> None:
    known = versions.versions([])["catalogue"]
    assert isinstance(known, dict)
    assert known["requirements"] == len(catalogue())
    assert len(str(known["sha256"])) == 12


def test_only_the_profiles_of_the_run_are_named_in_a_fixed_order() -> None:
    known = versions.versions(["okta", "entra", "okta", "no such profile"])["profiles"]
    assert list(known) == ["entra", "okta"]  # type: ignore[arg-type]  # an object of JSON


def test_every_profile_says_when_its_sources_were_read() -> None:
    months = versions.sources_read()
    assert set(months) == set(idp_profiles.PROFILES)
    assert all(time.strptime(month, "%Y-%m") for month in months.values())


def test_a_change_of_any_field_of_any_requirement_changes_the_hash() -> None:
    entries = catalogue()
    usual = versions.catalogue_hash(entries)
    first = next(iter(entries.values()))
    for change in ({"wording": "Anything."}, {"hint": "other"}, {"judgement": "note"}):
        assert versions.catalogue_hash(entries | {first.id: replace(first, **change)}) != usual  # type: ignore[arg-type]  # texts


def test_the_order_of_the_requirements_does_not_change_the_hash() -> None:
    entries = catalogue()
    assert versions.catalogue_hash(dict(reversed(entries.items()))) == versions.catalogue_hash(
        entries
    )


def test_ends_of_lines_and_compiled_files_do_not_change_the_hash(package: Path) -> None:
    usual = versions.package_hash(package)
    for file in package.glob("*.py"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__" / "facts.cpython-311.py").write_bytes(b"compiled")
    (package / "facts.pyc").write_bytes(b"compiled")
    assert versions.package_hash(package) == usual


@pytest.mark.parametrize("name", ["behaviour.py", "sources.json"])
def test_a_changed_module_or_source_changes_the_hash(package: Path, name: str) -> None:
    usual = versions.package_hash(package)
    (package / name).write_bytes((package / name).read_bytes() + b"\n")
    assert versions.package_hash(package) != usual


def test_a_line_that_moves_to_another_file_changes_the_hash(package: Path) -> None:
    usual = versions.package_hash(package)
    whole = (package / "names.py").read_bytes()
    (package / "names.py").write_bytes(whole[:-10])
    (package / "names2.py").write_bytes(whole[-10:])
    assert versions.package_hash(package) != usual


def test_a_package_in_a_wheel_has_the_hash_of_the_checkout(package: Path, tmp_path: Path) -> None:
    wheel = tmp_path / "some.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        # In another order than a directory lists them.
        for file in sorted(package.rglob("*"), reverse=True):
            if file.is_file():
                archive.write(file, f"okta/{file.relative_to(package)}")
    assert versions.package_hash(zipfile.Path(wheel, "okta/")) == versions.package_hash(package)


def test_the_hash_is_the_sha256_of_names_lengths_and_content(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x\r\n")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "b.json").write_bytes(b"{}")
    told = b"a.py\n2\nx\n" + b"inside/b.json\n2\n{}"
    assert versions.package_hash(tmp_path) == hashlib.sha256(told).hexdigest()[:12]


def test_versions_are_json_and_cost_a_run_nothing_that_anybody_sees() -> None:
    catalogue()  # which every run has read by then
    began = time.perf_counter()
    said = versions.versions(idp_profiles.PROFILES)
    # 20 ms on two busy cores; the bound is for a mistake of another order.
    assert time.perf_counter() - began < 0.5
    assert json.loads(json.dumps(said)) == said
