"""What a mock IdP must not touch: whatever the run did not create (design section 4.3).

A look-up may lead an IdP to somebody else's account, on a server that ignores filters for example.
The real IdP would change it; the mock stops there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote
from urllib.parse import unquote

from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.model import Stopped
from suites.making.people import is_ours
from suites.values import value_at

from .journal import NAME_OF
from .journal import Journal

_STEP = Step("see whose it is", Certainty.TEST, ())
# A server that refuses the id itself (400, 422) has nothing under it either.
_GONE = (400, 404, 410, 422)


def spare_strangers(request: Request, journal: Journal, send: Callable[[Request], Reply]) -> None:
    """Let a request pass that changes nothing, or only what the run created; raises Stopped.

    What the journal does not know is read first, with `send`: its name tells whose it is.
    """
    kind, _, rest = request.target.partition("?")[0].strip("/").partition("/")
    resource_id = unquote(rest)
    if request.method in ("GET", "HEAD", "POST") or kind not in NAME_OF or not resource_id:
        return
    if journal.knows(kind, resource_id):
        return
    name = _name(kind, resource_id, request, send)
    if name:
        journal.recognise(kind, name, resource_id)
    if name is None:
        raise Stopped(
            because=f"a look-up led to {_path(kind, resource_id)}, which {request.method} would "
            "change and the run did not create",
            console="the change was not sent",
        )


def _path(kind: str, resource_id: str) -> str:
    return f"/{kind}/{quote(resource_id, safe='', errors='surrogatepass')}"


def _name(
    kind: str, resource_id: str, request: Request, send: Callable[[Request], Reply]
) -> str | None:
    """Return the name of a resource that is a run's, empty where none is there; else None."""
    headers = tuple(pair for pair in request.headers if pair[0].lower() != "content-type")
    reply = send(Request("GET", _path(kind, resource_id), headers, None, _STEP))
    if reply.status in _GONE:
        return ""
    try:
        name = value_at(json.loads(reply.body), NAME_OF[kind])
    except (ValueError, RecursionError):
        return None
    ours = reply.status == 200 and isinstance(name, str) and is_ours(name)
    return str(name) if ours else None
