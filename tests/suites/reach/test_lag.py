"""Reads that are behind writes: measured, warned of, and told in one sentence."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from reference_server import Request
from suites.preflight import lag_probe
from suites.preflight.lag_probe import Found
from suites.reach.lag import Lag
from suites.reach.lag import enough
from suites.reach.lag import sentence
from suites.reach.lag import together
from suites.verdicts import Blocked

STAND = Path(__file__).resolve().parents[3] / "benchmarks" / "stand.py"
TOKEN = "t0k3n-of-a-late-server"  # noqa: S105 - made up
LAG, SETTLE = "1.0", "3"  # long enough for a busy machine to see the lag
JUDGED = ("CON-READ-1", "CON-READ-2", "RFC7644-3.3-7", "RFC7644-3.3-9", "RFC7643-3.1-38")
Reply = tuple[int, Any]


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stand", STAND)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["stand"] = module
    spec.loader.exec_module(module)
    return module


class TestFigures:
    """What the reads of a process come to."""

    def test_a_read_that_showed_its_write_later_counts_as_late(self) -> None:
        lag = Lag()
        lag.read()
        number = lag.read()
        lag.waits(number, 0.2)
        lag.waits(number, 0.6)
        assert lag.to_json() == {"reads": 2, "late": 1, "longest": 0.6}

    def test_a_read_that_never_showed_it_is_no_lag(self) -> None:
        lag = Lag()
        number = lag.read()
        lag.waits(number, 0.6)
        lag.gives_up(number)
        assert lag.to_json() == {"reads": 1, "late": 0, "longest": 0.0}

    def test_the_processes_of_a_run_tell_together(self) -> None:
        told = [{"reads": 5, "late": 1, "longest": 0.6}, {"reads": 7, "late": 2, "longest": 0.8}]
        figures = together([*told, {}])
        assert figures == {"reads": 12, "late": 3, "longest": 0.8}
        assert sentence(figures, 2.0) == (
            "reads lagged up to 0.8 s behind writes (3 of 12 reads made at once); "
            "settle = 2 is needed"
        )

    def test_where_nothing_was_late_nothing_is_said(self) -> None:
        assert sentence(together([Lag().to_json()]), 1.0) == ""

    @pytest.mark.parametrize(
        ("lag", "settle"), [(0.1, "0.5"), (0.5, "1"), (0.8, "1.5"), (2, "2.5")]
    )
    def test_the_settle_time_to_give_is_above_the_lag(self, lag: float, settle: str) -> None:
        assert enough(lag) == settle
        assert float(enough(lag)) > lag


class TestProbe:
    """The one look at the beginning."""

    @pytest.fixture(autouse=True)
    def _no_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now = [0.0]

        def sleep(seconds: float) -> None:
            now[0] += seconds

        monkeypatch.setattr(lag_probe.time, "monotonic", lambda: now[0])
        monkeypatch.setattr(lag_probe.time, "sleep", sleep)

    def late(self, *shown: bool) -> float | None:
        answers = iter(shown)
        return lag_probe._late(
            lambda: None,  # type: ignore[arg-type,return-value]  # only `shows` looks at it
            lambda _: next(answers, shown[-1]),
            0.0,
        )

    def test_what_shows_at_once_is_not_late(self) -> None:
        assert self.late(True) is None

    def test_what_shows_later_is_late_by_so_much(self) -> None:
        assert self.late(False, False, False, True) == pytest.approx(0.3)

    def test_what_never_shows_is_lost_and_not_late(self) -> None:
        assert self.late(False) is None

    def test_one_slow_read_is_no_lag(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = iter([Found(0.4), Found()])
        monkeypatch.setattr(lag_probe, "_one", lambda *_, **__: next(found))
        assert lag_probe.probe(None, filters=True) == Found()  # type: ignore[arg-type]  # not used

    def test_a_lag_that_shows_twice_is_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = iter([Found(0.4), Found(0.6)])
        monkeypatch.setattr(lag_probe, "_one", lambda *_, **__: next(found))
        assert lag_probe.probe(None, filters=True) == Found(0.6)  # type: ignore[arg-type]  # not used

    def test_a_lag_blocks_every_case_but_those_that_are_about_it(self) -> None:
        found = Found(None, 0.6)
        found.check("CON-READ-2")
        with pytest.raises(Blocked, match=r"in searches only 0\.6 s .* --scim-settle 1 ") as caught:
            found.check("RFC7644-3.6-1")
        assert caught.value.by == "CON-READ-2"
        Found().check("RFC7644-3.6-1")


class TestLateServer:
    """The server that the runs below are about: reads are behind, and nothing else is odd."""

    def ask(self, app: Any, method: str, path: str, body: Any = None) -> Reply:  # noqa: ANN401 - a stand's own class
        headers = (
            ("Authorization", f"Bearer {TOKEN}"),
            ("Content-Type", "application/scim+json"),
        )
        sent = b"" if body is None else json.dumps(body).encode()
        reply = app.handle(Request(method, f"/scim/v2{path}", "", headers, sent))
        return reply.status, json.loads(reply.body) if reply.body else None

    def test_a_write_is_read_only_later_and_is_the_same_then(self) -> None:
        late = loaded().Late(TOKEN, 3600.0)
        app = late.app()
        body = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "a@example.com",
        }
        status, made = self.ask(app, "POST", "/Users", body)
        assert status == 201
        assert self.ask(app, "GET", f"/Users/{made['id']}")[0] == 404
        assert self.ask(app, "POST", "/Users", body)[0] == 409  # a write knows the writes before it
        late._lag = 0.0
        assert self.ask(app, "GET", f"/Users/{made['id']}") == (200, made)
        assert self.ask(app, "DELETE", f"/Users/{made['id']}")[0] == 204
        assert self.ask(app, "GET", f"/Users/{made['id']}")[0] == 404


@pytest.fixture(scope="session")
def late_url() -> Iterator[str]:
    with stand("--lag", LAG) as url:
        yield url


@contextmanager
def stand(*options: str) -> Iterator[str]:
    server = subprocess.Popen(  # noqa: S603 - our own server
        [sys.executable, STAND, *options],
        env={**os.environ, "SCIM_TOKEN": TOKEN},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    with server.stdout:
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().split()[1]}/scim/v2"
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def verdicts(command: Any, late_url: str) -> Callable[..., tuple[dict[str, Any], str]]:  # noqa: ANN401 - of the folder's conftest
    """Run some cases against the late server; return results by requirement, and what it said."""

    def run(*options: str, judged: tuple[str, ...] = JUDGED) -> tuple[dict[str, Any], str]:
        only = [word for each in judged for word in ("--only", each)]
        done = command.run("--url", late_url, *only, *options, SCIM_TOKEN=TOKEN)
        return {each["requirement"]: each for each in done.report["results"]}, done.said

    return run


def test_without_a_settle_time_the_lag_is_told_once(
    verdicts: Callable[..., tuple[dict[str, Any], str]],
) -> None:
    results, _ = verdicts()
    assert results["CON-READ-1"]["verdict"] == "fail"
    for name in JUDGED[2:]:
        assert results[name]["verdict"] == "inconclusive"
        assert "run with --scim-settle" in results[name]["actual"]
    assert len({results[name]["actual"] for name in JUDGED[2:]}) == 1


def test_with_a_settle_time_the_lag_alone_warns(
    verdicts: Callable[..., tuple[dict[str, Any], str]],
) -> None:
    results, said = verdicts("--settle", SETTLE)
    found = {name: results[name]["verdict"] for name in JUDGED}
    assert found.pop("CON-READ-1") == "warn"
    found.pop("CON-READ-2")  # by the time of the search the user may be there
    assert set(found.values()) == {"pass"}
    assert "reads lagged up to" in said
    assert f"settle = {SETTLE} is needed" in said


def test_what_a_case_prepares_is_waited_for_before_it_is_looked_at(
    verdicts: Callable[..., tuple[dict[str, Any], str]],
) -> None:
    wanted = ("ENTRA-ROLE-3", "ENTRA-MATCH-8", "ONELOGIN-SUSPEND-2")
    results, _ = verdicts("--settle", SETTLE, judged=wanted)
    assert {results[name]["verdict"] for name in wanted} == {"pass"}
