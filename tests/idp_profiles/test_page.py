"""The page of the identity providers lists each step with its certainty and its sources."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import idp_profiles
from idp_profiles import PROFILES
from idp_profiles import load
from idp_profiles import page

ROOT = Path(idp_profiles.__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return page.render()


def test_the_pages_are_current(pages: dict[str, str]) -> None:
    folder = ROOT / "docs" / "idps"
    kept = {file.name: file.read_text(encoding="utf-8") for file in folder.iterdir()}
    assert kept == pages, "run: python -m idp_profiles.page --write docs/idps"


def test_every_identity_provider_has_a_page(pages: dict[str, str]) -> None:
    assert set(pages) == {"index.md", *(f"{name}.md" for name in PROFILES)}
    assert all(f"]({name}.md)" in pages["index.md"] for name in PROFILES)


@pytest.mark.parametrize("name", PROFILES)
def test_every_step_stands_there_with_certainty_and_sources(
    name: str, pages: dict[str, str]
) -> None:
    text = pages[f"{name}.md"]
    for scenario in load(name).scenarios.values():
        lines = [line for line in text.splitlines() if line.startswith(f"| `{scenario.id}` |")]
        for step in scenario.steps:
            ending = f"| {step.name} | {step.certainty} | {', '.join(step.sources)} |"
            assert any(line.endswith(ending) for line in lines), ending
        for form in scenario.variants[1:]:
            assert any(f"| `{form.name}` |" in line for line in lines), form.name


@pytest.mark.parametrize("name", PROFILES)
def test_every_key_of_a_source_is_explained(name: str, pages: dict[str, str]) -> None:
    text = pages[f"{name}.md"]
    begin = text.index("## Sources")
    assert [key for key in load(name).facts.sources if f"| {key} |" not in text[begin:]] == []


@pytest.mark.parametrize("name", PROFILES)
def test_every_feature_of_a_console_has_a_sequence_or_is_one_of_settings(name: str) -> None:
    profile = load(name)
    played = {scenario.feature for scenario in profile.scenarios.values()}
    assert played <= set(profile.features)


def test_the_pages_are_printed_or_written(tmp_path: Path, pages: dict[str, str]) -> None:
    printed = CliRunner().invoke(page.main, [])
    assert printed.output == "\n".join(pages.values())
    CliRunner().invoke(page.main, ["--write", str(tmp_path / "idps")])
    written = {
        file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "idps").iterdir()
    }
    assert written == pages
