"""Runs on a product that hides that it is a simulation: what a run on the real one does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reference_server.http_adapter import Server
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.products import Product
from reference_server.products import create_product
from suites.products.page import title_of

DOCS = Path(__file__).resolve().parents[2] / "docs"
OWNER_ALONE = "tried as the owner alone; by hand: try it as an admin and as a user"
SIMULATION = "X-Scimproof-Simulation"
NOTHING = Response(404, (("Content-Type", "application/json"),), b'{"message": "?", "code": 3000}')


@dataclass
class Disguised:
    """A simulated product without what tells that it is one, and without its web application."""

    product: Product
    base_path: str = ""
    asked: list[Request] = field(default_factory=list)

    def handle(self, request: Request) -> Response:
        self.asked.append(request)
        if request.path.startswith("/simulation"):
            return NOTHING
        reply = self.product.handle(request)
        return replace(
            reply, headers=tuple(each for each in reply.headers if each[0] != SIMULATION)
        )


@dataclass(frozen=True)
class Place:
    """Where a disguised product listens, and what opens it."""

    url: str
    seen: Disguised
    token: str

    @property
    def product(self) -> Product:
        return self.seen.product

    def people(self) -> dict[str, Any]:
        """Return the workspace's people by address, without what changes by itself."""
        found = self._api("users?status=ALL&memberships=WORKSPACE&page-size=200")
        return {
            each["email"]: (each["name"], each["status"], each["memberships"]) for each in found
        }

    def groups(self) -> list[str]:
        return [each["name"] for each in self._api("user-groups")]

    def _api(self, what: str) -> list[dict[str, Any]]:
        path, _, query = f"/api/v1/workspaces/{self.product.workspace}/{what}".partition("?")
        headers = (("X-Api-Key", self.product.keys["owner"]), ("Host", "localhost"))
        body = self.product.handle(Request("GET", path, query, headers)).body
        assert isinstance(body, bytes)
        found: list[dict[str, Any]] = json.loads(body)
        return found

    def push_group(self, name: str) -> None:
        """Make a group through SCIM, as somebody else's IdP would."""
        schema = "urn:ietf:params:scim:schemas:core:2.0:Group"
        body = json.dumps({"schemas": [schema], "displayName": name}).encode()
        headers = (("Authorization", f"Bearer {self.token}"), ("Host", "localhost"))
        media = (("Content-Type", "application/scim+json"),)
        reply = self.product.handle(Request("POST", "/scim/v2/Groups", "", headers + media, body))
        assert reply.status == 201

    def settings(self) -> dict[str, str]:
        """Return the environment that names it to a run."""
        return {
            "SCIM_URL": f"{self.url}/scim/v2",
            "SCIM_TOKEN": self.token,
            "SCIM_PRODUCT": "clockify",
            "SCIM_PRODUCT_URL": f"{self.url}/api",
            "SCIM_PRODUCT_WORKSPACE": self.product.workspace,
            "SCIM_PRODUCT_KEY": self.product.keys["owner"],
        }


@pytest.fixture(scope="module")
def place() -> Iterator[Callable[[], Place]]:
    servers: list[Server] = []

    def start() -> Place:
        product = create_product("clockify")
        headers = (("X-Api-Key", product.keys["owner"]), ("Host", "localhost"))
        path = f"/simulation/v1/workspaces/{product.workspace}/scim"
        body = product.handle(Request("POST", path, "", headers)).body
        assert isinstance(body, bytes)
        seen = Disguised(product)
        server = Server(seen).start()  # type: ignore[arg-type]  # handles requests all the same
        servers.append(server)
        return Place(server.url.rstrip("/"), seen, json.loads(body)["token"])

    yield start
    for server in servers:
        server.stop()


@dataclass(frozen=True)
class Ran:
    """A run of all promises, and the product with its people from before."""

    done: Any
    place: Place
    before: dict[str, Any]

    @property
    def texts(self) -> dict[str, str]:
        files = (path for path in self.done.directory.iterdir() if path.is_file())
        return {"terminal": self.done.said, **{path.name: path.read_text() for path in files}}


@pytest.fixture(scope="module")
def ran(
    command_in: Callable[[Path], Any],
    place: Callable[[], Place],
    tmp_path_factory: pytest.TempPathFactory,
) -> Ran:
    there = place()
    before = there.people()
    command = command_in(tmp_path_factory.mktemp("real"))
    return Ran(command.run("--suite", "product", **there.settings()), there, before)


def test_every_promise_that_can_be_tried_is_kept(ran: Ran) -> None:
    assert ran.done.status == 0, ran.done.said
    summary = ran.done.report["summary"]
    assert summary["pass"] > 80
    assert [summary[name] for name in ("fail", "error", "inconclusive", "warn")] == [0] * 4


def test_nothing_says_that_it_is_a_simulation(ran: Ran) -> None:
    for name, text in ran.texts.items():
        assert "simulated" not in text.replace('"simulated": false', ""), name
        assert "simulation" not in text, name
    assert not [each for each in ran.place.seen.asked if each.path.startswith("/simulation")]


def test_what_is_skipped_by_hand_is_what_the_documentation_lists(ran: Ran) -> None:
    page = (DOCS / "clockify.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (`CLK-.*?) \|", page.partition("## What stays by hand")[2], re.MULTILINE
    )
    listed = {each for row in rows for each in re.findall(r"`(CLK-[A-Z]+-\d+)`", row)}
    skipped = [each for each in ran.done.report["results"] if each["verdict"] == "skip"]
    by_hand = {each["requirement"] for each in skipped if "by hand: " in each["actual"]}
    assert by_hand == listed
    others = {each["requirement"] for each in skipped} - by_hand
    assert others == {"CLK-USER-8", "CLK-USER-9"}  # not achievable, and only with --scim-large


def test_a_lock_that_was_tried_as_the_owner_alone_says_so(ran: Ran) -> None:
    results = ran.done.report["results"]
    for lock in ("CLK-LOCK-4", "CLK-LOCK-8"):
        tried = [each for each in results if each["requirement"] == lock]
        assert tried
        assert all(each["verdict"] == "pass" for each in tried)
        assert all(each["notes"] == [OWNER_ALONE] for each in tried)


def test_what_the_run_made_is_gone_and_who_was_there_is_as_before(ran: Ran) -> None:
    assert ran.place.people() == ran.before
    assert ran.place.groups() == []
    assert ran.done.report["created"] > 50
    assert ran.done.report["left_behind"] == []


def test_the_run_shows_what_can_be_shown_of_the_contradictions(ran: Ran) -> None:
    outcomes = {each["id"]: each["outcome"] for each in ran.done.report["contradictions"]}
    assert outcomes == {
        "CLK-CONTRADICTION-1": "shown",
        "CLK-CONTRADICTION-2": "shown",
        "CLK-CONTRADICTION-3": "shown",
        "CLK-CONTRADICTION-4": "stated",
        "CLK-CONTRADICTION-5": "stated",
        "CLK-CONTRADICTION-6": "open",
    }
    (groups,) = [
        each for each in ran.done.report["contradictions"] if each["id"] == "CLK-CONTRADICTION-6"
    ]
    assert "by hand: " in groups["found"]


def test_neither_key_nor_token_reaches_a_file(ran: Ran) -> None:
    for name, text in ran.texts.items():
        assert ran.place.product.keys["owner"] not in text, name
        assert ran.place.token not in text, name


def test_every_idp_with_a_guide_was_tried(ran: Ran) -> None:
    tried = {each["idp"] for each in ran.done.report["results"] if each["verdict"] == "pass"}
    assert {"okta", "entra", "jumpcloud"} <= tried
    page = (DOCS / "clockify.md").read_text(encoding="utf-8")
    assert all(title_of(name) in page for name in tried if name)


def test_a_workspace_with_groups_is_refused_in_one_sentence_and_left_alone(
    command_in: Callable[[Path], Any], place: Callable[[], Place], tmp_path: Path
) -> None:
    there = place()
    there.push_group("Sales\x1b[31m\u202egnp")
    before, command = len(there.seen.asked), command_in(tmp_path)
    done = command.run("--suite", "product", **there.settings())
    assert done.status == 4, done.said
    (sentence,) = [line for line in done.said.splitlines() if line]
    assert "has groups (Sales\\x1b[31m\\u202egnp)" in sentence
    assert "groups_may_be_deleted = true" in sentence
    assert {each.method for each in there.seen.asked[before:]} == {"GET"}
    assert not (done.directory / "report.json").exists()


def test_groups_of_others_that_may_be_deleted_accuse_nobody(
    command_in: Callable[[Path], Any], place: Callable[[], Place], tmp_path: Path
) -> None:
    there = place()
    there.push_group("Sales")
    wanted = [f"--only=CLK-GROUP-{number}" for number in range(1, 7)] + ["--only=CLK-USER-7"]
    allowed = {"SCIM_PRODUCT_GROUPS_MAY_BE_DELETED": "true"}
    done = command_in(tmp_path).run("--suite", "product", *wanted, **there.settings(), **allowed)
    assert done.status == 0, done.said
    assert there.groups() == ["Sales"]  # nobody asked the run to delete it


def test_without_a_key_the_promises_are_skipped_and_the_rest_runs(
    command_in: Callable[[Path], Any], place: Callable[[], Place], tmp_path: Path
) -> None:
    settings = place().settings()
    del settings["SCIM_PRODUCT_KEY"]
    wanted = ("--only", "CLK-USER-1", "--only", "RFC7644-3.3-1")
    done = command_in(tmp_path).run(*wanted, **settings)
    assert done.status == 0, done.said
    found = {
        each["requirement"]: (each["verdict"], each["actual"]) for each in done.report["results"]
    }
    assert found["RFC7644-3.3-1"][0] == "pass"
    reason = "no credentials for the product: set SCIM_PRODUCT_KEY"
    assert found["CLK-USER-1"] == ("skip", reason)
