"""Which cases a run would have: collected with its options, and not run."""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from suites.run.selection import record_of
from suites.target.model import Target
from suites.target.model import TargetError

from .measuring import place_of

HOME = Path(__file__).resolve().parents[1]
_FLAGS = ("large",)
_SEVERAL = ("idp", "suite", "only", "dialect")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One case that would run; `needs` are the optional features without which it has no object."""

    place: str
    requirement: str
    suite: str
    idp: str | None
    dialect: str | None
    needs: tuple[str, ...] = ()


class _Collector:
    """Takes what is left once everything that is not asked for was taken away."""

    def __init__(self) -> None:
        self.cases: list[Chosen] = []

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep what each case says about itself."""
        self.cases = [case for item in session.items if (case := _chosen(item)) is not None]


def _chosen(item: pytest.Item) -> Chosen | None:
    record = record_of(item)
    if record is None:
        return None
    requirement = record.requirement
    return Chosen(
        place=place_of(item.nodeid),
        requirement=requirement.id,
        suite=record.suite,
        idp=requirement.idp or record.provider,
        dialect=record.dialect,
        needs=record.needs,
    )


def options_of(asked: dict[str, Sequence[str] | bool]) -> list[str]:
    """Return the words of a run for what was asked of the command."""
    prefix = {name: "--idp" if name == "idp" else f"--scim-{name}" for name in _SEVERAL}
    words = [
        word
        for name in _SEVERAL
        for value in listed(asked.get(name))
        for word in (prefix[name], value)
    ]
    return words + [f"--scim-{name}" for name in _FLAGS if asked.get(name)]


def listed(value: Sequence[str] | bool | None) -> Sequence[str]:
    """Return the values of an option, none for a flag."""
    return () if value is None or isinstance(value, bool) else value


def choose(target: Target, words: Sequence[str]) -> tuple[Chosen, ...]:
    """Return the cases of a run on a target with these options; raises TargetError for a wrong one.

    Nothing is sent, and no report folder is made.
    """
    collector, complaints = _Collector(), io.StringIO()
    place = ["-c", str(HOME / "isolated.ini"), f"--rootdir={HOME.parent}", f"--confcutdir={HOME}"]
    quiet = ["-p", "scimproof", "-p", "no:cacheprovider", "--collect-only", "-qq"]
    product = ["--scim-product", target.product.name] if target.product else []
    named = ["--scim-url", target.url, *product, *words]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(complaints):
        status = pytest.main([*place, *quiet, *named, str(HOME)], plugins=[collector])
    if status == pytest.ExitCode.USAGE_ERROR:
        raise TargetError(_complaint(complaints.getvalue()))
    if status == pytest.ExitCode.NO_TESTS_COLLECTED:
        raise TargetError("no case fits these options together")
    if status != pytest.ExitCode.OK:
        raise RuntimeError(f"the cases cannot be collected (pytest status {int(status)})")
    return tuple(collector.cases)


def _complaint(said: str) -> str:
    line = next((line for line in said.splitlines() if line.strip()), "the options do not fit")
    return line.removeprefix("ERROR: ").removeprefix("scimproof: ").replace("--scim-", "--")


def counted(cases: Iterable[Chosen]) -> list[tuple[str, int]]:
    """Return how many cases there are of each suite, of IdPs by name and dialect."""
    names = Counter(_group(case) for case in cases)
    return sorted(names.items(), key=lambda pair: (pair[0].startswith("idp"), pair[0]))


def _group(case: Chosen) -> str:
    parts = (case.suite, case.idp, case.dialect) if case.idp else (case.suite,)
    return " ".join(part for part in parts if part)
