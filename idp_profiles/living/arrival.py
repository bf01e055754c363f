"""What a failure leaves open: whether a write arrived, and whether a deletion had worked before."""

from __future__ import annotations

from .engine import Handled


def may_have_arrived(handled: Handled) -> bool:
    """Tell whether a write was sent that the server may have carried out, though it failed."""
    for exchange in handled.outcome.exchanges:
        refused = exchange.reply is not None and 300 <= exchange.reply.status < 500
        if exchange.request.method != "GET" and not refused:
            return True
    return False


def found_nothing_to_delete(handled: Handled) -> bool:
    """Tell whether a deletion was answered with 404, as when the reply to an earlier one is lost.

    What the IdPs make of that is not established; some engines take it for done.
    """
    last = handled.outcome.exchanges[-1].reply if handled.outcome.exchanges else None
    return handled.action == "delete" and last is not None and last.status == 404
