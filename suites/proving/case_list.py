"""Every case with its requirement and its proof, found by collecting with pytest."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from suites.requirements import MARK
from suites.requirements import by_id
from suites.run.selection import PROVIDER
from suites.run.selection import deviations_of

HOME = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Case:
    """One collected case; `name` is its node id below the room."""

    name: str
    requirement: str
    title: str
    dialect: str | None
    proof: tuple[str, ...]
    large: bool
    provider: str | None = None  # the IdP with which the promise of a product is tried


class _Collector:
    """Takes the items out of a collection that runs nothing."""

    def __init__(self) -> None:
        self.cases: list[Case] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what a case says about itself."""
        self.cases = [case for item in items if (case := _case(item)) is not None]


def all_cases() -> list[Case]:
    """Return every case of this room, large ones included."""
    collector = _Collector()
    place = ["-c", str(HOME / "isolated.ini"), f"--rootdir={HOME.parent}", f"--confcutdir={HOME}"]
    quiet = ["-p", "scimproof", "-p", "no:terminal", "--collect-only", "--scim-large"]
    quiet += ["-p", "no:randomly", "-p", "no:random_order"]  # the order of the files is kept
    with contextlib.redirect_stdout(io.StringIO()):
        status = pytest.main([*place, *quiet, str(HOME)], plugins=[collector])
    if status != pytest.ExitCode.OK:
        raise RuntimeError(f"the cases cannot be collected (pytest status {int(status)})")
    return collector.cases


def area_of(name: str) -> str:
    """Return the part of the suites that a case belongs to: its folder, and whose it is."""
    first, second = name.split("/")[:2]
    return f"{first}/{second}" if first in ("idp", "products") else first


def _case(item: pytest.Item) -> Case | None:
    marker = item.get_closest_marker(MARK)
    if marker is None:
        return None
    params = item.callspec.params if hasattr(item, "callspec") else {}
    dialect, provider = params.get("dialect"), params.get(PROVIDER)
    documentation = (getattr(item, "function", None).__doc__ or "").strip()
    several = len(by_id(marker.args[0]).dialects) > 1
    shared_traffic = marker.kwargs["dialects"] == () and several
    return Case(
        name=item.nodeid.removeprefix("suites/"),
        requirement=marker.args[0],
        title=documentation.splitlines()[0],
        dialect=None if shared_traffic else dialect,
        proof=deviations_of(marker.kwargs["proof"], provider or dialect),
        large=item.get_closest_marker("scim_large") is not None,
        provider=provider,
    )
