"""The second organisation of an application: whose it is, and where it is the IdP's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from suites.idp.histories import trouble
from suites.idp.histories.embedded_office import embedded_office
from suites.idp.histories.habits import every
from suites.idp.histories.neighbours import second_office

PAIRS = [(idp, dialect) for idp, habits in every().items() for dialect in habits.dialects]


@pytest.mark.parametrize(("idp", "dialect"), PAIRS)
def test_the_other_organisation_is_another_idps(idp: str, dialect: str) -> None:
    with embedded_office(idp, dialect) as here:
        other, key = second_office(here)
        assert other.setup.profile.name == here.habits.neighbour != idp
        assert other.account(key) is not None
        assert here.site.log.notes == []
        other.check()


@pytest.mark.parametrize("alone", ["active-text-refused", "patch-replace-ignored"])
def test_a_neighbour_that_fails_by_itself_is_no_reason_to_blame_the_idp(alone: str) -> None:
    with embedded_office("okta", "aiw", (alone,)) as here:
        trouble.share_the_application(here)
        assert "Entra ID does not work here by itself" in " ".join(here.site.log.notes)


def test_without_a_credential_for_the_neighbour_the_other_organisation_is_the_idps_own() -> None:
    with embedded_office("okta", "oin") as here:
        server = here.site.connection
        (basic,) = (each for each in server.target.also_accepts if each.kind == "basic")
        server._target = replace(server.target, credential=basic, also_accepts=())
        here.setup = replace(here.setup, credential=basic)
        assert second_office(here)[0].setup.profile.name == "okta"
