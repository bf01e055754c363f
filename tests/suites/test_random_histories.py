"""Random histories: whatever happens in between, the server shows what the directory says.

A machine drives a mock IdP that lives with random changes, faults and retries. Where it finds a
difference, hypothesis makes the history as short as it can, and the note that it prints is a
scenario that `python -m suites.idp.histories.replay` plays again.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import Phase
from hypothesis.stateful import run_state_machine_as_test

from suites.idp.histories.habits import NEVER
from suites.idp.histories.habits import every
from suites.idp.histories.replay import main
from suites.idp.histories.scenario import Scenario
from suites.idp.histories.scenario import parse
from suites.verdicts import Mismatch
from tests.sizes import sized
from tests.suites.history_machine import History
from tests.suites.history_machine import hunt
from tests.suites.history_machine import machine

PAIRS = [(idp, dialect) for idp, habits in every().items() for dialect in habits.dialects]
STEPS = sized(15, 50)
HISTORIES = sized(4, 20)
FIGURES = {"steps of random histories": STEPS * HISTORIES * len(PAIRS)}


@pytest.mark.parametrize(("idp", "dialect"), PAIRS)
def test_after_a_random_history_the_server_shows_what_the_directory_says(
    idp: str, dialect: str
) -> None:
    both = hunt(Phase.generate, Phase.shrink, histories=HISTORIES, steps=STEPS)
    run_state_machine_as_test(machine(idp, dialect), settings=both)


# What only a history shows, with the words in which one identity provider's comes out.
FOUND = (
    ("deactivate-drops-memberships", "okta", "oin", "lost"),
    ("recreated-inactive", "entra", "default", "switched off"),
    ("reactivate-restores-first-profile", "jumpcloud", "custom", "expected name.givenName"),
    ("former-name-taken", "google", "catalogue", "left to do"),
    ("recreated-inactive", "onelogin", "provisioner", "switched off"),
    ("ids-reused", "authentik", "default", "left to do"),
    ("group-name-inherits-members", "keycloak", "mitodl", "should not be there"),
    ("former-name-taken", "entra", "flag", "left to do"),
    ("ids-reused", "entra", "default", "expected"),
    ("new-users-indexed-late", "okta", "oin", "lost"),
    ("rename-changes-id", "entra", "default", "expected"),
    ("group-rename-restores-members", "entra", "default", "should not be there"),
    ("deactivate-drops-memberships", "entra", "flag", "lost"),
    ("group-name-inherits-members", "okta", "oin", "should not be there"),
    ("ids-reused", "okta", "aiw", "expected"),
    ("reactivate-restores-first-profile", "entra", "flag", "expected"),
    ("deactivate-drops-memberships", "jumpcloud", "custom", "lost"),
    ("group-name-inherits-members", "jumpcloud", "custom", "should not be there"),
    ("reactivate-restores-first-profile", "google", "catalogue", "expected name.givenName"),
    ("new-users-indexed-late", "google", "catalogue", "lost"),
    ("deactivate-drops-memberships", "onelogin", "provisioner", "lost"),
    ("deleted-name-taken", "onelogin", "provisioner", "left to do"),
    ("former-name-taken", "authentik", "salesforce", "left to do"),
    ("rename-changes-id", "authentik", "aws", "any more"),
    ("recreated-inactive", "keycloak", "mitodl", "switched off"),
    ("deactivate-drops-memberships", "keycloak", "mitodl", "lost"),
)


def test_every_idp_has_what_only_its_histories_find() -> None:
    found = Counter(idp for _, idp, _, _ in FOUND)
    assert {idp for idp, times in found.items() if times >= 2} == {*every()}


@pytest.mark.parametrize(("deviation", "idp", "dialect", "words"), FOUND[: sized(7, len(FOUND))])
def test_a_random_history_shows_what_only_a_history_can(
    deviation: str, idp: str, dialect: str, words: str
) -> None:
    with pytest.raises(Mismatch, match=words):
        run_state_machine_as_test(
            machine(idp, dialect, deviation), settings=hunt(histories=600, steps=30)
        )


@pytest.mark.parametrize(
    ("idp", "dialect", "deviation", "words"),
    [
        ("okta", "oin", "recreated-inactive", "switched off"),
        ("jumpcloud", "custom", "recreated-inactive", "switched off"),
        ("google", "catalogue", "rename-old-name-still-found", "any more"),
        ("keycloak", "mitodl", "deleted-name-taken", "left to do"),
        ("onelogin", "provisioner", "deleted-name-taken", "left to do"),
        ("authentik", "default", "deleted-name-taken", "left to do"),
        ("entra", "flag", "deleted-name-taken", "left to do"),
    ][: sized(3, 7)],
)
def test_a_failing_history_is_made_short_and_can_be_replayed(
    tmp_path: Path, idp: str, dialect: str, deviation: str, words: str
) -> None:
    text = printed(machine(idp, dialect, deviation))
    scenario = parse(text)
    assert len(scenario.steps) <= 12
    file = tmp_path / "history.json"
    file.write_text(text, encoding="utf-8")
    again = CliRunner().invoke(main, [str(file), "--quiet"])
    assert (again.exit_code, words in again.output) == (1, True)
    right = file.with_name("right.json")
    right.write_text(Scenario(scenario.steps).text(), encoding="utf-8")
    for name in able_to_play(scenario):
        fine = CliRunner().invoke(main, [str(right), "--idp", name])
        assert (fine.exit_code, "shows what the directory says" in fine.output) == (0, True)
        assert "POST /Users" in fine.output


def printed(failing: type[History]) -> str:
    """Return the scenario that is printed of the history in which a machine fails."""
    told = hunt(Phase.generate, Phase.shrink, histories=200, steps=8)
    with pytest.raises(Mismatch) as caught:
        run_state_machine_as_test(failing, settings=told)
    notes = "\n".join(caught.value.__notes__)
    return re.findall(r"--- to be replayed:\n(.*?)---", notes, re.DOTALL)[-1]


def able_to_play(scenario: Scenario) -> list[str]:
    """Return the IdPs that get over it when an account is deleted, where one is."""
    vanishing = any(step["do"] == "vanish" for step in scenario.steps)
    return [name for name, one in every().items() if one.lost_account != NEVER or not vanishing]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "this is no scenario"),
        ('{"steps": [{"do": "dance"}]}', "unknown step 'dance'"),
        ('{"steps": []}', "say by --idp"),
        ('{"idp": "okta", "steps": [{"do": "rename", "who": "p1"}]}', "does not fit"),
    ],
)
def test_what_cannot_be_replayed_is_refused_in_a_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "history.json"
    file.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, [str(file)])
    assert (done.exit_code, said in done.output) == (1, True)
