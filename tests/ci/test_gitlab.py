"""The template for GitLab: what it is made of, and its script run as GitLab runs it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.ci.conftest import ROOT
from tests.ci.conftest import program

TEMPLATE: dict[str, Any] = yaml.safe_load(
    (ROOT / "docs" / "ci" / "scimproof.gitlab-ci.yml").read_text("utf-8")
)
JOB = TEMPLATE[".scimproof"]
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
# What the template needs of Python: an environment, in which pip is asked for the source. Both
# write down whether they saw the token.
PYTHON = """#!/bin/sh
echo "token: ${{SCIM_TOKEN:-none}}, asked: $*" >> {seen}
if [ "$2" = venv ]; then
  mkdir -p "$3/bin"
  cp "$0" "$3/bin/python"
  cp {scimproof} "$3/bin/scimproof"
fi
"""


class Runner:
    """Runs the script of the template in a folder of its own."""

    def __init__(self, place: Path, command: Path) -> None:
        self.work = place / "work"
        self.work.mkdir()
        self.seen = place / "seen"
        text = PYTHON.format(seen=self.seen, scimproof=command)
        self._path = program(place / "path" / "python3", text).parent
        self.log = ""

    def run(self, shell: str = "sh", **variables: str) -> int:
        """Run the script with the variables of a project over those of the template."""
        environment = {
            "PATH": f"{self._path}:/usr/bin:/bin",
            "TMPDIR": str(self.work.parent),
            **JOB["variables"],
            **variables,
        }
        done = subprocess.run(  # noqa: S603 - our own script
            [shell, "-c", "\n".join(JOB["script"])],
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.log = done.stdout + done.stderr
        return done.returncode


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_script_hands_its_variables_over_one_by_one(
    tmp_path: Path, recorder: Path, shell: str
) -> None:
    runner = Runner(tmp_path, recorder)
    (runner.work / "a file").touch()
    status = runner.run(
        shell,
        RECORD=str(tmp_path / "record"),
        SCIMPROOF_SOURCE="a b; touch pwned",
        SCIMPROOF_IDP="okta, entra",
        SCIMPROOF_SUITE="protocol * $(touch pwned)",
        SCIMPROOF_ARGUMENTS="-n 2",
        SCIM_TOKEN="secret",  # noqa: S106 - none
    )
    assert status == 0, runner.log
    assert (tmp_path / "record").read_text("utf-8").split("\0")[:-1] == [
        *("run", "--scim-report=scim-report", "--idp=okta", "--idp=entra"),
        *("--scim-suite=protocol", "--scim-suite=*", "--scim-suite=$(touch"),
        *("--scim-suite=pwned)", "-n", "2"),
    ]
    assert [path.name for path in runner.work.iterdir()] == ["a file"]


def test_the_installation_does_not_see_the_token(tmp_path: Path, recorder: Path) -> None:
    runner = Runner(tmp_path, recorder)
    runner.run(RECORD=os.devnull, SCIMPROOF_SOURCE="./scimproof", SCIM_TOKEN="secret")  # noqa: S106 - none
    made, installed = runner.seen.read_text("utf-8").splitlines()
    assert re.match("token: none, asked: -m venv /", made)
    assert installed == "token: none, asked: -m pip install --quiet ./scimproof"


def test_without_a_source_the_job_says_what_is_missing(tmp_path: Path, recorder: Path) -> None:
    runner = Runner(tmp_path, recorder)
    assert runner.run(RECORD=str(tmp_path / "record")) == 4
    assert "SCIMPROOF_SOURCE must say" in runner.log
    assert not (tmp_path / "record").exists()


def test_a_failing_run_fails_the_job_and_leaves_what_is_kept(
    tmp_path: Path, scimproof: Path
) -> None:
    """The real command on the embedded server, which ignores that a group is deleted."""
    runner = Runner(tmp_path, scimproof)
    asked = "--scim-only=OKTA-DEL-1 --scim-deviation=group-delete-ignored"
    given = {"SCIMPROOF_IDP": "okta", "SCIMPROOF_ARGUMENTS": asked}
    assert runner.run(SCIMPROOF_SOURCE="./scimproof", **given) == 1, runner.log
    kept = JOB["artifacts"]
    assert kept["when"] == "always"
    assert [(runner.work / path).is_dir() for path in kept["paths"]] == [True]
    junit = ElementTree.parse(runner.work / kept["reports"]["junit"])  # noqa: S314 - ours
    assert len(list(junit.iter("failure"))) == 2


def test_the_page_says_every_variable_of_the_template() -> None:
    section = PAGE.split("\n## GitLab\n")[1].split("\n## ")[0]
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == list(JOB["variables"])


def test_the_example_of_the_page_extends_what_there_is() -> None:
    section = PAGE.split("\n## GitLab\n")[1].split("\n## ")[0]
    (text,) = re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
    example = yaml.safe_load(text)
    assert example["include"] == [{"local": "ci/scimproof.gitlab-ci.yml"}]
    assert example["scim"]["extends"] in TEMPLATE
    own = [name for name in example["scim"]["variables"] if name.startswith("SCIMPROOF")]
    assert set(own) <= set(JOB["variables"])
    assert "SCIM_TOKEN" not in text
