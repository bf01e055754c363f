"""A pytest plugin: of the proofs it runs a share, and of each case one alone, or all in the soak.

`PROOFS_SHARE` says which share: `2/4` is the third of four.
"""

from __future__ import annotations

import os
import zlib
from itertools import groupby

import pytest

from tests.sizes import sized


def _case(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _chosen(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return one proof of each case, not always the first: what a name comes to decides."""
    found = []
    for name, each in groupby(items, key=_case):
        proofs = [*each]
        found.append(proofs[zlib.crc32(name.encode()) % len(proofs)])
    return found


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what is wanted."""
    share, shares = map(int, os.environ["PROOFS_SHARE"].split("/"))
    wanted = _chosen(sorted(items, key=_case)) if sized(1, 0) else [*items]
    kept = set(wanted[share::shares])
    config.hook.pytest_deselected(items=[each for each in items if each not in kept])
    items[:] = [each for each in items if each in kept]
