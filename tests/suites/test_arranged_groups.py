"""A group that a case needs has its members, however the server takes them, or blocks the case."""

from __future__ import annotations

import json
from collections.abc import Callable
from collections.abc import Iterator
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.model import Credential
from reports import Redactor
from suites.cleanup.journal import Journal
from suites.client import ScimClient
from suites.evidence import CaseLog
from suites.idp.accounts import create_group
from suites.reach.connection import Connection
from suites.target.model import Target
from suites.verdicts import Blocked

Json: TypeAlias = Any
Answer: TypeAlias = tuple[int, dict[str, str], bytes]
Starter: TypeAlias = Callable[[Callable[[str, str, bytes], Answer]], str]
CREDENTIAL = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
MEMBERS = ("u1", "u2")


class Groups:
    """A server of one group, which takes members as it is told to."""

    def __init__(self, *, post: str = "taken", patch: int = 204) -> None:
        self.post, self.patch = post, patch
        self.asked: list[str] = []
        self._held: list[Json] = []

    def __call__(self, method: str, _path: str, body: bytes) -> Answer:
        self.asked.append(method)
        document = json.loads(body) if body else {}
        if method == "POST":
            return self._created(document.get("members", []))
        if method == "PATCH" and self.patch == 204:
            self._held = document["Operations"][0]["value"]
            return 204, {}, b""
        return (self.patch if method == "PATCH" else 200), {}, self._shown()

    def _created(self, members: list[Json]) -> Answer:
        if members and self.post == "refused":
            return 400, {}, b"{}"
        self._held = members if self.post in ("taken", "not shown") else []
        return 201, {}, b'{"id": "g1"}' if self.post == "not shown" else self._shown()

    def _shown(self) -> bytes:
        return json.dumps({"id": "g1", "members": self._held}).encode()


@pytest.fixture
def create(answering: Starter) -> Iterator[Callable[[Groups], str]]:
    """Create a group with two members on such a server."""
    made: list[Connection] = []

    def run(groups: Groups) -> str:
        made.append(Connection(Target(url=answering(groups), credential=CREDENTIAL)))
        log = CaseLog("case", Redactor([CREDENTIAL.secret]), lambda line: None)
        look = ScimClient(made[-1], log, Journal(None, owner="w"), case_id="X-1")
        return create_group(look, "team", MEMBERS, by="X-POST", adds="X-ADD")

    yield run
    for each in made:
        each.close()


@pytest.mark.parametrize(
    ("post", "asked"),
    [
        ("taken", ["POST"]),
        ("not shown", ["POST", "GET"]),
        ("passed over", ["POST", "GET", "PATCH", "GET"]),
        ("refused", ["POST", "POST", "GET", "PATCH", "GET"]),
    ],
)
def test_members_whom_a_post_leaves_out_are_added(
    create: Callable[[Groups], str], post: str, asked: list[str]
) -> None:
    groups = Groups(post=post)
    assert create(groups) == "g1"
    assert groups.asked == asked


def test_a_group_that_cannot_be_filled_blocks_the_case(create: Callable[[Groups], str]) -> None:
    with pytest.raises(Blocked, match="could not be given the members") as caught:
        create(Groups(post="passed over", patch=501))
    assert caught.value.by == "X-ADD"
    assert caught.value.entry is not None
    assert caught.value.entry.status == 501


def test_a_group_that_is_not_created_blocks_the_case(create: Callable[[Groups], str]) -> None:
    class Refusing(Groups):
        def _created(self, members: list[Json]) -> Answer:
            return 501, {}, b"{}"

    with pytest.raises(Blocked, match="answered 501") as caught:
        create(Refusing())
    assert caught.value.by == "X-POST"
