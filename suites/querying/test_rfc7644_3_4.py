"""RFC 7644 section 3.4: which attributes a resource that is read has."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.making.world import World
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.verbs import Scim
from suites.verdicts import NotOffered

# What a value of a multi-valued attribute may have without being defined (RFC 7643 section 2.4).
COMMON = frozenset({"type", "primary", "display", "value", "$ref"})


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        pytest.param("User", "ada", id="user"),
        pytest.param("Group", "crew", id="group"),
    ],
)
@requirement("RFC7644-3.4-2", proof=("attributes-beyond-schema",))
def test_what_is_shown_is_defined(
    kind: str, key: str, scim: Scim, world: World, definitions: Definitions
) -> None:
    """A resource that is read has no attribute that the published schemas do not define."""
    if not definitions.known or not definitions.every(kind):
        raise NotOffered(f"the server publishes no schema of {kind}")
    reply = scim.get(world[key])

    def strange() -> list[str]:
        unknown = definitions.shape(kind).unknown(reply.object())
        return [each for each in unknown if not _is_known(each, definitions)]

    expect(reply).status(200).holds(
        lambda: not strange(), "defined attributes", lambda: f"{', '.join(strange())} beside them"
    )


def _is_known(name: str, definitions: Definitions) -> bool:
    """Return whether a name is known though no attribute of the type has it.

    Which extensions a type has is judged with the resource types.
    """
    return name.rpartition(".")[2].lower() in COMMON or definitions.schema(name) is not None
