"""The examples of docs/ci.md, read and run."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

import reports
from tests.ci.conftest import ROOT
from tests.ci.conftest import program
from tests.ci.workflow import ACTION

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
AN_EARLIER_ONE = reports.Report(
    run=reports.Run(id="r-1", version="0.1.0", started="2026-11-22T00:31:05Z", seconds=7, seed=1),
    target=reports.Target(url="http://127.0.0.1:8080/scim/v2"),
    results=(),
)
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def steps(text: str) -> list[dict[str, Any]]:
    """Return the steps of an example, a whole workflow or a part of one."""
    example = yaml.safe_load(text)
    jobs = example.get("jobs", {"example": example})
    return [step for job in jobs.values() for step in job.get("steps", ())]


@pytest.mark.parametrize("number", range(len(YAML)))
def test_every_use_of_the_action_gives_what_it_takes(number: int) -> None:
    uses = [each for each in steps(YAML[number]) if "/scimproof@" in each.get("uses", "")]
    for use in uses:
        assert set(use["with"]) <= set(ACTION["inputs"])
        assert set(use["env"]) == {"SCIM_TOKEN"}
        assert use["env"]["SCIM_TOKEN"] == "${{ secrets.SCIM_TOKEN }}"  # noqa: S105 - none


def test_the_examples_use_the_action_and_only_outputs_that_it_has() -> None:
    text = "\n".join(YAML)
    assert text.count("/scimproof@") >= 3
    asked = set(re.findall(r"steps\.scim\.outputs\.(\w+)", text))
    assert asked
    assert asked <= set(ACTION["outputs"])


@pytest.mark.parametrize("number", range(len(YAML)))
def test_no_example_puts_an_expression_into_a_script(number: int) -> None:
    for step in steps(YAML[number]):
        assert "${{" not in step.get("run", "")


def test_every_option_of_scimproof_on_the_page_exists() -> None:
    import scimproof

    known = {name.removeprefix("--").removeprefix("scim-") for name in scimproof.OPTIONS}
    lines = [line for line in PAGE.splitlines() if "scimproof run" in line or "--scim-" in line]
    named = {name for line in lines for name in re.findall(r"--(?:scim-)?([a-z][a-z-]*)", line)}
    elsewhere = {"alluredir", "rm", "user", "env", "volume"}  # of pytest and of docker
    assert named - known - elsewhere == set()
    assert "report" in named


@pytest.mark.parametrize(
    "text", [text for text in SHELL if "docker" not in text], ids=lambda text: text.split()[0]
)
def test_a_shell_example_runs(text: str, tmp_path: Path, scimproof: Path) -> None:
    """As it stands, but on the embedded server and with the cases of one requirement.

    What it needs from a network stands in the folder already: the environment with the command.
    """
    narrow = f'#!/bin/sh\n[ "$1" = run ] && set -- "$@" --only OKTA-CONN-1\nexec {scimproof} "$@"\n'
    here = tmp_path / "work"
    program(here / "scimproof-environment" / "bin" / "scimproof", narrow)
    if "report render" in text:
        reports.write_report(here / "scim-report", AN_EARLIER_ONE, reports.Redactor())
    lines = [line for line in text.splitlines() if not _needs_more(line)]
    done = _script("\n".join(lines), here)
    assert done.returncode == 0, done.stdout + done.stderr
    if "report render" in text:
        comment = (here / "comment.md").read_text("utf-8")
        assert comment == reports.render_markdown(AN_EARLIER_ONE)
    else:
        assert (here / "scim-report" / "report.md").exists()
    if "--alluredir" in text:
        assert list((here / "allure-results").glob("*-result.json"))


def _needs_more(line: str) -> bool:
    return "pip install" in line or "-m venv" in line or "SCIM_URL" in line


def _script(text: str, here: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the examples of our own page
        ["sh", "-euc", text],  # noqa: S607 - any shell
        cwd=here,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_docker_example_uses_what_the_image_has() -> None:
    (text,) = [text for text in SHELL if "docker" in text]
    build, _, run = text.splitlines()
    assert shlex.split(build) == ["docker", "build", "--tag", "scimproof", "."]
    words = shlex.split(run)
    assert words[words.index("--env") + 1] == "SCIM_TOKEN"
    assert words[words.index("scimproof") + 1] == "run"
    assert words[words.index("--report") + 1] == "/reports"


def test_every_page_that_is_linked_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
