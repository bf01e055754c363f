"""Clockify as its help page and its public reference describe it, simulated."""

from __future__ import annotations

from reference_server.products.building import Kind

from .create import create
from .deviations import DEVIATIONS

KIND = Kind(create, DEVIATIONS)
