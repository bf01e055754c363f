"""Recognises which IdP speaks in a stream of requests, by signs that are data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from idp_profiles.model import Json

from .model import Hit
from .model import Recognised
from .model import Sure
from .shapes import tags_of

# So many requests tell enough about the sender; the rest of a long log says the same.
ENOUGH = 2_000
_CERTAIN, _LIKELY, _POSSIBLE = 90, 45, 15
# Where the second is as near as that, nobody knows which of the two it is.
_NEAR = 10


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing by which an IdP gives itself away: where it stands, and how much it says."""

    idp: str
    place: str
    pattern: re.Pattern[str]
    weight: int
    says: str


@cache
def signs() -> tuple[Sign, ...]:
    """Return every sign that is known."""
    text = files(__package__ or "").joinpath("signs.json").read_text(encoding="utf-8")
    return tuple(
        Sign(raw["idp"], raw["in"], re.compile(raw["pattern"]), raw["weight"], raw["says"])
        for raw in json.loads(text)
    )


def recognise(hits: Sequence[Hit]) -> Recognised:
    """Return which IdP sent these requests; an empty name where no sign says so."""
    some = hits[:ENOUGH]
    found = [sign for sign in signs() if _shows(some, sign)]
    scores: dict[str, int] = {}
    for sign in found:
        scores[sign.idp] = scores.get(sign.idp, 0) + sign.weight
    ranked = sorted(scores, key=lambda idp: -scores[idp])
    if not ranked or scores[ranked[0]] < _POSSIBLE:
        return Recognised("", Sure.UNKNOWN, ())
    best, score = ranked[0], scores[ranked[0]]
    tied = len(ranked) > 1 and scores[ranked[1]] > score - _NEAR
    if tied and scores[ranked[1]] == score:
        return Recognised("", Sure.UNKNOWN, ())
    said = tuple(dict.fromkeys(sign.says for sign in found if sign.idp == best))
    return Recognised(best, Sure.POSSIBLE if tied else _sure(score), said)


def _sure(score: int) -> Sure:
    steps = ((_CERTAIN, Sure.CERTAIN), (_LIKELY, Sure.LIKELY))
    return next((sure for least, sure in steps if score >= least), Sure.POSSIBLE)


def _shows(hits: Sequence[Hit], sign: Sign) -> bool:
    if sign.place == "opening":
        return bool(sign.pattern.search(" ".join(hit.method for hit in hits[:50])))
    if sign.place == "tags":
        wanted = set(sign.pattern.pattern.split())
        return any(wanted <= tags_of(hit) for hit in hits)
    return any(sign.pattern.search(text) for hit in hits for text in _texts(hit, sign.place))


def _texts(hit: Hit, place: str) -> Iterable[str]:
    if place == "agent":
        return () if hit.agent is None else (hit.agent,)
    if place == "query":
        return (hit.place.raw_query,) if hit.place.raw_query else ()
    if place == "sent":
        return _compact(hit.sent)
    value = (hit.request_headers or {}).get(place.removeprefix("header:"))
    return () if value is None else (value,)


def _compact(body: Json) -> tuple[str, ...]:
    try:
        return () if body is None else (json.dumps(body, separators=(",", ":")),)
    except RecursionError:  # a body that could just be read, and is none of an IdP's
        return ()
