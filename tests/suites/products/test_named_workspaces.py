"""A workspace that the user names: what a run does there, what it leaves, and when it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FEW = ("--only", "CLK-USER-1", "--only", "CLK-GROUP-1", "--only", "CLK-LOCK-4")
BY_HAND = ("--only", "CLK-ENABLE-3", "--only", "CLK-LOCK-2", "--only", "CLK-USER-5")

# A command, a served product, and what came of a run, as the fixtures give them.
Fixture = Any


def run(
    command: Fixture, served: Fixture, folder: Path, *options: str, key: str, **product: str
) -> Any:  # noqa: ANN401 - a Done
    file = served.target_file(folder, **product)
    variables = {"SCIM_TOKEN": served.token or "none-yet", "PRODUCT_KEY": key}
    return command.run("--target", file, *options, **variables)


def verdicts(done: Fixture) -> Counter[str]:
    return Counter(each["verdict"] for each in done.report["results"])


def reasons(done: Fixture) -> set[str]:
    return {each["actual"] for each in done.report["results"] if each["verdict"] == "skip"}


@dataclass(frozen=True)
class Tried:
    """A run on a served simulation: what was there before, and what came of it."""

    served: Fixture
    before: tuple[set[str], set[str]]
    done: Fixture
    directory: Path


@pytest.fixture(scope="module")
def tried(
    command_in: Callable[[Path], Fixture],
    serve: Callable[..., Fixture],
    tmp_path_factory: pytest.TempPathFactory,
    owner_key: str,
) -> Tried:
    folder, served = tmp_path_factory.mktemp("tried"), serve()
    before, command = (served.emails(), served.groups()), command_in(folder)
    done = run(command, served, folder, *FEW, "--only", "CLK-LOCK-1", key=owner_key)
    return Tried(served, before, done, command.directory)


def test_a_run_leaves_the_workspace_as_it_was(tried: Tried) -> None:
    assert tried.done.status == 0, tried.done.said
    assert verdicts(tried.done)["pass"] > 10
    assert (tried.served.emails(), tried.served.groups()) == tried.before
    assert tried.done.report["created"] > 10
    assert tried.done.report["left_behind"] == []


def test_no_secret_reaches_a_file(tried: Tried) -> None:
    keys = {tried.served.token, *tried.served.product.keys.values()}
    texts = [tried.done.said, *(each.read_text("utf-8") for each in tried.directory.iterdir())]
    assert [text[:80] for text in texts if any(key in text for key in keys)] == []
    # The key of a provisioned user was handed out during the run.
    assert any("/key" in text for text in texts)


def test_the_results_of_a_served_simulation_say_so(tried: Tried) -> None:
    assert tried.done.report["target"]["simulated"]
    results = tried.done.report["results"]
    assert {(each["product"], each["simulated"], each["suite"]) for each in results} == {
        ("clockify", True, "product")
    }
    assert {(each["idp"], each["dialect"]) for each in results} == {
        ("okta", "oin"),
        ("entra", "default"),
        ("jumpcloud", "custom"),
    }


def test_what_only_the_web_application_does_is_left_to_a_person(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path, owner_key: str
) -> None:
    served = serve(sealed=True)
    done = run(command, served, tmp_path, *BY_HAND, "--only", "CLK-USER-1", key=owner_key)
    assert done.status == 0, done.said
    assert verdicts(done)["pass"] >= 3
    assert not done.report["target"]["simulated"]
    told = reasons(done)
    assert told
    assert all(each.startswith("by hand: ") for each in told)
    # Nothing but a simulation is asked for what belongs to a simulation.
    assert [each.path for each in served.asked if each.path.startswith("/simulation")] == []


def test_scim_itself_is_left_alone_even_where_a_simulation_would_let_it(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path, owner_key: str
) -> None:
    served = serve()
    done = run(command, served, tmp_path, "--suite", "product", key=owner_key)
    assert done.status == 0, done.said
    changed = [
        each.path for each in served.asked if each.path.rstrip("/").endswith(("/scim", "/plan"))
    ]
    assert [each.path for each in served.asked if each.path.endswith("/scim/token")] == []
    assert changed == []


def test_a_workspace_with_groups_is_refused_in_one_sentence(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path, owner_key: str
) -> None:
    served = serve(on=False)
    done = run(command, served, tmp_path, *FEW, key=owner_key)
    assert done.status == 4
    assert "has groups (Designers, Developers)" in done.said
    assert "groups_may_be_deleted" in done.said
    assert "Traceback" not in done.said
    assert {each.method for each in served.asked} == {"GET"}
    assert not command.directory.exists()


@pytest.mark.parametrize("workspace", ["64a687e29ae1f428e7ebe303", "nonsense"])
def test_a_workspace_that_nobody_can_see_is_refused_in_one_sentence(
    command: Fixture,
    serve: Callable[..., Fixture],
    tmp_path: Path,
    owner_key: str,
    workspace: str,
) -> None:
    served = serve(on=False)
    done = run(command, served, tmp_path, *FEW, key=owner_key, workspace=f'"{workspace}"')
    assert done.status == 4
    assert f"Whether the workspace {workspace} has groups cannot be seen" in done.said
    assert "Traceback" not in done.said
    assert {each.method for each in served.asked} == {"GET"}


def test_groups_that_may_be_deleted_stop_no_run(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path, owner_key: str
) -> None:
    allowed = {"groups_may_be_deleted": "true"}
    done = run(command, serve(on=False), tmp_path, *FEW, key=owner_key, **allowed)
    assert "has groups" not in done.said
    assert done.status == 1  # SCIM is off there, which is another matter


def test_without_credentials_the_promises_are_skipped_and_the_rest_runs(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path
) -> None:
    only = ("--only", "CLK-USER-1", "--only", "RFC7644-3.3-7")
    done = run(command, serve(), tmp_path, *only, key="")
    assert done.status == 0, done.said
    reason = "no credentials for the product: set PRODUCT_KEY"
    assert reasons(done) == {reason}
    assert f"of clockify not tried: {reason}" in " ".join(done.out.split())
    judged = {each["suite"] for each in done.report["results"] if each["verdict"] == "pass"}
    assert judged == {"protocol"}


def test_without_a_product_in_the_target_the_promises_are_skipped(
    command: Fixture, serve: Callable[..., Fixture]
) -> None:
    served = serve()
    only = ("--product", "clockify", "--only", "CLK-USER-1", "--only", "RFC7644-3.3-7")
    done = command.run("--url", f"{served.url}/scim/v2", *only, SCIM_TOKEN=served.token)
    assert done.status == 0, done.said
    assert reasons(done) == {"the target file has no [product]"}


def test_a_key_that_opens_nothing_is_inconclusive_and_says_which(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path
) -> None:
    done = run(command, serve(), tmp_path, "--only", "CLK-USER-1", key="a-wrong-key")
    assert done.status == 1
    found = {(each["verdict"], each["actual"]) for each in done.report["results"]}
    assert found == {
        ("inconclusive", "the product's API refuses the key (status 401): check PRODUCT_KEY")
    }
    assert "a-wrong-key" not in done.said


def test_who_cannot_be_deleted_is_switched_off_and_listed(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path, owner_key: str
) -> None:
    served = serve("delete-refused")
    done = run(command, served, tmp_path, "--only", "CLK-USER-1", key=owner_key)
    notes = [note for each in done.report["results"] for note in each["notes"]]
    assert len(notes) == 3
    assert all("could not be deleted" in each and "switched off" in each for each in notes)
    assert len(done.report["left_behind"]) == 3
    path = f"/api/v1/workspaces/{served.workspace}/users?include-roles=false&status=INACTIVE"
    left = served.call("GET", f"{path}&memberships=WORKSPACE")
    assert len([each for each in left if "scimproof-" in each["email"]]) == 3


@pytest.mark.parametrize(
    ("deviations", "requirement"),
    [
        (("deactivation-ignored",), "CLK-USER-4"),
        (("creating-groups-unlocked", "deleting-groups-unlocked"), "CLK-LOCK-8"),
    ],
)
def test_a_broken_promise_fails_and_leaves_nothing(
    command: Fixture,
    serve: Callable[..., Fixture],
    tmp_path: Path,
    owner_key: str,
    deviations: tuple[str, ...],
    requirement: str,
) -> None:
    served = serve(*deviations)
    before = served.emails(), served.groups()
    done = run(command, served, tmp_path, "--only", requirement, key=owner_key)
    assert done.status == 1
    assert verdicts(done)["fail"] >= 3
    assert (served.emails(), served.groups()) == before
    shown = next(each for each in done.report["results"] if each["verdict"] == "fail")
    assert shown["expected"]
    assert "$SCIM_PRODUCT_KEY" in shown["reproduce"] or "$SCIM_TOKEN" in shown["reproduce"]


def test_who_was_added_by_hand_and_stays_is_named(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path, owner_key: str
) -> None:
    served = serve("adding-users-unlocked")
    done = run(command, served, tmp_path, "--only", "CLK-LOCK-4", key=owner_key)
    notes = [note for each in done.report["results"] for note in each["notes"]]
    assert len([each for each in notes if "could not be deleted: Users" in each]) == 3
