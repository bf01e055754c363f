"""The action for GitHub: what it is made of, and its scripts run as GitHub runs them."""

from __future__ import annotations

import re
import site
import subprocess
import sys
from pathlib import Path

import pytest

import reports
from tests.ci.workflow import ACTION
from tests.ci.workflow import ROOT
from tests.ci.workflow import Job

STEPS = ACTION["runs"]["steps"]
SCRIPTS = [step for step in STEPS if "run" in step]
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
KEEP = "Keep the report"


def recorded(job: Job, recorder: Path, **variables: str) -> list[str]:
    """Return the arguments that the action would give to scimproof; none when it refuses."""
    record = job.place / "record"
    job.environment = {**job.environment, "RECORD": str(record), **variables}
    job.values["steps.install.outputs.scimproof"] = str(recorder)
    job.run("run")
    return record.read_text("utf-8").split("\0")[:-1] if record.exists() else []


def test_every_script_names_its_shell_and_takes_its_inputs_from_variables() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert len(SCRIPTS) == 2
    for step in SCRIPTS:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an input in a script is code that somebody else writes"
        assert step["run"].startswith("set -euo pipefail\n")


@pytest.mark.parametrize("step", SCRIPTS, ids=lambda step: str(step["id"]))
def test_every_script_is_sound_to_bash(step: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-n"],  # noqa: S607 - the shell of the action
        input=step["run"],
        text=True,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_actions_of_others_are_pinned_by_commit_with_their_version_beside() -> None:
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert len(used) == 2
    text = (ROOT / "action.yml").read_text("utf-8")
    for each in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", each)
        assert re.search(rf"{re.escape(each)} # v\d+\.\d+\.\d+\n", text)


def test_no_input_takes_a_token_and_only_the_run_itself_sees_it() -> None:
    assert not [name for name in ACTION["inputs"] if "token" in name or "secret" in name]
    blank = {step["name"]: step.get("env", {}).get("SCIM_TOKEN") for step in STEPS}
    assert blank.pop("Run scimproof") is None
    assert set(blank.values()) == {""}


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_the_page_says_what_the_action_takes_and_gives(kind: str) -> None:
    (table,) = re.findall(
        rf"^\| {kind[:-1].capitalize()} \|.*?\n\n", PAGE, re.DOTALL | re.MULTILINE
    )
    rows = [line.split("|")[1] for line in table.strip().splitlines()]
    said = [name for row in rows for name in re.findall(r"`([\w-]+)`", row)]
    assert sorted(said) == sorted(ACTION[kind])
    for name, about in ACTION[kind].items():
        assert about["description"]
        if kind == "inputs" and about["default"]:
            assert f"| `{name}` | `{about['default']}` |" in table


def test_inputs_become_arguments_one_by_one(tmp_path: Path, recorder: Path) -> None:
    job = Job(
        tmp_path,
        {
            "url": "http://127.0.0.1:1/scim/v2",
            "target-file": "my target.toml",
            "idp": "okta, entra\n  jumpcloud\r\n",
            "suite": "protocol idp",
            "arguments": "-n\r\n2\n\n-k\na or b\n",
            "baseline": "old/report.json",
            "fail-on": "warning",
            "report-name": "scim-2",
        },
    )
    assert recorded(job, recorder) == [
        *("run", "--scim-report=scim-2", "--scim-strict"),
        *("--scim-url=http://127.0.0.1:1/scim/v2", "--scim-target=my target.toml"),
        *("--scim-baseline=old/report.json", "--idp=okta", "--idp=entra", "--idp=jumpcloud"),
        *("--scim-suite=protocol", "--scim-suite=idp", "-n", "2", "-k", "a or b"),
    ]


def test_without_inputs_everything_is_tried_on_the_embedded_server(
    tmp_path: Path, recorder: Path
) -> None:
    assert recorded(Job(tmp_path), recorder) == ["run", "--scim-report=scim-report", "--idp=all"]


@pytest.mark.parametrize("name", sorted(ACTION["inputs"].keys() - {"python-version"}))
@pytest.mark.parametrize(
    "evil",
    [
        "$(touch pwned)",
        "`touch pwned`",
        "x'; touch pwned; '",
        'x"; touch pwned; "',
        "x\ntouch pwned\n",
        "*",
        "--scim-proofs",
    ],
)
def test_no_input_is_ever_code(tmp_path: Path, recorder: Path, name: str, evil: str) -> None:
    job = Job(tmp_path, {name: evil})
    (job.work / "a file").touch()
    given = recorded(job, recorder)
    assert [path.name for path in job.work.iterdir()] == ["a file"]
    assert "a file" not in " ".join(given)
    if name not in ("arguments", "idp", "suite"):
        assert "--scim-proofs" not in given  # an argument of its own is what `arguments` is for
        words = [each for each in given if evil in each]
        assert len(words) == (0 if name in ("fail-on", "report-name") else 1)


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/etc", ".hidden", "a b", "-x", "a\nb"])
def test_a_report_name_that_leads_elsewhere_is_refused_and_nothing_is_kept(
    tmp_path: Path, recorder: Path, name: str
) -> None:
    job = Job(tmp_path, {"report-name": name})
    assert recorded(job, recorder) == []
    assert job.status == 4
    assert "::error title=scimproof::report-name must be" in job.log
    assert not job.wants(KEEP)


@pytest.mark.parametrize(
    ("fail_on", "status", "expected"),
    [
        ("inconclusive", "1", 1),
        ("warning", "1", 1),
        ("fail", "1", 1),
        ("never", "1", 0),
        ("never", "4", 4),
        ("never", "2", 2),
        ("never", "0", 0),
        ("sometimes", "0", 4),
    ],
)
def test_fail_on_decides_the_status_but_never_hides_bad_input(
    tmp_path: Path, recorder: Path, fail_on: str, status: str, expected: int
) -> None:
    job = Job(tmp_path, {"fail-on": fail_on})
    given = recorded(job, recorder, STATUS=status)
    assert job.status == expected
    assert ("--scim-strict" in given) == (fail_on == "warning")
    assert ("--scim-allow-inconclusive" in given) == (fail_on == "fail")


def test_a_failing_run_fails_the_step_and_leaves_report_summary_and_outputs(
    tmp_path: Path, scimproof: Path
) -> None:
    """The real command on the embedded server, which ignores that a group is deleted."""
    job = Job(
        tmp_path,
        {
            "idp": "okta",
            "arguments": "--scim-only=OKTA-DEL-1\n--scim-deviation=group-delete-ignored",
        },
    )
    job.values["steps.install.outputs.scimproof"] = str(scimproof)
    assert job.run("run") == 1
    assert job.wants(KEEP)
    outputs = job.outputs()
    assert (outputs["verdict"], outputs["failed"], outputs["warnings"]) == ("fail", "2", "0")
    folder = Path(outputs["report"])
    assert folder == job.work / job.values["steps.run.outputs.folder"]
    report = reports.read_report(folder / "report.json")
    assert report.summary["fail"] == 2
    assert "| Okta: Custom app (GET then PUT) | ✗ stops here |" in job.summary
    assert len(re.findall("^::error title=", job.log, re.MULTILINE)) == 1
    assert {"report.html", "report.md", "junit.xml"} <= {path.name for path in folder.iterdir()}


def test_scimproof_installs_from_the_place_of_the_action_into_its_own_environment(
    tmp_path: Path,
) -> None:
    """The real script: only what it needs from a network is at hand already."""
    offline = {
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads this as `--no-build-isolation`
        "PYTHONPATH": ":".join(site.getsitepackages()),
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "SCIM_TOKEN": "seen by the run alone",
    }
    job = Job(tmp_path, environment=offline)
    job.values["steps.python.outputs.python-path"] = sys.executable
    assert job.run("install") == 0, job.log
    command = Path(job.values["steps.install.outputs.scimproof"])
    assert command.is_relative_to(tmp_path / "temp")
    done = subprocess.run(  # noqa: S603 - what was just installed
        [command, "list", "scenarios"],
        env=offline,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "push-group" in done.stdout
