"""How a product is put together: its kind, its parts, and the names of what goes wrong in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from datetime import UTC
from datetime import datetime
from difflib import get_close_matches

from reference_server.messages import Json
from reference_server.tolerances import Tolerances

from .product import Product
from .product import ProductDeviation


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What every product is built from; `departures` names its own deviations."""

    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    departures: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    without_tolerances: tuple[str, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One product that there is to build."""

    create: Callable[[Parts], Product]
    deviations: Sequence[ProductDeviation]


def chosen(kinds: Mapping[str, Kind], name: str) -> Kind:
    """Return a product by its name, or raise ValueError with the names that there are."""
    if name not in kinds:
        raise ValueError(f"there is no product {name!r}; known: {', '.join(kinds)}")
    return kinds[name]


def build(
    kind: Kind,
    *,
    deviations: Sequence[str],
    without_tolerances: Sequence[str],
    clock: Callable[[], datetime] | None,
    new_id: Callable[[], str] | None,
    settings: Mapping[str, Json],
) -> Product:
    """Build a product, or raise ValueError for a name or a setting that there is not."""
    Tolerances.without(without_tolerances)
    departures, others = _sorted_names(kind.deviations, tuple(dict.fromkeys(deviations)))
    return kind.create(
        Parts(
            clock=clock or _utc_now,
            new_id=new_id or object_id,
            departures=departures,
            deviations=others,
            without_tolerances=tuple(without_tolerances),
            settings=settings,
        )
    )


def _sorted_names(
    own: Sequence[ProductDeviation], names: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tell the product's own deviations from those of the protocol."""
    known = {each.name for each in own}
    if known.issuperset(names):
        return tuple(names), ()
    # Imported when asked for: a server without deviations of the protocol does not load them.
    from reference_server import deviations as protocol

    others = protocol.names()
    for name in names:
        if name not in known and name not in others:
            close = get_close_matches(name, sorted({*known, *others}), n=4, cutoff=0.5)
            shown = ", ".join(close) if close else "none"
            raise ValueError(f"unknown deviation {name!r}; close names: {shown}")
    departures = tuple(name for name in names if name in known)
    return departures, tuple(name for name in names if name not in known)


def object_id() -> str:
    """Return a random identifier of 24 hex digits, as document databases make them."""
    return os.urandom(12).hex()


def _utc_now() -> datetime:
    return datetime.now(UTC)
