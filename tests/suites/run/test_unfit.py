from __future__ import annotations

import pytest

from suites.run.unfit import check
from suites.run.unfit import remarks
from suites.target.model import TargetError

SECURITY = (
    "--idp okta brings the protocol cases that Okta relies on; security cases run with --idp all "
    "or without --idp"
)
OWN = "--suite leaves out the suite idp, where the cases of Okta are"


@pytest.mark.parametrize(
    ("suites", "idps", "wanted"),
    [
        ((), ("okta",), []),
        (("security",), (), []),
        (("protocol", "security"), ("all",), []),
        (("protocol", "security"), ("okta",), [SECURITY, OWN]),
        (("idp", "security"), ("okta",), [SECURITY]),
        (("protocol", "idp"), ("okta",), []),
        (("product",), ("okta",), []),
    ],
)
def test_what_selects_nothing_is_told(
    suites: tuple[str, ...], idps: tuple[str, ...], wanted: list[str]
) -> None:
    assert remarks(suites, idps) == wanted
    check(suites, idps)


def test_suites_of_which_none_selects_a_case_are_refused() -> None:
    with pytest.raises(TargetError, match="consistency cases run with --idp all"):
        check(("consistency", "security"), ("okta", "entra"))
