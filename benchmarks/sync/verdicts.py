"""Whether an endpoint bears the requests a second that an IdP asks for, and how sure that is.

A rate that was not reached is the endpoint's fault only where requests failed at about that rate.
Else more was sent than it has to bear, or the senders waited for replies, had to go slower, or had
too little to send.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from .figures import Figures
from .figures import Tally
from .figures import Window
from .figures import best_window
from .plan import Tenant
from .plan import Wishes
from .plan import wanted_rate
from .tenant_sync import INITIAL

_FEWEST = 3  # whole seconds that can show a rate
_NEARLY = 0.98  # of the wanted rate: where --rate is that rate, some turns are late
_ABOUT = 1.2


@dataclass(frozen=True, slots=True)
class Sustained:
    """The best rate of one tenant that was answered, what is wanted, and a sentence about it.

    `met` is None where the run cannot tell.
    """

    rate: float
    window: int
    wanted: int | None
    met: bool | None
    text: str


def sustained(tenant: Tenant, figures: Figures, wishes: Wishes) -> Sustained:
    """Return what one tenant's first load shows."""
    seconds, wanted = figures.by_second(INITIAL), wanted_rate(tenant.idp)
    answered = best_window({at: (good, 0) for at, (good, _) in seconds.items()}, wishes.window)
    if wanted is None:
        text = f"{answered.rate:.0f} requests per second for {answered.seconds} s"
        return Sustained(answered.rate, answered.seconds, None, None, text)
    best = best_window(seconds, wishes.window)
    met, why = _judged(Shown(best, answered, figures, wanted), tenant, wishes)
    number = wanted if met else min(wanted, math.floor(answered.rate * 10) / 10)
    verb = "sustains" if met is not None else "was seen to sustain"
    said = f"{verb} {number:g} of {wanted}"
    if met is None and not answered.seconds:
        said = f"was not seen for long enough to tell about {wanted}"
    text = f"{said} requests per second per tenant: {why}"
    return Sustained(answered.rate, answered.seconds, wanted, met, text)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a first load shows: its best window without a failure, and by what was answered."""

    best: Window
    answered: Window
    figures: Figures
    wanted: int


def _judged(shown: Shown, tenant: Tenant, wishes: Wishes) -> tuple[bool | None, str]:
    best, wanted, load = shown.best, shown.wanted, shown.figures.of(INITIAL)
    if not load.count:
        return None, "no request was sent"
    if best.seconds < _FEWEST:
        return (
            None,
            f"the first load has {best.seconds} of {_FEWEST} whole seconds; take more --people",
        )
    if best.rate >= wanted * _NEARLY:
        return True, f"{best.rate:.0f} a second, for {best.seconds} s without a failure"
    if load.failed:
        return _judged_by_failures(shown, wishes, load)
    if wishes.rate and wishes.rate <= wanted:
        return None, f"no more was sent, because of --rate {wishes.rate:g}"
    lanes = math.ceil(wanted * load.mean / 1000) + 1
    if lanes > tenant.lanes:
        return None, (
            f"nothing failed, but replies take {load.mean:.0f} ms and {tenant.lanes} requests were "
            f"under way at once; try --at-once {lanes}"
        )
    return None, "nothing failed, but no more was sent: the sending machine was too slow"


def _judged_by_failures(shown: Shown, wishes: Wishes, load: Tally) -> tuple[bool | None, str]:
    """Return what failures show: at many times the wanted rate they say nothing about that rate."""
    wanted, asked = shown.wanted, shown.figures.throttled
    if asked >= load.failed and shown.answered.rate >= wanted:
        return True, (
            f"{shown.answered.rate:.0f} a second for {shown.answered.seconds} s, beside {asked} "
            "replies that asked to wait"
        )
    failed = f"{load.failed} of {load.count} requests failed"
    seconds = shown.figures.by_second(INITIAL)
    sent = best_window(seconds, wishes.window, spotless=False).rate
    if min(sent, wishes.rate or sent) <= wanted * _ABOUT:
        return False, f"{failed}, of {sent:.0f} a second at most"
    return None, f"{failed}, of {sent:.0f} a second at most; try --rate {wanted}"


def worst(found: Iterable[Sustained]) -> Sustained | None:
    """Return the one that counts: a miss, else what is not known, else the narrowest hit."""
    asked = [each for each in found if each.wanted is not None]
    order = {False: 0, None: 1, True: 2}
    return min(asked, key=lambda each: (order[each.met], each.rate), default=None)
