"""The other way round: testers that others wrote judge `scimproof serve`."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from typing import TypeAlias

from .environments import HERE
from .findings import Finding
from .findings import Outcome
from .findings import Verdict
from .findings import compare
from .findings import steady
from .serving import left_behind
from .serving import served
from .serving import with_token

HOME = HERE.parent.parent
PROBE_SECONDS = 120

# What a tester's probe printed, and is looked at as its reader needs.
Json: TypeAlias = Any

# One more resource type is one that no tester knows; two are of a draft that one of them knows, and
# would pass over otherwise.
_ALWAYS = (
    *("--schema", str(HERE / "schemas" / "workspace.json")),
    *("--schema", str(HERE / "schemas" / "agents.json")),
    *("--me", "me@example.com"),
)
_SERVE = (sys.executable, "-m", "suites", "serve")


def settings(place: Path) -> dict[str, tuple[str, ...]]:
    """Return the ways to serve; all must answer alike what the RFCs let a client send."""
    return {
        "in memory": _ALWAYS,
        "from a file": (*_ALWAYS, "--db", str(place / "scim.db")),
        "without tolerances": (*_ALWAYS, *_no_tolerances()),
    }


def _no_tolerances() -> list[str]:
    listed = subprocess.run(
        [*_SERVE, "--list-tolerances"], cwd=HOME, capture_output=True, text=True, check=True
    )
    names = [line.partition(":")[0] for line in listed.stdout.splitlines()]
    return [word for name in names for word in ("--without-tolerance", name)]


def ask_scim2_tester(python: Path, place: Path) -> list[Verdict]:
    """Let scim2-tester judge our server."""
    return _asked("scim2-tester", python, place, read_scim2_tester)


def ask_scim_sanity(python: Path, place: Path) -> list[Verdict]:
    """Let scim-sanity judge our server."""
    return _asked("scim-sanity", python, place, read_scim_sanity)


def read_scim2_tester(results: Json) -> Outcome:
    """Read its results: whatever it does not call conforming or acceptable is a finding."""
    good = {"SUCCESS", "COMPLIANT", "ACCEPTABLE"}
    return _outcome(
        (
            Finding(
                each["title"],
                each["resource_type"] or "the server",
                "passed" if each["status"] in good else each["status"],
                steady(each["reason"] or ""),
                each["reason"] or "",
            )
            for each in results
        ),
        passed="passed",
    )


def read_scim_sanity(document: Json) -> Outcome:
    """Read its JSON output: whatever is not `pass` is a finding."""
    return _outcome(
        (
            Finding(
                steady(each["name"]),
                each["phase"],
                each["status"],
                steady(each.get("message", "")),
                each.get("message", ""),
            )
            for each in document["results"]
        ),
        passed="pass",
    )


def _outcome(results: Iterable[Finding], *, passed: str) -> Outcome:
    """Part what passed from what did not."""
    everything = list(results)
    return Outcome(
        frozenset(each for each in everything if each.status != passed),
        frozenset(f"{each.about}: {each.check}" for each in everything if each.status == passed),
    )


def _asked(name: str, python: Path, place: Path, read: Callable[[Json], Outcome]) -> list[Verdict]:
    verdicts = []
    for setting, options in settings(place).items():
        token = secrets.token_urlsafe(24)

        def command(port: int, options: tuple[str, ...] = options) -> list[str | Path]:
            return [*_SERVE, "--port", str(port), *options]

        with served(command, token=token, folder=HOME, log=place / "serve.log") as port:
            url = f"http://127.0.0.1:{port}/scim/v2"
            found = read(_probe(name, python, url, token, place))
            more = [f"  {line}" for line in left_behind(url, token)]
        verdicts.append(compare(name, f"scimproof serve {setting}, judged by {name}", found, more))
    return verdicts


def _probe(name: str, python: Path, url: str, token: str, place: Path) -> Json:
    """Run a tester in its environment and return what it printed; -I keeps ours away from it."""
    probe = HERE / "probes" / f"ask_{name.replace('-', '_')}.py"
    try:
        done = subprocess.run(
            [python, "-I", probe, url],
            cwd=place,
            env=with_token(token),
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise SystemExit(f"{name} did not end within {PROBE_SECONDS} s") from None
    except ValueError:
        said = (done.stderr or done.stdout).strip() or "nothing"
        raise SystemExit(f"{name} gave no results; it said: {said[-2000:]}") from None
