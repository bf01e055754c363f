"""How one request of a recording differs from the one that a profile sends in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from idp_profiles.model import Headers
from idp_profiles.model import Json

from .body_differences import Optional
from .body_differences import body_differences
from .parts import Difference
from .parts import general
from .recorded import Recorded

# What proxies, tunnels and load balancers add, and what belongs to one connection or body.
_NOT_THE_IDPS = re.compile(
    r"host|content-length|via|forwarded|x-forwarded-.*|x-real-ip|x-request-id|x-amzn-.*|cf-.*"
    r"|cdn-loop|true-client-ip|traceparent|tracestate|x-envoy-.*|ngrok-.*|x-cloud-trace-context"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What a comparison goes by: which attributes a person may lack, which schemes are known.

    `faithful` says whether the recording has headers as they were on the wire.
    """

    optional: Optional
    prefixes: frozenset[str]
    faithful: bool = True


def differences(
    ours: Recorded, theirs: Recorded, judging: Judging, *, again: bool = False
) -> Iterator[Difference]:
    """Yield where a recorded request differs; `again` is a repetition, as a further page is."""
    if ours.method != theirs.method:
        yield Difference("method", "", ours.method, theirs.method)
        # A body goes with its method: another method's body is another body.
        yield from _target(ours.target, theirs.target, again=again)
        return
    yield from _target(ours.target, theirs.target, again=again)
    yield from _headers(ours.headers, theirs.headers, judging)
    yield from _contents(ours, theirs, judging)


def _contents(ours: Recorded, theirs: Recorded, judging: Judging) -> Iterator[Difference]:
    if theirs.content.form == "hidden":
        why = theirs.content.why
        if why != "too large to be recorded":
            yield Difference("body", "", _form(ours), f"something else ({why})")
    elif ours.content.form != theirs.content.form:
        yield Difference("body", "", _form(ours), _form(theirs))
    elif ours.content.form == "form":
        yield from _forms(ours.content.body, theirs.content.body)
    else:
        yield from body_differences(
            ours.content.body, theirs.content.body, judging.optional, ours.method
        )


def _form(one: Recorded) -> str:
    return {"none": "no body", "json": "JSON", "form": "a form"}.get(one.content.form, "a body")


def _forms(ours: Json, theirs: Json) -> Iterator[Difference]:
    names = [[pair[0] for pair in _pairs(form)] for form in (ours, theirs)]
    if names[0] != names[1]:
        yield Difference("body", "fields of the form", _list(names[0]), _list(names[1]))


def _pairs(form: Json) -> list[list[str]]:
    listed = form if isinstance(form, list) else []
    return [[str(item) for item in pair] for pair in listed if isinstance(pair, list) and pair]


# -- targets


def _target(ours: str, theirs: str, *, again: bool) -> Iterator[Difference]:
    our_path, our_mark, our_query = ours.partition("?")
    their_path, their_mark, their_query = theirs.partition("?")
    if general(our_path) != general(their_path):
        yield Difference("target", "path", general(our_path), general(their_path))
    if bool(our_mark) != bool(their_mark) and not our_query and not their_query:
        yield Difference("target", "question mark", our_mark or "none", their_mark or "none")
    yield from _queries(our_query, their_query, again=again)


def _queries(ours: str, theirs: str, *, again: bool) -> Iterator[Difference]:
    mine = [one.partition("=") for one in ours.split("&") if one]
    other = [one.partition("=") for one in theirs.split("&") if one]
    my_names, other_names = [one[0] for one in mine], [one[0] for one in other]
    if sorted(my_names) != sorted(other_names):
        yield Difference("target", "parameters", _list(my_names), _list(other_names))
    elif my_names != other_names:
        yield Difference("target", "order of the parameters", _list(my_names), _list(other_names))
    values = {name: (equals, value) for name, equals, value in mine}
    for name, equals, value in other:
        if name in values and not (again and name.lower() == "startindex"):
            yield from _values(name, values[name], (equals, value))


def _values(name: str, ours: tuple[str, str], theirs: tuple[str, str]) -> Iterator[Difference]:
    mine, other = general(ours[1]), general(theirs[1])
    where = f"parameter {name}"
    if (ours[0], mine) != (theirs[0], other):
        encoded = _decoded(mine) == _decoded(other) and ours[0] == theirs[0]
        said = f"encoding of the {where}" if encoded else where
        yield Difference("target", said, f"{ours[0]}{mine}", f"{theirs[0]}{other}")
        return
    signs = [_at_sign(ours[1]), _at_sign(theirs[1])]
    if all(signs) and signs[0] != signs[1]:
        yield Difference("target", f"encoding of the {where}", signs[0], signs[1])


def _decoded(text: str) -> str:
    plain = text.replace("+", "%20")
    return re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found.group(1), 16)), plain)


def _at_sign(text: str) -> str:
    found = re.search(r"person-\d+(@|%40)redacted", text, re.IGNORECASE)
    return found.group(1) if found else ""


# -- headers


def _headers(ours: Headers, theirs: Headers, judging: Judging) -> Iterator[Difference]:
    mine = [pair for pair in ours if not _NOT_THE_IDPS.fullmatch(pair[0].lower())]
    other = [pair for pair in theirs if not _NOT_THE_IDPS.fullmatch(pair[0].lower())]
    my_names, other_names = [one[0].lower() for one in mine], [one[0].lower() for one in other]
    for name, value in mine:
        if name.lower() not in other_names:
            yield Difference("header", name, _shown(value), "not sent")
    for name, value in other:
        if name.lower() not in my_names:
            yield Difference("header", name, "not sent", _shown(value))
    common = [name for name in my_names if name in other_names]
    theirs_in_order = [name for name in other_names if name in common]
    if judging.faithful and common != theirs_in_order:
        yield Difference("header", "order", _list(common), _list(theirs_in_order))
    by_name = {name.lower(): (name, value) for name, value in mine}
    for name, value in other:
        if name.lower() in by_name:
            yield from _header(by_name[name.lower()], (name, value), judging)


def _header(
    ours: tuple[str, str], theirs: tuple[str, str], judging: Judging
) -> Iterator[Difference]:
    if judging.faithful and ours[0] != theirs[0]:
        yield Difference("header", "spelling of a name", ours[0], theirs[0])
    if ours[0].lower() == "authorization":
        scheme = theirs[1].rpartition("[redacted]")[0]
        if scheme not in judging.prefixes:
            known = ", ".join(sorted(prefix.strip() or "no scheme" for prefix in judging.prefixes))
            yield Difference("header", "Authorization scheme", known, scheme.strip() or "no scheme")
    elif ours[1] != theirs[1]:
        yield Difference("header", ours[0], _shown(ours[1]), _shown(theirs[1]))


def _shown(value: str) -> str:
    return value or "an empty value"


def _list(names: list[str]) -> str:
    return ", ".join(names) or "none"
