"""Measures the reference server beside two others and the bare `http.server`.

Writes the requests per second and the times of each operation to `RESULTS.md`, with the goals that
are met and missed. `--quick` measures the reference server and the floor for a moment, which shows
that everything works and nothing else.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from findings import FLOOR
from findings import LARGE
from findings import MANY_MEMBERS
from findings import SMALL
from findings import Comparison
from findings import Findings
from findings import Result
from load import Load
from load import LoadError
from report import markdown
from subjects import MissingError
from subjects import Running
from subjects import Subject
from subjects import fill
from subjects import floor
from subjects import grow
from subjects import ours
from subjects import running
from subjects import scim2_server
from subjects import scimmy
from subjects import with_groups
from workloads import FILTER
from workloads import JOIN
from workloads import JOINED
from workloads import MEMBERS
from workloads import OK
from workloads import OPERATIONS
from workloads import Content
from workloads import Operation
from workloads import first_members

PEERS: dict[str, Callable[[Path], Subject]] = {"scim2-server": scim2_server, "SCIMMY": scimmy}
RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
_PROBE_SECONDS = 0.3
_TURNS = 7


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, and write the report."""
    options = _options(argv)
    findings = Findings(tuple(options.sizes), tuple(options.connections), options.seconds)
    with tempfile.TemporaryDirectory() as folder:
        peers = _peers(options.peers, options.cache or Path(folder), findings)
        for size in findings.sizes:
            _measure_ours(findings, size)
            for peer in peers:
                _measure_peer(findings, peer, size, options.fill_seconds)
    if LARGE in findings.sizes:
        _compare(findings)
    text = markdown(findings)
    _say(text)
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the reference server beside others.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[SMALL, 10_000, LARGE])
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measure (%(default)s)")
    parser.add_argument(
        "--fill-seconds",
        type=float,
        default=240.0,
        help="a peer that needs longer for its users is left out (%(default)s)",
    )
    parser.add_argument("--peers", nargs="*", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--cache", type=Path, help="keep the peers here (a temporary folder)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="(%(default)s)")
    parser.add_argument("--quick", action="store_true", help="a moment only, and no peers")
    options = parser.parse_args(argv)
    if options.quick:
        options.sizes, options.seconds, options.peers = [200], 0.1, []
        options.out = None if options.out == RESULTS else options.out
    return options


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _peers(names: Sequence[str], cache: Path, findings: Findings) -> list[Subject]:
    found = []
    for name in names:
        try:
            found.append(PEERS[name](cache))
        except MissingError as fault:
            for size in findings.sizes:
                findings.missing[name, size] = str(fault)
        else:
            findings.peers.append(name)
    return found


def _measure_ours(findings: Findings, size: int) -> None:
    with running(ours()) as server, running(floor()) as bare:
        floors = [_floors(findings, bare)]
        _measure(findings, server, size, 3600)
        floors.append(_floors(findings, bare))
    for connections in findings.connections:
        # The better of both: a floor that the machine was too busy for would flatter us.
        results = [each[connections] for each in floors]
        best = max(results, key=lambda each: each.measure.rate)
        findings.results[FLOOR, size, connections, FLOOR] = best


def _floors(findings: Findings, bare: Running) -> dict[int, Result]:
    requests = itertools.repeat(bare.wire.request("GET", "/"))
    return {
        connections: _measured(bare, requests, OK, connections, findings.seconds)
        for connections in findings.connections
    }


def _measure_peer(findings: Findings, peer: Subject, size: int, seconds: float) -> None:
    try:
        with running(peer) as server:
            _measure(findings, server, size, seconds)
    except MissingError as fault:
        findings.missing[peer.name, size] = str(fault)
        _say(f"{peer.name}, {size:,} users: {fault}")


def _measure(findings: Findings, server: Running, size: int, fill_seconds: float) -> None:
    name = server.subject.name
    before = server.memory()
    content = fill(server, size, fill_seconds)
    if size >= LARGE:
        findings.memory[name, size] = (server.memory() - before) / size / 1024
    for operation in OPERATIONS:
        if operation is JOIN:
            content = with_groups(server, content, JOINED)
        requests = operation.requests(server.wire, content)
        for connections in findings.connections:
            try:
                result = _measured(
                    server, requests, operation.expected, connections, findings.seconds
                )
            except LoadError as fault:
                _say(f"{name}, {operation.name}: {fault}")
                continue
            findings.results[name, size, connections, operation.name] = result
            _say(_line(name, size, connections, operation, result))


def _line(name: str, size: int, connections: int, operation: Operation, result: Result) -> str:
    measured = f"{result.measure.rate:,.0f}/s, {result.cpu * 1e6:,.0f} µs"
    return f"{name}, {size:,} users, {connections} connections: {operation.name} {measured}"


def _measured(
    server: Running,
    requests: Iterator[bytes],
    expected: tuple[bytes, ...],
    connections: int,
    seconds: float,
) -> Result:
    """Find out roughly how many requests will go, write that many, then send them: twice.

    The better measure counts, for every server: what else the machine does can only slow it down.
    """
    load = Load(server.port, connections)
    try:
        rough = load.measure(requests, expected, min(_PROBE_SECONDS, seconds))
        number = int(rough.rate * seconds * 2) + 100
        found = [_once(server, load, requests, expected, number, seconds) for _ in range(2)]
    finally:
        load.close()
    return max(found, key=lambda each: each.measure.rate)


def _once(
    server: Running,
    load: Load,
    requests: Iterator[bytes],
    expected: tuple[bytes, ...],
    number: int,
    seconds: float,
) -> Result:
    ready = list(itertools.islice(requests, number))
    started = server.cpu_seconds()
    measure = load.measure(iter(ready), expected, seconds)
    return Result(measure, (server.cpu_seconds() - started) / measure.sent)


def _compare(findings: Findings) -> None:
    """Compare much with little: in turns, so that a busy moment of the machine meets both."""
    with ExitStack() as stack:
        small = stack.enter_context(running(ours()))
        large = stack.enter_context(running(ours()))
        little, much = (
            fill(server, size, 3600, groups=False)
            for server, size in ((small, SMALL), (large, LARGE))
        )
        findings.filter_by_size = _in_turns((small, little), (large, much), FILTER, findings)
        few = with_groups(large, much, JOINED)
        (chosen,) = set(with_groups(large, few, JOINED + 1).groups) - set(few.groups)
        outside = sorted(set(much.users) - set(first_members(much.users, JOINED)))
        grow(large, chosen, outside[: MANY_MEMBERS - MEMBERS])
        one = replace(much, joining=((chosen, each) for each in outside[MANY_MEMBERS:]))
        findings.join_by_members = _in_turns((large, few), (large, one), JOIN, findings)


def _in_turns(
    little: tuple[Running, Content],
    much: tuple[Running, Content],
    operation: Operation,
    findings: Findings,
) -> Comparison:
    times: tuple[list[float], list[float]] = ([], [])
    streams = [operation.requests(server.wire, content) for server, content in (little, much)]
    for _ in range(_TURNS):
        for (server, _), stream, found in zip((little, much), streams, times, strict=True):
            load = Load(server.port, 1)
            ready = list(itertools.islice(stream, 3000))
            found.append(load.measure(iter(ready), operation.expected, findings.seconds / 4).p50)
            load.close()
    return Comparison(statistics.median(times[0]), statistics.median(times[1]))


if __name__ == "__main__":
    sys.exit(main())
