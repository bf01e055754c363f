"""The comparison with other testers, and the run over a slow line, at a small size."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import latency  # noqa: E402 - only found once the path is known
import suite  # noqa: E402 - as above


def rounds(*seconds: float, requests: int, results: int) -> list[suite.Outcome]:
    return [suite.Outcome(each, requests, results, results // 2) for each in seconds]


def test_goals_are_measured_by_the_better_peer() -> None:
    text = suite.page(
        {
            "fast": rounds(1.0, 9.0, 2.0, requests=150, results=100),
            "slow": rounds(4.0, requests=300, results=100),
            "peer": rounds(1.0, requests=60, results=10),
            "better peer": rounds(2.0, requests=60, results=40),
        },
        {"fast", "slow"},
    )
    assert "| fast | 2.0 | 150 | 100 | 50 | 1.50 | 50 |" in text
    assert "| fast | 1.50 | yes | 5.0 | 2.5 | yes |" in text
    assert "| slow | 3.00 | no | 2.5 | 1.2 | no |" in text


def test_without_a_peer_no_speed_is_claimed() -> None:
    text = suite.page({"ours": rounds(1.0, requests=10, results=10)}, {"ours"})
    assert "| ours | 1.00 | yes | not measured |" in text


def test_skips_are_no_results_whoever_skips(tmp_path: Path) -> None:
    ours = suite._run("ours")
    results = [
        {"verdict": verdict, "requirement": "A-1", "idp": None, "dialect": None}
        for verdict in ("pass", "warn", "skip")
    ]
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.json").write_text(json.dumps({"results": results}))
    assert ours.count("", tmp_path) == (2, 1)
    peer = suite._peer("peer", "scim2-tester", Path(sys.executable))
    told = [
        {"title": "create", "resource_type": "User", "status": "SUCCESS"},
        {"title": "create", "resource_type": "User", "status": "ERROR"},
        {"title": "bulk", "resource_type": None, "status": "SKIPPED"},
    ]
    assert peer.count(json.dumps(told), tmp_path) == (2, 1)


def test_a_small_run_is_counted_at_the_server(tmp_path: Path) -> None:
    out = tmp_path / "SUITE.md"
    done = subprocess.run(  # noqa: S603 - our own command
        [
            sys.executable,
            BENCHMARKS / "suite.py",
            "--quick",
            "--rounds",
            "1",
            "--out",
            out,
            "--peers",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    row = next(line for line in out.read_text().splitlines() if "one requirement |" in line)
    _, _, _, requests, results, *_ = (cell.strip() for cell in row.split("|"))
    assert int(results) > 0
    assert int(requests) > int(results)


def test_a_small_run_over_a_slow_line_has_every_verdict(tmp_path: Path) -> None:
    out = tmp_path / "LATENCY.md"
    asked = ["--delay", "0.05", "--workers", "2", "--out", str(out)]
    assert latency.main([*asked, "--only", "RFC7644-3.3-7", "--only", "OKTA-HIST-2"]) == 0
    text = out.read_text()
    assert "Every answer takes 50 ms longer" in text
    assert "pass)" in text
    assert "fail" not in text


@pytest.mark.parametrize(("seconds", "said"), [(119.9, "is met"), (120.1, "is missed")])
def test_the_goal_is_two_minutes(seconds: float, said: str) -> None:
    found = latency.Outcome(seconds, 1000, latency.Counter({"pass": 10}))
    assert said in latency.page(found, 0.15, 8)
