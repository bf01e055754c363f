"""The 8 named sequences: what has to be there first, and what Google then does."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Mapping
from typing import TypeAlias

from idp_profiles.model import Script
from idp_profiles.profile import Scenario
from idp_profiles.profile import Stage

from .behaviour import Google
from .names import CATALOGUE
from .steps import TABLE
from .variants import variants_of

Arrange: TypeAlias = Callable[[Google, Stage], Iterator[Script]]
Act: TypeAlias = Callable[[Google, Stage], Script]

_CREATE, _UPDATE, _SUSPEND = "Create users", "Update users", "Deprovisioning: suspend"


def _no_preparation(idp: Google, stage: Stage) -> Iterator[Script]:
    del idp, stage
    yield from ()


def _provisioned(idp: Google, stage: Stage) -> Iterator[Script]:
    yield idp.turn_on(stage.person)


def _unknown(idp: Google, stage: Stage) -> Iterator[Script]:
    """Make an account that Google then knows nothing of."""
    yield idp.turn_on(stage.person)
    idp.forget(stage.person)


def _suspended(idp: Google, stage: Stage) -> Iterator[Script]:
    yield idp.turn_on(stage.person)
    yield idp.turn_off(stage.person)


def _patch_family_name(idp: Google, stage: Stage) -> Script:
    return idp.update_as("patch", stage.person, {"family_name": stage.new_given_name})


_ROWS: tuple[tuple[str, str, str, Arrange, Act], ...] = (
    (
        "probe",
        "Endpoint URL and access token are entered",
        "Set up auto-provisioning",
        _no_preparation,
        lambda idp, stage: idp.test_connection(),
    ),
    (
        "provision-new",
        "The app is turned on for a user who does not exist in it",
        _CREATE,
        _no_preparation,
        lambda idp, stage: idp.turn_on(stage.person),
    ),
    (
        "provision-existing",
        "The app is turned on for a user who exists in it",
        _CREATE,
        _unknown,
        lambda idp, stage: idp.turn_on(stage.person),
    ),
    (
        "update",
        "An attribute changes in Google",
        _UPDATE,
        _provisioned,
        lambda idp, stage: idp.update(stage.person, given_name=stage.new_given_name),
    ),
    (
        "update-patch",
        "An attribute changes in Google, sent as a PATCH",
        _UPDATE,
        _provisioned,
        _patch_family_name,
    ),
    (
        "suspend",
        "The app is turned off for a user, or the user is suspended or deleted in Google",
        _SUSPEND,
        _provisioned,
        lambda idp, stage: idp.turn_off(stage.person),
    ),
    (
        "reactivate",
        "A suspended user is in scope again",
        _SUSPEND,
        _suspended,
        lambda idp, stage: idp.turn_on(stage.person),
    ),
    (
        "delete",
        "A user is deleted where the app's settings offer a deletion",
        "Deprovisioning: delete",
        _provisioned,
        lambda idp, stage: idp.delete_in_idp(stage.person, hard=True),
    ),
)

SCENARIOS: Mapping[str, Scenario[Google]] = {
    key: Scenario(
        id=key,
        title=title,
        feature=feature,
        dialects=(CATALOGUE,),
        steps=TABLE.scenarios[key],
        variants=variants_of(key),
        arrange=arrange,
        act=act,
        people=1,
    )
    for key, title, feature, arrange, act in _ROWS
}
