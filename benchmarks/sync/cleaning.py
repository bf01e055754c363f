"""Deletes what a tenant's lanes created; what cannot be deleted is named, the journal has it."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from typing import TYPE_CHECKING

from idp_profiles.model import Certainty
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Trouble
from suites.cleanup.journal import Journal

from .counting import own_headers
from .plan import Tenant
from .wire import Polite

if TYPE_CHECKING:
    from .lane import Lane

_STEP = Step("clean up", Certainty.DOC, (), accepts=(200, 202, 204, 404, 410))
_NAMED = 20  # of those left behind; the journal has all


def clean(
    lanes: Sequence[Lane],
    tenant: Tenant,
    rate: float,
    at_once: Callable[[Sequence[Callable[[], None]]], None],
) -> tuple[int, list[str]]:
    """Return how many resources were deleted, and a sentence for each of those left behind."""

    def cleaned(lane: Lane) -> None:
        # The last created goes first, which in each lane are its teams.
        _sweep(lane.journal, _caller(Polite(lane.wire, rate / len(lanes)), tenant))

    at_once([lambda lane=lane: cleaned(lane) for lane in lanes])  # type: ignore[misc] # mypy does not infer such a lambda
    items = [item for lane in lanes for item in lane.journal.items]
    left = [f"{each.kind} {each.name!r}: {each.why}" for each in items if not each.done]
    shown = left[:_NAMED]
    if len(left) > _NAMED:
        shown.append(f"and {len(left) - _NAMED} more")
    return sum(item.done and item.id is not None for item in items), shown


def _caller(send: Polite, tenant: Tenant) -> Callable[[str, str], tuple[int, bytes]]:
    headers = own_headers(tenant.place.credential)

    def call(method: str, target: str) -> tuple[int, bytes]:
        try:
            reply = send(Request(method, target, headers, None, _STEP))
        except Trouble as trouble:
            raise OSError(str(trouble)) from None
        return reply.status, reply.body

    return call


def _sweep(journal: Journal, call: Callable[[str, str], tuple[int, bytes]]) -> None:
    for item in reversed([item for item in journal.items if not item.done]):
        try:
            journal.remove(item, call)
        except OSError as trouble:
            item.why = str(trouble)
