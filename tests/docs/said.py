"""Whether a command that a page shows can be typed: the words, options and values exist."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from functools import cache

from click.testing import CliRunner

import scimproof
from idp_profiles import PROFILES
from reference_server import deviations
from reference_server.__main__ import main as serve
from suites.command import command
from suites.reach import embedded_product
from suites.requirements import catalogue
from suites.requirements import judged_products
from suites.run.options import SUITES
from tests.docs.copies import ROOT

# What a run hands on to pytest.
_OF_PYTEST = {"-n", "-k", "-m", "-q", "-v", "-x", "--alluredir", "--junitxml"}
_OF_LOCUST = {"--headless", "--host", "--processes", "--only-summary", "--master", "--worker"}
_OF_LOCUST |= {"--master-host", "--expect-workers"}
# What sets up the place in which the commands run.
_SET_UP = re.compile(
    r"python3 -m venv|\. \S+/bin/activate|pip install|export \w+=|cd |#|python -m http\.server"
)


def problem(line: str) -> str:
    """Return what is wrong with a line, nothing when it can be typed."""
    line = line.partition(" #")[0].strip().removeprefix(".venv/bin/")
    if not line or _SET_UP.match(line):
        return ""
    words = [word for word in shlex.split(line) if not re.match(r"[A-Z_]+=", word)]
    if words[0] == "make":
        return "" if words[1] in _targets() else f"{line}: the Makefile has no {words[1]}"
    if words[0] == "pytest":
        return _of_run(line, [re.sub("^--scim-", "--", word) for word in words[1:]])
    if words[:2] == ["scimproof", "run"]:
        return _of_run(line, words[2:])
    if words[0] == "scimproof":
        return _of_command(line, words[1:])
    if words[0] == "locust":
        wrong = {word for word in words if word.startswith("--")} - _OF_LOCUST - _of_the_load()
        return f"{line}: no option {', '.join(wrong)}" if wrong else ""
    if words[:2] == ["python", "-m"] or words[0] == "gunicorn":
        return ""  # other tests run them
    return f"{line}: what is {words[0]}?"


@cache
def _targets() -> set[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", text, re.MULTILINE))


@cache
def _of_the_load() -> set[str]:
    """Return the options that the load adds to Locust's."""
    texts = (file.read_text(encoding="utf-8") for file in (ROOT / "benchmarks").rglob("*.py"))
    return {option for text in texts for option in re.findall(r'"(--[a-z][a-z-]*)"', text)}


@cache
def _values() -> dict[str, set[str]]:
    made = {name for each in judged_products() for name in embedded_product.deviations(each)}
    return {
        "--idp": {*PROFILES, "all"},
        "--suite": set(SUITES),
        "--only": set(catalogue()),
        "--deviation": {*deviations.names(), *made},
        "--product": set(judged_products()),
    }


def _of_run(line: str, words: list[str]) -> str:
    known = {name.replace("--scim-", "--") for name in scimproof.OPTIONS}
    for word, value in zip(words, [*words[1:], ""], strict=True):
        option, _, joined = word.partition("=")
        if option.startswith("-") and option not in known | _OF_PYTEST:
            return f"{line}: no option {option}"
        if option in _values() and (joined or value) not in _values()[option]:
            return f"{line}: {joined or value} is no value of {option}"
    return ""


def _of_command(line: str, words: list[str]) -> str:
    name, *rest = words
    if name not in command.commands:
        return f"{line}: no command {name}"
    inner = [word for word in rest[:1] if name in ("report", "traffic", "target")]
    known = _options(name, *inner)
    wrong = [word for word in rest if word.startswith("--") and word.split("=")[0] not in known]
    if name == "idp" and rest[0] not in PROFILES:
        wrong.append(rest[0])
    return f"{line}: {', '.join(wrong)}?" if wrong else ""


@cache
def _options(*words: str) -> frozenset[str]:
    """Return the options that the help of a command names."""
    return frozenset(re.findall(r"--[a-z][a-z-]*", _help(*words)))


def _help(*words: str) -> str:
    heard = io.StringIO()
    with contextlib.redirect_stdout(heard), contextlib.suppress(SystemExit):
        if words[0] == "serve":
            serve(["--help"])
            return heard.getvalue()
        done = CliRunner().invoke(command, [*words, "--help"])
    return heard.getvalue() + done.output
