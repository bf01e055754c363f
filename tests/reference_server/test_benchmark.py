"""The benchmark runs, and says what it has measured."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "server.py"
OPERATIONS = (
    "get",
    "filter userName eq",
    "list page of 100",
    "PATCH active",
    "group member add",
    "create",
)


def test_the_quick_benchmark_measures_every_operation(tmp_path: Path) -> None:
    results = tmp_path / "RESULTS.md"
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(BENCHMARK), "--quick", "--out", str(results)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    page = results.read_text(encoding="utf-8")
    for operation in OPERATIONS:
        rows = re.findall(rf"^\| {operation} \| ([0-9.,]+) \(", page, re.MULTILINE)
        # One row for one connection, one for eight.
        assert len(rows) == 2
        assert all(float(each.replace(",", "")) > 1 for each in rows)
    assert page.count("The floor is ") == 2
    assert "| create, times the better peer | at least 8x | not measured |" in page
    # Facts of the machine, but none of the place.
    assert str(BENCHMARK.parents[1]) not in page


def test_a_wrong_reply_stops_the_benchmark(tmp_path: Path) -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import itertools, subjects, load\n"
        "with subjects.running(subjects.ours()) as server:\n"
        "    wire = server.wire\n"
        "    connections = load.Load(server.port, 2)\n"
        "    wrong = itertools.repeat(wire.request('GET', '/Users/nobody'))\n"
        "    try:\n"
        "        connections.measure(wrong, (b'200',), 0.05)\n"
        "    except load.LoadError as fault:\n"
        "        print(str(fault).splitlines()[:2])\n"
    )
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script, str(BENCHMARK.parent)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "['expected 200, got:', 'HTTP/1.1 404 Not Found']"
