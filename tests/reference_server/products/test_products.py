"""The frame of the products: names, settings, the header, the lock, and `serve --product`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from reference_server import Request
from reference_server import __main__ as command
from reference_server.http_adapter import Server
from reference_server.messages import joined
from reference_server.products import create_product
from reference_server.products import product_deviations
from reference_server.products import products
from reference_server.products.building import Parts
from reference_server.products.building import object_id
from reference_server.products.scim_service import ScimService
from reference_server.products.serving import OWNER_KEY
from reference_server.products.watched_store import Written
from tests.reference_server.products.clockify_talk import USER
from tests.reference_server.products.clockify_talk import Talk

Json = Any

ROOT = Path(__file__).resolve().parents[3]


def test_there_are_products_and_each_can_be_built_and_can_go_wrong() -> None:
    assert "clockify" in products()
    for name in products():
        assert create_product(name).keys["owner"]
        names = [each.name for each in product_deviations(name)]
        assert names == sorted(names)
        assert create_product(name, deviations=names[:2]).name == name


def test_an_unknown_product_is_refused_with_the_names_of_those_that_there_are() -> None:
    for function in (create_product, product_deviations):
        with pytest.raises(ValueError, match=r"no product 'jira'; known: .*clockify"):
            function("jira")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"colour": "red"}, "no setting 'colour'"),
        ({"plan": "GOLD"}, "no plan 'GOLD'"),
        ({"plan": 3}, "plan must be of type str"),
        ({"empty": 1}, "empty must be of type bool"),
    ],
)
def test_a_setting_that_there_is_not_is_refused(settings: Json, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        create_product("clockify", settings=settings)


def test_a_tolerance_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no tolerance 'patience'"):
        create_product("clockify", without_tolerances=["patience"])


def test_tolerances_can_be_switched_off() -> None:
    found = [
        create_product("clockify", without_tolerances=names) for names in ((), ["trailing-slash"])
    ]
    statuses = []
    for product in found:
        talk = Talk()
        talk.__dict__["product"] = product
        statuses.append(talk.switch_on().scim("GET", "/Users/").status)
    assert statuses == [200, 404]


def test_an_empty_workspace_has_its_owner_and_nothing_else() -> None:
    talk = Talk(settings={"empty": True, "owner_key": "mine", "domain": "firm.example"})
    assert talk.product.keys == {"owner": "mine"}
    assert list(talk.people()) == ["olivia.owner@firm.example"]
    assert talk.groups() == {}


@pytest.mark.parametrize(
    "path", ["/", "/scim/v2/Users", "/api/v1/user", "/simulation/v1", "/api/v1/x", "/%ff", "/page"]
)
def test_every_reply_says_that_it_is_simulated(path: str) -> None:
    reply = Talk().send("GET", path).response
    assert reply.header("X-Scimproof-Simulation") == "clockify"


def test_a_fault_of_our_own_tells_nothing_of_the_inside(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    talk = Talk()
    assert talk.people()
    monkeypatch.setattr("reference_server.products.clockify.shapes.user", None)
    found = talk.api("GET", "users")
    assert found.status == 500
    assert "TypeError" not in joined(found.response.body).decode()
    assert "TypeError" in caplog.text


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"name": "a", "name": "b"}', b"\xff", b'{"name": "\\ud800"}', b""]
)
def test_a_body_that_cannot_be_read_is_refused(body: bytes) -> None:
    talk = Talk()
    headers = (("X-Api-Key", talk.key("owner")), ("Content-Type", "application/json"))
    path = f"/api/v1/workspaces/{talk.workspace}/user-groups"
    found = talk.product.handle(Request("POST", path, "", headers, body))
    assert found.status == 400
    assert set(json.loads(joined(found.body))) == {"message", "code"}


def test_people_who_write_at_once_lose_nothing() -> None:
    talk = Talk().switch_on()
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            crew = talk.push(f"Crew {number}")
            for turn in range(15):
                talk.join(crew, talk.provision(f"p{number}-{turn}"))
                assert talk.api("GET", "users", query="page-size=5000").status == 200
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    assert [len(each["userIds"]) for each in talk.groups().values()] == [15] * 4


def test_a_write_under_way_when_scim_is_switched_off_does_not_happen() -> None:
    told: list[Sequence[Written]] = []

    class Interrupted:
        """A lock for which somebody who switches SCIM off was first."""

        def __enter__(self) -> None:
            if service.is_on:
                service.switch_off()

        def __exit__(self, *_: object) -> None:
            pass

    parts = Parts(clock=lambda: datetime.now(UTC), new_id=object_id)
    service = ScimService(parts, Interrupted(), told.append)
    service.switch_on("t0ken", [])
    told.clear()
    headers = (("Authorization", "Bearer t0ken"),)
    body = json.dumps({"schemas": [USER], "userName": "anna"}).encode()
    assert service.handle(Request("POST", "/scim/v2/Users", "", headers, body)).status == 401
    assert told == []


# -- serve --product --------------------------------------------------------------------------

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def run(*options: str, **environment: str) -> subprocess.Popen[str]:
        variables = {k: v for k, v in os.environ.items() if k != OWNER_KEY} | environment
        process = subprocess.Popen(  # noqa: S603 - our own command, our own options
            [sys.executable, "-m", "reference_server", "--port", "0", *options],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.terminate()
        process.communicate(timeout=10)


def said(process: subprocess.Popen[str]) -> dict[str, str]:
    """What the command says before it is ready: words, then a value."""
    assert process.stdout is not None
    found = {}
    for line in process.stdout:
        match = re.match(r"scimproof: (.*?)(?: at)? (\S+)(?: \(set .*\))?$", line)
        assert match is not None, line
        found[match[1]] = match[2]
        if match[1] == "ready":
            break
    return found


def ask(method: str, url: str, headers: dict[str, str]) -> tuple[int, Json]:
    request = urllib.request.Request(url, None, headers, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - loopback
            assert response.headers["X-Scimproof-Simulation"] == "clockify"
            return response.status, json.loads(response.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.loads(refusal.read())


def test_it_serves_a_product_over_a_socket(start: Start) -> None:
    words = said(start("--product", "clockify", "--no-page"))
    url = words["ready"]
    key = words["key of the owner"]
    assert {"workspace", "key of the admin", "key of the user"} <= set(words)
    own = f"{url}/simulation/v1/workspaces/{words['workspace']}/scim"
    status, on = ask("POST", own, {"X-Api-Key": key})
    assert (status, on["baseUrl"]) == (201, f"{url}/scim/v2")
    authorization = {"Authorization": f"Bearer {on['token']}"}
    assert ask("GET", f"{on['baseUrl']}/Users", authorization)[0] == 200
    assert ask("GET", f"{url}/api/v1/user", {"X-Api-Key": key})[1]["name"] == "Olivia Owner"


def test_the_owners_key_can_be_chosen_and_is_not_shown(start: Start) -> None:
    process = start("--product", "clockify", "--no-page", **{OWNER_KEY: "chosen-key"})
    words = said(process)
    assert "chosen-key" not in words.values()
    assert ask("GET", f"{words['ready']}/api/v1/user", {"X-Api-Key": "chosen-key"})[0] == 200


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--product", "jira"], "there is no product 'jira'"),
        (["--product", "clockify", "--db", "x.db"], "--db and --product exclude each other"),
        (["--product", "clockify", "--tenants", "x"], "--tenants and --product exclude"),
        (["--product", "clockify", "--oauth", "x"], "--oauth and --product exclude each other"),
        (["--product", "clockify", "--schema", "x"], "--schema and --product exclude each other"),
        (["--product", "clockify", "--base-path", "/x"], "--base-path and --product exclude"),
        (["--product", "clockify", "--me", "x"], "--me and --product exclude each other"),
        (["--product", "clockify", "--auth", "basic"], "--auth and --product exclude each other"),
        (["--product", "clockify", "--deviation", "x"], "unknown deviation 'x'"),
        (["--list-deviations", "--product", "jira"], "there is no product 'jira'"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["--port", "0", *options]) == 4
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err
    assert shown.err.count("\n") == 1


def test_an_owners_key_that_no_header_can_carry_is_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(OWNER_KEY, " s3cret")
    assert command.main(["--port", "0", "--product", "clockify"]) == 4
    shown = capsys.readouterr()
    assert "s3cret" not in shown.out + shown.err


def test_the_deviations_of_a_product_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--list-deviations", "--product", "clockify"]) == 0
    lines = capsys.readouterr().out.splitlines()
    wanted = [f"{each.name}: {each.summary}" for each in product_deviations("clockify")]
    assert lines == wanted


def test_a_product_is_served_by_the_adapter_at_the_root_of_its_origin() -> None:
    with Server(create_product("clockify")) as server:
        assert server.url.count("/") == 2
        assert ask("GET", f"{server.url}/simulation/v1", {})[1]["simulation"] == "clockify"
