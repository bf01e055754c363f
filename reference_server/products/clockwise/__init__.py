"""Clockwise, simulated: paid seats that follow from who is listed in a directory behind SCIM."""

from __future__ import annotations

from reference_server.products.building import Kind
from reference_server.products.building import Parts
from reference_server.products.product import Product

from . import product
from .deviations import DEVIATIONS
from .deviations import departed

__all__ = ["KIND"]


def _create(parts: Parts) -> Product:
    return product.create(parts, departed(parts.departures))


KIND = Kind(_create, DEVIATIONS)
