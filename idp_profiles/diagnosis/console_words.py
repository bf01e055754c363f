"""Says in the words of the admin console what it shows where a request failed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from idp_profiles.model import Reply
from idp_profiles.model import Stopped
from idp_profiles.model import Trouble

from .model import Event
from .moves import in_words
from .rules import Seen
from .rules import known_words

# A reply without a word of the server: what it said may name people.
_PAGE = b"<html>"
APP = "(your application)"


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    text = files(__package__ or "").joinpath("console_texts.json").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = json.loads(text)
    return found


def console_of(seen: Seen, idp: str, *, stops: bool = False) -> str:
    """Return what the console of an IdP shows of a failed request; empty where nothing is known.

    A reply that counts as success shows nothing, unless it `stops` the IdP all the same.
    """
    if not idp or (200 <= seen.hit.status < 300 and not stops):
        return ""
    complaint = _complaint(idp, seen.move, seen.subject)
    if complaint is None:
        return ""
    stopped: Stopped
    if seen.hit.status == 0:
        stopped = complaint.trouble(Trouble("No reply came in time"))
    else:
        body = _PAGE if "html" in seen.tags else b""
        stopped = complaint.refused(Reply(seen.hit.status, "", (), body), "")
    return stopped.console


def console_of_event(event: Event, cause: Mapping[str, Any], idp: str, who: str) -> str:
    """Return what the console of an IdP shows of an event that failed.

    Of the log's own words only those are repeated that a pattern of ours spelled out.
    """
    said = known_words(cause, event)
    complaint = _complaint(idp, event.move, who)
    if complaint is None or "text" not in type(complaint).__dataclass_fields__:
        return ": ".join(filter(None, (said, in_words(event.move, who or "somebody"))))
    stopped: Stopped = complaint.stopped(f"{said}." if said else "(see the log)", "")
    return stopped.console


def _complaint(idp: str, move: str, subject: str) -> Any:  # noqa: ANN401 # one class each console
    """Return the complaint of an IdP's console with the blanks filled in by placeholders."""
    console = import_module(f"idp_profiles.{idp}.console")
    who = subject or "somebody"
    blanks: dict[str, Any] = {
        **dict.fromkeys(("user", "display", "group", "name"), who),
        "app": APP,
        "about": in_words(move, who),
    }
    fields = set(console.Complaint.__dataclass_fields__)
    if "text" in fields:
        name = _texts().get(idp, {}).get(move)
        if name is None:
            return None
        blanks["text"] = getattr(console, name)
    if "probe" in fields:
        blanks["probe"] = move.startswith("probe-")
    return console.Complaint(**{key: blanks[key] for key in blanks.keys() & fields})
