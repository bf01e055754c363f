"""Seeds: the resources that schema files want to exist from the start."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable

from .commands import Commands
from .commands import seed_identifier
from .errors import ScimError
from .messages import Json
from .registry import Seed
from .schema_documents import SchemaFileError


def plant(seeds: Iterable[Seed], commands: Commands) -> None:
    """Create the resources that were never created before.

    A store that outlives the process remembers them: what a client has changed or deleted since
    then stays so when the server starts again.
    """
    counts: Counter[str] = Counter()
    with commands.store.exclusive():
        for seed in seeds:
            mark = _mark(seed)
            counts[mark] += 1  # two that are alike are two
            if commands.store.remember(f"{mark} {counts[mark]}"):
                _plant_one(seed, commands)


def _mark(seed: Seed) -> str:
    words = json.dumps([seed.resource_type.name, seed.body], sort_keys=True)
    return f"seed {hashlib.sha256(words.encode()).hexdigest()}"


def _plant_one(seed: Seed, commands: Commands) -> None:
    body: dict[str, Json] = {"schemas": [seed.resource_type.core.id], **seed.body}
    try:
        commands.create(seed.resource_type, body, seed_identifier(body))
    except ScimError as fault:
        raise SchemaFileError(f"{seed.where}: {fault.detail}") from fault
