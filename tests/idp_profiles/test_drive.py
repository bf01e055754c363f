"""The driver: scripts over any send function, on any clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from idp_profiles.drive import drive
from idp_profiles.model import Certainty
from idp_profiles.model import Exchange
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Script
from idp_profiles.model import Step
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble
from idp_profiles.model import Wait


def asking(target: str) -> Request:
    return Request("GET", target, (), None, Step(target, Certainty.DOC, (), "own"))


def answering(status: int) -> Callable[[Request], Reply]:
    return lambda request: Reply(status)


def silent(seconds: float) -> None:
    del seconds


def test_each_reply_goes_back_into_the_script() -> None:
    seen: list[int] = []

    def script() -> Script:
        for target in ("/a", "/b"):
            reply = yield asking(target)
            seen.append(reply.status)

    outcome = drive(script(), answering(204), sleep=silent)
    assert seen == [204, 204]
    assert outcome.ok
    assert [exchange.request.target for exchange in outcome.exchanges] == ["/a", "/b"]
    assert outcome.scenario == "own"


def test_a_script_that_sends_nothing_ends_well() -> None:
    def script() -> Script:
        yield from ()

    outcome = drive(script(), answering(500), sleep=silent)
    assert outcome.ok
    assert outcome.exchanges == ()
    assert outcome.certainty is Certainty.DOC


def test_a_wait_is_slept_on_the_drivers_clock_and_counted() -> None:
    slept: list[float] = []

    def script() -> Script:
        yield Wait(2_419_200, "28 days")
        yield Wait(0.5, "a moment")
        yield asking("/a")

    outcome = drive(script(), answering(200), sleep=slept.append)
    assert slept == [2_419_200, 0.5]
    assert outcome.waited == 2_419_200.5


def test_the_scenario_is_written_into_every_step() -> None:
    def script() -> Script:
        yield asking("/a")

    sent: list[Request] = []
    outcome = drive(script(), answering(200), sleep=silent, scenario="named", before=sent.append)
    assert sent[0].step.scenario == "named"
    assert outcome.exchanges[0].request.step.scenario == "named"
    assert outcome.scenario == "named"


def test_before_is_called_before_and_after_when_the_reply_is_there() -> None:
    order: list[str] = []

    def send(request: Request) -> Reply:
        order.append("send")
        return Reply(200)

    def script() -> Script:
        yield asking("/a")

    def finished(exchange: Exchange) -> None:
        order.append(f"after {exchange.reply.status if exchange.reply else None}")

    drive(script(), send, sleep=silent, before=lambda _: order.append("before"), after=finished)
    assert order == ["before", "send", "after 200"]


def test_stopped_ends_the_run_with_what_the_console_shows() -> None:
    def script() -> Script:
        yield asking("/a")
        raise Stopped(because="no id", console="It failed.", scope="job")

    outcome = drive(script(), answering(200), sleep=silent)
    assert not outcome.ok
    assert outcome.console == "It failed."
    assert outcome.stopped is not None
    assert (outcome.stopped.because, outcome.stopped.scope) == ("no id", "job")
    assert outcome.trouble is None


def broken(request: Request) -> Reply:
    raise Trouble("Nothing listens there.")


def test_trouble_that_the_script_does_not_answer_ends_the_run() -> None:
    def script() -> Script:
        yield asking("/a")

    outcome = drive(script(), broken, sleep=silent)
    assert not outcome.ok
    assert outcome.trouble == outcome.console == "Nothing listens there."
    assert outcome.exchanges[0].reply is None
    assert outcome.exchanges[0].error == "Nothing listens there."


def test_trouble_that_the_script_turns_into_an_end_shows_up_as_both() -> None:
    def script() -> Script:
        try:
            yield asking("/a")
        except Trouble as trouble:
            raise Stopped(because="cut off", console="Error: null") from trouble

    outcome = drive(script(), broken, sleep=silent)
    assert outcome.console == "Error: null"
    assert outcome.stopped is not None
    assert outcome.trouble == "Nothing listens there."


def test_trouble_that_the_script_survives_is_no_trouble_of_the_run() -> None:
    def script() -> Script:
        try:
            yield asking("/a")
        except Trouble:
            yield Wait(1, "try again")

    outcome = drive(script(), broken, sleep=silent)
    assert outcome.ok
    assert outcome.trouble is None


def test_an_error_of_our_own_is_not_taken_for_an_end() -> None:
    def send(request: Request) -> Reply:
        raise StopIteration

    def script() -> Script:
        yield asking("/a")

    with pytest.raises(StopIteration):
        drive(script(), send, sleep=silent)


def test_the_certainty_of_an_outcome_is_that_of_its_weakest_step() -> None:
    def script() -> Script:
        for certainty in (Certainty.TEST, Certainty.INFERRED, Certainty.DOC):
            yield Request("GET", "/", (), None, Step("step", certainty, ()))

    assert drive(script(), answering(200), sleep=silent).certainty is Certainty.INFERRED


@pytest.mark.parametrize(
    ("sent", "decisive"),
    [
        ([("GET", "inferred"), ("POST", "wild")], "wild"),
        ([("POST", "wild"), ("GET", "doc"), ("PATCH", "inferred"), ("GET", "doc")], "inferred"),
        ([("GET", "doc"), ("GET", "code")], "code"),
        ([], "doc"),
    ],
)
def test_the_last_write_decides_or_the_last_request_where_nothing_is_written(
    sent: list[tuple[str, str]], decisive: str
) -> None:
    def script() -> Script:
        for method, certainty in sent:
            yield Request(method, "/", (), None, Step("step", Certainty(certainty), ()))

    assert drive(script(), answering(200), sleep=silent).decisive == decisive


def test_who_stops_in_the_end_stopped_where_it_went_wrong() -> None:
    def script() -> Script:
        first: Stopped | None = None
        for target in ("/a", "/refused", "/c"):
            reply = yield asking(target)
            if reply.status == 409:
                first = Stopped(because="taken", console="Taken")
        if first is not None:
            raise first

    def send(request: Request) -> Reply:
        return Reply(409 if request.target == "/refused" else 200)

    outcome = drive(script(), send, sleep=silent)
    assert [each.request.target for each in outcome.exchanges] == ["/a", "/refused", "/c"]
    assert outcome.stopped_at is outcome.exchanges[1]
    assert Stopped(because="", console="").exchange is None, "no script runs any more"


def test_who_reaches_the_last_step_stopped_nowhere() -> None:
    def script() -> Script:
        yield asking("/a")

    assert drive(script(), answering(200), sleep=silent).stopped_at is None


def test_who_hears_nothing_stopped_at_that() -> None:
    def script() -> Script:
        yield asking("/a")
        yield asking("/b")

    def send(request: Request) -> Reply:
        raise Trouble("no answer")

    outcome = drive(script(), send, sleep=silent)
    assert outcome.stopped_at is outcome.exchanges[-1]
