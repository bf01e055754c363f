"""RFC 7644 section 3.5: which ways there are to change a resource."""

from __future__ import annotations

from suites.bench import Discovery
from suites.expect import expect
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement


@requirement("RFC7644-3.5-2", needs=(), proof=("patch-refused-501+config-denies-patch",))
def test_patch_is_there(features: Capabilities, discovery: Discovery) -> None:
    """The server has PATCH, as it announces or without saying so."""
    expect(discovery.config).holds(
        lambda: features.has("patch"), "PATCH", lambda: "no PATCH, as announced or as tried"
    )
