"""A job that maps few attributes: then nothing but what a case is about goes out."""

from __future__ import annotations

from dataclasses import replace

from suites.replay import Replay


def mapping_only(entra: Replay, *paths: str) -> Replay:
    """Return a fresh mock Entra on the same case whose job maps these attributes alone.

    An update that Entra sends names everything that differs: with its whole mapping a server
    would be judged also by the attributes that it does not keep.
    """
    mapping = entra.idp.mapping
    kept = tuple(entry for entry in mapping.entries if entry.path in paths)
    return entra.again(mapping=replace(mapping, entries=kept))
