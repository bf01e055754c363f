"""Attributes of extensions: the enterprise one, and those that an admin maps beyond it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from idp_profiles.mapping import Entry
from suites.client import ENTERPRISE_URN
from suites.replay import Replay
from suites.schemas.definitions import Definitions
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

SOURCE = "custom"  # what the attribute is called in the directory


def announced(definitions: Definitions) -> str | None:
    """Return the path of a text in an extension that is the server's own, None without one."""
    kind = definitions.type("User")
    for urn in kind.extensions if kind is not None else ():
        schema = definitions.schema(urn)
        if schema is None or urn.lower() == ENTERPRISE_URN.lower():
            continue
        for each in schema.attributes:
            if each.type == "string" and each.mutability == "readWrite" and not each.multi_valued:
                return each.path
    return None


@contextmanager
def if_announced(enterprise: bool) -> Iterator[None]:
    """Skip where the server does not say that it has the extension, and does not take it."""
    try:
        yield
    except (Blocked, Mismatch) as problem:
        if enterprise:
            raise
        reason = "the server neither announces the enterprise extension nor takes it"
        raise NotOffered(reason) from problem


def extending(entra: Replay, path: str) -> Replay:
    """Return a mock Entra whose admin has mapped one attribute more."""
    entry = Entry(path=path, source=SOURCE)
    mapping = replace(entra.idp.mapping, entries=(*entra.idp.mapping.entries, entry))
    return entra.again(mapping=mapping)
