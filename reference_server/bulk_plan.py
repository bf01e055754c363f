"""The order of bulk operations: the client's, as far as references allow (RFC 7644 section 3.7).

An operation waits for the resources it refers to, and operations on the same resource keep their
order; otherwise the first comes first. Operations that wait for each other form a circle, which
is carried out as one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import TypeAlias

from .bulk_messages import BulkOperation
from .bulk_references import referenced

# Which others each number waits for, or is waited for by.
_Graph: TypeAlias = Mapping[int, Iterable[int]]


def plan(operations: Sequence[BulkOperation]) -> Iterator[tuple[BulkOperation, ...]]:
    """Yield single operations, and circles of creations, in the order to carry them out."""
    waits = _waits(operations)
    followers = _reversed(waits)
    circles = {number: circle for circle in _circles(waits, followers) for number in circle}
    left = {number: others.difference(circles[number]) for number, others in waits.items()}
    open_in = {circle: sum(len(left[number]) for number in circle) for circle in circles.values()}
    ready = sorted(circle for circle, count in open_in.items() if not count)
    while ready:
        circle = heapq.heappop(ready)
        yield tuple(operations[number] for number in circle)
        for number in circle:
            for follower in followers[number]:
                if number in left[follower]:
                    left[follower].discard(number)
                    open_in[circles[follower]] -= 1
                    if not open_in[circles[follower]]:
                        heapq.heappush(ready, circles[follower])


def _waits(operations: Sequence[BulkOperation]) -> dict[int, set[int]]:
    """Return what each operation waits for; one that refers to itself waits for itself."""
    creators = {
        each.bulk_id: each.number
        for each in operations
        if each.method == "POST" and each.bulk_id is not None
    }
    waits: dict[int, set[int]] = {}
    last_on: dict[str, int] = {}
    for each in operations:
        wanted = referenced(each) if each.fault is None else frozenset[str]()
        waits[each.number] = {creators[name] for name in wanted if name in creators}
        if each.method != "POST":
            if each.path in last_on:
                waits[each.number].add(last_on[each.path])
            last_on[each.path] = each.number
    return waits


def _reversed(graph: _Graph) -> dict[int, list[int]]:
    result: dict[int, list[int]] = {number: [] for number in graph}
    for number, others in graph.items():
        for other in others:
            result[other].append(number)
    return result


def _circles(graph: _Graph, turned: _Graph) -> Iterator[tuple[int, ...]]:
    """Yield the sets of operations that all wait for each other; most are of one (Kosaraju)."""
    taken: set[int] = set()
    for number in reversed(list(_finished(graph, graph, set()))):
        circle = sorted(_finished((number,), turned, taken))
        if circle:
            yield tuple(circle)


def _finished(roots: Iterable[int], graph: _Graph, seen: set[int]) -> Iterator[int]:
    """Go through a graph in depth, yielding each number after those behind it.

    Without recursion, since a client may make a chain as long as a request.
    """
    for root in roots:
        path = [] if root in seen else [(root, iter(graph[root]))]
        seen.add(root)
        while path:
            number, others = path[-1]
            fresh = next((other for other in others if other not in seen), None)
            if fresh is None:
                path.pop()
                yield number
            else:
                seen.add(fresh)
                path.append((fresh, iter(graph[fresh])))
