"""One request and its reply as authentik takes it: an object, or the error that it makes of it."""

from __future__ import annotations

from idp_profiles.asking import object_of
from idp_profiles.model import Json
from idp_profiles.model import Request
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble
from idp_profiles.wire import Part

from .console import Busy
from .console import Complaint
from .console import Exists
from .console import Missing
from .console import Refused

_KINDS: dict[int, type[Stopped]] = {404: Missing, 409: Exists, 429: Busy, 503: Busy}


def send(request: Request, complaint: Complaint) -> Part[dict[str, Json]]:
    """Send a request once and return the object of the reply; 204 counts as an empty one."""
    try:
        reply = yield request
    except Trouble as trouble:
        raise complaint.trouble(trouble) from trouble
    asked = f"{request.method} {request.target}"
    if reply.status >= 300:
        because = f"{asked} was answered with {reply.status}"
        if reply.status < 400:
            because += "; what lies behind a redirect is not played"
        raise complaint.ended(_KINDS.get(reply.status, Refused), reply, because)
    if reply.status == 204:
        return {}
    return object_of(request, reply, complaint)


def id_of(resource: Json) -> str:
    """Return the id of a resource, a text or a whole number, or an empty text."""
    found = resource.get("id") if isinstance(resource, dict) else None
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    # The code asks whether the id is true, so the number 0 is none.
    return str(found) if found else ""


def brings_news(known: Json, sent: Json) -> bool:
    """Tell whether merging what would be sent into what the server said changes anything."""
    if isinstance(known, dict) and isinstance(sent, dict):
        return any(key not in known or brings_news(known[key], sent[key]) for key in sent)
    if isinstance(known, list) and isinstance(sent, list):
        # Lists are joined, without what is in them already.
        return any(item not in known for item in sent)
    return known != sent
