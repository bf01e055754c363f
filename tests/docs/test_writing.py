"""The two guides for whoever adds something: their files and commands work as they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reference_server import Credential
from reference_server import create_app
from reference_server.http_adapter import Server
from tests.docs import copies

TOKEN = "t0k3n-of-the-guide"  # noqa: S105 - made up
COMMANDS_OF_PROFILE = copies.commands_of(copies.page("writing-a-profile.md"))
COMMANDS_OF_CASE = copies.commands_of(copies.page("writing-a-case.md"))
QUIET = ("-q", "-p", "no:cacheprovider")


@pytest.fixture(scope="module")
def with_profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with the profile, the requirements and the cases of the guide."""
    folder = copies.copy(tmp_path_factory.mktemp("profile"))
    files = copies.files_of(copies.page("writing-a-profile.md"))
    assert len(files) == 7
    copies.put(folder, {**files, "suites/idp/northwind/__init__.py": ""})
    copies.edit(folder / "idp_profiles" / "__init__.py", '    "keycloak",\n', '    "northwind",\n')
    return folder


@pytest.fixture(scope="module")
def with_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy with the requirement, the case and the deviation of the guide."""
    folder = copies.copy(tmp_path_factory.mktemp("case"))
    files = copies.files_of(copies.page("writing-a-case.md"))
    assert len(files) == 3
    copies.put(folder, files)
    table = folder / "reference_server" / "deviations" / "__init__.py"
    copies.edit(table, "from . import groups\n", "from . import house_rules\n")
    copies.edit(table, "    groups,\n", "    house_rules,\n")
    ledger = folder / "reference_server" / "deviations" / "ledger.json"
    (entry,) = re.findall(r'^  ("house-titles-cut": .*)$', copies.page("writing-a-case.md"), re.M)
    copies.edit(ledger, "{\n", f"  {entry},\n")
    return folder


def test_the_commands_about_the_profile_do_what_the_guide_says(with_profile: Path) -> None:
    lists, plays, passes, proves, judges = COMMANDS_OF_PROFILE
    printed = copies.run(with_profile, *lists)
    assert "deactivate-user  The app is taken away from a person" in printed
    assert plays[plays.index("--url") + 1] == "http://127.0.0.1:8080/scim/v2"
    with Server(create_app(credentials=[Credential("bearer", TOKEN)])) as server:
        words = [server.url if word.startswith("http:") else word for word in plays]
        printed = copies.run(with_profile, *words, env={"SCIM_TOKEN": TOKEN})
    assert '"op":"Replace"' in printed.replace("\\", "").replace(" ", "")
    assert TOKEN not in printed
    assert "2 of 2 features work" in copies.run(with_profile, *passes, *QUIET)
    assert "4 passed" in copies.run(with_profile, *proves, *QUIET)
    assert "2 of 2 features work" in copies.run(with_profile, *judges)


def test_the_commands_about_the_case_do_what_the_guide_says(with_case: Path) -> None:
    passes, fails, proves = COMMANDS_OF_CASE
    assert "1 passed" in copies.run(with_case, *passes)
    assert "Make the column wider" in copies.run(with_case, *fails, status=1)
    assert "1 passed" in copies.run(with_case, *proves, *QUIET)


def test_the_pages_take_up_what_is_new(with_profile: Path, with_case: Path) -> None:
    copies.run(with_profile, "idp_profiles.page", "--write", "docs/idps")
    assert "Northwind Directory" in (with_profile / "docs/idps/northwind.md").read_text("utf-8")
    copies.run(with_case, "suites.pages", "--write", "docs/requirements")
    assert "HOUSE-TITLE-1" in (with_case / "docs/requirements/houserules.md").read_text("utf-8")
