"""Runs the heavy tests in full and writes their figures to `SOAK.md`.

Each part is a test file that reads its size from `tests/sizes.py`. How much that was stands in the
`FIGURES` of the file, which come here as properties of the results and become a column.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

HOME = Path(__file__).resolve().parent.parent
RESULTS = HOME / "benchmarks" / "SOAK.md"


@dataclass(frozen=True, slots=True)
class Part:
    """Heavy test files, apart by blanks, and in a sentence what they do when they run in full."""

    title: str
    files: str
    sentence: str


SERVER = "tests/reference_server/"
LEGAL = "tests/suites/test_legal_[!p]*servers.py"
PARTS = (
    Part(
        "Malformed requests",
        f"{SERVER}test_fuzz.py",
        "Wrong bytes, wrong messages and mutations of right ones: no 500, no hang, no change.",
    ),
    Part(
        "Kills",
        f"{SERVER}test_kill.py",
        "Servers on one database file are killed in mid-load: what was acknowledged is there.",
    ),
    Part(
        "Killed runs",
        "tests/suites/kills/test_kills.py",
        "Runs are killed at random moments; after the cleanup the server is as it was before.",
    ),
    Part(
        "gunicorn",
        f"{SERVER}test_gunicorn.py",
        "Two worker processes and eight clients on one database file: no update is lost.",
    ),
    Part(
        "Resources, filters and patches",
        f"{SERVER}test_properties.py",
        "Random resources, filters and patches: no 500, and the invariants hold.",
    ),
    Part(
        "Filters against a model",
        f"{SERVER}test_filter_model.py",
        "What a random filter finds is what an evaluator of its own finds by going through all.",
    ),
    Part(
        "PATCH against a model",
        f"{SERVER}test_patch_model.py",
        "Random operations on random resources leave what a model of its own says.",
    ),
    Part(
        "PUT against a model",
        f"{SERVER}test_replace_model.py",
        "What a random resource becomes by PUT is what a model of its own says.",
    ),
    Part(
        "Writes and reads",
        f"{SERVER}test_write_properties.py",
        "GET after PUT is what was put, less what the rules drop.",
    ),
    Part(
        "Deviations",
        "tests/suites/proving/test_matrix.py",
        "Each deviation is caught by the suites that should, and a legal one by none of them.",
    ),
    Part(
        "Tolerances",
        "tests/suites/proving/test_tolerance_needs.py",
        "Without each tolerance exactly those identity providers find fault that need it.",
    ),
    Part(
        "Legal servers",
        "tests/suites/test_legal_protocol_servers.py",
        "Unusual servers within the texts, each alone and in mixtures, are accused of nothing.",
    ),
    Part(
        "Legal servers and IdPs",
        " ".join(sorted(str(each.relative_to(HOME)) for each in HOME.glob(LEGAL))),
        "Unusual servers within the texts, each alone, are accused of nothing by any replay.",
    ),
    Part(
        "Proofs",
        "tests/suites/proving/test_proofs.py",
        "Each case is killed by each deviation that it names, in each dialect.",
    ),
    Part(
        "Demanding servers",
        "tests/suites/survey/test_demanding_servers.py",
        "Servers that want more of every user are accused of nothing by any case or replay.",
    ),
    Part(
        "Simulated products",
        "tests/suites/products/test_embedded_products.py",
        "Each promise of a product is kept by its simulation with each identity provider.",
    ),
    Part(
        "Random histories",
        "tests/suites/test_random_histories.py",
        "After random histories of an office the server shows what its directory says.",
    ),
    Part(
        "Causes",
        "tests/reports/findings/test_cause_samples.py tests/suites/test_cause_ids.py",
        "Two faults at once keep the causes apart that each has alone, and keep their names.",
    ),
    Part(
        "Recorded traffic",
        "tests/idp_profiles/traffic/test_compare.py",
        "Each deviating sender shows exactly its deviation in a comparison.",
    ),
    Part(
        "A product's own API",
        f"{SERVER}products/test_clockify_fuzz.py",
        "Random requests to a simulated product: no 500, and the invariants hold.",
    ),
    Part(
        "Hostile servers",
        "tests/suites/bad_targets/test_judging.py",
        "Servers that die, hang, break HTTP or lie are accused of what they do and of no more.",
    ),
    Part(
        "Both stores",
        f"{SERVER}test_store_contract.py",
        "Random histories leave the store in memory and the one in a file with the same content.",
    ),
)

INTRO = """# Soak

Generated by `make soak`: the heavy tests in full, each of which `make test` runs as a sample.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a part ended: counts of tests, seconds, and what the tests counted."""

    part: Part
    passed: int
    bad: int
    seconds: float
    figures: tuple[str, ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Run every part, write the page after each, and return 1 when a test failed."""
    parser = argparse.ArgumentParser(description="Run the heavy tests in full.")
    parser.add_argument("--out", type=Path, default=RESULTS, help="(benchmarks/SOAK.md)")
    parser.add_argument("parts", nargs="*", help="words in the titles of the parts to run")
    options = parser.parse_args(argv)
    chosen = [each for each in PARTS if _wanted(each, options.parts)]
    if not chosen:
        parser.error(f"no part is called {' or '.join(options.parts)}")
    rows, failed = kept(options.out), False
    for part in chosen:
        print(f"scimproof: {part.title} …", flush=True)
        outcome = _run(part)
        failed = failed or bool(outcome.bad or not outcome.passed)
        rows[part.title] = row(outcome)
        options.out.write_text(page(rows), encoding="utf-8")
    print(options.out.read_text(encoding="utf-8"))
    return int(failed)


def _wanted(part: Part, words: Sequence[str]) -> bool:
    return not words or any(word.lower() in part.title.lower() for word in words)


def _run(part: Part) -> Outcome:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.xml"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *part.files.split(), f"--junitxml={results}"],
            cwd=HOME,
            env={**os.environ, "SCIMPROOF_SOAK": "1", "PYTEST_ADDOPTS": ""},
            check=False,  # the file says how it went
        )
        tree = ElementTree.parse(results)  # noqa: S314 - a file that pytest has just written
    cases = list(tree.iter("testcase"))
    bad = sum(any(case.find(name) is not None for name in ("failure", "error")) for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    figures = tuple(dict.fromkeys(_figures(cases)))
    passed = len(cases) - bad - skipped
    return Outcome(part, passed, bad + skipped, time.monotonic() - started, figures)


def _figures(cases: Sequence[ElementTree.Element]) -> Iterator[str]:
    for case in cases:
        for each in case.iter("property"):
            # hypothesis adds properties of its own, which are no figures.
            if not (each.get("name") or "").startswith("hypothesis"):
                yield f"{each.get('value')} {each.get('name')}"


def kept(file: Path) -> dict[str, str]:
    """Return the rows of an earlier page by their titles: a part that is not run keeps its own."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    titles = {part.title for part in PARTS}
    found = {line.split(" | ")[0].removeprefix("| "): line for line in lines}
    return {title: line for title, line in found.items() if title in titles}


def row(outcome: Outcome) -> str:
    """Return the row of a part."""
    part, counted = outcome.part, ", ".join(outcome.figures) or "-"
    cells = (part.title, part.sentence, outcome.passed, outcome.bad, counted)
    return f"| {' | '.join(map(str, cells))} | {outcome.seconds:.0f} |"


def page(rows: Mapping[str, str]) -> str:
    """Return the page with these rows, in the order of the parts."""
    version = f"{platform.python_implementation()} {platform.python_version()}"
    cores = len(os.sched_getaffinity(0))
    lines = [
        INTRO,
        f"Machine: {platform.system()} on {platform.machine()}, {cores} cores, {version}.",
        "",
        "| Part | What it shows | Tests | Failed or skipped | Counted | Seconds |",
        "| --- | --- | ---: | ---: | --- | ---: |",
        *(rows[part.title] for part in PARTS if part.title in rows),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
