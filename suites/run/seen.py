"""Which cases there are and which of them a run has judged: what it may claim about the rest.

A run is narrowed in many ways: by our options, by pytest's, by paths, by Ctrl-C. Collecting notes
every case before anything is left out, in each worker of xdist, so that the end of the run can tell
what it did not look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reports import Result
from reports import Verdict
from suites.target.model import Target

from . import selection
from .state import Options

HOME = Path(__file__).resolve().parents[1]
NAME = "scimproof-cases"
_OUTPUT = "scimproof-cases"
# Options of pytest by which cases are left out before or after they were collected.
_NARROWING = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "stepwise")


@dataclass(frozen=True, slots=True)
class Case:
    """One case that pytest found, by its node id, and where it holds."""

    id: str
    requirement: str
    idp: str | None
    dialect: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a run has looked at: its results among all the cases that were found."""

    results: tuple[Result, ...]
    cases: tuple[Case, ...]
    options: Options
    is_narrowed: bool  # by paths, by pytest's own options, or because it ended early

    def all_pass(self, cases: Sequence[Case]) -> bool:
        """Tell whether there are such cases and each of them was judged and passed."""
        verdicts = {result.case: result.verdict for result in self.results}
        return bool(cases) and all(verdicts.get(case.id) is Verdict.PASS for case in cases)

    def speaks(self, dialect: str | None) -> bool:
        """Tell whether a dialect ran, or for None that none was left out."""
        return not self.options.dialects or dialect in self.options.dialects

    def is_whole_for(self, idp: str | None) -> bool:
        """Tell whether our options left out nothing about an IdP, or for None about any."""
        options = self.options
        if options.suites or options.only or options.dialects:
            return False
        return not options.idps or options.every_idp or idp in options.idps


class Finder:
    """Notes every case as it is collected; with xdist the workers tell the controller."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._cases: dict[str, Case] = {}

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every case that was found."""
        return tuple(self._cases.values())

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Note a case before anybody leaves it out."""
        record = selection.record_of(item)
        if record is not None:
            idp = record.requirement.idp or record.provider
            found = Case(item.nodeid, record.requirement.id, idp, record.dialect)
            self._cases[found.id] = found

    def pytest_sessionfinish(self) -> None:
        """Tell the controller, in a worker."""
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            found = [[each.id, each.requirement, each.idp, each.dialect] for each in self.cases]
            output[_OUTPUT] = found

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ANN401 - xdist's own class
        """Take over what a worker found."""
        for found in getattr(node, "workeroutput", {}).get(_OUTPUT, ()):
            self._cases[found[0]] = Case(*found)


def watch(config: pytest.Config, target: Target | None, options: Options) -> None:
    """Note the cases that are found, where the end of the run needs to know all of them."""
    if target is not None and target.waivers:
        config.pluginmanager.register(Finder(config), NAME)
    else:
        config.pluginmanager.register(selection.Folders(options))


def seen(
    config: pytest.Config, options: Options, results: Sequence[Result], *, early: bool
) -> Seen:
    """Return what a run that is over has looked at."""
    finder = config.pluginmanager.get_plugin(NAME)
    return Seen(
        results=tuple(results),
        cases=finder.cases if finder is not None else (),
        options=options,
        is_narrowed=early or finder is None or _is_narrowed(config),
    )


def _is_narrowed(config: pytest.Config) -> bool:
    option = config.option
    if any(getattr(option, name, None) for name in _NARROWING):
        return True
    return not any(_is_whole(each, packages=option.pyargs) for each in config.args)


def _is_whole(argument: str, *, packages: bool) -> bool:
    """Tell whether a path, or with --pyargs a package, holds all cases."""
    return (packages and argument == HOME.name) or HOME.is_relative_to(Path(argument).resolve())
