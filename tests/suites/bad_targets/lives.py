"""Servers whose manners change with time: they flap, die, come back, or tire of a token."""

from __future__ import annotations

import socket
from collections.abc import Callable

from tests.suites.bad_targets.hostile import Asked
from tests.suites.bad_targets.hostile import HangUp
from tests.suites.bad_targets.hostile import Hostile
from tests.suites.bad_targets.hostile import Parts
from tests.suites.bad_targets.hostile import Right
from tests.suites.bad_targets.hostile import Rightly
from tests.suites.bad_targets.hostile import html
from tests.suites.bad_targets.hostile import quietly
from tests.suites.bad_targets.hostile import reply
from tests.suites.bad_targets.hostile import reset
from tests.suites.bad_targets.hostile import scim_error
from tests.suites.bad_targets.hostile import sent

LONG = 600.0


def one_shot(asked: Asked, right: Rightly) -> Parts:
    """A right reply whose connection ends with it, as it says."""
    kept = right()
    yield sent(Right(kept.status, (*kept.headers, ("Connection", "close")), kept.body))


def breaking_every_third_connection() -> Hostile:
    """Breaks every third connection before it reads a word; no connection lives longer than one."""

    def greet(client: socket.socket, before: int) -> socket.socket:
        if before % 3 == 2:
            reset(client)
            raise HangUp
        return client

    return Hostile(one_shot, greet=greet)


def _from(number: int, then: Callable[[Asked, Rightly], Right | Parts]) -> Hostile:
    """A server that is right at first, and another one from a request on."""

    def answer(asked: Asked, right: Rightly) -> Right | Parts:
        return right() if asked.number < number else then(asked, right)

    return Hostile(answer)


def dying_for_good(number: int = 150) -> Hostile:
    """Is right, and gone for good from a request on: connections are refused."""
    server: Hostile

    def die(asked: Asked, right: Rightly) -> Right:
        server.vanish()
        raise HangUp

    server = _from(number, die)
    return server


def dying_and_coming_back(number: int = 100, seconds: float = 0.4) -> Hostile:
    """Is right, is gone for a while after so many requests, and is right again."""
    server: Hostile

    def answer(asked: Asked, right: Rightly) -> Right:
        if asked.number % number == 0:
            server.vanish()
            quietly(server.come_back, seconds)
            raise HangUp
        return right()

    server = Hostile(answer)
    return server


def going_silent(number: int = 150) -> Hostile:
    """Is right, and answers nothing from a request on, though it goes on listening."""

    def hang(asked: Asked, right: Rightly) -> Parts:
        yield LONG

    return _from(number, hang)


def behind_a_gateway_that_loses_it(number: int = 150) -> Hostile:
    """Is right, and from a request on its gateway answers 502 with a page."""
    return _from(number, lambda asked, right: html(502))


def tired_of_the_token(number: int = 150) -> Hostile:
    """Takes the token at first, and answers 401 from a request on."""
    return _from(number, lambda asked, right: scim_error(401, "the token has expired"))


def limiting_the_token(number: int = 50) -> Hostile:
    """Answers every so-manieth request with 429 and asks for a second."""

    def answer(asked: Asked, right: Rightly) -> Right:
        if asked.number % number == 0:
            return reply(429, {"detail": "too many requests"}, ("Retry-After", "1"))
        return right()

    return Hostile(answer)


def slow(seconds: float = 3.0) -> Hostile:
    """Needs three seconds for each answer."""

    def answer(asked: Asked, right: Rightly) -> Parts:
        yield seconds
        yield sent(right(), method=asked.method)

    return Hostile(answer)
