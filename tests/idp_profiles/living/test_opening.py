"""An office is opened for every IdP that lives, and a setting that does not fit is named."""

from __future__ import annotations

import pytest

from idp_profiles import PROFILES
from idp_profiles.living.opening import engine_settings
from idp_profiles.living.opening import has_engine
from idp_profiles.living.opening import open_office
from idp_profiles.model import Credential
from idp_profiles.model import Reply

LIVING = [name for name in PROFILES if has_engine(name)]
TOKEN = Credential("bearer", "token-of-nobody")


@pytest.mark.parametrize("name", LIVING)
def test_an_office_is_opened_with_an_empty_directory(name: str) -> None:
    office = open_office(name, send=lambda _: Reply(500), credential=TOKEN)
    assert (office.engine.name, office.directory.people, office.exchanges) == (name, (), ())


def test_settings_reach_engine_and_profile() -> None:
    office = open_office(
        "entra",
        send=lambda _: Reply(500),
        credential=TOKEN,
        dialect="flag",
        scope="all",
        threshold=5,
        app_name="Shop",
    )
    assert (office.engine.scope, office.engine.threshold) == ("all", 5)  # type: ignore[attr-defined] # a Job's


def test_the_settings_of_an_engine_are_known_with_their_defaults() -> None:
    assert dict(engine_settings("entra")) == {"scope": "assigned", "threshold": None}


@pytest.mark.parametrize("name", LIVING)
def test_what_every_profile_has_is_no_setting_of_an_engine(name: str) -> None:
    common = {"switches", "toggles", "mapping", "auth_mode", "app_name", "seed"}
    assert not common & set(engine_settings(name))


def test_an_unknown_setting_is_named() -> None:
    with pytest.raises(ValueError, match="no setting 'scoop'; known: scope, threshold"):
        open_office("entra", send=lambda _: Reply(500), credential=TOKEN, scoop="all")


def test_a_wrong_value_is_named() -> None:
    with pytest.raises(ValueError, match="'everybody'"):
        open_office("entra", send=lambda _: Reply(500), credential=TOKEN, scope="everybody")


def test_an_unknown_name_is_named() -> None:
    with pytest.raises(ValueError, match="did you mean 'entra'"):
        open_office("entre", send=lambda _: Reply(500), credential=TOKEN)


def test_a_profile_without_an_engine_does_not_live(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("idp_profiles.living.opening.find_spec", lambda _: None)
    with pytest.raises(ValueError, match="Okta has no living form"):
        open_office("okta", send=lambda _: Reply(500), credential=TOKEN)
