"""Several processes on one database: under gunicorn, and plain ones side by side.

Eight clients write at once, where they can to the same resources; no update is lost, nothing is
there twice, and of eight that want the same userName one gets it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import threading
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from typing import TypeVar

import pytest

from tests.reference_server.live import GROUP
from tests.reference_server.live import USER
from tests.reference_server.live import Client
from tests.reference_server.live import address
from tests.reference_server.live import plain_server
from tests.reference_server.live import process
from tests.sizes import sized

if TYPE_CHECKING:
    from tests.reference_server.live import Json

CLIENTS = 8
ROUNDS = sized(6, 150)
RACES = sized(4, 100)
# What the soak page says of this module.
FIGURES = {"rounds": ROUNDS, "races for one name": RACES}
# Attributes of one user, one for each client.
SHARED = (
    *("title", "nickName", "locale", "timezone"),
    *("preferredLanguage", "userType", "name.givenName", "name.familyName"),
)
LISTENING = re.compile(r"Listening at: (http://\S+)")
T = TypeVar("T")


@pytest.fixture(params=["gunicorn with threads", "gunicorn", "two plain processes"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """Start two processes on one database; give the URLs at which they answer."""
    database = tmp_path / "scim.db"
    with ExitStack() as stack:
        if request.param == "two plain processes":
            logs = (tmp_path / f"{number}.log" for number in range(2))
            started = [stack.enter_context(plain_server(database, log)) for log in logs]
            yield [url for _, url in started]
            return
        if importlib.util.find_spec("gunicorn") is None:
            if os.environ.get("CI") == "true":
                pytest.fail("gunicorn is missing: install the development dependencies")
            pytest.skip("gunicorn is not installed")
        threads = ["--threads", "4"] if "threads" in request.param else []
        arguments = ["-m", "gunicorn", "--workers", "2", "--bind", "127.0.0.1:0", *threads]
        log = tmp_path / "gunicorn.log"
        # A client that waits for its turn keeps its connection.
        arguments += ["--keep-alive", "60", "--no-control-socket"]
        command = [*arguments, "reference_server.wsgi:application"]
        server = stack.enter_context(process(command, log, SCIMPROOF_DB=str(database)))
        yield [f"{address(server, log, LISTENING)}/scim/v2"]
        server.terminate()  # its workers go with it
        server.wait(timeout=30)
        assert "Traceback" not in log.read_text("utf-8")


def all_at_once(urls: list[str], task: Callable[[Client, int], T]) -> list[T]:
    """Let each client do its task, all beginning together; return what each one brings."""
    start = threading.Barrier(CLIENTS)
    results: dict[int, T] = {}
    faults: list[BaseException] = []

    def run(number: int) -> None:
        with closing(Client(urls[number % len(urls)])) as client:
            try:
                start.wait(timeout=30)
                results[number] = task(client, number)
            except BaseException as fault:
                faults.append(fault)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults, faults
    return [results[number] for number in range(CLIENTS)]


def made(client: Client, name: str, **attributes: Json) -> str:
    """Create a user and return its id."""
    status, body = client.call(
        "POST", "/Users", {"schemas": [USER], "userName": name, **attributes}
    )
    assert status == 201, body
    return str(body["id"])


def shared_resources(client: Client) -> tuple[str, str, str]:
    """Create a group and two users for all clients; return their paths."""
    body = {"schemas": [GROUP], "displayName": "everybody"}
    group = client.call("POST", "/Groups", body)[1]["id"]
    user, counter = made(client, "shared"), made(client, "counter", title="0")
    return f"/Groups/{group}", f"/Users/{user}", f"/Users/{counter}"


def test_no_update_is_lost_and_nothing_is_there_twice(urls: list[str]) -> None:
    with closing(Client(urls[0])) as eye:
        group, user, counter = shared_resources(eye)

        def work(client: Client, number: int) -> tuple[list[str], list[str]]:
            kept, dropped = [], []
            for turn in range(ROUNDS):
                mine = made(client, f"user-{number}-{turn}")
                member = {"op": "add", "path": "members", "value": [{"value": mine}]}
                assert client.patch(group, member) == 204
                wish = {"op": "replace", "path": SHARED[number], "value": f"{number}-{turn}"}
                assert client.patch(user, wish) == 200
                count_up(client, counter)
                if turn % 3 == 2:
                    assert client.call("DELETE", f"/Users/{mine}")[0] == 204
                    dropped.append(mine)
                else:
                    kept.append(mine)
            return kept, dropped

        results = all_at_once(urls, work)
        kept = sorted(each for ids, _ in results for each in ids)
        shown = eye.call("GET", group)[1]
        assert sorted(each["value"] for each in shown["members"]) == kept
        last = eye.call("GET", user)[1]
        for number, place in enumerate(SHARED):
            assert value_at(last, place) == f"{number}-{ROUNDS - 1}"
        assert eye.call("GET", counter)[1]["title"] == str(CLIENTS * ROUNDS)
        users = eye.everything("/Users")
        strangers = {last["id"], counter.rpartition("/")[2]}
        assert sorted(each["id"] for each in users if each["id"] not in strangers) == kept
        for _, dropped in results:
            assert all(eye.call("GET", f"/Users/{each}")[0] == 404 for each in dropped)


def count_up(client: Client, path: str) -> None:
    """Read, add one and write back, again whenever somebody else was faster."""
    while True:
        shown = client.call("GET", path)[1]
        body = {**shown, "title": str(int(shown["title"]) + 1)}
        status, _ = client.call("PUT", path, body, If_Match=shown["meta"]["version"])
        if status == 200:
            return
        assert status == 412


def value_at(resource: Json, place: str) -> Json:
    for name in place.split("."):
        resource = resource[name]
    return resource


def test_of_eight_that_want_a_user_name_one_gets_it(urls: list[str]) -> None:
    for turn in range(RACES):

        def want(client: Client, number: int, turn: int = turn) -> int:
            name = f"Contested-{turn}".swapcase() if number % 2 else f"Contested-{turn}"
            body = {"schemas": [USER], "userName": name, "externalId": str(number)}
            return client.call("POST", "/Users", body)[0]

        assert sorted(all_at_once(urls, want)) == [201, *[409] * (CLIENTS - 1)]
        with closing(Client(urls[0])) as eye:
            assert len(eye.find("/Users", f'userName eq "contested-{turn}"')) == 1
