"""The sources of a profile, read from the `sources.json` in its package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType

from .model import Certainty
from .model import Source


def sources_of(package: str) -> Mapping[str, Source]:
    """Return the sources that a profile's package lists, by their keys."""
    text = files(package).joinpath("sources.json").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            key: Source(key, row["title"], Certainty(row["kind"]), row["where"])
            for key, row in json.loads(text).items()
        }
    )
