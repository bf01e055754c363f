"""A plugin of pytest with which every name that a run makes up holds a quote and a backslash.

A server may show such names of its own accord, whatever a run has sent.
"""

from __future__ import annotations

from suites.making.people import Registry

_plain = Registry.unique


def _odd(registry: Registry, word: str) -> str:
    return _plain(registry, f'o"neil\\{word}')


def pytest_configure() -> None:
    Registry.unique = _odd  # type: ignore[method-assign]  # for one process, which ends with the run
