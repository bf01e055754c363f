"""Which request of a case decided what it found: the one that shows it, or an earlier write."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from reports import view
from reports.model import Result
from reports.reading import Json

from .shapes import Exchange
from .shapes import done
from .shapes import endpoint
from .shapes import is_search
from .shapes import is_write
from .shapes import method
from .shapes import only_resource
from .shapes import path
from .shapes import shape
from .shapes import status


def deciding_exchange(result: Result, shown: Exchange) -> Exchange:
    """Return the request whose effect the shown exchange shows: itself, or an earlier write."""
    came = status(shown)
    if came is None or (came >= 400 and came != 404):
        return shown
    if came == 404:
        return shown if is_right_to_miss(result) else _maker(result, shown)
    if is_write(shown):
        return _deleted(result, shown)
    if view.part(shown, "response").get("body") == {}:
        return shown  # nobody is in it, which proves nothing of a write
    for earlier in reversed(before(result, shown)):
        if is_write(earlier) and done(earlier) and _shows(result, shown, earlier):
            return shown if _is_as_asked(shown, earlier) else earlier
    return shown


def is_beside_the_status(result: Result, came: int) -> bool:
    """Tell whether a finding is about what an error says or shows, not about its status."""
    said = result.actual or ""
    return result.idp is None and said != "" and str(came) not in said


def is_right_to_miss(result: Result) -> bool:
    """Tell whether a 404 is as it has to be, so that it says nothing of any write before it."""
    return "404" in (result.expected or "") or is_beside_the_status(result, 404)


def _deleted(result: Result, shown: Exchange) -> Exchange:
    """Return an earlier deletion of what a write is on, else the write."""
    mine = (each for each in before(result, shown) if path(each) == path(shown) and done(each))
    return next((each for each in mine if method(each) == "DELETE"), shown)


def _maker(result: Result, shown: Exchange) -> Exchange:
    """Return the write after which something is not found; the exchange itself if it was deleted.

    That is the create, unless it was there later: then the last write on it, or since it was seen.
    """
    since: Exchange | None = None
    for earlier in reversed(before(result, shown)):
        if done(earlier) and path(earlier) == path(shown):
            if method(earlier) == "DELETE":
                return shown
            return earlier if is_write(earlier) else since or shown
        if method(earlier) == "POST" and done(earlier) and _made(earlier) == path(shown):
            return earlier
        if since is None and is_write(earlier) and done(earlier):
            since = earlier
    return shown


def before(result: Result, shown: Exchange) -> Sequence[Exchange]:
    """Return the exchanges of a case before the one that shows what it found."""
    everything = view.exchanges(result)
    return everything[: next((n for n, each in enumerate(everything) if each is shown), 0)]


def _shows(result: Result, shown: Exchange, earlier: Exchange) -> bool:
    """Tell whether an exchange shows what an earlier write did."""
    mine = path(earlier) if method(earlier) != "POST" else _made(earlier)
    if mine.count("/") < 2:
        return False
    if method(earlier) == "DELETE":
        return mine == path(shown) or _names(result, shown, earlier)
    if is_write(shown):
        return False
    if mine == path(shown):
        return True
    if not is_search(shown) or endpoint(shown) != endpoint(earlier) or method(earlier) == "POST":
        return False
    # Of several that are found the matter is that there are several, not what one was made to be.
    return _found(shown) == {mine.rpartition("/")[2]}


def _is_as_asked(shown: Exchange, earlier: Exchange) -> bool:
    """Tell whether somebody is shown in the state that a write asked for, so that it was done."""
    wanted = {"deactivate": False, "activate": True}.get(shape(earlier).act)
    return wanted is not None and (only_resource(shown) or {}).get("active") is wanted


def _made(exchange: Exchange) -> str:
    """Return the path of what a POST made: by the id in its reply, else by its Location."""
    response = view.part(exchange, "response")
    body, headers = response.get("body"), response.get("headers")
    made = body.get("id") if isinstance(body, dict) else None
    if not isinstance(made, str):
        pairs = headers if isinstance(headers, list) else ()
        told = (each[1] for each in pairs if isinstance(each, list) and _is_location(each))
        made = unquote(str(next(told, "")).partition("?")[0]).rstrip("/").rpartition("/")[2]
    return f"{path(exchange).rstrip('/')}/{made}" if made else ""


def _is_location(pair: Sequence[Json]) -> bool:
    return len(pair) == 2 and str(pair[0]).lower() == "location"


def _names(result: Result, shown: Exchange, deleted: Exchange) -> bool:
    """Tell whether what was deleted is named in what came, or in a reply, which may be cut.

    Another person may name a manager who is gone, which is not what every finding is about.
    """
    wanted, body = path(deleted).rpartition("/")[2], view.part(shown, "response").get("body")
    beside = endpoint(shown) == endpoint(deleted) and not is_search(shown)
    return wanted in (result.actual or "") or (not beside and wanted in view.compact(body))


def _found(exchange: Exchange) -> set[str]:
    """Return the ids of what a search found."""
    body = view.part(exchange, "response").get("body")
    listed = body.get("Resources") if isinstance(body, dict) else None
    members = listed if isinstance(listed, list) else ()
    return {str(each.get("id")) for each in members if isinstance(each, dict)}
