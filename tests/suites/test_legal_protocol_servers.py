"""No false alarm: what the RFCs allow is held against nobody.

Each variation is in one mixture, and a run against each mixture is made every time; with
SCIMPROOF_SOAK each variation is met alone too.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from typing import TypeAlias

import pytest

from suites.proving.case_list import Case
from tests.sizes import sample
from tests.sizes import sized

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Results: TypeAlias = list[dict[str, Any]]
Judged: TypeAlias = Callable[..., Results]
# The last one named is the outermost, so what is told of every reply comes last.
MIXTURES = {
    "odd in every reply": (
        "cursors-that-are-kept",
        *("ids-that-need-encoding", "unassigned-as-null-and-empty", "every-patch-answers-204"),
        *("lists-without-what-is-optional", "names-in-lower-case", "charset-in-every-reply"),
        "waits-asked-for",
    ),
    "large and plain": (
        *("a-small-schema", "strong-versions", "no-search-by-post"),
        *("errors-without-detail", "short-pages-among-many"),
    ),
    "without much": (
        *("no-patch-and-no-groups", "no-versions", "no-order", "creates-answered-in-short"),
        *("names-folded", "unknown-attributes-refused", "user-names-for-ever"),
        *("filters-that-are-not-announced", "cursors-forward-only"),
    ),
    "a schema of its own": (
        *("no-enterprise-extension", "members-by-value-alone", "users-without-their-groups"),
        *("addresses-without-type", "a-vendors-extension", "groups-of-users-only"),
        *("ids-that-are-numbers", "discovery-for-the-known-alone", "times-in-whole-seconds"),
        "cursors-by-default",
    ),
    "particular": (
        *("removing-a-stranger-is-refused", "members-on-request", "plain-users-only"),
        *("announced-in-few-words", "only-simple-filters"),
    ),
    "by cursor": ("cursors-of-short-pages", "cursors-alone"),
    "behind a gateway": (
        *("one-change-at-a-time", "passwords-out-of-reach", "a-gateway-in-front"),
    ),
    "behind a framework": ("pages-for-odd-requests", "routes-of-ids-alone"),
    "jobs": (
        *("bulk-results-with-resources", "bulk-refused-for-one-fault"),
        "bulk-errors-beside-the-status",
    ),
    "jobs of a client": ("bulk-ids-as-the-client-likes",),
    "told otherwise": (
        *("a-small-bulk", "discovery-in-few-words", "discovery-among-its-types"),
        *(
            "locations-without-a-host",
            "writes-on-discovery-not-found",
            "an-extension-for-everybody",
        ),
    ),
    "strict of its own": (
        *("types-of-addresses-restricted", "addresses-required", "titles-of-the-server"),
        *("new-users-are-asleep", "passwords-by-policy", "members-have-to-be-known"),
        *("primary-values-last", "searches-of-short-pages", "errors-with-more-members"),
        *("moments-of-another-zone", "members-of-objects-backwards"),
    ),
    "its own names": (
        *("display-names-of-the-server", "addresses-on-request", "waits-by-date"),
        *("headers-in-lower-case", "json-over-many-lines"),
    ),
    "particular about patches": (
        *("nothing-is-assigned-by-patch", "no-alternatives-in-paths"),
        "one-operation-for-an-attribute",
    ),
    "wanting names": ("display-names-required",),
    "wanting parts": (
        *("parts-of-names-required", "references-of-members-required"),
        "one-address-of-each-type",
    ),
    "wanting members": ("members-required",),
    "without display names": ("names-without-display", "groups-out-of-reach"),
    "careful with lists": ("relative-addresses", "large-answers-refused"),
    "for ever": ("nothing-is-deleted", "group-names-for-ever", "discovery-as-arrays"),
    "hardly announced": ("creates-answered-by-address", "no-discovery", "nothing-unusual"),
}


def _names() -> set[str]:
    """Return the variations, read without loading: loading registers them as deviations."""
    found: set[str] = set()
    for file in HERE.glob("legal_protocol_*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                found.add(node.name.replace("_", "-"))
    return found


ALONE = sorted(_names())[: sized(0, 10_000)]
FIGURES = {"legal servers alone": len(ALONE)}


@pytest.fixture(scope="session")
def judged(
    tmp_path_factory: pytest.TempPathFactory, quiet_environment: Callable[..., dict[str, str]]
) -> Judged:
    """Run the cases against a mixture of legal servers, once for each and what is wanted."""

    @cache
    def run(names: str, *only: str) -> Results:
        folder = tmp_path_factory.mktemp("legal")
        asked = [word for name in names.split() for word in ("--scim-deviation", name)]
        asked += [word for name in only for word in ("--scim-only", name)]
        done = subprocess.run(  # noqa: S603 - our own suites
            [
                *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
                *("-c", "suites/isolated.ini", "--rootdir=.", "-p", "legal_protocol_run"),
                *("--scim-suite", "protocol", "--scim-suite", "security"),
                *("--scim-suite", "consistency", *asked),
                *("--scim-report", str(folder), "suites"),
                *("--ignore", "suites/idp"),
            ],
            cwd=ROOT,
            env=quiet_environment(PYTHONPATH=f"{ROOT}:{HERE}"),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        written = folder / "results.json"
        assert written.exists(), done.stdout[-3000:] + done.stderr[-1000:]
        results: Results = json.loads(written.read_text(encoding="utf-8"))
        return results

    return run


def accused(results: Results) -> dict[str, str]:
    return {
        f"{each['verdict']} {each['case']}": f"expected {each['expected']}, got {each['actual']}"
        for each in results
        if not each["legal"]
    }


# One in five here, all of them, and each variation alone, in the soak.
@pytest.mark.parametrize("mixture", sample(MIXTURES, 5))
def test_no_legal_server_is_accused(judged: Judged, mixture: str) -> None:
    results = judged(" ".join(MIXTURES[mixture]))
    assert sum(each["verdict"] == "pass" for each in results) > 300
    assert accused(results) == {}


@pytest.mark.parametrize("name", ALONE)
def test_no_legal_server_is_accused_alone(judged: Judged, name: str) -> None:
    assert accused(judged(name)) == {}


def test_every_legal_server_is_in_a_mixture() -> None:
    mixed = [name for names in MIXTURES.values() for name in names]
    assert sorted(mixed) == sorted(_names())


def test_what_works_without_being_announced_is_a_note(judged: Judged) -> None:
    mine = judged(" ".join(MIXTURES["without much"]), "RFC7644-3.4.2.2-41")
    noted = [each for each in mine if each["notes"]]
    assert {each["verdict"] for each in mine} == {"pass"}
    assert noted
    assert noted[0]["notes"][-1].startswith("of a feature that is not announced: expected ")


def test_what_is_neither_announced_nor_there_is_skipped(
    judged: Judged, known_cases: tuple[Case, ...]
) -> None:
    about = {each.requirement for each in known_cases}
    about = {each for each in about if each.startswith("RFC7644-3.5.2.2-")}
    mine = judged(" ".join(MIXTURES["without much"]), *sorted(about))
    assert {each["requirement"] for each in mine} == about
    assert {each["verdict"] for each in mine} == {"skip"}
    assert any("answered 501" in str(each["actual"]) for each in mine)
