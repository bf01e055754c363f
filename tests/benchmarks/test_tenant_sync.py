"""One tenant from its first load to the end, with threads in place of Locust's greenlets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.sync.figures import Figures
from benchmarks.sync.places import Place
from benchmarks.sync.plan import Wishes
from benchmarks.sync.plan import tenants_of
from benchmarks.sync.tenant_sync import DAY
from benchmarks.sync.tenant_sync import INITIAL
from benchmarks.sync.tenant_sync import TenantSync
from benchmarks.sync.wire import BrokenOffError
from benchmarks.sync.wire import LaneSend
from benchmarks.sync.wire import Line
from benchmarks.sync.wire import shape_of
from idp_profiles import PROFILES
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.transport import WireSend
from suites.cleanup.journal import Journal
from suites.cleanup.journal import load_open
from suites.cleanup.journal import target_of
from tests.benchmarks.odd_server import TOKEN
from tests.benchmarks.odd_server import Odd
from tests.benchmarks.odd_server import serving

FAST = 1_000_000.0  # a day in less than a tenth of a second


def in_threads(deeds: Sequence[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(max_workers=len(deeds)) as pool:
        for done in [pool.submit(deed) for deed in deeds]:
            done.result()


def a_sync(url: str, folder: Path, *, stop: threading.Event | None = None, idp: str = "entra",
           alone: bool = True, **wishes: float | str) -> TenantSync:  # fmt: skip
    asked = Wishes(idps=(idp,), **{"people": 30, "day_factor": FAST, **wishes})  # type: ignore[arg-type] # numbers only
    names = ["acme"] if alone else ["acme", "other"]
    places = [Place(name, url, Credential("bearer", TOKEN)) for name in names]
    return TenantSync(
        tenants_of(asked, places)[0],
        asked,
        folder=folder,
        stop=stop or threading.Event(),
        heard=lambda *_: None,
        at_once=in_threads,
    )


def total(url: str, kind: str = "Users") -> int:
    step = Step("look", Certainty.DOC, ())
    headers = (("Authorization", f"Bearer {TOKEN}"),)
    with WireSend(url) as send:
        shown = send(Request("GET", f"/{kind}?count=0", headers, None, step)).json()
    assert isinstance(shown, dict)
    return int(str(shown["totalResults"]))


@pytest.mark.parametrize("idp", PROFILES)
def test_every_idp_syncs_its_people_lives_through_a_day_and_leaves_nothing(
    tmp_path: Path, idp: str
) -> None:
    odd = Odd()
    with serving(odd) as url:
        sync = a_sync(url, tmp_path, idp=idp)
        sync.run()
        course = sync.course
        assert (course.state, course.why, course.waiting) == ("done", "", 0)
        assert course.synced == course.counted_first == 30
        assert course.users == course.counted
        assert course.left_behind == []
        assert sync.figures.of(INITIAL).count
        assert sync.figures.of(DAY).count
        assert sync.figures.of(INITIAL).failed == sync.figures.of(DAY).failed == 0
        assert total(url) == total(url, "Groups") == 0
    assert load_open(tmp_path / "tenants" / "acme" / "journal.jsonl") == []


def test_the_lanes_of_a_tenant_send_at_once(tmp_path: Path) -> None:
    odd = Odd(slow=0.1)
    with serving(odd) as url:
        a_sync(url, tmp_path, people=8, at_once=8, cycles=0).run()
    assert odd.most_under_way >= 5


def test_one_at_once_is_one_at_once(tmp_path: Path) -> None:
    odd = Odd(slow=0.005)
    with serving(odd) as url:
        a_sync(url, tmp_path, people=6, at_once=1, cycles=0).run()
    assert odd.most_under_way == 1


def test_a_pace_is_kept(tmp_path: Path) -> None:
    odd = Odd()
    with serving(odd) as url:
        sync = a_sync(url, tmp_path, people=10, rate=60, cycles=0)
        sync.run()
    begin, end = sync.figures.spans[INITIAL]
    assert sync.figures.of(INITIAL).count / (end - begin) < 75


def test_what_asks_to_wait_is_waited_for_and_everybody_comes_in_the_end(tmp_path: Path) -> None:
    odd = Odd(most=80)
    with serving(odd) as url:
        sync = a_sync(url, tmp_path, cycles=3)
        sync.run()
        assert total(url) == 0
    assert sync.figures.throttled
    assert sync.figures.held_seconds >= 1
    assert sync.course.synced == sync.course.counted_first == 30
    assert sync.course.later  # Entra comes again with its next cycle
    # Nobody sends after a 429 but those who were under way already.
    assert odd.early <= 8 * sync.figures.throttled


def test_a_dead_endpoint_is_told_of_at_once(tmp_path: Path) -> None:
    sync = a_sync("http://127.0.0.1:1", tmp_path, people=1000)
    sync.run()
    assert sync.course.state == "ended"
    assert "refused" in sync.course.why
    assert not sync.figures.of(INITIAL).count


def test_an_endpoint_that_dies_is_left_alone_and_the_journal_knows_what_is_there(
    tmp_path: Path,
) -> None:
    odd = Odd(fails_from=200)
    with serving(odd) as url:
        sync = a_sync(url, tmp_path, people=2000)
        sync.run()
    assert "200 requests in a row failed" in sync.course.why
    assert len(odd.seen) < 3000
    assert sync.course.left_behind
    assert sync.course.initial_seconds is None
    journal = tmp_path / "tenants" / "acme" / "journal.jsonl"
    left = [item for item in load_open(journal) if item.id and item.kind == "Users"]
    assert len(left) == sync.course.users
    assert target_of(journal) == url


def test_a_stop_ends_the_traffic_and_what_was_made_is_deleted(tmp_path: Path) -> None:
    stop, odd = threading.Event(), Odd(slow=0.005)
    with serving(odd) as url:
        sync = a_sync(url, tmp_path, people=2000, stop=stop)
        running = threading.Thread(target=sync.run)
        running.start()
        while sum(each.startswith("POST") for each in odd.seen) < 20:
            time.sleep(0.01)
        stop.set()
        running.join(30)
        assert sync.course.state == "ended"
        assert 20 <= sync.course.deleted < 2000
        assert total(url) == 0


def test_kept_users_stay_and_are_in_the_journal(tmp_path: Path) -> None:
    with serving(Odd()) as url:
        a_sync(url, tmp_path, cycles=0, keep=True).run()
        assert total(url) == 30
    kept = load_open(tmp_path / "tenants" / "acme" / "journal.jsonl")
    assert len([item for item in kept if item.kind == "Users"]) == 30


def test_a_folder_that_is_used_again_forgets_nothing_of_the_second_run(tmp_path: Path) -> None:
    for run_id, keep in (("aaaaaa", False), ("bbbbbb", True)):
        with serving(Odd()) as url:
            a_sync(url, tmp_path, cycles=0, keep=keep, run_id=run_id).run()
    open_items = load_open(tmp_path / "tenants" / "acme" / "journal.jsonl")
    assert len([item for item in open_items if item.kind == "Users"]) == 30


def test_a_server_that_counts_wrong_is_caught(tmp_path: Path) -> None:
    with serving(Odd(off=3)) as url:
        sync = a_sync(url, tmp_path, cycles=0)
        sync.run()
    assert (sync.course.synced, sync.course.counted_first) == (30, 33)


@pytest.mark.parametrize("deaf", [False, True])
def test_tenants_at_one_url_are_counted_by_a_filter_that_the_server_knows(
    tmp_path: Path, *, deaf: bool
) -> None:
    with serving(Odd(deaf=deaf)) as url:
        sync = a_sync(url, tmp_path, alone=False, cycles=0)
        sync.run()
    assert sync.course.counted == (None if deaf else 30)


def test_the_same_seed_sends_the_same_bytes_but_for_the_runs_id(tmp_path: Path) -> None:
    seen = []
    for run_id in ("aaaaaa", "bbbbbb"):
        with serving(odd := Odd()) as url:
            sync = a_sync(url, tmp_path / run_id, people=5, at_once=1, cycles=0)
            sync.run()
        shapes = [f"{each.split()[0]} {len(each.split('/'))}" for each in odd.seen]
        seen.append(shapes)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("target", "shape"),
    [
        ("/Users", "/Users"),
        ("/Users/2819c223", "/Users/{id}"),
        ("/Users?filter=userName+eq+%22a%22", "/Users?filter=…"),
        ("/Groups/x?excludedAttributes=members", "/Groups/{id}?excludedAttributes=…"),
        ("//Users/?startIndex=1&count=2", "/Users?startIndex=…&count=…"),
    ],
)
def test_a_shape_holds_no_id_and_no_value(target: str, shape: str) -> None:
    request = Request("GET", target, (), None, Step("x", Certainty.DOC, ()))
    assert shape_of(request) == shape


def test_nothing_is_changed_that_the_run_did_not_create(tmp_path: Path) -> None:
    sent: list[Request] = []
    line = Line(Figures(), threading.Event(), lambda *_: None)
    send = LaneSend(line, lambda request: sent.append(request), Journal(None, owner="x"))  # type: ignore[arg-type,func-returns-value] # it is never asked
    request = Request("DELETE", "/Users/1", (), None,
                      Step("x", Certainty.DOC, ()))  # fmt: skip
    with pytest.raises(BrokenOffError, match="did not create"):
        send(request)
    assert sent == []


def test_a_request_of_the_idp_goes_out_as_it_is() -> None:
    sent: list[Request] = []

    def send(request: Request) -> Reply:
        sent.append(request)
        return Reply(200)

    line = Line(Figures(), threading.Event(), lambda *_: None)
    lane, step = LaneSend(line, send, Journal(None, owner="x")), Step("x", Certainty.DOC, ())
    request = Request("POST", "/Users?aadOptscim062020", (("accept", "x"),), b'{ "odd":1}', step)
    lane(request)
    assert sent[0] is request
