"""As much of GitHub's runner as `action.yml` needs: expressions, steps that run scripts, outputs.

Nothing of it guesses: an expression or a key that it does not know is an error, so that the action
cannot use what is not tried here.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}")
_TOKENS = re.compile(r"\s*('[^']*'|\|\||&&|!=|always\(\)|[\w.-]+)")


def evaluated(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its expressions replaced."""
    return _EXPRESSION.sub(lambda found: expression(found[1], values), text)


def expression(text: str, values: Mapping[str, str]) -> str:
    """Return the value of an expression made of `||`, `&&`, `!=`, names and texts."""
    assert not _TOKENS.sub("", text).strip(), f"not known to this runner: {text!r}"
    words = _TOKENS.findall(text)
    parts = _split(words, "||")
    if len(parts) > 1:
        return next((value for part in parts if (value := expression(" ".join(part), values))), "")
    parts = _split(words, "&&")
    if len(parts) > 1:
        return "true" if all(expression(" ".join(part), values) for part in parts) else ""
    if "!=" in words:
        left, _, right = words
        return "true" if _value(left, values) != _value(right, values) else ""
    (word,) = words
    return _value(word, values)


def _split(words: list[str], sign: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == sign:
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _value(word: str, values: Mapping[str, str]) -> str:
    if word == "always()":
        return "true"
    if word.startswith("'"):
        return word[1:-1]
    kind = word.partition(".")[0]
    assert kind in ("inputs", "steps"), f"not known to this runner: {word!r}"
    return values.get(word, "")


@dataclass
class Job:
    """One use of the action: its inputs, and what its steps have said so far."""

    place: Path
    inputs: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    log: str = ""
    status: int = 0

    def __post_init__(self) -> None:
        for name, about in ACTION["inputs"].items():
            self.values[f"inputs.{name}"] = self.inputs.get(name, about["default"])
        for folder in ("work", "temp", "files"):
            (self.place / folder).mkdir(parents=True, exist_ok=True)

    @property
    def work(self) -> Path:
        return self.place / "work"

    @property
    def summary(self) -> str:
        return (self.place / "files" / "summary").read_text("utf-8")

    def run(self, step_id: str) -> int:
        """Run the script of a step as GitHub does, and return its exit status."""
        (step,) = [each for each in ACTION["runs"]["steps"] if each.get("id") == step_id]
        output = self.place / "files" / f"output-{step_id}"
        output.touch()
        script = self.place / "files" / f"{step_id}.sh"
        script.write_text(step["run"], "utf-8")
        given = {name: evaluated(str(text), self.values) for name, text in step["env"].items()}
        done = subprocess.run(  # noqa: S603 - our own script
            # How GitHub starts `shell: bash`.
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],  # noqa: S607
            cwd=self.work,
            env={**self._environment(output), **self.environment, **given},
            capture_output=True,
            text=True,
            check=False,
        )
        self.log = done.stdout + done.stderr
        for line in output.read_text("utf-8").splitlines():
            name, _, value = line.partition("=")
            self.values[f"steps.{step_id}.outputs.{name}"] = value
        self.status = done.returncode
        return done.returncode

    def wants(self, name: str) -> bool:
        """Return whether the step of this name runs."""
        (step,) = [each for each in ACTION["runs"]["steps"] if each["name"] == name]
        return bool(expression(str(step.get("if", "'true'")), self.values))

    def outputs(self) -> dict[str, str]:
        """Return what the action says to the job that uses it."""
        return {
            name: evaluated(about["value"], self.values)
            for name, about in ACTION["outputs"].items()
        }

    def _environment(self, output: Path) -> dict[str, str]:
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.place),
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.place / "files" / "summary"),
            "GITHUB_WORKSPACE": str(self.work),
            "RUNNER_TEMP": str(self.place / "temp"),
        }
