"""What becomes of an account whose creation was not heard of, once its person has another name.

No identity provider here knows the id then: it looks for the present name, as its sheet says, or
creates, and finds by a 409 whom it meets. So the account of the former name stays in the app,
active, and nobody's. That is the real identity providers' gap, not one of the engines: a history
that renames before the account is known must accept it.
"""

from __future__ import annotations

import pytest

from tests.idp_profiles.living.office import Office

IDPS = ("authentik", "entra", "google", "jumpcloud", "keycloak", "okta", "onelogin")


@pytest.fixture(params=IDPS)
def lost(request: pytest.FixtureRequest) -> Office:
    """An office where the reply to somebody's creation was lost."""
    office = Office(request.param)
    office.hire("ada")
    office.line.after_the_server = True
    office.line.fault = lambda each: "the line broke" if each.method == "POST" else None
    turn = office.engine.turn()
    if not turn.exchanges:  # one that sends nothing before its next sync
        turn = office.engine.retry()
    assert not turn.in_step
    assert office.users() == {"ada": True}
    office.line.fault, office.line.after_the_server = None, False
    return office


def test_the_account_is_found_under_the_same_name(lost: Office) -> None:
    settled = lost.engine.settle().in_step
    assert lost.users() == {"ada": True}
    # Keycloak looks nobody up: it is refused for ever.
    assert settled is (lost.name != "keycloak")


def test_the_account_of_a_former_name_is_left(lost: Office) -> None:
    (ada,) = lost.directory.people
    lost.directory.change(ada.idp_id, user_name="eva@example.com", email="eva@example.com")
    assert lost.engine.settle().in_step
    assert lost.users() == {"ada": True, "eva": True}
