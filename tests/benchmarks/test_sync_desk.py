"""The desk gives each tenant to one worker, whatever becomes of the workers."""

from __future__ import annotations

from typing import Any

from benchmarks.sync.desk import Desk


def word(*tenants: tuple[int, str], last: bool = False, refused: str = "") -> dict[str, Any]:
    told = [{"number": number, "course": {"state": state}} for number, state in tenants]
    return {"tenants": told, "last": last, "refused": refused}


def test_no_tenant_is_given_twice() -> None:
    desk = Desk(3)
    given = [desk.take(worker) for worker in ("a", "b", "a", "b")]
    assert given == [0, 1, 2, None]
    assert [desk.worker_of(number) for number in range(3)] == ["a", "b", "a"]


def test_the_run_is_done_when_every_tenant_came_to_its_end() -> None:
    desk = Desk(2)
    desk.take("a")
    assert not desk.is_done
    desk.take("b")
    desk.hear("a", word((0, "done")))
    assert not desk.is_done
    desk.hear("b", word((1, "loading")))
    assert not desk.is_done
    desk.hear("b", word((1, "ended")))
    assert desk.is_done


def test_a_later_word_replaces_an_earlier_one_and_adds_nothing() -> None:
    desk = Desk(1)
    desk.take("a")
    desk.hear("a", word((0, "loading")))
    desk.hear("a", word((0, "done")))
    assert desk.words[0]["course"]["state"] == "done"


def test_a_lost_worker_holds_nobody_up_and_its_tenant_is_not_given_again() -> None:
    desk = Desk(1)
    desk.take("a")
    desk.lose(["a"])
    assert desk.is_done
    assert desk.has_heard_last
    assert desk.is_lost("a")
    assert desk.take("b") is None


def test_a_worker_that_comes_back_is_not_lost() -> None:
    desk = Desk(1)
    desk.take("a")
    desk.lose(["a"])
    desk.hear("a", word((0, "cleaning")))
    assert not desk.is_done
    assert not desk.is_lost("a")


def test_a_worker_that_said_its_last_word_may_leave() -> None:
    desk = Desk(1)
    desk.take("a")
    assert not desk.has_heard_last
    desk.hear("a", word((0, "ended"), last=True))
    desk.lose(["a"])
    assert desk.has_heard_last
    assert not desk.is_lost("a")


def test_a_worker_that_cannot_take_part_says_why() -> None:
    desk = Desk(1)
    desk.hear("a", word(refused="the file is not here"))
    assert desk.refusals == ["the file is not here"]
