"""Simulated products: what a customer sees of a product whose users come through SCIM.

A product answers all paths of one origin: the SCIM service below `/scim/v2`, the product's own
interface as its documentation describes it, and below `/simulation/v1` what the real product has
in its web application only. Every reply says by a header that it comes from a simulation.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime

from reference_server.messages import Json

from . import clockify
from . import clockwise
from .building import Kind
from .building import build
from .building import chosen
from .product import Product
from .product import ProductDeviation

__all__ = ["Product", "ProductDeviation", "create_product", "product_deviations", "products"]

_KINDS: dict[str, Kind] = {"clockify": clockify.KIND, "clockwise": clockwise.KIND}


def products() -> tuple[str, ...]:
    """Return the names of the products."""
    return tuple(_KINDS)


def product_deviations(name: str) -> tuple[ProductDeviation, ...]:
    """Return the misbehaviours of one product, in alphabetical order."""
    found = chosen(_KINDS, name).deviations
    return tuple(sorted(found, key=lambda each: each.name))


def create_product(
    name: str,
    *,
    deviations: Sequence[str] = (),
    without_tolerances: Sequence[str] = (),
    clock: Callable[[], datetime] | None = None,
    new_id: Callable[[], str] | None = None,
    settings: Mapping[str, Json] | None = None,
) -> Product:
    """Build a product: as documented, or with named deviations from that.

    Deviations of the product and of the protocol may be mixed. The settings are the product's own;
    its `Settings` say which there are.
    """
    return build(
        chosen(_KINDS, name),
        deviations=deviations,
        without_tolerances=without_tolerances,
        clock=clock,
        new_id=new_id,
        settings=settings or {},
    )
