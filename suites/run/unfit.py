"""Suites that were asked for and have no case beside the identity providers that were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

import idp_profiles
from suites.target.model import TargetError

from . import selection

# No identity provider relies on what these check.
_OF_NOBODY = ("security", "consistency")


def check(suites: Sequence[str], idps: Sequence[str]) -> None:
    """Raise TargetError where no case of any suite fits the identity providers."""
    if suites and all(each in _OF_NOBODY for each in suites):
        for sentence in remarks(suites, idps):
            raise TargetError(sentence)


def remarks(suites: Sequence[str], idps: Sequence[str]) -> list[str]:
    """Return what was asked for and selects nothing, a sentence each."""
    if not idps or "all" in idps or not suites:
        return []
    asked, titles = _options(idps), _titles(idps)
    lost = [each for each in dict.fromkeys(suites) if each in _OF_NOBODY]
    rely = "relies" if len(set(idps)) == 1 else "rely"
    said = [
        f"{asked} brings the protocol cases that {titles} {rely} on; {name} cases run with "
        "--idp all or without --idp"
        for name in lost
    ]
    if "idp" not in suites and selection.PRODUCT not in suites and len(lost) < len(set(suites)):
        said.append(f"--suite leaves out the suite idp, where the cases of {titles} are")
    return said


def _options(idps: Sequence[str]) -> str:
    return " ".join(f"--idp {name}" for name in dict.fromkeys(idps))


def _titles(idps: Sequence[str]) -> str:
    known = [idp_profiles.load(name).title for name in dict.fromkeys(idps)]
    return " and ".join(known)


class Teller:
    """Says at the end of a run what selected nothing."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._sentences = sentences

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: Any) -> None:  # noqa: ANN401 - pytest's own class
        """Print a line for each."""
        for each in self._sentences:
            terminalreporter.write_line(f"scimproof: {each}.")


def watch(config: pytest.Config) -> None:
    """Have it said, by the process that speaks for the run."""
    option = config.option
    said = remarks(option.scim_suite, option.idp)
    if said and not hasattr(config, "workerinput") and not option.collectonly:
        config.pluginmanager.register(Teller(said))
