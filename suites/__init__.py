"""The cases, the requirement catalogue, the assertion vocabulary, target loading and fixtures.

The four rooms have everyday names. This guard turns a mix-up with somebody else's package of the
same name into one clear sentence instead of a puzzling failure later.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

__all__: list[str] = []

_HOME = Path(__file__).resolve().parent.parent


def _check_siblings() -> None:
    for name in ("reference_server", "idp_profiles", "reports"):
        spec = find_spec(name)
        found = Path(spec.origin).resolve().parent if spec and spec.origin else None
        if found != _HOME / name:
            raise ImportError(
                f"scimproof expected its package {name!r} at {_HOME / name}, but Python finds "
                f"{found or 'nothing'}. Use the command `scimproof run`, which isolates itself, "
                "or install scimproof into an environment of its own."
            )


_check_siblings()
