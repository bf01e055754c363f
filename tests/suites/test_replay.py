from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from typing import TypeAlias

import pytest

from idp_profiles.drive import drive
from idp_profiles.model import Certainty
from idp_profiles.model import Credential
from idp_profiles.model import Exchange
from idp_profiles.model import Outcome
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Step
from idp_profiles.model import Stopped
from idp_profiles.model import Wait
from reports import Redactor
from reports import Verdict
from suites import replay as module
from suites.cleanup.journal import Journal
from suites.evidence import CaseLog
from suites.evidence import RawExchange
from suites.reach.connection import Connection
from suites.replay import RecordingSend
from suites.replay import Replay
from suites.replay import Setup
from suites.replay import every_form
from suites.target.model import Target
from suites.verdicts import Blocked
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

CREDENTIAL = Credential(kind="bearer", secret="secret-of-test")  # noqa: S106 - made up
Check: TypeAlias = Callable[[Replay], None]


class Profile:
    """A profile with some wire forms; its mock IdP only remembers how it was started."""

    name = title = "Acme"

    def __init__(self, *forms: str) -> None:
        self._forms = forms

    def start(self, **settings: Any) -> Any:  # noqa: ANN401 - as a profile
        if settings["dialect"] == "none":
            raise ValueError("Acme has no such dialect")
        return SimpleNamespace(**settings)

    def variants(self, scenario: str, dialect: str) -> list[SimpleNamespace]:
        return [
            SimpleNamespace(name=form, switches={"form": form}, mapping=None)
            for form in self._forms
        ]


def replay(*forms: str, dialect: str = "d") -> Replay:
    log = CaseLog("case", Redactor(), lambda line: None)
    connection = Connection(Target(url="http://127.0.0.1:1", credential=CREDENTIAL))
    setup = Setup(profile=Profile(*forms), dialect=dialect, credential=CREDENTIAL)  # type: ignore[arg-type]  # a profile's part
    return Replay(setup, connection, log, RecordingSend(connection, log, Journal(None, owner="w")))


def judging(**ends: BaseException) -> tuple[Check, list[str]]:
    """Return a check that ends as told for each wire form, and the forms that it met."""
    met: list[str] = []

    def check(form: Replay) -> None:
        name = form.idp.switches["form"]
        met.append(name)
        if name in ends:
            raise ends[name]

    return check, met


def wrong(what: str = "500") -> Mismatch:
    return Mismatch(expected="a user", actual=what, consequence="Acme stops")


def test_every_form_gets_its_turn() -> None:
    made = replay("a", "b", "c")
    check, met = judging()
    every_form(made, "create", check)
    assert met == ["a", "b", "c"]
    assert made._log.notes == ["wire forms tried: a, b, c"]


def test_all_refused_is_a_mismatch_in_every_known_form() -> None:
    check, _ = judging(a=wrong("1"), b=wrong("2"))
    with pytest.raises(Mismatch) as caught:
        every_form(replay("a", "b"), "create", check)
    assert (caught.value.actual, caught.value.at_most) == ("1", None)
    assert caught.value.consequence == "Acme stops (no known form of create works)"


def test_the_only_form_refused_is_a_plain_mismatch() -> None:
    check, _ = judging(a=wrong())
    with pytest.raises(Mismatch) as caught:
        every_form(replay("a"), "create", check)
    assert caught.value.consequence == "Acme stops"


def test_some_refused_warns_and_names_them() -> None:
    check, met = judging(b=wrong("400"))
    with pytest.raises(Mismatch) as caught:
        every_form(replay("a", "b", "c"), "create", check)
    assert (caught.value.at_most, caught.value.actual) == (Verdict.WARN, "b: 400")
    assert met == ["a", "b", "c"]


def test_a_refused_form_beside_one_that_could_not_be_prepared_warns() -> None:
    check, _ = judging(a=Blocked("in the way"), b=wrong())
    with pytest.raises(Mismatch) as caught:
        every_form(replay("a", "b"), "create", check)
    assert caught.value.at_most is Verdict.WARN
    assert "1 form(s) could not be tried" in caught.value.actual


def test_forms_that_could_not_be_prepared_block() -> None:
    check, _ = judging(b=Blocked("in the way"))
    with pytest.raises(Blocked, match="in the way"):
        every_form(replay("a", "b"), "create", check)


def test_forms_can_be_chosen_by_name() -> None:
    check, met = judging()
    every_form(replay("a", "b"), "create", check, only=lambda name: name == "b")
    assert met == ["b"]


def test_what_the_profile_does_not_offer_is_skipped_with_its_reason() -> None:
    with pytest.raises(NotOffered, match="Acme has no such dialect"):
        replay(dialect="none")


def outcome(*, stopped: Stopped | None = None, trouble: str | None = None) -> Outcome:
    step = Step("create", Certainty.WILD, ())
    exchange = Exchange(Request("POST", "/Users", (), None, step), Reply(500))
    return Outcome(
        scenario="create-user",
        ok=stopped is None and trouble is None,
        console="Error creating user",
        exchanges=(exchange,),
        stopped=stopped,
        trouble=trouble,
    )


STOPPED = Stopped(because="status 500", console="Error creating user", scope="object")


def test_a_judged_stop_is_the_mismatch() -> None:
    with pytest.raises(Mismatch) as caught:
        replay().judged(outcome(stopped=STOPPED))
    assert caught.value.expected == "Acme reaches the last step of create-user"
    assert caught.value.actual == "status 500"
    assert caught.value.consequence == (
        "Acme stops for this object; its console shows: Error creating user"
    )


@pytest.mark.parametrize(("way", "end"), [("judged", Mismatch), ("arranged", Blocked)])
def test_a_stop_shows_what_was_refused_and_not_what_came_after(
    way: str, end: type[Mismatch | Blocked]
) -> None:
    made, step = replay(), Step("create the user", Certainty.CODE, ())
    replies = {"POST": Reply(409, body=b'{"detail": "taken"}'), "GET": Reply(200, body=b"{}")}

    def script() -> Script:
        first: Stopped | None = None
        for name in ("ann", "ben"):
            body = f'{{"userName": "{name}", "password": "of-{name}"}}'.encode()
            reply = yield Request("POST", "/Users", (), body, step)
            first = first or Stopped(because=f"answered with {reply.status}", console="Taken")
            yield Request("GET", f"/Users?filter={name}", (), None, step)
        assert first is not None
        raise first

    def send(request: Request) -> Reply:
        made._log.record_idp(Exchange(request, replies[request.method]))
        return replies[request.method]

    verb = ("assign",) if way == "arranged" else ()
    with pytest.raises(end) as caught:
        getattr(made, way)(drive(script(), send, sleep=lambda seconds: None), *verb)
    entry = caught.value.entry
    assert entry is made._log.entries[0]
    assert (len(made._log.entries), entry.status) == (4, 409)


def test_an_arranged_stop_blocks_and_names_the_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "judge_of", lambda idp, verb, dialect: f"{idp}-{verb}")
    with pytest.raises(Blocked, match="status 500") as caught:
        replay().arranged(outcome(stopped=STOPPED), "assign")
    assert caught.value.by == "Acme-assign"


@pytest.mark.parametrize("way", ["judged", "watched", "worked", "arranged"])
def test_transport_trouble_is_never_the_servers_fault(way: str) -> None:
    verb = ("assign",) if way in ("worked", "arranged") else ()
    with pytest.raises(Blocked, match="the line broke"):
        getattr(replay(), way)(outcome(trouble="the line broke"), *verb)


@pytest.mark.parametrize(("way", "counts"), [("judged", True), ("arranged", False)])
def test_only_what_is_judged_has_a_certainty(way: str, counts: bool) -> None:
    made = replay()
    verb = ("assign",) if way == "arranged" else ()
    getattr(made, way)(outcome(), *verb)
    assert made._log.certainty() is (Certainty.WILD if counts else None)


@pytest.mark.parametrize(
    ("statuses", "waited"),
    [((), []), ((200,), []), ((429,), [5.0]), ((503, 200), []), ((503,), [5.0])],
)
def test_only_what_the_server_asks_for_is_waited_for(
    statuses: tuple[int, ...], waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds: list[float] = []
    log = CaseLog("case", Redactor(), lambda line: None)
    connection = Connection(Target(url="http://127.0.0.1:1", credential=CREDENTIAL))
    monkeypatch.setattr(connection.patience, "sleep", seconds.append)
    send = RecordingSend(connection, log, Journal(None, owner="w"))
    mock = module.SettledMock(SimpleNamespace(), send, connection, log)
    for status in statuses:
        log.record(
            RawExchange(method="GET", target="/", headers=(), body=None, reply=Reply(status))
        )

    def script() -> Script:
        yield Wait(5, "until the next sync")

    assert mock.run("s", script()).waited == 5
    assert seconds == waited


def test_what_the_run_did_not_create_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def answer(request: Request) -> Reply:
        sent.append(f"{request.method} {request.target}")
        return Reply(200, body=b'{"id": "1", "userName": "boss@example.com"}')

    log = CaseLog("case", Redactor(), lambda line: None)
    connection = Connection(Target(url="http://127.0.0.1:1", credential=CREDENTIAL))
    send = RecordingSend(connection, log, Journal(None, owner="w"))
    monkeypatch.setattr(send, "_send", answer)
    step = Step("replace the user", Certainty.DOC, ())
    with pytest.raises(Stopped, match="did not create"):
        send(Request("PUT", "/Users/1", (), b"{}", step))
    assert sent == ["GET /Users/1"]
