"""Compares our runs with scim2-tester and scim-sanity, on the same server in the same minutes.

Each contestant runs against a reference server of its own, fresh and in its own process; in every
round all of them take a turn. Requests are counted at the server, and a result is a verdict that
the contestant itself gives a line of its own; what was skipped is none. Writes `SUITE.md`.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
INTEROP = ROOT / "tests" / "interop"
PEERS = ("scim2-tester", "scim-sanity")
SUITE = HERE / "SUITE.md"
FEWEST = 2.0  # requests per result that our run may need
TWICE = 2.0  # as many results per second as the better peer
_SECONDS = 1800
# The rooms are found wherever the command runs.
START = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from suites.__main__ import main; main()"
_SKIPS = frozenset({"SKIPPED", "skip", "skipped"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run came to: verdicts, and distinct checks among them."""

    seconds: float
    requests: int
    results: int
    checks: int


@dataclass(frozen=True, slots=True)
class Contestant:
    """One tester: its command for a URL and a folder, and how its output is counted."""

    name: str
    command: Callable[[str, Path], Sequence[str | Path]]
    count: Callable[[str, Path], tuple[int, int]]
    ours: bool = True


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and write the page."""
    options = _options(argv)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        contestants = [*_ours(options.quick), *_peers(options.peers, options.cache or place)]
        found: dict[str, list[Outcome]] = {each.name: [] for each in contestants}
        for number in range(options.rounds):
            for each in contestants:
                found[each.name].append(measured(each, place / f"{each.name} {number}"))
                say(f"{each.name}: {found[each.name][-1]}")
    text = page(found, {each.name for each in contestants if each.ours})
    say(text)
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    return 0


def say(text: str) -> None:
    """Print to whoever waits."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Compare our runs with what others wrote.")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--cache", type=Path, help="folder for the environments of the peers")
    parser.add_argument("--quick", action="store_true", help="a handful of our cases alone")
    parser.add_argument("--out", type=Path, default=SUITE, help="the page to write")
    return parser.parse_args(argv)


def measured(contestant: Contestant, place: Path) -> Outcome:
    """Let a contestant run once against a fresh server."""
    place.mkdir(parents=True)
    token = secrets.token_urlsafe(24)
    with stand(token) as (url, count):
        started = time.perf_counter()
        done = subprocess.run(
            contestant.command(url, place),
            cwd=place,
            env={**_environment(), "SCIM_TOKEN": token},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        seconds = time.perf_counter() - started
        requests = count()
    try:
        results, checks = contestant.count(done.stdout, place)
    except (OSError, ValueError, KeyError):
        raise SystemExit(f"{contestant.name} gave no results: {done.stderr[-2000:]}") from None
    return Outcome(seconds, requests, results, checks)


def _environment() -> dict[str, str]:
    """Return ours, and let Python keep compiled modules, as it does for whoever installs a tester.

    A developer may have told it not to; then each run would compile what was changed lately.
    """
    return {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextmanager
def stand(token: str, *options: str) -> Iterator[tuple[str, Callable[[], int]]]:
    """Start a server that counts; yield its base URL, and what tells the count."""
    server = subprocess.Popen(
        [sys.executable, HERE / "stand.py", *options],
        env={**os.environ, "SCIM_TOKEN": token},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        line = server.stdout.readline() if server.stdout else ""
        if not line.startswith("ready "):
            raise SystemExit(f"the server did not start: {line!r}")
        origin = f"http://127.0.0.1:{line.split()[1]}"
        yield f"{origin}/scim/v2", lambda: _count(origin)
    finally:
        server.terminate()
        server.wait(10)
        if server.stdout:
            server.stdout.close()


def _count(origin: str) -> int:
    # No proxy: one that the caller's environment names does not know this loopback.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{origin}/count", timeout=30) as reply:
        return int(reply.read())


# -- the contestants


def _ours(quick: bool) -> list[Contestant]:
    if quick:
        return [
            _run("scimproof, one requirement", "--suite", "protocol", "--only", "RFC7644-3.3-7")
        ]
    return [
        _run("scimproof, protocol, one process", "--suite", "protocol"),
        _run("scimproof, protocol, -n 2", "--suite", "protocol", "-n", "2"),
        _run("scimproof, everything, -n 2", "--idp", "all", "-n", "2"),
    ]


def _run(name: str, *options: str) -> Contestant:
    def command(url: str, place: Path) -> list[str | Path]:
        run = ["run", "--url", url, "-q", *options, "--report", str(place / "report")]
        return [sys.executable, "-c", START, *run]

    def count(_said: str, place: Path) -> tuple[int, int]:
        report = json.loads((place / "report" / "report.json").read_text("utf-8"))
        judged = [each for each in report["results"] if each["verdict"] != "skip"]
        return len(judged), len({_check(each) for each in judged})

    return Contestant(name, command, count)


def _check(result: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(result.get(key)) for key in ("requirement", "idp", "dialect"))


def _peers(names: Sequence[str], place: Path) -> list[Contestant]:
    sys.path.insert(0, str(INTEROP))
    from peers import environments  # only here: its folder is no package of ours

    made = []
    for name in names:
        home = place / name
        python = home / "bin" / "python"
        if not python.exists():
            python = environments.install(name, home)
        made.append(_peer(f"{name} {environments.version(name)}", name, python))
    return made


def _peer(title: str, name: str, python: Path) -> Contestant:
    probe = INTEROP / "probes" / f"ask_{name.replace('-', '_')}.py"

    def count(said: str, _place: Path) -> tuple[int, int]:
        told = json.loads(said)
        listed = told["results"] if isinstance(told, dict) else told
        judged = [each for each in listed if each["status"] not in _SKIPS]
        names = {(e.get("title") or e.get("name"), e.get("resource_type")) for e in judged}
        return len(judged), len(names)

    return Contestant(title, lambda url, _: [python, "-I", probe, url], count, ours=False)


# -- the page


def page(found: dict[str, list[Outcome]], ours: set[str]) -> str:
    """Return what the rounds came to, as Markdown."""
    rows = [_row(name, rounds) for name, rounds in found.items()]
    peers = {name: _speed(rounds) for name, rounds in found.items() if name not in ours}
    head = ["", "requests per result", "fewer than 2", *(f"times {each}" for each in peers)]
    head.append("at least 2 times the better")
    goals = [_goals(name, rounds, peers) for name, rounds in found.items() if name in ours]
    table = [f"|{'|'.join(f' {each} ' for each in head)}|", "|---" * len(head) + "|", *goals]
    return "\n".join([_HEAD, *rows, "", _GOALS, "", *table, "", _FOOT])


def _row(name: str, rounds: list[Outcome]) -> str:
    figures = (
        f"{_median(rounds, lambda o: o.seconds):.1f}",
        f"{_median(rounds, lambda o: o.requests):,.0f}",
        f"{_median(rounds, lambda o: o.results):,.0f}",
        f"{_median(rounds, lambda o: o.checks):,.0f}",
        f"{_each(rounds):.2f}",
        f"{_speed(rounds):.0f}",
    )
    return f"| {name} | {' | '.join(figures)} |"


def _goals(name: str, rounds: list[Outcome], peers: dict[str, float]) -> str:
    each, times = _each(rounds), [_speed(rounds) / peer for peer in peers.values()]
    few = "yes" if each < FEWEST else "no"
    fast = "not measured" if not times else "yes" if min(times) >= TWICE else "no"
    return f"| {' | '.join([name, f'{each:.2f}', few, *(f'{t:.1f}' for t in times), fast])} |"


def _median(rounds: list[Outcome], figure: Callable[[Outcome], float]) -> float:
    return statistics.median(map(figure, rounds))


def _each(rounds: list[Outcome]) -> float:
    return _median(rounds, lambda o: o.requests / o.results)


def _speed(rounds: list[Outcome]) -> float:
    return _median(rounds, lambda o: o.results / o.seconds)


_HEAD = "\n".join(
    [
        "# The speed of a run",
        "",
        "Written by `python benchmarks/suite.py`.",
        "Every contestant ran against a reference server of its own, in a process of its own, over "
        "real sockets; in each round all of them took a turn, and the medians are shown.",
        "Requests are counted at the server, deletions at the end included.",
        "A result is a verdict that the contestant gives a line of its own (skips are none); "
        "checks are the distinct names among them (for us requirement, identity provider and "
        "dialect).",
        "Seconds are those of the whole command: start, run, report.",
        "The seconds of one machine say little elsewhere; the ratios within one run count.",
        "",
        "| | seconds | requests | results | checks | requests per result | results per second |",
        "|---|---|---|---|---|---|---|",
    ]
)
_GOALS = (
    "Goals: fewer than 2 requests per result, and twice as many results per second as the better "
    "of the others."
)
_FOOT = "\n".join(
    [
        "A replay cannot do with fewer requests than its identity provider sends: a history is a "
        "talk of dozens of requests and one result.",
        "So the whole run stays above two requests per result; the cases of the protocol, which "
        "are what the others check, stay below.",
        "scim-sanity ends after some thirty results: what is asked of a server in a thousand, and "
        "told of them in a report, costs more for each.",
        "Two workers gain nothing on two cores, of which the server needs one.",
        "",
    ]
)


if __name__ == "__main__":
    sys.exit(main())
