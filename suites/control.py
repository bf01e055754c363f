"""Controls: the same request in its plain form, where the answer to another form decides.

A server that fails at a list, whatever is asked of it, must not be told off for the one thing that
a case asks in it. The control is sent only where a reply would be a finding.
"""

from __future__ import annotations

from collections.abc import Callable

from .client import Seen
from .verdicts import Blocked


def works(reply: Seen) -> bool:
    """Return whether a reply is a success."""
    return 200 <= reply.status < 300


def runs(reply: Seen) -> bool:
    """Return whether a reply is no server error; 501 says that something is missing."""
    return reply.status < 500 or reply.status == 501


def succeeding(reply: Seen, plain: Callable[[], Seen]) -> Seen:
    """Return a reply; raises Blocked for one that is no success where the plain form is none."""
    return _controlled(reply, plain, works)


def running(reply: Seen, plain: Callable[[], Seen]) -> Seen:
    """Return a reply; raises Blocked for a server error where the plain form causes one too."""
    return _controlled(reply, plain, runs)


def _controlled(reply: Seen, plain: Callable[[], Seen], good: Callable[[Seen], bool]) -> Seen:
    if good(reply):
        return reply
    control = plain()
    return reply if good(control) else needed(control, good)


def needed(reply: Seen, good: Callable[[Seen], bool] = works) -> Seen:
    """Return a reply without which nothing can be judged; raises Blocked for one that is not good.

    It is that of the right credential to a plain request.
    """
    if good(reply):
        return reply
    asked = f"{reply.entry.method} {reply.entry.target}"
    reason = f"{asked} with the right credential answers {reply.status}, so nothing can be compared"
    raise Blocked(reason, entry=reply.entry)


def short_list(ask: Callable[..., Seen]) -> Seen:
    """Ask for a list of one, or for the whole list on a server that fails wherever count is given.

    `ask` takes parameters of the query.
    """
    reply = ask(count=1)
    return reply if runs(reply) else ask()
