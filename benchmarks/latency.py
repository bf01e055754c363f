"""Runs everything with eight workers against a server whose every answer takes 150 ms longer.

Writes the seconds and the requests to `LATENCY.md`, with whether the goal of two minutes is met.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from suite import START
from suite import stand

HERE = Path(__file__).resolve().parent
PAGE = HERE / "LATENCY.md"
GOAL = 120.0
EVERYTHING = ("--idp", "all")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the run came to."""

    seconds: float
    requests: int
    verdicts: Counter[str]

    @property
    def results(self) -> int:
        """How many results there were, skips included."""
        return self.verdicts.total()


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description="A whole run over a slow line.")
    parser.add_argument("--delay", type=float, default=0.15, help="seconds of each answer")
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--out", type=Path, default=PAGE, help="the page to write")
    options, cases = parser.parse_known_args(argv)  # what it does not know is the run's
    found = measured(options.delay, options.workers, cases or EVERYTHING)
    text = page(found, options.delay, options.workers)
    sys.stdout.write(text)
    options.out.write_text(text, encoding="utf-8")
    return 0


def measured(delay: float, workers: int, cases: Sequence[str]) -> Outcome:
    """Run the cases against a server behind a long line."""
    token = secrets.token_urlsafe(24)
    with (
        tempfile.TemporaryDirectory() as folder,
        stand(token, "--delay", str(delay)) as (url, told),
    ):
        report = Path(folder) / "report"
        run = ["run", *cases, "--url", url, "-q", "-n", str(workers), "--report", str(report)]
        started = time.perf_counter()
        said = subprocess.run(
            [sys.executable, "-c", START, *run],
            cwd=folder,
            env={**os.environ, "SCIM_TOKEN": token},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - started
        try:
            written = json.loads((report / "report.json").read_text("utf-8"))
        except OSError:
            raise SystemExit(f"there is no report: {said.stdout}{said.stderr}") from None
        verdicts = Counter(str(each["verdict"]) for each in written["results"])
        return Outcome(seconds, told(), verdicts)


def page(found: Outcome, delay: float, workers: int) -> str:
    """Return what the run came to, as Markdown."""
    alone = found.requests * delay
    met = "is met" if found.seconds < GOAL else "is missed"
    verdicts = ", ".join(f"{count:,} {name}" for name, count in found.verdicts.most_common())
    return "\n".join(
        [
            "# A run over a slow line",
            "",
            "Written by `python benchmarks/latency.py`.",
            f"Every answer takes {delay * 1000:.0f} ms longer, as over a long line; "
            f"{workers} workers run everything on {os.cpu_count()} cores, the server included.",
            "",
            "| | |",
            "|---|---|",
            f"| seconds, start and report included | {found.seconds:.0f} |",
            f"| requests, deletions included | {found.requests:,} |",
            f"| results | {found.results:,} ({verdicts}) |",
            f"| what the answers alone would take, one after the other | {alone:,.0f} s |",
            f"| requests under way, in the mean | {alone / found.seconds:.1f} |",
            "",
            f"The goal of two minutes {met}.",
            "",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
